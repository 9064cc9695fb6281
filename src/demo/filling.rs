//! A form is filled in: question by question, whatever form the kind has by now. What is asked is read from the form itself, so
//! that a demo grows with it.

use chrono::{DateTime, Days, Utc};
use entity::{
    form::{Contacts, Field, Form, Need, What},
    submission::Answers,
};
use rand::{RngExt, seq::IndexedRandom};

use super::{cast::Case, places};
use crate::domain::{calendar::rome_date, form, text};

/// What a set tick says.
const TICKED: &str = "on";
/// An IBAN that every check accepts and no bank has given out: the one of the examples of the standard's register.
const IBAN: &str = "IT60X0542811101000000123456";
/// A telephone number of a district that does not exist.
const PHONE: &str = "0999 000 123";

/// The answers of a case, and those about whoever writes.
pub(super) fn answers(case: &mut Case, form: &Form, at: DateTime<Utc>) -> Answers {
    let mut answers = Answers::default();
    for field in &form.fields {
        fill(&mut answers, case, field, at);
    }
    introduce(&mut answers, case, &form.contacts);
    set(&mut answers, "privacy", TICKED);
    set(&mut answers, "terms", TICKED);
    answers
}

/// The answers of somebody who does not say who they are.
pub(super) fn anonymous(form: &Form, place: &str, words: &str) -> Answers {
    let mut answers = Answers::default();
    for field in &form.fields {
        match field.what {
            What::Place => locate(&mut answers, &field.name, place),
            What::Text => set(&mut answers, &field.name, words),
            What::Line if field.required => set(&mut answers, &field.name, shortened(words, field)),
            What::Choice => {
                set(&mut answers, &field.name, field.options.first().map_or("", |one| one.value.as_str()));
            }
            _ => {}
        }
    }
    set(&mut answers, "privacy", TICKED);
    set(&mut answers, "terms", TICKED);
    answers
}

fn set(answers: &mut Answers, name: &str, value: impl Into<String>) {
    answers.0.insert(name.to_owned(), value.into());
}

fn fill(answers: &mut Answers, case: &mut Case, field: &Field, at: DateTime<Utc>) {
    let (subject, words) = case.topic.requests[case.request];
    let name = field.name.as_str();
    match field.what {
        What::Place => locate(answers, name, &case.details.street),
        What::Line if name == "premises" => set(answers, name, places::postal(&case.details.street)),
        What::Line if name == "document" => {
            let number = format!("{}/{:06}", case.details.year, case.dice.random_range(1_000..90_000));
            set(answers, name, number);
        }
        What::Line if field.required => {
            set(answers, name, shortened(&case.details.told(subject), field));
        }
        What::Text => set(answers, name, case.details.told(words)),
        What::Choice => {
            let chosen = field.options.choose(&mut case.dice).map_or("", |option| option.value.as_str());
            set(answers, name, chosen);
        }
        What::Tick if field.required => set(answers, name, TICKED),
        What::Date => {
            let wait = Days::new(case.dice.random_range(4..12));
            set(answers, name, (rome_date(at) + wait).to_string());
        }
        What::Amount => set(answers, name, case.details.amount.clone()),
        What::Iban if field.required => set(answers, name, IBAN),
        What::Count => set(answers, name, case.dice.random_range(1..4).to_string()),
        What::UserCode => match &case.taxpayer {
            Some(code) => set(answers, name, code.clone()),
            None => set(answers, &format!("{name}_missing"), TICKED),
        },
        What::PremisesCode => set(answers, &format!("{name}_missing"), TICKED),
        What::Line | What::Tick | What::Iban | What::Files => {}
    }
}

fn shortened(words: &str, field: &Field) -> String {
    text::shortened(words, usize::try_from(form::limit(field)).unwrap_or(usize::MAX))
}

fn locate(answers: &mut Answers, name: &str, place: &str) {
    let (north, east) = places::position(place);
    set(answers, name, place);
    set(answers, &format!("{name}_lat"), format!("{north:.5}"));
    set(answers, &format!("{name}_lon"), format!("{east:.5}"));
}

fn introduce(answers: &mut Answers, case: &Case, contacts: &Contacts) {
    let asked = |need: Need| need != Need::Hidden;
    if asked(contacts.name) {
        let (given, surname) = case.sender.name.rsplit_once(' ').unwrap_or((&case.sender.name, ""));
        set(answers, "name", given);
        set(answers, "surname", surname);
    }
    if asked(contacts.fiscal_code) {
        set(answers, "fiscal_code", case.fiscal_code.clone());
    }
    if asked(contacts.email) {
        set(answers, "email", case.sender.address.clone());
    }
    if contacts.postal_address == Need::Required {
        set(answers, "postal_address", places::postal(&case.details.street));
    }
    if contacts.phone == Need::Required {
        set(answers, "phone", PHONE);
    }
    set(answers, "told_by", "mail");
}
