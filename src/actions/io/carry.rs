//! The desk's part in carrying notifications to IO: what is sent, and what came of it.
//!
//! IO takes a message only once: it knows no second copy of it and gives nothing back. So a notification is `Sending`, in the
//! database, before the call leaves ([`begin`]), and whoever finds it so in a lease that has run out knows that a process died
//! in between: its fate is unknown, and stays so. Everything before that call may be done again, and everything after it is only
//! looking.
//!
//! Leases are times of the machine, and machines are put right. A process leaves alone what it has in hand whatever its clock says,
//! and [`set_right`] undoes what a clock wrote that was ahead. Refused: to take a late answer as the fate of a notification that was
//! written off meanwhile, because somebody may have repeated it by then; it is recorded, with the id, for people to see.

use chrono::{DateTime, Duration, Utc};
use entity::{
    event::Verb,
    io_call::Call,
    io_message::{ActiveModel, Model, Purpose, State},
    io_service,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, NotSet};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

pub use self::load::{Load, Unfit, load};
use super::{reminder, row};
use crate::{
    actions::{Cx, Desk, Result, events, micros, progress},
    domain::io::{
        call::{Failure, Paid, Profile, Report},
        fate::{self, Delivered, Next, Step},
    },
    store::{
        self,
        io_message::carry::{self as hand, Except, Moment},
    },
};

mod load;

/// How long a claimed notification is nobody else's, and again from the moment when its sending begins. Longer than two calls with
/// both keys may last (30 s each), and the wait for their turns.
pub const LEASE: Duration = Duration::minutes(5);

pub use fate::REST;

/// What a look for work at this time finds.
#[must_use]
pub fn moment(now: DateTime<Utc>) -> Moment {
    Moment { now, stale: now - fate::NEWS_WAITS }
}

/// Takes up to `limit` notifications about which something is to be done. Those whose sending was under way when a process died
/// are not among them: they are written off as uncertain.
pub async fn claim(
    desk: &Desk,
    owner: Uuid,
    now: DateTime<Utc>,
    except: &Except,
    limit: u64,
) -> Result<Vec<Model>> {
    let now = micros(now);
    let tx = desk.db.begin().await?;
    let claimed = hand::claim(&tx, owner, (moment(now), now + LEASE), except, limit).await?;
    let (lost, due): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|row| row.state == State::Sending);
    for row in lost {
        let cx = Cx::system(row.organisation_id, now);
        step(&tx, &cx, &row, owner, Call::Submit, &fate::after_crash()).await?;
    }
    tx.commit().await?;
    Ok(due)
}

