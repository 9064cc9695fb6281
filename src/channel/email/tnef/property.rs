//! Lists of MAPI properties (MS-OXTNEF §2.1.3.4, `MsgPropertyList`).

use std::borrow::Cow;

use super::{
    code_page::{CodePage, utf16},
    cursor::Cursor,
};

/// Properties of one list beyond this number are not read. Outlook writes about a hundred.
const MAX_PROPERTIES: usize = 4_096;
/// Numbers from here on are given by name, in each letter anew.
const FIRST_NAMED: u16 = 0x8000;
/// Flag of a type: several values.
const SEVERAL: u16 = 0x1000;

/// A property that we may have a use for.
pub(super) struct Property<'a> {
    pub(super) number: u16,
    pub(super) value: Value<'a>,
}

/// The value of a property, the first where there are several.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Number(u32),
    /// Text in some code page.
    Text(&'a [u8]),
    /// Text in UTF-16.
    Unicode(&'a [u8]),
    Binary(&'a [u8]),
    /// An object, behind its class identifier.
    Object(&'a [u8]),
    /// Of a type that nobody asks for.
    Other,
}

impl<'a> Value<'a> {
    /// As text. Binary is text in the case of HTML, where `code_page` is that of the net.
    pub(super) fn text(self, code_page: Option<CodePage>) -> Option<Cow<'a, str>> {
        let text = match self {
            Self::Text(bytes) | Self::Binary(bytes) => code_page.unwrap_or(CodePage::WINDOWS).text(bytes),
            Self::Unicode(bytes) => utf16(bytes),
            Self::Number(_) | Self::Object(_) | Self::Other => return None,
        };
        (!text.trim_matches(['\0', ' ', '\r', '\n']).is_empty()).then(|| without_nul(text))
    }
}

/// Strings end in NUL.
fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches('\0')),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end_matches('\0').len());
            Cow::Owned(text)
        }
    }
}

/// The properties of a list, as far as it can be read.
pub(super) struct Properties<'a> {
    rest: Cursor<'a>,
    left: usize,
    /// Nothing was cut off or beyond reading so far.
    pub(super) whole: bool,
}

impl<'a> Properties<'a> {
    pub(super) fn of(list: &'a [u8]) -> Self {
        let mut rest = Cursor::new(list);
        let announced = rest.length();
        let left = announced.unwrap_or(0).min(MAX_PROPERTIES);
        Self { rest, left, whole: list.is_empty() || announced == Some(left) }
    }

    fn property(&mut self) -> Option<Property<'a>> {
        let kind = self.rest.u16()?;
        let number = self.rest.u16()?;
        if number >= FIRST_NAMED {
            self.name()?;
        }
        let value = self.value(kind)?;
        Some(Property { number, value })
    }

    /// A name is a number or text inside a name space (a GUID).
    fn name(&mut self) -> Option<()> {
        self.exactly(16)?;
        if self.rest.u32()? == 0 {
            self.rest.u32()?;
        } else {
            self.padded()?;
        }
        Some(())
    }

    fn value(&mut self, kind: u16) -> Option<Value<'a>> {
        let several = kind & SEVERAL != 0;
        let kind = kind & !SEVERAL;
        match kind {
            // Short, Boolean, Error, Long, Float
            0x02 | 0x0b | 0x0a | 0x03 | 0x04 => self.fixed(4, several),
            // Double, Currency, AppTime, LongLong, SysTime
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => self.fixed(8, several),
            // ClassId
            0x48 => self.fixed(16, several),
            // Object, String8, Unicode, Binary
            0x0d | 0x1e | 0x1f | 0x102 => self.variable(kind),
            _ => None, // of unknown length: what follows cannot be found
        }
    }

    fn fixed(&mut self, size: usize, several: bool) -> Option<Value<'a>> {
        let count = if several { self.rest.length()? } else { 1 };
        let values = self.exactly(size.checked_mul(count)?)?;
        let number = (size == 4).then(|| Cursor::new(values).u32()).flatten();
        Some(number.map_or(Value::Other, Value::Number))
    }

    /// Always several, though mostly one. Each takes four bytes at least, so that the count needs no limit.
    fn variable(&mut self, kind: u16) -> Option<Value<'a>> {
        let mut first = None;
        for _ in 0..self.rest.length()? {
            let value = self.padded()?;
            first = first.or(Some(value));
        }
        let value = first.unwrap_or_default();
        Some(match kind {
            0x0d => Value::Object(value.get(16..).unwrap_or_default()),
            0x1e => Value::Text(value),
            0x1f => Value::Unicode(value),
            _ => Value::Binary(value),
        })
    }

    /// A length, so many bytes, and what fills them up to a multiple of four. What was cut off is given as far as it goes.
    fn padded(&mut self) -> Option<&'a [u8]> {
        let length = self.rest.length()?;
        let value = self.rest.up_to(length);
        self.whole &= value.len() == length;
        self.rest.up_to(length.wrapping_neg() % 4);
        Some(value)
    }

    fn exactly(&mut self, length: usize) -> Option<&'a [u8]> {
        Some(self.rest.up_to(length)).filter(|taken| taken.len() == length)
    }
}

impl<'a> Iterator for Properties<'a> {
    type Item = Property<'a>;

    fn next(&mut self) -> Option<Property<'a>> {
        self.left = self.left.checked_sub(1)?;
        let property = self.property();
        if property.is_none() {
            self.left = 0;
            self.whole = false;
        }
        property
    }
}
