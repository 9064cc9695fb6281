//! IO: notifications are written, carried and looked after; services and their keys are kept.
//!
//! - [`account`]: where IO is, and when nobody is disturbed.
//! - [`form`]: what an operator typed, with all that is wrong with it.
//! - [`message`]: a notification is written, taken back, sent again, corrected; [`draft`]: kept for later, changed, sent or thrown away.
//!   As it is written down: `row`.
//! - [`reminder`]: it is said again before its deadline, if that makes sense by then.
//! - [`batch`]: one text for the people of several work orders, each with what is theirs.
//! - [`remote`]: what a notification only announces, and IO fetches from us.
//! - [`service`]: sheets of services, and what IO says of them; [`service_name`]: one name for each; [`service_making`]: made once;
//!   [`service_keys`]: the keys they send with, and to whom.
//! - [`carry`]: the porter's part: what is sent when, and what came of it.

pub mod account;
pub mod batch;
pub mod carry;
pub mod draft;
pub mod form;
pub mod message;
pub mod reminder;
pub mod remote;
pub(super) mod row;
pub mod service;
pub mod service_keys;
pub mod service_making;
pub mod service_name;
