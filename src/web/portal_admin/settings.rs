//! The settings of the portal, and the act of opening it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    mailbox::Kind,
    portal::{Admission, Anonymous, Model},
};
use serde::{Deserialize, Serialize};

use super::HERE;
use crate::{
    actions::{self, portal},
    app::App,
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Query},
        session::{Administrator, Operator},
        templates,
    },
};

/// Context of `pages/portal.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    open: bool,
    preview_href: String,
    form: Fields,
    mailboxes: Vec<Choice>,
    errors: Flaws,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// The form as it stands on the page.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Fields {
    name: String,
    slug: String,
    #[serde(default)]
    host: String,
    colour: String,
    #[serde(default)]
    phone: String,
    admission: Admission,
    anonymous: Anonymous,
    #[serde(default)]
    listed: String,
    contest_days: String,
    link_days: String,
    #[serde(default)]
    mailbox: String,
    version: i32,
}

impl Fields {
    fn stored(name: &str, portal: &Model) -> Self {
        Self {
            name: name.to_owned(),
            slug: portal.slug.clone(),
            host: portal.host.clone().unwrap_or_default(),
            colour: portal.colour.clone(),
            phone: portal.phone.clone(),
            admission: portal.admission,
            anonymous: portal.anonymous,
            listed: if portal.listed { "on" } else { "" }.to_owned(),
            contest_days: portal.contest_days.to_string(),
            link_days: portal.link_days.to_string(),
            mailbox: portal.mailbox_id.map(|id| id.to_string()).unwrap_or_default(),
            version: portal.version,
        }
    }

    /// What the desk takes. Days that are no number become -1, which the desk refuses.
    fn form(&self) -> Result<portal::Form> {
        let days = |typed: &str| typed.trim().parse().unwrap_or(-1);
        let mailbox = match self.mailbox.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::Unreadable)?),
        };
        Ok(portal::Form {
            name: self.name.clone(),
            slug: self.slug.clone(),
            host: self.host.clone(),
            colour: self.colour.clone(),
            phone: self.phone.clone(),
            admission: self.admission,
            anonymous: self.anonymous,
            listed: self.listed == "on",
            contest_days: days(&self.contest_days),
            link_days: days(&self.link_days),
            mailbox,
            version: self.version,
        })
    }
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/portal`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let visit = Visit { done: asked.done, ..Visit::default() };
    page(&app, &me, StatusCode::OK, visit).await
}

/// `POST /desk/admin/portal`.
pub async fn save(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    match portal::save(&app.desk, &me.cx, &fields.form()?).await {
        Ok(()) => Ok(to("saved")),
        Err(error) => refused(&app, &me, Some(fields), error).await,
    }
}

/// What the page showed when somebody pressed the button.
#[derive(Debug, Deserialize)]
pub struct Version {
    version: i32,
}

/// `POST /desk/admin/portal/open`.
pub async fn open(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(Version { version }): Form<Version>,
) -> Result<Response> {
    match portal::set_open(&app.desk, &me.cx, version, true).await {
        Ok(()) => Ok(to("portal_opened")),
        Err(error) => refused(&app, &me, None, error).await,
    }
}

/// `POST /desk/admin/portal/close`.
pub async fn close(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(Version { version }): Form<Version>,
) -> Result<Response> {
    match portal::set_open(&app.desk, &me.cx, version, false).await {
        Ok(()) => Ok(to("portal_closed")),
        Err(error) => refused(&app, &me, None, error).await,
    }
}

fn to(done: &str) -> Response {
    Redirect::to(&format!("{HERE}?done={done}")).into_response()
}

/// The page again, with what was typed and what is wrong with it.
async fn refused(app: &App, me: &Operator, typed: Option<Fields>, error: actions::Error) -> Result<Response> {
    let (status, errors) = match error {
        actions::Error::Conflict(words) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), words.to_owned())]))
        }
        other => match judged::<()>(Err(other))? {
            Ok(()) => (StatusCode::OK, Flaws::new()),
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[("open", "form")])),
        },
    };
    page(app, me, status, Visit { typed, errors, done: None }).await
}

#[derive(Default)]
struct Visit {
    typed: Option<Fields>,
    errors: Flaws,
    done: Option<Done>,
}

async fn page(app: &App, me: &Operator, status: StatusCode, visit: Visit) -> Result<Response> {
    let hall = Hall::enter(app, me).await?;
    let portal = store::portal::of(&app.desk.db.read, hall.organisation.id).await?.ok_or(Error::NotFound)?;
    let ordinary = hall.mailboxes.iter().filter(|mailbox| mailbox.kind == Kind::Ordinary);
    let page = Page {
        frame: hall.frame("admin", visit.done),
        open: portal.open,
        preview_href: format!("/sportello/{}", portal.slug),
        mailboxes: ordinary
            .map(|mailbox| Choice { value: mailbox.id.to_string(), label: mailbox.address.clone() })
            .collect(),
        form: visit.typed.unwrap_or_else(|| Fields::stored(&hall.organisation.name, &portal)),
        errors: visit.errors,
    };
    Ok((status, templates::render("pages/portal.html", page)?).into_response())
}
