//! The world around the application, as real as a test can afford: servers that speak the protocols, private to one
//! test, gone when it ends.

pub mod app;
pub mod browser;
pub mod certificate;
pub mod citizen;
pub mod dovecot;
pub mod hook;
pub mod hostile_imap;
pub mod html;
pub mod io;
pub mod letter;
pub mod oauth_server;
pub mod pec;
pub mod porter;
pub mod schemathesis;
pub mod smtp_sink;

use std::io::Write;

/// Says that a test is skipped because a program is not installed, or fails it where nothing may be skipped: in CI and
/// under `tests/run`, a test that did not run must not look like one that passed.
pub fn skip_without(program: &str) {
    let nothing_skippable = ["RISCONTRO_TESTS_ALL", "CI"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    assert!(
        !nothing_skippable,
        "{program} is not installed, and no test may be skipped: tests/run installs it"
    );
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not eprintln!, which the test runner swallows when the test passes.
    let _ = writeln!(std::io::stderr(), "skipped {test}: {program} is not installed (tests/run installs it)");
}
