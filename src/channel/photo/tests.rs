use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// A photo: soft colours, the upper half lighter.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let light = if y < height / 2 { 200 } else { 40 };
        Rgb([light, u8::try_from(x / 12 % 256).unwrap(), u8::try_from(y / 12 % 256).unwrap()])
    })
}

fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(picture(width, height), ImageFormat::Jpeg)
}

/// The same JPEG with a segment of EXIF data after its beginning.
fn with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(exif.len() + 8).unwrap().to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// EXIF data: the orientation, and a position in degrees and minutes.
fn exif(orientation: u16, north: (u32, u32), east: (u32, u32)) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, of_type: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &of_type.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let short = |value: u16| [value.to_be_bytes(), [0, 0]].concat().try_into().unwrap();
    tiff.extend([0, 2]);
    tiff.extend(entry(0x112, 3, 1, short(orientation)));
    tiff.extend(entry(0x8825, 4, 1, 38_u32.to_be_bytes()));
    tiff.extend([0; 4]);
    assert_eq!(tiff.len(), 38);
    tiff.extend([0, 4]);
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 2, 92_u32.to_be_bytes()));
    tiff.extend(entry(3, 2, 2, *b"E\0\0\0"));
    tiff.extend(entry(4, 5, 2, 108_u32.to_be_bytes()));
    tiff.extend([0; 4]);
    assert_eq!(tiff.len(), 92);
    for number in [north.0, 1, north.1, 1, east.0, 1, east.1, 1] {
        tiff.extend(number.to_be_bytes());
    }
    tiff
}

fn decoded(photo: &Photo) -> RgbImage {
    image::load_from_memory(&photo.bytes).unwrap().into_rgb8()
}

#[test]
fn a_photo_becomes_smaller_and_keeps_its_shape() {
    let photo = read(Kind::Jpeg, &jpeg(3000, 1500)).unwrap();
    assert_eq!(photo.kind, Kind::Jpeg);
    let seen = decoded(&photo);
    assert_eq!(seen.dimensions(), (2560, 1280));
    let small = decoded(&read(Kind::Jpeg, &jpeg(90, 60)).unwrap());
    assert_eq!(small.dimensions(), (90, 60), "never larger");
    // above the middle it is light, below it is dark
    assert!(seen.get_pixel(1000, 300).0[0] > 180 && seen.get_pixel(1000, 1000).0[0] < 60);
}

#[test]
fn nothing_but_the_picture_remains() {
    let mut bytes = with_exif(&jpeg(64, 48), &exif(1, (45, 30), (9, 15)));
    bytes.extend(b"<script>alert(1)</script> PK\x03\x04 second file behind the first");
    let photo = read(Kind::Jpeg, &bytes).unwrap();
    assert_eq!(photo.position, Some((45.5, 9.25)));
    let has = |what: &[u8]| memchr::memmem::find(&photo.bytes, what).is_some();
    assert!(memchr::memmem::find(&bytes, b"Exif").is_some() && !has(b"Exif"));
    assert!(!has(b"script") && !has(b"PK\x03\x04"));
}

#[test]
fn a_photo_is_turned_the_right_way_up() {
    // 6: the top of the picture is at the right of the file
    let photo = read(Kind::Jpeg, &with_exif(&jpeg(64, 48), &exif(6, (45, 0), (9, 0)))).unwrap();
    let seen = decoded(&photo);
    assert_eq!(seen.dimensions(), (48, 64));
    assert!(seen.get_pixel(40, 32).0[0] > 180 && seen.get_pixel(8, 32).0[0] < 60);
}

#[test]
fn a_position_that_is_none_is_not_offered() {
    let good = exif(1, (45, 30), (9, 15));
    assert_eq!(place::position(&good), Some((45.5, 9.25)));
    assert_eq!(place::position(&exif(1, (95, 0), (9, 0))), None, "no such latitude");
    assert_eq!(place::position(&exif(1, (0, 0), (0, 0))), None, "a camera that does not know");
    let mut south = good.clone();
    south[48] = b'S';
    assert_eq!(place::position(&south), Some((-45.5, 9.25)));
    let mut nowhere = good.clone();
    nowhere[48] = b'X';
    assert_eq!(place::position(&nowhere), None);
    let mut over_zero = good.clone();
    over_zero[96..100].fill(0);
    assert_eq!(place::position(&over_zero), None, "over zero");
}

#[test]
fn malformed_exif_data_is_read_to_its_end_and_no_further() {
    let photo = jpeg(16, 16);
    let good = exif(1, (45, 30), (9, 15));
    for length in 0..good.len() {
        assert_eq!(place::position(&good[..length]), None, "cut after {length} bytes");
    }
    for at in 0..good.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut spoilt = good.clone();
            spoilt[at] = byte;
            if let Some((north, east)) = place::position(&spoilt) {
                assert!(north.abs() <= 90.0 && east.abs() <= 180.0, "byte {at}");
            }
        }
        let mut spoilt = good.clone();
        spoilt[at] ^= 0xff;
        assert!(read(Kind::Jpeg, &with_exif(&photo, &spoilt)).is_ok(), "byte {at}");
    }
}

