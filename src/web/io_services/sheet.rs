//! The sheet of a service, written and changed. A sheet that is only here is a draft of ours and may miss what it likes; one at IO is
//! read, merged and written there.

mod prefilled;

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use entity::io_service::{Lifecycle, Model};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    HERE, SERVICES,
    answer::{Done, find, said},
    fields::Fields,
    overview::{Hint, field_of},
};
use crate::{
    actions::{
        self, Flaw,
        io::{
            service::{self, sheet_of, standing},
            service_making::{BEING_MADE, is_being_made},
        },
    },
    app::{
        App,
        io_services::{Clash, Trouble, to_its_end},
    },
    domain::io::sheet::{
        self, Sheet,
        differ::{Difference, differences},
        life::{Act, acts},
    },
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Frame, Hall},
        request::{Form, Path, Query},
        session::{Administrator, Operator},
        templates,
    },
};

/// Context of `pages/io_service_sheet.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    title: String,
    back: String,
    action: String,
    form: Fields,
    topics: Vec<Choice>,
    topics_trouble: Option<String>,
    scopes: Vec<Choice>,
    local: bool,
    published: bool,
    missing: Vec<Hint>,
    warnings: Vec<Hint>,
    notes: BTreeMap<&'static str, String>,
    errors: Flaws,
    other: Option<Other>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// Somebody else was at the same sheet.
#[derive(Serialize)]
struct Other {
    words: &'static str,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    field: &'static str,
    ours: String,
    theirs: String,
}

const AT_IO: &str = "Mentre modificavi la scheda, qualcuno ha cambiato gli stessi campi su IO: nell’Area Riservata o con un altro \
    programma. Quello che ha cambiato altrove è già qui sotto.";
const HERE_TOO: &str = "Mentre modificavi la scheda è stata salvata qui da un altro amministratore, o aggiornata da IO. Qui vedi ogni \
    campo in cui il tuo testo è diverso da quello che c’è ora.";

/// The query of a new sheet.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    model: String,
}

/// `GET /desk/admin/io/services/new`.
pub async fn blank(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let sheet = prefilled::sheet(&app, &me, &asked.model).await?;
    let mut form = Fields::of(&sheet, String::new());
    form.token = Uuid::now_v7().to_string();
    page(&app, &me, StatusCode::OK, None, Visit { form, ..Visit::default() }).await
}

/// `GET /desk/admin/io/services/{id}/sheet`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    if let Some(words) = why_not_now(&app, &row) {
        return Err(Error::Conflict(words));
    }
    let sheet = sheet_of(&row);
    let form = Fields::of(&sheet, row.version.to_string());
    page(&app, &me, StatusCode::OK, Some(&row), Visit { form, sheet: Some(sheet), ..Visit::default() }).await
}

/// Why the sheet cannot be changed as things stand.
fn why_not_now(app: &App, row: &Model) -> Option<&'static str> {
    let (lifecycle, publication) = standing(row);
    if acts(lifecycle, publication).contains(&Act::Edit) {
        return None;
    }
    Some(match row.lifecycle {
        Lifecycle::Making if is_being_made(row, app.clock.now()) => BEING_MADE,
        Lifecycle::Making => {
            "Non si sa se IO ha creato il servizio: importa i servizi da IO prima di modificare la scheda."
        }
        _ => "La scheda è in revisione: si modifica quando la revisione è finita.",
    })
}

/// `POST /desk/admin/io/services/new`.
pub async fn add(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let token: Uuid = form.token.parse().map_err(|_| Error::Unreadable)?;
    let (sheet, mut flaws) = form.sheet(&Sheet::default());
    let make = form.act == "make";
    if make {
        flaws.extend(refusals(&sheet));
    }
    if flaws.is_empty()
        && let Err(more) = judged(service::draft(&app.desk, &me.cx, token, &sheet).await)?
    {
        flaws = more;
    }
    if !flaws.is_empty() {
        let visit = Visit { form, errors: errors(flaws), sheet: Some(sheet), ..Visit::default() };
        return page(&app, &me, StatusCode::UNPROCESSABLE_ENTITY, None, visit).await;
    }
    if make { made(&app, &me, (token, 0)).await } else { Ok(Done::Kept.at(token)) }
}

