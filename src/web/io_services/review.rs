//! Before a sheet goes to the reviewers: what is missing, who will read it, and whether citizens will see it afterwards.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use entity::io_service::Lifecycle;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    SERVICES,
    acts::run,
    answer::{Done, find},
    overview::{self, Hint},
};
use crate::{
    actions::{
        self,
        io::{service::sheet_of, service_name::missing},
    },
    app::{
        App,
        io_services::{Outlook, Trouble, to_its_end},
    },
    domain::io::sheet,
    web::{
        error::Result,
        frame::{Frame, Hall},
        request::{Form, Path},
        session::Administrator,
        templates,
    },
};

/// Context of `pages/io_service_review.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    name: String,
    path: String,
    published: bool,
    by_a_person: Option<String>,
    hidden: bool,
    missing: Vec<Hint>,
    warnings: Vec<Hint>,
}

/// `GET /desk/admin/io/services/{id}/review`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    let (desk, cx) = (app.clone(), me.cx);
    let Outlook { by_a_person, hidden } =
        match to_its_end(async move { desk.io_before_review(&cx, &row).await }).await {
            Ok(outlook) => outlook,
            Err(trouble) => return overview::troubled(&app, &me, id, trouble).await,
        };
    // As IO has just said.
    let row = find(&app, &me, id).await?;
    if row.lifecycle != Lifecycle::Draft {
        let words = "In revisione si manda solo una bozza: prima modifica la scheda.";
        return overview::troubled(&app, &me, id, Trouble::Desk(actions::Error::Conflict(words))).await;
    }
    let sheet = sheet_of(&row);
    let page = Page {
        frame: Hall::enter(&app, &me).await?.frame("admin", None),
        path: format!("{SERVICES}/{id}"),
        published: row.published,
        by_a_person,
        hidden,
        missing: missing(&app.desk, &row, &sheet).await?.into_iter().map(Hint::from).collect(),
        warnings: sheet::warnings(&sheet).into_iter().map(Hint::from).collect(),
        name: row.name,
    };
    Ok((StatusCode::OK, templates::render("pages/io_service_review.html", page)?).into_response())
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct Fields {
    #[serde(default)]
    publish: String,
}

/// `POST /desk/admin/io/services/{id}/review`.
pub async fn hand_in(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    run(app, me, id, Done::Submitted, move |app, cx, row| async move {
        app.io_review(&cx, &row, fields.publish == "on").await
    })
    .await
}
