//! IO, the app of the public services: what may be sent there, in which words, and what its answers mean.
//!
//! The sources are the "Guida tecnica" and the "Manuale dei servizi" of IO and the public code behind its API, which refuses
//! more than the guides say; each rule names its own. What the API refuses is a flaw and stops a message, and so does what its
//! rules forbid or the citizen could not use ([`unfit`]); what only reads badly is a hint and stops nobody.

use std::borrow::Cow;

pub mod call;
pub mod cta;
pub mod due_date;
pub mod escape;
pub mod fate;
pub mod lint;
pub mod message;
pub mod models;
pub mod payment;
pub mod preview;
pub mod recipient;
pub mod remote;
pub mod sheet;
pub mod text;
pub mod unfit;

/// A sentence about a field: a flaw where something is checked, a hint where something is only looked over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Name of the field.
    pub field: &'static str,
    /// What is wrong and what to do, in Italian: it is shown beside the field.
    pub words: Cow<'static, str>,
}

impl Remark {
    /// A remark on a field.
    #[must_use]
    pub fn new(field: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        Self { field, words: words.into() }
    }
}
