//! A report is published from its work order, in the operator's words, after a preview that says what in them points at a
//! person.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    find,
    page::{Visit, render},
    path_of,
};
use crate::{
    actions::publication,
    app::App,
    domain::personal::Trace,
    web::{
        error::Result,
        flaws::{Flaws, judged, named},
        frame::{Link, Notice, Tone},
        request::{Form, Path},
        session::Operator,
    },
};

/// The form as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Fields {
    /// In a line.
    pub title: String,
    /// What everybody may read.
    pub text: String,
    /// Where.
    pub address: String,
    /// Show the place on the map.
    pub position: String,
    /// What points at a person may stay.
    pub confirmed: String,
    /// Which button.
    #[serde(skip_serializing)]
    pub act: String,
}

/// What the form showed last: its words, what points at a person in them, what is wrong.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Shown {
    /// As typed; `None` when nothing was.
    #[serde(skip_serializing)]
    pub typed: Option<Fields>,
    /// The words are shown as everybody would read them.
    pub preview: bool,
    /// Sentences.
    pub warnings: Vec<&'static str>,
    /// What is wrong.
    pub errors: Flaws,
}

fn warning(trace: Trace) -> &'static str {
    match trace {
        Trace::Name => "C’è il nome o il cognome di chi ha scritto.",
        Trace::Home => "C’è la via in cui abita chi ha scritto.",
        Trace::Email => "C’è un indirizzo email.",
        Trace::Phone => "C’è un numero di telefono.",
        Trace::FiscalCode => "C’è un codice fiscale.",
    }
}

/// `POST /desk/work-orders/{number}/publication`.
pub async fn publish(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
    Form(typed): Form<Fields>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    let form = publication::Form {
        title: typed.title.clone(),
        text: typed.text.clone(),
        address: typed.address.clone(),
        position: typed.position == "on",
        confirmed: typed.confirmed == "on",
    };
    let (status, errors) = if typed.act == "preview" {
        (StatusCode::OK, Flaws::new())
    } else {
        match judged(publication::publish(&app.desk, &operator.cx, order.id, &form).await)? {
            Ok(()) => {
                let to = format!("{}?done=report_published", path_of(&order));
                return Ok(Redirect::to(&to).into_response());
            }
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[])),
        }
    };
    let found = publication::warnings(&app.desk, &operator.cx, order.id, &form).await?;
    let refused = (!errors.is_empty()).then(|| {
        let link = Link::new("#publication", "Leggi perché");
        Notice::with_link(Tone::Danger, "La segnalazione non è stata pubblicata.", link)
    });
    let publication = Shown {
        typed: Some(typed),
        preview: true,
        warnings: found.into_iter().map(warning).collect(),
        errors,
    };
    render(
        &app,
        &operator,
        order,
        status,
        Visit { publication, notices: refused.into_iter().collect(), ..Visit::default() },
    )
    .await
}

/// `POST /desk/work-orders/{number}/publication/remove`.
pub async fn unpublish(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    publication::unpublish(&app.desk, &operator.cx, order.id).await?;
    Ok(Redirect::to(&format!("{}?done=report_unpublished", path_of(&order))).into_response())
}
