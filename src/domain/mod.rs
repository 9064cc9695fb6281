//! What is right: the rules of the trade, without I/O, async, clock, randomness or database.

pub mod acknowledgement;
pub mod calendar;
pub mod care;
pub mod deadline;
pub mod endpoint;
pub mod fiscal_code;
pub mod identification;
pub mod keys;
pub mod mail;
pub mod number;
pub mod pec;
pub mod quote;
pub mod register;
pub mod report;
pub mod retry;
pub mod text;
pub mod thread;
