//! The pages of the portal that are text: what the organisation has written, in the visitor's language or else in Italian,
//! and where it has written nothing our words, which say plainly what is still to be completed.

use axum::{extract::State, response::Response};
use entity::{language::Language, request_kind};
use serde::Serialize;

use super::Hall;
use crate::{
    app::App,
    store,
    web::error::{Error, Result},
    wording::pages::{self, About},
};

/// A text on a page.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// In parts: what stands before the first heading, and under each.
    parts: Vec<Part>,
    /// The tag of its language, where it is not the page's.
    lang: Option<&'static str>,
}

/// A part of a text.
#[derive(Debug, Serialize)]
struct Part {
    /// What the validator of public administrations calls it (`data-element`).
    element: Option<&'static str>,
    html: String,
}

/// The text of a page. `kind`: whose card it is.
pub async fn shown(app: &App, hall: &Hall, page: &str, kind: Option<&request_kind::Model>) -> Result<Shown> {
    let (text, language) = written(app, hall, page, kind).await?;
    let parts = sections(&text).into_iter().map(|section| part(app, language, section)).collect();
    Ok(Shown { parts, lang: (language != hall.language).then(|| language.tag()) })
}

async fn written(
    app: &App,
    hall: &Hall,
    page: &str,
    kind: Option<&request_kind::Model>,
) -> Result<(String, Language)> {
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    for language in [hall.language, Language::It] {
        if let Some(row) = store::public_text::of(db, organisation, page, language).await? {
            return Ok((row.text, language));
        }
    }
    let about = About { organisation: &hall.organisation.name, phone: &hall.portal.phone, kind };
    let ours = pages::text(hall.language, page, &about).ok_or(Error::NotFound)?;
    Ok((ours, hall.language))
}

/// The text before the first heading of the second level, and from each such heading to the next.
fn sections(text: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices("\n## ") {
        sections.push(&text[from..at]);
        from = at + 1;
    }
    sections.push(&text[from..]);
    sections.retain(|section| !section.trim().is_empty());
    sections
}

fn part(app: &App, language: Language, section: &str) -> Part {
    let heading = section.strip_prefix("## ").and_then(|section| section.lines().next());
    Part {
        element: heading.and_then(|heading| pages::element(language, heading.trim())),
        html: app.markdown(section),
    }
}

/// Context of `portal/text.html`.
#[derive(Serialize)]
struct Page {
    /// The end of the key of its title.
    what: &'static str,
    text: Shown,
}

async fn page(app: &App, hall: &Hall, page: &str, what: &'static str) -> Result<Response> {
    hall.page("portal/text.html", Page { what, text: shown(app, hall, page, None).await? })
}

/// `GET privacy`.
pub async fn privacy(State(app): State<App>, hall: Hall) -> Result<Response> {
    page(&app, &hall, "privacy", "privacy").await
}

/// `GET accessibilita`.
pub async fn accessibility(State(app): State<App>, hall: Hall) -> Result<Response> {
    page(&app, &hall, "accessibility", "accessibility").await
}

/// `GET note-legali`.
pub async fn legal(State(app): State<App>, hall: Hall) -> Result<Response> {
    page(&app, &hall, "legal", "legal").await
}

/// `GET contatti`.
pub async fn contacts(State(app): State<App>, hall: Hall) -> Result<Response> {
    page(&app, &hall, "contacts", "contacts").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_headings() {
        assert_eq!(sections("uno\n\n## Due\nx\n### y\n## Tre\n"), ["uno\n", "## Due\nx\n### y", "## Tre\n"]);
        assert_eq!(sections("## Due\nx"), ["## Due\nx"]);
        assert!(sections(" \n").is_empty());
    }
}
