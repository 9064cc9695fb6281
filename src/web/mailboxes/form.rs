//! One mailbox: its settings, tried or saved. A trial looks at the settings first, saves nothing and does not wait for ever
//! for two mail servers. How the mailbox signs in is decided on a page of its own (`grant`).

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveDate;
use entity::mailbox::{After, Exit, Kind, Model, Security, SignIn, Source};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    actions::mailbox::{self, Line},
    app::App,
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Frame, Hall},
        request::{Form, Path},
        session::Administrator,
        templates,
    },
};

/// Where new mailboxes are sent.
const NEW: &str = "/desk/admin/mailboxes";

/// Context of `pages/mailbox.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    action: String,
    title: String,
    form: Fields,
    imap_password_kept: bool,
    smtp_password_kept: bool,
    grant_href: Option<String>,
    by_grant: bool,
    errors: Flaws,
    tests: Option<Vec<Test>>,
}

#[derive(Serialize)]
struct Test {
    what: &'static str,
    ok: bool,
    text: String,
}

/// The form as it stands on the page; passwords come in and never go out.
#[derive(Clone, Deserialize, Serialize)]
pub struct Fields {
    address: String,
    name: String,
    source: Source,
    imap_host: String,
    imap_port: String,
    imap_security: Security,
    imap_user: String,
    #[serde(skip_serializing)]
    imap_password: String,
    imap_folder: String,
    maildir_path: String,
    after: After,
    after_folder: String,
    exit: Exit,
    smtp_host: String,
    smtp_port: String,
    smtp_security: Security,
    smtp_user: String,
    #[serde(skip_serializing)]
    smtp_password: String,
    exit_path: String,
    #[serde(default = "ordinary")]
    kind: Kind,
    #[serde(default)]
    authserv_id: String,
    #[serde(default)]
    password_expires_on: String,
    #[serde(default, deserialize_with = "ticked")]
    acknowledge: bool,
    #[serde(default, deserialize_with = "ticked")]
    sub_addressing: bool,
    #[serde(default, deserialize_with = "ticked", skip_serializing)]
    test: bool,
}

fn ordinary() -> Kind {
    Kind::Ordinary
}

fn ticked<'de, D: serde::Deserializer<'de>>(field: D) -> std::result::Result<bool, D::Error> {
    String::deserialize(field).map(|value| value == "on")
}

impl Fields {
    fn stored(row: &Model) -> Self {
        Self {
            address: row.address.clone(),
            name: row.name.clone(),
            source: row.source,
            imap_host: row.imap_host.clone(),
            imap_port: row.imap_port.to_string(),
            imap_security: row.imap_security,
            imap_user: row.imap_user.clone(),
            imap_password: String::new(),
            imap_folder: row.imap_folder.clone(),
            maildir_path: row.maildir_path.clone(),
            after: row.after,
            after_folder: row.after_folder.clone(),
            exit: row.exit,
            smtp_host: row.smtp_host.clone(),
            smtp_port: row.smtp_port.to_string(),
            smtp_security: row.smtp_security,
            smtp_user: row.smtp_user.clone(),
            smtp_password: String::new(),
            exit_path: row.exit_path.clone(),
            kind: row.kind,
            authserv_id: row.authserv_id.clone(),
            password_expires_on: row.password_expires_on.map(|day| day.to_string()).unwrap_or_default(),
            acknowledge: row.acknowledge,
            sub_addressing: row.sub_addressing,
            test: false,
        }
    }

    /// What the desk takes. A port that is none becomes 0, which the desk refuses where it matters; what is not on this page
    /// stays as it is stored.
    fn form(&self, stored: Option<&Model>) -> mailbox::Form {
        let port = |typed: &str| typed.trim().parse().unwrap_or(0);
        mailbox::Form {
            address: self.address.clone(),
            name: self.name.clone(),
            source: self.source,
            imap: Line {
                host: self.imap_host.clone(),
                port: port(&self.imap_port),
                security: self.imap_security,
                user: self.imap_user.clone(),
                password: self.imap_password.clone(),
            },
            imap_folder: self.imap_folder.clone(),
            maildir_path: self.maildir_path.clone(),
            after: self.after,
            after_folder: self.after_folder.clone(),
            exit: self.exit,
            smtp: Line {
                host: self.smtp_host.clone(),
                port: port(&self.smtp_port),
                security: self.smtp_security,
                user: self.smtp_user.clone(),
                password: self.smtp_password.clone(),
            },
            exit_path: self.exit_path.clone(),
            kind: self.kind,
            authserv_id: self.authserv_id.clone(),
            password_expires_on: self.day().unwrap_or(None),
            acknowledge: self.acknowledge,
            sub_addressing: self.sub_addressing,
            paused: stored.is_some_and(|stored| stored.paused),
        }
    }

    /// The day on which the password expires, if one is given. The error: what was typed is no day.
    fn day(&self) -> std::result::Result<Option<NaiveDate>, chrono::ParseError> {
        match self.password_expires_on.trim() {
            "" => Ok(None),
            typed => typed.parse().map(Some),
        }
    }

