//! What each operation wants: the one table. The door reads it before it reads anything of the request, the document and the
//! readable page say it, and a test knocks at every door without it.
//!
//! Whoever writes for a citizen also reads: the answer is the request as it stands. So both scopes are wanted there, and
//! `requests:read` alone changes nothing of a request.

use std::{collections::HashMap, sync::Arc};

use axum::http::Method;
use entity::app_key::Scope;
use utoipa::openapi::{OpenApi, path::Operation, security::SecurityRequirement};

use self::Wants::{App, Citizen, Everybody, Holder, Sender};

/// Who may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Everybody, once the portal is open.
    Everybody,
    /// An app whose key has these scopes.
    App(&'static [Scope]),
    /// Such an app; a citizen's token may come along.
    Sender(&'static [Scope]),
    /// Such an app, with a citizen's token.
    Holder(&'static [Scope]),
    /// Such an app that says for which citizen: by a token, or, with `citizens:verified`, by a code.
    Citizen(&'static [Scope]),
}

const READ: &[Scope] = &[Scope::Read];
const WRITE: &[Scope] = &[Scope::Write];
const SPEAK: &[Scope] = &[Scope::Read, Scope::Write];
const WEBHOOKS: &[Scope] = &[Scope::Webhooks];

/// Every operation of the API by its `operationId`.
const TABLE: [(&str, Wants); 25] = [
    ("listServices", Everybody),
    ("readService", Everybody),
    ("sendRequest", Sender(WRITE)),
    ("readSubmission", App(WRITE)),
    ("listRequests", Citizen(READ)),
    ("readRequest", Citizen(READ)),
    ("listCommunications", Citizen(READ)),
    ("readAttachment", Citizen(READ)),
    ("answer", Citizen(SPEAK)),
    ("contest", Citizen(SPEAK)),
    ("withdraw", Citizen(SPEAK)),
    ("setToldBy", Citizen(SPEAK)),
    ("upload", App(WRITE)),
    ("takeUploadBack", App(WRITE)),
    ("askCode", App(READ)),
    ("showCode", App(READ)),
    ("forgetToken", Holder(READ)),
    ("listNotices", Everybody),
    ("readNotice", Everybody),
    ("listReports", Everybody),
    ("listWebhooks", App(WEBHOOKS)),
    ("addWebhook", App(WEBHOOKS)),
    ("readWebhook", App(WEBHOOKS)),
    ("pauseWebhook", App(WEBHOOKS)),
    ("removeWebhook", App(WEBHOOKS)),
];

/// What Open311 wants of a key, wherever one is shown.
pub const OPEN311: Scope = Scope::Open311;

/// What a scope is called.
#[must_use]
pub fn name(scope: Scope) -> &'static str {
    match scope {
        Scope::Write => "requests:write",
        Scope::Read => "requests:read",
        Scope::Verified => "citizens:verified",
        Scope::Webhooks => "webhooks",
        Scope::Open311 => "open311",
    }
}

impl Wants {
    /// What the key must have; none where no key is needed.
    #[must_use]
    pub fn scopes(self) -> Option<&'static [Scope]> {
        match self {
            Everybody => None,
            App(scopes) | Sender(scopes) | Holder(scopes) | Citizen(scopes) => Some(scopes),
        }
    }

    /// The same for the document: one of these is enough.
    fn requirements(self) -> Vec<SecurityRequirement> {
        let scopes = self.scopes().unwrap_or_default();
        let key = |more: &[Scope]| {
            SecurityRequirement::new("key", scopes.iter().chain(more).map(|scope| name(*scope)))
        };
        let none: [&str; 0] = [];
        let with_token = || key(&[]).add("citizen", none);
        match self {
            Everybody => vec![SecurityRequirement::default(), key(&[])],
            App(_) => vec![key(&[])],
            Sender(_) => vec![key(&[]), with_token()],
            Holder(_) => vec![with_token()],
            Citizen(_) => vec![with_token(), key(&[Scope::Verified]).add("fiscal_code", none)],
        }
    }
}

/// What each door wants, by method and path as the router writes it.
#[derive(Clone, Debug)]
pub struct Doors(Arc<HashMap<(Method, String), Wants>>);

impl Doors {
    /// What the door wants; nothing where there is none, which answers for itself.
    #[must_use]
    pub fn wants(&self, method: &Method, path: &str) -> Wants {
        // Whoever may GET may ask for the head of it.
        let method = if *method == Method::HEAD { Method::GET } else { method.clone() };
        self.0.get(&(method, path.to_owned())).copied().unwrap_or(Everybody)
    }
}

/// Writes into the document what each operation wants, and gives the same to the door.
pub fn write(document: &mut OpenApi) -> Doors {
    let mut doors = HashMap::new();
    for (path, item) in &mut document.paths.paths {
        let methods = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::PUT, &mut item.put),
            (Method::DELETE, &mut item.delete),
            (Method::PATCH, &mut item.patch),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                let wants = of(operation);
                operation.security = Some(wants.requirements());
                doors.insert((method, path.clone()), wants);
            }
        }
    }
    Doors(Arc::new(doors))
}

fn of(operation: &Operation) -> Wants {
    let id = operation.operation_id.as_deref().unwrap_or_default();
    let row = TABLE.iter().find(|(known, _)| *known == id);
    row.map(|(_, wants)| *wants).expect("every operation stands in the table: a test reads them all")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::api::document;

    #[test]
    fn the_table_and_the_document_name_the_same_operations() {
        let (_, document, doors) = document::operations();
        let mut named: Vec<&str> = TABLE.iter().map(|(id, _)| *id).collect();
        named.sort_unstable();
        let twice = named.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!((twice, doors.0.len()), (None, TABLE.len()));
        assert_eq!(document.paths.paths.len(), 21);
        let read = doors.wants(&Method::HEAD, "/api/v1/{org}/requests");
        assert_eq!(read, Citizen(READ), "the head of a page is a page");
    }
}
