//! An operator tells the citizen what no status says, and sees beforehand by which way it goes and why.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::Rome;
use entity::{
    io_message::{self, Purpose, State as Fate},
    update_rule::{Occasion, Way},
    work_order::{Model, Status},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    find, outlook,
    page::{Visit, render},
    path_of,
};
use crate::{
    actions::progress::{
        self, Details,
        announce::{Announcement, announce},
    },
    app::App,
    domain::progress::Plan,
    store::{self, Seek, io_message::Filter},
    web::{
        error::Result,
        flaws::{Flaws, judged, named},
        frame::{Link, Notice, Tone},
        io,
        progress::words,
        request::{Form, Path},
        session::Operator,
        words::capital,
    },
};

/// Drafts of a work order among which those are sought that were taken back.
const DRAFTS: usize = 20;

/// The form as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Fields {
    /// Given out with the form.
    #[serde(skip_serializing)]
    pub token: Option<Uuid>,
    occasion: String,
    office: String,
    asked: String,
    until: String,
    when: String,
    place: String,
    steps: String,
}

/// What was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// As typed.
    pub fields: Fields,
    /// What is wrong.
    pub errors: Flaws,
}

/// The panel.
#[derive(Debug, Serialize)]
pub struct Update {
    token: Uuid,
    form: Fields,
    occasions: Vec<Choice>,
    /// What is known of IO before anything is pressed.
    before: Vec<String>,
    taken_back: Vec<TakenBack>,
    errors: Flaws,
}

/// An update that was taken back before it left, and has told nobody.
#[derive(Debug, Serialize)]
struct TakenBack {
    label: String,
    href: String,
    title: String,
    at: DateTime<Utc>,
    /// It can still be told: the work order has not gone on since.
    holds: bool,
}

/// What may be told, and by which way it goes.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    label: &'static str,
    /// What becomes of the work order.
    then: &'static str,
    /// By which way, and why.
    outlook: String,
    /// It reaches nobody.
    silent: bool,
}

/// The panel of a work order, with what was typed.
pub async fn read(app: &App, order: &Model, typed: Typed) -> Result<Update> {
    let outlook = progress::outlook(&app.desk.db.read, order, app.clock.now()).await?;
    let choice = |&(occasion, way, plan): &(Occasion, Way, Plan)| Choice {
        value: words::code(occasion),
        label: label(occasion),
        then: then(occasion),
        outlook: outlook::way(&outlook, way, plan),
        silent: plan.is_empty(),
    };
    Ok(Update {
        token: typed.fields.token.unwrap_or_else(Uuid::now_v7),
        occasions: outlook.plans.iter().map(choice).collect(),
        before: outlook::before(&outlook),
        taken_back: taken_back(app, order).await?,
        form: typed.fields,
        errors: typed.errors,
    })
}

/// What was taken back and not told since.
async fn taken_back(app: &App, order: &Model) -> Result<Vec<TakenBack>> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let drafts = Filter { state: Some(Fate::Draft), work_order: Some(order.id), ..Filter::default() };
    let mut drafts = store::io_message::page(db, organisation, &drafts, &Seek::Start, DRAFTS).await?.rows;
    drafts.retain(|draft| draft.purpose == Purpose::Update);
    let copies: Vec<Uuid> = drafts.iter().filter_map(|draft| draft.communication_id).collect();
    let letters = store::delivery::of_communications(db, organisation, &copies).await?;
    let mut found = Vec::new();
    for draft in drafts {
        let Some(copy) = draft.communication_id else { continue };
        let told = store::communication::by_id(db, organisation, copy).await?;
        let is_written = letters.iter().any(|letter| letter.communication_id == copy);
        if let (Some(occasion), false) = (told.and_then(|told| told.occasion), is_written) {
            found.push(TakenBack {
                label: capital(words::occasion(occasion)),
                href: io::path_of(draft.id),
                holds: holds(&draft, occasion, order, app.clock.now()),
                title: draft.subject,
                at: draft.created_at,
            });
        }
    }
    Ok(found)
}

/// Whether what was taken back is still true when it is told now: it names days, and the work order may have gone on. The hour of an
/// appointment is known to its words alone: they hold for a day.
fn holds(draft: &io_message::Model, occasion: Occasion, order: &Model, now: DateTime<Utc>) -> bool {
    let closes = matches!(occasion, Occasion::Resolved | Occasion::ResolvedWithSteps);
    let fits = closes == (order.status == Status::Closed);
    let is_past = draft.due_at.is_some_and(|due| due <= now) || !closes && order.due_at <= now;
    let is_old = occasion == Occasion::Appointment && now - draft.created_at > Duration::days(1);
    fits && !is_past && !is_old
}

