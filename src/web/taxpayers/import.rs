//! The register from a CSV file, and the report of what was made of it.

use axum::{
    extract::{Multipart, State, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    actions::taxpayer::{self, Imported},
    app::App,
    domain::{
        register::{self, Refused},
        text,
    },
    web::{
        error::{Error, Result},
        flaws::Flaws,
        frame::{Frame, Hall},
        session::Administrator,
        templates,
        upload::Upload,
        words,
    },
};

/// Refused lines that are listed.
const LISTED: usize = 200;
/// Characters of a refused line that are shown.
const LINE_CHARS: usize = 160;

/// Context of `pages/taxpayers_import.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    errors: Flaws,
    max_size: usize,
    report: Option<Report>,
}

#[derive(Serialize)]
struct Report {
    added: usize,
    updated: usize,
    unchanged: usize,
    refused: Vec<RefusedLine>,
    refused_more: usize,
}

#[derive(Serialize)]
struct RefusedLine {
    line: u64,
    text: String,
    reason: String,
}

/// `GET /desk/taxpayers/import`.
pub async fn show(State(app): State<App>, admin: Administrator) -> Result<Response> {
    page(&app, &admin, StatusCode::OK, Flaws::new(), None).await
}

/// `POST /desk/taxpayers/import`.
pub async fn import(
    State(app): State<App>,
    admin: Administrator,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let limit = app.config.server.max_request_bytes;
    let upload = Upload::read(form, limit).await?;
    let refused = |words: String| {
        page(&app, &admin, StatusCode::UNPROCESSABLE_ENTITY, Flaws::from([("file".into(), words)]), None)
    };
    if upload.too_large {
        let words = format!("Il file supera {}: dividilo in più file.", words::megabytes(limit));
        return refused(words).await;
    }
    let Some(file) = upload.files.into_iter().next() else {
        return refused("Scegli il file da importare.".to_owned()).await;
    };
    // A register of a hundred thousand lines keeps a core busy for a while.
    let read = tokio::task::spawn_blocking(move || read(&file.bytes))
        .await
        .map_err(|error| Error::Internal(error.into()))?;
    match read {
        Err(unusable) => refused(unusable.to_string()).await,
        Ok((register, lines)) => {
            let imported = taxpayer::import(&app.desk, &admin.0.cx, &register.entries).await?;
            let report = report(imported, lines, register.refused.len());
            page(&app, &admin, StatusCode::OK, Flaws::new(), Some(report)).await
        }
    }
}

/// The file's entries, and the refused lines that are listed.
fn read(bytes: &[u8]) -> std::result::Result<(register::Register, Vec<RefusedLine>), register::Unusable> {
    let register = register::read(bytes)?;
    let content = register::decode(bytes);
    let lines: Vec<&str> = content.lines().collect();
    let line = |refused: &Refused| {
        let at = usize::try_from(refused.line).unwrap_or(usize::MAX).saturating_sub(1);
        let text = lines.get(at).copied().unwrap_or_default();
        RefusedLine {
            line: refused.line,
            text: text::shortened(text, LINE_CHARS),
            reason: refused.reason.clone(),
        }
    };
    let lines = register.refused.iter().take(LISTED).map(line).collect();
    Ok((register, lines))
}

fn report(imported: Imported, refused: Vec<RefusedLine>, refused_in_all: usize) -> Report {
    let Imported { added, updated, unchanged } = imported;
    Report { added, updated, unchanged, refused_more: refused_in_all - refused.len(), refused }
}

async fn page(
    app: &App,
    admin: &Administrator,
    status: StatusCode,
    errors: Flaws,
    report: Option<Report>,
) -> Result<Response> {
    let frame = Hall::enter(app, &admin.0).await?.frame("taxpayers", None);
    let page = Page { frame, errors, max_size: app.config.server.max_request_bytes, report };
    Ok((status, templates::render("pages/taxpayers_import.html", page)?).into_response())
}
