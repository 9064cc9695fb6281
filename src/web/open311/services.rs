//! Services, and the attributes that each one has beside the fields of the standard.

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use entity::{
    form::{Field, Form, Need, What},
    language::Language,
    request_kind,
};
use serde::{Deserialize, Serialize};

use super::answer::{Format, split};
use crate::{
    app::App,
    web::{
        api::{
            door::{self, Hall},
            kinds,
            problem::{Problem, Result},
        },
        limit::Limits,
        request::Peer,
    },
};

/// The key of an app that reads, if it has one. `jurisdiction_id` is taken and not needed: the address says which.
#[derive(Debug, Default, Deserialize)]
pub struct Reader {
    /// The key.
    pub api_key: Option<String>,
}

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
pub async fn list(app: &App, hall: &Hall, format: Format) -> Result<Response> {
    let all: Vec<Service> =
        kinds::published(app, hall).await?.iter().map(|(kind, form)| service(kind, form)).collect();
    Ok(format.answer(StatusCode::OK, &all, "services", &Services { service: &all }))
}

fn service(kind: &request_kind::Model, form: &Form) -> Service {
    Service {
        service_code: kind.code.clone(),
        service_name: kinds::title(kind, form, Language::It),
        description: form.summary.in_(Language::It).to_owned(),
        metadata: !attributes(form).is_empty(),
        r#type: "realtime",
        keywords: "",
        group: "",
    }
}

/// `GET /open311/{org}/v2/services/{code}.{json,xml}`.
pub async fn definition(
    State(app): State<App>,
    limits: Limits,
    peer: Peer,
    Path((org, file)): Path<(String, String)>,
    reader: std::result::Result<Query<Reader>, QueryRejection>,
) -> Response {
    let Some((code, format)) = split(&file) else { return Format::Json.refuse(&Problem::not_found()) };
    let key = reader.ok().and_then(|Query(reader)| reader.api_key);
    let (admitted, _) = door::admit(&app, &limits, peer, &org, key.as_deref()).await;
    let found = match admitted {
        Ok(admitted) => kinds::by_code(&app, &admitted.hall, code).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(Some((kind, form))) => written(&kind, &form, format),
        Ok(None) => format.refuse(&Problem::not_found()),
        Err(problem) => format.refuse(&problem),
    }
}

fn written(kind: &request_kind::Model, form: &Form, format: Format) -> Response {
    let all = attributes(form);
    let attribute =
        all.iter().map(|one| one.with(one.values.as_deref().map(|value| Values { value }))).collect();
    let (json, xml) = (
        Definition { service_code: kind.code.clone(), attributes: &all },
        Definition { service_code: kind.code.clone(), attributes: Attributes { attribute } },
    );
    format.answer(StatusCode::OK, &json, "service_definition", &xml)
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

fn attributes(form: &Form) -> Vec<Attribute<Vec<Value>>> {
    let known =
        [description_field(form), place_field(form)].map(|field| field.map(|field| field.name.as_str()));
    let own = form
        .fields
        .iter()
        .filter(|field| field.what != What::Files && !known.contains(&Some(field.name.as_str())))
        .map(attribute);
    let contacts = [
        ("fiscal_code", "Codice fiscale o partita IVA", form.contacts.fiscal_code),
        ("postal_address", "Indirizzo postale", form.contacts.postal_address),
    ];
    let contacts =
        contacts.into_iter().filter(|(_, _, need)| *need != Need::Hidden).map(|(code, words, need)| {
            Attribute {
                variable: true,
                code: code.to_owned(),
                datatype: "string",
                required: need == Need::Required,
                datatype_description: String::new(),
                order: 0,
                description: words.to_owned(),
                values: None,
            }
        });
    let mut all: Vec<_> = own.chain(contacts).collect();
    for (place, attribute) in all.iter_mut().enumerate() {
        attribute.order = place + 1;
    }
    all
}

fn attribute(field: &Field) -> Attribute<Vec<Value>> {
    let option = |value: &str, name: &str| Value { key: value.to_owned(), name: name.to_owned() };
    let label = field.label.in_(Language::It);
    let (datatype, values) = match field.what {
        What::Text => ("text", None),
        What::Count => ("number", None),
        What::Date => ("datetime", None),
        What::Tick => ("singlevaluelist", Some(vec![option("on", "Sì")])),
        What::Choice => {
            let all =
                field.options.iter().map(|choice| option(&choice.value, choice.label.in_(Language::It)));
            ("singlevaluelist", Some(all.collect()))
        }
        _ => ("string", None),
    };
    Attribute {
        variable: true,
        code: field.name.clone(),
        datatype,
        required: field.required,
        datatype_description: field.hint.in_(Language::It).to_owned(),
        order: 0,
        description: label.to_owned(),
        values,
    }
}
