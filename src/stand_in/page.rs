//! The page `/`: what the stand-in received, as citizens see it.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Rome;
use minijinja::{Environment, Value, context};

use super::{
    Message, Service, StandIn, Status,
    knobs::Registration,
    preview::{drawn, mailed, parts},
    service::State as Stage,
};

/// Messages, services, citizens and calls that are shown, the newest first.
const SHOWN: usize = 50;
const TEMPLATE: &str = include_str!("page.html");
/// Nothing is loaded from anywhere. The one style sheet is in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// `GET /`.
pub async fn show(State(stand_in): State<StandIn>) -> Response {
    match render(&stand_in) {
        Ok(page) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn render(stand_in: &StandIn) -> Result<String, minijinja::Error> {
    let picture = stand_in.with(|world, now| {
        let citizens = world.citizens.iter().take(SHOWN);
        let services = world.services.values().rev().take(SHOWN);
        context! {
            now => local(now),
            institution => world.institutions.first().map(|institution| institution.name.clone()),
            messages => world.messages.values().rev().take(SHOWN).map(message).collect::<Vec<_>>(),
            received => world.messages.len(),
            services => services.map(service).collect::<Vec<_>>(),
            citizens => citizens.map(|(code, citizen)| context! {
                code,
                registration => registration(citizen.registration),
                fate => citizen.fate.map(status),
            }).collect::<Vec<_>>(),
            others => registration(world.knobs.others),
            calls => world.calls.iter().rev().take(SHOWN).map(|call| context! {
                at => local(call.at),
                method => call.method.clone(),
                path => call.path.clone(),
                status => call.status,
            }).collect::<Vec<_>>(),
        }
    });
    let mut environment = Environment::new();
    environment.add_template("page.html", TEMPLATE)?;
    environment.get_template("page.html")?.render(picture)
}

fn message(message: &Message) -> Value {
    let text = |name: &str| message.content[name].as_str().unwrap_or_default();
    let markdown = text("markdown");
    let (buttons, body) = parts(markdown);
    let payment = &message.content["payment_data"];
    let due = DateTime::parse_from_rfc3339(text("due_date")).ok().map(|due| local(due.to_utc()));
    context! {
        id => message.id.clone(),
        service => message.service_name.clone(),
        organisation => message.organisation.clone(),
        code => message.fiscal_code.clone(),
        at => local(message.created_at),
        status => status(message.status),
        class => if message.status == Status::Processed { "good" } else if message.is_pending() { "wait" } else { "bad" },
        subject => text("subject"),
        body => Value::from_safe_string(drawn(body)),
        buttons => buttons.iter().map(|button| context! { text => button.text.clone(), action => button.action.clone() }).collect::<Vec<_>>(),
        due => due,
        amount => payment["amount"].as_i64().map(euro),
        notice => payment["notice_number"].as_str(),
        // A discreet message is not sent on by mail (facts 4.5).
        mail => (!message.secure).then(|| mailed(markdown)),
    }
}

fn service(service: &Service) -> Value {
    let published = service.publication.as_ref().map(|publication| publication.published);
    context! {
        id => service.id.clone(),
        name => service.sheet["name"].as_str(),
        stage => stage(service.state),
        reason => service.reason.clone(),
        published => match published {
            None => "mai approvato",
            Some(true) => "pubblicato",
            Some(false) => "non pubblicato",
        },
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Accepted => "in lavorazione",
        Status::Throttled => "in ritardo",
        Status::Processed => "recapitato",
        Status::Rejected => "respinto",
        Status::Failed => "non riuscito",
    }
}

fn stage(state: Stage) -> &'static str {
    match state {
        Stage::Draft => "bozza",
        Stage::Submitted => "in revisione",
        Stage::Approved => "approvato",
        Stage::Rejected => "rifiutato",
        Stage::Deleted => "eliminato",
    }
}

fn registration(registration: Registration) -> &'static str {
    match registration {
        Registration::On => "su IO, servizio attivo",
        Registration::Off => "su IO, servizio disattivato",
        Registration::Absent => "non su IO",
    }
}

fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Rome).format("%d/%m/%Y %H:%M:%S").to_string()
}

fn euro(cents: i64) -> String {
    format!("{},{:02} €", cents / 100, cents % 100)
}
