//! Words as they gather: bytes of one code page are decoded together, since a character may be two of them.

use crate::channel::email::tnef::code_page::CodePage;

/// Words as they gather.
#[derive(Default)]
pub(super) struct Output {
    written: String,
    /// Not yet decoded.
    bytes: Vec<u8>,
    code_page: Option<CodePage>,
    /// UTF-16, not yet decoded: a character may be two of them.
    units: Vec<u16>,
}

impl Output {
    pub(super) fn bytes(&mut self, bytes: &[u8], code_page: CodePage) {
        if bytes.is_empty() {
            return;
        }
        if !self.units.is_empty() || self.code_page != Some(code_page) {
            self.decode();
            self.code_page = Some(code_page);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The number of a `\u`: sixteen bits, negative from 32,768 on.
    pub(super) fn unit(&mut self, unit: i32) {
        if !self.bytes.is_empty() {
            self.decode();
        }
        let [low, high, ..] = unit.to_le_bytes();
        self.units.push(u16::from_le_bytes([low, high]));
    }

    pub(super) fn char(&mut self, c: char) {
        self.decode();
        self.written.push(c);
    }

    pub(super) fn finished(mut self) -> String {
        self.decode();
        self.written
    }

    fn decode(&mut self) {
        if let Some(code_page) = self.code_page.filter(|_| !self.bytes.is_empty()) {
            self.written.push_str(&code_page.text(&self.bytes));
            self.bytes.clear();
        }
        if !self.units.is_empty() {
            self.written.push_str(&String::from_utf16_lossy(&self.units));
            self.units.clear();
        }
    }
}
