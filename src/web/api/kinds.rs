//! Services: what a citizen may ask for, and which fields each one has.

use axum::{Json, extract::State};
use entity::{
    form::{Choice, Contacts, Field, Form, Need, What},
    language::Language,
    request_kind,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    door::Hall,
    input::{AcceptLanguage, At, ByCode, In, Org, Query, Spoken},
    problem::{Problem, Refusals, Result},
};
use crate::{
    actions::submission,
    app::App,
    domain::{files, form},
    store, wording,
};

/// A service in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Kind {
    /// Its stable word.
    #[schema(example = "disruption")]
    pub code: String,
    /// Its name.
    #[schema(example = "Segnalazione di disservizio")]
    pub title: String,
    /// What it is for, in a sentence; may be empty.
    #[schema(example = "Per dirci che qualcosa non funziona.")]
    pub summary: String,
    /// Working days within which it is answered; absent where hours are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 5)]
    pub limit_days: Option<i32>,
    /// Hours within which it is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_hours: Option<i32>,
}

/// All services.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kinds {
    /// In the order of the portal.
    items: Vec<Kind>,
}

/// A service with its fields.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindForm {
    #[serde(flatten)]
    kind: Kind,
    /// What is asked about the matter, in order.
    fields: Vec<FieldOut>,
    /// What is asked about the citizen. Beside them an answer may say `told_by`: `mail`, `io` or `nothing`.
    contacts: Vec<ContactOut>,
    /// Email or postal address: one of both must be given.
    one_of_email_and_postal_address: bool,
}

/// One question.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldOut {
    /// Name among the answers.
    #[schema(example = "details")]
    name: String,
    /// What is typed. A `place` may have a position beside it: `<name>_lat` and `<name>_lon`, in degrees (WGS 84). Who has no
    /// `user_code` or `premises_code` at hand answers `<name>_missing` with `on`. `files` are sent as files or uploads, not
    /// among the answers.
    #[schema(value_type = FieldType)]
    r#type: What,
    /// The question, in the language asked for.
    #[schema(example = "Che cosa succede")]
    label: String,
    /// Help; may be empty.
    #[schema(example = "Scrivi che cosa hai visto e da quando.")]
    hint: String,
    /// It must be answered.
    required: bool,
    /// Only days from today on (Europe/Rome) are taken; absent where any day is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    from_today: bool,
    /// Longest answer in characters, of a `line`, a `text` or a `place`; absent where the form of the answer limits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 4000)]
    max: Option<u32>,
    /// How many files, and how large; absent where none are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<FileLimits>,
    /// Answers to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    options: Vec<OptionOut>,
}

/// What the files of a request may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileLimits {
    /// Most files.
    #[schema(example = 10)]
    most: usize,
    /// Largest file as it is sent, in bytes.
    #[schema(example = 15_728_640)]
    bytes: usize,
    /// Most bytes of all of them together, as they are kept.
    #[schema(example = 26_214_400)]
    bytes_together: i64,
}

/// What is typed into a field.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum FieldType {
    /// A line.
    Line,
    /// A text.
    Text,
    /// The value of one of the options.
    Choice,
    /// `on`, or nothing.
    Tick,
    /// A day, `2026-11-22`; with `from_today` none that is past.
    Date,
    /// Euro and cents, `12,50`.
    Amount,
    /// An IBAN.
    Iban,
    /// A whole number.
    Count,
    /// An address.
    Place,
    /// Codice utente.
    UserCode,
    /// Codice utenza.
    PremisesCode,
    /// Photos and documents.
    Files,
}

/// An answer to choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptionOut {
    /// To be sent.
    #[schema(example = "overflowing")]
    value: String,
    /// To be shown.
    #[schema(example = "Contenitore pieno")]
    label: String,
}

/// A question about the citizen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactOut {
    /// Name among the answers.
    #[schema(example = "email")]
    name: &'static str,
    /// It must be answered.
    required: bool,
}

/// Lists the services.
///
/// What a citizen may ask for. Needs no key while the portal is open.
#[utoipa::path(
    get,
    operation_id = "listServices", path = "/{org}/kinds", tag = "Services", params(Org, In, AcceptLanguage),
    responses((status = 200, body = Kinds), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    hall: Hall,
    spoken: Spoken,
    Query(asked): Query<In>,
) -> Result<Json<Kinds>> {
    let language = asked.or(spoken);
    let items = published(&app, &hall).await?.iter().map(|(kind, form)| head(kind, form, language)).collect();
    Ok(Json(Kinds { items }))
}

