//! Forms with files.
//!
//! A browser sends its whole form before it looks at the answer: who closes the line as soon as the limit is passed
//! shows people a broken connection instead of a sentence. So what is too much is read on and thrown away, up to a point
//! beyond which nobody is owed politeness.

use std::collections::HashMap;

use axum::extract::{
    Multipart,
    multipart::{Field, MultipartRejection},
};

use super::error::{Error, Result};
use crate::{app::letters::Names, domain::mail::File};

/// Most files of one form.
pub const FILES: usize = 10;
/// Longest field that is no file, in bytes.
const FIELD_BYTES: usize = 1 << 20;
/// How many times the limit is read before the line is closed.
const PATIENCE: usize = 8;

/// A form with files.
#[derive(Debug, Default)]
pub struct Upload {
    fields: HashMap<String, String>,
    /// The files, in order.
    pub files: Vec<File>,
    /// The form was larger than the limit; some of its files are missing here.
    pub too_large: bool,
    /// There were more files than [`FILES`]; the rest are missing here.
    pub too_many: bool,
}

impl Upload {
    /// Reads a form of at most `limit` bytes.
    pub async fn read(
        form: std::result::Result<Multipart, MultipartRejection>,
        limit: usize,
    ) -> Result<Self> {
        let mut form = form.map_err(|_| Error::Unreadable)?;
        let mut reader = Reader { limit, seen: 0, upload: Self::default(), names: Names::default() };
        while let Some(field) = form.next_field().await.map_err(|_| Error::Unreadable)? {
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

struct Reader {
    limit: usize,
    seen: usize,
    upload: Upload,
    names: Names,
}

impl Reader {
    async fn take(&mut self, mut field: Field<'_>) -> Result<()> {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let media_type = media_type(field.content_type());
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| Error::Unreadable)? {
            self.seen += chunk.len();
            if self.seen > self.limit.saturating_mul(PATIENCE) {
                return Err(Error::TooLarge);
            }
            if self.seen > self.limit {
                self.upload.too_large = true;
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(&chunk);
            }
        }
        match file_name {
            None if bytes.len() > FIELD_BYTES => return Err(Error::TooLarge),
            None => {
                let text = String::from_utf8(bytes).map_err(|_| Error::Unreadable)?;
                self.upload.fields.insert(name, text);
            }
            // An empty choice of files is sent as one file without name and content.
            Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
            Some(_) if self.upload.too_large => {}
            Some(_) if self.upload.files.len() >= FILES => self.upload.too_many = true,
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
