//! A form is sent: checked once more, then it becomes a work order, or waits.

use entity::{
    communication::Channel,
    form::Form,
    language::Language,
    portal::{self, Admission, Anonymous},
    request_kind,
    submission::{ActiveModel, Answers, Model, State},
    upload,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::{Sent, draft};
use crate::{
    actions::{
        Cx, Desk, Error, Flaw, Result, ban, errand,
        receive::form::{Filed, open},
    },
    domain::{
        calendar,
        form::{self, Declared, Problem},
    },
    store::{self, upload::Owner},
    wording,
};

/// A form that comes whole, from an app.
#[derive(Clone, Debug)]
pub struct New {
    /// Made from the app's key and its idempotency key: sent twice, it is one.
    pub id: Uuid,
    /// What is asked.
    pub kind: Uuid,
    /// Language of its citizen.
    pub language: Language,
    /// Web or app.
    pub channel: Channel,
    /// Which app.
    pub app_key: Option<Uuid>,
    /// SHA-256 of the body: the same id with another one is refused.
    pub fingerprint: Vec<u8>,
    /// The answers.
    pub answers: Answers,
    /// Files handed over before.
    pub uploads: Vec<Uuid>,
    /// Keyed hash of the network.
    pub network: String,
    /// Address that the citizen has proved to the app to hold.
    pub proven: Option<String>,
}

/// A submission with what its checks and its opening need.
pub(super) struct Case {
    pub(super) submission: Model,
    pub(super) portal: portal::Model,
    pub(super) kind: request_kind::Model,
    pub(super) form: Form,
    pub(super) declared: Declared,
    pub(super) uploads: Vec<upload::Model>,
    /// Its address has been confirmed, now or earlier.
    pub(super) confirmed: bool,
    /// Its address is known to be that of who sent it.
    pub(super) proven: bool,
    /// Something in it looks like the work of a program.
    pub(super) suspect: bool,
}

/// Sends a draft. `network`: keyed hash of the network from which it is sent; empty when unknown, and then the one in which it
/// was begun stands for it. `suspect`: it looks like the work of a program, so that a person reads it first. It is not thrown away:
/// a browser that fills in too much must not cost a citizen the day of receipt.
///
/// # Errors
/// `Rejected` with what is wrong, in the citizen's language; the draft stays as it is.
pub async fn submit(desk: &Desk, cx: &Cx, id: Uuid, network: &str, suspect: bool) -> Result<Sent> {
    let tx = desk.db.begin().await?;
    let mut draft = store::submission::lock(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if draft.state != State::Draft {
        return outcome(&tx, &draft).await;
    }
    if !network.is_empty() {
        network.clone_into(&mut draft.network);
    }
    let case = Case { suspect, ..case(&tx, cx, draft).await? };
    let sent = file(desk, cx, &tx, case).await?;
    tx.commit().await?;
    wake(desk);
    Ok(sent)
}

/// Sends a form that comes whole. Of two that are the same and come at the same instant, the second finds the first one's row
/// refused to it by the database, and then finds what became of it.
///
/// # Errors
/// As [`submit`]; `Conflict` when the id was used for another form.
pub async fn send(desk: &Desk, cx: &Cx, new: New) -> Result<Sent> {
    match send_first(desk, cx, &new).await {
        Err(Error::Store(error)) if store::is_taken(&error) => {
            let tx = desk.db.begin().await?;
            sent_before(&tx, cx, &new).await?.ok_or(Error::Store(error))
        }
        sent => sent,
    }
}

/// What became of a form that this app sent.
///
/// # Errors
/// `NotFound` when it sent none under this id.
pub async fn sent(desk: &Desk, cx: &Cx, app_key: Uuid, id: Uuid) -> Result<Sent> {
    let db = &desk.db.read;
    let found = store::submission::by_id(db, cx.organisation, id).await?;
    outcome(db, &found.filter(|sent| sent.app_key_id == Some(app_key)).ok_or(Error::NotFound)?).await
}

/// What became of a form that came whole, if it came before.
async fn sent_before(tx: &DatabaseTransaction, cx: &Cx, new: &New) -> Result<Option<Sent>> {
    let Some(earlier) = store::submission::by_id(tx, cx.organisation, new.id).await? else { return Ok(None) };
    if earlier.fingerprint.as_ref() != Some(&new.fingerprint) || earlier.app_key_id != new.app_key {
        return Err(Error::Conflict("Questa chiave è già stata usata per un’altra richiesta."));
    }
    outcome(tx, &earlier).await.map(Some)
}

async fn send_first(desk: &Desk, cx: &Cx, new: &New) -> Result<Sent> {
    let tx = desk.db.begin().await?;
    if let Some(sent) = sent_before(&tx, cx, new).await? {
        return Ok(sent);
    }
    let kinds = store::organisation::kinds(&tx, cx.organisation).await?;
    let kind = kinds.iter().find(|kind| kind.id == new.kind && kind.published).ok_or(Error::NotFound)?;
    let form = form::of_kind(kind).ok_or(Error::NotFound)?;
    let draft = Model {
        app_key_id: new.app_key,
        fingerprint: Some(new.fingerprint.clone()),
        answers: draft::asked(&form, &new.answers),
        step: 4,
        ..draft::blank(cx, new.id, new.kind, new.language, new.channel, &new.network)
    };
    store::submission::insert(&tx, draft.clone()).await?;
    if let (Some(app), false) = (new.app_key, new.uploads.is_empty()) {
        let given = store::upload::give(&tx, cx.organisation, app, &new.uploads, new.id).await?;
        if given != new.uploads.len() as u64 {
            let words = wording::say(new.language, "problem-upload-gone");
            return Err(Error::Rejected(vec![Flaw::new("uploads", words)]));
        }
    }
    let mut case = case(&tx, cx, draft).await?;
    let proven = new.proven.as_ref().filter(|address| !address.is_empty());
    case.proven = proven.is_some_and(|address| *address == case.declared.email);
    case.confirmed |= case.proven;
    let sent = file(desk, cx, &tx, case).await?;
    tx.commit().await?;
    wake(desk);
    Ok(sent)
}

pub(super) fn wake(desk: &Desk) {
    desk.wake.told();
}

/// What became of a submission that was sent earlier.
pub(super) async fn outcome(db: &impl ConnectionTrait, sent: &Model) -> Result<Sent> {
    match (sent.state, sent.work_order_id, sent.follower_id) {
        (State::Unconfirmed, ..) => Ok(Sent::Unconfirmed),
        (State::Held, ..) => Ok(Sent::Held),
        (State::Discarded, ..) => Ok(Sent::Discarded),
        (State::Accepted, Some(order), Some(follower)) => {
            let organisation = sent.organisation_id;
            let work_order =
                store::work_order::by_id(db, organisation, order).await?.ok_or(Error::NotFound)?;
            let follower =
                store::follower::by_id(db, organisation, follower).await?.ok_or(Error::NotFound)?;
            Ok(Sent::Accepted { work_order: Box::new(work_order), follower: Box::new(follower) })
        }
        (State::Accepted | State::Draft, ..) => Err(Error::NotFound),
    }
}

/// Loads what a submission needs to be judged.
pub(super) async fn case(tx: &DatabaseTransaction, cx: &Cx, submission: Model) -> Result<Case> {
    let portal = store::portal::of(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    let kind = kinds.into_iter().find(|kind| kind.id == submission.kind_id).ok_or(Error::NotFound)?;
    let form = form::of_kind(&kind).ok_or(Error::NotFound)?;
    let declared = form::declared(&form, &submission.answers);
    let uploads = store::upload::of(tx, cx.organisation, Owner::Submission(submission.id)).await?;
    let confirmed = !declared.email.is_empty()
        && !store::follower::confirmed(tx, cx.organisation, &[&declared.email]).await?.is_empty();
    Ok(Case { submission, portal, kind, form, declared, uploads, confirmed, proven: false, suspect: false })
}

async fn file(desk: &Desk, cx: &Cx, tx: &DatabaseTransaction, mut case: Case) -> Result<Sent> {
    check(cx, &case)?;
    let declared = &case.declared;
    if ban::holds(tx, cx, &declared.email, &case.submission.network).await? {
        let words = ban::words(&case.portal, case.submission.language);
        return Err(Error::Rejected(vec![Flaw::new("form", words)]));
    }
    case.submission.received_at = Some(cx.now);
    case.submission.address.clone_from(&declared.email);
    let anonymous = declared.email.is_empty() && declared.name.is_empty();
    match (anonymous, case.portal.anonymous, case.portal.admission) {
        (true, Anonymous::Refused, _) => Err(refused(&case, "email", "problem-anonymous")),
        (true, Anonymous::Moderated, _) => hold(tx, cx, &case).await,
        _ if case.suspect => hold(tx, cx, &case).await,
        (false, _, Admission::Confirmed) if !case.proven && !declared.email.is_empty() => {
            let confirm = errand::Errand::Confirm { submission: case.submission.id };
            // An address that was written to often enough gets no further letter: an operator decides instead, and nothing
            // waits for a link that nobody has.
            if errand::queue(tx, cx, confirm, &declared.email, case.submission.language, None).await? {
                wait(tx, cx, &case, State::Unconfirmed).await?;
                Ok(Sent::Unconfirmed)
            } else {
                hold(tx, cx, &case).await
            }
        }
        _ => accept(desk, cx, tx, &case, State::Draft).await,
    }
}

/// An operator decides.
async fn hold(tx: &DatabaseTransaction, cx: &Cx, case: &Case) -> Result<Sent> {
    wait(tx, cx, case, State::Held).await?;
    Ok(Sent::Held)
}

fn check(cx: &Cx, case: &Case) -> Result<()> {
    if !super::files::fits(case.uploads.iter().map(|file| file.size)) {
        return Err(refused(case, "uploads", "problem-files-many"));
    }
    let (answers, today) = (&case.submission.answers, calendar::rome_date(cx.now));
    let mut problems = form::check_fields(&case.form, answers, case.uploads.len(), today);
    problems.extend(form::check_contacts(&case.form, answers));
    if problems.is_empty() {
        return Ok(());
    }
    let flaw = |problem: Problem| {
        let words = wording::problem(case.submission.language, &problem);
        Flaw::new(problem.field, words)
    };
    Err(Error::Rejected(problems.into_iter().map(flaw).collect()))
}

fn refused(case: &Case, field: &'static str, key: &str) -> Error {
    Error::Rejected(vec![Flaw::new(field, wording::say(case.submission.language, key))])
}

async fn wait(tx: &DatabaseTransaction, cx: &Cx, case: &Case, state: State) -> Result<()> {
    let change = ActiveModel {
        state: Set(state),
        address: Set(case.submission.address.clone()),
        network: Set(case.submission.network.clone()),
        received_at: Set(case.submission.received_at),
        updated_at: Set(cx.now),
        ..Default::default()
    };
    move_on(tx, case, State::Draft, change).await
}

/// Opens the work order. `from`: where the submission stands until now.
pub(super) async fn accept(
    desk: &Desk,
    cx: &Cx,
    tx: &DatabaseTransaction,
    case: &Case,
    from: State,
) -> Result<Sent> {
    let filed = Filed {
        submission: &case.submission,
        portal: &case.portal,
        kind: &case.kind,
        form: &case.form,
        declared: &case.declared,
        uploads: &case.uploads,
        confirmed: case.confirmed,
        proven: case.proven,
    };
    let (work_order, follower) = open(desk, cx, tx, &filed).await?;
    let change = ActiveModel {
        state: Set(State::Accepted),
        address: Set(case.submission.address.clone()),
        network: Set(case.submission.network.clone()),
        received_at: Set(case.submission.received_at),
        work_order_id: Set(Some(work_order.id)),
        follower_id: Set(Some(follower.id)),
        updated_at: Set(cx.now),
        ..Default::default()
    };
    move_on(tx, case, from, change).await?;
    Ok(Sent::Accepted { work_order: Box::new(work_order), follower: Box::new(follower) })
}

/// Moves the submission on. It is locked (`store::submission::lock`): the guard is a second bolt.
async fn move_on(tx: &DatabaseTransaction, case: &Case, from: State, change: ActiveModel) -> Result<()> {
    if store::submission::update(tx, case.submission.id, from, change).await? {
        Ok(())
    } else {
        Err(Error::Conflict("Questa richiesta è già stata inviata."))
    }
}
