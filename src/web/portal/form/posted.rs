//! What a step sends: fields, and files where the browser had some to send.

use std::collections::HashMap;

use axum::{
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderMap, header},
};

use crate::{
    app::App,
    domain::text,
    web::{error::Result, request::Form, upload::Upload},
};

/// Most bytes of a step without files.
const PLAIN_BYTES: usize = 2 << 20;

/// A form that may carry files says so in its head.
#[must_use]
pub fn has_parts(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"multipart/"))
}

/// A step as it was sent.
#[derive(Debug, Default)]
pub struct Posted {
    fields: HashMap<String, String>,
    /// Fields and files, when it was sent as a form with files.
    upload: Option<Upload>,
}

impl Posted {
    /// Reads a step.
    pub async fn read(app: &App, mut request: Request) -> Result<Self> {
        if has_parts(request.headers()) {
            let upload = Upload::of_stranger(request, app.config.server.max_request_bytes).await?;
            return Ok(Self { fields: HashMap::new(), upload: Some(upload) });
        }
        // The route takes files, and has no limit of its own.
        DefaultBodyLimit::max(PLAIN_BYTES).apply(&mut request);
        let Form(pairs): Form<Vec<(String, String)>> = Form::from_request(request, app).await?;
        Ok(Self { fields: pairs.into_iter().collect(), upload: None })
    }

    /// What was typed into a field, fit to be kept; empty when nothing was.
    #[must_use]
    pub fn typed(&self, name: &str) -> String {
        let raw = match &self.upload {
            Some(upload) => upload.field(name),
            None => self.fields.get(name).map_or("", String::as_str),
        };
        text::typed(raw)
    }

    /// Something was typed into a field, or a box was ticked.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.typed(name).is_empty()
    }

    /// Reads a page that saves itself: it sends no files, and what is one all the same is thrown away.
    pub async fn saved(app: &App, request: Request) -> Result<Self> {
        let mut posted = Self::read(app, request).await?;
        drop(posted.files());
        Ok(posted)
    }

    /// The files, once; `None` when it was sent without any.
    pub fn files(&mut self) -> Option<Upload> {
        let sent = self.upload.as_mut()?;
        let mut files = Upload::default();
        (files.too_large, files.too_many) = (sent.too_large, sent.too_many);
        files.files = std::mem::take(&mut sent.files);
        Some(files)
    }
}
