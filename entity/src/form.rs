//! The form of a kind of request: data of the organisation, stored as JSON beside the kind.
use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};

use crate::language::Words;

/// What a citizen is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
pub struct Form {
    /// Name of the service, as a citizen would say it.
    pub title: Words,
    /// What it is for, in a sentence.
    pub summary: Words,
    /// Fields of the second step, in order.
    pub fields: Vec<Field>,
    /// What is asked about the citizen in the third step.
    pub contacts: Contacts,
}

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    /// Name in the form and among the answers: lower case letters, digits and `_`.
    pub name: String,
    /// What is typed.
    pub what: What,
    /// The question.
    pub label: Words,
    /// Help, under the question.
    pub hint: Words,
    /// It must be answered.
    pub required: bool,
    /// Longest answer in characters; 0: the usual of its sort.
    pub max: u32,
    /// Answers to choose from.
    pub options: Vec<Choice>,
}

/// One answer to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// Stored.
    pub value: String,
    /// Shown.
    pub label: Words,
}

/// What is typed into a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A line.
    #[default]
    Line,
    /// A text.
    Text,
    /// One of a few.
    Choice,
    /// Yes or nothing.
    Tick,
    /// A day.
    Date,
    /// Euro and cents.
    Amount,
    /// An IBAN.
    Iban,
    /// A whole number.
    Count,
    /// Where: an address, and perhaps a position (`<name>_lat`, `<name>_lon`).
    Place,
    /// Codice utente, with help where to find it; `<name>_missing` is ticked by who has none at hand.
    UserCode,
    /// Codice utenza, likewise.
    PremisesCode,
    /// Photos and documents.
    Files,
}

/// What is asked about the citizen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contacts {
    /// Name and surname (`name`, `surname`).
    pub name: Need,
    /// Codice fiscale or partita IVA (`fiscal_code`).
    pub fiscal_code: Need,
    /// Email address (`email`).
    pub email: Need,
    /// Postal address (`postal_address`).
    pub postal_address: Need,
    /// Telephone (`phone`).
    pub phone: Need,
    /// Email or postal address: one of both must be given (TQRIF art. 17, item 3).
    pub reachable: bool,
}

/// Whether a thing is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Not asked.
    Hidden,
    /// Asked.
    #[default]
    Optional,
    /// Must be given.
    Required,
}
