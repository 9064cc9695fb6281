//! IO asks, in the name of a citizen. Who has the key of a service gets what this service announced, for the person to whom it was
//! sent, and nothing else; whatever is not that is the same nothing.
//!
//! Nothing secret is compared but by [`remote::same`].

use chrono::{DateTime, Utc};
use entity::{
    attachment, communication,
    io_message::{self, Purpose},
    io_remote::{Model, Precondition},
    io_remote_message,
    language::Language,
    organisation, work_order,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::reader::Reader;
use super::settings::previous_key;
use crate::{
    actions::{Desk, Error, Result},
    domain::{
        calendar::rome,
        io::{
            escape::escape_inline,
            fate,
            remote::{self, text::Frame},
        },
        number::Number,
        text::shortened,
    },
    store,
    wording::{say, say_with, updates::day, without_link},
};

/// Files that are named although they cannot be shown, and characters of a name: the words must have room beside them.
const NAMES: usize = 10;
const NAME: usize = 80;

/// The configuration of a service, if `sent` finds its key among the fields of a request: `sent(name)` gives what came under a name.
///
/// # Errors
/// The database.
pub async fn admit<'a>(
    desk: &Desk,
    service: Uuid,
    now: DateTime<Utc>,
    sent: impl Fn(&str) -> Option<&'a [u8]>,
) -> Result<Option<Model>> {
    let Some(row) = store::io_remote::named(&desk.db.read, service).await? else { return Ok(None) };
    let Some(sent) = sent(&row.header_name) else { return Ok(None) };
    let previous = row.previous_key.as_ref().filter(|_| previous_key(&row, now).is_some());
    // Both are compared, whichever it is.
    let opens = [Some(&row.key), previous].into_iter().flatten().fold(false, |opens, sealed| {
        opens | desk.keys.open(sealed).is_ok_and(|key| remote::same(key.as_bytes(), sent))
    });
    Ok(opens.then_some(row))
}

/// What was announced under an id, with all that is needed to show it.
#[derive(Debug)]
pub struct Opened {
    /// What IO was told.
    pub row: io_remote_message::Model,
    /// The communication.
    pub communication: communication::Model,
    /// What is said around it.
    pub framed: Framed,
}

/// A communication's surroundings.
#[derive(Debug)]
pub struct Framed {
    /// The words, without lines that are each recipient's own and open nothing here.
    pub words: String,
    /// What is said around them.
    pub frame: Frame,
    /// Language of the citizen.
    pub language: Language,
    /// Number of the work order.
    pub number: Number,
    /// Name of the organisation.
    pub organisation: String,
    /// All files of the communication, and whether each is attached.
    pub files: Vec<(attachment::Model, bool)>,
}

/// What a citizen may open: announced by this service under this id, sent to this codice fiscale, which is still that of who wrote.
///
/// # Errors
/// `NotFound` for everything else, whatever it is.
pub async fn open(desk: &Desk, service: &Model, id: Uuid, fiscal_code: &[u8]) -> Result<Opened> {
    let (db, organisation) = (&desk.db.read, service.organisation_id);
    let row =
        store::io_remote::asked(db, organisation, service.io_service_id, id).await?.ok_or(Error::NotFound)?;
    let message =
        store::io_message::by_id(db, organisation, row.io_message_id).await?.ok_or(Error::NotFound)?;
    if !is_recipient(&message, fiscal_code) || is_corrected(db, &message).await? {
        return Err(Error::NotFound);
    }
    let communication =
        store::communication::by_id(db, organisation, row.communication_id).await?.ok_or(Error::NotFound)?;
    // Who wrote may have turned out to be somebody else since.
    let order = store::work_order::by_id(db, organisation, communication.work_order_id).await?;
    let reader = Reader::of(db, &order.ok_or(Error::NotFound)?).await?;
    if reader.code() != Some(message.fiscal_code.as_str()) {
        return Err(Error::NotFound);
    }
    let framed = frame(db, &communication, &row, &message.fiscal_code).await?;
    Ok(Opened { row, communication, framed })
}

