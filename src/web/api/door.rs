//! Who is asking, and for whom.
//!
//! Cookies are never read here: a page of somebody else that sends a browser to these addresses brings no right along, so no
//! protection against forged forms is needed. An app shows its key (`Authorization: Bearer`); what everybody may read anyway
//! (services, notices, published reports) is read without one, from the open portal, and from pages of other sites, too:
//! only these answers carry `Access-Control-Allow-Origin`, since a key inside a web page would be everybody's key.

use axum::{
    extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use entity::{
    app_key::{self, Scope},
    portal,
};
use uuid::Uuid;

use super::{
    problem::{Problem, Result},
    scopes::{self, Doors, Wants},
};
use crate::{
    actions::{Cx, app_key as keys, citizen},
    app::App,
    domain::{fiscal_code, network},
    store::{self, citizen_token::Citizen},
    web::{
        limit::{Limits, Rate, Standing},
        request::Peer,
    },
};

/// Requests in a minute that one network may make without a key.
const WITHOUT_KEY: u32 = 300;

const NO_CODE: &str = "Send a codice fiscale or a partita IVA whose check character is right.";

/// The organisation that is spoken to.
#[derive(Clone, Debug)]
pub struct Hall {
    /// Its portal.
    pub portal: portal::Model,
    /// When and for which organisation something is done.
    pub cx: Cx,
    /// Keyed hash of the caller's network; empty when unknown.
    pub network: String,
}

/// An app with a key of this organisation.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The key.
    pub key: app_key::Model,
    /// The organisation.
    pub hall: Hall,
}

impl Caller {
    /// By what an app is counted where citizens are counted by their network.
    #[must_use]
    pub fn asker(&self) -> String {
        format!("app {}", self.key.id.simple())
    }
}