fn label(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Forwarded => "La richiesta è stata inoltrata ad altri",
        Occasion::InformationNeeded => "Serve un’informazione",
        Occasion::Appointment => "C’è un appuntamento",
        Occasion::ResolvedWithSteps => "È chiusa, ma resta qualcosa da fare",
        other => words::occasion(other),
    }
}

fn then(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::InformationNeeded => "L’ordine passa «In attesa».",
        Occasion::ResolvedWithSteps => "L’ordine viene chiuso.",
        _ => "L’ordine passa «In lavorazione».",
    }
}

/// `POST /desk/work-orders/{number}/updates`.
pub async fn tell(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    let told = match read_announcement(&fields) {
        Ok(announcement) => {
            let told = announce(&app.desk, &operator.cx, order.id, announcement).await;
            judged(told)?.map_err(|flaws| named(flaws, &[]))
        }
        Err(errors) => Err(errors),
    };
    match told {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=updated", path_of(&order))).into_response()),
        Err(errors) => {
            let link = Link::new("#update", "Leggi perché");
            let refused = Notice::with_link(Tone::Danger, "Il cittadino non è stato avvisato.", link);
            let update = Typed { fields, errors };
            let visit = Visit { update, notices: vec![refused], ..Visit::default() };
            render(&app, &operator, order, StatusCode::UNPROCESSABLE_ENTITY, visit).await
        }
    }
}

/// Only the fields of the occasion count: what was typed for another one before the operator thought better of it is not told.
fn read_announcement(fields: &Fields) -> std::result::Result<Announcement, Flaws> {
    use crate::domain::progress::template::Placeholder::{Asked, Office, Place, Steps, Until, When};
    let mut errors: Flaws = BTreeMap::new();
    let Some(occasion) = words::read::<Occasion>(&fields.occasion) else {
        return Err(Flaws::from([("occasion".into(), "Scegli che cosa comunicare.".to_owned())]));
    };
    let own = progress::announce::fields(occasion);
    let typed =
        |field, words: &str| if own.contains(&field) { words.trim().to_owned() } else { String::new() };
    let (until, when) = (typed(Until, &fields.until), typed(When, &fields.when));
    let details = Details {
        office: typed(Office, &fields.office),
        asked: typed(Asked, &fields.asked),
        until: day(&until),
        when: moment(&when),
        place: typed(Place, &fields.place),
        steps: typed(Steps, &fields.steps),
    };
    if !until.is_empty() && details.until.is_none() {
        errors.insert("until".into(), "Scrivi il giorno come 31/12/2026.".to_owned());
    }
    if !when.is_empty() && details.when.is_none() {
        errors.insert("when".into(), "Scrivi giorno e ora come 31/12/2026 18:30.".to_owned());
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Announcement { token: fields.token.unwrap_or_else(Uuid::now_v7), occasion, details })
}

/// A day, as browsers or Italians write it.
fn day(typed: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(typed, form).ok())
}

/// A day and an hour in Italy. An hour that summer time skips is none; of one that it repeats the first counts: nobody comes late.
fn moment(typed: &str) -> Option<DateTime<Utc>> {
    const FORMS: [&str; 3] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"];
    let local = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(typed, form).ok())?;
    Rome.from_local_datetime(&local).earliest().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_one_of_italy() {
        let at = |typed: &str| moment(typed).map(|at| at.to_rfc3339());
        assert_eq!(at("2026-03-05T09:30").as_deref(), Some("2026-03-05T08:30:00+00:00"));
        assert_eq!(at("05/07/2026 09:30").as_deref(), Some("2026-07-05T07:30:00+00:00"));
        assert_eq!(at("2026-10-25T02:30").as_deref(), Some("2026-10-25T00:30:00+00:00"));
        for none in ["", "2026-03-05", "domani", "2026-03-29T02:30"] {
            assert_eq!(moment(none), None, "{none}");
        }
    }

    #[test]
    fn only_the_fields_of_the_occasion_count() {
        let fields = Fields {
            occasion: "forwarded".to_owned(),
            office: " Comune ".to_owned(),
            asked: "altro".to_owned(),
            when: "mai".to_owned(),
            ..Fields::default()
        };
        let read = read_announcement(&fields).unwrap();
        assert_eq!((read.details.office.as_str(), read.details.asked.as_str()), ("Comune", ""));
        let wrong = Fields { occasion: "appointment".to_owned(), ..fields };
        assert!(read_announcement(&wrong).unwrap_err().contains_key("when"));
        assert!(read_announcement(&Fields::default()).unwrap_err().contains_key("occasion"));
    }
}
