//! The texts of updates, filled in: the organisation's own, or the program's.
//!
//! What an operator or a citizen typed is put into a notification so that Markdown does not take it for its own.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    communication::{self, Channel, Direction},
    io_message,
    language::Language,
    update_rule::Occasion,
    update_text::Medium,
    work_order,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::citizen::Known;
use crate::{
    actions::{Cx, Desk, Error, Result, reply},
    domain::{
        calendar::rome_date,
        io::{
            cta::{self, Button, Cta},
            due_date,
            escape::{escape, escape_inline},
            message::Content,
            preview, text,
        },
        link,
        number::Number,
        progress::{
            Person,
            template::{Placeholder, Values, fill},
        },
    },
    store,
    wording::{self, PERSONAL_LINK, PERSONAL_URL, Text, updates},
};

/// Units of a notification that are kept for its button, whose link is longer than its mark. What stays can hold what it is filled with
/// (`fit`): cutting is for texts that were written before that was looked at.
pub(super) const ROOM: usize = 1_000;

/// What an operator says about what happened; empty where nothing is to be said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// To whom it was handed.
    pub office: String,
    /// What is asked of the citizen.
    pub asked: String,
    /// By when.
    pub until: Option<NaiveDate>,
    /// When somebody comes, or is waited for.
    pub when: Option<DateTime<Utc>>,
    /// Where.
    pub place: String,
    /// What is left for the citizen to do.
    pub steps: String,
}

/// The text of an occasion: the organisation's own, or the program's.
async fn template(tx: &DatabaseTransaction, cx: &Cx, which: (Occasion, Medium, Language)) -> Result<Text> {
    let (occasion, medium, language) = which;
    let own = store::update::text(tx, cx.organisation, which).await?;
    Ok(own.map_or_else(
        || updates::standard(language, medium, occasion),
        |own| Text { subject: own.subject, body: own.body },
    ))
}

/// In which language the citizen is addressed; who wrote by mail is by an Italian office.
fn language(known: &Known<'_>) -> Language {
    known.author.as_ref().map(|author| author.language).unwrap_or_default()
}

