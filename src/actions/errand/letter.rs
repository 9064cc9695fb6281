//! What an errand says when it leaves: put together from what is true then. A link that leads nowhere any more, a person who
//! wants to hear no more, a code that is over: such an errand is let go.

use chrono::{DateTime, Duration, Utc};
use entity::{
    communication::Address,
    errand::Model,
    follower::{self, ToldBy},
    language::Language,
    mailbox, notice, submission, work_order,
};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::{Errand, Whom};
use crate::{
    actions::{Desk, Error, Result, citizen::CODE_MINUTES},
    domain::{
        calendar, citizen_code, form, link, mail::OutgoingLetter, number::Number, progress::news::News,
    },
    store,
    wording::{
        Text,
        letters::{self, Days, Matter, Office, Request},
        updates,
    },
};

/// An errand ready to be carried.
#[derive(Debug)]
pub enum Parcel {
    /// A letter, and the mailbox by which it leaves.
    Letter(Box<OutgoingLetter>, Box<mailbox::Model>),
    /// A message to an app.
    Message(Message),
    /// It has become pointless: why, in a word for the file.
    Moot(&'static str),
    /// It cannot leave now: why.
    Later(&'static str),
}

/// A message to an app.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where to.
    pub url: String,
    /// The key with which it is signed: `whsec_` and base 64.
    pub secret: SecretString,
    /// What it is known by, at every attempt.
    pub id: Uuid,
    /// JSON.
    pub body: Vec<u8>,
}

/// A letter that has nobody to go to, or nothing to say.
struct Pointless(&'static str);

type Words = std::result::Result<Text, Pointless>;

/// Puts an errand together.
///
/// # Errors
/// The database; data that this program did not write.
pub async fn parcel(desk: &Desk, errand: &Model, now: DateTime<Utc>) -> Result<Parcel> {
    let stored = super::read(errand)?;
    if let Errand::Webhook { webhook, payload } = stored.errand {
        return message(desk, errand, webhook, payload).await;
    }
    let (db, organisation) = (&desk.db.read, errand.organisation_id);
    let office = store::organisation::by_id(db, organisation).await?.ok_or(Error::NotFound)?;
    let Some(portal) = store::portal::of(db, organisation).await? else {
        return Ok(Parcel::Moot("no portal"));
    };
    let url = desk.portal_url(&portal);
    let writer = Writer {
        desk,
        errand,
        now,
        office: Office { name: &office.name, language: stored.language, portal: &url },
    };
    let words = match writer.words(&stored.errand).await? {
        Ok(words) => words,
        Err(Pointless(why)) => return Ok(Parcel::Moot(why)),
    };
    let Some(mailbox) = store::mailbox::way_out(&desk.db.read, &portal).await? else {
        return Ok(Parcel::Later("nessuna casella da cui inviare"));
    };
    let letter = envelope(errand, words, stored.language, &mailbox);
    Ok(Parcel::Letter(Box::new(letter), Box::new(mailbox)))
}

/// The letter, the same at each attempt. Its id is none that leads into a thread: an answer joins a work order only by the
/// number in its subject.
fn envelope(errand: &Model, words: Text, language: Language, mailbox: &mailbox::Model) -> OutgoingLetter {
    let pec = mailbox.kind == mailbox::Kind::Pec;
    let domain = mailbox.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    OutgoingLetter {
        message_id: format!("{}@{domain}", errand.id.simple()),
        date: errand.created_at,
        from: Address { name: mailbox.name.clone(), address: mailbox.address.clone() },
        reply_to: None,
        // No name: whatever was typed into a form is not mailed to an address that may be somebody else's.
        to: vec![Address { name: String::new(), address: errand.recipient.clone() }],
        cc: Vec::new(),
        recipient: errand.recipient.clone(),
        subject: words.subject,
        text: words.body,
        language,
        references: Vec::new(),
        attachments: Vec::new(),
        automatic: true,
        // Technical rules of PEC: the return path is the mailbox.
        return_path: pec.then(|| mailbox.address.clone()),
        pec,
    }
}

async fn message(
    desk: &Desk,
    errand: &Model,
    webhook: Uuid,
    mut payload: serde_json::Value,
) -> Result<Parcel> {
    let Some(endpoint) = store::webhook::by_id(&desk.db.read, errand.organisation_id, webhook).await? else {
        return Ok(Parcel::Moot("no endpoint"));
    };
    let Ok(secret) = desk.keys.open(&endpoint.secret) else {
        return Ok(Parcel::Later("il segreto non si apre con la chiave di questa installazione"));
    };
    if let Some(fields) = payload.as_object_mut() {
        fields.insert("id".to_owned(), json!(errand.id));
    }
    Ok(Parcel::Message(Message {
        url: endpoint.url,
        secret: secret.into(),
        id: errand.id,
        body: payload.to_string().into_bytes(),
    }))
}

/// Writes the letters of one organisation in one language.
struct Writer<'a> {
    desk: &'a Desk,
    errand: &'a Model,
    now: DateTime<Utc>,
    office: Office<'a>,
}

impl Writer<'_> {
    async fn words(&self, errand: &Errand) -> Result<Words> {
        let keys = &self.desk.keys;
        match *errand {
            Errand::Resume { submission } => self.resume(submission).await,
            Errand::Confirm { submission } => {
                let waits = self.submission(submission).await?;
                Ok(match waits.filter(|one| one.state == submission::State::Unconfirmed) {
                    Some(one) => Ok(letters::confirm(&self.office, &link::confirmation(keys, one.id))),
                    None => Err(Pointless("nothing to confirm")),
                })
            }
            Errand::Link { follower } => self.link(follower).await,
            Errand::Follow { follower } => self.follow(follower).await,
            Errand::Update { follower, news } => self.update(follower, news).await,
            Errand::Restored { notice, whom } => self.restored(notice, whom).await,
            Errand::Changed { notice, follower } => self.changed(notice, follower).await,
            Errand::CitizenCode { token } => Ok(self.code(token)),
            Errand::Webhook { .. } | Errand::Circular { .. } => Ok(Err(Pointless("no letter"))),
        }
    }

