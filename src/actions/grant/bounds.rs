//! Where a token may be shown: to the servers that the mailbox had when it was given, over a protected line. Mail servers take
//! it from anybody, and nothing in it says for whom it is.

use entity::mailbox::{Exit, Model, Security, SignIn, Source};

use crate::actions::Flaw;

/// What is said of a line on which everybody could read the token.
pub const IN_CLEAR: &str = "Con l'accesso con consenso la linea deve essere protetta.";
const ELSEWHERE: &str = "L'accesso con consenso vale per il server di prima: torna prima alla password, poi chiedi di nuovo il \
     consenso.";

/// Why the tokens of a mailbox that stood as `before` must not be used with the settings of `row`. The server of a line that is
/// not in use counts too: it may be in use after the next change.
#[must_use]
pub fn misdirected(before: &Model, row: &Model) -> Vec<Flaw> {
    if row.sign_in != SignIn::Oauth {
        return Vec::new();
    }
    let hosts =
        [("imap_host", &before.imap_host, &row.imap_host), ("smtp_host", &before.smtp_host, &row.smtp_host)];
    let moved = hosts.into_iter().filter(|(_, before, now)| !before.eq_ignore_ascii_case(now));
    let clear = lines_in_clear(row).into_iter().map(|field| Flaw::new(field, IN_CLEAR));
    moved.map(|(field, ..)| Flaw::new(field, ELSEWHERE)).chain(clear).collect()
}

/// Lines in use on which everybody can read along, by the field that says so.
pub(super) fn lines_in_clear(row: &Model) -> Vec<&'static str> {
    let lines = [
        ("imap_security", row.source == Source::Imap, row.imap_security),
        ("smtp_security", row.exit == Exit::Smtp, row.smtp_security),
    ];
    let clear = lines.into_iter().filter(|(_, in_use, security)| *in_use && *security == Security::Insecure);
    clear.map(|(field, ..)| field).collect()
}
