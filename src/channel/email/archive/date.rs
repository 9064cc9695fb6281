//! When an archived mail was received: the newest `Received`, which the last server wrote, else the writer's own `Date`.

use chrono::{DateTime, Utc};

use crate::channel::email::decode;

/// Longest field that is looked at.
const MAX_FIELD: usize = 4 * 1024;

pub(super) fn received(header: &[u8]) -> Option<DateTime<Utc>> {
    let received = first(header, "received:");
    let stamped =
        received.as_deref().and_then(|field| field.rsplit_once(';')).and_then(|(_, date)| read(date));
    stamped.or_else(|| read(first(header, "date:")?.split_once(':')?.1))
}

/// The first field of that name, unfolded.
fn first(header: &[u8], name: &str) -> Option<String> {
    let mut field: Option<String> = None;
    for line in header.split(|byte| *byte == b'\n') {
        let line = decode::utf8_or_windows(line.strip_suffix(b"\r").unwrap_or(line));
        match &mut field {
            Some(field) if line.starts_with([' ', '\t']) && field.len() < MAX_FIELD => field.push_str(&line),
            Some(_) => break,
            None if line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) => {
                field = Some(line.into_owned());
            }
            None => {}
        }
    }
    field
}

fn read(date: &str) -> Option<DateTime<Utc>> {
    let date = mail_parser::DateTime::parse_rfc822(date.trim())?;
    DateTime::from_timestamp(date.to_timestamp(), 0).filter(|date| date.timestamp() > 0)
}