    async fn submission(&self, id: Uuid) -> Result<Option<submission::Model>> {
        Ok(store::submission::by_id(&self.desk.db.read, self.errand.organisation_id, id).await?)
    }

    /// The follower, if the address is still the one that was meant.
    async fn follower(&self, id: Uuid) -> Result<Option<follower::Model>> {
        let found = store::follower::by_id(&self.desk.db.read, self.errand.organisation_id, id).await?;
        Ok(found.filter(|follower| follower.address == self.errand.recipient))
    }

    async fn order(&self, id: Uuid) -> Result<Option<work_order::Model>> {
        Ok(store::work_order::by_id(&self.desk.db.read, self.errand.organisation_id, id).await?)
    }

    async fn notice(&self, id: Uuid) -> Result<Option<notice::Model>> {
        Ok(store::notice::by_id(&self.desk.db.read, self.errand.organisation_id, id).await?)
    }

    async fn resume(&self, id: Uuid) -> Result<Words> {
        let draft = self.submission(id).await?.filter(|one| one.state == submission::State::Draft);
        let Some(draft) = draft else { return Ok(Err(Pointless("no draft"))) };
        let kinds = store::organisation::kinds(&self.desk.db.read, self.errand.organisation_id).await?;
        let Some(kind) = kinds.iter().find(|kind| kind.id == draft.kind_id) else {
            return Ok(Err(Pointless("no kind")));
        };
        let link = link::draft(&self.desk.keys, draft.id);
        Ok(Ok(letters::resume(&self.office, &kind.code, draft.step.clamp(1, 4), &link)))
    }

    /// What a follower follows, in the form in which letters name it.
    async fn matter(&self, follower: &follower::Model) -> Result<Option<Matter>> {
        if let Some(id) = follower.work_order_id {
            let Some(order) = self.order(id).await? else { return Ok(None) };
            return Ok(Some(Matter::Request(self.request(follower, &order).await?)));
        }
        let Some(id) = follower.notice_id else { return Ok(None) };
        let shown = |notice: &notice::Model| {
            matches!(notice.state, notice::State::Published | notice::State::Restored)
        };
        let notice = self.notice(id).await?.filter(shown);
        Ok(notice.map(|notice| Matter::Notice(notice.title.in_(self.office.language).to_owned())))
    }

    /// A work order, in the form in which letters name it. Who only follows is told what, where and on which day: a number says
    /// nothing to whoever did not send it. The street was typed by a citizen: it goes to nobody who has not confirmed the address.
    async fn request(&self, follower: &follower::Model, order: &work_order::Model) -> Result<Request> {
        let number = Number { year: order.year, number: order.number };
        if follower.role == follower::Role::Author {
            return Ok(Request { number, about: Vec::new() });
        }
        let (db, language) = (&self.desk.db.read, self.office.language);
        let kinds = store::organisation::kinds(db, order.organisation_id).await?;
        let kind = kinds.iter().find(|kind| kind.id == order.kind_id).map(|kind| form::title(kind, language));
        let place = match follower.confirmed_at {
            Some(_) => store::place::of(db, order.organisation_id, order.id).await?,
            None => None,
        };
        let street =
            place.and_then(|place| form::street_name(&place.address)).filter(|name| !leads_away(name));
        let day = updates::day(language, calendar::rome_date(order.received_at));
        Ok(Request { number, about: kind.into_iter().chain(street).chain([day]).collect() })
    }

