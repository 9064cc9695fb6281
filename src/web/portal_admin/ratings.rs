//! What citizens think of the forms: how many stars on average, how many of each, and what they wrote beside them last.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Days, Utc};
use entity::submission::Model;
use serde::Serialize;

use crate::{
    app::App,
    store,
    web::{
        error::Result,
        frame::{Frame, Hall},
        session::Administrator,
        templates, words,
        work_order::{number_of, path_of},
    },
};

/// Ratings that are shown one by one.
const SHOWN: u64 = 20;
/// How far back the average looks.
const DAYS: Days = Days::new(365);

/// Context of `pages/portal_ratings.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    average: Option<String>,
    count: String,
    stars: Vec<Share>,
    last: Vec<Rated>,
}

/// How many gave a number of stars.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Share {
    stars: i32,
    count: i64,
}

/// One rating.
#[derive(Serialize)]
struct Rated {
    stars: i32,
    note: String,
    kind: String,
    at: Option<DateTime<Utc>>,
    number: Option<String>,
    href: Option<String>,
}

/// `GET /desk/admin/portal/ratings`.
pub async fn show(State(app): State<App>, Administrator(me): Administrator) -> Result<Response> {
    let hall = Hall::enter(&app, &me).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let counts = store::rating::counts(db, organisation, me.cx.now - DAYS).await?;
    let rows = store::rating::last(db, organisation, SHOWN).await?;
    let orders = rows.iter().filter_map(|row| row.work_order_id).collect();
    let orders = store::work_order::by_ids(db, organisation, orders).await?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let rated = |row: Model| {
        let order = orders.iter().find(|order| Some(order.id) == row.work_order_id);
        Rated {
            stars: row.rating.unwrap_or_default(),
            note: row.rating_note,
            kind: kinds
                .iter()
                .find(|kind| kind.id == row.kind_id)
                .map(|kind| kind.name.clone())
                .unwrap_or_default(),
            at: row.received_at,
            number: order.map(|order| number_of(order).to_string()),
            href: order.map(path_of),
        }
    };
    let page = Page {
        frame: hall.frame("admin", None),
        average: average(&counts),
        count: words::count(counts.iter().map(|(_, count)| count).sum()),
        stars: shares(&counts),
        last: rows.into_iter().map(rated).collect(),
    };
    Ok(templates::render("pages/portal_ratings.html", page)?.into_response())
}

/// `4,3`; nothing when nobody said anything.
fn average(counts: &[(i32, i64)]) -> Option<String> {
    let count: i64 = counts.iter().map(|(_, count)| count).sum();
    let stars: i64 = counts.iter().map(|(stars, count)| i64::from(*stars) * count).sum();
    // Tenths, rounded: whole numbers all the way.
    let tenths = (stars * 20 + count).checked_div(count * 2)?;
    Some(format!("{},{}", tenths / 10, tenths % 10))
}

/// From five stars down to one.
fn shares(counts: &[(i32, i64)]) -> Vec<Share> {
    let of = |stars| counts.iter().find(|(given, _)| *given == stars).map_or(0, |(_, count)| *count);
    (1..=5).rev().map(|stars| Share { stars, count: of(stars) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_rounded_to_tenths_and_written_with_a_comma() {
        assert_eq!(average(&[]), None);
        assert_eq!(average(&[(5, 3)]).as_deref(), Some("5,0"));
        assert_eq!(average(&[(5, 1), (4, 2)]).as_deref(), Some("4,3"));
        assert_eq!(average(&[(1, 1), (2, 1)]).as_deref(), Some("1,5"));
        assert_eq!(average(&[(4, 1), (5, 19)]).as_deref(), Some("5,0"), "4,95");
    }

    #[test]
    fn stars_that_nobody_gave_are_counted_too() {
        let shares = shares(&[(5, 2), (1, 1)]);
        assert_eq!(shares.iter().map(|share| share.count).collect::<Vec<_>>(), [2, 0, 0, 0, 1]);
    }
}
