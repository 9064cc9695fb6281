//! Status, assignee, kind and taxpayer are changed, a refused letter goes out again, a citizen gets a new link.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::work_order::Status;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    find,
    page::{Visit, render},
    path_of,
};
use crate::{
    actions::{
        self, tracking,
        work_order::{Change, Identify},
    },
    app::App,
    store,
    web::{
        error::{Error, Result},
        flaws::judged,
        frame::{Notice, Tone},
        request::{Form, Path},
        session::Operator,
    },
};

/// The form of the few values, with what the page showed when it was drawn.
#[derive(Debug, Deserialize)]
pub struct Handling {
    status: Status,
    assignee: String,
    kind: Uuid,
    #[serde(default)]
    survey: String,
    seen_status: Status,
    seen_assignee: String,
    seen_kind: Uuid,
    seen_survey: String,
}

impl Handling {
    /// Only what the operator touched, so that two open pages do not undo each other.
    fn change(&self) -> Result<Change> {
        let assignee = match self.assignee.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::Unreadable)?),
        };
        Ok(Change {
            status: (self.status != self.seen_status).then_some(self.status),
            assignee: (self.assignee != self.seen_assignee).then_some(assignee),
            kind: (self.kind != self.seen_kind).then_some(self.kind),
            survey: (self.survey != self.seen_survey).then_some(self.survey == "on"),
        })
    }
}

/// `POST /desk/work-orders/{number}/handling`.
pub async fn change(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
    Form(form): Form<Handling>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    let change = form.change()?;
    let done = if change == Change::default() { "nothing_changed" } else { "changed" };
    match judged(actions::work_order::change(&app.desk, &operator.cx, order.id, change).await)? {
        Ok(()) => Ok(Redirect::to(&format!("{}?done={done}", path_of(&order))).into_response()),
        Err(flaws) => {
            let notices = flaws.into_iter().map(|flaw| Notice::new(Tone::Danger, flaw.message)).collect();
            render(
                &app,
                &operator,
                order,
                StatusCode::UNPROCESSABLE_ENTITY,
                Visit { notices, ..Visit::default() },
            )
            .await
        }
    }
}

/// The form of the candidates.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    taxpayer: Uuid,
    #[serde(default)]
    add_contact: String,
    #[serde(default)]
    with_others: String,
}

/// `POST /desk/work-orders/{number}/taxpayer`.
pub async fn identify(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
    Form(form): Form<Chosen>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    let by_hand = Identify {
        taxpayer: form.taxpayer,
        add_contact: form.add_contact == "on",
        with_others: form.with_others == "on",
    };
    actions::work_order::identify(&app.desk, &operator.cx, order.id, by_hand).await?;
    Ok(Redirect::to(&format!("{}?done=identified", path_of(&order))).into_response())
}

/// `POST /desk/work-orders/{number}/deliveries/{id}/again`.
pub async fn send_again(
    State(app): State<App>,
    operator: Operator,
    Path((slug, delivery)): Path<(String, Uuid)>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    actions::reply::send_again(&app.desk, &operator.cx, order.id, delivery).await?;
    Ok(Redirect::to(&format!("{}?done=sent_again", path_of(&order))).into_response())
}

/// `POST /desk/work-orders/{number}/link`: the citizen gets a new personal link, and the old one opens nothing any more.
pub async fn renew_link(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    let authors = store::follower::authors(&app.desk.db.read, order.organisation_id, &[order.id]).await?;
    let author = authors.first().ok_or(Error::NotFound)?;
    match tracking::renew_link(&app.desk, &operator.cx, author).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=link_renewed", path_of(&order))).into_response()),
        Err(actions::Error::Conflict(words)) => {
            let notices = vec![Notice::new(Tone::Danger, words)];
            let visit = Visit { notices, ..Visit::default() };
            render(&app, &operator, order, StatusCode::CONFLICT, visit).await
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_touched_is_sent() {
        let (kind, anna) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let form = |fields: &str| {
            let unchanged = format!("seen_status=new&seen_assignee=&seen_kind={kind}&seen_survey=on");
            serde_urlencoded::from_str::<Handling>(&format!("{fields}&{unchanged}"))
                .unwrap()
                .change()
                .unwrap()
        };
        assert_eq!(form(&format!("status=new&assignee=&kind={kind}&survey=on")), Change::default());
        assert_eq!(
            form(&format!("status=waiting&assignee={anna}&kind={kind}")),
            Change {
                status: Some(Status::Waiting),
                assignee: Some(Some(anna)),
                kind: None,
                survey: Some(false),
            }
        );
    }
}
