//! The conversation about a request: what is between the desk and its author, and nothing else.

use axum::{Json, extract::State, http::HeaderMap};
use chrono::{DateTime, Utc};
use entity::{
    attachment::{self, Scan},
    communication::{self, Channel, Direction},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::own;
use crate::{
    app::App,
    domain::correspondence,
    store,
    web::{
        api::{
            cursor::{self, Page, Paging},
            door::Speaker,
            files::ScanState,
            input::{At, ByNumber, Org, Query},
            problem::{Refusals, Result},
        },
        progress::received::as_received,
    },
    wording,
};

/// One communication.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunicationOut {
    /// Identifier.
    id: Uuid,
    /// `in`: to the organisation; `out`: from it.
    #[schema(value_type = DirectionName)]
    direction: Direction,
    /// By which way it came or left.
    #[schema(value_type = ChannelName)]
    channel: Channel,
    /// When.
    at: DateTime<Utc>,
    /// Subject; may be empty.
    #[schema(example = "Cassonetto rotto")]
    subject: String,
    /// Its words, plain.
    #[schema(example = "Il coperchio non si chiude da lunedì.")]
    text: String,
    /// Its files.
    attachments: Vec<AttachmentOut>,
}

/// Which way a communication went.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum DirectionName {
    /// To the organisation.
    In,
    /// From the organisation.
    Out,
}

/// A way.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ChannelName {
    /// Ordinary mail.
    Email,
    /// Certified mail.
    Pec,
    /// The portal.
    Web,
    /// An app.
    App,
    /// The IO app.
    Io,
    /// Written at the desk.
    Desk,
}

/// A file of a communication.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentOut {
    /// Identifier.
    id: Uuid,
    /// Its name.
    #[schema(example = "foto.jpg")]
    name: String,
    /// What its sender says it is.
    #[schema(example = "image/jpeg")]
    media_type: String,
    /// Its length in bytes.
    #[schema(example = 184_320)]
    size: i64,
    /// What the virus scanner said.
    #[schema(value_type = ScanState)]
    scan: Scan,
    /// Where its bytes are.
    #[schema(
        example = "/api/v1/brescia/requests/2026-000123/attachments/018f6e4a-51c2-7d3e-9a55-6c1f0a7c2b10"
    )]
    href: String,
}

/// Lists the communications of a request.
///
/// Newest first. Only what is between the organisation and the citizen; a page may hold fewer entries than asked for,
/// and none, and still have a next one.
#[utoipa::path(
    get,
    operation_id = "listCommunications", path = "/{org}/requests/{number}/communications", tag = "Requests",
    params(Org, ByNumber, Paging),
    responses(
        (status = 200, body = Page<CommunicationOut>, headers(("Link" = Option<String>, description = "The next page (RFC 8288)"))),
        Refusals
    )
)]
pub async fn list(
    State(app): State<App>,
    speaker: Speaker,
    At(at): At<ByNumber>,
    Query(paging): Query<Paging>,
) -> Result<(HeaderMap, Json<Page<CommunicationOut>>)> {
    let (order, author) = own(&app, &speaker, &at.number).await?;
    let (db, keys) = (&app.desk.db.read, &app.desk.keys);
    let list = format!("communications {}", order.id);
    let (after, limit) = paging.read(keys, &list)?;
    let before = after.and_then(|(at, id)| Some((DateTime::from_timestamp_micros(at)?, id)));
    let rows = usize::try_from(limit).unwrap_or(usize::MAX);
    let page = store::communication::thread(db, order.organisation_id, order.id, before, rows).await?;
    let oldest = page.rows.first().filter(|_| page.has_previous);
    let next =
        oldest.map(|oldest| cursor::seal(keys, &list, (oldest.created_at.timestamp_micros(), oldest.id)));
    let mut rows = page.rows;
    rows.retain(|row| correspondence::is_with(&author, row));
    let mut rows = as_received(db, order.organisation_id, rows).await?;
    rows.reverse();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let files = store::attachment::of_communications(db, order.organisation_id, &ids).await?;
    let base =
        format!("/api/v1/{}/requests/{}-{:06}", speaker.caller.hall.portal.slug, order.year, order.number);
    let items = rows.into_iter().map(|row| written(row, &files, &base)).collect();
    Ok(Page { items, next }.answer(&format!("{base}/communications"), limit))
}

fn written(row: communication::Model, files: &[attachment::Model], base: &str) -> CommunicationOut {
    let own = files.iter().filter(|file| file.communication_id == row.id);
    let attachments = own
        .map(|file| AttachmentOut {
            id: file.id,
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.size,
            scan: file.scan,
            href: format!("{base}/attachments/{}", file.id),
        })
        .collect();
    CommunicationOut {
        id: row.id,
        direction: row.direction,
        channel: row.channel,
        at: row.at,
        subject: row.subject,
        // Whoever reads here has no use for the link to the page, and is given none.
        text: wording::without_link(&row.text).trim_end().to_owned(),
        attachments,
    }
}
