//! Into the tracking page without the link: by number and code, or by having the link sent again. The answers tell nobody
//! which numbers exist, which codes are near, or which addresses are known.

use std::time::Duration;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::follower;
use serde::{Deserialize, Serialize};

use crate::{
    actions::tracking,
    app::App,
    domain::{link, mail, number::Number},
    store,
    web::{
        error::Result,
        limit::{Letter, Limits, Rate},
        portal::Hall,
        request::{Form, Query},
    },
};

/// Attempts from one network.
const ATTEMPTS: Rate = Rate { most: 20, within: Duration::from_mins(10) };
/// Attempts at one number, wherever they come from: 20^8 codes are not guessed at that pace.
const AT_A_NUMBER: Rate = Rate { most: 60, within: Duration::from_hours(1) };

/// Context of `portal/track/door.html`.
#[derive(Default, Serialize)]
struct Page<'a> {
    number: &'a str,
    code: &'a str,
    /// Number and code do not open anything.
    wrong: bool,
    /// The other form was sent: 'sent', 'number' or 'email' (what is no number, no address).
    again: Option<&'static str>,
    again_number: &'a str,
    again_email: &'a str,
    /// A new link was asked for on the page of the old one.
    renewed: bool,
}

/// What was just done.
#[derive(Debug, Deserialize)]
pub struct Done {
    #[serde(default)]
    fatto: String,
}

/// Number and code.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    number: String,
    #[serde(default)]
    code: String,
}

/// Number and address.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    number: String,
    #[serde(default)]
    email: String,
}

/// `GET /segui`.
pub async fn show(hall: Hall, Query(done): Query<Done>) -> Result<Response> {
    hall.page("portal/track/door.html", Page { renewed: done.fatto == "link", ..Page::default() })
}

/// `POST /segui`.
pub async fn open(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (organisation, number) = (hall.organisation.id, typed.number.parse::<Number>().ok());
    let network = format!("code {organisation} {}", hall.network);
    let at = number.map(|number| format!("code {organisation} {number}"));
    let judged = limits.spend(ATTEMPTS, &network).judged();
    let judged =
        judged.and_then(|()| at.map_or(Ok(()), |number| limits.spend(AT_A_NUMBER, &number).judged()));
    if let Err(wait) = judged {
        return hall.wait(wait);
    }
    let follower = match number {
        Some(number) => author(&app, &hall, number).await?,
        None => None,
    };
    let keys = &app.desk.keys;
    match follower.filter(|follower| link::is_code(keys, follower, &typed.code)) {
        Some(follower) => {
            let to = hall.href(&format!("/segui/{}", link::visit(keys, &follower)));
            Ok(Redirect::to(&to).into_response())
        }
        None => {
            let page = Page { number: &typed.number, code: &typed.code, wrong: true, ..Page::default() };
            Ok(unprocessable(hall.page("portal/track/door.html", page)?))
        }
    }
}

async fn author(app: &App, hall: &Hall, number: Number) -> Result<Option<follower::Model>> {
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let Some(order) = store::work_order::by_number(db, organisation, number).await? else { return Ok(None) };
    Ok(store::follower::authors(db, organisation, &[order.id]).await?.into_iter().next())
}

/// `POST /segui/link`.
pub async fn send_again(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let organisation = hall.organisation.id;
    if let Err(wait) = limits.sends(organisation, &hall.network) {
        return hall.wait(wait);
    }
    let email = mail::folded(&wanted.email);
    let flawed = |what| Page {
        again: Some(what),
        again_number: &wanted.number,
        again_email: &wanted.email,
        ..Page::default()
    };
    let Ok(number) = wanted.number.parse::<Number>() else {
        return Ok(unprocessable(hall.page("portal/track/door.html", flawed("number"))?));
    };
    if !mail::is_address(&email) {
        return Ok(unprocessable(hall.page("portal/track/door.html", flawed("email"))?));
    }
    match limits.letter(organisation, &hall.network, &email) {
        Letter::Goes => tracking::send_link_again(&app.desk, &hall.cx, number, &email, hall.language).await?,
        // Asked as often as it likes, an address gets a handful of letters; the page says the same.
        Letter::Enough => {}
        Letter::Waits(wait) => return hall.wait(wait),
    }
    hall.page("portal/track/door.html", Page { again: Some("sent"), ..Page::default() })
}

/// `GET /segui/link`: somebody has reloaded the answer.
pub async fn back(hall: Hall) -> Redirect {
    Redirect::to(&hall.href("/segui"))
}

/// A form that was not taken.
pub fn unprocessable(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    page
}
