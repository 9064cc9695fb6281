//! The mailboxes and how they are; the mails in quarantine.

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    incoming_mail,
    mailbox::{Kind, Model, Source},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::form::stored_form;
use crate::{
    actions::mailbox,
    app::App,
    store,
    web::{
        error::{Error, Result},
        frame::{Done, Frame, Hall},
        mail::path_of as path_of_mail,
        request::{Path, Query},
        session::Administrator,
        templates, words,
    },
};

/// Mails in quarantine that are listed; more of them have one cause.
const QUARANTINED: u64 = 50;

/// Context of `pages/mailboxes.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    quarantined: Vec<Quarantined>,
    more_quarantined: bool,
}

#[derive(Serialize)]
struct Row {
    id: Uuid,
    address: String,
    name: String,
    href: String,
    kind: Kind,
    source: Source,
    place: String,
    state: State_,
    troubles: Vec<String>,
    last_success_at: Option<DateTime<Utc>>,
    failing_since: Option<DateTime<Utc>>,
    last_error: Option<String>,
    exit_error: Option<String>,
    comparison: Option<Comparison>,
}

/// How the server stands to the ledger; only a server that we ask can be compared.
#[derive(Serialize)]
struct Comparison {
    at: Option<DateTime<Utc>>,
    mails: String,
    missing: String,
    asked: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum State_ {
    Fine,
    Waiting,
    Failing,
    Paused,
}

#[derive(Serialize)]
struct Quarantined {
    id: Uuid,
    mailbox: String,
    received_at: DateTime<Utc>,
    reason: String,
    href: String,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/mailboxes`.
pub async fn show(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &operator).await?;
    let frame = hall.frame("admin", asked.done);
    let mails =
        store::incoming_mail::quarantined(&app.desk.db.read, hall.organisation.id, QUARANTINED + 1).await?;
    let addresses: HashMap<Uuid, String> =
        hall.mailboxes.iter().map(|mailbox| (mailbox.id, mailbox.address.clone())).collect();
    let quarantined = |mail: incoming_mail::Model| Quarantined {
        id: mail.id,
        mailbox: addresses.get(&mail.mailbox_id).cloned().unwrap_or_default(),
        received_at: mail.received_at,
        reason: mail.last_error.unwrap_or_default(),
        href: path_of_mail(mail.id),
    };
    let shown = usize::try_from(QUARANTINED).unwrap_or(usize::MAX);
    let page = Page {
        frame,
        more_quarantined: mails.len() > shown,
        quarantined: mails.into_iter().take(shown).map(quarantined).collect(),
        rows: hall.mailboxes.iter().map(|mailbox| row(&hall, mailbox.clone())).collect(),
    };
    Ok(templates::render("pages/mailboxes.html", page)?.into_response())
}

fn row(hall: &Hall, mailbox: Model) -> Row {
    let troubles = hall.troubles(&mailbox).into_iter().map(words::trouble);
    let troubles = troubles.map(|sentence| words::capital(&sentence)).collect();
    let state = match &mailbox {
        Model { paused: true, .. } => State_::Paused,
        Model { failing_since: Some(_), .. } => State_::Failing,
        Model { last_success_at: None, .. } => State_::Waiting,
        _ => State_::Fine,
    };
    Row {
        href: format!("/desk/admin/mailboxes/{}", mailbox.id),
        comparison: (mailbox.source == Source::Imap).then(|| comparison(&mailbox)),
        kind: mailbox.kind,
        troubles,
        place: if mailbox.source == Source::Imap { mailbox.imap_host } else { mailbox.maildir_path },
        id: mailbox.id,
        address: mailbox.address,
        name: mailbox.name,
        source: mailbox.source,
        state,
        last_success_at: mailbox.last_success_at,
        failing_since: mailbox.failing_since,
        last_error: mailbox.last_error,
        exit_error: mailbox.exit_error,
    }
}

fn comparison(mailbox: &Model) -> Comparison {
    let asked = mailbox.reconcile_asked_at;
    Comparison {
        at: mailbox.reconciled_at,
        mails: words::count(mailbox.reconciled_mails),
        missing: words::count(mailbox.reconciled_missing),
        asked: asked.is_some_and(|asked| mailbox.reconciled_at.is_none_or(|done| done < asked)),
    }
}

/// `POST /desk/admin/mailboxes/{id}/reconcile`.
pub async fn reconcile(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    mailbox::ask_reconcile(&app.desk, &operator.cx, id).await?;
    Ok(Redirect::to("/desk/admin/mailboxes?done=reconcile_asked").into_response())
}

/// `POST /desk/admin/mailboxes/{id}/pause`.
pub async fn pause(State(app): State<App>, admin: Administrator, Path(id): Path<Uuid>) -> Result<Response> {
    rest(&app, &admin, id, true).await
}

/// `POST /desk/admin/mailboxes/{id}/resume`.
pub async fn resume(State(app): State<App>, admin: Administrator, Path(id): Path<Uuid>) -> Result<Response> {
    rest(&app, &admin, id, false).await
}

async fn rest(
    app: &App,
    Administrator(operator): &Administrator,
    id: Uuid,
    paused: bool,
) -> Result<Response> {
    let stored = store::mailbox::by_id(&app.desk.db.read, operator.row.organisation_id, id)
        .await?
        .ok_or(Error::NotFound)?;
    let form = mailbox::Form { paused, ..stored_form(&stored) };
    mailbox::save(&app.desk, &operator.cx, Some(id), &form, rand::random()).await?;
    let done = if paused { "paused" } else { "resumed" };
    Ok(Redirect::to(&format!("/desk/admin/mailboxes?done={done}")).into_response())
}
