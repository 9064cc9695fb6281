//! Making a photo smaller: each new pixel is the mean of the area that it covers.
//!
//! The filters of `image` go over floating-point copies of the whole photo, a quarter of a gigabyte for a large one, and take five
//! times as long; this holds one row, and is as good for what we do, which is never to enlarge.

use image::{DynamicImage, ImageBuffer, Pixel};

use crate::domain::files::LONGEST_SIDE;

/// One, in the fixed-point numbers of the weights: 255 times this fits two bytes, which is what processors add eight at a time.
const ONE: u16 = 1 << 8;

/// The picture, with its longest side at most [`LONGEST_SIDE`].
pub fn to_fit(picture: DynamicImage) -> DynamicImage {
    let longest = picture.width().max(picture.height());
    if longest <= LONGEST_SIDE {
        return picture;
    }
    let fitting = |side: u32| {
        let side = u64::from(side) * u64::from(LONGEST_SIDE) / u64::from(longest);
        u32::try_from(side).unwrap_or(LONGEST_SIDE).clamp(1, LONGEST_SIDE)
    };
    let (width, height) = (fitting(picture.width()), fitting(picture.height()));
    match picture {
        DynamicImage::ImageRgba8(picture) => {
            DynamicImage::ImageRgba8(shrink::<_, 4>(&picture, width, height))
        }
        other => DynamicImage::ImageRgb8(shrink::<_, 3>(&other.into_rgb8(), width, height)),
    }
}

type Picture<P> = ImageBuffer<P, Vec<u8>>;

/// `N` is the number of colours of a pixel.
fn shrink<P: Pixel<Subpixel = u8>, const N: usize>(
    picture: &Picture<P>,
    width: u32,
    height: u32,
) -> Picture<P> {
    let row_bytes = picture.width() as usize * N;
    let (columns, lines) = (spans(picture.width(), width), spans(picture.height(), height));
    let mut sums = vec![0_u16; row_bytes];
    let mut shrunk = Vec::with_capacity(width as usize * height as usize * N);
    for line in &lines {
        sums.fill(0);
        let rows = picture.as_raw().chunks_exact(row_bytes).skip(line.first).take(line.count);
        for (n, row) in rows.enumerate() {
            let weight = line.weight(n);
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += u16::from(*value) * weight;
            }
        }
        let (pixels, _) = sums.as_chunks::<N>();
        for column in &columns {
            let covered = pixels.get(column.first..column.first + column.count).unwrap_or_default();
            let mut means = [0_u32; N];
            for (n, pixel) in covered.iter().enumerate() {
                let weight = u32::from(column.weight(n));
                for (mean, sum) in means.iter_mut().zip(pixel) {
                    *mean += u32::from(*sum) * weight;
                }
            }
            shrunk.extend(means.map(rounded));
        }
    }
    ImageBuffer::from_raw(width, height, shrunk).unwrap_or_else(|| ImageBuffer::new(width, height))
}

/// A mean that carries the weights of both sides.
fn rounded(mean: u32) -> u8 {
    let one = u32::from(ONE) * u32::from(ONE);
    u8::try_from((mean + one / 2) / one).unwrap_or(u8::MAX)
}

/// The old pixels that one new pixel covers, along one side.
struct Span {
    first: usize,
    count: usize,
    /// Of the first, of each in between, of the last; all together are [`ONE`].
    weights: [u16; 3],
}

impl Span {
    /// The weight of the pixel `n` of the span.
    fn weight(&self, n: usize) -> u16 {
        let [first, between, last] = self.weights;
        if n == 0 {
            first
        } else if n + 1 < self.count {
            between
        } else {
            last
        }
    }
}

/// The spans of `new` pixels over `old` ones, of which there are at least as many.
fn spans(old: u32, new: u32) -> Vec<Span> {
    let (old, new, one) = (u64::from(old), u64::from(new), u64::from(ONE));
    let weight = |n: u64| u16::try_from(n).unwrap_or(ONE);
    let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    (0..new)
        .map(|n| {
            // in units of 1/new of an old pixel, so that all is whole
            let (from, to) = (n * old, (n + 1) * old);
            let (first, last) = (from / new, (to - 1) / new);
            let count = last - first + 1;
            if count == 1 {
                return Span { first: index(first), count: 1, weights: [ONE, 0, 0] };
            }
            let each = new * one / old;
            let begins = ((first + 1) * new - from) * one / old;
            // the last takes what rounding has left
            let ends = one - begins - (count - 2) * each;
            let weights = [begins, each, ends].map(weight);
            Span { first: index(first), count: index(count), weights }
        })
        .collect()
}