/// Lets go of what an earlier life of this owner had in hand when it was killed.
pub async fn take_up(desk: &Desk, owner: Uuid, now: DateTime<Utc>) -> Result<()> {
    let tx = desk.db.begin().await?;
    hand::end_leases(&tx, owner, micros(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Undoes what was written by a clock that was ahead: nothing waits for a moment that was never meant. What the process has in hand
/// itself stays as it is.
pub async fn set_right(desk: &Desk, now: DateTime<Utc>, in_hand: &[Uuid]) -> Result<()> {
    let now = micros(now);
    let tx = desk.db.begin().await?;
    // Twice as long: the clocks of two machines on one database differ a little.
    hand::set_right(&tx, now, (LEASE * 2, fate::LONGEST_PAUSE), in_hand).await?;
    hand::rouse(&tx, now, REST * 2).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that the citizen can be reached and that the call which sends leaves now. `false`: somebody else has it, and it must
/// not leave from here.
pub async fn begin(desk: &Desk, load: &mut Load, owner: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let cx = Cx::system(load.row.organisation_id, now);
    let row = Model { state: State::Sending, lease_until: Some(cx.now + LEASE), ..load.row.clone() };
    let change =
        ActiveModel { state: Set(row.state), lease_until: Set(row.lease_until), ..Default::default() };
    let tx = desk.db.begin().await?;
    if !hand::step(&tx, &load.row, owner, change).await? {
        return Ok(false);
    }
    let words = "È su IO e riceve questo servizio.";
    store::io_message::insert_call(&tx, row::call(&cx, row.id, Call::Profile, words)).await?;
    works(&tx, &cx, &load.service).await?;
    tx.commit().await?;
    load.row = row;
    Ok(true)
}

/// Puts a notification back whose sending has not begun: whoever comes next takes it, or whoever comes after a moment.
pub async fn put_back(desk: &Desk, load: &Load, owner: Uuid, until: Option<DateTime<Utc>>) -> Result<State> {
    let change = ActiveModel {
        attempts: Set(load.row.attempts - 1),
        next_at: until.map_or(NotSet, |until| Set(Some(until))),
        lease_owner: Set(None),
        lease_until: Set(None),
        ..Default::default()
    };
    let tx = desk.db.begin().await?;
    hand::step(&tx, &load.row, owner, change).await?;
    tx.commit().await?;
    Ok(load.row.state)
}

/// Writes down that a notification must not be sent (now), before anybody was asked.
pub async fn unfit(desk: &Desk, load: &Load, owner: Uuid, why: &Unfit, now: DateTime<Utc>) -> Result<State> {
    match why {
        Unfit::Forbidden(words) => {
            let step = Step { state: State::Failed, next: Next::Never, words: Some((*words).to_owned()) };
            note(desk, load, load.row.clone(), owner, (Call::Profile, &step, false), now).await
        }
        Unfit::Silent(words) => {
            let waits = Step { state: State::Queued, next: Next::Now, words: Some(words.clone()) };
            match given_up(&load.row, &waits, now) {
                Some(step) => {
                    note(desk, load, load.row.clone(), owner, (Call::Profile, &step, false), now).await
                }
                None => put_back(desk, load, owner, None).await,
            }
        }
        Unfit::Quiet(until) => put_back(desk, load, owner, Some(*until)).await,
        Unfit::Moot(words) => {
            let cx = Cx::system(load.row.organisation_id, now);
            let tx = desk.db.begin().await?;
            reminder::call_off(&tx, &cx, (&load.row, owner), words.clone()).await?;
            tx.commit().await?;
            Ok(State::Draft)
        }
    }
}

/// Writes down that what a reminder asks to pay has been paid meanwhile: it does not leave.
pub async fn paid(desk: &Desk, load: &Load, first: &Model, owner: Uuid, now: DateTime<Utc>) -> Result<State> {
    let cx = Cx::system(load.row.organisation_id, now);
    let known = ActiveModel { payment_state: Set(word(Paid::Paid)), ..Default::default() };
    let tx = desk.db.begin().await?;
    // Whoever looks at it at this moment learns the same.
    store::io_message::change(&tx, (cx.organisation, first.id), &[first.state], known).await?;
    reminder::call_off(&tx, &cx, (&load.row, owner), reminder::PAID.to_owned()).await?;
    tx.commit().await?;
    Ok(State::Draft)
}

/// Writes down why the citizen is not written to (now).
pub async fn not_begun(
    desk: &Desk,
    load: &Load,
    owner: Uuid,
    outcome: &std::result::Result<Profile, Failure>,
    now: DateTime<Utc>,
) -> Result<State> {
    let step = fate::after_profile(outcome, load.row.attempts - 1, micros(now));
    let row = Model { attempts: counted(load, outcome), ..load.row.clone() };
    note(desk, load, row, owner, (Call::Profile, &step, outcome.is_ok()), now).await
}

/// Writes down what came of the call that sends. The outcome is the id that IO gave.
pub async fn sent(
    desk: &Desk,
    load: &Load,
    owner: Uuid,
    outcome: &std::result::Result<String, Failure>,
    now: DateTime<Utc>,
) -> Result<State> {
    let step = fate::after_submit(outcome, load.row.attempts - 1, micros(now));
    let remote_id = outcome.as_ref().ok().cloned();
    let row = Model { remote_id, attempts: counted(load, outcome), ..load.row.clone() };
    note(desk, load, row, owner, (Call::Submit, &step, outcome.is_ok()), now).await
}

/// The attempts, without this one when IO had no time for it or for nobody: it says nothing about the message.
fn counted<T>(load: &Load, outcome: &std::result::Result<T, Failure>) -> i32 {
    use Failure::{Astray, KeyRefused, Misconfigured, Wait};
    load.row.attempts
        - i32::from(matches!(outcome, Err(Wait { .. } | Misconfigured { .. } | Astray { .. } | KeyRefused)))
}

/// Writes down what IO says of a notification that it has taken, or has delivered already.
pub async fn looked(
    desk: &Desk,
    load: &Load,
    owner: Uuid,
    outcome: &std::result::Result<Report, Failure>,
    now: DateTime<Utc>,
) -> Result<State> {
    let before = &load.row;
    let report = outcome.as_ref().ok();
    let asked = !matches!(outcome, Err(Failure::Wait { .. } | Failure::KeyRefused));
    let row = Model {
        looks: before.looks + i32::from(asked),
        push_state: report.and_then(|report| report.push).and_then(word).or(before.push_state.clone()),
        mail_state: report.and_then(|report| report.email).and_then(word).or(before.mail_state.clone()),
        read_state: report.and_then(|report| report.opened).and_then(word).or(before.read_state.clone()),
        payment_state: report.and_then(|report| report.paid).and_then(word).or(before.payment_state.clone()),
        ..before.clone()
    };
    let accepted = before.accepted_at.unwrap_or(before.created_at);
    let delivered = Delivered {
        accepted,
        payable: before.due_at.filter(|_| before.amount_cents.is_some()),
        spread: before.id.as_u128(),
    };
    let step = if before.state == State::Processed {
        delivered.after_look(outcome, micros(now))
    } else {
        match fate::after_look(outcome, before.looks, accepted, micros(now)) {
            arrived if arrived.state == State::Processed => {
                Step { next: delivered.next(outcome, micros(now)), ..arrived }
            }
            step => step,
        }
    };
    note(desk, load, row, owner, (Call::Status, &step, outcome.is_ok()), now).await
}

/// What IO said, as it is stored; what it invents tomorrow says nothing.
fn word(said: impl Serialize) -> Option<String> {
    json!(said).as_str().filter(|word| *word != "unknown").map(str::to_owned)
}

/// Writes one step down, and what it says about the service: that IO refuses all of it, or (`answered`) that it works. `row` is the
/// notification as it was, with what else has become known of it.
async fn note(
    desk: &Desk,
    load: &Load,
    row: Model,
    owner: Uuid,
    (call, next, answered): (Call, &Step, bool),
    now: DateTime<Utc>,
) -> Result<State> {
    let cx = Cx::system(row.organisation_id, now);
    let tx = desk.db.begin().await?;
    let given_up = given_up(&row, next, cx.now);
    let state = step(&tx, &cx, &row, owner, call, given_up.as_ref().unwrap_or(next)).await?;
    if let Some(rest) = fate::rest(next, load.service.stopped_until.is_some(), cx.now) {
        set_stopped(&tx, &cx, &load.service, Some(rest)).await?;
    } else if answered {
        works(&tx, &cx, &load.service).await?;
    }
    tx.commit().await?;
    // What did not arrive may go by mail.
    desk.wake.outbox.notify_one();
    Ok(state)
}

/// What becomes of news that would wait on, when it has waited long enough.
fn given_up(row: &Model, next: &Step, now: DateTime<Utc>) -> Option<Step> {
    let is_news = row.purpose == Purpose::Update;
    is_news.then(|| fate::give_up(next, row.created_at, now)).flatten()
}

/// One step of a fate. `row` holds the state from which it starts and what else has become known.
async fn step(
    tx: &DatabaseTransaction,
    cx: &Cx,
    row: &Model,
    owner: Uuid,
    call: Call,
    step: &Step,
) -> Result<State> {
    let is_settled = fate::is_final(step.state) && !fate::is_final(row.state);
    let change = ActiveModel {
        state: Set(step.state),
        attempts: Set(row.attempts),
        looks: Set(row.looks),
        next_at: match step.next {
            // It was due, and keeps its place in the row.
            Next::Now => NotSet,
            // It may be the cause itself: when the rest is over, the others come first.
            Next::Mended | Next::Doubted => Set(Some(cx.now)),
            Next::At(at) => Set(Some(micros(at))),
            Next::Never => Set(None),
        },
        lease_owner: Set(None),
        lease_until: Set(None),
        remote_id: Set(row.remote_id.clone()),
        last_error: Set(step.words.clone()),
        push_state: Set(row.push_state.clone()),
        mail_state: Set(row.mail_state.clone()),
        read_state: Set(row.read_state.clone()),
        payment_state: Set(row.payment_state.clone()),
        accepted_at: when(row.state == State::Sending && step.state == State::Accepted, cx),
        settled_at: when(is_settled, cx),
        ..Default::default()
    };
    let words = step.words.as_deref().unwrap_or(fate::words(step.state));
    if !hand::step(tx, row, owner, change).await? {
        late(tx, cx, row, words).await?;
        return Ok(row.state);
    }
    // What was learnt of one that has arrived stands in its row; that nothing was is no news each night.
    if row.state != State::Processed {
        store::io_message::insert_call(tx, row::call(cx, row.id, call, words)).await?;
    }
    if let (Some(order), true) = (row.work_order_id, is_settled) {
        let verb = if step.state == State::Processed { Verb::Sent } else { Verb::Refused };
        let data = json!({ "channel": "io", "state": step.state });
        events::append(tx, [cx.event(order, verb, data)]).await?;
    }
    // The news has another way: decided in the same commit, so that it is neither forgotten nor told twice.
    if fate::has_missed(step.state) {
        progress::fall_back(tx, cx, row).await?;
    }
    Ok(step.state)
}

fn when(so: bool, cx: &Cx) -> sea_orm::ActiveValue<Option<DateTime<Utc>>> {
    if so { Set(Some(cx.now)) } else { NotSet }
}

/// The lease had run out, and another process has written the notification off or will: its note is the one that counts. What IO
/// answered is recorded, for whoever wonders whether to repeat it.
async fn late(tx: &DatabaseTransaction, cx: &Cx, row: &Model, words: &str) -> Result<()> {
    let now = store::io_message::by_id(tx, cx.organisation, row.id).await?;
    let in_doubt = |now: Model| matches!(now.state, State::Sending | State::Uncertain);
    if row.state != State::Sending || !now.is_some_and(in_doubt) {
        return Ok(());
    }
    let id = row.remote_id.as_ref().map(|id| format!(" (id {id})")).unwrap_or_default();
    let words = format!("La risposta di IO è arrivata quando l'esito era già incerto: {words}{id}.");
    store::io_message::insert_call(tx, row::call(cx, row.id, Call::Submit, &words)).await?;
    Ok(())
}

/// IO has answered for a service: if it was stopped, it is not any more.
async fn works(tx: &DatabaseTransaction, cx: &Cx, service: &io_service::Model) -> Result<()> {
    if service.stopped_until.is_some() { set_stopped(tx, cx, service, None).await } else { Ok(()) }
}

/// Notes why nothing of a service is tried for a while, or that it works again; unless somebody has changed the service meanwhile,
/// of which this answer says nothing.
async fn set_stopped(
    tx: &DatabaseTransaction,
    cx: &Cx,
    service: &io_service::Model,
    rest: Option<(DateTime<Utc>, Option<String>)>,
) -> Result<()> {
    if store::io_service::by_id(tx, cx.organisation, service.id).await?.as_ref() == Some(service) {
        let (until, words) = rest.map_or((None, None), |(until, words)| (Some(until), words));
        store::io_service::set_stopped(tx, cx.organisation, service.id, words, until).await?;
    }
    Ok(())
}
