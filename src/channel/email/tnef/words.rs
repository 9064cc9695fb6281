//! The words of the letter, which a `winmail.dat` may hold in four forms.

use super::{
    code_page::CodePage,
    lzfu,
    property::{Properties, Value},
    rtf::{self, Rtf},
};

/// The words of the letter.
#[derive(Default)]
pub(super) struct Words {
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    /// Code page of everything that is not Unicode.
    pub(super) code_page: Option<CodePage>,
    /// All could be read.
    pub(super) whole: bool,
}

impl Words {
    /// `body`: the attribute of old programs; `properties`: the list of the newer ones; `oem`: the declared code page.
    pub(super) fn read(body: &[u8], properties: &[u8], oem: Option<CodePage>) -> Self {
        let mut found = Found::default();
        let mut list = Properties::of(properties);
        for property in &mut list {
            found.add(property.number, property.value);
        }
        // the list says it of the letter, the attribute of the program that wrote it
        let code_page = found.message_code_page.or(oem);
        let mut words = Self {
            text: found.body.and_then(|body| body.text(code_page)).map(Into::into),
            html: found.html.and_then(|html| html.text(found.net_code_page.or(code_page))).map(Into::into),
            code_page,
            whole: list.whole,
        };
        let text = words.text.take().or_else(|| Value::Text(body).text(oem).map(Into::into));
        words.text = text;
        // RTF is what Outlook always writes, and the dearest to read
        if let Some(rtf) = found.rtf.filter(|rtf| words.html.is_none() && !rtf.is_empty()) {
            words.add_rtf(rtf);
        }
        words
    }

    fn add_rtf(&mut self, compressed: &[u8]) {
        let Some((rtf, ended)) = lzfu::decompress(compressed) else {
            self.whole = false;
            return;
        };
        let Rtf { text, html, whole } = rtf::read(&rtf);
        self.html = html;
        self.text = self.text.take().or(text);
        self.whole &= whole && ended;
    }
}

/// The properties that we look for (MS-OXPROPS).
#[derive(Default)]
struct Found<'a> {
    body: Option<Value<'a>>,
    html: Option<Value<'a>>,
    rtf: Option<&'a [u8]>,
    net_code_page: Option<CodePage>,
    message_code_page: Option<CodePage>,
}

impl<'a> Found<'a> {
    fn add(&mut self, number: u16, value: Value<'a>) {
        match (number, value) {
            // PidTagBody, PidTagHtml, PidTagRtfCompressed, PidTagInternetCodepage, PidTagMessageCodepage
            (0x1000, value) => self.body = Some(value),
            (0x1013, value) => self.html = Some(value),
            (0x1009, Value::Binary(bytes)) => self.rtf = Some(bytes),
            (0x3fde, Value::Number(number)) => self.net_code_page = CodePage::of(number),
            (0x3ffd, Value::Number(number)) => self.message_code_page = CodePage::of(number),
            _ => {}
        }
    }
}
