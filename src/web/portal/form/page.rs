//! The four pages: what each shows, with what was typed and what is wrong with it.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    form::{Form, Need},
    submission::Answers,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    fields::{self, Handed, Question},
    sheet::{STEPS, Sheet},
    summary::{self, Summary},
};
use crate::{
    actions::submission,
    app::App,
    store::{self, upload::Owner},
    web::{
        error::Result,
        portal::{map, texts},
        request::Query,
    },
    wording::say,
};

/// Answers of the third step.
pub const CONTACTS: [&str; 8] =
    ["name", "surname", "fiscal_code", "email", "postal_address", "phone", "told_by", "language"];

/// What is wrong with a step: sentences by field, in the order of the page.
#[derive(Debug, Default)]
pub struct Wrong {
    sentences: Vec<(String, String)>,
    /// The address to which the link should have gone.
    pub resume: String,
}

impl Wrong {
    /// One thing wrong.
    #[must_use]
    pub fn at(field: &str, sentence: String) -> Self {
        Self { sentences: vec![(field.to_owned(), sentence)], resume: String::new() }
    }

    /// Adds a sentence.
    pub fn add(&mut self, field: String, sentence: String) {
        self.sentences.push((field, sentence));
    }

    /// Nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }
}

/// Context of `portal/form/step-N.html`, beside what a step has of its own.
#[derive(Serialize)]
struct Page {
    title: String,
    step: u8,
    steps: Vec<Mark>,
    /// Where the form is sent.
    here: String,
    /// The draft exists: it can be saved and resumed.
    begun: bool,
    days: i64,
    /// The link was sent by mail, perhaps.
    told: bool,
    resume: String,
    errors: BTreeMap<String, String>,
    /// The same in the order of the page, with links.
    listed: Vec<Listed>,
    #[serde(flatten)]
    own: Own,
}

/// One of the steps above the page.
#[derive(Serialize)]
struct Mark {
    number: u8,
    /// Where it is, once it was reached.
    href: Option<String>,
    done: bool,
}

/// One thing wrong.
#[derive(Serialize)]
struct Listed {
    href: String,
    /// The question, where there is one: the sentences of two fields may be the same.
    label: Option<String>,
    text: String,
}

/// What only one of the steps has.
#[derive(Serialize)]
#[serde(untagged)]
enum Own {
    Privacy(Privacy),
    Data(Data),
    Contacts(Contacts),
    Summary(Box<Summary>),
}

#[derive(Serialize)]
struct Privacy {
    text: texts::Shown,
    agreed: bool,
}

#[derive(Serialize)]
struct Data {
    code: String,
    questions: Vec<Question>,
    handed: Handed,
    map: Option<map::Map>,
}

#[derive(Serialize)]
struct Contacts {
    asked: Vec<Asked>,
    told_by: String,
    /// Whoever gives a codice fiscale may be told on IO.
    io: bool,
    language: String,
    reachable: bool,
}

/// A question about the citizen.
#[derive(Serialize)]
struct Asked {
    name: &'static str,
    required: bool,
    value: String,
}

/// What stands behind the question mark.
#[derive(Debug, Deserialize)]
pub struct Said {
    salvato: Option<String>,
}

/// `GET /{code}` and `GET /{code}/{step}`.
pub async fn show(State(app): State<App>, sheet: Sheet, Query(said): Query<Said>) -> Result<Response> {
    if sheet.step > sheet.reached() {
        return Ok(sheet.to(sheet.reached()));
    }
    page(&app, &sheet, Wrong::default(), said.salvato.is_some()).await
}

