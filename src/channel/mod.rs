//! Bytes to domain types and back: mail in, letters out. Knows no database.
//!
//! Everything that comes in is hostile: reading is total (whatever the bytes, there is a `Mail`) and its work is
//! bounded in time, depth and number of parts. Everything that goes out is deterministic: the same letter is the
//! same bytes, so that a repeat after a crash is the same letter.

pub mod email;
pub mod http;
pub mod io;
pub mod markdown;
pub mod oauth;
pub mod photo;
pub mod scan;
pub mod sniff;
pub mod webhook;
