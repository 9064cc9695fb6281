//! One submission: what was written, its files, and what is like it.

use std::collections::HashMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    attachment::Scan,
    communication::Channel,
    form::Form as Questions,
    language::Language,
    request_kind,
    submission::{self, Model},
    upload,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    answers::{Answer, answers},
    path_of,
};
use crate::{
    app::App,
    domain::{form, place},
    store::{self, upload::Owner},
    web::{
        attachment::{UNKNOWN_TYPE, answer, bytes, is_picture},
        error::{Error, Result},
        flaws::Flaws,
        frame::{Frame, Hall},
        request::Path,
        session::Operator,
        templates, words,
        work_order::{number_of, path_of as path_of_order},
    },
};

/// Others that wait and are compared with this one: the oldest, which are decided first.
const COMPARED: u64 = 200;
/// Those of them that are shown.
const ALIKE: usize = 10;

/// Context of `pages/submission.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    kind: String,
    state: submission::State,
    app: bool,
    language: &'static str,
    sender: String,
    received_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    order: Option<Link>,
    answers: Vec<Answer>,
    files: Vec<File>,
    alike: Vec<Alike>,
    near: Vec<Near>,
    has_network: bool,
    form: Fields,
    errors: Flaws,
}

#[derive(Serialize)]
struct Link {
    number: String,
    href: String,
}

#[derive(Serialize)]
struct File {
    href: String,
    name: String,
    size: i64,
    picture: bool,
    scan: Scan,
}

/// Another that waits, and why it may be the same.
#[derive(Serialize)]
struct Alike {
    href: String,
    subject: String,
    received_at: Option<DateTime<Utc>>,
    why: Vec<&'static str>,
}

/// An open work order of the same kind near the same place.
#[derive(Serialize)]
struct Near {
    number: String,
    href: String,
    subject: String,
    address: String,
}

/// What was typed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Fields {
    /// Why it is discarded.
    pub reason: String,
    /// Why its sender is banned.
    pub ban_reason: String,
    /// Until when.
    pub until: String,
    /// Its network or its address.
    pub what: String,
}

/// `GET /desk/submissions/{id}`.
pub async fn show(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    render(&app, &operator, id, StatusCode::OK, Fields::default(), Flaws::new()).await
}

/// `GET /desk/submissions/{id}/files/{file}`.
pub async fn file(
    State(app): State<App>,
    operator: Operator,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    find(&app, &operator, id).await?;
    let file =
        store::upload::by_id(db, organisation, Owner::Submission(id), file).await?.ok_or(Error::NotFound)?;
    let bytes = bytes(&app, organisation, &file.hash).await?;
    Ok(if is_picture(&file.media_type) {
        answer("inline", &file.name, &file.media_type, bytes)
    } else {
        answer("attachment", &file.name, UNKNOWN_TYPE, bytes)
    })
}

/// What was sent. Drafts are nobody's business but their writers'.
pub async fn find(app: &App, operator: &Operator, id: Uuid) -> Result<Model> {
    let found = store::submission::by_id(&app.desk.db.read, operator.row.organisation_id, id).await?;
    found.filter(|row| row.state != submission::State::Draft).ok_or(Error::NotFound)
}

/// The page, for whatever brought the operator here.
pub async fn render(
    app: &App,
    operator: &Operator,
    id: Uuid,
    status: StatusCode,
    form: Fields,
    errors: Flaws,
) -> Result<Response> {
    let row = find(app, operator, id).await?;
    let hall = Hall::enter(app, operator).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind = kinds.iter().find(|kind| kind.id == row.kind_id);
    let questions = kind.and_then(form::of_kind).unwrap_or_default();
    let order = match row.work_order_id {
        Some(id) => store::work_order::by_id(db, organisation, id).await?,
        None => None,
    };
    let files = store::upload::of(db, organisation, Owner::Submission(row.id)).await?;
    let page = Page {
        frame: hall.frame("submissions", None),
        path: path_of(row.id),
        title: subject(kind, &questions, &row),
        kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
        state: row.state,
        app: row.channel == Channel::App,
        language: words::language(row.language),
        order: order.map(|order| Link { number: number_of(&order).to_string(), href: path_of_order(&order) }),
        answers: answers(&questions, &row.answers),
        files: files.into_iter().map(|file| shown_file(row.id, file)).collect(),
        alike: alike(app, &kinds, &row).await?,
        near: near(app, &questions, &row).await?,
        has_network: !row.network.is_empty(),
        sender: row.address,
        received_at: row.received_at,
        reason: row.reason.map(super::list::reason),
        form,
        errors,
    };
    Ok((status, templates::render("pages/submission.html", page)?).into_response())
}

