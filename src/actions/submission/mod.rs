//! A citizen fills a form: draft, files, sending. What was sent becomes a work order by the same door as a mail
//! (`actions::receive::form`), or waits for its address to be confirmed or for an operator.
//!
//! The id of a draft plays the part of a Message-ID: whoever presses the button twice finds the first receipt.

mod draft;
mod fate;
mod files;
mod send;

use entity::{follower, work_order};

pub(super) use self::files::fits;
pub use self::{
    draft::{DRAFT_DAYS, NEVER_CONFIRMED, ask_resume, begin, forget, rate, save},
    fate::{admit, confirm, discard},
    files::{APP_BYTES, APP_FILES, BYTES, add_file, remove_file},
    send::{New, send, sent, submit},
};
pub use crate::store::upload::Owner;

/// What became of a submission.
#[derive(Clone, Debug)]
pub enum Sent {
    /// It is a work order.
    Accepted {
        /// The work order.
        work_order: Box<work_order::Model>,
        /// The citizen, whose link opens the tracking page.
        follower: Box<follower::Model>,
    },
    /// It waits until its address is confirmed.
    Unconfirmed,
    /// It waits for an operator.
    Held,
    /// An operator refused it, or its address was never confirmed.
    Discarded,
}
