//! What comes in with a request. The extractors of axum answer a misfit with a line of English text; these answer with
//! a page.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequest, FromRequestParts, Request, path::ErrorKind},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::IntoResponse,
};
use serde::{Serialize, de::DeserializeOwned};

use super::error::Error;

/// The fields of a plain form.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum_extra::extract::Form::from_request(request, state).await {
            Ok(axum_extra::extract::Form(fields)) => Ok(Self(fields)),
            Err(refused) => match refused.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge),
                _ => Err(Error::Unreadable),
            },
        }
    }
}

/// What stands behind the question mark.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let read = axum::extract::Query::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(fields)| Self(fields)).map_err(|_| Error::NotFound)
    }
}

/// The variable parts of the address. What is no id is the id of nothing.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        use axum::extract::rejection::PathRejection;
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(read)) => Ok(Self(read)),
            Err(PathRejection::FailedToDeserializePathParams(refused))
                if matches!(
                    refused.kind(),
                    ErrorKind::WrongNumberOfParameters { .. } | ErrorKind::UnsupportedType { .. }
                ) =>
            {
                Err(Error::Internal(anyhow::anyhow!("{refused:?}")))
            }
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// Who is at the other end of the line.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// The other end of the line; unknown where no line is (a test that calls the router).
    pub line: Option<IpAddr>,
    /// Somebody passes the request on for another.
    pub forwarded: bool,
    /// The browser, as far as can be believed.
    pub browser: Option<IpAddr>,
}

impl Peer {
    /// Only a proxy of our own network is believed when it says for whom it asks, and of a chain only the last link, which is
    /// the one it has seen itself.
    fn new(line: Option<IpAddr>, headers: &HeaderMap) -> Self {
        const FORWARDED: [&str; 4] = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];
        let last =
            headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let named =
            last.and_then(|chain| chain.rsplit(',').next()).and_then(|address| address.trim().parse().ok());
        Self {
            line,
            forwarded: FORWARDED.iter().any(|name| headers.contains_key(*name)),
            browser: line.filter(|line| is_ours(*line)).and(named).or(line),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let line = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self::new(line, &parts.headers))
    }
}

/// Addresses that the Internet does not carry.
fn is_ours(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// A path with a question behind it; nothing behind it when there is nothing to ask.
#[must_use]
pub fn address(path: &str, question: &impl Serialize) -> String {
    let question =
        serde_urlencoded::to_string(question).expect("names and plain values can always be written");
    if question.is_empty() { path.to_owned() } else { format!("{path}?{question}") }
}

/// The page from which the request was made, if it is one of ours: path and question.
#[must_use]
pub fn referring_page(headers: &HeaderMap) -> Option<String> {
    let page: axum::http::Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let local = page.path_and_query()?.as_str();
    is_local(local).then(|| local.to_owned())
}

/// A path of the desk and nothing that a browser could take for another server.
#[must_use]
pub fn is_local(path: &str) -> bool {
    path.starts_with("/desk/") && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_desk_are_local() {
        for local in ["/desk/queue", "/desk/queue?q=a%20b", "/desk/work-orders/2026-000001#reply"] {
            assert!(is_local(local), "{local}");
        }
        for foreign in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/desk/",
            "/desk\\@evil",
            "/desk/\r\nx",
            "desk/queue",
        ] {
            assert!(!is_local(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_stranger_cannot_choose_the_address_that_is_counted() {
        let browser = |line: &str, chain: &'static str| {
            let headers =
                HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), chain.parse().unwrap())]);
            Peer::new(Some(line.parse().unwrap()), &headers).browser.unwrap().to_string()
        };
        assert_eq!(browser("198.51.100.7", "203.0.113.9"), "198.51.100.7", "no proxy of ours");
        assert_eq!(browser("127.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(
            browser("10.0.0.2", "1.2.3.4, 203.0.113.9"),
            "203.0.113.9",
            "what the browser itself wrote comes first"
        );
        assert_eq!(browser("127.0.0.1", "unknown"), "127.0.0.1");
    }
}
