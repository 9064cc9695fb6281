//! The form of a message (facts 4.1-4.4), and of the dates in it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::codec::{FISCAL_CODE, Kind, ORGANISATION_CODE, SAID, ULID, defaulted, optional, required};

const DATE: Kind = Kind::Like("UTCISODateFromString", |text| date(text).is_some());
const PAYEE: Kind = Kind::Object(&[required("fiscal_code", ORGANISATION_CODE)]);
const PAYMENT: Kind = Kind::Object(&[
    required("amount", Kind::Whole(1, 9_999_999_999)),
    required(
        "notice_number",
        Kind::Like("string that matches the pattern \"^[0123][0-9]{17}$\"", is_notice_number),
    ),
    defaulted("invalid_after_due_date", Kind::Flag),
    optional("payee", PAYEE),
]);
const THIRD_PARTY: Kind = Kind::Object(&[
    required("id", SAID),
    optional("original_sender", SAID),
    optional("original_receipt_date", DATE),
    defaulted("has_attachments", Kind::Flag),
    defaulted("has_remote_content", Kind::Flag),
    optional("has_precondition", Kind::OneOf(&["ALWAYS", "ONCE", "NEVER"])),
    optional("summary", SAID),
    optional("configuration_id", ULID),
]);
const CONTENT: Kind = Kind::Object(&[
    required("subject", Kind::Text(10, 120)),
    required("markdown", Kind::Text(80, 10_000)),
    optional("require_secure_channels", Kind::Flag),
    optional("due_date", DATE),
    optional("payment_data", PAYMENT),
    optional("third_party_data", THIRD_PARTY),
    optional("eu_covid_cert", Kind::Object(&[required("auth_code", Kind::Text(0, usize::MAX))])),
]);
const EMAIL: Kind = Kind::Like("string that represents an email address", is_email);

/// What is handed in.
pub const NEW_MESSAGE: Kind = Kind::Object(&[
    required("content", CONTENT),
    defaulted("time_to_live", Kind::Whole(3600, 604_800)),
    optional("default_addresses", Kind::Object(&[optional("email", EMAIL)])),
    optional("fiscal_code", FISCAL_CODE),
    defaulted("feature_level_type", Kind::OneOf(&["STANDARD", "ADVANCED"])),
]);

/// The content as it is kept: dates in one form, what was left out at its default.
pub fn kept(mut content: Value) -> Value {
    let pictured = |text: Option<&str>| text.and_then(date).map(iso);
    if let Some(due) = pictured(content["due_date"].as_str()) {
        content["due_date"] = due;
    }
    if let Some(payment) = content.get_mut("payment_data") {
        set_if_none(payment, "invalid_after_due_date", json!(false));
    }
    if let Some(remote) = content.get_mut("third_party_data") {
        set_if_none(remote, "has_attachments", json!(false));
        set_if_none(remote, "has_remote_content", json!(false));
        if let Some(received) = pictured(remote["original_receipt_date"].as_str()) {
            remote["original_receipt_date"] = received;
        }
    }
    content
}

/// A date as JavaScript writes it.
pub fn iso(date: DateTime<Utc>) -> Value {
    json!(date.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

fn set_if_none(object: &mut Value, name: &str, value: Value) {
    if object.get(name).is_none() {
        object[name] = value;
    }
}

/// `YYYY-MM-DDThh:mm:ss`, with or without fractions, then `Z`, `±hh:mm` or nothing, which is UTC too (facts 4.3). Lenient where
/// JavaScript is: the 31st of February is the 3rd of March, and 24:00:00 is the next midnight.
fn date(text: &str) -> Option<DateTime<Utc>> {
    const PATTERN: &[u8; 19] = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let fits = |(byte, place): (&u8, &u8)| if *place == b'0' { byte.is_ascii_digit() } else { byte == place };
    if bytes.len() < PATTERN.len() || !bytes.iter().zip(PATTERN).all(fits) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let (millis, zone) = fraction(&text[PATTERN.len()..])?;
    let midnight = hour == 24 && minute == 0 && second == 0;
    if !(1..=31).contains(&day) || (hour > 23 && !midnight) || minute > 59 || second > 59 {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(year.try_into().ok()?, month, 1)?.and_hms_opt(0, 0, 0)?.and_utc();
    let within = i64::from(day - 1) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    Some(first + TimeDelta::seconds(within - offset(zone)?) + TimeDelta::milliseconds(millis))
}

/// Milliseconds, and what stands behind them.
fn fraction(rest: &str) -> Option<(i64, &str)> {
    let Some(rest) = rest.strip_prefix('.') else { return Some((0, rest)) };
    let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, zone) = rest.split_at(end);
    let three: String = digits.chars().chain("000".chars()).take(3).collect();
    (!digits.is_empty()).then(|| three.parse().ok().map(|millis| (millis, zone)))?
}

/// Seconds by which a zone is ahead.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<i64>().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn is_notice_number(text: &str) -> bool {
    text.len() == 18
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(text.as_bytes()[0], b'0'..=b'3')
}

/// Rough: the field is dead (facts 4.1).
fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !text.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_javascript_reads_them() {
        let read = |text: &str| date(text).map(|date| iso(date).as_str().unwrap_or_default().to_owned());
        for (text, iso) in [
            ("2026-01-12T22:59:59Z", "2026-01-12T22:59:59.000Z"),
            ("2026-01-12T22:59:59.5Z", "2026-01-12T22:59:59.500Z"),
            ("2026-01-12T23:59:59+01:00", "2026-01-12T22:59:59.000Z"),
            ("2026-01-12T22:59:59", "2026-01-12T22:59:59.000Z"),
            ("2026-02-31T24:00:00Z", "2026-03-04T00:00:00.000Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(iso), "{text}");
        }
        for wrong in [
            "2026-01-12",
            "2026-01-12T22:59Z",
            "2026-13-01T00:00:00Z",
            "2026-01-12T22:59:59.Z",
            "oggi",
            "2026-01-12T22:59:59 Z",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
