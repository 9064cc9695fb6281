//! Windows code pages under the names by which character sets are known on the net.

use std::borrow::Cow;

use encoding_rs::UTF_16LE;

use crate::channel::email::decode;

/// A code page of which we know what it is on the net.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CodePage(&'static str);

impl CodePage {
    /// Western Europe, which is what Windows means when it says nothing.
    pub(super) const WINDOWS: Self = Self("windows-1252");

    /// By its number.
    pub(super) fn of(number: u32) -> Option<Self> {
        NAMES.iter().find(|(one, _)| *one == number).map(|(_, name)| Self(name))
    }

    /// By the `\fcharset` of a font (RTF 1.9.1, "Font Table"). `None`: that of the document.
    pub(super) fn of_font(charset: u32) -> Option<Self> {
        Self::of(match charset {
            0 | 2 => 1252,
            77 => 10000,
            128 => 932,
            129 => 949,
            134 => 936,
            136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            255 => 850,
            _ => return None,
        })
    }

    /// Bytes in this code page as text.
    pub(super) fn text(self, bytes: &[u8]) -> Cow<'_, str> {
        decode::text(bytes, Some(self.0))
    }
}

/// UTF-16 as Windows writes it.
pub(super) fn utf16(bytes: &[u8]) -> Cow<'_, str> {
    UTF_16LE.decode_without_bom_handling(&bytes[..bytes.len() & !1]).0
}

/// Microsoft, "Code Page Identifiers"; the names are those of [`decode::text`].
const NAMES: &[(u32, &str)] = &[
    (850, "cp850"),
    (866, "ibm866"),
    (874, "windows-874"),
    (932, "shift_jis"),
    (936, "gbk"),
    (949, "euc-kr"),
    (950, "big5"),
    (1250, "windows-1250"),
    (1251, "windows-1251"),
    (1252, "windows-1252"),
    (1253, "windows-1253"),
    (1254, "windows-1254"),
    (1255, "windows-1255"),
    (1256, "windows-1256"),
    (1257, "windows-1257"),
    (1258, "windows-1258"),
    (10000, "macintosh"),
    (20127, "us-ascii"),
    (20866, "koi8-r"),
    (20932, "euc-jp"),
    (21866, "koi8-u"),
    (28591, "iso-8859-1"),
    (28592, "iso-8859-2"),
    (28593, "iso-8859-3"),
    (28594, "iso-8859-4"),
    (28595, "iso-8859-5"),
    (28596, "iso-8859-6"),
    (28597, "iso-8859-7"),
    (28598, "iso-8859-8"),
    (28599, "iso-8859-9"),
    (28603, "iso-8859-13"),
    (28605, "iso-8859-15"),
    (50220, "iso-2022-jp"),
    (50221, "iso-2022-jp"),
    (50222, "iso-2022-jp"),
    (51932, "euc-jp"),
    (51949, "euc-kr"),
    (54936, "gb18030"),
    (65000, "utf-7"),
    (65001, "utf-8"),
];
