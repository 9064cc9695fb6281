//! The hall that every page of the portal opens into: whose it is, in which language it speaks, and what stands around the
//! page. Context of `templates/portal/layout.html`.

use axum::{
    extract::{FromRequestParts, OriginalUri, RawPathParams, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use entity::{language::Language, notice, organisation, portal};
use serde::Serialize;

use super::{
    host::OwnHost,
    language::{self, Choice},
    theme,
};
use crate::{
    actions::Cx,
    app::App,
    domain::network,
    store,
    web::{
        error::{Error, Result},
        limit::Wait,
        request::Peer,
        session::SignedIn,
        templates,
    },
};

/// Longest name of a portal in an address, in bytes.
const LONGEST_SLUG: usize = 100;
/// Notices that are named above every page; the others are one link further.
const NAMED: usize = 2;

/// The hall of one organisation.
#[derive(Clone, Debug)]
pub struct Hall {
    /// Whose it is.
    pub organisation: organisation::Model,
    /// Its door.
    pub portal: portal::Model,
    /// In which language the page speaks.
    pub language: Language,
    /// Somebody chose that language here; else it is only the browser's.
    pub chosen: bool,
    /// What links begin with: `/sportello/{slug}`, or `/sportello` under a host of its own.
    pub base: String,
    /// The door is closed, and one of its operators looks.
    pub preview: bool,
    /// Now, for this organisation, without an operator.
    pub cx: Cx,
    /// Keyed hash of the network that asks; empty when unknown.
    pub network: String,
    /// Notices in force, the latest beginning first.
    pub notices: Vec<notice::Model>,
    /// The address as the browser shows it, without language.
    here: String,
}

/// What stands around a page.
#[derive(Debug, Serialize)]
pub struct Frame {
    organisation: Option<String>,
    phone: Option<String>,
    theme: Option<String>,
    preview: bool,
    listed: bool,
    languages: Vec<Offer>,
    notices: Vec<Banner>,
    more_notices: usize,
}

/// A language to choose.
#[derive(Debug, Serialize)]
struct Offer {
    tag: &'static str,
    href: String,
    current: bool,
}

/// A notice above the page.
#[derive(Debug, Serialize)]
struct Banner {
    title: String,
    href: String,
}

/// What every template of the portal gets beside its own context.
#[derive(Serialize)]
struct Around<'a, T> {
    lang: &'static str,
    base: &'a str,
    frame: &'a Frame,
    #[serde(flatten)]
    page: T,
}

/// Pages that open with a personal link, or with number and code, and what they are drawn with.
fn is_personal(path: &str) -> bool {
    let mut parts = path.trim_start_matches("/sportello/").split('/').skip(1);
    matches!(parts.next(), Some("segui" | "conferma" | "inviata" | "ricevuta.pdf" | "tema.css"))
}

impl FromRequestParts<App> for Hall {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let slug = slug(parts).await.ok_or(Error::NotFound)?;
        Self::of(app, parts, &slug).await
    }
}

impl Hall {
    /// The portal of that name, for whoever asks.
    ///
    /// # Errors
    /// `NotFound` when there is none, or it is closed; the database.
    pub async fn of(app: &App, parts: &mut Parts, slug: &str) -> Result<Self> {
        let db = &app.desk.db.read;
        let portal = store::portal::by_slug(db, slug).await?.ok_or(Error::NotFound)?;
        let preview = !portal.open;
        // Closed means that nothing new begins: who has written keeps following, and may confirm and answer.
        if preview && !is_personal(parts.uri.path()) && !is_operator_of(parts, app, &portal).await {
            return Err(Error::NotFound);
        }
        let id = portal.organisation_id;
        let organisation = store::organisation::by_id(db, id).await?.ok_or(Error::NotFound)?;
        let notices = store::notice::current(db, id).await?;
        let Choice { language, chosen } = language::choose(&parts.uri, &parts.headers);
        let own = parts.extensions.get::<OwnHost>().is_some();
        Ok(Self {
            base: if own { "/sportello".to_owned() } else { format!("/sportello/{}", portal.slug) },
            cx: Cx::system(id, app.clock.now()),
            network: network_of(parts, app).await,
            here: here(parts),
            organisation,
            portal,
            language,
            chosen,
            preview,
            notices,
        })
    }

    /// Renders a template of the portal: its own context, and `lang`, `base` and `frame` around it.
    ///
    /// # Errors
    /// The template wants what its context does not have: a fault of ours.
    pub fn page(&self, template: &str, context: impl Serialize) -> Result<Response> {
        let around =
            Around { lang: self.language.tag(), base: &self.base, frame: &self.frame(), page: context };
        Ok(templates::render(template, around)?.into_response())
    }

    /// The page that asks somebody to wait, kindly (429).
    ///
    /// # Errors
    /// As [`Hall::page`].
    pub fn wait(&self, wait: Wait) -> Result<Response> {
        #[derive(Serialize)]
        struct Page {
            minutes: u64,
        }
        let mut page = self.page("portal/wait.html", Page { minutes: wait.minutes() })?;
        *page.status_mut() = axum::http::StatusCode::TOO_MANY_REQUESTS;
        let (name, value) = wait.header();
        page.headers_mut().insert(name, value);
        Ok(page)
    }

