//! The administrator's pages of the mailboxes.

mod form;
pub mod grant;
mod list;

pub use self::{
    form::{add, blank, change, show},
    list::{pause, reconcile, resume, show as list},
};
