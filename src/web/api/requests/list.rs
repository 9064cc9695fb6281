//! A citizen's own requests.

use std::collections::HashMap;

use axum::{Json, extract::State, http::HeaderMap};
use uuid::Uuid;

use super::{RequestOut, own};
use crate::{
    app::App,
    store,
    web::api::{
        cursor::{self, Page, Paging},
        door::Speaker,
        input::{At, ByNumber, Org, Query},
        problem::{Refusals, Result},
    },
};

const LIST: &str = "requests";

/// Lists a citizen's requests.
///
/// Those that the citizen sent through the portal or an app, newest first.
#[utoipa::path(
    get,
    operation_id = "listRequests", path = "/{org}/requests", tag = "Requests",
    params(Org, Paging),
    responses(
        (status = 200, body = Page<RequestOut>, headers(("Link" = Option<String>, description = "The next page (RFC 8288)"))),
        Refusals
    )
)]
pub async fn list(
    State(app): State<App>,
    speaker: Speaker,
    Query(paging): Query<Paging>,
) -> Result<(HeaderMap, Json<Page<RequestOut>>)> {
    let (db, hall) = (&app.desk.db.read, &speaker.caller.hall);
    let organisation = hall.cx.organisation;
    let (after, limit) = paging.read(&app.desk.keys, LIST)?;
    let before = after.map(|(_, id)| id);
    let mut own =
        store::citizen_token::requests(db, organisation, &speaker.citizen, before, limit + 1).await?;
    let next = cursor::cut(&app.desk.keys, LIST, &mut own, limit, |follower| (0, follower.id));
    let ids: Vec<Uuid> = own.iter().filter_map(|follower| follower.work_order_id).collect();
    let orders = store::work_order::by_ids(db, organisation, ids).await?;
    let mut orders: HashMap<Uuid, _> = orders.into_iter().map(|order| (order.id, order)).collect();
    let kinds = store::organisation::kinds(db, organisation).await?;
    let items = own
        .iter()
        .filter_map(|follower| {
            let order = orders.remove(&follower.work_order_id?)?;
            Some(RequestOut::new(order, follower, &kinds))
        })
        .collect();
    Ok(Page { items, next }.answer(&format!("/api/v1/{}/requests", hall.portal.slug), limit))
}

/// Reads a request.
///
/// As it stands now.
#[utoipa::path(
    get,
    operation_id = "readRequest", path = "/{org}/requests/{number}", tag = "Requests",
    params(Org, ByNumber),
    responses((status = 200, body = RequestOut), Refusals)
)]
pub async fn one(State(app): State<App>, speaker: Speaker, At(at): At<ByNumber>) -> Result<Json<RequestOut>> {
    let (order, follower) = own(&app, &speaker, &at.number).await?;
    let kinds = store::organisation::kinds(&app.desk.db.read, order.organisation_id).await?;
    Ok(Json(RequestOut::new(order, &follower, &kinds)))
}
