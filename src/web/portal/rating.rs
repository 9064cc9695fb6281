//! How easy a citizen found it: asked when the form is sent, and once more when the work is done if it was not answered.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Hall;
use crate::{
    actions::{self, submission},
    app::App,
    domain::text,
    web::error::Result,
};

/// Context of the macro `rating` (`portal/rating.html`).
#[derive(Debug, Serialize)]
pub struct Rating {
    here: String,
    given: bool,
    /// It was sent without stars.
    wrong: bool,
    note: String,
}

impl Rating {
    /// The question. `here`: where the answer is sent; `note`: the words of an answer without stars.
    #[must_use]
    pub fn asked(here: String, note: Option<String>) -> Self {
        Self { here, given: false, wrong: note.is_some(), note: note.unwrap_or_default() }
    }

    /// The thanks for an answer.
    #[must_use]
    pub fn given(here: String) -> Self {
        Self { here, given: true, wrong: false, note: String::new() }
    }
}

/// The answer.
#[derive(Debug, Deserialize)]
pub struct Rated {
    #[serde(default)]
    rating: String,
    #[serde(default)]
    note: String,
}

/// Keeps an answer; gives its words back when it has no stars.
pub async fn keep(app: &App, hall: &Hall, submission: Uuid, rated: &Rated) -> Result<Option<String>> {
    let stars = rated.rating.parse().unwrap_or(0);
    let note = text::typed(&rated.note);
    match submission::rate(&app.desk, &hall.cx, submission, stars, &note).await {
        Ok(()) => Ok(None),
        Err(actions::Error::Rejected(_)) => Ok(Some(note)),
        Err(error) => Err(error.into()),
    }
}
