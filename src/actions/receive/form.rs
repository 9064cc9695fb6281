//! A form comes in, by the same door as a mail: number, kind, due date, taxpayer, communication, files, acknowledgement, in
//! one commit.
//!
//! What differs from a mail: it always opens a work order (answers come by the tracking page), its sender is who the fields
//! say, declared and not proven, and its files are here already. Its citizen gets a personal link.

use chrono::{DateTime, Duration, Utc};
use entity::{
    communication::{self, Addresses, Direction},
    delivery,
    event::Verb,
    follower::{self, Role, ToldBy},
    form::Form,
    notice, place, portal, request_kind, submission,
    update_rule::Occasion,
    upload,
    work_order::{self, Identified},
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::{known::House, open};
use crate::{
    actions::{Cx, Desk, Result, notice as notices, progress, reply::Letter, rows::Rows},
    domain::{
        calendar,
        form::{self, Declared},
        notice as notice_rules,
        number::Number,
        place as places, text,
    },
    store, wording,
};

/// What was sent, and what it says.
pub(in crate::actions) struct Filed<'a> {
    pub(in crate::actions) submission: &'a submission::Model,
    pub(in crate::actions) portal: &'a portal::Model,
    pub(in crate::actions) kind: &'a request_kind::Model,
    pub(in crate::actions) form: &'a Form,
    pub(in crate::actions) declared: &'a Declared,
    pub(in crate::actions) uploads: &'a [upload::Model],
    /// The address is somebody's who has opened a link of ours, now or earlier: letters may go there.
    pub(in crate::actions) confirmed: bool,
    /// That somebody sent this: the link came out of this very submission, or the app has proved it.
    pub(in crate::actions) proven: bool,
}

/// Opens a work order for it.
pub(in crate::actions) async fn open(
    desk: &Desk,
    cx: &Cx,
    tx: &DatabaseTransaction,
    filed: &Filed<'_>,
) -> Result<(work_order::Model, follower::Model)> {
    let mailbox = store::mailbox::way_out(tx, filed.portal).await?;
    let house = House::load(desk, *cx, mailbox.as_ref(), tx).await?;
    // First, so that the number is ours alone from here on.
    let number = store::work_order::lock_last_number(tx, cx.organisation, house.year).await? + 1;
    let (taxpayer_id, identified) = identify(&house, tx, filed).await?;
    let (subject, words) =
        form::letter(filed.form, filed.kind, &filed.submission.answers, filed.submission.language);
    let order = open::order(
        &house,
        open::New {
            number,
            kind: filed.kind,
            taxpayer_id,
            identified,
            subject: text::shortened(&subject, super::decide::SUBJECT_CHARS),
            sender: &filed.declared.email,
            channel: filed.submission.channel,
            received_at: filed.submission.received_at.unwrap_or(cx.now),
            follows: None,
        },
    );
    let author = author(cx, filed, &order);
    let mut rows = Rows::default();
    let data =
        json!({ "kind": filed.kind.name, "identified": identified, "channel": filed.submission.channel });
    rows.events.push(cx.event(order.id, Verb::Opened, data));
    rows.add_participant(order.id, &filed.declared.email);
    let words = communication(cx, filed, &order, (subject, words));
    let answers = words.id;
    rows.add_uploads(words.id, filed.uploads);
    rows.communications.push(words);
    let concerning = concerning(tx, &order, filed).await?;
    acknowledge(&house, tx, &mut rows, filed, (&order, &author, answers, &concerning)).await?;
    rows.orders.push(order.clone());

    store::work_order::set_last_number(tx, cx.organisation, house.year, number).await?;
    rows.write(tx, cx.organisation).await?;
    store::follower::insert(tx, vec![author.clone()]).await?;
    if let Some(place) = place(cx, filed, &order) {
        store::place::insert(tx, place).await?;
    }
    progress::tell(tx, cx, &order, Occasion::Received, &[]).await?;
    for notice in concerning.iter().filter(|one| !notice_rules::is_general(one)) {
        notices::link_new(tx, cx, notice, order.id).await?;
    }
    let used: Vec<Uuid> = filed.uploads.iter().map(|file| file.id).collect();
    store::upload::delete(tx, cx.organisation, &used).await?;
    Ok((order, author))
}

/// Codes first, then the address. Whoever has seen a payment notice can type a code, and anybody an address: what is found so
/// is shown as declared. Only a confirmed address that one taxpayer holds proves something.
async fn identify(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    filed: &Filed<'_>,
) -> Result<(Uuid, Identified)> {
    let organisation = house.cx.organisation;
    let declared = filed.declared;
    let mut codes = declared.codes.clone();
    codes.extend((!declared.fiscal_code.is_empty()).then(|| declared.fiscal_code.clone()));
    let mut named: Vec<Uuid> = store::taxpayer::by_codes(tx, organisation, &codes)
        .await?
        .into_iter()
        .map(|taxpayer| taxpayer.id)
        .collect();
    named.sort_unstable();
    named.dedup();
    let held = if declared.email.is_empty() {
        Vec::new()
    } else {
        store::taxpayer::ids_by_address(tx, organisation, &declared.email).await?
    };
    Ok(match (named.as_slice(), held.as_slice()) {
        ([], [only]) if filed.proven => (*only, Identified::Address),
        ([one], held) if filed.proven && held.contains(one) => (*one, Identified::AddressAndCode),
        ([one], _) => (*one, Identified::Declared),
        ([], [only]) => (*only, Identified::Declared),
        ([], []) => (house.generic_taxpayer, Identified::Unknown),
        _ => (house.generic_taxpayer, Identified::Candidates),
    })
}

