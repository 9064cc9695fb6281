//! A mail that came inside another as a file, as a page: who signs, what it says, which files it brought. Only its text:
//! whoever needs more saves the file.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    attachment::bytes,
    error::{Error, Result},
    frame::{Frame, Hall},
    request::Path,
    session::Operator,
    templates,
    work_order::{number_of, path_of, shown_text},
};
use crate::{
    app::{
        App,
        letters::{self, Enclosed},
    },
    store,
};

/// Files that are named, and people that are listed.
const NAMED: usize = 100;

/// Context of `pages/enclosed.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    back_href: String,
    number: String,
    name: String,
    file_href: String,
    mail: Option<Read>,
}

#[derive(Serialize)]
struct Read {
    subject: String,
    from: String,
    from_name: String,
    to: String,
    written_at: Option<DateTime<Utc>>,
    html: Option<String>,
    text: String,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: String,
    size: usize,
}

/// Whether a file is a mail that can be shown.
#[must_use]
pub fn is_mail(media_type: &str, name: &str) -> bool {
    let named = std::path::Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("eml"));
    matches!(media_type, "message/rfc822" | "message/global") || named
}

/// `GET /desk/attachments/{id}/mail`.
pub async fn show(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    let file = store::attachment::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
    if !is_mail(&file.media_type, &file.name) {
        return Err(Error::NotFound);
    }
    let holder = store::communication::by_id(db, organisation, file.communication_id).await?;
    let holder = holder.ok_or(Error::NotFound)?;
    let order = store::work_order::by_id(db, organisation, holder.work_order_id).await?;
    let order = order.ok_or(Error::NotFound)?;
    let raw = bytes(&app, organisation, &file.hash).await?;
    let page = Page {
        frame: Hall::enter(&app, &operator).await?.frame("queue", None),
        back_href: format!("{}#c-{}", path_of(&order), holder.id),
        number: number_of(&order).to_string(),
        file_href: format!("/desk/attachments/{id}"),
        mail: letters::enclosed(raw).await.map(read),
        name: file.name,
    };
    Ok(templates::render("pages/enclosed.html", page)?.into_response())
}

fn read(enclosed: Enclosed) -> Read {
    let Enclosed { mail, written_at } = enclosed;
    let (html, text) = shown_text(&mail.text);
    let from = mail.from.unwrap_or_default();
    Read {
        subject: mail.subject,
        from: from.address,
        from_name: from.name,
        to: mail.to.iter().take(NAMED).map(|to| to.address.as_str()).collect::<Vec<_>>().join(", "),
        written_at,
        html,
        text,
        files: mail
            .attachments
            .into_iter()
            .take(NAMED)
            .map(|file| File { name: file.name, size: file.bytes.len() })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_known_by_its_type_or_its_name() {
        assert!(is_mail("message/rfc822", "inoltrato"));
        assert!(is_mail("application/octet-stream", "messaggio originale.EML"));
        assert!(!is_mail("application/pdf", "eml.pdf") && !is_mail("text/plain", "eml"));
    }
}
