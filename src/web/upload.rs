//! Forms with files.
//!
//! A browser sends its whole form before it looks at the answer: who closes the line as soon as the limit is passed
//! shows people a broken connection instead of a sentence. So what is too much is read on and thrown away, up to a point
//! beyond which nobody is owed politeness.

use std::collections::HashMap;

use axum::{
    extract::{
        DefaultBodyLimit, FromRequest, Multipart, Request,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::StatusCode,
};

use super::error::{Error, Result};
use crate::{
    app::letters::Names,
    domain::{files::MOST, mail::File},
};

/// All fields that are no files together, in bytes.
const WORDS_BYTES: usize = 2 << 20;
/// What a part weighs beside its content: a million empty fields are not nothing.
const PART_BYTES: usize = 64;
/// How many times the limit is read before the line is closed.
const PATIENCE: usize = 8;
/// The same for who is not signed in: their forms lie in memory as they come.
const PATIENCE_WITH_STRANGERS: usize = 2;

/// Most bytes that are read of a form of somebody who is not signed in, where `limit` are taken.
#[must_use]
pub fn longest(limit: usize) -> usize {
    limit.saturating_mul(PATIENCE_WITH_STRANGERS)
}

/// A form with files.
#[derive(Debug, Default)]
pub struct Upload {
    fields: HashMap<String, String>,
    /// The files, in order.
    pub files: Vec<File>,
    /// The form was larger than the limit; some of its files are missing here.
    pub too_large: bool,
    /// There were more files than [`MOST`]; the rest are missing here.
    pub too_many: bool,
}

impl Upload {
    /// Reads a form of at most `limit` bytes, and never more than [`longest`], whatever it is made of.
    pub async fn of_stranger(mut request: Request, limit: usize) -> Result<Self> {
        DefaultBodyLimit::max(longest(limit)).apply(&mut request);
        Self::read(Multipart::from_request(request, &()).await, limit).await
    }

    /// Reads a form of at most `limit` bytes.
    pub async fn read(
        form: std::result::Result<Multipart, MultipartRejection>,
        limit: usize,
    ) -> Result<Self> {
        let mut form = form.map_err(|_| Error::Unreadable)?;
        let mut reader =
            Reader { limit, seen: 0, words: 0, upload: Self::default(), names: Names::default() };
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
            reader.take(field).await?;
        }
        Ok(reader.upload)
    }

    /// A field that is no file; empty when it was not sent.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

fn broken(error: &MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Unreadable,
    }
}

struct Reader {
    limit: usize,
    /// Bytes that have come.
    seen: usize,
    /// Those of them that are no file's.
    words: usize,
    upload: Upload,
    names: Names,
}

impl Reader {
    async fn take(&mut self, mut field: Field<'_>) -> Result<()> {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let media_type = media_type(field.content_type());
        let mut bytes = Vec::new();
        self.words += PART_BYTES + name.len() + file_name.as_ref().map_or(0, String::len);
        while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
            self.seen += chunk.len();
            if file_name.is_none() {
                // Words are kept, whatever the files before them weigh: nobody types them twice.
                self.words += chunk.len();
                bytes.extend_from_slice(&chunk);
            } else if self.seen > self.limit {
                self.upload.too_large = true;
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(&chunk);
            }
            if self.seen > self.limit.saturating_mul(PATIENCE) || self.words > WORDS_BYTES {
                return Err(Error::TooLarge);
            }
        }
        if self.words > WORDS_BYTES {
            return Err(Error::TooLarge);
        }
        match file_name {
            None => {
                let text = String::from_utf8(bytes).map_err(|_| Error::Unreadable)?;
                self.upload.fields.insert(name, text);
            }
            // An empty choice of files is sent as one file without name and content.
            Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
            Some(_) if self.upload.too_large => {}
            Some(_) if self.upload.files.len() >= MOST => self.upload.too_many = true,
            Some(file_name) => {
                let name = self.names.give(Some(&file_name), &media_type);
                self.upload.files.push(File { name, media_type, content_id: None, bytes });
            }
        }
        Ok(())
    }
}

/// What the browser says of a file, as far as it can stand in the header of a mail.
fn media_type(declared: Option<&str>) -> String {
    let essence =
        declared.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token = |part: &str| {
        !part.is_empty()
            && part.len() <= 100
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+._".contains(&byte))
    };
    match essence.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) => essence,
        _ => "application/octet-stream".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_media_type_goes_into_a_mail() {
        assert_eq!(media_type(Some("Image/PNG; charset=x")), "image/png");
        for odd in [
            None,
            Some(""),
            Some("image"),
            Some("text/"),
            Some("a/b/c"),
            Some("text/plain\r\nx"),
            Some("multipart/x y"),
        ] {
            assert_eq!(media_type(odd), "application/octet-stream", "{odd:?}");
        }
    }
}
