//! Somebody who did not write it wants to know what becomes of it.

use entity::{
    event::Verb,
    follower::{Model, Role, ToldBy},
    language::Language,
    notice,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, errand, events},
    domain::mail,
    store, wording,
};

/// What somebody wants to follow.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A work order that somebody else opened.
    WorkOrder(Uuid),
    /// A notice in force.
    Notice(Uuid),
}

/// Somebody wants to follow. A link goes to the address, once; until it is opened nothing else does. Who follows already gets
/// the link again: the page says the same in every case.
///
/// # Errors
/// `Rejected` when the address is none; `NotFound` when there is nothing to follow.
pub async fn follow(desk: &Desk, cx: &Cx, target: Target, address: &str, language: Language) -> Result<()> {
    let address = mail::folded(address);
    if !mail::is_address(&address) {
        return Err(Error::Rejected(vec![Flaw::new("email", wording::say(language, "problem-email"))]));
    }
    let tx = desk.db.begin().await?;
    let follower = match known(&tx, cx, target, &address).await? {
        Some(known) => known,
        None => {
            let row = row(cx, target, address, language);
            if !store::follower::insert_new(&tx, row.clone()).await? {
                // The same form, sent at the same instant, was faster: its link is on the way.
                return Ok(());
            }
            if let Some(order) = row.work_order_id {
                events::append(&tx, [cx.event(order, Verb::Followed, json!({}))]).await?;
            }
            row
        }
    };
    // Whoever types the address again and again makes no second letter of it.
    let once = follower.confirmed_at.is_none().then(|| format!("follow {}", follower.id));
    let errand = errand::Errand::Follow { follower: follower.id };
    errand::queue(&tx, cx, errand, &follower.address, language, once).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Who follows it already with this address.
async fn known(tx: &DatabaseTransaction, cx: &Cx, target: Target, address: &str) -> Result<Option<Model>> {
    let organisation = cx.organisation;
    Ok(match target {
        Target::WorkOrder(id) => {
            store::work_order::by_id(tx, organisation, id).await?.ok_or(Error::NotFound)?;
            store::follower::by_address(tx, organisation, id, address).await?
        }
        Target::Notice(id) => {
            let notice = store::notice::by_id(tx, organisation, id).await?;
            // A draft is nobody's business yet, and of one that is over there is nothing more to hear.
            notice.filter(|notice| notice.state == notice::State::Published).ok_or(Error::NotFound)?;
            store::follower::of_notice_by_address(tx, organisation, id, address).await?
        }
    })
}

fn row(cx: &Cx, target: Target, address: String, language: Language) -> Model {
    let (work_order_id, notice_id) = match target {
        Target::WorkOrder(id) => (Some(id), None),
        Target::Notice(id) => (None, Some(id)),
    };
    Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        work_order_id,
        notice_id,
        role: Role::Follower,
        name: String::new(),
        address,
        fiscal_code: String::new(),
        phone: String::new(),
        language,
        told_by: ToldBy::Mail,
        chose_at: None,
        generation: 0,
        // An address that was confirmed for another matter has not yet asked to follow this one.
        confirmed_at: None,
        created_at: cx.now,
        seen_at: None,
    }
}
