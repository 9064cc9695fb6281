//! The texts in which citizens are told, as a list: which are the organisation's own.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use entity::{language::Language, update_rule::Occasion, update_text::Medium};
use serde::{Deserialize, Serialize};

use super::{HERE, words};
use crate::{
    actions::progress::settings::{Which, all_texts},
    app::App,
    store,
    web::{
        error::Result,
        frame::{Done, Frame, Hall},
        request::Query,
        session::Administrator,
        templates,
        words::capital,
    },
};

/// Context of `pages/update_texts.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
}

/// One occasion, for letters or for IO.
#[derive(Serialize)]
struct Row {
    label: String,
    medium: &'static str,
    texts: Vec<Text>,
}

#[derive(Serialize)]
struct Text {
    language: &'static str,
    href: String,
    /// The organisation has written it.
    own: bool,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// Where a text is.
pub fn path_of((occasion, medium, language): Which) -> String {
    format!("{HERE}/texts/{}/{}/{}", words::code(occasion), words::code(medium), language.tag())
}

/// `GET /desk/admin/updates/texts`.
pub async fn list(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &me).await?;
    let own = store::update::texts(&app.desk.db.read, hall.organisation.id).await?;
    let is_own = |which: Which| own.iter().any(|row| (row.occasion, row.medium, row.language) == which);
    let row = |(occasion, medium): (Occasion, Medium)| Row {
        label: capital(words::occasion(occasion)),
        medium: words::medium(medium),
        texts: Language::ALL
            .into_iter()
            .map(|language| Text {
                language: language.tag(),
                href: path_of((occasion, medium, language)),
                own: is_own((occasion, medium, language)),
            })
            .collect(),
    };
    let page = Page { frame: hall.frame("admin", asked.done), rows: all_texts().map(row).collect() };
    Ok(templates::render("pages/update_texts.html", page)?.into_response())
}
