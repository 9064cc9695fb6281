//! What was typed into a form, as a table: the question in Italian, the answer in words. The form may have changed since; what
//! it does not ask any more is shown under its bare name, so that nothing of what a citizen wrote is out of sight.

use std::collections::BTreeSet;

use entity::{
    follower::ToldBy,
    form::{Field, Form, What},
    language::Language,
    submission::Answers,
};
use serde::Serialize;

use crate::{domain::place, web::words};

/// One question and its answer.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    label: String,
    value: String,
}

/// What the third step asks, in its order.
const CONTACTS: [(&str, &str); 8] = [
    ("name", "Nome"),
    ("surname", "Cognome"),
    ("fiscal_code", "Codice fiscale o partita IVA"),
    ("email", "Email"),
    ("postal_address", "Indirizzo postale"),
    ("phone", "Telefono"),
    ("told_by", "Vuole essere avvisato"),
    ("language", "Lingua"),
];

/// Ticks of the first and last step: everybody who comes this far has set them.
const FORMAL: [&str; 2] = ["privacy", "terms"];

/// The table.
#[must_use]
pub fn answers(form: &Form, given: &Answers) -> Vec<Answer> {
    let mut rows = Vec::new();
    let mut told: BTreeSet<String> = FORMAL.iter().map(|name| (*name).to_owned()).collect();
    let mut tell = |label: &str, value: String| {
        if !value.trim().is_empty() {
            rows.push(Answer { label: label.to_owned(), value });
        }
    };
    for field in &form.fields {
        tell(field.label.in_(Language::It), value(field, given));
        told.extend(["", "_lat", "_lon", "_missing"].map(|end| format!("{}{end}", field.name)));
    }
    for (name, label) in CONTACTS {
        tell(label, contact(name, given.get(name)));
        told.insert(name.to_owned());
    }
    for (name, value) in given.0.iter().filter(|(name, _)| !told.contains(*name)) {
        tell(name, value.clone());
    }
    rows
}

/// What was said about the citizen. A value that only the program knows by this name is put into words.
fn contact(name: &str, typed: &str) -> String {
    let words = match (name, typed) {
        ("told_by", "mail") => Some(words::told_by(ToldBy::Mail)),
        ("told_by", "io") => Some(words::told_by(ToldBy::Io)),
        ("told_by", "nothing") => Some(words::told_by(ToldBy::Nothing)),
        ("language", tag) => Language::of_tag(tag).map(words::language),
        _ => None,
    };
    words.map_or_else(|| typed.to_owned(), words::capital)
}

fn value(field: &Field, given: &Answers) -> String {
    let typed = given.get(&field.name);
    match field.what {
        What::Tick => if typed.is_empty() { "" } else { "Sì" }.to_owned(),
        What::Choice => {
            let chosen = field.options.iter().find(|option| option.value == typed);
            chosen.map_or(typed, |option| option.label.in_(Language::It)).to_owned()
        }
        What::Place => {
            let part = |part: &str| given.get(&format!("{}{part}", field.name));
            match place::position(part("_lat"), part("_lon")) {
                Some(position) => format!("{typed}\n{}", words::position(position)),
                None => typed.to_owned(),
            }
        }
        What::UserCode | What::PremisesCode if typed.is_empty() => {
            let missing = !given.get(&format!("{}_missing", field.name)).is_empty();
            if missing { "Non ce l’ha sottomano" } else { "" }.to_owned()
        }
        What::Date => typed.parse().map_or_else(|_| typed.to_owned(), words::day),
        _ => typed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use entity::{form::Choice, language::Words};

    use super::*;

    #[test]
    fn every_answer_is_shown_once_in_words() {
        let field = |name: &str, what, label: &str| Field {
            name: name.to_owned(),
            what,
            label: Words::plain(label),
            ..Field::default()
        };
        let sort = Field {
            options: vec![Choice { value: "bin".to_owned(), label: Words::plain("Cestino pieno") }],
            ..field("sort", What::Choice, "Di che si tratta?")
        };
        let fields = vec![
            sort,
            field("place", What::Place, "Dove?"),
            field("day", What::Date, "Quando?"),
            field("code", What::UserCode, "Codice utente"),
        ];
        let form = Form { fields, ..Form::default() };
        let typed = [
            ("sort", "bin"),
            ("place", "Via Roma"),
            ("place_lat", "45.5"),
            ("place_lon", "10.2"),
            ("day", "2026-02-27"),
            ("code_missing", "on"),
            ("told_by", "mail"),
            ("language", "it"),
            ("email", "anna@libero.example"),
            ("privacy", "on"),
            ("gone", "di prima"),
        ];
        let typed = Answers(typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let rows: Vec<(String, String)> =
            answers(&form, &typed).into_iter().map(|row| (row.label, row.value)).collect();
        let rows: Vec<(&str, &str)> =
            rows.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("Di che si tratta?", "Cestino pieno"),
                ("Dove?", "Via Roma\n45.50000, 10.20000"),
                ("Quando?", "27/02/2026"),
                ("Codice utente", "Non ce l’ha sottomano"),
                ("Email", "anna@libero.example"),
                ("Vuole essere avvisato", "Per email"),
                ("Lingua", "Italiano"),
                ("gone", "di prima"),
            ]
        );
    }
}
