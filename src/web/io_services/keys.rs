//! The keys of a service: read, chosen, made anew, pasted. They come in and never go out; of each, its last characters are shown.

use axum::{extract::State, response::Response};
use entity::io_service::{KeyInUse, Model};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    acts::run,
    answer::{Done, find},
    overview::{self, Visit},
};
use crate::{
    actions::{
        self,
        io::service_keys::{self, Pair},
    },
    app::{
        App,
        io_services::{Tried, Trouble, to_its_end},
    },
    web::{
        error::{Error, Result},
        flaws::named,
        request::{Form, Path},
        session::Administrator,
    },
};

/// Characters of a key that are shown.
const SHOWN: usize = 4;
/// A key of which so few would remain unseen is not shown at all.
const SHORTEST: usize = 16;

/// What is to be done with keys.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Read both from IO.
    Fetch,
    /// Use one from now on.
    Use,
    /// Make one anew.
    Renew,
    /// Try what was pasted, and keep it.
    Keep,
}

/// The form.
#[derive(Deserialize)]
pub struct Fields {
    act: Act,
    version: i32,
    which: Option<KeyInUse>,
    #[serde(default)]
    primary_key: String,
    #[serde(default)]
    secondary_key: String,
}

/// One of the two, as the page shows it.
#[derive(Debug, Serialize)]
pub struct Shown {
    label: &'static str,
    which: KeyInUse,
    there: bool,
    /// Its last characters; none where they would say too much.
    ending: Option<String>,
    in_use: bool,
}

/// The end of a key, by which two can be told apart.
pub fn ending(app: &App, sealed: &[u8]) -> Option<String> {
    let key = app.desk.keys.open(sealed).ok()?;
    let length = key.chars().count();
    (length >= SHORTEST).then(|| key.chars().skip(length - SHOWN).collect())
}

/// Both.
pub fn shown(app: &App, row: &Model) -> [Shown; 2] {
    [("Primaria", KeyInUse::Primary), ("Secondaria", KeyInUse::Secondary)].map(|(label, which)| {
        let sealed = service_keys::key(row, which);
        Shown {
            label,
            which,
            there: sealed.is_some(),
            ending: sealed.and_then(|key| ending(app, key)),
            in_use: row.key_in_use == which,
        }
    })
}

/// `POST /desk/admin/io/services/{id}/keys`.
pub async fn act(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let version = fields.version;
    match fields.act {
        Act::Fetch => {
            run(app, me, id, Done::KeysRead, |app, cx, row| async move { app.io_keys(&cx, &row).await }).await
        }
        Act::Use => {
            let which = fields.which.ok_or(Error::Unreadable)?;
            run(app, me, id, Done::KeyChosen, move |app, cx, row| async move {
                Ok(service_keys::choose(&app.desk, &cx, (row.id, version), which).await?)
            })
            .await
        }
        Act::Renew => {
            let which = fields.which.ok_or(Error::Unreadable)?;
            run(app, me, id, Done::KeyRenewed, move |app, cx, row| async move {
                app.io_renew_key(&cx, &row, version, which).await
            })
            .await
        }
        Act::Keep => {
            let row = find(&app, &me, id).await?;
            let pasted = |key: &str| Some(key.trim()).filter(|key| !key.is_empty()).map(SecretString::from);
            let pair =
                Pair { primary: pasted(&fields.primary_key), secondary: pasted(&fields.secondary_key) };
            let (desk, cx) = (app.clone(), me.cx);
            match to_its_end(async move { desk.io_paste_keys(&cx, &row, &pair).await }).await {
                Ok(Tried::Accepted) => Ok(Done::KeysKept.at(id)),
                Ok(Tried::Unproven) => Ok(Done::KeysUntried.at(id)),
                Err(Trouble::Desk(actions::Error::Rejected(flaws))) => {
                    overview::refused(&app, &me, id, Visit::wrong(named(flaws, &[]))).await
                }
                Err(trouble) => overview::troubled(&app, &me, id, trouble).await,
            }
        }
    }
}
