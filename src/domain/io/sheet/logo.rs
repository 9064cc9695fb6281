//! The picture of a service or of an organisation: PNG, 300 by 300 pixels ("Guida tecnica", Upload Service Logo). Only the first
//! bytes are looked at; IO itself asks for less, but stretches what is not square.

/// Pixels of a side.
pub const SIDE: u32 = 300;
/// Largest picture in bytes; ours, so that nobody sends a photo.
pub const BYTES: usize = 512 << 10;

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
        (SIDE, SIDE) => Ok(()),
        (width, height) => Err(Unfit::Size(width, height)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [HEADER, &width.to_be_bytes(), &height.to_be_bytes(), b"rest"].concat()
    }

    #[test]
    fn a_logo_is_a_png_of_300_by_300() {
        assert_eq!(check(&png(300, 300)), Ok(()));
        assert_eq!(check(&png(300, 301)), Err(Unfit::Size(300, 301)));
        assert_eq!(check(&png(u32::MAX, 0)), Err(Unfit::Size(u32::MAX, 0)));
        assert_eq!(check(b"\xff\xd8\xff\xe0"), Err(Unfit::Format));
        assert_eq!(check(b""), Err(Unfit::Format));
        assert_eq!(check(&png(300, 300)[..20]), Err(Unfit::Damaged));
        assert_eq!(check(&[png(300, 300), vec![0; BYTES]].concat()), Err(Unfit::TooLarge));
    }
}
