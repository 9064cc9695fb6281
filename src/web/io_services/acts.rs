//! Acts at IO: each asks, writes down what came of it, and goes back to the page of the service.

use std::future::Future;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use entity::io_service::Model;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    HERE, account,
    answer::{Done, find},
    overview,
};
use crate::{
    actions::Cx,
    app::{
        App,
        io_services::{Trouble, to_its_end},
    },
    web::{
        error::{Error, Result},
        request::{Form, Path, address},
        session::{Administrator, Operator},
    },
};

/// Does something about a service, to its end.
pub async fn run<F>(
    app: App,
    me: Operator,
    id: Uuid,
    done: Done,
    act: impl FnOnce(App, Cx, Model) -> F,
) -> Result<Response>
where
    F: Future<Output = std::result::Result<(), Trouble>> + Send + 'static,
{
    let row = find(&app, &me, id).await?;
    match to_its_end(act(app.clone(), me.cx, row)).await {
        Ok(()) => match find(&app, &me, id).await {
            // IO has said that it is gone.
            Err(Error::NotFound) => Ok(Done::Gone.on(HERE)),
            there => there.map(|_| done.at(id)),
        },
        Err(trouble) => overview::troubled(&app, &me, id, trouble).await,
    }
}

/// `POST /desk/admin/io/services/import`.
pub async fn import(State(app): State<App>, Administrator(me): Administrator) -> Result<Response> {
    let (desk, cx) = (app.clone(), me.cx);
    match to_its_end(async move { desk.io_import(&cx).await }).await {
        Ok(import) => {
            let found = account::Found::from(import);
            Ok(Redirect::to(&address(HERE, &found)).into_response())
        }
        Err(trouble) => account::troubled(&app, &me, trouble).await,
    }
}

/// What stands beside the button that makes a service.
#[derive(Debug, Deserialize)]
pub struct Making {
    version: i32,
    #[serde(default)]
    knowing: String,
}

/// `POST /desk/admin/io/services/{id}/make`.
pub async fn make(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(making): Form<Making>,
) -> Result<Response> {
    run(app, me, id, Done::Made, move |app, cx, row| async move {
        app.io_make(&cx, (row.id, making.version), making.knowing == "on").await
    })
    .await
}

/// `POST /desk/admin/io/services/{id}/publish`.
pub async fn publish(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    run(app, me, id, Done::Published, |app, cx, row| async move { app.io_publish(&cx, &row, true).await })
        .await
}

/// `POST /desk/admin/io/services/{id}/unpublish`.
pub async fn unpublish(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    run(app, me, id, Done::Hidden, |app, cx, row| async move { app.io_publish(&cx, &row, false).await }).await
}

/// `POST /desk/admin/io/services/{id}/refresh`.
pub async fn refresh(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    run(app, me, id, Done::Refreshed, |app, cx, row| async move { app.io_refresh(&cx, &row).await }).await
}
