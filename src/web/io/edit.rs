//! "Nuova notifica": a notification is written, or a draft is written otherwise. The preview saves nothing.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{io_message::Model, io_service, taxpayer};
use serde::Serialize;
use uuid::Uuid;

use super::{
    HERE, attach, find,
    list::Order,
    path_of,
    prefill::{About, Asked, addressed, begun},
    preview::{Hint, Preview, keeps_link, remarks},
    sheet::{FIELDS, Sheet},
    view::Choice,
};
use crate::{
    actions::{
        self, Flaw,
        io::{
            account,
            draft::{self, Whole},
            form, message,
        },
    },
    app::App,
    domain::{
        io::{
            recipient::Recipient,
            text::{self, standing},
        },
        text::typed_line,
    },
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Frame, Hall},
        request::{Form, Path, Query},
        session::Operator,
        taxpayers, templates,
        words::wait,
    },
};

/// Taxpayers that a search shows.
const RESULTS: usize = 10;
/// Longest search, in characters.
const SOUGHT_CHARS: usize = 200;
/// The fields from top to bottom, which is the order of what is wrong with them.
const ORDER: [&str; 15] = [
    "service",
    "recipient",
    "sure",
    "subject",
    "body",
    "button_1_text",
    "button_1_link",
    "button_2_text",
    "button_2_link",
    "attach",
    "due_date",
    "remind_days",
    "amount",
    "notice_number",
    "form",
];

/// Context of `pages/io_edit.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    action: String,
    back: String,
    title: &'static str,
    corrects: Option<Corrected>,
    order: Option<Order>,
    texts: Option<Texts>,
    services: Vec<Choice>,
    mute: Vec<String>,
    trial: Option<String>,
    attach: Option<attach::Field>,
    form: Sheet,
    found: Option<Vec<Found>>,
    counters: Counters,
    preview: Preview,
    stops: Vec<Hint>,
    hints: Vec<Hint>,
    /// What somebody else has changed meanwhile.
    theirs: Vec<Theirs>,
    order_of_fields: [&'static str; 15],
    undo: Option<String>,
    errors: Flaws,
}

/// The notification that is corrected.
#[derive(Serialize)]
struct Corrected {
    href: String,
    subject: String,
}

/// A field that somebody else has changed.
#[derive(Serialize)]
struct Theirs {
    field: &'static str,
    said: String,
}

/// Addresses of the form with ready words.
#[derive(Serialize)]
struct Texts {
    payment: String,
    overdue: String,
}

/// Somebody of the register.
#[derive(Serialize)]
struct Found {
    id: Uuid,
    name: String,
    fiscal_code: Option<String>,
    address: String,
    /// Why nobody can be reached there; `None`: it can be chosen.
    refused: Option<String>,
}

/// How far the texts are from their bounds.
#[derive(Serialize)]
struct Counters {
    subject: String,
    body: String,
}

/// `GET /desk/io/new`.
pub async fn blank(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (sheet, about, refused) = begun(&app, &operator, asked).await?;
    let errors = refused.map(|words| ("recipient".into(), words)).into_iter().collect();
    page(&app, &operator, StatusCode::OK, None, Visit { errors, fresh: true, ..Visit::of(sheet, about) })
        .await
}

/// `GET /desk/io/messages/{id}/edit`.
pub async fn show(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let row = find(&app, &operator, id).await?;
    if !draft::may_be_changed(&row) {
        return Ok(Redirect::to(&path_of(id)).into_response());
    }
    let whole = Whole::of(&app.desk.db.read, row).await?;
    let visit = Visit::of(Sheet::stored(&whole), About::of(&app, &whole.row).await?);
    page(&app, &operator, StatusCode::OK, Some(&whole.row), visit).await
}

/// The form of a draft that is not ready to be sent, with what is wrong with it.
pub async fn unready(app: &App, operator: &Operator, row: Model, flaws: Vec<Flaw>) -> Result<Response> {
    let whole = Whole::of(&app.desk.db.read, row).await?;
    let errors = named(flaws, FIELDS);
    let visit = Visit { errors, ..Visit::of(Sheet::stored(&whole), About::of(app, &whole.row).await?) };
    page(app, operator, StatusCode::UNPROCESSABLE_ENTITY, Some(&whole.row), visit).await
}

