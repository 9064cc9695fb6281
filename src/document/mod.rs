//! Documents: what a citizen keeps. PDF out of domain types, in the citizen's language.
//!
//! What people typed goes into a document as data and never as markup. The same receipt is always the same bytes: its date is the
//! receipt's own, not that of the day on which it is printed.
//!
//! Lists for a desk's own work go out as spreadsheets.
//!
//! Without the feature `pdf` the type-setting program is not built in, and [`receipt`] says so: pages print well, too.

mod letter;
mod receipt;
mod sheet;
#[cfg(feature = "pdf")]
mod typeset;

pub use self::{
    letter::{Letter, letter},
    receipt::{Receipt, receipt},
    sheet::{Cell, Column, sheet},
};

/// This program makes PDF documents. Where it does not, pages offer to be printed.
pub const BUILT_IN: bool = cfg!(feature = "pdf");

/// No document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The feature `pdf` is not built in.
    #[error("this program was built without PDF documents (feature `pdf`)")]
    NotBuiltIn,
    /// The document could not be set: a fault of ours.
    #[error("the document cannot be set: {0}")]
    Broken(String),
}
