//! A `winmail.dat` written piece by piece, for the tests.

/// A property with its value: type and number, what follows them.
pub(super) fn property(kind: u16, number: u16, value: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &number.to_le_bytes(), value].concat()
}

/// The value of a text or binary property: how many, and each with its length, filled up to a multiple of four.
pub(super) fn variable(values: &[&[u8]]) -> Vec<u8> {
    let mut written = length(values.len()).to_vec();
    for value in values {
        written.extend(length(value.len()));
        written.extend(*value);
        written.resize(written.len().next_multiple_of(4), 0);
    }
    written
}

/// A text property in UTF-16.
pub(super) fn unicode(number: u16, text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    property(0x1f, number, &variable(&[&units]))
}

/// A property in eight bits.
pub(super) fn text(number: u16, text: &[u8]) -> Vec<u8> {
    property(0x1e, number, &variable(&[&[text, b"\0"].concat()]))
}

/// A binary property.
pub(super) fn binary(number: u16, bytes: &[u8]) -> Vec<u8> {
    property(0x102, number, &variable(&[bytes]))
}

/// A number.
pub(super) fn number(number: u16, value: u32) -> Vec<u8> {
    property(0x03, number, &value.to_le_bytes())
}

/// A list of properties.
pub(super) fn list(properties: &[Vec<u8>]) -> Vec<u8> {
    [&length(properties.len())[..], &properties.concat()].concat()
}

/// An attribute of the letter (level 1) or of an attachment (level 2).
pub(super) fn attribute(level: u8, number: u16, data: &[u8]) -> Vec<u8> {
    let sum = data.iter().fold(0_u16, |sum, &byte| sum.wrapping_add(byte.into()));
    let head = [&[level][..], &number.to_le_bytes(), &6_u16.to_le_bytes(), &length(data.len())].concat();
    [head, data.to_vec(), sum.to_le_bytes().to_vec()].concat()
}

/// The whole.
pub(super) fn tnef(attributes: &[Vec<u8>]) -> Vec<u8> {
    [super::SIGNATURE, b"\x01\x00", &attributes.concat()].concat()
}

/// RTF as a letter holds it, not compressed.
pub(super) fn stored(rtf: &str) -> Vec<u8> {
    [&length(rtf.len() + 12)[..], &length(rtf.len()), b"MELA\0\0\0\0", rtf.as_bytes()].concat()
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap().to_le_bytes()
}
