//! The texts that citizens read and the organisation writes: a list with who wrote what and when, and one text to edit, with
//! a preview that saves nothing.

use std::collections::HashMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{language::Language, public_text::Model, request_kind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::HERE;
use crate::{
    actions::{
        self,
        public_text::{self, PAGES, SERVICE},
    },
    app::App,
    domain::form::of_kind,
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Path, Query},
        session::{Administrator, Operator},
        templates,
    },
    wording::pages::{self, About},
};

/// Context of `pages/portal_texts.html`.
#[derive(Serialize)]
struct List {
    frame: Frame,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    label: String,
    texts: Vec<Written>,
}

#[derive(Serialize)]
struct Written {
    language: &'static str,
    href: String,
    author: Option<String>,
    updated_at: Option<DateTime<Utc>>,
    /// Citizens read the organisation's Italian text here.
    italian: bool,
}

/// Context of `pages/portal_text.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    language: &'static str,
    /// The address of what citizens see.
    public_href: String,
    author: Option<String>,
    updated_at: Option<DateTime<Utc>>,
    /// Our words, in force while the organisation has none.
    default: String,
    default_html: String,
    form: Fields,
    preview: Option<String>,
    errors: Flaws,
}

/// The form as it stands on the page.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Fields {
    text: String,
    /// Microseconds of the last change that the page knows of; empty for none.
    #[serde(default)]
    seen: String,
    /// Which button.
    #[serde(default, skip_serializing)]
    act: String,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// What a page is called.
fn label(page: &str, kinds: &[request_kind::Model]) -> String {
    let fixed = match page {
        "home" => "Pagina iniziale",
        "privacy" => "Informativa sulla privacy",
        "accessibility" => "Dichiarazione di accessibilità",
        "legal" => "Note legali",
        "contacts" => "Contatti",
        _ => {
            let code = page.strip_prefix(SERVICE).unwrap_or(page);
            let name = kinds.iter().find(|kind| kind.code == code).map_or(code, |kind| kind.name.as_str());
            return format!("Scheda del servizio: {name}");
        }
    };
    fixed.to_owned()
}

fn path_of(language: Language, page: &str) -> String {
    format!("{HERE}/texts/{}/{page}", language.tag())
}

/// What the pages of an organisation are, and whose.
struct Pages {
    hall: Hall,
    kinds: Vec<request_kind::Model>,
    people: HashMap<Uuid, String>,
}

impl Pages {
    async fn read(app: &App, me: &Operator) -> Result<Self> {
        let hall = Hall::enter(app, me).await?;
        let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
        let people = store::operator::all(db, organisation).await?;
        Ok(Self {
            kinds: store::organisation::kinds(db, organisation).await?,
            people: people.into_iter().map(|person| (person.id, person.name)).collect(),
            hall,
        })
    }

    /// Every page, with the cards of the published forms.
    fn all(&self) -> Vec<String> {
        let cards = self.kinds.iter().filter(|kind| kind.published && of_kind(kind).is_some());
        let cards = cards.map(|kind| format!("{SERVICE}{}", kind.code));
        PAGES.iter().map(|page| (*page).to_owned()).chain(cards).collect()
    }

    fn author(&self, row: &Model) -> Option<String> {
        row.author_id.and_then(|id| self.people.get(&id).cloned())
    }
}

/// `GET /desk/admin/portal/texts`.
pub async fn list(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let pages = Pages::read(&app, &me).await?;
    let written = store::public_text::all(&app.desk.db.read, pages.hall.organisation.id).await?;
    let row = |page: String| Row {
        label: label(&page, &pages.kinds),
        texts: Language::ALL
            .map(|language| {
                let own = |language| written.iter().find(|row| row.page == page && row.language == language);
                let found = own(language);
                Written {
                    italian: found.is_none() && own(Language::It).is_some(),
                    language: language.tag(),
                    href: path_of(language, &page),
                    author: found.and_then(|row| pages.author(row)),
                    updated_at: found.map(|row| row.updated_at),
                }
            })
            .into(),
    };
    let rows = pages.all().into_iter().map(row).collect();
    let page = List { frame: pages.hall.frame("admin", asked.done), rows };
    Ok(templates::render("pages/portal_texts.html", page)?.into_response())
}

/// `GET /desk/admin/portal/texts/{language}/{page}`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path((tag, name)): Path<(String, String)>,
) -> Result<Response> {
    page(&app, &me, StatusCode::OK, (&tag, &name), Visit::default()).await
}

