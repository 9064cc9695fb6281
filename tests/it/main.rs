//! The one test binary: conversations with the application through its public doors.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, a panic is the message; clippy spares only the #[test] functions"
)]

mod browser;
mod channel_email;
mod crash;
mod desk;
mod intake;
mod mailboxes;
mod outbox;
mod plans;
mod start;
mod support;
mod support_works;
mod threads;
mod tidy;
