//! Whether a service sends, and to whom.

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answer::{Done, find, said},
    overview::{self, Visit},
};
use crate::{
    actions::{self, io::service_keys},
    app::App,
    web::{
        error::Result,
        flaws::{judged, named},
        request::{Form, Path},
        session::Administrator,
    },
};

/// The form.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Fields {
    version: i32,
    #[serde(default)]
    sends: String,
    #[serde(default)]
    trial: String,
    #[serde(default)]
    test_codes: String,
}

impl Fields {
    /// As it is stored.
    pub fn of(row: &entity::io_service::Model) -> Self {
        let on = |yes: bool| if yes { "on" } else { "" }.to_owned();
        let codes = row.test_codes.as_ref().map(|codes| codes.0.join("\n"));
        Self {
            version: row.version,
            sends: on(row.sends),
            trial: on(codes.is_some()),
            test_codes: codes.unwrap_or_default(),
        }
    }
}

/// `POST /desk/admin/io/services/{id}/test`.
pub async fn set(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    let typed: Vec<String> =
        fields.test_codes.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let trial = (fields.trial == "on").then_some(typed.as_slice());
    let place = (row.id, fields.version);
    let outcome = service_keys::set_sending(&app.desk, &me.cx, place, fields.sends == "on", trial).await;
    if let Err(error @ actions::Error::Conflict(_)) = outcome {
        // What was typed stays, and holds when it is sent again.
        let version = find(&app, &me, id).await?.version;
        let (status, words) = said(error.into())?;
        let words = format!("{words} Se salvi di nuovo, vale quello che c’è nel modulo.");
        let sending = Some(Fields { version, ..fields });
        let visit = Visit { trouble: Some(words), sending, ..Visit::default() };
        return overview::page(&app, &me, id, status, visit).await;
    }
    match judged(outcome)? {
        Ok(()) => Ok(Done::Sending.at(id)),
        Err(flaws) => {
            let visit = Visit { sending: Some(fields), ..Visit::wrong(named(flaws, &[])) };
            overview::refused(&app, &me, id, visit).await
        }
    }
}

/// `POST /desk/admin/io/services/{id}/resume`.
pub async fn resume(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    service_keys::resume(&app.desk, &me.cx, row.id).await?;
    Ok(Done::Resumed.at(id))
}