/// The page again, with what is wrong (422).
pub async fn wrong(app: &App, sheet: &Sheet, wrong: Wrong) -> Result<Response> {
    let mut page = page(app, sheet, wrong, false).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// To the page that says that the link was sent.
#[must_use]
pub fn told(sheet: &Sheet) -> Response {
    Redirect::to(&format!("{}&salvato=1#resume", sheet.address(sheet.step))).into_response()
}

async fn page(app: &App, sheet: &Sheet, wrong: Wrong, told: bool) -> Result<Response> {
    let wrong = Wrong {
        sentences: wrong.sentences.into_iter().map(|(field, said)| (asked_as(sheet, field), said)).collect(),
        ..wrong
    };
    let listed = wrong.sentences.iter().map(|(field, sentence)| Listed {
        href: target(sheet, field),
        label: label(sheet, field),
        text: sentence.clone(),
    });
    let page = Page {
        title: sheet.title(),
        step: sheet.step,
        steps: (1..=STEPS).map(|number| mark(sheet, number)).collect(),
        here: sheet.address(sheet.step),
        begun: sheet.draft.is_some(),
        days: submission::DRAFT_DAYS,
        told,
        listed: listed.collect(),
        errors: wrong.sentences.into_iter().collect(),
        resume: wrong.resume,
        own: own(app, sheet).await?,
    };
    let answer = sheet.hall.page(&format!("portal/form/step-{}.html", sheet.step), page)?;
    Ok(if sheet.step == 2 { map::allowed(app, answer) } else { answer })
}

fn mark(sheet: &Sheet, number: u8) -> Mark {
    let reachable = number != sheet.step && number <= sheet.reached();
    Mark { number, href: reachable.then(|| sheet.address(number)), done: number < sheet.reached() }
}

/// The question to which an answer belongs: a position has no field that anybody sees, it stands beside its place.
fn asked_as(sheet: &Sheet, field: String) -> String {
    let place = fields::place(&sheet.form)
        .filter(|place| field.strip_prefix(&place.name).is_some_and(|part| matches!(part, "_lat" | "_lon")));
    place.map_or(field, |place| place.name.clone())
}

/// The control that a sentence is about. On the summary that is a field of an earlier step.
fn target(sheet: &Sheet, field: &str) -> String {
    let of = |form: &Form| form.fields.iter().any(|question| question.name == field);
    match sheet.step {
        STEPS if CONTACTS.contains(&field) => format!("{}#{field}", sheet.address(3)),
        STEPS if of(&sheet.form) => format!("{}#{field}", sheet.address(2)),
        _ => format!("#{field}"),
    }
}

/// The question that a field answers.
fn label(sheet: &Sheet, field: &str) -> Option<String> {
    let language = sheet.hall.language;
    if asked(&sheet.form).iter().any(|(name, _)| *name == field) {
        return Some(say(language, &format!("form-contact-{field}")));
    }
    let question = sheet.form.fields.iter().find(|question| question.name == field)?;
    Some(question.label.in_(language).to_owned())
}

async fn own(app: &App, sheet: &Sheet) -> Result<Own> {
    let (hall, answers) = (&sheet.hall, sheet.answers());
    let uploads = match &sheet.draft {
        Some(draft) if matches!(sheet.step, 2 | 4) => {
            let owner = Owner::Submission(draft.row.id);
            store::upload::of(&app.desk.db.read, hall.organisation.id, owner).await?
        }
        _ => Vec::new(),
    };
    Ok(match sheet.step {
        1 => Own::Privacy(Privacy {
            text: texts::shown(app, hall, "privacy", None).await?,
            agreed: !answers.get("privacy").is_empty(),
        }),
        2 => Own::Data(Data {
            code: sheet.kind.code.clone(),
            questions: fields::questions(&sheet.form, &answers, &uploads, hall.language, sheet.today()),
            handed: fields::handed(uploads),
            map: map::of(app),
        }),
        3 => Own::Contacts(contacts(sheet, &answers, tells_on_io(app, hall.organisation.id).await?)),
        _ => Own::Summary(Box::new(summary::of(app, sheet, &uploads).await?)),
    })
}

/// Whether whoever writes can be told on IO: a service on trial writes to its testers only, and who that is nobody knows yet.
async fn tells_on_io(app: &App, organisation: Uuid) -> Result<bool> {
    let service = store::io_service::for_updates(&app.desk.db.read, organisation).await?;
    Ok(service.is_some_and(|service| service.test_codes.is_none()))
}

fn contacts(sheet: &Sheet, answers: &Answers, on_io: bool) -> Contacts {
    let asked = asked(&sheet.form).into_iter().map(|(name, need)| Asked {
        name,
        required: need == Need::Required,
        value: answers.get(name).to_owned(),
    });
    let io = on_io && sheet.form.contacts.fiscal_code != Need::Hidden;
    let told_by = answers.get("told_by");
    let possible = !told_by.is_empty() && (io || told_by != "io");
    let language = answers.get("language");
    Contacts {
        asked: asked.collect(),
        told_by: if possible { told_by.to_owned() } else { "mail".to_owned() },
        io,
        language: if language.is_empty() {
            sheet.hall.language.tag().to_owned()
        } else {
            language.to_owned()
        },
        reachable: sheet.form.contacts.reachable,
    }
}

/// What a form asks about its citizen.
#[must_use]
pub fn asked(form: &Form) -> Vec<(&'static str, Need)> {
    let contacts = &form.contacts;
    let all = [
        ("name", contacts.name),
        ("surname", contacts.name),
        ("fiscal_code", contacts.fiscal_code),
        ("email", contacts.email),
        ("postal_address", contacts.postal_address),
        ("phone", contacts.phone),
    ];
    all.into_iter().filter(|(_, need)| *need != Need::Hidden).collect()
}
