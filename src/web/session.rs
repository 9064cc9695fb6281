//! Who is asking. A handler that takes [`Operator`] or [`Administrator`] cannot be reached by anybody else: the doors are
//! in the types, not in each page's memory.

use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use entity::operator::{self, Role};

use super::{
    error::Error,
    request::{is_local, referring_page},
};
use crate::{
    actions::{Cx, sign_in},
    app::App,
};

/// Somebody with a session, whatever their password: may change it and may leave.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub operator: operator::Model,
    /// The session's token.
    pub token: String,
    /// When and for whom they act.
    pub cx: Cx,
}

/// An operator at work.
#[derive(Debug)]
pub struct Operator {
    /// Who.
    pub row: operator::Model,
    /// When and for whom they act.
    pub cx: Cx,
}

/// An operator who also keeps mailboxes, operators and the register.
#[derive(Debug)]
pub struct Administrator(pub Operator);

impl Operator {
    /// Whether the administrator's pages are theirs.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.row.role == Role::Administrator
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        match who(parts, app).await? {
            Some(signed_in) => Ok(signed_in),
            None if matches!(parts.method, Method::GET | Method::HEAD) => Err(Error::SignIn(wanted(parts))),
            None => Err(Error::SessionOver),
        }
    }
}

impl FromRequestParts<App> for Operator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let SignedIn { operator, cx, .. } = SignedIn::from_request_parts(parts, app).await?;
        if operator.must_change_password { Err(Error::PasswordFirst) } else { Ok(Self { row: operator, cx }) }
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let operator = Operator::from_request_parts(parts, app).await?;
        if operator.is_administrator() { Ok(Self(operator)) } else { Err(Error::Forbidden) }
    }
}

/// The session that the cookie names.
async fn who(parts: &Parts, app: &App) -> Result<Option<SignedIn>, Error> {
    let Some(token) = token(&CookieJar::from_headers(&parts.headers), app) else { return Ok(None) };
    let now = app.clock.now();
    let Some(operator) = sign_in::who(&app.desk, now, &token).await? else { return Ok(None) };
    let cx = Cx { actor: Some(operator.id), ..Cx::system(operator.organisation_id, now) };
    Ok(Some(SignedIn { operator, token, cx }))
}

fn wanted(parts: &Parts) -> String {
    let wanted = parts.uri.path_and_query().map(|wanted| wanted.as_str().to_owned());
    // A picture or a file is no page to come back to.
    let page = if parts.uri.path().starts_with("/desk/attachments/") {
        referring_page(&parts.headers)
    } else {
        wanted
    };
    page.filter(|page| is_local(page)).unwrap_or_default()
}

/// The session's token, if the browser has one.
#[must_use]
pub fn token(cookies: &CookieJar, app: &App) -> Option<String> {
    cookies.get(cookie_name(app)).map(|cookie| cookie.value().to_owned())
}

/// The cookie of a session. It ends with the browser, or when the session does.
#[must_use]
pub fn cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(app), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https(app))
        .build()
}

/// Browsers take `__Host-` only over https and only for the whole host, so no neighbouring site can plant it.
fn cookie_name(app: &App) -> &'static str {
    if is_https(app) { "__Host-riscontro" } else { "riscontro" }
}

fn is_https(app: &App) -> bool {
    app.config.server.public_url.starts_with("https://")
}