/// `POST /desk/admin/io/services/{id}/sheet`.
pub async fn change(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    if let Some(words) = why_not_now(&app, &row) {
        // The version stays as it was typed at: what the review changes is shown before anything is written over it.
        let errors = Flaws::from([("form".into(), words.to_owned())]);
        return page(&app, &me, StatusCode::CONFLICT, Some(&row), Visit { form, errors, ..Visit::default() })
            .await;
    }
    let base = sheet_of(&row);
    let (ours, mut flaws) = form.sheet(&base);
    let local = row.remote_id.is_none();
    let make = local && form.act == "make";
    flaws.extend(sheet::bounds(&ours).into_iter().map(|flaw| Flaw::new(flaw.field, flaw.words)));
    if make || !local {
        // Buttons that somebody else wrote in their own way are not held against whoever changes a telephone number.
        flaws.extend(
            refusals(&ours)
                .into_iter()
                .filter(|flaw| flaw.field != "cta" || ours.metadata.cta != base.metadata.cta),
        );
    }
    if !flaws.is_empty() {
        let visit = Visit { form, errors: errors(flaws), sheet: Some(ours), ..Visit::default() };
        return page(&app, &me, StatusCode::UNPROCESSABLE_ENTITY, Some(&row), visit).await;
    }
    if form.version != row.version.to_string() {
        return also_here(&app, &me, row, ours).await;
    }
    if local {
        match judged(service::redraft(&app.desk, &me.cx, (id, row.version), &ours).await)? {
            Ok(()) if make => return made(&app, &me, (id, row.version + 1)).await,
            Ok(()) => return Ok(Done::Kept.at(id)),
            Err(flaws) => {
                let visit = Visit { form, errors: errors(flaws), sheet: Some(ours), ..Visit::default() };
                return page(&app, &me, StatusCode::UNPROCESSABLE_ENTITY, Some(&row), visit).await;
            }
        }
    }
    let (desk, cx, ours_too) = (app.clone(), me.cx, ours.clone());
    match to_its_end(async move { desk.io_update(&cx, &row, &ours_too).await }).await {
        Ok(()) => Ok(Done::Written.at(id)),
        Err(trouble) => not_written(&app, &me, id, ours, trouble).await,
    }
}

/// A draft of ours goes to IO. Whatever comes of it is on the page of the service.
async fn made(app: &App, me: &Operator, place: (Uuid, i32)) -> Result<Response> {
    let (desk, cx) = (app.clone(), me.cx);
    match to_its_end(async move { desk.io_make(&cx, place, false).await }).await {
        Ok(()) => Ok(Done::Made.at(place.0)),
        Err(trouble) => super::overview::troubled(app, me, place.0, trouble).await,
    }
}

/// The form with what was typed, and what is there now.
async fn also_here(app: &App, me: &Operator, row: Model, ours: Sheet) -> Result<Response> {
    let other = Other::new(HERE_TOO, differences(&ours, &sheet_of(&row)));
    let form = Fields::of(&ours, row.version.to_string());
    let visit = Visit { form, other: Some(other), sheet: Some(ours), ..Visit::default() };
    page(app, me, StatusCode::CONFLICT, Some(&row), visit).await
}

/// The form with what was typed, and why IO has not got it.
async fn not_written(app: &App, me: &Operator, id: Uuid, ours: Sheet, trouble: Trouble) -> Result<Response> {
    let row = find(app, me, id).await?;
    let (status, visit) = match trouble {
        Trouble::Clash(clash) => {
            let Clash { differences, merged } = *clash;
            let other = Some(Other::new(AT_IO, differences));
            let form = Fields::of(&merged, row.version.to_string());
            (StatusCode::CONFLICT, Visit { form, other, sheet: Some(merged), ..Visit::default() })
        }
        trouble => {
            let (status, words) = said(trouble)?;
            let form = Fields::of(&ours, row.version.to_string());
            let errors = Flaws::from([("form".into(), words)]);
            (status, Visit { form, errors, sheet: Some(ours), ..Visit::default() })
        }
    };
    page(app, me, status, Some(&row), visit).await
}

