//! How a mailbox signs in with Microsoft, Google or another provider: the application, the owner's consent, and what became
//! of it. Secrets come in and never go out.
//!
//! The way to the provider is a page of ours that leads there, not a redirect: browsers hold the answer to a form to the
//! policy `form-action 'self'`, and that policy is worth more than a click.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header::REFRESH},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    mailbox::{Model, SignIn},
    mailbox_grant::{Flow, Model as Grant, Provider},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    actions::grant,
    app::{App, Brought, NotGranted},
    domain::endpoint,
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Path, Query},
        session::Administrator,
        templates,
    },
};

/// Context of `pages/mailbox_grant.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    mailbox: Named,
    path: String,
    form: Fields,
    secret_kept: bool,
    errors: Flaws,
    redirect_address: String,
    redirect_fit: bool,
    access: Access,
    consent: Option<Consent>,
}

#[derive(Serialize)]
struct Named {
    href: String,
    address: String,
}

/// How the mailbox signs in now.
#[derive(Serialize)]
struct Access {
    in_use: bool,
    granted_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
}

/// The way to the page of consent.
#[derive(Serialize)]
struct Consent {
    href: String,
    host: String,
}

/// The form as it stands on the page.
#[derive(Clone, Deserialize, Serialize)]
pub struct Fields {
    provider: Provider,
    flow: Flow,
    #[serde(default)]
    tenant: String,
    client_id: String,
    #[serde(skip_serializing)]
    client_secret: String,
    #[serde(default)]
    authorize_url: String,
    #[serde(default)]
    token_url: String,
    #[serde(default)]
    scope: String,
}

/// What a provider sends back with the browser (RFC 6749 §4.1.2).
#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// The query of the page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

impl Fields {
    fn stored(grant: Option<&Grant>) -> Self {
        let other = grant.filter(|grant| grant.provider == Provider::Other);
        Self {
            provider: grant.map_or(Provider::Microsoft, |grant| grant.provider),
            flow: grant.map_or(Flow::Code, |grant| grant.flow),
            tenant: grant.map(|grant| grant::tenant(grant).to_owned()).unwrap_or_default(),
            client_id: grant.map(|grant| grant.client_id.clone()).unwrap_or_default(),
            client_secret: String::new(),
            authorize_url: other.map(|grant| grant.authorize_url.clone()).unwrap_or_default(),
            token_url: other.map(|grant| grant.token_url.clone()).unwrap_or_default(),
            scope: other.map(|grant| grant.scope.clone()).unwrap_or_default(),
        }
    }

    fn form(&self) -> grant::Form {
        grant::Form {
            provider: self.provider,
            flow: self.flow,
            tenant: self.tenant.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            authorize_url: self.authorize_url.clone(),
            token_url: self.token_url.clone(),
            scope: self.scope.clone(),
        }
    }
}

fn path(mailbox: Uuid) -> String {
    format!("/desk/admin/mailboxes/{mailbox}/grant")
}

/// `GET /desk/admin/mailboxes/{id}/grant`.
pub async fn show(
    State(app): State<App>,
    admin: Administrator,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let outcome = Outcome { done: asked.done, ..Outcome::default() };
    page(&app, &admin, id, StatusCode::OK, outcome).await
}

/// `POST /desk/admin/mailboxes/{id}/grant`: saves, and goes on to the consent or gets the application's token.
pub async fn save(
    State(app): State<App>,
    admin: Administrator,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let cx = &admin.0.cx;
    if let Err(flaws) = judged(grant::save(&app.desk, cx, id, &fields.form(), rand::random()).await)? {
        let outcome = Outcome { typed: Some(fields), errors: named(flaws, &[]), ..Outcome::default() };
        return page(&app, &admin, id, StatusCode::UNPROCESSABLE_ENTITY, outcome).await;
    }
    match fields.flow {
        Flow::Code => match app.ask_consent(cx, id).await {
            Ok(href) => to_consent(&app, &admin, id, href).await,
            Err(refused) => not_granted(&app, &admin, refused).await,
        },
        Flow::ClientCredentials => granted(&app, &admin, app.sign_in_application(cx, id).await).await,
    }
}

