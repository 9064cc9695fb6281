//! `POST requests.{json,xml}`: a report from a civic app.
//!
//! The standard knows no idempotency key, and phones repeat what got no answer: the same words by the same app on the same day
//! are one report.

use std::collections::BTreeMap;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use entity::{
    communication::Channel,
    form::{Form, What},
    submission::Answers,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    answer::Format,
    door::Visit,
    services::{description_field, place_field},
};
use crate::{
    actions::submission::{New, Sent},
    app::App,
    domain::{link, number::Number, text},
    web::api::{
        door::{Admitted, Caller},
        input::is_media,
        kinds,
        problem::{Problem, Result},
        requests::create,
    },
};

/// Largest form, in bytes.
const FORM_BYTES: usize = 256 << 10;
/// Fields that one report may have.
const FIELDS: usize = 200;
/// The field of a form that names the matter.
const TITLE: &str = "title";
/// Characters of a title that is made of a description.
const TITLE_CHARS: usize = 80;

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

/// `POST /open311/{org}/v2/requests.{json,xml}`. The key is in the form: so that is read before anybody is let in.
pub async fn create(State(app): State<App>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let fields = fields(&parts.headers, body).await;
    let key = fields.as_ref().ok().and_then(|fields| fields.get("api_key")).map(String::as_str);
    let visit = match Visit::enter(&mut parts, &app, key).await {
        Ok(visit) => visit,
        Err(refusal) => return refusal,
    };
    let sent = match fields {
        _ if visit.word != "requests" => Err(Problem::not_found()),
        Ok(fields) => file_report(&app, &visit, fields).await,
        Err(problem) => Err(problem),
    };
    visit.end(sent.map(|created| {
        move |format: Format| {
            let all = [created];
            format.answer(StatusCode::CREATED, &all, "service_requests", &Requests { request: &all })
        }
    }))
}

async fn fields(headers: &HeaderMap, body: Body) -> Result<Fields> {
    if !is_media(headers, "application/x-www-form-urlencoded") {
        return Err(Problem::bad_media("application/x-www-form-urlencoded"));
    }
    let body = to_bytes(body, FORM_BYTES).await.map_err(|_| Problem::too_large("Send a shorter report."))?;
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

async fn file_report(app: &App, visit: &Visit, fields: Fields) -> Result<Created> {
    let Admitted { hall, key } = visit.admitted.clone();
    let caller = Caller { key: key.ok_or_else(Problem::no_key)?, hall };
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
    let answers = answers(&form, fields)?;
    create::are_asked(&form, &answers.0)?;
    let new = New {
        id,
        kind: kind.id,
        language: visit.language,
        channel: Channel::App,
        app_key: Some(caller.key.id),
        fingerprint,
        answers,
        uploads: Vec::new(),
        network: String::new(),
        proven: None,
    };
    let (number, token) = match create::send(app, &caller, &visit.limits, new, Vec::new()).await? {
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

/// Fields of the standard where the form has them, attributes under their own names. What the standard lets every app send,
/// and this form does not ask, stays out; but nobody's words are lost.
fn answers(form: &Form, fields: Fields) -> Result<Answers> {
    let asked = kinds::answer_names(form);
    let contact = |name: &str| Some(name.to_owned()).filter(|name| asked.contains(name));
    let description = description_field(form).map(|field| field.name.as_str());
    let place = place_field(form).map(|field| field.name.as_str());
    let mut answers = Fields::new();
    let mut picture = None;
    for (name, value) in fields {
        let to = match name.as_str() {
            "media_url" => {
                picture =
                    Some(value).filter(|link| link.starts_with("https://") || link.starts_with("http://"));
                continue;
            }
            "first_name" => contact("name"),
            "last_name" => contact("surname"),
            "email" | "phone" => contact(&name),
            "description" if description.is_none() && !value.trim().is_empty() => {
                return Err(Problem::field(name, "This service takes no description: send its attributes."));
            }
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
    // The standard knows no title: the report's first words are one.
    let described = description.and_then(|name| answers.get(name)).cloned().unwrap_or_default();
    let titled = form.fields.iter().any(|field| field.name == TITLE && field.what == What::Line);
    if titled && !described.trim().is_empty() && !answers.contains_key(TITLE) {
        answers.insert(TITLE.to_owned(), text::shortened(&text::one_line(&described), TITLE_CHARS));
    }
    // A picture that lies elsewhere is not fetched: an operator opens it, or not.
    if let (Some(name), Some(link)) = (description, picture) {
        answers.insert(name.to_owned(), format!("{described}\n\n{link}").trim().to_owned());
    }
    // A report may say where by position alone; the form wants words.
    if let Some(place) = place {
        let position = (answers.get(&format!("{place}_lat")), answers.get(&format!("{place}_lon")));
        if let (Some(latitude), Some(longitude), None) = (position.0, position.1, answers.get(place)) {
            let words = format!("Posizione {latitude}, {longitude}");
            answers.insert(place.to_owned(), words);
        }
    }
    Ok(Answers(answers))
}

#[cfg(test)]
mod tests {
    use entity::form::Field;

    use super::*;

    #[test]
    fn fields_of_the_standard_find_their_places() {
        let field = |name: &str, what| Field { name: name.to_owned(), what, ..Field::default() };
        let fields = vec![
            field("title", What::Line),
            field("where", What::Place),
            field("details", What::Text),
            field("bins", What::Count),
        ];
        let form = Form { fields, ..Form::default() };
        let sent = [
            ("lat", "45.5"),
            ("long", "10.2"),
            ("description", "Cassonetto rotto"),
            ("first_name", "Anna"),
            ("attribute[bins]", "2"),
            ("media_url", "https://foto.example/1.jpg"),
            ("api_key", "rk"),
        ];
        let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let read: Vec<String> = answers(&form, sent)
            .unwrap()
            .0
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            read,
            [
                "bins=2",
                "details=Cassonetto rotto\n\nhttps://foto.example/1.jpg",
                "name=Anna",
                "title=Cassonetto rotto",
                "where=Posizione 45.5, 10.2",
                "where_lat=45.5",
                "where_lon=10.2"
            ]
        );
    }
}