/// Sent by mistake, and said so. The words stay with us: this is the one kind of message on IO that can be taken away.
async fn is_corrected(db: &impl ConnectionTrait, message: &io_message::Model) -> Result<bool> {
    let following = store::io_message::following(db, message.organisation_id, message.id).await?;
    Ok(following.iter().any(|one| one.purpose == Purpose::Correction && fate::has_left(one.state)))
}

fn is_recipient(message: &io_message::Model, fiscal_code: &[u8]) -> bool {
    remote::same(message.fiscal_code.as_bytes(), &fiscal_code.to_ascii_uppercase())
}

/// What a citizen agrees to before the message is shown; none where nothing has to be agreed to. It stays what it is after the
/// administrator has chosen otherwise for new notifications.
#[must_use]
pub fn precondition<'a>(service: &'a Model, opened: &Opened) -> Option<(&'a str, &'a str)> {
    let asks = opened.row.precondition != Precondition::Never;
    asks.then_some((service.precondition_title.as_str(), service.precondition_text.as_str()))
}

/// What stands around a communication.
pub(super) async fn frame(
    db: &impl ConnectionTrait,
    communication: &communication::Model,
    row: &io_remote_message::Model,
    fiscal_code: &str,
) -> Result<Framed> {
    let organisation = communication.organisation_id;
    let order = store::work_order::by_id(db, organisation, communication.work_order_id).await?;
    let order = order.ok_or(Error::NotFound)?;
    let owner = store::organisation::by_id(db, organisation).await?.ok_or(Error::NotFound)?;
    let files = store::attachment::of_communications(db, organisation, &[communication.id]).await?;
    let is_attached = |file: &attachment::Model| row.files.0.contains(&file.id);
    let files =
        files.into_iter().map(|file| (is_attached(&file), file)).map(|(attached, file)| (file, attached));
    let language = language(db, &order, fiscal_code).await?;
    Ok(framed(language, &owner, &order, communication, files.collect()))
}

fn framed(
    language: Language,
    owner: &organisation::Model,
    order: &work_order::Model,
    communication: &communication::Model,
    files: Vec<(attachment::Model, bool)>,
) -> Framed {
    let number = Number { year: order.year, number: order.number };
    let organisation = escape_inline(&owner.name);
    let values = [
        ("day", day(language, rome(communication.at).date()).into()),
        ("number", number.to_string().into()),
        ("organisation", organisation.clone().into()),
    ];
    let mut closing = say_with(language, "remote-closing", &values);
    let left_out = left_out(&files);
    if !left_out.is_empty() {
        let values = [("names", left_out.into()), ("organisation", organisation.into())];
        closing = format!("{}\n\n{closing}", say_with(language, "remote-left-out", &values));
    }
    let frame = Frame {
        title: say_with(language, "remote-title", &[("number", number.to_string().into())]),
        closing,
        goes_on: say(language, "remote-goes-on"),
    };
    let words = without_link(&communication.text).trim_end().to_owned();
    Framed { words, frame, language, number, organisation: owner.name.clone(), files }
}

/// Names of the files that cannot be shown in the app, the first of many.
fn left_out(files: &[(attachment::Model, bool)]) -> String {
    let names = files.iter().filter(|(_, attached)| !attached).map(|(file, _)| &file.name);
    let mut names: Vec<String> =
        names.take(NAMES + 1).map(|name| escape_inline(&shortened(name, NAME))).collect();
    if names.len() > NAMES {
        names[NAMES] = "…".to_owned();
    }
    names.join(", ")
}

/// In which language the person wrote, if they wrote through the portal; Italian otherwise.
async fn language(
    db: &impl ConnectionTrait,
    order: &work_order::Model,
    fiscal_code: &str,
) -> Result<Language> {
    let authors = store::follower::authors(db, order.organisation_id, &[order.id]).await?;
    let theirs =
        authors.iter().find(|author| author.fiscal_code.is_empty() || author.fiscal_code == fiscal_code);
    Ok(theirs.map_or(Language::It, |author| author.language))
}
