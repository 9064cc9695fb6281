//! The forms of the portal: what is asked for each kind of request, whether the answers hold, and how they read as a letter.

mod check;
mod read;
mod standard;
mod street;

use entity::{
    form::{Field, Form, What},
    language::Language,
    request_kind,
};

pub use self::{
    check::{Problem, check_contacts, check_fields},
    read::{Declared, declared, letter, lines},
    standard::standard,
    street::street_name,
};

/// Longest line, in characters, where the form says nothing else.
pub const LINE: u32 = 200;
/// Longest text, in characters, where the form says nothing else: a written complaint is longer than a short message.
pub const TEXT: u32 = 4_000;

/// Name of the field in which a citizen wishes for a day. Like `title` and `details` it means the same in every form, also in
/// those that organisations have stored.
pub const WISH: &str = "preferred_date";

/// Whether only days to come answer a field, today among them: nobody can be visited yesterday.
#[must_use]
pub fn lies_ahead(field: &Field) -> bool {
    field.what == What::Date && field.name == WISH
}

/// The form of a kind: the organisation's own, or the standard one; `None` when there is neither.
#[must_use]
pub fn of_kind(kind: &request_kind::Model) -> Option<Form> {
    kind.form.clone().or_else(|| standard(&kind.code))
}

/// Name of a kind, as a citizen would say it: the title of its form, else what the desk calls it.
#[must_use]
pub fn title(kind: &request_kind::Model, language: Language) -> String {
    let title = of_kind(kind).map(|form| form.title.in_(language).to_owned());
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| kind.name.clone())
}

/// Most characters of an answer.
#[must_use]
pub fn limit(field: &Field) -> u32 {
    match (field.max, field.what) {
        (0, What::Text) => TEXT,
        (0, _) => LINE,
        (max, _) => max,
    }
}

/// Every name under which an answer of this form may be kept; what has another name was not asked.
#[must_use]
pub fn names(form: &Form) -> Vec<String> {
    let mut names: Vec<String> = CONTACTS.iter().map(|name| (*name).to_owned()).collect();
    for field in &form.fields {
        match field.what {
            What::Files => {}
            What::Place => names.extend(["", "_lat", "_lon"].map(|part| format!("{}{part}", field.name))),
            What::UserCode | What::PremisesCode => {
                names.extend(["", "_missing"].map(|part| format!("{}{part}", field.name)));
            }
            _ => names.push(field.name.clone()),
        }
    }
    names
}

/// Names of the third step, and of the ticks of the first and the last.
const CONTACTS: [&str; 9] =
    ["name", "surname", "fiscal_code", "email", "postal_address", "phone", "told_by", "privacy", "terms"];
