//! The questions of a form as the second step shows them: each with what was answered, and what browsers and people should know
//! before they answer.

use chrono::NaiveDate;
use entity::{
    form::{Choice, Field, Form, What},
    language::Language,
    submission::Answers,
    upload,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    domain::{files, form, place},
    web::api::kinds::help,
};

/// A question.
#[derive(Debug, Serialize)]
pub struct Question {
    name: String,
    what: What,
    label: String,
    hint: String,
    required: bool,
    value: String,
    /// Most characters.
    limit: u32,
    options: Vec<Answer>,
    /// A code that its owner does not have at hand.
    missing: bool,
    /// The first day that will do.
    min: Option<NaiveDate>,
    position: Option<Position>,
}

/// An answer to choose.
#[derive(Debug, Serialize)]
struct Answer {
    value: String,
    label: String,
    chosen: bool,
}

/// The position beside an address, as it was typed or measured.
#[derive(Debug, Serialize)]
struct Position {
    lat: String,
    lon: String,
    known: bool,
    /// Photos that say where they were taken.
    photos: Vec<Named>,
}

/// A file by its name.
#[derive(Debug, Serialize)]
struct Named {
    id: Uuid,
    name: String,
}

/// Files that are stored with the draft, and what may come.
#[derive(Debug, Serialize)]
pub struct Handed {
    files: Vec<HandedFile>,
    accept: &'static str,
    most: usize,
    /// Of one file.
    megabytes: usize,
}

#[derive(Debug, Serialize)]
struct HandedFile {
    id: Uuid,
    name: String,
    size: i64,
}

/// The question about the place, if there is one.
#[must_use]
pub fn place(form: &Form) -> Option<&Field> {
    form.fields.iter().find(|field| field.what == What::Place)
}

/// The question about files, if there is one.
#[must_use]
pub fn files(form: &Form) -> Option<&Field> {
    form.fields.iter().find(|field| field.what == What::Files)
}

/// The questions of a form. `today`: the day in Italy.
#[must_use]
pub fn questions(
    form: &Form,
    answers: &Answers,
    uploads: &[upload::Model],
    language: Language,
    today: NaiveDate,
) -> Vec<Question> {
    let question = |field| Question {
        min: form::lies_ahead(field).then_some(today),
        ..question(field, answers, uploads, language)
    };
    form.fields.iter().map(question).collect()
}

fn question(field: &Field, answers: &Answers, uploads: &[upload::Model], language: Language) -> Question {
    let value = answers.get(&field.name).to_owned();
    let option = |option: &Choice| Answer {
        value: option.value.clone(),
        label: option.label.in_(language).to_owned(),
        chosen: option.value == value,
    };
    Question {
        name: field.name.clone(),
        what: field.what,
        label: field.label.in_(language).to_owned(),
        hint: help(field, language),
        required: field.required,
        limit: form::limit(field),
        options: field.options.iter().map(option).collect(),
        min: None,
        missing: !answers.get(&format!("{}_missing", field.name)).is_empty(),
        position: (field.what == What::Place).then(|| position(field, answers, uploads)),
        value,
    }
}

fn position(field: &Field, answers: &Answers, uploads: &[upload::Model]) -> Position {
    let part = |part: &str| answers.get(&format!("{}{part}", field.name)).to_owned();
    let (lat, lon) = (part("_lat"), part("_lon"));
    let photos = uploads.iter().filter(|file| file.latitude.is_some() && file.longitude.is_some());
    Position {
        known: place::position(&lat, &lon).is_some(),
        photos: photos.map(|file| Named { id: file.id, name: file.name.clone() }).collect(),
        lat,
        lon,
    }
}

/// The files of a draft.
#[must_use]
pub fn handed(uploads: Vec<upload::Model>) -> Handed {
    let handed = |file: upload::Model| HandedFile { id: file.id, name: file.name, size: file.size };
    Handed {
        files: uploads.into_iter().map(handed).collect(),
        accept: files::ACCEPT,
        most: files::MOST,
        megabytes: files::MAX_BYTES >> 20,
    }
}