#[test]
fn a_picture_of_a_screen_stays_a_png() {
    let screen = RgbaImage::from_fn(300, 200, |x, _| Rgba([255, 255, 255, if x < 150 { 0 } else { 255 }]));
    let photo = read(Kind::Png, &file(screen, ImageFormat::Png)).unwrap();
    assert_eq!(photo.kind, Kind::Png);
    assert_eq!(image::load_from_memory(&photo.bytes).unwrap().into_rgba8().get_pixel(0, 0).0[3], 0);
}

#[test]
fn a_photo_in_a_png_becomes_a_jpeg_on_white() {
    let mut noise = 1_u32;
    let photo = RgbaImage::from_fn(900, 800, |x, _| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = noise.to_le_bytes();
        Rgba([a, b, c, if x < 450 { 0 } else { 255 }])
    });
    let photo = read(Kind::Png, &file(photo, ImageFormat::Png)).unwrap();
    assert_eq!(photo.kind, Kind::Jpeg);
    assert!(decoded(&photo).get_pixel(100, 100).0.iter().all(|colour| *colour > 250));
}

#[test]
fn every_depth_and_colour_of_a_png_is_read() {
    for picture in [
        DynamicImage::new_luma8(40, 30),
        DynamicImage::new_luma_a8(40, 30),
        DynamicImage::new_rgb16(40, 30),
        DynamicImage::new_rgba16(40, 30),
    ] {
        let color = picture.color();
        assert!(read(Kind::Png, &file(picture, ImageFormat::Png)).is_ok(), "{color:?}");
    }
    assert!(read(Kind::Jpeg, &file(DynamicImage::new_luma8(40, 30), ImageFormat::Jpeg)).is_ok());
}

#[test]
fn a_webp_becomes_a_jpeg() {
    let photo = read(Kind::WebP, &file(picture(120, 80), ImageFormat::WebP)).unwrap();
    assert_eq!((photo.kind, decoded(&photo).dimensions()), (Kind::Jpeg, (120, 80)));
}

/// Files of a few dozen bytes that say that they are enormous.
#[test]
fn a_bomb_costs_no_more_than_its_header() {
    let mut wide = jpeg(16, 16);
    let frame = memchr::memmem::find(&wide, &[0xff, 0xc0]).unwrap();
    wide[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    assert_eq!(read(Kind::Jpeg, &wide), Err(Refusal::TooManyPixels { limit: MAX_PIXELS }));

    let mut in_passes = wide.clone();
    in_passes[frame + 1] = 0xc2;
    // 5,000 by 5,000: taken in one pass, not in several
    in_passes[frame + 5..frame + 9].copy_from_slice(&[0x13, 0x88, 0x13, 0x88]);
    assert_eq!(read(Kind::Jpeg, &in_passes), Err(Refusal::TooManyPixels { limit: MAX_PIXELS_IN_PASSES }));

    let mut png = file(picture(16, 16), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    // the header's checksum
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    assert_eq!(read(Kind::Png, &png), Err(Refusal::TooManyPixels { limit: MAX_PIXELS }));

    // the lossless header: 14 bits for each side, less one
    let mut webp = b"RIFF\0\0\0\0WEBPVP8L\x0a\0\0\0\x2f".to_vec();
    webp.extend((0x3ffe_u32 | (0x3ffe << 14)).to_le_bytes());
    webp.extend([0; 5]);
    let length = u32::try_from(webp.len() - 8).unwrap();
    webp[4..8].copy_from_slice(&length.to_le_bytes());
    assert_eq!(read(Kind::WebP, &webp), Err(Refusal::TooManyPixels { limit: MAX_PIXELS }));
}

/// The checksum of PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
        crc
    })
}

#[test]
fn a_photo_cut_short_or_spoilt_breaks_nothing() {
    let photos = [
        (Kind::Jpeg, jpeg(48, 32)),
        (Kind::Png, file(picture(48, 32), ImageFormat::Png)),
        (Kind::WebP, file(picture(48, 32), ImageFormat::WebP)),
    ];
    for (kind, bytes) in photos {
        assert!(read(kind, &bytes).is_ok());
        assert_eq!(read(kind, &bytes[..20]), Err(Refusal::Damaged), "{kind:?}");
        for length in (0..bytes.len()).step_by(7) {
            drop(read(kind, &bytes[..length]));
            let mut spoilt = bytes.clone();
            spoilt[length] ^= 0x55;
            drop(read(kind, &spoilt));
        }
    }
}

#[test]
fn a_strip_and_a_point_are_photos_too() {
    for (width, height) in [(1, 1), (1, 9000), (9000, 1), (2561, 2), (2561, 2561)] {
        let photo = read(Kind::Png, &file(RgbImage::new(width, height), ImageFormat::Png)).unwrap();
        let (seen_width, seen_height) = decoded(&photo).dimensions();
        assert!(seen_width.max(seen_height) <= 2560 && seen_width.min(seen_height) >= 1, "{width}x{height}");
    }
}

#[test]
fn shrinking_keeps_the_mean() {
    let grey = RgbImage::from_pixel(4001, 2999, Rgb([10, 128, 255]));
    let shrunk = shrink::to_fit(grey.into()).into_rgb8();
    assert!(shrunk.pixels().all(|pixel| *pixel == Rgb([10, 128, 255])));
}
