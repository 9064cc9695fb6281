//! Ordinary mail.
//!
//! In: [`imap`] and [`maildir`] bring raw bytes; [`parse`](mod@parse) makes a `Mail` of them, with [`mime`] (which
//! parts), [`headers`] and [`decode`] (what they say), [`clean`](mod@clean) (HTML that may be shown), [`names`] (files
//! that may be saved) and [`classify`](mod@classify) (person or machine). Out: [`compose`](mod@compose) makes bytes,
//! [`smtp`] delivers them. [`tls`] is whom we trust on the line.

pub mod address;
pub mod calendar;
pub mod classify;
pub mod clean;
pub mod compose;
pub mod decode;
pub mod headers;
pub mod html;
pub mod imap;
pub mod maildir;
pub mod mime;
pub mod names;
pub mod parse;
pub mod smtp;
pub mod tls;
pub mod tnef;
pub mod uuencode;

use bytes::Bytes;

/// What a source gives for one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawMail {
    /// All of it.
    Whole(Bytes),
    /// Larger than we take in: its header only (possibly cut).
    TooLarge {
        /// The header fields, raw.
        headers: Bytes,
    },
    /// The source names the mail and does not hand it over (a damaged store). Asking again does not help.
    Withheld,
}
