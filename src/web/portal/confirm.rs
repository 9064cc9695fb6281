//! Confirms the address of a submission that waits for that. The link was sent to the address and shown nowhere. Opening it
//! shows a button and changes nothing: programs that look into mails open every link.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use entity::submission::State as Stands;
use serde::{Deserialize, Serialize};

use super::Hall;
use crate::{
    actions::submission::{self, Sent},
    app::App,
    domain::link,
    store,
    web::{
        error::{Error, Result},
        request::Path,
    },
};

/// Context of `portal/confirm.html`.
#[derive(Serialize)]
struct Page {
    here: String,
    /// `waiting`, `held` or `gone`.
    state: &'static str,
}

/// Which submission.
#[derive(Debug, Deserialize)]
pub struct Asked {
    link: String,
}

async fn found(app: &App, hall: &Hall, link: &str) -> Result<entity::submission::Model> {
    let id = link::confirmation_of(&app.desk.keys, link).ok_or(Error::NotFound)?;
    let found = store::submission::by_id(&app.desk.db.read, hall.organisation.id, id).await?;
    found.filter(|sent| sent.state != Stands::Draft).ok_or(Error::NotFound)
}

fn page(hall: &Hall, link: &str, state: &'static str) -> Result<Response> {
    let here = hall.href(&format!("/conferma/{link}"));
    Ok(super::private(hall.page("portal/confirm.html", Page { here, state })?))
}

/// `GET conferma/{link}`.
pub async fn show(State(app): State<App>, hall: Hall, Path(asked): Path<Asked>) -> Result<Response> {
    let sent = found(&app, &hall, &asked.link).await?;
    let hall = hall.speaking(sent.language);
    match sent.state {
        Stands::Accepted => Ok(to_receipt(&app, &hall, &sent)),
        Stands::Held => page(&hall, &asked.link, "held"),
        Stands::Discarded => page(&hall, &asked.link, "gone"),
        Stands::Unconfirmed | Stands::Draft => page(&hall, &asked.link, "waiting"),
    }
}

/// `POST conferma/{link}`.
pub async fn confirm(State(app): State<App>, hall: Hall, Path(asked): Path<Asked>) -> Result<Response> {
    let sent = found(&app, &hall, &asked.link).await?;
    let hall = hall.speaking(sent.language);
    match submission::confirm(&app.desk, &hall.cx, sent.id).await? {
        Sent::Accepted { .. } => Ok(to_receipt(&app, &hall, &sent)),
        Sent::Held | Sent::Unconfirmed => page(&hall, &asked.link, "held"),
        Sent::Discarded => page(&hall, &asked.link, "gone"),
    }
}

fn to_receipt(app: &App, hall: &Hall, sent: &entity::submission::Model) -> Response {
    let draft = link::draft(&app.desk.keys, sent.id);
    Redirect::to(&hall.href(&format!("/inviata?b={draft}"))).into_response()
}
