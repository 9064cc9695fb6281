//! The sheet that somebody is filling: which service, and the draft behind the personal link. A link that opens nothing leads
//! to a page that goes on from there; one of a form that was sent leads to its receipt.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveDate;
use entity::{
    form::Form,
    language::Language,
    request_kind,
    submission::{Answers, Model, State},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    domain::{
        calendar,
        form::{of_kind, title},
        link,
    },
    store,
    web::{
        error::{Error, Result},
        portal::Hall,
        request::{Path, Query},
    },
};

/// The steps.
pub const STEPS: u8 = 4;

/// A form that somebody fills.
#[derive(Debug)]
pub struct Sheet {
    /// Where.
    pub hall: Hall,
    /// What is asked for.
    pub kind: request_kind::Model,
    /// The questions.
    pub form: Form,
    /// The step of this page, 1 to 4.
    pub step: u8,
    /// What was filled in so far; nothing before the first step was sent.
    pub draft: Option<Draft>,
    /// Nobody has pressed a button: the page saves itself.
    pub saves_itself: bool,
}

/// A draft and its link.
#[derive(Debug)]
pub struct Draft {
    /// The draft.
    pub row: Model,
    /// The personal link that opens it.
    pub link: String,
}

#[derive(Deserialize)]
struct Asked {
    code: String,
    step: Option<u8>,
}

#[derive(Deserialize)]
struct Link {
    b: Option<String>,
    /// The page saves itself. It stands in the address, because it is asked before anything is read.
    #[serde(rename = "auto-save")]
    auto_save: Option<String>,
}

impl Sheet {
    /// Name of the service, as a citizen would say it.
    #[must_use]
    pub fn title(&self) -> String {
        title(&self.kind, self.hall.language)
    }

    /// The address of a step.
    #[must_use]
    pub fn address(&self, step: u8) -> String {
        let path = self.hall.href(&format!("/{}/{step}", self.kind.code));
        match &self.draft {
            Some(draft) => format!("{path}?b={}", draft.link),
            None => path,
        }
    }

    /// The day in Italy.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        calendar::rome_date(self.hall.cx.now)
    }

    /// What was answered so far.
    #[must_use]
    pub fn answers(&self) -> Answers {
        self.draft.as_ref().map(|draft| draft.row.answers.clone()).unwrap_or_default()
    }

    /// How far its citizen has come.
    #[must_use]
    pub fn reached(&self) -> u8 {
        self.draft.as_ref().map_or(1, |draft| u8::try_from(draft.row.step).unwrap_or(1))
    }

    /// To another step.
    #[must_use]
    pub fn to(&self, step: u8) -> Response {
        Redirect::to(&self.address(step)).into_response()
    }

    /// To this step in another language. The address says which: a browser may keep no cookies.
    #[must_use]
    pub fn again_in(&self, language: Language) -> Response {
        let here = self.address(self.step);
        let sign = if here.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{here}{sign}lang={}", language.tag())).into_response()
    }

    /// To the receipt.
    #[must_use]
    pub fn to_receipt(&self) -> Response {
        let link = self.draft.as_ref().map_or("", |draft| draft.link.as_str());
        to_receipt(&self.hall, link)
    }
}

fn to_receipt(hall: &Hall, link: &str) -> Response {
    Redirect::to(&hall.href(&format!("/inviata?b={link}"))).into_response()
}

impl FromRequestParts<App> for Sheet {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Response> {
        let hall = Hall::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let asked: Result<Path<Asked>> = Path::from_request_parts(parts, app).await;
        let Path(asked) = asked.map_err(IntoResponse::into_response)?;
        let link: Result<Query<Link>> = Query::from_request_parts(parts, app).await;
        let Query(link) = link.map_err(IntoResponse::into_response)?;
        match found(app, hall.clone(), asked, link).await.map_err(IntoResponse::into_response)? {
            Found::Open(sheet) => Ok(*sheet),
            Found::Sent(link) => Err(to_receipt(&hall, &link)),
            Found::Lost(begin) => Err(lost(&hall, begin).into_response()),
        }
    }
}

enum Found {
    Open(Box<Sheet>),
    /// It was sent; the link shows its receipt.
    Sent(String),
    /// The link opens nothing. Where a new form begins.
    Lost(String),
}

async fn found(app: &App, hall: Hall, asked: Asked, link: Link) -> Result<Found> {
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let step = asked.step.unwrap_or(1);
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind =
        kinds.into_iter().find(|kind| kind.published && kind.code == asked.code).ok_or(Error::NotFound)?;
    let form = of_kind(&kind).filter(|_| (1..=STEPS).contains(&step)).ok_or(Error::NotFound)?;
    let saves_itself = link.auto_save.is_some();
    let Some(link) = link.b else {
        // Where nothing was begun there is nothing to save: this would begin something.
        let saves_itself = false;
        return Ok(Found::Open(Box::new(Sheet { hall, kind, form, step, draft: None, saves_itself })));
    };
    let row = match link::draft_of(&app.desk.keys, &link) {
        Some(id) => store::submission::by_id(db, organisation, id).await?,
        None => None,
    };
    match row.filter(|row| row.kind_id == kind.id) {
        Some(row) if row.state == State::Draft => {
            let hall = hall.speaking(row.language);
            let draft = Some(Draft { row, link });
            Ok(Found::Open(Box::new(Sheet { hall, kind, form, step, draft, saves_itself })))
        }
        Some(_) => Ok(Found::Sent(link)),
        None => Ok(Found::Lost(hall.href(&format!("/{}", kind.code)))),
    }
}

/// The page for a link that opens nothing: forged, of another service, or of a draft that was forgotten.
pub fn lost(hall: &Hall, begin: String) -> Result<Response> {
    #[derive(Serialize)]
    struct Page {
        begin: String,
        days: i64,
    }
    let days = crate::actions::submission::DRAFT_DAYS;
    let mut page = hall.page("portal/form/lost.html", Page { begin, days })?;
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}
