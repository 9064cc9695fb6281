//! A report is shown to everybody, or not any more: in words that an operator wrote for that, never in the citizen's own.

use entity::{communication::Direction, event::Verb, publication::Model};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept};
use crate::{
    domain::{
        personal::{Known, Trace, traces},
        text,
    },
    store,
};

/// Longest title and address, in characters.
const LINE: usize = 200;
/// Longest text, in characters.
const TEXT: usize = 2_000;
/// Letters whose senders' names are looked for.
const LETTERS: usize = 50;
/// Parts of a degree in a position that everybody sees: some ten metres, a stretch of road and not a door.
const PARTS: f64 = 10_000.0;

/// What an operator types.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// In a line.
    pub title: String,
    /// What everybody may read.
    pub text: String,
    /// Where.
    pub address: String,
    /// Show the place on the map, too.
    pub position: bool,
    /// The operator has read what points at a person and publishes all the same.
    pub confirmed: bool,
}

/// What in the words points at the people who wrote: for the preview, and before publishing.
///
/// # Errors
/// `NotFound`.
pub async fn warnings(desk: &Desk, cx: &Cx, order: Uuid, form: &Form) -> Result<Vec<Trace>> {
    let known = known(&desk.db.read, cx, order).await?;
    Ok(found(form, &known))
}

/// Publishes a report, or changes what is published of it.
///
/// # Errors
/// `NotFound`; `Rejected` with flaws of `title`, `text`, `address`, or `confirmed` while the words point at a person.
pub async fn publish(desk: &Desk, cx: &Cx, order: Uuid, form: &Form) -> Result<()> {
    accept(flaws(form))?;
    let tx = desk.db.begin().await?;
    let known = known(&tx, cx, order).await?;
    if !form.confirmed && !found(form, &known).is_empty() {
        let words = "Nel testo c’è qualcosa che fa riconoscere una persona: toglilo, o conferma che può essere letto da tutti.";
        return Err(Error::Rejected(vec![Flaw::new("confirmed", words)]));
    }
    let place = if form.position { store::place::of(&tx, cx.organisation, order).await? } else { None };
    let rounded = |degrees: f64| (degrees * PARTS).round() / PARTS;
    let row = Model {
        work_order_id: order,
        organisation_id: cx.organisation,
        title: text::typed_line(&form.title),
        text: text::typed(&form.text),
        address: text::typed_line(&form.address),
        latitude: place.as_ref().and_then(|place| place.latitude).map(rounded),
        longitude: place.as_ref().and_then(|place| place.longitude).map(rounded),
        author_id: cx.actor,
        published_at: cx.now,
    };
    let before = store::publication::of(&tx, cx.organisation, order).await?;
    // The list is in order of publishing: a word put right does not bring an old report back to the top.
    let row = Model { published_at: before.as_ref().map_or(cx.now, |before| before.published_at), ..row };
    store::publication::put(&tx, row).await?;
    let event = cx.event(order, Verb::Published, json!({}));
    super::events::append(&tx, [event]).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Takes a report off the list. Pressed twice, the second press finds that it is done.
///
/// # Errors
/// `NotFound`.
pub async fn unpublish(desk: &Desk, cx: &Cx, order: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::work_order::by_id(&tx, cx.organisation, order).await?.ok_or(Error::NotFound)?;
    if store::publication::delete(&tx, cx.organisation, order).await? {
        let event = cx.event(order, Verb::Unpublished, json!({}));
        super::events::append(&tx, [event]).await?;
        tx.commit().await?;
        desk.wake.errands.notify_one();
    }
    Ok(())
}

fn found(form: &Form, known: &Known) -> Vec<Trace> {
    traces(&format!("{}\n{}\n{}", form.title, form.text, form.address), known)
}

/// Those who wrote and those whom the work order is about, as far as we know them.
async fn known(db: &impl ConnectionTrait, cx: &Cx, order: Uuid) -> Result<Known> {
    let organisation = cx.organisation;
    let order = store::work_order::by_id(db, organisation, order).await?.ok_or(Error::NotFound)?;
    let mut known = Known::default();
    if let Some(taxpayer) = store::taxpayer::by_id(db, organisation, order.taxpayer_id).await?
        && !taxpayer.generic
    {
        known.names.push(taxpayer.name);
        known.addresses.push(taxpayer.address);
    }
    let author = store::follower::authors(db, organisation, &[order.id]).await?;
    known.names.extend(author.into_iter().map(|author| author.name));
    if let Some(submission) = store::submission::of_work_order(db, organisation, order.id).await? {
        let answers = submission.answers;
        known.names.extend([answers.get("name").to_owned(), answers.get("surname").to_owned()]);
        known.addresses.push(answers.get("postal_address").to_owned());
    }
    let thread = store::communication::thread(db, organisation, order.id, None, LETTERS).await?;
    let letters = thread.rows.into_iter().filter(|row| row.direction == Direction::In && !row.automatic);
    known.names.extend(letters.map(|letter| letter.from_name));
    Ok(known)
}

fn flaws(form: &Form) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (field, value, most) in
        [("title", &form.title, LINE), ("address", &form.address, LINE), ("text", &form.text, TEXT)]
    {
        if value.chars().count() > most {
            flaws.push(Flaw::new(field, format!("È troppo lungo: al massimo {most} caratteri.")));
        }
    }
    if text::is_blank(&form.title) {
        flaws.push(Flaw::new("title", "Scrivi di che cosa si tratta."));
    }
    flaws
}
