//! The administrator's pages of the mailboxes, and of the mails that nobody could read.

mod form;
mod list;

pub use self::{
    form::{add, blank, change, show},
    list::{pause, resume, retry, show as list},
};
