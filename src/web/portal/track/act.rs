//! What may be done on the tracking page: answer, say that it is not solved, withdraw, choose how to be told, confirm. Each
//! leads back to the page; what was typed is never lost. A new link leads to the door: the page of the old one is gone.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::follower::ToldBy;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    page::{Typed, page},
    visit::{self, Asked, Visit},
};
use crate::{
    actions::{
        self, submission,
        tracking::{self, Answer, Files},
    },
    app::App,
    domain::number::Number,
    store::{self, upload::Owner},
    web::{
        error::{Error, Result},
        flaws::{Flaws, named},
        limit::Limits,
        portal::{
            Hall, handed,
            rating::{self, Rated},
        },
        request::{Form, Path},
        upload::Upload,
    },
    wording::say,
};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `POST risposta`. Files are stored as soon as they are here; the button `act` says what else: `send`, `keep` (the files
/// only), or `remove:<id of a file>`.
pub async fn answer(
    State(app): State<App>,
    visit: Visit,
    limits: Limits,
    request: Request,
) -> Result<Response> {
    visit.authors_order()?;
    let hall = &visit.hall;
    let admitted = limits.sends(hall.organisation.id, &hall.network);
    // Held until the files are stored.
    let _room = match admitted.and_then(|()| limits.room(&hall.network, request.headers())) {
        Ok(room) => room,
        Err(wait) => return hall.wait(wait),
    };
    let upload = Upload::of_stranger(request, app.config.server.max_request_bytes).await?;
    let (act, text) = (upload.field("act").to_owned(), upload.field("text").to_owned());
    let token: Uuid = upload.field("token").parse().map_err(|_| Error::Unreadable)?;
    let owner = Owner::Follower(visit.follower.id);
    let mut typed = Typed { text, token: Some(token), ..Typed::default() };
    let refused = handed::keep(&app, hall, &limits, owner, upload).await?;
    if let Some(id) = act.strip_prefix("remove:").and_then(|id| id.parse().ok()) {
        match submission::remove_file(&app.desk, &hall.cx, owner, id).await {
            // Pressed twice.
            Ok(()) | Err(actions::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        return page(&app, &visit, StatusCode::OK, typed).await;
    }
    if !refused.is_empty() {
        typed.errors.insert("files".into(), refused.join(" "));
        return page(&app, &visit, UNPROCESSABLE, typed).await;
    }
    if act == "keep" {
        return page(&app, &visit, StatusCode::OK, typed).await;
    }
    let answer = Answer { token, words: &typed.text, files: Files::Waiting };
    let answered = tracking::answer(&app.desk, &hall.cx, visit.speaking(), answer).await;
    ended(&app, &visit, answered, ("text", "risposta"), typed).await
}

/// What was typed into the smaller forms.
#[derive(Debug, Deserialize)]
pub struct Words {
    #[serde(default)]
    text: String,
}

/// `POST contesta`.
pub async fn contest(
    State(app): State<App>,
    visit: Visit,
    limits: Limits,
    Form(words): Form<Words>,
) -> Result<Response> {
    visit.authors_order()?;
    if let Err(wait) = limits.sends(visit.hall.organisation.id, &visit.hall.network) {
        return visit.hall.wait(wait);
    }
    let contested = tracking::contest(&app.desk, &visit.hall.cx, visit.speaking(), &words.text).await;
    let typed = Typed { contest: words.text, ..Typed::default() };
    ended(&app, &visit, contested, ("contest", "contesta"), typed).await
}

/// Context of `portal/track/withdraw.html`.
#[derive(Serialize)]
struct Withdrawal<'a> {
    here: &'a str,
    number: String,
    text: &'a str,
    errors: Flaws,
}

/// `GET ritira`.
pub async fn ask_to_withdraw(visit: Visit) -> Result<Response> {
    withdrawal(&visit, "", Flaws::new())
}

fn withdrawal(visit: &Visit, text: &str, errors: Flaws) -> Result<Response> {
    let order = visit.authors_order()?;
    if order.closed_at.is_some() {
        return Ok(Redirect::to(&visit.here).into_response());
    }
    let number = Number { year: order.year, number: order.number }.to_string();
    let status = if errors.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let context = Withdrawal { here: &visit.here, number, text, errors };
    let mut page = visit.hall.page("portal/track/withdraw.html", context)?;
    *page.status_mut() = status;
    Ok(page)
}

/// `POST ritira`.
pub async fn withdraw(State(app): State<App>, visit: Visit, Form(words): Form<Words>) -> Result<Response> {
    visit.authors_order()?;
    match tracking::withdraw(&app.desk, &visit.hall.cx, visit.speaking(), &words.text).await {
        Err(actions::Error::Rejected(flaws)) => withdrawal(&visit, &words.text, named(flaws, &[])),
        // Other words than those with which it was withdrawn, or it was closed meanwhile: they wait where they can be sent.
        withdrawn => {
            let typed = Typed { text: words.text, ..Typed::default() };
            ended(&app, &visit, withdrawn, ("form", "ritira"), typed).await
        }
    }
}

/// The choice of how to be told.
#[derive(Debug, Deserialize)]
pub struct Choice {
    told_by: ToldBy,
}

/// `POST avvisi`.
pub async fn tell_by(State(app): State<App>, visit: Visit, Form(choice): Form<Choice>) -> Result<Response> {
    // Who came by number and code does not learn from the answer whom the register knows.
    let asks_register = choice.told_by == ToldBy::Io && visit.follower.fiscal_code.is_empty();
    let told = if asks_register && !visit.proven {
        Err(tracking::lacking(&visit.follower, "problem-no-fiscal-code"))
    } else {
        tracking::tell_by(&app.desk, &visit.hall.cx, &visit.follower, choice.told_by).await
    };
    ended(&app, &visit, told, ("told_by", "avvisi"), Typed::default()).await
}

/// `POST conferma`: only for who came by the letter.
pub async fn confirm(State(app): State<App>, visit: Visit) -> Result<Response> {
    if !visit.proven {
        return Err(Error::NotFound);
    }
    let confirmed = tracking::confirm(&app.desk, &visit.hall.cx, &visit.follower).await;
    ended(&app, &visit, confirmed, ("form", "conferma"), Typed::default()).await
}

/// `POST valutazione`.
pub async fn rate(
    State(app): State<App>,
    visit: Visit,
    limits: Limits,
    Form(rated): Form<Rated>,
) -> Result<Response> {
    let order = visit.authors_order()?;
    if let Err(wait) = limits.sends(visit.hall.organisation.id, &visit.hall.network) {
        return visit.hall.wait(wait);
    }
    let sent = store::submission::of_work_order(&app.desk.db.read, order.organisation_id, order.id).await?;
    let sent = sent.ok_or(Error::NotFound)?;
    match rating::keep(&app, &visit.hall, sent.id, &rated).await? {
        None => ended(&app, &visit, Ok(()), ("form", "valutazione"), Typed::default()).await,
        Some(note) => {
            let typed = Typed { rating: Some(note), ..Typed::default() };
            page(&app, &visit, UNPROCESSABLE, typed).await
        }
    }
}

/// `POST nuovo-link`. The answer is the same whether the address is confirmed or not, and at a second press, which comes by a
/// link that is dead already.
pub async fn renew(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Path(asked): Path<Asked>,
) -> Result<Response> {
    if let Err(wait) = limits.sends(hall.organisation.id, &hall.network) {
        return hall.wait(wait);
    }
    match visit::opened(&app, hall.clone(), &asked.link).await? {
        Some(visit) => match tracking::renew_link(&app.desk, &hall.cx, &visit.follower).await {
            Ok(()) | Err(actions::Error::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        },
        None if visit::was_replaced(&app, &hall, &asked.link).await? => {}
        None => return visit::lost(&hall),
    }
    Ok(Redirect::to(&hall.href("/segui?fatto=link")).into_response())
}

/// `GET` of an address that only forms are sent to: somebody has reloaded the answer, or chosen another language on it.
pub async fn back(visit: Visit) -> Redirect {
    Redirect::to(&visit.here)
}

/// Back to the page: with what was done, or with what is wrong. `names`: the field of the page that a flaw belongs to, and the
/// word for what was done.
async fn ended(
    app: &App,
    visit: &Visit,
    outcome: actions::Result<()>,
    (field, done): (&'static str, &'static str),
    typed: Typed,
) -> Result<Response> {
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("{}?fatto={done}", visit.here)).into_response()),
        Err(actions::Error::Rejected(flaws)) => {
            let errors = named(flaws, &[("text", field)]);
            page(app, visit, UNPROCESSABLE, Typed { errors, ..typed }).await
        }
        // The words of the conflict are the operators'; the page, read again, shows how things stand. Sent again from there,
        // what was typed is an answer of its own.
        Err(actions::Error::Conflict(_)) => {
            let visit = &visit.again(app).await?;
            let withdrawn = visit.is_withdrawn(app).await?;
            let key = if withdrawn { "site-track-withdrawn-already" } else { "site-track-meanwhile" };
            let words = say(visit.hall.language, key);
            let errors = Flaws::from([("form".into(), words)]);
            page(app, visit, StatusCode::CONFLICT, Typed { errors, token: None, ..typed }).await
        }
        Err(error) => Err(error.into()),
    }
}