/// Reads a service with its fields.
///
/// Which answers a request of this kind needs.
#[utoipa::path(
    get,
    operation_id = "readService", path = "/{org}/kinds/{code}", tag = "Services",
    params(Org, ByCode, In, AcceptLanguage),
    responses((status = 200, body = KindForm), Refusals)
)]
pub async fn one(
    State(app): State<App>,
    hall: Hall,
    At(at): At<ByCode>,
    spoken: Spoken,
    Query(asked): Query<In>,
) -> Result<Json<KindForm>> {
    let (kind, form) = by_code(&app, &hall, &at.code).await?.ok_or_else(Problem::not_found)?;
    let language = asked.or(spoken);
    Ok(Json(KindForm {
        kind: head(&kind, &form, language),
        fields: form.fields.iter().map(|field| field_out(field, language)).collect(),
        contacts: contacts_out(&form.contacts),
        one_of_email_and_postal_address: form.contacts.reachable,
    }))
}

/// Kinds that citizens may send, with their forms.
pub async fn published(app: &App, hall: &Hall) -> Result<Vec<(request_kind::Model, Form)>> {
    let kinds = store::organisation::kinds(&app.desk.db.read, hall.cx.organisation).await?;
    let published = kinds.into_iter().filter(|kind| kind.published);
    Ok(published.filter_map(|kind| form::of_kind(&kind).map(|form| (kind, form))).collect())
}

/// The kind of that code, if citizens may send it.
pub async fn by_code(app: &App, hall: &Hall, code: &str) -> Result<Option<(request_kind::Model, Form)>> {
    Ok(published(app, hall).await?.into_iter().find(|(kind, _)| kind.code == code))
}

fn head(kind: &request_kind::Model, form: &Form, language: Language) -> Kind {
    Kind {
        code: kind.code.clone(),
        title: form::title(kind, language),
        summary: form.summary.in_(language).to_owned(),
        limit_days: kind.limit_days,
        limit_hours: kind.limit_hours,
    }
}

fn field_out(field: &Field, language: Language) -> FieldOut {
    let option = |choice: &Choice| OptionOut {
        value: choice.value.clone(),
        label: choice.label.in_(language).to_owned(),
    };
    FieldOut {
        name: field.name.clone(),
        r#type: field.what,
        label: field.label.in_(language).to_owned(),
        hint: help(field, language),
        required: field.required,
        from_today: form::lies_ahead(field),
        max: (field.max > 0 || matches!(field.what, What::Line | What::Text | What::Place))
            .then(|| form::limit(field)),
        files: (field.what == What::Files).then_some(FileLimits {
            most: files::MOST,
            bytes: files::MAX_BYTES,
            bytes_together: submission::BYTES,
        }),
        options: field.options.iter().map(option).collect(),
    }
}

/// The help beside a question: the organisation's, and which days will do where not all of them do.
#[must_use]
pub fn help(field: &Field, language: Language) -> String {
    let hint = field.hint.in_(language);
    if !form::lies_ahead(field) {
        return hint.to_owned();
    }
    format!("{hint} {}", wording::say(language, "form-from-today")).trim_start().to_owned()
}

/// Every name that an answer to this form may have.
#[must_use]
pub fn answer_names(form: &Form) -> Vec<String> {
    // The ticks of the portal's own steps are none of an app's; nor is what the organisation does not want to know.
    let ticks = [("privacy", Need::Hidden), ("terms", Need::Hidden)];
    let unasked = contacts(&form.contacts).into_iter().chain(ticks).filter(|(_, need)| *need == Need::Hidden);
    let unasked: Vec<&str> = unasked.map(|(name, _)| name).collect();
    form::names(form).into_iter().filter(|name| !unasked.contains(&name.as_str())).collect()
}

fn contacts_out(asked: &Contacts) -> Vec<ContactOut> {
    let asked = contacts(asked).into_iter().filter(|(_, need)| *need != Need::Hidden);
    asked.map(|(name, need)| ContactOut { name, required: need == Need::Required }).collect()
}

fn contacts(asked: &Contacts) -> [(&'static str, Need); 6] {
    [
        ("name", asked.name),
        ("surname", asked.name),
        ("fiscal_code", asked.fiscal_code),
        ("email", asked.email),
        ("postal_address", asked.postal_address),
        ("phone", asked.phone),
    ]
}