    /// What only this page can see to be wrong.
    fn misread(&self) -> Flaws {
        let wrong = self.day().is_err().then(|| {
            let words = "Scrivi il giorno come anno-mese-giorno, per esempio 2026-11-30.";
            ("password_expires_on", words.to_owned())
        });
        wrong.into_iter().map(|(field, words)| (field.into(), words)).collect()
    }
}

/// The form of a mailbox as it is stored, passwords kept.
pub fn stored_form(row: &Model) -> mailbox::Form {
    Fields::stored(row).form(Some(row))
}

/// `GET /desk/admin/mailboxes/new`.
pub async fn blank(State(app): State<App>, admin: Administrator) -> Result<Response> {
    let blank = mailbox::blank(&admin.0.cx);
    page(&app, &admin, StatusCode::OK, None, Fields::stored(&blank), Outcome::default()).await
}

/// `GET /desk/admin/mailboxes/{id}`.
pub async fn show(State(app): State<App>, admin: Administrator, Path(id): Path<Uuid>) -> Result<Response> {
    let stored = find(&app, &admin, id).await?;
    let fields = Fields::stored(&stored);
    page(&app, &admin, StatusCode::OK, Some(stored), fields, Outcome::default()).await
}

/// `POST /desk/admin/mailboxes`.
pub async fn add(
    State(app): State<App>,
    admin: Administrator,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    take(&app, &admin, None, fields).await
}

/// `POST /desk/admin/mailboxes/{id}`.
pub async fn change(
    State(app): State<App>,
    admin: Administrator,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let stored = find(&app, &admin, id).await?;
    take(&app, &admin, Some(stored), fields).await
}

async fn find(app: &App, admin: &Administrator, id: Uuid) -> Result<Model> {
    store::mailbox::by_id(&app.desk.db.read, admin.0.row.organisation_id, id).await?.ok_or(Error::NotFound)
}

/// What came of the form.
#[derive(Default)]
struct Outcome {
    errors: Flaws,
    tests: Option<Vec<Test>>,
}

async fn take(app: &App, admin: &Administrator, stored: Option<Model>, fields: Fields) -> Result<Response> {
    let form = fields.form(stored.as_ref());
    let cx = &admin.0.cx;
    let id = stored.as_ref().map(|stored| stored.id);
    let mut errors = fields.misread();
    if let Err(flaws) = judged(mailbox::check(&form))? {
        errors.extend(named(flaws, &[]));
    }
    if errors.is_empty() && fields.test {
        let tests = Some(trial(app, admin, stored.as_ref(), &form).await);
        let outcome = Outcome { tests, ..Outcome::default() };
        return page(app, admin, StatusCode::OK, stored, fields, outcome).await;
    }
    if errors.is_empty() {
        match judged(mailbox::save(&app.desk, cx, id, &form, rand::random()).await)? {
            Ok(_) => return Ok(Redirect::to("/desk/admin/mailboxes?done=saved").into_response()),
            Err(flaws) => errors.extend(named(flaws, &[])),
        }
    }
    let outcome = Outcome { errors, ..Outcome::default() };
    page(app, admin, StatusCode::UNPROCESSABLE_ENTITY, stored, fields, outcome).await
}

/// Both lines as they would be after saving, signed in and looked at.
async fn trial(app: &App, admin: &Administrator, stored: Option<&Model>, form: &mailbox::Form) -> Vec<Test> {
    let before = stored.cloned().unwrap_or_else(|| mailbox::blank(&admin.0.cx));
    let trial = app.try_mailbox(&mailbox::described(&app.desk, before, form, rand::random())).await;
    vec![test("Lettura", trial.incoming), test("Invio", trial.outgoing)]
}

fn test(what: &'static str, outcome: std::result::Result<String, String>) -> Test {
    let ok = outcome.is_ok();
    Test { what, ok, text: outcome.unwrap_or_else(|words| words) }
}

async fn page(
    app: &App,
    admin: &Administrator,
    status: StatusCode,
    stored: Option<Model>,
    form: Fields,
    outcome: Outcome,
) -> Result<Response> {
    let stored = stored.as_ref();
    let page = Page {
        frame: Hall::enter(app, &admin.0).await?.frame("admin", None),
        action: stored.map_or_else(|| NEW.to_owned(), |stored| format!("{NEW}/{}", stored.id)),
        title: stored.map_or_else(|| "Nuova casella".to_owned(), |stored| stored.address.clone()),
        imap_password_kept: stored.is_some_and(|stored| stored.imap_secret.is_some()),
        smtp_password_kept: stored.is_some_and(|stored| stored.smtp_secret.is_some()),
        grant_href: stored.map(|stored| format!("{NEW}/{}/grant", stored.id)),
        by_grant: stored.is_some_and(|stored| stored.sign_in == SignIn::Oauth),
        form,
        errors: outcome.errors,
        tests: outcome.tests,
    };
    Ok((status, templates::render("pages/mailbox.html", page)?).into_response())
}
