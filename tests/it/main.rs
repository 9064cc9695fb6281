//! The one test binary: conversations with the application through its public doors.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, a panic is the message; clippy spares only the #[test] functions"
)]

mod api;
mod browser;
mod care;
mod channel_email;
mod circulars;
mod corpus;
mod crash;
mod crash_portal;
mod desk;
mod desk_io;
mod desk_portal;
mod errands;
mod files;
mod followed;
mod fuzz;
mod hostile;
mod import;
mod intake;
mod interleaving;
mod io;
mod io_carry;
mod io_remote;
mod io_stand_in;
mod mailboxes;
mod migrations;
mod notices;
mod oauth;
mod outbox;
mod pages_mail;
mod pec;
mod plans;
mod portal;
mod portal_hostile;
mod progress;
mod quarantine;
mod reports;
mod senders;
mod start;
mod support;
mod support_works;
mod threads;
mod tidy;
mod webhooks;
