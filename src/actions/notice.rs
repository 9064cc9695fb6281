//! Notices of disruption: written, published, changed with a memory of every change, and ended. Publishing writes to nobody;
//! a change is told to those who follow, if its author wants that (`changing`); the end is told once, to those whom it concerns
//! (`ending`). Both after the commit that makes them true (`actions::circular`).

pub(super) mod changing;
mod check;
pub(super) mod ending;

use chrono::{DateTime, Utc};
use entity::{
    event::Verb,
    language::Words,
    notice::{ActiveModel, Ids, Lines, Model, State},
    notice_change,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Cx, Desk, Error, Result,
    circular::{self, Circular, Next},
    events,
};
use crate::{domain::notice, store};

const CHANGED: &str =
    "Nel frattempo qualcun altro ha modificato questo avviso: ricarica la pagina e riprova.";

/// What an operator types.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// What is down, in a line.
    pub title: Words,
    /// What happened and what is done about it.
    pub text: Words,
    /// What it means for citizens.
    pub impact: Words,
    /// What they can do meanwhile.
    pub alternatives: Words,
    /// Streets or areas concerned; none: everywhere.
    pub streets: Vec<String>,
    /// Kinds of request that it explains; none: all.
    pub kinds: Vec<Uuid>,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, as far as known.
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether those who follow a published notice are to be told that it was changed.
    pub tell: bool,
}

/// Whether it could be saved as it is; writes nothing.
///
/// # Errors
/// As [`create`].
pub async fn judge(desk: &Desk, cx: &Cx, form: &Form) -> Result<()> {
    check::form(&desk.db.read, cx, &check::tidied(form)).await
}

