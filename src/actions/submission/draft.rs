//! Drafts: begun, saved at every step, picked up again by a link, forgotten.

use chrono::Duration;
use entity::{
    communication::Channel,
    form::Form,
    language::Language,
    submission::{ActiveModel, Answers, Model, State},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, errand},
    domain::{form, mail, text},
    store::{self, upload::Owner},
};

/// Most answers of one form.
const ANSWERS: usize = 100;
/// Longest answer in bytes: the form's own limits are far below.
const ANSWER_BYTES: usize = 20_000;
/// Longest note beside a rating, in characters.
const NOTE_CHARS: usize = 500;
/// How long an untouched draft is kept; its link says so.
pub const DRAFT_DAYS: i64 = 14;
/// Reason of those whose address nobody confirmed: the program's, which no operator typed.
pub const NEVER_CONFIRMED: &str = "address_never_confirmed";
/// Drafts that are forgotten in one transaction.
const SWEEP: u64 = 100;

/// Begins a draft.
///
/// # Errors
/// `NotFound` when the kind is not one that citizens may send.
pub async fn begin(
    desk: &Desk,
    cx: &Cx,
    kind: Uuid,
    language: Language,
    channel: Channel,
    network: &str,
) -> Result<Model> {
    let tx = desk.db.begin().await?;
    let kinds = store::organisation::kinds(&tx, cx.organisation).await?;
    kinds.iter().find(|known| known.id == kind && known.published).ok_or(Error::NotFound)?;
    let draft = blank(cx, Uuid::now_v7(), kind, language, channel, network);
    store::submission::insert(&tx, draft.clone()).await?;
    tx.commit().await?;
    Ok(draft)
}

/// A draft with nothing in it.
pub(super) fn blank(
    cx: &Cx,
    id: Uuid,
    kind: Uuid,
    language: Language,
    channel: Channel,
    network: &str,
) -> Model {
    Model {
        id,
        organisation_id: cx.organisation,
        kind_id: kind,
        state: State::Draft,
        channel,
        language,
        app_key_id: None,
        fingerprint: None,
        answers: Answers::default(),
        step: 1,
        address: String::new(),
        network: network.to_owned(),
        work_order_id: None,
        follower_id: None,
        reason: None,
        rating: None,
        rating_note: String::new(),
        received_at: None,
        created_at: cx.now,
        updated_at: cx.now,
        version: 0,
    }
}

/// Saves the answers of a step beside those of the others. The highest step reached is remembered.
///
/// # Errors
/// `NotFound` when there is no such draft; `Conflict` when it was sent meanwhile.
pub async fn save(desk: &Desk, cx: &Cx, id: Uuid, answers: Answers, step: i32) -> Result<Model> {
    let tx = desk.db.begin().await?;
    let draft = store::submission::lock(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if draft.state != State::Draft {
        return Err(Error::Conflict("Questo modulo è già stato inviato."));
    }
    let mut merged = draft.answers.clone();
    merged.0.extend(answers.0.into_iter().map(|(field, answer)| (field, bounded(answer))));
    if merged.0.len() > ANSWERS {
        return Err(Error::Rejected(vec![Flaw::new("form", "Il modulo ha troppi campi.")]));
    }
    // The third step asks in which language its citizen wants to be written to.
    let language = Language::of_tag(merged.get("language")).unwrap_or(draft.language);
    let (step, answers) = (draft.step.max(step.clamp(1, 4)), merged);
    let change = ActiveModel {
        language: Set(language),
        answers: Set(answers.clone()),
        step: Set(step),
        updated_at: Set(cx.now),
        ..Default::default()
    };
    if !store::submission::update(&tx, id, State::Draft, change).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(Model { answers, language, step, updated_at: cx.now, version: draft.version + 1, ..draft })
}

fn bounded(answer: String) -> String {
    if answer.len() <= ANSWER_BYTES {
        return answer;
    }
    answer[..answer.floor_char_boundary(ANSWER_BYTES)].to_owned()
}

/// The answers of a form that comes whole, fit to be kept: what was not asked is left out, the rest is cleaned as on our own
/// pages.
pub(super) fn asked(form: &Form, answers: &Answers) -> Answers {
    let known = form::names(form).into_iter().filter(|name| answers.0.contains_key(name));
    Answers(
        known
            .map(|name| {
                let answer = bounded(text::typed(answers.get(&name)));
                (name, answer)
            })
            .collect(),
    )
}

/// Sends the link back to a draft, in the language of the page it is asked from: the draft may have begun in another. Whether
/// anything is sent is nobody's business but the holder's of the address.
///
/// # Errors
/// `Rejected` when the address is none.
pub async fn ask_resume(desk: &Desk, cx: &Cx, id: Uuid, address: &str, language: Language) -> Result<()> {
    let address = mail::folded(address);
    let tx = desk.db.begin().await?;
    let draft = store::submission::lock(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if draft.state != State::Draft {
        return Err(Error::NotFound);
    }
    if !mail::is_address(&address) {
        let words = crate::wording::say(language, "problem-email");
        return Err(Error::Rejected(vec![Flaw::new("resume_address", words)]));
    }
    let resume = errand::Errand::Resume { submission: id };
    errand::queue(&tx, cx, resume, &address, language, None).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Keeps how easy a citizen found it.
///
/// # Errors
/// `Rejected` when the rating is not one of the five.
pub async fn rate(desk: &Desk, cx: &Cx, id: Uuid, stars: i32, note: &str) -> Result<()> {
    if !(1..=5).contains(&stars) {
        return Err(Error::Rejected(vec![Flaw::new("rating", "Scegli da 1 a 5.")]));
    }
    let tx = desk.db.begin().await?;
    let sent = store::submission::lock(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if sent.state == State::Draft {
        return Err(Error::NotFound);
    }
    // Said once: a second press, or an old tab, does not change it.
    if sent.rating.is_some() {
        return Ok(());
    }
    let change = ActiveModel {
        rating: Set(Some(stars)),
        rating_note: Set(text::shortened(note.trim(), NOTE_CHARS)),
        ..Default::default()
    };
    store::submission::update(&tx, id, sent.state, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets drafts that nobody has touched for [`DRAFT_DAYS`], submissions whose address was not confirmed in that time, and
/// files that nobody has used. Gives whether there may be more.
pub async fn forget(desk: &Desk, now: chrono::DateTime<chrono::Utc>) -> Result<bool> {
    let before = now - Duration::days(DRAFT_DAYS);
    let tx = desk.db.begin().await?;
    let drafts = store::submission::idle(&tx, State::Draft, before, SWEEP).await?;
    for draft in &drafts {
        super::files::drop_all(&tx, draft.organisation_id, Owner::Submission(draft.id)).await?;
        store::submission::delete(&tx, draft.id).await?;
    }
    let unconfirmed = store::submission::idle(&tx, State::Unconfirmed, before, SWEEP).await?;
    for sent in &unconfirmed {
        super::files::drop_all(&tx, sent.organisation_id, Owner::Submission(sent.id)).await?;
        let change = ActiveModel {
            state: Set(State::Discarded),
            answers: Set(Answers::default()),
            reason: Set(Some(NEVER_CONFIRMED.to_owned())),
            updated_at: Set(now),
            ..Default::default()
        };
        store::submission::update(&tx, sent.id, State::Unconfirmed, change).await?;
    }
    let files = store::upload::forgotten(&tx, before, SWEEP).await?;
    for file in &files {
        super::files::drop_one(&tx, file).await?;
    }
    tx.commit().await?;
    Ok([drafts.len(), unconfirmed.len(), files.len()].iter().any(|found| *found as u64 >= SWEEP))
}