fn author(cx: &Cx, filed: &Filed<'_>, order: &work_order::Model) -> follower::Model {
    let declared = filed.declared;
    let told_by = match filed.submission.answers.get("told_by") {
        "io" => ToldBy::Io,
        "nothing" => ToldBy::Nothing,
        _ if declared.email.is_empty() => ToldBy::Nothing,
        _ => ToldBy::Mail,
    };
    follower::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        work_order_id: Some(order.id),
        notice_id: None,
        role: Role::Author,
        name: declared.name.clone(),
        address: declared.email.clone(),
        fiscal_code: declared.fiscal_code.clone(),
        phone: declared.phone.clone(),
        language: filed.submission.language,
        told_by,
        // Mail stands there for whoever says nothing: only the others have chosen.
        chose_at: matches!(filed.submission.answers.get("told_by"), "io" | "nothing").then_some(cx.now),
        generation: 0,
        confirmed_at: filed.confirmed.then_some(cx.now),
        created_at: cx.now,
        seen_at: None,
    }
}

fn communication(
    cx: &Cx,
    filed: &Filed<'_>,
    order: &work_order::Model,
    (subject, words): (String, String),
) -> communication::Model {
    communication::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        work_order_id: order.id,
        direction: Direction::In,
        channel: filed.submission.channel,
        automatic: false,
        from_name: filed.declared.name.clone(),
        from_address: filed.declared.email.clone(),
        recipients: Addresses::default(),
        copies: Addresses::default(),
        reply_address: filed.declared.email.clone(),
        subject: text::shortened(&subject, super::decide::SUBJECT_CHARS),
        text: words,
        visible_text: None,
        origin: None,
        html: None,
        author_id: None,
        mailbox_id: None,
        incoming_mail_id: None,
        submission_id: Some(filed.submission.id),
        message_id: None,
        references: String::new(),
        answers_id: None,
        occasion: None,
        at: order.received_at,
        created_at: cx.now,
    }
}

fn place(cx: &Cx, filed: &Filed<'_>, order: &work_order::Model) -> Option<place::Model> {
    let (address, position) = filed.declared.place.clone()?;
    Some(place::Model {
        work_order_id: order.id,
        organisation_id: cx.organisation,
        kind_id: order.kind_id,
        street: places::street(&address),
        address,
        latitude: position.map(|(latitude, _)| latitude),
        longitude: position.map(|(_, longitude)| longitude),
        created_at: cx.now,
    })
}

/// Notices in force that may concern it.
async fn concerning(
    tx: &DatabaseTransaction,
    order: &work_order::Model,
    filed: &Filed<'_>,
) -> Result<Vec<notice::Model>> {
    let street = filed.declared.place.as_ref().map(|(address, _)| places::street(address));
    notices::concerning(tx, order.organisation_id, order.kind_id, street.as_deref(), order.created_at).await
}

/// Queues the acknowledgement, which carries the personal link: until the address is confirmed that is all that goes there.
///
/// A confirmed address is told of each of its requests, up to the limit of a day; one that nobody has confirmed may be
/// somebody else's, and gets one letter an hour whatever is typed into our forms. The others wait for its confirmation, which
/// is one for all of them.
async fn acknowledge(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    rows: &mut Rows,
    filed: &Filed<'_>,
    (order, author, answers, concerning): (&work_order::Model, &follower::Model, Uuid, &[notice::Model]),
) -> Result<()> {
    let Some(mailbox) = house.mailbox else { return Ok(()) };
    let (now, rules) = (house.cx.now, &house.desk.rules);
    let address = author.address.as_str();
    let unwanted = author.told_by == ToldBy::Nothing;
    if address.is_empty() || unwanted || house.is_own(address) || !mailbox.acknowledge {
        return Ok(());
    }
    let written: Vec<DateTime<Utc>> =
        store::delivery::automatic_since(tx, house.cx.organisation, &[address], now - Duration::days(1))
            .await?
            .into_iter()
            .map(|(_, at)| at)
            .collect();
    let last_hour = written.iter().filter(|at| **at > now - Duration::hours(1)).count() as u64;
    if written.len() as u64 >= rules.acknowledgements_per_day {
        return Ok(());
    }
    let waits = !filed.confirmed && last_hour >= rules.acknowledgements_per_hour;
    let words = wording::letters::acknowledgement(&wording::letters::Acknowledgement {
        office: wording::letters::Office {
            name: &house.organisation.name,
            language: author.language,
            portal: &house.desk.portal_url(filed.portal),
        },
        number: Number { year: order.year, number: order.number },
        received: calendar::rome_date(order.received_at),
        due: calendar::rome_date(order.due_at),
        confirm: author.confirmed_at.is_none() && !waits,
        notices: concerning,
    });
    let letter = Letter {
        order,
        mailbox,
        answers: Some(answers),
        references: Vec::new(),
        // No name: nothing that was typed into a form is mailed to an address that may be somebody else's.
        to: vec![communication::Address { name: String::new(), address: author.address.clone() }],
        words,
        automatic: true,
        author: None,
    };
    letter.queue(rows, &house.cx, Uuid::now_v7());
    match rows.deliveries.last_mut().filter(|_| waits) {
        Some(letter) => letter.state = delivery::State::Held,
        None => rows.events.push(house.cx.event(order.id, Verb::Acknowledged, json!({}))),
    }
    Ok(())
}
