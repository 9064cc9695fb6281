//! What a step sends: fields, and files where the browser had some to send.

use std::collections::HashMap;

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header,
};

use crate::{
    app::App,
    domain::text,
    web::{error::Result, request::Form, upload::Upload},
};

/// A step as it was sent.
#[derive(Debug, Default)]
pub struct Posted {
    fields: HashMap<String, String>,
    /// Fields and files, when it was sent as a form with files.
    upload: Option<Upload>,
}

impl Posted {
    /// Reads a step.
    pub async fn read(app: &App, request: Request) -> Result<Self> {
        let media = request.headers().get(header::CONTENT_TYPE);
        if media.is_some_and(|media| media.as_bytes().starts_with(b"multipart/")) {
            let form = Multipart::from_request(request, app).await;
            let upload = Upload::read(form, app.config.server.max_request_bytes).await?;
            return Ok(Self { fields: HashMap::new(), upload: Some(upload) });
        }
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

    /// The files, once; `None` when it was sent without any.
    pub fn files(&mut self) -> Option<Upload> {
        let sent = self.upload.as_mut()?;
        let mut files = Upload::default();
        (files.too_large, files.too_many) = (sent.too_large, sent.too_many);
        files.files = std::mem::take(&mut sent.files);
        Some(files)
    }
}
