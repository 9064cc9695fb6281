//! Shapes of what is sent to IO, as tables, and the one reader that checks them: the same strictness as the platform's own `io-ts` codecs.
//!
//! Unknown fields are dropped without a word. A field that is there but null is wrong (fields with a default excepted). Lengths
//! count UTF-16 units, as JavaScript does.

use serde_json::{Map, Value};

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text of so many UTF-16 units, both ends included.
    Text(usize, usize),
    /// A text with a form of its own: what it is, and whether it is.
    Like(&'static str, fn(&str) -> bool),
    /// A whole number, both ends included.
    Whole(i64, i64),
    /// Any number.
    Number,
    /// True or false.
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of one kind.
    List(&'static Kind),
    /// Fields by name.
    Object(&'static [Field]),
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    name: &'static str,
    kind: Kind,
    need: Need,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    /// Null counts as not there.
    Defaulted,
}

/// A text that is not empty.
pub const SAID: Kind = Kind::Text(1, usize::MAX);
/// A citizen's code (facts 3.2): no checksum, capital letters only.
pub const FISCAL_CODE: Kind = Kind::Like("FiscalCode", is_fiscal_code);
/// An organisation's code.
pub const ORGANISATION_CODE: Kind = Kind::Like("OrganizationFiscalCode", is_organisation_code);
/// 26 letters and figures of Crockford's alphabet.
pub const ULID: Kind = Kind::Like("Ulid", is_ulid);
/// IPv4 with or without a mask. The figures are not checked for their range.
pub const CIDR: Kind = Kind::Like("CIDR", is_cidr);

/// A field that must be there.
pub const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Required }
}

/// A field that may be left out.
pub const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Optional }
}

/// A field that may be left out or null.
pub const fn defaulted(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Defaulted }
}

/// The value without what nobody asked for.
///
/// # Errors
/// One line for each thing that is wrong, in the words of the platform's reports.
pub fn decode(kind: &Kind, value: &Value) -> Result<Value, String> {
    let mut flaws = Vec::new();
    let read = read(kind, value, "root", &mut flaws);
    if flaws.is_empty() { Ok(read) } else { Err(flaws.join("\n")) }
}

fn read(kind: &Kind, value: &Value, at: &str, flaws: &mut Vec<String>) -> Value {
    let fits = match kind {
        Kind::Text(least, most) => value.as_str().is_some_and(|text| {
            let units = text.encode_utf16().count();
            (*least..=*most).contains(&units)
        }),
        Kind::Like(_, is) => value.as_str().is_some_and(is),
        Kind::Whole(least, most) => whole(value).is_some_and(|number| (*least..=*most).contains(&number)),
        Kind::Number => value.is_number(),
        Kind::Flag => value.is_boolean(),
        Kind::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Kind::List(_) => value.is_array(),
        Kind::Object(_) => value.is_object(),
    };
    if !fits {
        flaws.push(format!("value [{value}] at [{at}] is not a valid [{}]", name(kind)));
        return Value::Null;
    }
    match (kind, value) {
        (Kind::Whole(..), value) => whole(value).map_or(Value::Null, Value::from),
        (Kind::List(of), Value::Array(values)) => {
            let values = values.iter().enumerate();
            values.map(|(number, value)| read(of, value, &format!("{at}.{number}"), flaws)).collect()
        }
        (Kind::Object(fields), Value::Object(given)) => Value::Object(members(fields, given, at, flaws)),
        _ => value.clone(),
    }
}

fn members(
    fields: &[Field],
    given: &Map<String, Value>,
    at: &str,
    flaws: &mut Vec<String>,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for field in fields {
        let at = format!("{at}.{}", field.name);
        match given.get(field.name) {
            None if field.need == Need::Required => {
                flaws.push(format!("value [undefined] at [{at}] is not a valid [{}]", name(&field.kind)));
            }
            None => {}
            Some(Value::Null) if field.need == Need::Defaulted => {}
            Some(value) => {
                kept.insert(field.name.to_owned(), read(&field.kind, value, &at, flaws));
            }
        }
    }
    kept
}

