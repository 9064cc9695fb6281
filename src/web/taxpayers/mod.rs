//! The register: the list, one record, a file of records.

mod import;
mod list;
mod one;
mod search;

use uuid::Uuid;

pub use self::{
    import::{import, show as show_import},
    list::show as list,
    one::{add_contact, remove_contact, save, show},
    search::{by_name, search},
};

/// Where a taxpayer's page is.
#[must_use]
pub fn path_of(id: Uuid) -> String {
    format!("/desk/taxpayers/{id}")
}
