//! What a work order has because it came through the portal or an app: what was typed and what of it the register doubts, who
//! follows it, what they thought of the form, which notices explain it, what everybody may read of it.

use chrono::{DateTime, Utc};
use entity::{communication::Channel, follower, notice, place, publication, submission, work_order::Model};
use serde::Serialize;

use super::{
    path_of,
    publication::{Fields, Shown},
};
use crate::{
    app::App,
    domain::{
        declared::{Contradiction, contradictions},
        form::{declared, of_kind},
    },
    store,
    web::{
        error::Result,
        notices,
        submissions::answers::{Answer, answers},
        words,
    },
};

/// All of it.
#[derive(Serialize)]
pub struct Citizen {
    /// `web` or `app` when it came that way.
    channel: Option<&'static str>,
    answers: Vec<Answer>,
    /// What was declared does not agree with the register: sentences.
    doubts: Vec<&'static str>,
    rating: Option<Rating>,
    author: Option<Author>,
    /// People who follow it besides its author: how many, never who.
    followers: u64,
    /// And who asked to and did not confirm their address.
    unconfirmed: u64,
    contests: i32,
    notices: Vec<Notice>,
    publication: Publication,
}

/// What the citizen thought of the form.
#[derive(Serialize)]
struct Rating {
    stars: i32,
    note: String,
}

/// Who wrote it, as declared in the form.
#[derive(Serialize)]
struct Author {
    name: String,
    address: String,
    fiscal_code: String,
    phone: String,
    told_by: &'static str,
    confirmed_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
    /// Where a new link is sent; `None` while there is no confirmed address.
    renew_href: Option<String>,
}

#[derive(Serialize)]
struct Notice {
    href: String,
    title: String,
    state: notice::State,
}

/// What everybody may read of it.
#[derive(Serialize)]
struct Publication {
    /// Published, since when.
    published_at: Option<DateTime<Utc>>,
    /// The list of published reports is shown at all.
    listed: bool,
    /// There is a point that may be shown on the map.
    positioned: bool,
    form: Fields,
    shown: Shown,
}

/// Reads it.
pub async fn read(app: &App, order: &Model, shown: Shown) -> Result<Citizen> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let submission = store::submission::of_work_order(db, organisation, order.id).await?;
    let (typed, doubts) = match &submission {
        Some(submission) => typed(app, submission).await?,
        None => (Vec::new(), Vec::new()),
    };
    let place = store::place::of(db, organisation, order.id).await?;
    let authors = store::follower::authors(db, organisation, &[order.id]).await?;
    let explained = store::notice::of_work_order(db, organisation, order.id).await?;
    let published = store::publication::of(db, organisation, order.id).await?;
    let portal = store::portal::of(db, organisation).await?;
    let (followers, unconfirmed) = store::audience::following_order(db, organisation, order.id).await?;
    Ok(Citizen {
        channel: submission
            .as_ref()
            .map(|submission| if submission.channel == Channel::App { "app" } else { "web" }),
        answers: typed,
        doubts,
        rating: submission.as_ref().and_then(|submission| {
            Some(Rating { stars: submission.rating?, note: submission.rating_note.clone() })
        }),
        author: authors.into_iter().next().map(|row| author(row, &path_of(order))),
        followers,
        unconfirmed,
        contests: order.contests,
        notices: explained
            .into_iter()
            .map(|row| Notice { href: notices::path_of(row.id), title: row.title.it, state: row.state })
            .collect(),
        publication: publication(published, shown, place, portal.is_some_and(|portal| portal.listed)),
    })
}

/// What was typed, and what of it does not agree with the register.
async fn typed(app: &App, submission: &submission::Model) -> Result<(Vec<Answer>, Vec<&'static str>)> {
    let (db, organisation) = (&app.desk.db.read, submission.organisation_id);
    let kinds = store::organisation::kinds(db, organisation).await?;
    let form = kinds.iter().find(|kind| kind.id == submission.kind_id).and_then(of_kind).unwrap_or_default();
    let declared = declared(&form, &submission.answers);
    let found = store::taxpayer::by_codes(db, organisation, &declared.codes).await?;
    let doubts = contradictions(&declared, &found).into_iter().map(doubt).collect();
    Ok((answers(&form, &submission.answers), doubts))
}

fn doubt(found: Contradiction) -> &'static str {
    match found {
        Contradiction::Codes => "I codici indicati sono di contribuenti diversi.",
        Contradiction::FiscalCode => {
            "Il codice fiscale indicato non è quello dell’intestatario del codice utente."
        }
        Contradiction::Name => "Il nome indicato non è quello dell’intestatario del codice utente.",
    }
}

fn author(row: follower::Model, path: &str) -> Author {
    let reachable = row.confirmed_at.is_some() && !row.address.is_empty();
    let renew_href = reachable.then(|| format!("{path}/link"));
    Author {
        name: row.name,
        address: row.address,
        fiscal_code: row.fiscal_code,
        phone: row.phone,
        told_by: words::told_by(row.told_by),
        confirmed_at: row.confirmed_at,
        seen_at: row.seen_at,
        renew_href,
    }
}

/// The form begins empty: the citizen's own words are not offered, or they would be published by habit.
fn publication(
    row: Option<publication::Model>,
    mut shown: Shown,
    place: Option<place::Model>,
    listed: bool,
) -> Publication {
    let stored = row.as_ref().map(|row| Fields {
        title: row.title.clone(),
        text: row.text.clone(),
        address: row.address.clone(),
        position: if row.latitude.is_some() { "on" } else { "" }.to_owned(),
        ..Fields::default()
    });
    let form = shown.typed.take().or(stored);
    Publication {
        published_at: row.map(|row| row.published_at),
        listed,
        positioned: place.as_ref().is_some_and(|place| place.latitude.is_some()),
        form: form.unwrap_or_else(|| {
            let address = place.map(|place| without_number(&place.address)).unwrap_or_default();
            Fields { address, ..Fields::default() }
        }),
        shown,
    }
}

/// The street alone: a house number points at whoever lives there.
fn without_number(address: &str) -> String {
    let street = address.split(',').next().unwrap_or_default();
    let words = street.split_whitespace().take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_offered_without_its_number() {
        assert_eq!(without_number("Via Solferino 12, Brescia"), "Via Solferino");
        assert_eq!(without_number("Piazza della Loggia"), "Piazza della Loggia");
        assert_eq!(without_number(""), "");
    }
}
