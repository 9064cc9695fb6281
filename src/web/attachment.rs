//! Files of communications, and the mails themselves as they came.
//!
//! They are strangers' bytes on our own address. Only pictures that browsers draw and never run are shown in the page;
//! everything else is a nameless file to save. Either way the browser is told not to guess and to give it no rights.

use std::fmt::Write as _;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use entity::incoming_mail;
use uuid::Uuid;

use super::{
    error::{Error, Result},
    request::Path,
    session::{Administrator, Operator},
};
use crate::{app::App, store};

const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
/// Bytes of no declared sort: browsers save them.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Whether browsers only draw it. No SVG: it can carry scripts.
#[must_use]
pub fn is_picture(media_type: &str) -> bool {
    ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&media_type)
}

/// `GET /desk/attachments/{id}`.
pub async fn file(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    let file = store::attachment::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
    let bytes = bytes(&app, organisation, &file.hash).await?;
    Ok(if is_picture(&file.media_type) {
        answer("inline", &file.name, &file.media_type, bytes)
    } else {
        answer("attachment", &file.name, UNKNOWN_TYPE, bytes)
    })
}

/// `GET /desk/communications/{id}/original.eml`.
pub async fn original(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    let mail = store::incoming_mail::of_communication(db, organisation, id).await?.ok_or(Error::NotFound)?;
    raw_mail(&app, "messaggio.eml", &mail).await
}

/// `GET /desk/receipts/{id}/original.eml`: a receipt, or a server's report, about a letter of ours. Other mails of the ledger
/// that are no communication are the administrators' alone.
pub async fn receipt(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    let log = store::mail_log::by_mail(db, organisation, id).await?;
    log.and_then(|log| log.delivery_id).ok_or(Error::NotFound)?;
    let mail = store::incoming_mail::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
    raw_mail(&app, "ricevuta.eml", &mail).await
}

/// `GET /desk/admin/mail/{id}/original.eml`.
pub async fn incoming(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    let mail = store::incoming_mail::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
    raw_mail(&app, "messaggio.eml", &mail).await
}

async fn raw_mail(app: &App, name: &str, mail: &incoming_mail::Model) -> Result<Response> {
    let bytes = bytes(app, mail.organisation_id, &mail.raw_hash).await?;
    Ok(answer("attachment", name, UNKNOWN_TYPE, bytes))
}

/// Stored bytes. They are there as long as whatever points at them.
pub async fn bytes(app: &App, organisation: Uuid, hash: &[u8]) -> Result<Vec<u8>> {
    let found = store::blob::bytes(&app.desk.db.read, organisation, hash).await?;
    found.ok_or_else(|| Error::Internal(anyhow::anyhow!("a blob is missing")))
}

/// A stranger's file, for another stranger: to save, whatever it is.
pub fn to_save(name: &str, bytes: Vec<u8>) -> Response {
    answer("attachment", name, UNKNOWN_TYPE, bytes)
}

/// The answer that hands out a stranger's bytes.
pub fn answer(manner: &str, name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let type_of_content = HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static(UNKNOWN_TYPE));
    let headers = [
        (header::CONTENT_TYPE, type_of_content),
        (header::CONTENT_DISPOSITION, disposition(manner, name)),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
    ];
    (headers, bytes).into_response()
}

/// RFC 6266: the name in ASCII for old programs, in full (RFC 8187) for all others.
fn disposition(manner: &str, name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let mut full = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            full.push(char::from(byte));
        } else {
            let _ = write!(full, "%{byte:02X}");
        }
    }
    let value = format!("{manner}; filename=\"{plain}\"; filename*=UTF-8''{full}");
    HeaderValue::from_str(&value).expect("only printable ASCII is left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_arrives_whole_and_cannot_leave_its_header() {
        let written = |name| disposition("attachment", name).to_str().unwrap().to_owned();
        assert_eq!(
            written("Bolletta 2026.pdf"),
            r#"attachment; filename="Bolletta 2026.pdf"; filename*=UTF-8''Bolletta%202026.pdf"#
        );
        assert_eq!(
            written("città.pdf"),
            r#"attachment; filename="citt_.pdf"; filename*=UTF-8''citt%C3%A0.pdf"#
        );
        assert_eq!(
            written("a\"b\\c%41\r\nx"),
            r#"attachment; filename="a_b_c_41__x"; filename*=UTF-8''a%22b%5Cc%2541%0D%0Ax"#
        );
    }

    #[test]
    fn nothing_that_runs_is_a_picture() {
        assert!(is_picture("image/png"));
        for other in ["image/svg+xml", "text/html", "application/pdf", "image/png; x", ""] {
            assert!(!is_picture(other), "{other}");
        }
    }
}
