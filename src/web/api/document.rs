//! The document of the API (`OpenAPI` 3.1), made from the handlers: what is not in the code is not in it.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
        server::Server,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    citizens, files, kinds, messages, notices,
    problem::{self, Problem, Result},
    requests,
    scopes::{self, Doors as Wanted},
    webhooks,
};
use crate::app::App;

/// What stands above the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Riscontro",
        version = "1.0.0",
        description = "The Sportello online for apps: citizens write, follow and answer. Every refusal is a problem (RFC 9457)."
    ),
    tags(
        (name = "Services", description = "What a citizen may ask for, and which fields each service has"),
        (name = "Requests", description = "Sent, read, answered"),
        (name = "Files", description = "Handed over before the request they belong to"),
        (name = "Citizens", description = "A code by mail, a token for the code"),
        (name = "Notices", description = "Disruptions, and their end"),
        (name = "Reports", description = "What an operator has published"),
        (name = "Webhooks", description = "Messages when something changes"),
    ),
    components(schemas(
        problem::Problem,
        messages::RequestMessage,
        messages::NoticeMessage,
        messages::TrialMessage
    )),
    modifiers(&Doors)
)]
struct Above;

/// How a caller shows who it is.
struct Doors;

impl Modify for Doors {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("rk_<prefix>_<secret>")
            .description(Some("The key of the app, made by the organisation"));
        components.add_security_scheme("key", SecurityScheme::Http(bearer.build()));
        let header = |name: &str, description: &str| {
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, description)))
        };
        let token = header("X-Citizen-Token", "The token that a citizen has got for a code");
        components.add_security_scheme("citizen", token);
        let code =
            "Codice fiscale or partita IVA of a citizen whom the app has verified; scope citizens:verified";
        components.add_security_scheme("fiscal_code", header("X-Citizen-Fiscal-Code", code));
    }
}

/// All operations with their document, and what each of them wants.
pub fn operations() -> (axum::Router<App>, Document, Wanted) {
    let (router, mut document) = OpenApiRouter::with_openapi(Above::openapi())
        .nest(
            "/api/v1",
            OpenApiRouter::new()
                .routes(routes!(kinds::list))
                .routes(routes!(kinds::one))
                .routes(routes!(requests::create::create, requests::list::list))
                .routes(routes!(requests::create::fate))
                .routes(routes!(requests::list::one))
                .routes(routes!(requests::thread::list))
                .routes(routes!(files::attachment))
                .routes(routes!(requests::act::answer))
                .routes(routes!(requests::act::contest))
                .routes(routes!(requests::act::withdraw))
                .routes(routes!(requests::act::tell_by))
                .routes(routes!(files::upload))
                .routes(routes!(files::take_back))
                .routes(routes!(citizens::ask))
                .routes(routes!(citizens::redeem))
                .routes(routes!(citizens::leave))
                .routes(routes!(notices::list))
                .routes(routes!(notices::one))
                .routes(routes!(notices::reports))
                .routes(routes!(webhooks::list, webhooks::create))
                .routes(routes!(webhooks::one, webhooks::change, webhooks::remove)),
        )
        .split_for_parts();
    let wanted = scopes::write(&mut document);
    (router, document, wanted)
}

/// The document, for an installation.
///
/// # Errors
/// It cannot be written as JSON.
pub fn document(app: &App) -> serde_json::Result<Value> {
    let (_, mut document, _) = operations();
    document.servers = Some(vec![Server::new(app.config.public_url())]);
    let mut document = serde_json::to_value(document)?;
    document["webhooks"] = messages::section();
    Ok(document)
}

/// `GET /api/v1/openapi.json`.
pub async fn show(State(app): State<App>) -> Result<([(HeaderName, HeaderValue); 2], Json<Value>)> {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    let document = document(&app).map_err(|error| Problem::internal(&error.into()))?;
    Ok((headers, Json(document)))
}
