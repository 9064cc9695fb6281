//! The administrator's pages of the ledger: every mail that came in, what was made of it and why; and what a person may do
//! with a mail that the program could not handle.

mod act;
mod list;
mod one;
pub mod words;

use uuid::Uuid;

pub use self::{
    act::{discard, open, retry},
    list::show as list,
    one::show,
};

/// Where the page of a mail is.
#[must_use]
pub fn path_of(id: Uuid) -> String {
    format!("/desk/admin/mail/{id}")
}

/// Where it is in its own words: the code of the place, or of the end.
#[must_use]
pub fn outcome_of(row: &entity::incoming_mail::Model) -> &'static str {
    use entity::incoming_mail::{Outcome, State};
    match (row.state, row.outcome) {
        (State::Pending, _) => "pending",
        (State::Quarantined, _) => "quarantined",
        (State::Handled, Some(Outcome::Opened)) => "opened",
        (State::Handled, Some(Outcome::Joined)) => "joined",
        (State::Handled, Some(Outcome::Duplicate)) => "duplicate",
        (State::Handled, Some(Outcome::Own)) => "own",
        (State::Handled, Some(Outcome::Receipt)) => "receipt",
        (State::Handled, Some(Outcome::Discarded)) => "discarded",
        (State::Handled, None) => "handled",
    }
}