/// `GET /desk/admin/mailboxes/grant/callback`.
pub async fn callback(
    State(app): State<App>,
    admin: Administrator,
    Query(answer): Query<Answer>,
) -> Result<Response> {
    let brought = Brought {
        state: answer.state,
        code: answer.code,
        refusal: answer.error.map(|code| (code, answer.error_description)),
    };
    let outcome = app.consent(&admin.0.cx, brought).await;
    granted(&app, &admin, outcome).await
}

/// `POST /desk/admin/mailboxes/{id}/grant/leave`: back to the password.
pub async fn leave(State(app): State<App>, admin: Administrator, Path(id): Path<Uuid>) -> Result<Response> {
    grant::leave(&app.desk, &admin.0.cx, id).await?;
    Ok(Redirect::to(&format!("{}?done=saved", path(id))).into_response())
}

/// A clean address: the provider's code stays in nobody's history.
async fn granted(
    app: &App,
    admin: &Administrator,
    outcome: std::result::Result<Uuid, NotGranted>,
) -> Result<Response> {
    match outcome {
        Ok(mailbox) => Ok(Redirect::to(&format!("{}?done=saved", path(mailbox))).into_response()),
        Err(refused) => not_granted(app, admin, refused).await,
    }
}

async fn not_granted(app: &App, admin: &Administrator, refused: NotGranted) -> Result<Response> {
    match refused {
        NotGranted::Desk(error) => Err(error.into()),
        NotGranted::Provider { mailbox, words } => {
            let outcome = Outcome { errors: Flaws::from([("form".into(), words)]), ..Outcome::default() };
            page(app, admin, mailbox, StatusCode::UNPROCESSABLE_ENTITY, outcome).await
        }
    }
}

async fn to_consent(app: &App, admin: &Administrator, id: Uuid, href: String) -> Result<Response> {
    let refresh = HeaderValue::try_from(format!("0; url={href}"))
        .map_err(|error| Error::Internal(anyhow::Error::from(error)))?;
    let host = endpoint::read(&href).ok().and_then(|url| url.host_str().map(ToOwned::to_owned));
    let consent = Consent { host: host.unwrap_or_default(), href };
    let outcome = Outcome { consent: Some(consent), ..Outcome::default() };
    let page = page(app, admin, id, StatusCode::OK, outcome).await?;
    Ok(([(REFRESH, refresh)], page).into_response())
}

/// What came of the form.
#[derive(Default)]
struct Outcome {
    done: Option<Done>,
    typed: Option<Fields>,
    errors: Flaws,
    consent: Option<Consent>,
}

async fn page(
    app: &App,
    admin: &Administrator,
    id: Uuid,
    status: StatusCode,
    outcome: Outcome,
) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, admin.0.row.organisation_id);
    let mailbox: Model = store::mailbox::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
    let grant = store::grant::by_mailbox(db, organisation, id).await?;
    let redirect_address = app.redirect_address();
    let page = Page {
        frame: Hall::enter(app, &admin.0).await?.frame("admin", outcome.done),
        mailbox: Named { href: format!("/desk/admin/mailboxes/{id}"), address: mailbox.address },
        path: path(id),
        form: outcome.typed.unwrap_or_else(|| Fields::stored(grant.as_ref())),
        secret_kept: grant.as_ref().is_some_and(|grant| grant.client_secret.is_some()),
        errors: outcome.errors,
        redirect_fit: endpoint::read(&redirect_address).is_ok(),
        redirect_address,
        access: Access {
            in_use: mailbox.sign_in == SignIn::Oauth,
            granted_at: grant.as_ref().and_then(|grant| grant.granted_at),
            expires_at: grant.as_ref().and_then(|grant| grant.expires_at),
            last_error: grant.and_then(|grant| grant.last_error),
        },
        consent: outcome.consent,
    };
    Ok((status, templates::render("pages/mailbox_grant.html", page)?).into_response())
}