impl Other {
    fn new(words: &'static str, differences: Vec<Difference>) -> Self {
        let rows =
            differences.into_iter().map(|Difference { field, ours, theirs }| Row { field, ours, theirs });
        Self { words, rows: rows.collect() }
    }
}

/// What IO would refuse.
fn refusals(sheet: &Sheet) -> Vec<Flaw> {
    sheet::check(sheet).into_iter().map(|flaw| Flaw::new(flaw.field, flaw.words)).collect()
}

fn errors(flaws: Vec<Flaw>) -> Flaws {
    named(flaws, &[("cta", field_of("cta"))])
}

#[derive(Default)]
struct Visit {
    form: Fields,
    /// The sheet of the form, where there is something to say about it.
    sheet: Option<Sheet>,
    errors: Flaws,
    other: Option<Other>,
}

async fn page(
    app: &App,
    me: &Operator,
    status: StatusCode,
    row: Option<&Model>,
    visit: Visit,
) -> Result<Response> {
    let (topics, topics_trouble) = topics(app, me, visit.form.topic()).await?;
    let said: Vec<&str> = visit.errors.values().map(String::as_str).collect();
    let remarks = |found: Option<Vec<crate::domain::io::Remark>>| -> Vec<Hint> {
        // What is refused needs not be said twice.
        let found = found
            .into_iter()
            .flatten()
            .filter(|remark| !said.iter().any(|said| said.contains(&*remark.words)));
        found.map(Hint::from).collect()
    };
    let missing = remarks(visit.sheet.as_ref().map(sheet::approval));
    let warnings = remarks(visit.sheet.as_ref().map(sheet::warnings));
    let mut notes: BTreeMap<&'static str, String> = BTreeMap::new();
    for (hints, before) in [(&missing, "Serve per l’approvazione: "), (&warnings, "Attenzione: ")] {
        for hint in hints {
            let note = notes.entry(hint.field).or_default();
            note.push_str(if note.is_empty() { "" } else { " " });
            note.push_str(before);
            note.push_str(&hint.words);
        }
    }
    let path = row.map(|row| format!("{SERVICES}/{}", row.id));
    let page = Page {
        frame: Hall::enter(app, me).await?.frame("admin", None),
        title: row.map_or_else(|| "Nuovo servizio".to_owned(), |row| row.name.clone()),
        back: path.clone().unwrap_or_else(|| HERE.to_owned()),
        action: path.map_or_else(|| format!("{SERVICES}/new"), |path| format!("{path}/sheet")),
        topics,
        topics_trouble,
        scopes: scopes(visit.form.scope()),
        local: row.is_none_or(|row| row.remote_id.is_none()),
        published: row.is_some_and(|row| row.published),
        missing,
        warnings,
        notes,
        form: visit.form,
        errors: visit.errors,
        other: visit.other,
    };
    Ok((status, templates::render("pages/io_service_sheet.html", page)?).into_response())
}

fn scopes(chosen: &str) -> Vec<Choice> {
    let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    let mut scopes =
        vec![choice("LOCAL", "Locale: un comune o un territorio"), choice("NATIONAL", "Nazionale")];
    if !["", "LOCAL", "NATIONAL"].contains(&chosen) {
        scopes.push(choice(chosen, chosen));
    }
    scopes
}

/// IO's topics; the one that is chosen is among them even when IO does not answer.
async fn topics(app: &App, me: &Operator, chosen: &str) -> Result<(Vec<Choice>, Option<String>)> {
    let (found, trouble) = match app.io_topics(me.row.organisation_id).await {
        Ok(topics) => (topics, None),
        Err(Trouble::Desk(error @ actions::Error::Store(_))) => return Err(error.into()),
        Err(trouble) => (Vec::new(), Some(said(trouble)?.1)),
    };
    let mut topics = vec![Choice { value: String::new(), label: "Scegli".to_owned() }];
    topics.extend(found.into_iter().map(|topic| Choice { value: topic.id.to_string(), label: topic.name }));
    if !topics.iter().any(|topic| topic.value == chosen) {
        topics.push(Choice { value: chosen.to_owned(), label: format!("Argomento n. {chosen}") });
    }
    Ok((topics, trouble))
}
