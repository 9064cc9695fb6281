//! One mail is decided upon: pure work in memory, on what is known. Writing is left to the end of the batch.

use entity::{
    communication::{self, Channel, Direction},
    event::Verb,
    follower::Role,
    incoming_mail::{self, Outcome},
    mail_log::{self, Steps},
    origin::{MailKind, Origin, PecKind},
    update_rule::Occasion,
    work_order::{self, Status},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::{
    known::{House, Known},
    place::{Evidence, Placement, place},
    report::{self, Found},
};
use crate::{
    actions::{Result, errand::News, progress, rows::Rows, tracking, update},
    domain::{identification::speaks_for_itself, mail::Mail, text},
    store,
};

/// Longest text of a letter that is stored, in bytes; the raw mail keeps the rest.
pub(super) const TEXT_BYTES: usize = 1 << 20;
/// Longest subject that is stored, in characters.
pub(super) const SUBJECT_CHARS: usize = 500;

/// What the batch will write.
#[derive(Default)]
pub(super) struct Decided {
    pub(super) rows: Rows,
    /// Older work orders that are put back to work.
    pub(super) resumed: Vec<Resumed>,
    /// What came back about letters.
    pub(super) found: Found,
    /// Who has answered a letter of ours in which work order: the address is theirs.
    answered: Vec<(Uuid, String)>,
    /// What was made of each mail.
    logs: Vec<mail_log::Model>,
}

/// An older work order that is put back to work.
pub(super) struct Resumed {
    pub(super) order: Uuid,
    /// What it was before.
    pub(super) before: Status,
    /// Whose letter did it; none when a letter of ours came back.
    pub(super) sender: Option<String>,
}

impl Decided {
    pub(super) async fn write(
        self,
        house: &House<'_>,
        tx: &DatabaseTransaction,
        known: &Known,
    ) -> Result<()> {
        let organisation = house.cx.organisation;
        if !self.rows.orders.is_empty() {
            store::work_order::set_last_number(tx, organisation, house.year, known.last_number).await?;
        }
        let opened = if house.tells_io { self.acknowledged() } else { Vec::new() };
        self.rows.write(tx, organisation).await?;
        for order in &opened {
            progress::tell(tx, &house.cx, order, Occasion::Received, &[]).await?;
        }
        let change = work_order::ActiveModel {
            status: Set(Status::InProgress),
            closed_at: Set(None),
            ..Default::default()
        };
        for resumed in &self.resumed {
            store::work_order::update(tx, resumed.order, change.clone()).await?;
            resumed.tell(tx, house).await?;
        }
        self.found.write(tx, house).await?;
        for (order, address) in self.answered {
            confirm(tx, house, order, &address).await?;
        }
        Ok(store::mail_log::insert(tx, self.logs).await?)
    }
}

impl Decided {
    /// The work orders that a person has opened and is told so.
    fn acknowledged(&self) -> Vec<work_order::Model> {
        let told = |order: &&work_order::Model| {
            let mut events = self.rows.events.iter();
            events.any(|event| event.work_order == order.id && event.verb == Verb::Acknowledged)
        };
        self.rows.orders.iter().filter(told).cloned().collect()
    }
}

impl Resumed {
    /// The citizen and whoever follows what was closed hear that it is open again; who wrote the letter knows, and to whom our
    /// own came back nothing is written.
    async fn tell(&self, tx: &DatabaseTransaction, house: &House<'_>) -> Result<()> {
        if self.before != Status::Closed {
            return Ok(());
        }
        let sender: Vec<&str> = self.sender.as_deref().into_iter().collect();
        let order = store::work_order::by_id(tx, house.cx.organisation, self.order).await?;
        if let (Some(order), Some(_)) = (order, &self.sender) {
            progress::tell(tx, &house.cx, &order, Occasion::Reopened, &sender).await?;
        }
        update::tell(tx, &house.cx, self.order, News::Reopened, &sender).await
    }
}

/// Who opened a work order by a form, and now answers by mail, holds the address that was typed into the form.
async fn confirm(tx: &DatabaseTransaction, house: &House<'_>, order: Uuid, address: &str) -> Result<()> {
    let organisation = house.cx.organisation;
    let follower = store::follower::by_address(tx, organisation, order, address).await?;
    match follower.filter(|follower| follower.role == Role::Author && follower.confirmed_at.is_none()) {
        Some(follower) => Ok(tracking::confirmed(tx, &house.cx, &follower).await?),
        None => Ok(()),
    }
}

/// Gives a mail its outcome.
pub(super) fn decide(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
) -> Outcome {
    let mut log = log(house, row, mail);
    let steps = &mut log.data;
    let outcome = match place(house, known, row, mail) {
        Placement::Own => {
            (steps.kind, steps.placed) = (MailKind::Own, "own".to_owned());
            Outcome::Own
        }
        Placement::Duplicate(of) => {
            steps.placed = if of.is_some() { "same_letter" } else { "set_aside" }.to_owned();
            log.communication_id = of;
            Outcome::Duplicate
        }
        Placement::Receipt(about) => {
            let believed =
                about.is_some_and(|id| report::receipt(house, known, decided, id, mail, row.received_at));
            steps.placed = match about {
                None => "receipt_of_nothing",
                Some(_) if believed => "receipt",
                Some(_) => "receipt_not_believed",
            }
            .to_owned();
            steps.pec.clone_from(&mail.pec);
            log.delivery_id = about;
            Outcome::Receipt
        }
        Placement::Reply(order, evidence) => {
            steps.placed = evidence.name().to_owned();
            log.communication_id = Some(join(house, known, decided, row, mail, order.id, evidence));
            log.delivery_id = report::about(house, known, mail);
            if let Some(delivery) = log.delivery_id {
                report::bounced(house, known, decided, delivery, mail, row.received_at);
            }
            Outcome::Joined
        }
        Placement::New { follows } => {
            steps.placed = if follows.is_some() { "new_after_another" } else { "new" }.to_owned();
            let opened = super::open::open(house, known, decided, row, mail, follows);
            steps.identified = opened.identified;
            steps.silent = opened.silent;
            log.communication_id = Some(opened.communication);
            Outcome::Opened
        }
    };
    // A mail that is read again says nothing new, and a false sender nothing at all.
    if matches!(outcome, Outcome::Opened | Outcome::Joined)
        && !mail.kind.is_automatic()
        && speaks_for_itself(mail)
        && known.revives(mail.sender(), row.received_at)
    {
        decided.found.revived.push(mail.sender().to_owned());
    }
    decided.logs.push(log);
    outcome
}

/// A person opens a work order for a mail that could not be read. Gives the communication.
pub(super) fn open_by_hand(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
    steps: Steps,
) -> Uuid {
    let opened = super::open::open(house, known, decided, row, mail, None);
    let communication_id = Some(opened.communication);
    decided.logs.push(mail_log::Model { communication_id, data: steps, ..log(house, row, mail) });
    opened.communication
}

fn log(house: &House<'_>, row: &incoming_mail::Model, mail: &Mail) -> mail_log::Model {
    let steps = Steps { kind: mail.kind, why: mail.why.to_owned(), ..Steps::default() };
    mail_log::Model {
        incoming_mail_id: row.id,
        organisation_id: house.cx.organisation,
        communication_id: None,
        delivery_id: None,
        data: steps,
    }
}

/// The mail joins a work order; a person's words put a closed or waiting one back to work. Gives the communication.
fn join(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
    order: Uuid,
    evidence: Evidence,
) -> Uuid {
    let data = json!({ "automatic": mail.kind.is_automatic(), "evidence": evidence });
    let proves = matches!(evidence, Evidence::OwnMessageId | Evidence::ReplyAddress);
    if proves && !mail.kind.is_automatic() && speaks_for_itself(mail) {
        decided.answered.push((order, mail.sender().to_owned()));
    }
    decided.rows.events.push(house.cx.event(order, Verb::Received, data));
    // What an archive holds is no news.
    if !mail.kind.is_automatic()
        && !row.imported
        && let Some(before) = known.resume(order)
    {
        let verb = if before == Status::Closed { Verb::Reopened } else { Verb::StatusChanged };
        let data = json!({ "from": before, "to": Status::InProgress });
        decided.rows.events.push(house.cx.event(order, verb, data));
        decided.resumed.push(Resumed { order, before, sender: Some(mail.sender().to_owned()) });
    }
    add_letter(house, known, decided, row, mail, order)
}

/// Adds the words and the files; gives the communication.
pub(super) fn add_letter(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
    order: Uuid,
) -> Uuid {
    let id = Uuid::now_v7();
    let from = mail.from.clone().unwrap_or_default();
    let reply_to =
        mail.reply_to.first().map_or_else(|| from.address.clone(), |address| address.address.clone());
    let references: Vec<&str> = mail.references.iter().chain(&mail.message_id).map(String::as_str).collect();
    let text = within(&mail.text, TEXT_BYTES);
    if !mail.kind.is_automatic() && !house.is_own(mail.sender()) {
        decided.rows.add_participant(order, mail.sender());
    }
    let files = decided.rows.add_files(house.cx.organisation, id, &mail.attachments);
    known.add_letter(order, id, row, mail, (text, files));
    decided.rows.communications.push(communication::Model {
        id,
        organisation_id: house.cx.organisation,
        work_order_id: order,
        direction: Direction::In,
        channel: channel_of(mail),
        automatic: mail.kind.is_automatic(),
        from_name: from.name,
        from_address: from.address,
        recipients: communication::Addresses(mail.to.clone()),
        copies: communication::Addresses(mail.cc.clone()),
        reply_address: reply_to,
        subject: text::shortened(&mail.subject, SUBJECT_CHARS),
        text: text.to_owned(),
        visible_text: mail.visible_text.clone(),
        origin: origin(mail),
        html: mail.html.clone(),
        author_id: None,
        mailbox_id: house.mailbox.map(|mailbox| mailbox.id),
        incoming_mail_id: Some(row.id),
        submission_id: None,
        message_id: mail.message_id.clone(),
        references: references.join(" "),
        answers_id: None,
        occasion: None,
        at: row.received_at,
        created_at: house.cx.now,
    });
    id
}

/// By which way a mail came. An ordinary one that came to a PEC mailbox is no certified mail.
pub(super) fn channel_of(mail: &Mail) -> Channel {
    let certified = mail.pec.as_ref().is_some_and(|pec| pec.kind == PecKind::Transport);
    if certified { Channel::Pec } else { Channel::Email }
}

/// What is kept beside the words; most letters have nothing to keep.
fn origin(mail: &Mail) -> Option<Origin> {
    let origin = Origin {
        kind: mail.kind,
        authenticity: mail.authenticity,
        invitation: mail.invitation.clone(),
        pec: mail.pec.clone(),
    };
    (origin != Origin::default()).then_some(origin)
}

/// The longest beginning of `text` of at most `limit` bytes.
pub(super) fn within(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}
