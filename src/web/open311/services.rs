//! Services, and the attributes that each one has beside the fields of the standard.

use axum::{extract::State, http::StatusCode, response::Response};
use entity::{
    form::{Field, Form, Need, What},
    language::Language,
    request_kind,
};
use serde::Serialize;

use super::{answer::Format, door::Visit};
use crate::{
    app::App,
    domain::form,
    web::api::{
        kinds,
        problem::{Problem, Result},
    },
    wording,
};

#[expect(clippy::struct_field_names, reason = "the names of the standard")]
#[derive(Serialize)]
struct Service {
    service_code: String,
    service_name: String,
    description: String,
    metadata: bool,
    r#type: &'static str,
    keywords: &'static str,
    group: &'static str,
}

#[derive(Serialize)]
struct Services<'a> {
    service: &'a [Service],
}

#[derive(Serialize)]
struct Definition<A> {
    service_code: String,
    attributes: A,
}

#[derive(Serialize)]
struct Attributes<'a> {
    attribute: Vec<AttributeXml<'a>>,
}

#[derive(Clone, Serialize)]
struct Attribute<V> {
    variable: bool,
    code: String,
    datatype: &'static str,
    required: bool,
    datatype_description: String,
    order: usize,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<V>,
}

type AttributeXml<'a> = Attribute<Values<'a>>;

#[derive(Clone, Serialize)]
struct Values<'a> {
    value: &'a [Value],
}

#[derive(Clone, Serialize)]
struct Value {
    key: String,
    name: String,
}

/// `services.{json,xml}`.
pub async fn list(app: &App, visit: &Visit) -> Result<impl FnOnce(Format) -> Response + use<>> {
    let published = kinds::published(app, &visit.admitted.hall).await?;
    let all: Vec<Service> =
        published.iter().map(|(kind, form)| service(kind, form, visit.language)).collect();
    Ok(move |format: Format| format.answer(StatusCode::OK, &all, "services", &Services { service: &all }))
}

fn service(kind: &request_kind::Model, form: &Form, language: Language) -> Service {
    Service {
        service_code: kind.code.clone(),
        service_name: form::title(kind, language),
        description: form.summary.in_(language).to_owned(),
        metadata: !attributes(form, language).is_empty(),
        r#type: "realtime",
        keywords: "",
        group: "",
    }
}

/// `GET /open311/{org}/v2/services/{code}.{json,xml}`.
pub async fn definition(State(app): State<App>, visit: Visit) -> Response {
    let found = kinds::by_code(&app, &visit.admitted.hall, &visit.word).await;
    let there = found.and_then(|found| found.ok_or_else(Problem::not_found));
    visit.end(there.map(|(kind, form)| written(kind.code, attributes(&form, visit.language))))
}

fn written(service_code: String, all: Vec<Attribute<Vec<Value>>>) -> impl FnOnce(Format) -> Response {
    move |format| {
        let attribute =
            all.iter().map(|one| one.with(one.values.as_deref().map(|value| Values { value }))).collect();
        let xml = Definition { service_code: service_code.clone(), attributes: Attributes { attribute } };
        let json = Definition { service_code, attributes: &all };
        format.answer(StatusCode::OK, &json, "service_definition", &xml)
    }
}

impl<V> Attribute<V> {
    fn with<W>(&self, values: Option<W>) -> Attribute<W> {
        Attribute {
            variable: self.variable,
            code: self.code.clone(),
            datatype: self.datatype,
            required: self.required,
            datatype_description: self.datatype_description.clone(),
            order: self.order,
            description: self.description.clone(),
            values,
        }
    }
}

/// The field that the `description` of the standard fills: the first text.
#[must_use]
pub fn description_field(form: &Form) -> Option<&Field> {
    form.fields.iter().find(|field| field.what == What::Text)
}

/// The field that the address and the position of the standard fill: the first place.
#[must_use]
pub fn place_field(form: &Form) -> Option<&Field> {
    form.fields.iter().find(|field| field.what == What::Place)
}

fn attributes(form: &Form, language: Language) -> Vec<Attribute<Vec<Value>>> {
    let known =
        [description_field(form), place_field(form)].map(|field| field.map(|field| field.name.as_str()));
    let own = form
        .fields
        .iter()
        .filter(|field| field.what != What::Files && !known.contains(&Some(field.name.as_str())))
        .map(|field| attribute(field, language));
    let contacts =
        [("fiscal_code", form.contacts.fiscal_code), ("postal_address", form.contacts.postal_address)];
    let contacts =
        contacts.into_iter().filter(|(_, need)| *need != Need::Hidden).map(|(code, need)| Attribute {
            variable: true,
            code: code.to_owned(),
            datatype: "string",
            required: need == Need::Required,
            datatype_description: String::new(),
            order: 0,
            description: wording::say(language, &format!("form-contact-{code}")),
            values: None,
        });
    let mut all: Vec<_> = own.chain(contacts).collect();
    for (place, attribute) in all.iter_mut().enumerate() {
        attribute.order = place + 1;
    }
    all
}

fn attribute(field: &Field, language: Language) -> Attribute<Vec<Value>> {
    let option = |value: &str, name: &str| Value { key: value.to_owned(), name: name.to_owned() };
    let label = field.label.in_(language);
    let (datatype, values) = match field.what {
        What::Text => ("text", None),
        What::Count => ("number", None),
        What::Date => ("datetime", None),
        What::Tick => ("singlevaluelist", Some(vec![option("on", &wording::say(language, "open311-yes"))])),
        What::Choice => {
            let all = field.options.iter().map(|choice| option(&choice.value, choice.label.in_(language)));
            ("singlevaluelist", Some(all.collect()))
        }
        _ => ("string", None),
    };
    Attribute {
        variable: true,
        code: field.name.clone(),
        datatype,
        required: field.required,
        datatype_description: kinds::help(field, language),
        order: 0,
        description: label.to_owned(),
        values,
    }
}
