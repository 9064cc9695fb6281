//! The picture of a service or of an organisation: PNG, 300 by 300 pixels ("Guida tecnica", Upload Service Logo). IO itself asks for
//! less, but stretches what is not square, and shows half of what was cut off. The size stands in the first bytes, so that nothing
//! larger is ever decoded.

use std::io::Cursor;

use image::{DynamicImage, Limits, codecs::png::PngDecoder};

/// Pixels of a side.
pub const SIDE: u32 = 300;
/// Largest picture in bytes; ours, so that nobody sends a photo.
pub const BYTES: usize = 512 << 10;
/// Most memory that decoding may take, in bytes: the pixels at the largest depth, twice, and what a picture says about itself.
const DECODED: u64 = 4 << 20;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Signature, then the length and name of the first part, in which the size stands.
const HEADER: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";

/// Why a picture is no logo. The message is for whoever chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Another format.
    #[error("Il logo deve essere un'immagine PNG.")]
    Format,
    /// Cut off or damaged.
    #[error("L'immagine è danneggiata: esportala di nuovo come PNG.")]
    Damaged,
    /// Another size, in pixels.
    #[error("Il logo deve essere di 300 × 300 pixel: questo è di {0} × {1}.")]
    Size(u32, u32),
    /// Too many bytes.
    #[error("Il file del logo è troppo grande: al massimo 512 KB.")]
    TooLarge,
}

/// Looks at a picture.
///
/// # Errors
/// It is no logo.
pub fn check(png: &[u8]) -> Result<(), Unfit> {
    if !png.starts_with(SIGNATURE) {
        return Err(Unfit::Format);
    }
    if png.len() > BYTES {
        return Err(Unfit::TooLarge);
    }
    let sides = png.strip_prefix(HEADER).and_then(|rest| rest.split_first_chunk());
    let (width, rest) = sides.ok_or(Unfit::Damaged)?;
    let height = rest.first_chunk().ok_or(Unfit::Damaged)?;
    match (u32::from_be_bytes(*width), u32::from_be_bytes(*height)) {
        (SIDE, SIDE) => decoded(png),
        (width, height) => Err(Unfit::Size(width, height)),
    }
}

/// Whether all of it is there.
fn decoded(png: &[u8]) -> Result<(), Unfit> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODED);
    let decoder = PngDecoder::with_limits(Cursor::new(png), limits).or(Err(Unfit::Damaged))?;
    DynamicImage::from_decoder(decoder).map(drop).or(Err(Unfit::Damaged))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(width: u32, height: u32) -> Vec<u8> {
        [HEADER, &width.to_be_bytes(), &height.to_be_bytes(), b"rest"].concat()
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbaImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_logo_is_a_png_of_300_by_300() {
        assert_eq!(check(&png(300, 300)), Ok(()));
        assert_eq!(check(&png(300, 301)), Err(Unfit::Size(300, 301)));
        assert_eq!(check(&header(u32::MAX, 0)), Err(Unfit::Size(u32::MAX, 0)));
        assert_eq!(check(b"\xff\xd8\xff\xe0"), Err(Unfit::Format));
        assert_eq!(check(b""), Err(Unfit::Format));
        assert_eq!(check(&[png(300, 300), vec![0; BYTES]].concat()), Err(Unfit::TooLarge));
    }

    #[test]
    fn what_is_cut_off_or_changed_on_its_way_is_damaged() {
        let whole = png(300, 300);
        for length in [20, 30, whole.len() / 2, whole.len() - 20] {
            assert_eq!(check(&whole[..length]), Err(Unfit::Damaged), "{length}");
        }
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 0xff;
        assert_eq!(check(&changed), Err(Unfit::Damaged));
        assert_eq!(check(&header(300, 300)), Err(Unfit::Damaged));
    }
}