/// `POST /desk/io/new`.
pub async fn create(
    State(app): State<App>,
    operator: Operator,
    Form(sheet): Form<Sheet>,
) -> Result<Response> {
    take(&app, &operator, None, sheet).await
}

/// `POST /desk/io/messages/{id}/edit`.
pub async fn change(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(sheet): Form<Sheet>,
) -> Result<Response> {
    let row = find(&app, &operator, id).await?;
    take(&app, &operator, Some(&row), sheet).await
}

async fn take(app: &App, operator: &Operator, stored: Option<&Model>, mut sheet: Sheet) -> Result<Response> {
    let corrects = (!sheet.corrects.is_empty()).then(|| sheet.corrects.parse().map_err(|_| Error::NotFound));
    let about = match stored {
        Some(row) => About::of(app, row).await?,
        None => About::named(app, operator, &sheet.work_order, corrects.transpose()?).await?,
    };
    if let Some(id) = sheet.pick {
        let taxpayer = store::taxpayer::by_id(&app.desk.db.read, operator.row.organisation_id, id).await?;
        let refused = addressed(&taxpayer.ok_or(Error::NotFound)?, &mut sheet);
        let errors = refused.map(|words| ("recipient".into(), words)).into_iter().collect();
        let visit = Visit { errors, ..Visit::of(sheet, about) };
        return page(app, operator, StatusCode::OK, stored, visit).await;
    }
    let keeps = sheet.act == "save";
    if sheet.act != "send" && !keeps {
        let seek = sheet.act == "search";
        let visit = Visit { seek, ..Visit::of(sheet, about) };
        return page(app, operator, StatusCode::OK, stored, visit).await;
    }
    let order = about.order.as_ref().map(|order| order.id);
    let done = if keeps { "io_saved" } else { "io_written" };
    let (status, errors) = match written(app, operator, stored, &sheet, order).await {
        Ok(id) => return Ok(Redirect::to(&format!("{}?done={done}", path_of(id))).into_response()),
        Err(actions::Error::Conflict(words)) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), words.to_owned())]))
        }
        Err(error) => match judged::<()>(Err(error))? {
            Ok(()) => (StatusCode::OK, Flaws::new()),
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, FIELDS)),
        },
    };
    let mut visit = Visit { errors, ..Visit::of(sheet, about) };
    if status == StatusCode::CONFLICT && stored.is_none() {
        // What was sent with this form stays sent; whoever presses again means another one.
        visit.sheet.token = Uuid::now_v7();
    }
    if let (StatusCode::CONFLICT, Some(row)) = (status, stored) {
        // Whoever has seen what the other one wrote may save over it.
        let whole = Whole::of(&app.desk.db.read, find(app, operator, row.id).await?).await?;
        if draft::may_be_changed(&whole.row) {
            let theirs = Sheet::stored(&whole);
            let services = store::io_service::all(&app.desk.db.read, whole.row.organisation_id).await?;
            visit.theirs = visit.sheet.otherwise(&theirs, &services);
            visit.sheet.version = theirs.version;
        }
    }
    page(app, operator, status, stored, visit).await
}

/// Writes it, or keeps it for later; gives its id.
async fn written(
    app: &App,
    operator: &Operator,
    stored: Option<&Model>,
    sheet: &Sheet,
    order: Option<Uuid>,
) -> actions::Result<Uuid> {
    let (desk, cx, buttons) = (&app.desk, &operator.cx, sheet.buttons());
    let form = sheet.form(&buttons, order, attach::chosen(app, sheet)?);
    if sheet.act == "save" {
        let kept = form::kept(&desk.db.read, cx, &form).await?;
        return match stored {
            None => draft::keep(desk, cx, &kept).await,
            Some(row) => draft::rework(desk, cx, row.id, &kept, &sheet.version).await.map(|()| row.id),
        };
    }
    let taken = form::taken(&desk.db.read, cx, &form).await?;
    match stored {
        None => Ok(message::write(desk, cx, &taken).await?.id),
        Some(row) => draft::change(desk, cx, row.id, &taken, &sheet.version).await.map(|()| row.id),
    }
}

