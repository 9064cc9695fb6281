//! Riscontro: the desk at which a waste-management operator answers its citizens.
//!
//! The house, in reading order. Arrows point inward only; `tests/it/tidy.rs` holds the table of who may import whom.
//!
//! - [`config`]: what the owner may set.
//! - [`domain`]: what is right. No I/O, no clock, no randomness, no database.
//! - [`wording`]: every sentence that we send to a citizen by default.
//! - [`document`]: PDF out of domain types. A room of its own because it is neither a channel (nothing comes in, nothing is sent) nor
//!   a page: a type-setting program with fonts, which can be left out (feature `pdf`).
//! - [`store`]: what is known. Every query, by noun.
//! - [`actions`]: what we do. Every change, one transaction each.
//! - [`channel`]: bytes to domain types and back: mail in, letters out. Knows no database.
//! - [`app`]: the composition root, used unchanged by the tests.
//! - [`worker`]: when things happen: mailboxes are read, letters leave, the house is swept.
//! - [`web`]: what people see and press.
//! - [`demo`]: believable invented data, through the same actions as real data. A room of its own because neither
//!   the desk nor the doors should know that it exists.
//! - [`stand_in`]: IO, played by ourselves on this machine. A room of its own, which imports nothing and is imported by nobody:
//!   our client and our stand-in must not be able to agree on the same mistake.

pub mod actions;
pub mod app;
pub mod channel;
pub mod config;
pub mod demo;
pub mod document;
pub mod domain;
pub mod stand_in;
pub mod store;
pub mod web;
pub mod wording;
pub mod worker;