/// JavaScript has one kind of number: 10.0 is whole.
fn whole(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked: whole, and far from the ends of i64")]
    let from_float = |number: f64| (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(from_float))
}

fn name(kind: &Kind) -> String {
    match kind {
        Kind::Text(1, usize::MAX) => "non empty string".to_owned(),
        Kind::Text(least, most) => format!("string of length >= {least} and < {}", most.saturating_add(1)),
        Kind::Like(name, _) => (*name).to_owned(),
        Kind::Whole(least, most) => format!("integer >= {least} and < {}", most.saturating_add(1)),
        Kind::Number => "number".to_owned(),
        Kind::Flag => "boolean".to_owned(),
        Kind::OneOf(words) => words.join(" | "),
        Kind::List(of) => format!("array of {}", name(of)),
        Kind::Object(_) => "object".to_owned(),
    }
}

/// `^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$`
pub fn is_fiscal_code(text: &str) -> bool {
    const PATTERN: &[u8; 16] = b"AAAAAA00M00A000A";
    text.len() == PATTERN.len()
        && text.bytes().zip(PATTERN).all(|(byte, place)| match place {
            b'A' => byte.is_ascii_uppercase(),
            b'M' => b"ABCDEHLMPRST".contains(&byte),
            _ => byte.is_ascii_digit() || b"LMNPQRSTUV".contains(&byte),
        })
}

/// Eleven figures.
pub fn is_organisation_code(text: &str) -> bool {
    text.len() == 11 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// 26 characters of either case, without I, L, O and U.
pub fn is_ulid(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() && !b"ILOUilou".contains(&byte))
}

/// `^([0-9]{1,3}[.]){3}[0-9]{1,3}(/([0-9]|[1-2][0-9]|3[0-2]))?$`
pub fn is_cidr(text: &str) -> bool {
    let (address, mask) = text.split_once('/').map_or((text, None), |(address, mask)| (address, Some(mask)));
    let figures = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let right_mask = |mask: &str| {
        figures(mask, 2)
            && (mask.len() == 1 || !mask.starts_with('0'))
            && mask.parse::<u8>().is_ok_and(|bits| bits <= 32)
    };
    address.split('.').count() == 4
        && address.split('.').all(|part| figures(part, 3))
        && mask.is_none_or(right_mask)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shape_is_checked_and_stripped() {
        const SHAPE: Kind = Kind::Object(&[
            required("name", Kind::Text(2, 3)),
            optional("amount", Kind::Whole(1, 10)),
            defaulted("flag", Kind::Flag),
        ]);
        let read = decode(&SHAPE, &json!({ "name": "😀", "amount": 2.0, "flag": null, "more": 1 }));
        assert_eq!(read, Ok(json!({ "name": "😀", "amount": 2 })), "a pair of surrogates is two units");
        for wrong in [json!({}), json!({ "name": "a" }), json!({ "name": "ab", "amount": null }), json!([])] {
            assert!(decode(&SHAPE, &wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn patterns_are_those_of_the_api() {
        assert!(is_fiscal_code("AAAAAA00A00A000A") && is_fiscal_code("SPNDNL80R13C555X"));
        assert!(!is_fiscal_code("spndnl80r13c555x") && !is_fiscal_code("SPNDNL80Z13C555X"));
        assert!(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV") && !is_ulid("0e9852cc0e9852cc0e9852cc0e9852cc"));
        for right in ["1.2.3.4", "999.0.0.1/32", "10.0.0.0/8", "0.0.0.0/0"] {
            assert!(is_cidr(right), "{right}");
        }
        for wrong in ["", "1.2.3", "1.2.3.4/33", "1.2.3.4/08", "1.2.3.4/", "::1", "1.2.3.4444"] {
            assert!(!is_cidr(wrong), "{wrong}");
        }
    }
}
