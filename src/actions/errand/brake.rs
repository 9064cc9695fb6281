//! Which addresses may be written to, and from when. Anybody can type anybody's address into our forms: it must not become a
//! way to flood them. News that somebody wants is never left out: what is more than a person can read in an hour comes later.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use entity::errand::Work;
use sea_orm::DatabaseTransaction;

use crate::{
    actions::{Cx, Result},
    domain::{mail, thread},
    store,
};

/// How many letters of some sorts one address gets at most.
struct Brake {
    works: &'static [Work],
    per_hour: i64,
    per_day: i64,
    /// Whether what is too much comes later; it does not come at all otherwise.
    later: bool,
}

/// Letters that anybody can cause who types an address.
const ASKED: Brake = Brake {
    works: &[Work::Resume, Work::Confirm, Work::Link, Work::Follow, Work::CitizenCode],
    per_hour: 5,
    per_day: 15,
    later: false,
};
/// Letters to people who have said that they want them.
const TOLD: Brake = Brake { works: &[Work::Update, Work::Restored], per_hour: 30, per_day: 100, later: true };

/// Those of the addresses that may be written to (again), each with from when. Two forms sent at the same instant may both count
/// one letter too few: a letter more than the limit is no flood.
pub(super) async fn may_write_to(
    tx: &DatabaseTransaction,
    cx: &Cx,
    work: Work,
    addresses: HashSet<&str>,
) -> Result<HashMap<String, DateTime<Utc>>> {
    // A letter of ours to ourselves would come back as a mail, and be answered.
    let own = store::mailbox::addresses(tx, cx.organisation).await?;
    let mut may: HashMap<String, DateTime<Utc>> = addresses
        .into_iter()
        .filter(|address| mail::is_address(address) && !own.contains(&thread::without_token(address)))
        .map(|address| (address.to_owned(), cx.now))
        .collect();
    let brake = if ASKED.works.contains(&work) { &ASKED } else { &TOLD };
    for (time, most) in [(Duration::hours(1), brake.per_hour), (Duration::days(1), brake.per_day)] {
        let asked: Vec<&str> = may.keys().map(String::as_str).collect();
        let written =
            store::errand::count_since(tx, cx.organisation, &asked, brake.works, cx.now - time).await?;
        for (address, letters) in written.into_iter().filter(|(_, letters)| *letters >= most) {
            if brake.later {
                let from = later(cx, (time, most), letters);
                may.entry(address).and_modify(|known| *known = from.max(*known));
            } else {
                may.remove(&address);
            }
        }
    }
    Ok(may)
}

/// From when one more letter may leave where `letters` were written in a time that holds `most`. One measure after the other: the 31st
/// letter of an hour comes an hour later, the 61st two.
fn later(cx: &Cx, (time, most): (Duration, i64), letters: i64) -> DateTime<Utc> {
    let times = i32::try_from(letters / most).unwrap_or(i32::MAX);
    cx.now.checked_add_signed(time * times).unwrap_or(cx.now)
}

/// From when news of a request may be written to its citizen: the same measure as for who follows it. Those letters stand in the
/// thread and leave by the outbox, where every automatic letter to the address counts.
pub(in crate::actions) async fn news_from(
    tx: &DatabaseTransaction,
    cx: &Cx,
    address: &str,
) -> Result<DateTime<Utc>> {
    let day =
        store::delivery::automatic_since(tx, cx.organisation, &[address], cx.now - Duration::days(1)).await?;
    let since = |time: Duration| day.iter().filter(|(_, at)| *at > cx.now - time).count();
    let measures = [(Duration::hours(1), TOLD.per_hour), (Duration::days(1), TOLD.per_day)];
    let from =
        measures.map(|(time, most)| later(cx, (time, most), i64::try_from(since(time)).unwrap_or(i64::MAX)));
    Ok(from.into_iter().max().unwrap_or(cx.now))
}