    /// The same hall, in the language of a person, unless the visitor has chosen another here.
    #[must_use]
    pub fn speaking(self, language: Language) -> Self {
        if self.chosen { self } else { Self { language, ..self } }
    }

    /// An address of this portal.
    #[must_use]
    pub fn href(&self, below: &str) -> String {
        format!("{}{below}", self.base)
    }

    /// The same for letters and feeds, with the host.
    #[must_use]
    pub fn url(&self, app: &App, below: &str) -> String {
        format!("{}{below}", app.desk.portal_url(&self.portal))
    }

    fn frame(&self) -> Frame {
        let banner = |notice: &notice::Model| Banner {
            title: notice.title.in_(self.language).to_owned(),
            href: self.href(&format!("/avvisi/{}", notice.id)),
        };
        Frame {
            organisation: Some(self.organisation.name.clone()),
            phone: Some(self.portal.phone.clone()).filter(|phone| !phone.is_empty()),
            theme: Some(self.href(&format!("/tema.css?v={}", theme::version(&self.portal.colour)))),
            preview: self.preview,
            listed: self.portal.listed,
            languages: offers(&self.here, self.language),
            notices: self.notices.iter().take(NAMED).map(banner).collect(),
            more_notices: self.notices.len().saturating_sub(NAMED),
        }
    }
}

impl Frame {
    /// The frame of pages that belong to no organisation.
    #[must_use]
    pub fn outside(parts: &Parts) -> Self {
        Self {
            organisation: None,
            phone: None,
            theme: None,
            preview: false,
            listed: false,
            languages: offers(&here(parts), language::choose(&parts.uri, &parts.headers).language),
            notices: Vec::new(),
            more_notices: 0,
        }
    }
}

/// Renders a template outside of any hall.
///
/// # Errors
/// As [`Hall::page`].
pub fn outside(template: &str, frame: &Frame, context: impl Serialize) -> Result<Response> {
    let lang = frame.languages.iter().find(|offer| offer.current).map_or("it", |offer| offer.tag);
    Ok(templates::render(template, Around { lang, base: "/sportello", frame, page: context })?
        .into_response())
}

/// `GET /sportello`: the one open portal, or which of them.
pub async fn choose(State(app): State<App>, frame: Outside) -> Result<Response> {
    #[derive(Serialize)]
    struct Page {
        portals: Vec<Door>,
    }
    #[derive(Serialize)]
    struct Door {
        name: String,
        href: String,
    }
    let db = &app.desk.db.read;
    let open = store::portal::all_open(db).await?;
    if let [only] = open.as_slice() {
        return Ok(Redirect::to(&app.desk.portal_url(only)).into_response());
    }
    let organisations = store::organisation::all(db).await?;
    let door = |organisation: &organisation::Model| {
        let portal = open.iter().find(|portal| portal.organisation_id == organisation.id)?;
        Some(Door { name: organisation.name.clone(), href: app.desk.portal_url(portal) })
    };
    let portals: Vec<Door> = organisations.iter().filter_map(door).collect();
    if portals.is_empty() {
        return Err(Error::NotFound);
    }
    outside("portal/choose.html", &frame.0, Page { portals })
}

/// The frame of a page that belongs to no organisation.
#[derive(Debug)]
pub struct Outside(Frame);

impl FromRequestParts<App> for Outside {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, Self::Rejection> {
        Ok(Self(Frame::outside(parts)))
    }
}

/// The name of the portal in the address, if it can be one: a database says loudly that it keeps no NUL.
async fn slug(parts: &mut Parts) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    let slug = parameters.iter().find(|(name, _)| *name == "org").map(|(_, slug)| slug.to_owned())?;
    (slug.len() <= LONGEST_SLUG && !slug.contains('\0')).then_some(slug)
}

async fn is_operator_of(parts: &mut Parts, app: &App, portal: &portal::Model) -> bool {
    let signed_in = SignedIn::from_request_parts(parts, app).await;
    signed_in.is_ok_and(|who| who.operator.organisation_id == portal.organisation_id)
}

async fn network_of(parts: &mut Parts, app: &App) -> String {
    let Ok(peer) = Peer::from_request_parts(parts, app).await;
    peer.browser.map(|browser| network::network(&app.desk.keys, browser)).unwrap_or_default()
}

/// Path and question as the browser shows them, without the language.
pub fn here(parts: &Parts) -> String {
    let shown = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
    let question: Vec<&str> = shown
        .query()
        .into_iter()
        .flat_map(|question| question.split('&'))
        .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
        .collect();
    if question.is_empty() {
        shown.path().to_owned()
    } else {
        format!("{}?{}", shown.path(), question.join("&"))
    }
}

fn offers(here: &str, current: Language) -> Vec<Offer> {
    let sign = if here.contains('?') { '&' } else { '?' };
    let offer = |language: Language| Offer {
        tag: language.tag(),
        href: format!("{here}{sign}lang={}", language.tag()),
        current: language == current,
    };
    Language::ALL.map(offer).into()
}
