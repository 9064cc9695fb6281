//! Writing a photo.

use image::{
    DynamicImage, ImageEncoder, Rgb, RgbImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{Decoded, Photo};
use crate::{channel::sniff::Kind, domain::files::Refusal};

/// Quality of the JPEG, 1 to 100: nobody sees a difference, and a photo of 2560 pixels has about a megabyte.
const QUALITY: u8 = 85;
/// A PNG of at most so many bytes is one of a screen, with letters that JPEG would blur: it stays a PNG if it also becomes one
/// of at most so many. Else it is a photo.
const SMALL: usize = 2 << 20;

impl Decoded {
    /// As JPEG; what is transparent becomes white.
    pub(super) fn into_jpeg(self) -> Result<Photo, Refusal> {
        let picture = opaque(self.picture);
        let side = |pixels: u32| u16::try_from(pixels).map_err(|_| Refusal::Damaged);
        let (width, height) = (side(picture.width())?, side(picture.height())?);
        let mut bytes = Vec::with_capacity(picture.len() / 8);
        let mut encoder = Encoder::new(&mut bytes, QUALITY);
        // Half the colours each way, as cameras do: two thirds of the bytes, a quarter of the time.
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(&picture, width, height, ColorType::Rgb).or(Err(Refusal::Damaged))?;
        Ok(Photo { kind: Kind::Jpeg, bytes, position: self.position })
    }

    /// As PNG where that is small, else as JPEG. It came in `size` bytes.
    pub(super) fn into_png(self, size: usize) -> Result<Photo, Refusal> {
        if size > SMALL {
            return self.into_jpeg();
        }
        let mut bytes = Vec::new();
        let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
        let (width, height) = (self.picture.width(), self.picture.height());
        encoder
            .write_image(self.picture.as_bytes(), width, height, self.picture.color().into())
            .or(Err(Refusal::Damaged))?;
        if bytes.len() > SMALL {
            return self.into_jpeg();
        }
        Ok(Photo { kind: Kind::Png, bytes, position: self.position })
    }
}

fn opaque(picture: DynamicImage) -> RgbImage {
    let DynamicImage::ImageRgba8(picture) = picture else { return picture.into_rgb8() };
    let on_white = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        Rgb([on_white(red, alpha), on_white(green, alpha), on_white(blue, alpha)])
    })
}
