//! The communications of a work order, oldest first, with their files and the fate of their letters.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    attachment,
    communication::{Address, Direction, Model},
    delivery, operator, work_order,
};
use serde::Serialize;
use uuid::Uuid;

use super::text::linked;
use crate::{
    app::{App, letters},
    domain,
    store::{self, Page, communication::ThreadKey},
    web::{attachment::is_picture, error::Result},
};

/// Communications on one page.
pub const PAGE: usize = 50;
/// More text than this is not shown: nobody reads it there, and every page would carry it. In bytes.
const TEXT_SHOWN: usize = 100_000;
/// Longer HTML is shown as text, since it cannot be cut. In bytes.
const HTML_SHOWN: usize = 500_000;
const CUT: &str = "…\n\n[Il messaggio continua: per leggerlo tutto scarica il messaggio originale.]";

/// One communication as the template wants it.
#[derive(Serialize)]
pub struct Communication {
    id: Uuid,
    direction: Direction,
    automatic: bool,
    from_name: String,
    from_address: String,
    recipients: Vec<String>,
    copies: Vec<String>,
    at: DateTime<Utc>,
    subject: Option<String>,
    html: Option<String>,
    text: String,
    attachments: Vec<File>,
    deliveries: Vec<Delivery>,
    source_href: Option<String>,
}

#[derive(Serialize)]
struct File {
    href: String,
    name: String,
    size: i64,
}

#[derive(Serialize)]
struct Delivery {
    recipient: String,
    state: delivery::State,
    attempts: i32,
    repeats: i32,
    next_attempt_at: DateTime<Utc>,
    last_error: Option<String>,
    settled_at: Option<DateTime<Utc>>,
    again_href: Option<String>,
}

/// The newest communications, or those before `before`.
pub async fn read(app: &App, order: &work_order::Model, before: Option<ThreadKey>) -> Result<Page<Model>> {
    Ok(store::communication::thread(&app.desk.db.read, order.organisation_id, order.id, before, PAGE).await?)
}

/// Makes them ready for the page.
pub async fn shown(
    app: &App,
    order: &work_order::Model,
    path: &str,
    rows: Vec<Model>,
    people: &[operator::Model],
) -> Result<Vec<Communication>> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut files: HashMap<Uuid, Vec<attachment::Model>> = HashMap::new();
    for file in store::attachment::of_communications(db, organisation, &ids).await? {
        files.entry(file.communication_id).or_default().push(file);
    }
    let mut deliveries: HashMap<Uuid, Vec<delivery::Model>> = HashMap::new();
    for delivery in store::delivery::of_communications(db, organisation, &ids).await? {
        deliveries.entry(delivery.communication_id).or_default().push(delivery);
    }
    let one = |row: Model| {
        let files = files.remove(&row.id).unwrap_or_default();
        let deliveries = deliveries.remove(&row.id).unwrap_or_default();
        communication(order, path, row, files, deliveries, people)
    };
    Ok(rows.into_iter().map(one).collect())
}

fn communication(
    order: &work_order::Model,
    path: &str,
    row: Model,
    files: Vec<attachment::Model>,
    deliveries: Vec<delivery::Model>,
    people: &[operator::Model],
) -> Communication {
    let author =
        people.iter().find(|person| Some(person.id) == row.author_id).map(|person| person.name.clone());
    let names = |addresses: &[Address]| addresses.iter().map(|one| one.address.clone()).collect();
    let (html, text) = body(&row, &files);
    Communication {
        subject: news_of_subject(&row.subject, order),
        source_href: row.incoming_mail_id.map(|_| format!("/desk/communications/{}/original.eml", row.id)),
        from_name: author.unwrap_or(row.from_name),
        recipients: names(&row.recipients.0),
        copies: names(&row.copies.0),
        attachments: files
            .into_iter()
            .map(|file| File {
                href: format!("/desk/attachments/{}", file.id),
                name: file.name,
                size: file.size,
            })
            .collect(),
        deliveries: deliveries.into_iter().map(|delivery| fate(path, delivery)).collect(),
        html,
        text,
        id: row.id,
        direction: row.direction,
        automatic: row.automatic,
        from_address: row.from_address,
        at: row.at,
    }
}

fn fate(path: &str, delivery: delivery::Model) -> Delivery {
    let refused = delivery.state == delivery::State::Refused;
    Delivery {
        again_href: refused.then(|| format!("{path}/deliveries/{}/again", delivery.id)),
        recipient: delivery.recipient,
        state: delivery.state,
        attempts: delivery.attempts,
        repeats: delivery.repeats,
        next_attempt_at: delivery.next_attempt_at,
        last_error: delivery.last_error,
        settled_at: delivery.settled_at,
    }
}

/// HTML if there is any that may be shown, and the text for when there is none.
fn body(row: &Model, files: &[attachment::Model]) -> (Option<String>, String) {
    if let Some(html) = row.html.as_deref().filter(|html| html.len() <= HTML_SHOWN) {
        let address = |content_id: &str| {
            let named = |file: &&attachment::Model| file.content_id.as_deref() == Some(content_id);
            let picture = files.iter().find(named).filter(|file| is_picture(&file.media_type))?;
            Some(format!("/desk/attachments/{}", picture.id))
        };
        return (Some(letters::link_inline_images(html, address)), String::new());
    }
    let text = match row.text.floor_char_boundary(TEXT_SHOWN) {
        end if end < row.text.len() => format!("{}{CUT}", &row.text[..end]),
        _ => row.text.clone(),
    };
    (linked(&text), text)
}

/// The subject, unless it is the work order's with the usual additions.
fn news_of_subject(subject: &str, order: &work_order::Model) -> Option<String> {
    let number = format!("[{}]", super::number_of(order));
    let bare = |subject: &str| {
        let mut bare = domain::text::fold(&subject.replace(&number, ""));
        while let Some(rest) =
            ["re:", "r:", "fwd:", "fw:", "i:"].into_iter().find_map(|mark| bare.strip_prefix(mark))
        {
            bare = rest.trim_start().to_owned();
        }
        bare
    };
    let said = bare(subject);
    (!said.is_empty() && said != bare(&order.subject)).then(|| subject.to_owned())
}