/// Writes a draft. Gives its id.
///
/// # Errors
/// `Rejected` with flaws of `title`, `text`, `impact`, `alternatives` (those of other languages end in `_en`, `_de`),
/// `streets`, `kinds` and `ends_at`.
pub async fn create(desk: &Desk, cx: &Cx, form: &Form) -> Result<Uuid> {
    let form = check::tidied(form);
    let tx = desk.db.begin().await?;
    check::form(&tx, cx, &form).await?;
    let row = Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        state: State::Draft,
        title: form.title,
        text: form.text,
        impact: form.impact,
        alternatives: form.alternatives,
        restored: Words::default(),
        streets: Lines(form.streets),
        kinds: Ids(form.kinds),
        starts_at: form.starts_at,
        ends_at: form.ends_at,
        published_at: None,
        restored_at: None,
        author_id: cx.actor,
        created_at: cx.now,
        updated_at: cx.now,
        version: 0,
    };
    let id = row.id;
    store::notice::insert(&tx, row).await?;
    remember(&tx, cx, id, "created", json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a notice that is not over. What it said before stays in its history; who follows it is told if the form says so and
/// anything is different.
///
/// # Errors
/// As [`create`]; `Conflict` when somebody else changed it meanwhile, or it is over.
pub async fn change(desk: &Desk, cx: &Cx, id: Uuid, version: i32, form: &Form) -> Result<()> {
    let form = check::tidied(form);
    let tx = desk.db.begin().await?;
    let before = find(&tx, cx, id).await?;
    if !matches!(before.state, State::Draft | State::Published) {
        return Err(Error::Conflict(
            "Questo avviso è chiuso: per una nuova interruzione scrivine uno nuovo.",
        ));
    }
    check::form(&tx, cx, &form).await?;
    let differences = differences(&before, &form);
    if differences.is_empty() {
        return Ok(());
    }
    let change = ActiveModel {
        title: Set(form.title),
        text: Set(form.text),
        impact: Set(form.impact),
        alternatives: Set(form.alternatives),
        streets: Set(Lines(form.streets)),
        kinds: Set(Ids(form.kinds)),
        starts_at: Set(form.starts_at),
        ends_at: Set(form.ends_at),
        ..Default::default()
    };
    write(&tx, cx, (id, version), change).await?;
    let remembered = remember(&tx, cx, id, "changed", Value::Object(differences)).await?;
    if before.state == State::Published {
        events::of_notice(&tx, cx, &before, "notice.changed").await?;
        if form.tell {
            let told = Circular::Changed { notice: id, change: remembered, after: String::new() };
            circular::queue(&tx, cx, told).await?;
        }
    }
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Shows a draft to everybody. Nobody is written to.
pub async fn publish(desk: &Desk, cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let tx = desk.db.begin().await?;
    let notice = find(&tx, cx, id).await?;
    if notice.state != State::Draft {
        return Err(Error::Conflict("Questo avviso non è più una bozza."));
    }
    let change =
        ActiveModel { state: Set(State::Published), published_at: Set(Some(cx.now)), ..Default::default() };
    write(&tx, cx, (id, version), change).await?;
    remember(&tx, cx, id, "published", json!({})).await?;
    let published = Model { state: State::Published, ..notice };
    events::of_notice(&tx, cx, &published, "notice.published").await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// The disruption is over: everybody sees it, and those whom it concerns will be told, once. How many they were, history
/// says when all letters are written.
///
/// # Errors
/// `Rejected` with flaws of `restored`; `Conflict` when it is not published, or was changed meanwhile.
pub async fn restore(desk: &Desk, cx: &Cx, id: Uuid, version: i32, words: &Words) -> Result<()> {
    let words = check::restored(words)?;
    let tx = desk.db.begin().await?;
    let notice = find(&tx, cx, id).await?;
    if notice.state != State::Published {
        return Err(Error::Conflict("Questo avviso non è in corso."));
    }
    let change = ActiveModel {
        state: Set(State::Restored),
        restored: Set(words.clone()),
        restored_at: Set(Some(cx.now)),
        ..Default::default()
    };
    write(&tx, cx, (id, version), change).await?;
    remember(&tx, cx, id, "restored", json!({ "restored": { "to": words } })).await?;
    let next = Next::Notice { after: String::new() };
    circular::queue(&tx, cx, Circular::Restored { notice: id, next }).await?;
    let restored = Model { state: State::Restored, ..notice };
    events::of_notice(&tx, cx, &restored, "notice.restored").await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Takes a notice away that was published by mistake, or a draft. Nobody is told: there is nothing to tell.
pub async fn withdraw(desk: &Desk, cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let tx = desk.db.begin().await?;
    let notice = find(&tx, cx, id).await?;
    if notice.state == State::Withdrawn {
        return Ok(());
    }
    if notice.state == State::Restored {
        return Err(Error::Conflict("Questo avviso è già chiuso."));
    }
    let change = ActiveModel { state: Set(State::Withdrawn), ..Default::default() };
    write(&tx, cx, (id, version), change).await?;
    remember(&tx, cx, id, "withdrawn", json!({})).await?;
    if notice.state == State::Published {
        let withdrawn = Model { state: State::Withdrawn, ..notice };
        events::of_notice(&tx, cx, &withdrawn, "notice.withdrawn").await?;
    }
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Notes that a published notice explains a work order.
pub async fn link(desk: &Desk, cx: &Cx, id: Uuid, work_order: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let notice = find(&tx, cx, id).await?;
    if notice.state != State::Published {
        return Err(Error::Conflict("Solo un avviso in corso può spiegare una richiesta."));
    }
    let order = store::work_order::by_id(&tx, cx.organisation, work_order).await?.ok_or(Error::NotFound)?;
    link_new(&tx, cx, &notice, order.id).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// The same, for a work order that is being opened. Wake `errands` after the commit.
pub async fn link_new(tx: &DatabaseTransaction, cx: &Cx, notice: &Model, work_order: Uuid) -> Result<()> {
    if store::notice::link(tx, cx.organisation, (notice.id, work_order), cx.now).await? {
        let data = json!({ "notice": notice.id, "title": notice.title.it });
        events::append(tx, [cx.event(work_order, Verb::NoticeLinked, data)]).await?;
    }
    Ok(())
}

/// Takes that back, unless somebody was told of the end for its sake already.
pub async fn unlink(desk: &Desk, cx: &Cx, id: Uuid, work_order: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    if !store::notice::unlink(&tx, cx.organisation, (id, work_order)).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(())
}

/// Notices in force at `at` that may concern a request of this kind at this street (in the form of `domain::place::street`).
/// They stay in force until the transaction ends: what is linked to one now, and promised news, is told of its end.
pub async fn concerning(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    kind: Uuid,
    street: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Vec<Model>> {
    let concerns = |one: &Model| one.starts_at <= at && notice::concerns(one, kind, street);
    let current = store::notice::current(tx, organisation).await?;
    let ids: Vec<Uuid> = current.into_iter().filter(concerns).map(|one| one.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Judged again: it may have been changed until we held it.
    let mut held = store::notice::hold_published(tx, organisation, ids).await?;
    held.retain(concerns);
    Ok(held)
}

/// The notice, ours alone until the transaction ends.
async fn find(tx: &DatabaseTransaction, cx: &Cx, id: Uuid) -> Result<Model> {
    store::notice::lock(tx, cx.organisation, id).await?.ok_or(Error::NotFound)
}

async fn write(
    tx: &DatabaseTransaction,
    cx: &Cx,
    (id, version): (Uuid, i32),
    change: ActiveModel,
) -> Result<()> {
    let change = ActiveModel { updated_at: Set(cx.now), ..change };
    if store::notice::update(tx, cx.organisation, (id, version), change).await? {
        Ok(())
    } else {
        Err(Error::Conflict(CHANGED))
    }
}

/// Writes down how many were told.
pub(super) async fn told(tx: &DatabaseTransaction, cx: &Cx, notice: Uuid, letters: u64) -> Result<()> {
    remember(tx, cx, notice, "told", json!({ "told": { "to": letters } })).await.map(drop)
}

/// Adds to the history; gives the id of what was added.
async fn remember(tx: &DatabaseTransaction, cx: &Cx, notice: Uuid, verb: &str, data: Value) -> Result<Uuid> {
    let row = notice_change::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        notice_id: notice,
        actor_id: cx.actor,
        verb: verb.to_owned(),
        at: cx.now,
        data,
    };
    let id = row.id;
    store::notice::insert_change(tx, row).await?;
    Ok(id)
}

/// The fields that change, each with what it was (`from`) and what it is (`to`).
fn differences(before: &Model, form: &Form) -> Map<String, Value> {
    let fields = [
        ("title", json!(before.title), json!(form.title)),
        ("text", json!(before.text), json!(form.text)),
        ("impact", json!(before.impact), json!(form.impact)),
        ("alternatives", json!(before.alternatives), json!(form.alternatives)),
        ("streets", json!(before.streets.0), json!(form.streets)),
        ("kinds", json!(before.kinds.0), json!(form.kinds)),
        ("starts_at", json!(before.starts_at), json!(form.starts_at)),
        ("ends_at", json!(before.ends_at), json!(form.ends_at)),
    ];
    let changed = fields.into_iter().filter(|(_, from, to)| from != to);
    changed.map(|(field, from, to)| (field.to_owned(), json!({ "from": from, "to": to }))).collect()
}
