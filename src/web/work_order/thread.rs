//! The communications of a work order, oldest first: their words, their files, what is known about them and the fate of their
//! letters.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    attachment,
    communication::{Address, Channel, Direction, Model},
    incoming_mail, mail_log, mailbox, operator, work_order,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    fate::{Fate, Fates, OnIo},
    origin::{self, Invitation, Mark, Remark},
    text,
};
use crate::{
    app::{App, letters},
    domain::{
        self,
        progress::received::{Received, in_words_of},
    },
    store::{self, Page, communication::ThreadKey},
    web::{attachment::is_picture, enclosed::is_mail, error::Result, progress},
};

/// Communications on one page.
pub const PAGE: usize = 50;
/// Longer HTML is shown as text, since it cannot be cut. In bytes.
const HTML_SHOWN: usize = 500_000;

/// One communication as the template wants it.
#[derive(Serialize)]
pub struct Communication {
    id: Uuid,
    direction: Direction,
    automatic: bool,
    pec: bool,
    /// By which way, where that is not mail: `web`, `app` or `io`.
    by: Option<&'static str>,
    from_name: String,
    from_address: String,
    recipients: Vec<String>,
    copies: Vec<String>,
    at: DateTime<Utc>,
    subject: Option<String>,
    marks: Vec<Mark>,
    remarks: Vec<Remark>,
    invitation: Option<Invitation>,
    news: Option<Words>,
    whole: Words,
    attachments: Vec<File>,
    deliveries: Vec<Fate>,
    notifications: Vec<OnIo>,
    /// The progress that it tells.
    update: Option<&'static str>,
    /// What is done where IO does not reach the citizen.
    otherwise: Option<Otherwise>,
    source_href: Option<String>,
}

/// What is done where IO does not reach the citizen.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Otherwise {
    /// A letter with the same words leaves then.
    MailWaits,
    /// IO did not, and there is no letter.
    Nothing,
    /// Nothing: it was taken back before it left.
    TakenBack,
}

/// Words ready for the page: cleaned HTML if there is any, else the text.
#[derive(Serialize)]
struct Words {
    html: Option<String>,
    /// A citizen's HTML, and not ours.
    letter: bool,
    text: String,
}

#[derive(Serialize)]
struct File {
    href: String,
    name: String,
    size: i64,
    /// What the virus scanner said; `None` for files of mail, which it does not see.
    scan: Option<attachment::Scan>,
    open_href: Option<String>,
}

/// The newest communications, or those before `before`.
pub async fn read(app: &App, order: &work_order::Model, before: Option<ThreadKey>) -> Result<Page<Model>> {
    Ok(store::communication::thread(&app.desk.db.read, order.organisation_id, order.id, before, PAGE).await?)
}

/// What a page of communications needs beside them, read for all of them together.
struct Beside<'a> {
    files: HashMap<Uuid, Vec<attachment::Model>>,
    fates: Fates,
    logs: HashMap<Uuid, Vec<(mail_log::Model, incoming_mail::Model)>>,
    people: &'a [operator::Model],
    mailboxes: &'a [mailbox::Model],
    now: DateTime<Utc>,
}

/// Makes them ready for the page.
pub async fn shown(
    app: &App,
    order: &work_order::Model,
    path: &str,
    rows: Vec<Model>,
    people: &[operator::Model],
    mailboxes: &[mailbox::Model],
) -> Result<Vec<Communication>> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut files: HashMap<Uuid, Vec<attachment::Model>> = HashMap::new();
    for file in store::attachment::of_communications(db, organisation, &ids).await? {
        files.entry(file.communication_id).or_default().push(file);
    }
    let fates = Fates::read(app, organisation, &ids).await?;
    let logs = logs(app, organisation, &ids).await?;
    let mut beside = Beside { files, fates, logs, people, mailboxes, now: app.clock.now() };
    Ok(rows.into_iter().map(|row| communication(order, path, row, &mut beside)).collect())
}