fn subject(kind: Option<&request_kind::Model>, questions: &Questions, row: &Model) -> String {
    let subject = kind.map(|kind| form::letter(questions, kind, &row.answers, Language::It).0);
    subject.filter(|subject| !subject.is_empty()).unwrap_or_else(|| "(senza oggetto)".to_owned())
}

fn shown_file(submission: Uuid, file: upload::Model) -> File {
    File {
        href: format!("{}/files/{}", path_of(submission), file.id),
        picture: is_picture(&file.media_type),
        name: file.name,
        size: file.size,
        scan: file.scan,
    }
}

/// Others that wait and come from the same place, speak of the same place, or say the same.
async fn alike(app: &App, kinds: &[request_kind::Model], row: &Model) -> Result<Vec<Alike>> {
    let (db, organisation) = (&app.desk.db.read, row.organisation_id);
    let forms: HashMap<Uuid, Questions> =
        kinds.iter().map(|kind| (kind.id, form::of_kind(kind).unwrap_or_default())).collect();
    let street = street(&forms, row);
    let mut alike = Vec::new();
    for state in [submission::State::Held, submission::State::Unconfirmed] {
        let others = store::submission::waiting(db, organisation, state, None, COMPARED).await?;
        for other in others.iter().filter(|other| other.id != row.id) {
            let why = likenesses(&forms, (row, street.as_deref()), other);
            if why.is_empty() {
                continue;
            }
            let kind = kinds.iter().find(|kind| kind.id == other.kind_id);
            let subject = forms.get(&other.kind_id).map(|questions| subject(kind, questions, other));
            alike.push(Alike {
                href: path_of(other.id),
                subject: subject.unwrap_or_default(),
                received_at: other.received_at,
                why,
            });
            if alike.len() == ALIKE {
                return Ok(alike);
            }
        }
    }
    Ok(alike)
}

async fn near(app: &App, questions: &Questions, row: &Model) -> Result<Vec<Near>> {
    let Some((address, position)) = form::declared(questions, &row.answers).place else {
        return Ok(Vec::new());
    };
    let (db, street) = (&app.desk.db.read, place::street(&address));
    let found = store::place::near(db, row.organisation_id, row.kind_id, &street, position).await?;
    let others = found.into_iter().filter(|(order, _)| Some(order.id) != row.work_order_id);
    let near = others.map(|(order, place)| Near {
        number: number_of(&order).to_string(),
        href: path_of_order(&order),
        subject: order.subject,
        address: place.address,
    });
    Ok(near.collect())
}

/// The street that a submission speaks of.
fn street(forms: &HashMap<Uuid, Questions>, row: &Model) -> Option<String> {
    let (address, _) = form::declared(forms.get(&row.kind_id)?, &row.answers).place?;
    Some(place::street(&address)).filter(|street| !street.is_empty())
}

fn likenesses(
    forms: &HashMap<Uuid, Questions>,
    (one, street_of_one): (&Model, Option<&str>),
    other: &Model,
) -> Vec<&'static str> {
    let same = |mine: &str, theirs: &str| !mine.is_empty() && mine == theirs;
    let same_street = || {
        one.kind_id == other.kind_id
            && street_of_one.is_some_and(|mine| street(forms, other).as_deref() == Some(mine))
    };
    let found = [
        (same(&one.address, &other.address), "stesso indirizzo email"),
        (same(&one.network, &other.network), "stessa rete"),
        (same_street(), "stessa via"),
        (one.answers == other.answers, "stesse parole"),
    ];
    found.into_iter().filter(|(same, _)| *same).map(|(_, why)| why).collect()
}
