//! Mail, ordinary and certified.
//!
//! In: [`imap`], [`maildir`] and [`archive`] bring raw bytes; [`parse`](mod@parse) makes a `Mail` of them, with [`mime`]
//! (which parts), [`headers`], [`fields`], [`parameters`], [`words`] and [`decode`] (what they say), [`clean`](mod@clean)
//! and [`html`] (what may be shown), [`names`] (files that may be saved), [`tnef`], [`uuencode`] and [`calendar`] (what is
//! enclosed in other ways), [`pec`] (envelopes and receipts), [`classify`](mod@classify) and [`report`] (person, machine,
//! bounce), [`authenticity`] (what the server found about the sender). [`explain`](mod@explain) says it all as JSON. Out:
//! [`compose`](mod@compose) makes bytes, [`smtp`] delivers them. [`sign_in`] is how we name ourselves on the line, [`tls`]
//! whom we trust there.

pub mod address;
pub mod archive;
pub mod authenticity;
pub mod calendar;
pub mod classify;
pub mod clean;
pub mod compose;
pub mod decode;
pub mod explain;
pub mod fields;
pub mod headers;
pub mod html;
pub mod imap;
pub mod maildir;
pub mod mime;
pub mod names;
pub mod parameters;
pub mod parse;
pub mod pec;
pub mod report;
pub mod sign_in;
pub mod smtp;
pub mod tls;
pub mod tnef;
pub mod uuencode;
pub mod words;

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
