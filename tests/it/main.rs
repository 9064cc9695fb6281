//! The one test binary: conversations with the application through its public doors.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, a panic is the message; clippy spares only the #[test] functions"
)]

mod browser;
mod care;
mod channel_email;
mod corpus;
mod crash;
mod desk;
mod fuzz;
mod hostile;
mod import;
mod intake;
mod interleaving;
mod mailboxes;
mod oauth;
mod outbox;
mod pages_mail;
mod pec;
mod plans;
mod quarantine;
mod reports;
mod senders;
mod start;
mod support;
mod support_works;
mod threads;
mod tidy;