/// `POST /desk/admin/portal/texts/{language}/{page}`.
pub async fn save(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path((tag, name)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let language = language_of(&tag)?;
    if fields.act == "preview" {
        let preview = Some(app.markdown(&fields.text));
        let visit = Visit { typed: Some(fields), preview, errors: Flaws::new() };
        return page(&app, &me, StatusCode::OK, (&tag, &name), visit).await;
    }
    let text = match fields.act.as_str() {
        // Accepting our words makes them the organisation's: they stay as accepted when a new version changes ours.
        "accept" => default_of(&app, &me, language, &name).await?,
        _ => fields.text.clone(),
    };
    let seen = match fields.seen.as_str() {
        "" => None,
        micros => {
            Some(micros.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(Error::Unreadable)?)
        }
    };
    let form = public_text::Form { page: name.clone(), language, text, seen };
    let (status, errors) = match public_text::save(&app.desk, &me.cx, &form).await {
        Ok(()) => return Ok(Redirect::to(&format!("{HERE}/texts?done=saved")).into_response()),
        Err(actions::Error::Conflict(words)) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), words.to_owned())]))
        }
        Err(error) => match judged::<()>(Err(error))? {
            Ok(()) => (StatusCode::OK, Flaws::new()),
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[])),
        },
    };
    page(&app, &me, status, (&tag, &name), Visit { typed: Some(fields), preview: None, errors }).await
}

fn language_of(tag: &str) -> Result<Language> {
    Language::ALL.into_iter().find(|language| language.tag() == tag).ok_or(Error::NotFound)
}

#[derive(Default)]
struct Visit {
    typed: Option<Fields>,
    preview: Option<String>,
    errors: Flaws,
}

async fn page(
    app: &App,
    me: &Operator,
    status: StatusCode,
    (tag, name): (&str, &str),
    visit: Visit,
) -> Result<Response> {
    let language = language_of(tag)?;
    let pages = Pages::read(app, me).await?;
    let (db, organisation) = (&app.desk.db.read, pages.hall.organisation.id);
    let known = PAGES.contains(&name)
        || name
            .strip_prefix(SERVICE)
            .is_some_and(|code| pages.kinds.iter().any(|kind| kind.code == code && of_kind(kind).is_some()));
    if !known {
        return Err(Error::NotFound);
    }
    let portal = store::portal::of(db, organisation).await?.ok_or(Error::NotFound)?;
    let stored = store::public_text::of(db, organisation, name, language).await?;
    let default = default_of(app, me, language, name).await?;
    let form = visit.typed.unwrap_or_else(|| Fields {
        text: stored.as_ref().map(|row| row.text.clone()).unwrap_or_default(),
        seen: stored.as_ref().map(|row| row.updated_at.timestamp_micros().to_string()).unwrap_or_default(),
        act: String::new(),
    });
    let page = Page {
        frame: pages.hall.frame("admin", None),
        path: path_of(language, name),
        title: label(name, &pages.kinds),
        language: language.tag(),
        public_href: format!("/sportello/{}{}", portal.slug, public_path(name)),
        author: stored.as_ref().and_then(|row| pages.author(row)),
        updated_at: stored.map(|row| row.updated_at),
        default_html: app.markdown(&default),
        default,
        form,
        preview: visit.preview,
        errors: visit.errors,
    };
    Ok((status, templates::render("pages/portal_text.html", page)?).into_response())
}

/// Where citizens read a page, below the portal's address.
fn public_path(page: &str) -> String {
    match page {
        "privacy" => "/privacy".to_owned(),
        "accessibility" => "/accessibilita".to_owned(),
        "legal" => "/note-legali".to_owned(),
        "contacts" => "/contatti".to_owned(),
        page => page.strip_prefix(SERVICE).map_or_else(String::new, |code| format!("/servizi/{code}")),
    }
}

/// Our words for a page; empty when there are none.
async fn default_of(app: &App, me: &Operator, language: Language, page: &str) -> Result<String> {
    let (db, organisation) = (&app.desk.db.read, me.row.organisation_id);
    let owner = store::organisation::by_id(db, organisation).await?.ok_or(Error::NotFound)?;
    let portal = store::portal::of(db, organisation).await?.ok_or(Error::NotFound)?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind = page.strip_prefix(SERVICE).and_then(|code| kinds.iter().find(|kind| kind.code == code));
    let about = About { organisation: &owner.name, phone: &portal.phone, kind };
    Ok(pages::text(language, page, &about).unwrap_or_default())
}
