//! Photos of strangers: decoded within limits, encoded anew. What leaves here is a picture and nothing else: no place, no time,
//! no camera, no second file behind the first.
//!
//! The size in the header is compared with the limits before anything is decoded, so a bomb costs no more than its header. A
//! photo is made smaller before it is turned, and its colours are taken as they are: an ICC profile goes away with the rest, which
//! makes some photos a little paler.

mod encode;
mod jpeg;
mod place;
mod shrink;

use std::io::Cursor;

use image::{
    ColorType, DynamicImage, ImageDecoder, Limits,
    codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
};

use super::sniff::Kind;
use crate::domain::files::{MAX_PIXELS, MAX_PIXELS_IN_PASSES, Refusal};

/// Most bytes that a decoded photo may take: a photo of the most pixels with four bytes each.
const MAX_DECODED: u64 = MAX_PIXELS * 4;
/// Most bytes of what a photo says about itself; in a JPEG there can be no more.
const MAX_EXIF: usize = 64 << 10;

/// A photo as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// JPEG, or PNG.
    pub kind: Kind,
    /// The file.
    pub bytes: Vec<u8>,
    /// Where it says that it was taken (degrees north, degrees east).
    pub position: Option<(f64, f64)>,
}

/// Decodes a photo and encodes it anew. Takes a core for a sixth of a second, and up to half a gigabyte for the largest.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<Photo, Refusal> {
    let cursor = Cursor::new(bytes);
    match kind {
        Kind::Jpeg => {
            let limit = if jpeg::is_in_passes(bytes) { MAX_PIXELS_IN_PASSES } else { MAX_PIXELS };
            decode(JpegDecoder::new(cursor).or(Err(Refusal::Damaged))?, limit)?.into_jpeg()
        }
        Kind::Png => {
            let decoder = PngDecoder::with_limits(cursor, limits()).or(Err(Refusal::Damaged))?;
            decode(decoder, MAX_PIXELS)?.into_png(bytes.len())
        }
        Kind::WebP => decode(WebPDecoder::new(cursor).or(Err(Refusal::Damaged))?, MAX_PIXELS)?.into_jpeg(),
        _ => Err(Refusal::Kind),
    }
}

/// A picture of at most the size that is kept, the right way up.
struct Decoded {
    picture: DynamicImage,
    position: Option<(f64, f64)>,
}

fn decode(mut decoder: impl ImageDecoder, limit: u64) -> Result<Decoded, Refusal> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Refusal::Damaged);
    }
    if u64::from(width) * u64::from(height) > limit || decoder.total_bytes() > MAX_DECODED {
        return Err(Refusal::TooManyPixels { limit });
    }
    decoder.set_limits(limits()).or(Err(Refusal::Damaged))?;
    let exif = decoder.exif_metadata().ok().flatten().filter(|exif| exif.len() <= MAX_EXIF);
    let orientation = exif.as_deref().and_then(image::metadata::Orientation::from_exif_chunk);
    let picture = DynamicImage::from_decoder(decoder).or(Err(Refusal::Damaged))?;
    let mut picture = shrink::to_fit(plain(picture));
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(Decoded { picture, position: exif.as_deref().and_then(place::position) })
}

/// Eight bits to a colour, with or without transparency.
fn plain(picture: DynamicImage) -> DynamicImage {
    match picture.color() {
        ColorType::Rgb8 | ColorType::Rgba8 => picture,
        color if color.has_alpha() => DynamicImage::ImageRgba8(picture.into_rgba8()),
        _ => DynamicImage::ImageRgb8(picture.into_rgb8()),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED);
    limits
}

#[cfg(test)]
mod tests;