    async fn link(&self, id: Uuid) -> Result<Words> {
        let Some(follower) = self.follower(id).await? else { return Ok(Err(Pointless("no follower"))) };
        let Some(matter) = self.matter(&follower).await? else { return Ok(Err(Pointless("no matter"))) };
        let keys = &self.desk.keys;
        let (link, code) = (link::follower(keys, &follower), link::code(keys, &follower));
        Ok(Ok(letters::link(&self.office, &matter, &link, &code)))
    }

    /// Who follows already is not asked again: the letter says how to get there, so that the page need not say who is known.
    async fn follow(&self, id: Uuid) -> Result<Words> {
        let Some(follower) = self.follower(id).await? else { return Ok(Err(Pointless("no follower"))) };
        if follower.confirmed_at.is_some() {
            return self.link(id).await;
        }
        let Some(matter) = self.matter(&follower).await? else { return Ok(Err(Pointless("no matter"))) };
        Ok(Ok(letters::follow(&self.office, &matter, &link::follower(&self.desk.keys, &follower))))
    }

    async fn update(&self, id: Uuid, news: News) -> Result<Words> {
        let listens = self.follower(id).await?.filter(|follower| follower.told_by != ToldBy::Nothing);
        let Some(follower) = listens else { return Ok(Err(Pointless("nobody listens"))) };
        let order = match follower.work_order_id {
            Some(id) => self.order(id).await?,
            None => None,
        };
        let Some(order) = order else { return Ok(Err(Pointless("no matter"))) };
        let request = self.request(&follower, &order).await?;
        let days = Days {
            due: calendar::rome_date(order.due_at),
            contest: self.contest(&follower, &order).await?.map(calendar::rome_date),
        };
        let personal = link::follower(&self.desk.keys, &follower);
        Ok(Ok(letters::update(&self.office, &request, news, days, &personal)))
    }

    /// Until when the reader may say that it is not solved: who wrote it may, while it is closed and was not withdrawn.
    async fn contest(
        &self,
        follower: &follower::Model,
        order: &work_order::Model,
    ) -> Result<Option<DateTime<Utc>>> {
        let db = &self.desk.db.read;
        let closed_at = order.closed_at.filter(|_| follower.role == follower::Role::Author);
        let Some(closed_at) = closed_at else { return Ok(None) };
        if store::event::is_withdrawn(db, order).await? {
            return Ok(None);
        }
        let portal = store::portal::of(db, self.errand.organisation_id).await?.ok_or(Error::NotFound)?;
        let until = closed_at + Duration::days(portal.contest_days.into());
        Ok((portal.contest_days > 0 && self.now <= until).then_some(until))
    }

    async fn restored(&self, id: Uuid, whom: Whom) -> Result<Words> {
        let over = self.notice(id).await?.filter(|notice| notice.state == notice::State::Restored);
        let Some(notice) = over else { return Ok(Err(Pointless("not over"))) };
        let personal = match whom {
            Whom::Sender(_) => None,
            Whom::Follower(id) => {
                let listens = self.follower(id).await?.filter(|one| one.told_by != ToldBy::Nothing);
                let Some(follower) = listens else { return Ok(Err(Pointless("nobody listens"))) };
                Some(link::follower(&self.desk.keys, &follower))
            }
        };
        Ok(Ok(letters::restored(&self.office, &notice, personal.as_deref())))
    }

    /// What the notice says when the letter leaves: of two changes in a row both letters say the later one.
    async fn changed(&self, id: Uuid, follower: Uuid) -> Result<Words> {
        let current = self.notice(id).await?.filter(|notice| notice.state == notice::State::Published);
        let Some(notice) = current else { return Ok(Err(Pointless("not in force"))) };
        let listens = self.follower(follower).await?.filter(|one| one.told_by != ToldBy::Nothing);
        let Some(follower) = listens else { return Ok(Err(Pointless("nobody listens"))) };
        let personal = link::follower(&self.desk.keys, &follower);
        Ok(Ok(letters::changed(&self.office, &notice, Some(&personal))))
    }

    fn code(&self, token: Uuid) -> Words {
        if self.now - self.errand.created_at > Duration::minutes(CODE_MINUTES) {
            return Err(Pointless("over"));
        }
        let code = citizen_code::code(&self.desk.keys, token);
        Ok(letters::code(&self.office, &code, CODE_MINUTES))
    }
}

/// Whether a mail program could make a link of it: a street is none, and whoever typed one wants to lead others somewhere.
/// Abbreviations are no names of hosts: before their dot or after it stands a single letter ("V.le", "G.B.Verdi").
fn leads_away(street: &str) -> bool {
    street.split_whitespace().any(|word| {
        let parts: Vec<usize> = word.split('.').map(|part| part.chars().count()).collect();
        parts.windows(2).any(|sides| sides.iter().all(|letters| *letters > 1))
    })
}
