//! Files that citizens hand over: what they have become once they were looked at, and why one is not taken.
//!
//! What was declared counts for nothing: a file is what its bytes are, and its name is given an ending that says so. Names are
//! made safe and never refused: nobody should have to rename a photo.

use entity::attachment::Scan;

/// Most files of one form, one answer, one message.
pub const MOST: usize = 10;
/// Largest file as it is handed over, in bytes. A photo of 12 megapixels has 3 to 5 MB, one of 50 megapixels 10 to 14.
pub const MAX_BYTES: usize = 15 << 20;
/// Most pixels of a photo: what phones of 50 megapixels make, and a little more.
pub const MAX_PIXELS: u64 = 64_000_000;
/// Most pixels of a photo that is stored in several passes (progressive JPEG), which is decoded as a whole and costs three
/// times the memory. Cameras do not make them; programs that shrink photos do.
pub const MAX_PIXELS_IN_PASSES: u64 = 24_000_000;
/// Longest side of a photo as it is kept, in pixels: a name plate can be read, and an A4 page photographed whole.
pub const LONGEST_SIDE: u32 = 2560;

/// The file formats that a choice of files offers (`accept` of a form). A hint to the browser: the bytes are looked at
/// whatever it sends. HEIC is left out on purpose, so that an iPhone converts its photos by itself.
pub const ACCEPT: &str = ".jpg,.jpeg,.png,.webp,.pdf,.txt,.docx,.xlsx,.odt,.ods,.p7m,image/jpeg,image/png,image/webp,application/pdf";

/// A file that may be kept: looked at, photos encoded anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// Name made safe, with an ending that fits what the file is: never empty, no path, no control characters, at most 200
    /// bytes. Two files of one letter may still have the same.
    pub name: String,
    /// What the bytes are.
    pub media_type: String,
    /// What is kept. Of a photo only the picture: no place, no time, no camera.
    pub bytes: Vec<u8>,
    /// What the virus scanner said.
    pub scan: Scan,
    /// Where a photo says that it was taken (degrees north, degrees east; WGS 84). Taken out of the photo, to be offered to
    /// who sent it and to nobody else.
    pub position: Option<(f64, f64)>,
}

impl Prepared {
    /// Length in bytes, as the database keeps it.
    #[must_use]
    pub fn size(&self) -> i64 {
        i64::try_from(self.bytes.len()).unwrap_or(i64::MAX)
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is in it.
    Empty,
    /// It is larger than `limit` bytes.
    TooLarge {
        /// Bytes.
        limit: usize,
    },
    /// Files of this kind are not taken.
    Kind,
    /// A photo as iPhones keep it (HEIC), for which there is no free decoder.
    Heic,
    /// An office document that carries macros.
    Macros,
    /// A photo that cannot be read.
    Damaged,
    /// A photo of more than `limit` pixels.
    TooManyPixels {
        /// Pixels.
        limit: u64,
    },
    /// The virus scanner has found something in it.
    Infected,
}

impl Refusal {
    /// Key of the sentence that says so, with the name of the file as `$name` and [`Refusal::number`] as `$n`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Empty => "file-empty",
            Self::TooLarge { .. } => "file-too-large",
            Self::Kind => "file-kind",
            Self::Heic => "file-heic",
            Self::Macros => "file-macros",
            Self::Damaged => "file-damaged",
            Self::TooManyPixels { .. } => "file-too-many-pixels",
            Self::Infected => "file-infected",
        }
    }

    /// The number in that sentence: megabytes or megapixels; 0 where there is none.
    #[must_use]
    pub fn number(self) -> u32 {
        let whole = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        match self {
            Self::TooLarge { limit } => whole(limit as u64 >> 20),
            Self::TooManyPixels { limit } => whole(limit / 1_000_000),
            _ => 0,
        }
    }
}

/// Every refusal, for who proofreads the sentences.
pub const REFUSALS: [Refusal; 8] = [
    Refusal::Empty,
    Refusal::TooLarge { limit: MAX_BYTES },
    Refusal::Kind,
    Refusal::Heic,
    Refusal::Macros,
    Refusal::Damaged,
    Refusal::TooManyPixels { limit: MAX_PIXELS },
    Refusal::Infected,
];
