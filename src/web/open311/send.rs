//! `POST requests.{json,xml}`: a report from a civic app.
//!
//! The standard knows no idempotency key, and phones repeat what got no answer: the same words by the same app on the same day
//! are one report.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use entity::{app_key::Scope, communication::Channel, form::Form, language::Language, submission::Answers};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    answer::{Format, split},
    services::{description_field, place_field},
};
use crate::{
    actions::submission::{New, Sent},
    app::App,
    domain::{link, number::Number},
    web::{
        api::{
            door::{self, Caller},
            input::is_media,
            kinds,
            problem::{Problem, Result},
            requests::create,
        },
        limit::Limits,
        request::Peer,
    },
};

/// Fields that one report may have.
const FIELDS: usize = 200;

type Fields = BTreeMap<String, String>;

#[derive(Serialize)]
struct Created {
    #[serde(skip_serializing_if = "Option::is_none")]
    service_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    service_notice: &'static str,
    account_id: &'static str,
}

#[derive(Serialize)]
struct Requests<'a> {
    request: &'a [Created],
}

/// `POST /open311/{org}/v2/requests.{json,xml}`.
pub async fn create(
    State(app): State<App>,
    limits: Limits,
    peer: Peer,
    Path((org, file)): Path<(String, String)>,
    headers: HeaderMap,
    body: std::result::Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let format = match split(&file) {
        Some(("requests", format)) => format,
        other => return other.map_or(Format::Json, |(_, format)| format).refuse(&Problem::not_found()),
    };
    let fields = match fields(&headers, body) {
        Ok(fields) => fields,
        Err(problem) => return format.refuse(&problem),
    };
    let key = fields.get("api_key").map(String::as_str);
    let (admitted, standing) = door::admit(&app, &limits, peer, &org, key).await;
    let sent = match admitted {
        Ok(admitted) => match admitted.key {
            Some(key) => file_report(&app, &limits, &Caller { key, hall: admitted.hall }, fields).await,
            None => Err(Problem::no_key()),
        },
        Err(problem) => Err(problem),
    };
    let mut answer = match sent {
        Ok(created) => {
            let all = [created];
            format.answer(StatusCode::CREATED, &all, "service_requests", &Requests { request: &all })
        }
        Err(problem) => format.refuse(&problem),
    };
    if let Some(standing) = standing {
        standing.write(answer.headers_mut());
    }
    answer
}

fn fields(
    headers: &HeaderMap,
    body: std::result::Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Fields> {
    if !is_media(headers, "application/x-www-form-urlencoded") {
        return Err(Problem::bad_media("application/x-www-form-urlencoded"));
    }
    let body = body.map_err(|_| Problem::too_large("Send a shorter report."))?;
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&body).map_err(|_| Problem::malformed("The form cannot be read."))?;
    if pairs.len() > FIELDS {
        return Err(Problem::malformed(format!("Send at most {FIELDS} fields.")));
    }
    if let Some((name, _)) = pairs.iter().find(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Problem::field(name.replace('\0', ""), "Take the character U+0000 out."));
    }
    Ok(pairs.into_iter().collect())
}

async fn file_report(app: &App, limits: &Limits, caller: &Caller, fields: Fields) -> Result<Created> {
    caller.needs(Scope::Open311)?;
    let code = fields.get("service_code").map_or("", String::as_str);
    let found = kinds::by_code(app, &caller.hall, code).await?;
    let (kind, form) =
        found.ok_or_else(|| Problem::field("service_code", "No such service: see services."))?;
    let fingerprint = fingerprint(&fields);
    let word = format!(
        "open311 {} {}",
        caller.hall.cx.now.date_naive(),
        data_encoding::HEXLOWER.encode(&fingerprint)
    );
    let id = create::submission_id(&app.desk.keys, caller.key.id, &word);
    let new = New {
        id,
        kind: kind.id,
        language: Language::It,
        channel: Channel::App,
        app_key: Some(caller.key.id),
        fingerprint,
        answers: answers(&form, fields),
        uploads: Vec::new(),
        network: String::new(),
        proven: None,
    };
    let (number, token) = match create::send(app, caller, limits, new, Vec::new()).await? {
        Sent::Accepted { work_order, .. } => {
            (Some(Number { year: work_order.year, number: work_order.number }.slug()), None)
        }
        _ => (None, Some(link::draft(&app.desk.keys, id))),
    };
    Ok(Created { service_request_id: number, token, service_notice: "", account_id: "" })
}

/// What was sent, but for the key, which may change.
fn fingerprint(fields: &Fields) -> Vec<u8> {
    let mut hash = Sha256::new();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "api_key") {
        for part in [name, value] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().to_vec()
}

/// Fields of the standard where the form has them, attributes under their own names.
fn answers(form: &Form, fields: Fields) -> Answers {
    let description = description_field(form).map(|field| field.name.as_str());
    let place = place_field(form).map(|field| field.name.as_str());
    let mut answers = Fields::new();
    for (name, value) in fields {
        let to = match name.as_str() {
            "first_name" => Some("name".to_owned()),
            "last_name" => Some("surname".to_owned()),
            "email" | "phone" => Some(name),
            "description" => description.map(str::to_owned),
            "address_string" => place.map(str::to_owned),
            "lat" => place.map(|place| format!("{place}_lat")),
            "long" => place.map(|place| format!("{place}_lon")),
            other => {
                other.strip_prefix("attribute[").and_then(|rest| rest.strip_suffix(']')).map(str::to_owned)
            }
        };
        if let Some(to) = to {
            answers.insert(to, value);
        }
    }
    // A report may say where by position alone; the form wants words.
    if let Some(place) = place {
        let position = (answers.get(&format!("{place}_lat")), answers.get(&format!("{place}_lon")));
        if let (Some(latitude), Some(longitude), None) = (position.0, position.1, answers.get(place)) {
            let words = format!("Posizione {latitude}, {longitude}");
            answers.insert(place.to_owned(), words);
        }
    }
    Answers(answers)
}

#[cfg(test)]
mod tests {
    use entity::form::{Field, What};

    use super::*;

    #[test]
    fn fields_of_the_standard_find_their_places() {
        let field = |name: &str, what| Field { name: name.to_owned(), what, ..Field::default() };
        let fields =
            vec![field("where", What::Place), field("details", What::Text), field("bins", What::Count)];
        let form = Form { fields, ..Form::default() };
        let sent = [
            ("lat", "45.5"),
            ("long", "10.2"),
            ("description", "Cassonetto rotto"),
            ("first_name", "Anna"),
            ("attribute[bins]", "2"),
            ("media_url", "http://169.254.169.254/"),
            ("api_key", "rk"),
        ];
        let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let read: Vec<String> =
            answers(&form, sent).0.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            read,
            [
                "bins=2",
                "details=Cassonetto rotto",
                "name=Anna",
                "where=Posizione 45.5, 10.2",
                "where_lat=45.5",
                "where_lon=10.2"
            ]
        );
    }
}