/// What a form shows beside what is in it.
struct Visit {
    sheet: Sheet,
    about: About,
    /// Somebody is sought in the register.
    seek: bool,
    /// Nothing was typed yet.
    fresh: bool,
    /// What somebody else has changed meanwhile.
    theirs: Vec<(&'static str, String)>,
    errors: Flaws,
}

impl Visit {
    fn of(sheet: Sheet, about: About) -> Self {
        Self { sheet, about, seek: false, fresh: false, theirs: Vec::new(), errors: Flaws::new() }
    }
}

async fn page(
    app: &App,
    operator: &Operator,
    status: StatusCode,
    stored: Option<&Model>,
    visit: Visit,
) -> Result<Response> {
    let hall = Hall::enter(app, operator).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let Visit { sheet, about, seek, fresh, theirs, errors } = visit;
    let services = store::io_service::all(db, organisation).await?;
    let service = sheet.service().and_then(|id| services.iter().find(|service| service.id == id));
    let mut content = sheet.content();
    let counters = Counters {
        subject: standing(&content.subject, &text::SUBJECT).words(),
        body: standing(&content.markdown(), &text::MARKDOWN).words(),
    };
    // What is far too long is said to be, and not drawn.
    for text in [&mut content.subject, &mut content.body] {
        *text = text::cut(text, form::KEPT).to_owned();
    }
    let recipient = Recipient::read(&sheet.recipient).ok();
    let texts = about.order.as_ref().filter(|_| fresh).map(|_| Texts {
        payment: format!("{HERE}/new?work_order={}&text=payment", sheet.work_order),
        overdue: format!("{HERE}/new?work_order={}&text=overdue", sheet.work_order),
    });
    let (action, back) = match stored {
        None => (format!("{HERE}/new"), HERE.to_owned()),
        Some(row) => (format!("{}/edit", path_of(row.id)), path_of(row.id)),
    };
    let linked = match stored {
        Some(row) => keeps_link(app, row).await?,
        None => true,
    };
    // Of a text that is not written yet there is nothing to say.
    let (stops, hints) = if content.body.is_empty() {
        Default::default()
    } else {
        remarks(&content, recipient.as_ref(), service, operator.cx.now)
    };
    let page = Page {
        frame: hall.frame("io", None),
        title: if stored.is_some() { "Modifica la notifica" } else { "Nuova notifica" },
        action,
        back,
        corrects: about.corrects.map(|row| Corrected { href: path_of(row.id), subject: row.subject }),
        order: about.order.as_ref().map(Order::new),
        texts,
        attach: attach::field(app, about.order.as_ref(), &services).await?,
        found: if seek { Some(found(app, organisation, &sheet.q).await?) } else { None },
        counters,
        stops,
        hints,
        theirs: theirs.into_iter().map(|(field, said)| Theirs { field, said }).collect(),
        order_of_fields: ORDER,
        preview: Preview::of(&content, service, linked),
        trial: trial(service),
        undo: undo(&account::of(db, organisation).await?),
        mute: mute(&services),
        services: services
            .into_iter()
            .filter(|service| message::mute(service).is_none())
            .map(|service| Choice::new(service.id, service.name))
            .collect(),
        form: sheet,
        errors,
    };
    Ok((status, templates::render("pages/io_edit.html", page)?).into_response())
}

/// The time to take a notification back, in words; none when it leaves at once.
fn undo(account: &entity::io_account::Model) -> Option<String> {
    (account.undo_seconds > 0).then(|| wait(account.undo_seconds.into()))
}

/// Services with which nobody can be written to, and why.
pub fn mute(services: &[io_service::Model]) -> Vec<String> {
    let why = |service: &io_service::Model| Some(format!("{}: {}", service.name, message::mute(service)?));
    services.iter().filter_map(why).collect()
}

/// To whom a service on trial may write.
pub fn trial(service: Option<&io_service::Model>) -> Option<String> {
    let codes = &service?.test_codes.as_ref()?.0;
    Some(if codes.is_empty() { "nessun codice".to_owned() } else { codes.join(", ") })
}

async fn found(app: &App, organisation: Uuid, q: &str) -> Result<Vec<Found>> {
    let q: String = typed_line(q).chars().take(SOUGHT_CHARS).collect();
    if q.is_empty() {
        return Ok(Vec::new());
    }
    let found = taxpayers::search(app, organisation, &q, RESULTS).await?;
    Ok(found.into_iter().map(one_found).collect())
}

fn one_found(taxpayer: taxpayer::Model) -> Found {
    Found {
        refused: addressed(&taxpayer, &mut Sheet::default()),
        id: taxpayer.id,
        name: taxpayer.name,
        fiscal_code: taxpayer.fiscal_code,
        address: taxpayer.address,
    }
}
