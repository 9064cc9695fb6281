//! One notice: where it stands, how it reads, what it explains, what was changed.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::notice;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    find,
    history::{self, Change},
    link::{self, Order},
    path_of,
    preview::{Preview, previews},
};
use crate::{
    app::App,
    store,
    web::{
        error::{Error, Result},
        frame::{Done, Frame, Hall},
        request::{Path, Query},
        session::Operator,
        templates,
    },
};

/// Context of `pages/notice.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    state: notice::State,
    version: i32,
    organisation: String,
    public_href: String,
    kinds: Vec<String>,
    published_at: Option<DateTime<Utc>>,
    restored_at: Option<DateTime<Utc>>,
    followers: u64,
    unconfirmed: u64,
    previews: Vec<Preview>,
    linked: Vec<Order>,
    more_linked: bool,
    suggested: Vec<Order>,
    history: Vec<Change>,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/notices/{id}`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let row = find(&app, &operator, id).await?;
    let hall = Hall::enter(&app, &operator).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let people = store::operator::all(db, organisation).await?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let portal = store::portal::of(db, organisation).await?.ok_or(Error::NotFound)?;
    let orders = link::read(&app, &row).await?;
    let (followers, unconfirmed) = store::audience::following(db, organisation, row.id).await?;
    let page = Page {
        frame: hall.frame("notices", asked.done),
        path: path_of(row.id),
        public_href: format!("/sportello/{}/avvisi/{}", portal.slug, row.id),
        history: history::read(&app, organisation, row.id, &people, &kinds).await?,
        kinds: kinds
            .iter()
            .filter(|kind| row.kinds.0.contains(&kind.id))
            .map(|kind| kind.name.clone())
            .collect(),
        followers,
        unconfirmed,
        previews: previews(&row, &hall.organisation.name, &app.desk.portal_url(&portal)),
        organisation: hall.organisation.name.clone(),
        linked: orders.linked,
        more_linked: orders.more,
        suggested: orders.suggested,
        title: row.title.it,
        state: row.state,
        version: row.version,
        published_at: row.published_at,
        restored_at: row.restored_at,
    };
    Ok(templates::render("pages/notice.html", page)?.into_response())
}