/// What an update is filled with, in the citizen's language.
pub(super) async fn values(
    tx: &DatabaseTransaction,
    cx: &Cx,
    known: &Known<'_>,
    details: &Details,
) -> Result<Values> {
    let (order, language) = (known.order, language(known));
    let organisation = store::organisation::by_id(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    // What was changed in this transaction is read again: the due date that is told must be the one that holds.
    let order = store::work_order::by_id(tx, cx.organisation, order.id).await?.ok_or(Error::NotFound)?;
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    let kind = kinds.into_iter().find(|kind| kind.id == order.kind_id).map(|kind| kind.name);
    let day = |day: NaiveDate| updates::day(language, day);
    // A day that is past is no promise: its line is left out.
    let due = Some(rome_date(order.due_at)).filter(|due| *due >= rome_date(cx.now));
    let contest = known.portal.as_ref().filter(|_| known.author.is_some() && order.contests == 0);
    let contest =
        contest.map(|portal| rome_date(cx.now + chrono::Duration::days(portal.contest_days.into())));
    Ok(vec![
        (Placeholder::Number, Number { year: order.year, number: order.number }.to_string()),
        (Placeholder::Kind, kind.unwrap_or_default()),
        (Placeholder::Received, day(rome_date(order.received_at))),
        (Placeholder::Due, due.map(day).unwrap_or_default()),
        (Placeholder::Organisation, organisation.name),
        (Placeholder::Office, details.office.clone()),
        (Placeholder::Asked, details.asked.clone()),
        (Placeholder::Until, details.until.map(day).unwrap_or_default()),
        (Placeholder::When, details.when.map(|at| updates::moment(language, at)).unwrap_or_default()),
        (Placeholder::Place, details.place.clone()),
        (Placeholder::Steps, details.steps.clone()),
        (Placeholder::Contest, contest.map(day).unwrap_or_default()),
    ])
}

/// The letter. Each reader's own link is put in when it leaves.
pub(super) async fn letter(
    tx: &DatabaseTransaction,
    cx: &Cx,
    known: &Known<'_>,
    occasion: Occasion,
    values: &Values,
) -> Result<Text> {
    let words = template(tx, cx, (occasion, Medium::Mail, language(known))).await?;
    let mut values = values.clone();
    let has_page = known.author.is_some() && known.portal.is_some();
    values.push((Placeholder::Link, if has_page { PERSONAL_LINK.to_owned() } else { String::new() }));
    let subject = fill(&words.subject, &values).lines().collect::<Vec<_>>().join(" ");
    Ok(Text { subject, body: format!("{}\n", fill(&words.body, &values)) })
}

/// The notification. `certain`: it goes to who sent the request, and may carry the personal link. `until`: by when something is asked.
pub(super) async fn notification(
    tx: &DatabaseTransaction,
    cx: &Cx,
    known: &Known<'_>,
    (occasion, until): (Occasion, Option<NaiveDate>),
    (plain, certain): (&Values, bool),
) -> Result<Content> {
    let language = language(known);
    let words = template(tx, cx, (occasion, Medium::Io, language)).await?;
    let has_page = certain && known.author.is_some() && known.portal.is_some();
    let escaped = |(placeholder, value): &(Placeholder, String)| match placeholder {
        // It is done on the page.
        Placeholder::Contest if !has_page => (*placeholder, String::new()),
        Placeholder::Steps | Placeholder::Asked => (*placeholder, escape(value)),
        _ => (*placeholder, escape_inline(value)),
    };
    let mut body: Values = plain.iter().map(escaped).collect();
    if has_page {
        body.push((Placeholder::Link, updates::button(language)));
    }
    let subject = fill(&words.subject, plain).lines().collect::<Vec<_>>().join(" ");
    let mut content = Content {
        subject: text::fit_subject(&subject),
        body: text::cut(&fill(&words.body, &body), text::MARKDOWN.end() - ROOM).to_owned(),
        ..Content::default()
    };
    if has_page {
        let action = cta::action(PERSONAL_URL).unwrap_or_default();
        content.cta = Cta { it: vec![Button { text: updates::button(language), action }], en: Vec::new() };
    }
    if let (Occasion::InformationNeeded, Some(until)) = (occasion, until) {
        content.due_date = due_date::read(&until.to_string()).ok();
    }
    Ok(content)
}

/// The words of a notification that goes nowhere but to IO, as they stand in the thread.
pub(super) fn in_thread(
    cx: &Cx,
    order: &work_order::Model,
    id: Uuid,
    message: &io_message::Model,
) -> communication::Model {
    communication::Model {
        direction: Direction::Out,
        channel: Channel::Io,
        automatic: true,
        subject: message.subject.clone(),
        text: preview::plain(&message.markdown),
        ..reply::blank(cx, order, id)
    }
}

/// The text of a notification with the recipient's own link in the place of its mark. Without one (the portal was closed, its
/// pages have no https address) the buttons are left out: IO's app would open nothing. The same where it is not certain (any more)
/// that the notification goes to who sent the request: the link opens the conversation, whoever holds it.
///
/// # Errors
/// The database.
pub async fn personal(desk: &Desk, message: &io_message::Model) -> Result<String> {
    if !message.markdown.contains(PERSONAL_URL) {
        return Ok(message.markdown.clone());
    }
    let (db, organisation) = (&desk.db.read, message.organisation_id);
    let orders: Vec<Uuid> = message.work_order_id.into_iter().collect();
    let author = store::follower::authors(db, organisation, &orders).await?.into_iter().next();
    let order = store::work_order::by_ids(db, organisation, orders).await?.into_iter().next();
    let author = match order {
        Some(order) => {
            let person = super::person_of(db, &order, author.as_ref()).await?;
            let is_theirs =
                |person: Person| person.certain && person.recipient.as_str() == message.fiscal_code;
            author.filter(|_| person.is_ok_and(is_theirs))
        }
        None => None,
    };
    let portal = store::portal::of(db, organisation).await?.filter(|portal| portal.open);
    let url = author.zip(portal).map(|(author, portal)| {
        format!("{}/segui/{}", desk.portal_url(&portal), link::follower(&desk.keys, &author))
    });
    Ok(match url.filter(|url| cta::action(url).is_ok()) {
        Some(url) => message.markdown.replace(PERSONAL_URL, &url),
        None => match cta::split(&message.markdown) {
            cta::Front::Buttons(cta, body) => cta::without_buttons(body, &cta),
            _ => message.markdown.clone(),
        },
    })
}

/// A text as it is read with an example in it, for who edits it.
#[must_use]
pub fn example(
    text: &Text,
    (medium, language): (Medium, Language),
    organisation: &str,
    now: DateTime<Utc>,
) -> Text {
    let day = |days| updates::day(language, rome_date(now + chrono::Duration::days(days)));
    let values: Values = vec![
        (Placeholder::Number, "2026/000123".to_owned()),
        (Placeholder::Kind, "Segnalazione di disservizio".to_owned()),
        (Placeholder::Received, day(0)),
        (Placeholder::Due, day(30)),
        (Placeholder::Organisation, organisation.to_owned()),
        (Placeholder::Office, "Ufficio tecnico del Comune".to_owned()),
        (Placeholder::Asked, "il numero civico del contenitore rotto".to_owned()),
        (Placeholder::Until, day(10)),
        (Placeholder::When, updates::moment(language, now + chrono::Duration::days(3))),
        (Placeholder::Place, "Via Roma 12".to_owned()),
        (Placeholder::Steps, "ritira il contenitore nuovo al centro di raccolta".to_owned()),
        (Placeholder::Contest, day(60)),
        (
            Placeholder::Link,
            match medium {
                Medium::Mail => wording::PERSONAL_LINK.to_owned(),
                Medium::Io => updates::button(language),
            },
        ),
    ];
    Text { subject: fill(&text.subject, &values), body: fill(&text.body, &values) }
}