/// The mails that became these communications or repeat them, by communication.
async fn logs(
    app: &App,
    organisation: Uuid,
    communications: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(mail_log::Model, incoming_mail::Model)>>> {
    let db = &app.desk.db.read;
    let logs = store::mail_log::of_communications(db, organisation, communications).await?;
    let mails = logs.iter().map(|log| log.incoming_mail_id).collect();
    let mails = store::incoming_mail::by_ids(db, organisation, mails).await?;
    let mails: HashMap<Uuid, incoming_mail::Model> = mails.into_iter().map(|mail| (mail.id, mail)).collect();
    let mut by_communication: HashMap<Uuid, Vec<_>> = HashMap::new();
    for log in logs {
        if let (Some(id), Some(mail)) = (log.communication_id, mails.get(&log.incoming_mail_id)) {
            by_communication.entry(id).or_default().push((log, mail.clone()));
        }
    }
    Ok(by_communication)
}

fn communication(
    order: &work_order::Model,
    path: &str,
    mut row: Model,
    beside: &mut Beside<'_>,
) -> Communication {
    let mut taken_back = false;
    if row.occasion.is_some() {
        let received = beside.fates.received(row.id);
        taken_back = matches!(received, Received::TakenBack(_));
        row = in_words_of(received, row);
    }
    let author = beside.people.iter().find(|person| Some(person.id) == row.author_id);
    let names = |addresses: &[Address]| addresses.iter().map(|one| one.address.clone()).collect();
    let files = beside.files.remove(&row.id).unwrap_or_default();
    let logs = beside.logs.remove(&row.id).unwrap_or_default();
    let seen = origin::seen(&row, &logs, beside.mailboxes);
    let pec = row.channel == Channel::Pec;
    let by = match row.channel {
        Channel::Web => Some("web"),
        Channel::App => Some("app"),
        Channel::Io => Some("io"),
        Channel::Email | Channel::Pec | Channel::Desk => None,
    };
    let deliveries = beside.fates.of(row.id, path, pec);
    let notifications = beside.fates.on_io(row.id, beside.now);
    Communication {
        update: row.occasion.map(progress::words::occasion),
        otherwise: if taken_back {
            Some(Otherwise::TakenBack)
        } else {
            otherwise(&row, &deliveries, &notifications)
        },
        subject: news_of_subject(&row.subject, order),
        source_href: row.incoming_mail_id.map(|_| format!("/desk/communications/{}/original.eml", row.id)),
        recipients: names(&row.recipients.0),
        copies: names(&row.copies.0),
        marks: seen.marks,
        remarks: seen.remarks,
        invitation: seen.invitation,
        news: news(&row),
        whole: whole(&row, &files),
        attachments: files.into_iter().map(|one| file(one, by.is_some())).collect(),
        by,
        deliveries,
        notifications,
        from_name: author.map_or(row.from_name, |person| person.name.clone()),
        pec,
        id: row.id,
        direction: row.direction,
        automatic: row.automatic,
        from_address: row.from_address,
        at: row.at,
    }
}

fn otherwise(row: &Model, deliveries: &[Fate], notifications: &[OnIo]) -> Option<Otherwise> {
    if row.occasion.is_none() || !deliveries.is_empty() {
        return None;
    }
    // Where mail was not foreseen there is no mailbox.
    let waits = row.mailbox_id.is_some() && notifications.iter().any(|one| one.open);
    let missed = notifications.iter().all(|one| one.missed);
    waits.then_some(Otherwise::MailWaits).or(missed.then_some(Otherwise::Nothing))
}

fn file(file: attachment::Model, scanned: bool) -> File {
    let href = format!("/desk/attachments/{}", file.id);
    File {
        open_href: is_mail(&file.media_type, &file.name).then(|| format!("{href}/mail")),
        href,
        name: file.name,
        size: file.size,
        scan: scanned.then_some(file.scan),
    }
}

/// What its writer newly wrote, when that is not all of it.
fn news(row: &Model) -> Option<Words> {
    let news = row.visible_text.as_deref().filter(|news| !news.trim().is_empty())?;
    let (html, text) = text::shown(news);
    Some(Words { html, letter: false, text })
}

/// All of it: HTML if there is any that may be shown, and the text for when there is none.
fn whole(row: &Model, files: &[attachment::Model]) -> Words {
    if let Some(html) = row.html.as_deref().filter(|html| html.len() <= HTML_SHOWN) {
        let address = |content_id: &str| {
            let named = |file: &&attachment::Model| file.content_id.as_deref() == Some(content_id);
            let picture = files.iter().find(named).filter(|file| is_picture(&file.media_type))?;
            Some(format!("/desk/attachments/{}", picture.id))
        };
        let html = letters::link_inline_images(html, address);
        return Words { html: Some(html), letter: true, text: String::new() };
    }
    let (html, text) = text::shown(&row.text);
    Words { html, letter: false, text }
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