/// Everybody passes here: finds the organisation, looks at the key and its scopes, counts.
pub async fn pass(
    State((app, doors)): State<(App, Doors)>,
    limits: Limits,
    peer: Peer,
    path: MatchedPath,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let slug = params.iter().find(|(name, _)| *name == "org").map_or("", |(_, slug)| slug);
    // A field that is there and is no key is a key that opens nothing.
    let key = request.headers().get(header::AUTHORIZATION).map(|sent| bearer(sent).unwrap_or_default());
    let (admitted, standing) = admit(&app, &limits, peer, slug, key).await;
    let open = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.headers().contains_key(header::AUTHORIZATION);
    let wants = doors.wants(request.method(), path.as_str());
    let mut answer = match admitted.and_then(|admitted| admitted.with(wants)) {
        Ok(Admitted { hall, key }) => {
            if let Some(key) = key {
                request.extensions_mut().insert(Caller { key, hall: hall.clone() });
            }
            request.extensions_mut().insert(hall);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    if let Some(standing) = standing {
        standing.write(answer.headers_mut());
    }
    if open {
        answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    answer
}

/// Somebody who may come in.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The organisation.
    pub hall: Hall,
    /// The key that was shown.
    pub key: Option<app_key::Model>,
}

impl Admitted {
    /// Whether this may be done by who came.
    fn with(self, wants: Wants) -> Result<Self> {
        if let Some(wanted) = wants.scopes() {
            let key = self.key.as_ref().ok_or_else(Problem::no_key)?;
            wanted.iter().try_for_each(|scope| has(key, *scope))?;
        }
        Ok(self)
    }
}

/// Whether the key has a scope.
///
/// # Errors
/// The problem that names the scope.
pub fn has(key: &app_key::Model, scope: Scope) -> Result<()> {
    if key.scopes.0.contains(&scope) { Ok(()) } else { Err(Problem::no_scope(scopes::name(scope))) }
}

/// Who comes with a key is counted by it, who comes without one, or with one that opens nothing, by network.
pub async fn admit(
    app: &App,
    limits: &Limits,
    peer: Peer,
    slug: &str,
    key: Option<&str>,
) -> (Result<Admitted>, Option<Standing>) {
    let network = peer.browser.map(|browser| network::network(&app.desk.keys, browser)).unwrap_or_default();
    let found = match key {
        Some(key) => match keys::holder(&app.desk, app.clock.now(), key).await {
            Ok(found) => found,
            Err(error) => return (Err(error.into()), None),
        },
        None => None,
    };
    let standing = match &found {
        Some(key) => {
            let rate = Rate::per_minute(u32::try_from(key.per_minute).unwrap_or(1));
            limits.spend(rate, &format!("key {}", key.id.simple()))
        }
        None => limits.spend(Rate::per_minute(WITHOUT_KEY), &format!("reader {network}")),
    };
    if let Err(wait) = standing.judged() {
        return (Err(Problem::too_many(wait)), Some(standing));
    }
    let admitted = match (key, found) {
        (Some(_), None) => Err(Problem::bad_key()),
        (_, found) => hall(app, slug, network).await.and_then(|hall| judged(hall, found)),
    };
    (admitted, Some(standing))
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

async fn hall(app: &App, slug: &str, network: String) -> Result<Hall> {
    // PostgreSQL keeps no NUL and says so loudly.
    if slug.is_empty() || slug.len() > 100 || slug.contains('\0') {
        return Err(Problem::not_found());
    }
    let portal = store::portal::by_slug(&app.desk.db.read, slug).await?.ok_or_else(Problem::not_found)?;
    let cx = Cx::system(portal.organisation_id, app.clock.now());
    Ok(Hall { portal, cx, network })
}

/// An app may be built before the portal opens; other people find only what is open.
fn judged(hall: Hall, key: Option<app_key::Model>) -> Result<Admitted> {
    match key {
        Some(key) if key.organisation_id != hall.cx.organisation => Err(Problem::bad_key()),
        None if !hall.portal.open => Err(Problem::not_found()),
        key => Ok(Admitted { hall, key }),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Hall {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let missing = || Problem::internal(&anyhow::anyhow!("the door's layer is missing"));
        parts.extensions.get::<Self>().cloned().ok_or_else(missing)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::no_key)
    }
}

/// An app that speaks for a citizen: it has shown who the citizen is.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// The app.
    pub caller: Caller,
    /// The citizen.
    pub citizen: Citizen,
    /// The token, when that is what was shown.
    pub token: Option<Uuid>,
}

impl FromRequestParts<App> for Speaker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let (token, code) =
            (one(&parts.headers, "x-citizen-token")?, one(&parts.headers, "x-citizen-fiscal-code")?);
        match (token, code) {
            (Some(token), None) => {
                let now = caller.hall.cx.now;
                let held = citizen::holder(&app.desk, now, caller.key.id, token).await?;
                let held = held.ok_or_else(Problem::bad_citizen)?;
                Ok(Self { caller, citizen: Citizen::Address(held.address), token: Some(held.id) })
            }
            (None, Some(code)) => {
                has(&caller.key, Scope::Verified)?;
                let code =
                    fiscal_code::parse(code).map_err(|_| Problem::field("X-Citizen-Fiscal-Code", NO_CODE))?;
                let citizen = Citizen::FiscalCode { code: code.as_str().to_owned(), app_key: caller.key.id };
                Ok(Self { caller, citizen, token: None })
            }
            _ => Err(Problem::no_citizen()),
        }
    }
}

/// The address that a citizen has proved to hold to the app that sends something, if a token comes along.
///
/// # Errors
/// A token comes along that does not hold.
pub async fn proven(app: &App, caller: &Caller, headers: &HeaderMap) -> Result<Option<String>> {
    let Some(token) = one(headers, "x-citizen-token")? else { return Ok(None) };
    let held = citizen::holder(&app.desk, caller.hall.cx.now, caller.key.id, token).await?;
    Ok(Some(held.ok_or_else(Problem::bad_citizen)?.address))
}

/// A field of the head that may come once.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>> {
    let mut sent = headers.get_all(name).iter();
    match (sent.next(), sent.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Problem::no_citizen()),
        _ => Err(Problem::no_citizen()),
    }
}
