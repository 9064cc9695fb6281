//! An operator tells the citizen what no status says, and sees beforehand by which way it goes and why.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::Rome;
use entity::{
    follower::ToldBy,
    update_rule::{Occasion, Way},
    work_order::Model,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    find,
    page::{Visit, render},
    path_of,
};
use crate::{
    actions::progress::{
        self, Details, Outlook,
        announce::{Announcement, announce},
    },
    app::App,
    domain::progress::{Letter, Plan},
    web::{
        error::Result,
        flaws::{Flaws, judged, named},
        frame::{Link, Notice, Tone},
        progress::words,
        request::{Form, Path},
        session::Operator,
        words::capital,
    },
};

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
    errors: Flaws,
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
    let outlook = progress::outlook(&app.desk.db.read, order).await?;
    let choice = |&(occasion, way, plan): &(Occasion, Way, Plan)| Choice {
        value: words::code(occasion),
        label: label(occasion),
        then: then(occasion),
        outlook: way_of(&outlook, way, plan),
        silent: plan.is_empty(),
    };
    Ok(Update {
        token: typed.fields.token.unwrap_or_else(Uuid::now_v7),
        occasions: outlook.plans.iter().map(choice).collect(),
        form: typed.fields,
        errors: typed.errors,
    })
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

/// By which way it goes and why, in a sentence or two.
fn way_of(outlook: &Outlook, way: Way, plan: Plan) -> String {
    let reach = outlook.reach;
    let certified = plan.letter == Some(Letter::Certified) && outlook.certifies;
    let mail = if certified { "per PEC" } else { "per posta elettronica" };
    let no_io = if outlook.on_io {
        "su IO non si può: non è certo di chi sia il codice fiscale, o il servizio è in prova"
    } else {
        "su IO per ora non si avvisa"
    };
    let no_mail = "non c’è un indirizzo a cui scrivere, confermato o da cui è arrivata la richiesta";
    let sentence = match (plan.io, plan.letter) {
        (true, Some(Letter::IfIoFails)) => "su IO; se IO non lo raggiunge, per posta elettronica".to_owned(),
        (true, None) if way == Way::Io => "solo su IO: così dicono le regole".to_owned(),
        (true, None) => format!("solo su IO: {no_mail}"),
        (true, Some(_)) => format!("{mail} e su IO: così dicono le regole"),
        (false, Some(_)) if way == Way::Best && reach.chosen == Some(ToldBy::Mail) && reach.io => {
            format!("{mail}: così ha scelto il cittadino")
        }
        (false, Some(_)) if way == Way::Best => format!("{mail}: {no_io}"),
        (false, Some(_)) => format!("{mail}: così dicono le regole"),
        (false, None) if reach.chosen == Some(ToldBy::Nothing) => {
            "nessun canale: il cittadino ha chiesto di non ricevere avvisi".to_owned()
        }
        (false, None) if way == Way::Nothing => "nessun canale: le regole dicono di non avvisare".to_owned(),
        (false, None) if way == Way::Io => format!("nessun canale: le regole dicono solo IO, e {no_io}"),
        (false, None) if matches!(way, Way::Mail | Way::Pec) => {
            format!("nessun canale: le regole dicono posta, e {no_mail}")
        }
        (false, None) => format!("nessun canale: {no_mail}, e {no_io}"),
    };
    format!("{}.", capital(&sentence))
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
    use crate::domain::progress::{Reach, plan};

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

    #[test]
    fn the_operator_reads_which_way_it_goes_and_why() {
        let said = |way, reach, on_io| {
            let outlook = Outlook { reach, on_io, certifies: false, plans: Vec::new() };
            way_of(&outlook, way, plan(way, reach))
        };
        let reach = |chosen, io, mail| Reach { chosen, io, mail };
        assert_eq!(
            said(Way::Best, reach(None, true, true), true),
            "Su IO; se IO non lo raggiunge, per posta elettronica."
        );
        assert!(said(Way::Best, reach(None, false, true), false).contains("su IO per ora non si avvisa"));
        assert!(
            said(Way::Best, reach(Some(ToldBy::Mail), true, true), true).contains("ha scelto il cittadino")
        );
        assert!(said(Way::Best, reach(Some(ToldBy::Nothing), true, true), true).contains("di non ricevere"));
        assert!(
            said(Way::Nothing, reach(None, true, true), true).contains("le regole dicono di non avvisare")
        );
        assert!(said(Way::Mail, reach(None, true, false), true).starts_with("Nessun canale"));
        assert!(said(Way::Pec, reach(None, true, true), true).starts_with("Per posta elettronica"));
    }
}
