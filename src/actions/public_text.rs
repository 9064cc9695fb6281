//! The texts of the portal that the organisation writes: each page in each language, as Markdown. What it has not written is
//! said in our words.

use chrono::{DateTime, Utc};
use entity::{language::Language, public_text::Model};
use sea_orm::DatabaseTransaction;

use super::{Cx, Desk, Error, Flaw, Result, accept, portal::PRIVACY};
use crate::{
    domain::{form::of_kind, text},
    store,
    wording::pages,
};

/// Pages that every portal has; beside them each published form has a card, `service/<code of the kind>`.
pub const PAGES: [&str; 5] = ["home", PRIVACY, "accessibility", "legal", "contacts"];
/// What the page of a form's card begins with.
pub const SERVICE: &str = "service/";
/// Longest text, in bytes.
pub const TEXT_BYTES: usize = 60_000;
const MEANWHILE: &str = "Nel frattempo un altro amministratore ha cambiato questo testo: apri la pagina in un’altra scheda, poi riprova.";

/// One text as it is typed.
#[derive(Clone, Debug)]
pub struct Form {
    /// Which page.
    pub page: String,
    /// In which language.
    pub language: Language,
    /// Markdown; empty: our own words again.
    pub text: String,
    /// When the text on the page was last changed; `None` when there was none.
    pub seen: Option<DateTime<Utc>>,
}

/// Writes a text, or gives the page back to our words.
///
/// # Errors
/// `NotFound` for a page that portals do not have; `Rejected` (field `text`); `Conflict` when it is another by now.
pub async fn save(desk: &Desk, cx: &Cx, form: &Form) -> Result<()> {
    let text = text::typed(&form.text);
    accept(too_long(&text))?;
    let tx = desk.db.begin().await?;
    if !is_page(&tx, cx, &form.page).await? {
        return Err(Error::NotFound);
    }
    let before = store::public_text::of(&tx, cx.organisation, &form.page, form.language).await?;
    if before.as_ref().map(|before| before.updated_at) != form.seen {
        return Err(Error::Conflict(MEANWHILE));
    }
    if text.is_empty() {
        keep_privacy(&tx, cx, form).await?;
        store::public_text::delete(&tx, cx.organisation, &form.page, form.language).await?;
    } else {
        keep_complete(&tx, cx, form, &text).await?;
        let row = Model {
            organisation_id: cx.organisation,
            page: form.page.clone(),
            language: form.language,
            text,
            author_id: cx.actor,
            updated_at: cx.now,
        };
        store::public_text::put(&tx, row).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whether the organisation has written a page, in Italian: the language in which it answers for it.
pub(super) async fn is_written(tx: &DatabaseTransaction, cx: &Cx, page: &str) -> Result<bool> {
    Ok(store::public_text::of(tx, cx.organisation, page, Language::It).await?.is_some())
}

/// Whether nothing is left for the organisation to complete in a page, in any language in which it has written it.
pub(super) async fn is_complete(tx: &DatabaseTransaction, cx: &Cx, page: &str) -> Result<bool> {
    for language in Language::ALL {
        let written = store::public_text::of(tx, cx.organisation, page, language).await?;
        if written.is_some_and(|row| pages::is_unfinished(&row.text)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What an open portal says about personal data has no gaps.
async fn keep_complete(tx: &DatabaseTransaction, cx: &Cx, form: &Form, text: &str) -> Result<()> {
    if form.page == PRIVACY && pages::is_unfinished(text) && super::portal::of(tx, cx).await?.open {
        let words = "Lo sportello è aperto: completa le parti fra parentesi quadre, poi salva.";
        return Err(Error::Rejected(vec![Flaw::new("text", words)]));
    }
    Ok(())
}

/// An open portal does not lose what it says about personal data.
async fn keep_privacy(tx: &DatabaseTransaction, cx: &Cx, form: &Form) -> Result<()> {
    let portal = super::portal::of(tx, cx).await?;
    if form.page == PRIVACY && form.language == Language::It && portal.open {
        let words = "Lo sportello è aperto: l’informativa sulla privacy si può cambiare, non togliere.";
        return Err(Error::Rejected(vec![Flaw::new("text", words)]));
    }
    Ok(())
}

async fn is_page(tx: &DatabaseTransaction, cx: &Cx, page: &str) -> Result<bool> {
    if PAGES.contains(&page) {
        return Ok(true);
    }
    let Some(code) = page.strip_prefix(SERVICE) else { return Ok(false) };
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    Ok(kinds.iter().any(|kind| kind.code == code && of_kind(kind).is_some()))
}

fn too_long(text: &str) -> Vec<Flaw> {
    let words = "Il testo è troppo lungo: metti una parte in un’altra pagina, o in un documento.";
    if text.len() > TEXT_BYTES { vec![Flaw::new("text", words)] } else { Vec::new() }
}
