//! What a work order has because it came through the portal or an app: what was typed, where it is, who follows it, which
//! notices explain it, what everybody may read of it.

use chrono::{DateTime, Utc};
use entity::{
    communication::Channel,
    follower::{self, Role, ToldBy},
    notice, publication,
    work_order::Model,
};
use serde::Serialize;

use super::publication::{Fields, Shown};
use crate::{
    app::App,
    domain::form::of_kind,
    store,
    web::{
        error::Result,
        notices,
        submissions::answers::{Answer, answers},
    },
};

/// All of it.
#[derive(Serialize)]
pub struct Citizen {
    /// `web` or `app` when it came that way.
    channel: Option<&'static str>,
    answers: Vec<Answer>,
    place: Option<Place>,
    author: Option<Author>,
    /// People who follow it besides its author: how many, never who.
    followers: usize,
    contests: i32,
    notices: Vec<Notice>,
    publication: Publication,
}

#[derive(Serialize)]
struct Place {
    address: String,
    /// `45.53920, 10.22060`.
    position: Option<String>,
}

/// Who wrote it, as declared in the form.
#[derive(Serialize)]
struct Author {
    name: String,
    address: String,
    fiscal_code: String,
    phone: String,
    told_by: ToldBy,
    confirmed_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
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
    form: Fields,
    shown: Shown,
}

/// Reads it.
pub async fn read(app: &App, order: &Model, shown: Shown) -> Result<Citizen> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let submission = store::submission::of_work_order(db, organisation, order.id).await?;
    let typed = match &submission {
        Some(submission) => {
            let kinds = store::organisation::kinds(db, organisation).await?;
            let form = kinds.iter().find(|kind| kind.id == submission.kind_id).and_then(of_kind);
            answers(&form.unwrap_or_default(), &submission.answers)
        }
        None => Vec::new(),
    };
    let place = store::place::of(db, organisation, order.id).await?;
    let people = store::follower::of_work_order(db, organisation, order.id).await?;
    let (authors, others): (Vec<_>, Vec<_>) = people.into_iter().partition(|one| one.role == Role::Author);
    let explained = store::notice::of_work_order(db, organisation, order.id).await?;
    let published = store::publication::of(db, organisation, order.id).await?;
    let portal = store::portal::of(db, organisation).await?;
    let address = place.as_ref().map(|place| place.address.clone()).unwrap_or_default();
    Ok(Citizen {
        channel: submission
            .as_ref()
            .map(|submission| if submission.channel == Channel::App { "app" } else { "web" }),
        answers: typed,
        place: place.map(|place| Place {
            position: place
                .latitude
                .zip(place.longitude)
                .map(|(north, east)| format!("{north:.5}, {east:.5}")),
            address: place.address,
        }),
        author: authors.into_iter().next().map(author),
        followers: others.len(),
        contests: order.contests,
        notices: explained
            .into_iter()
            .map(|row| Notice { href: notices::path_of(row.id), title: row.title.it, state: row.state })
            .collect(),
        publication: publication(published, shown, &address, portal.is_some_and(|portal| portal.listed)),
    })
}

fn author(row: follower::Model) -> Author {
    Author {
        name: row.name,
        address: row.address,
        fiscal_code: row.fiscal_code,
        phone: row.phone,
        told_by: row.told_by,
        confirmed_at: row.confirmed_at,
        seen_at: row.seen_at,
    }
}

/// The form begins empty: the citizen's own words are not offered, or they would be published by habit.
fn publication(
    row: Option<publication::Model>,
    mut shown: Shown,
    address: &str,
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
        form: form.unwrap_or_else(|| Fields { address: without_number(address), ..Fields::default() }),
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
