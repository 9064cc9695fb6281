//! A file in a `winmail.dat`: old programs write it as attributes, newer ones as properties, most as both.

use std::borrow::Cow;

use super::{
    SIGNATURE,
    code_page::CodePage,
    property::{Properties, Value},
};
use crate::{
    channel::email::{headers::Headers, names::Names},
    domain::{mail::File, text::one_line},
};

/// What the attributes say of one attachment.
#[derive(Default)]
pub(super) struct Attachment<'a> {
    title: &'a [u8],
    data: Option<&'a [u8]>,
    properties: &'a [u8],
}

/// What a letter inside the letter is called: without an extension, no program would know it.
const ENCLOSED: &str = "application/ms-tnef";

impl<'a> Attachment<'a> {
    pub(super) fn add(&mut self, number: u16, data: &'a [u8]) {
        match number {
            // attAttachTitle, attAttachData, attAttachment
            0x8010 => self.title = data,
            0x800f => self.data = Some(data),
            0x9005 => self.properties = data,
            _ => {}
        }
    }

    /// The file, and whether that is all of it. One that is only referred to is none.
    pub(super) fn file(self, code_page: Option<CodePage>, names: &mut Names) -> (Option<File>, bool) {
        let mut found = Found::default();
        let mut list = Properties::of(self.properties);
        for property in &mut list {
            found.add(property.number, property.value);
        }
        let attribute = self.data.filter(|data| !data.is_empty() || found.data.is_none());
        let Some(bytes) = attribute.or(found.data) else { return (None, false) };
        let text = |value: Option<Value<'a>>| value.and_then(|value| value.text(code_page));
        let name = text(found.long_name)
            .or_else(|| Value::Text(self.title).text(code_page))
            .or_else(|| text(found.short_name))
            .or_else(|| text(found.shown_name));
        let (mut media_type, content_id) =
            declared(text(found.media_type).as_deref(), text(found.content_id).as_deref());
        let name = if bytes.starts_with(SIGNATURE) {
            ENCLOSED.clone_into(&mut media_type);
            name.map(|name| Cow::Owned(format!("{}.dat", name.trim_end_matches(".dat"))))
        } else {
            name
        };
        let name = names.give(name.as_deref(), &media_type);
        (Some(File { name, media_type, content_id, bytes: bytes.to_vec() }), list.whole)
    }
}

/// Media type and Content-ID with the same care as those of a mail.
fn declared(media_type: Option<&str>, content_id: Option<&str>) -> (String, Option<String>) {
    let field = |name, value: Option<&str>| value.map(|value| format!("{name}: {}\r\n", one_line(value)));
    let fields = [
        field("Content-Type", media_type.or(Some("application/octet-stream"))),
        field("Content-ID", content_id.map(|id| format!("<{}>", id.trim_matches(['<', '>']))).as_deref()),
    ];
    let headers = Headers::read_part(fields.into_iter().flatten().collect::<String>().as_bytes());
    (headers.media_type, headers.content_id)
}

/// The properties that we look for (MS-OXPROPS).
#[derive(Default)]
struct Found<'a> {
    data: Option<&'a [u8]>,
    long_name: Option<Value<'a>>,
    short_name: Option<Value<'a>>,
    shown_name: Option<Value<'a>>,
    media_type: Option<Value<'a>>,
    content_id: Option<Value<'a>>,
}

impl<'a> Found<'a> {
    fn add(&mut self, number: u16, value: Value<'a>) {
        match (number, value) {
            // PidTagAttachDataBinary or PidTagAttachDataObject
            (0x3701, Value::Binary(bytes) | Value::Object(bytes)) => self.data = Some(bytes),
            // PidTagAttachLongFilename, PidTagAttachFilename, PidTagDisplayName
            (0x3707, value) => self.long_name = Some(value),
            (0x3704, value) => self.short_name = Some(value),
            (0x3001, value) => self.shown_name = Some(value),
            // PidTagAttachMimeTag, PidTagAttachContentId
            (0x370e, value) => self.media_type = Some(value),
            (0x3712, value) => self.content_id = Some(value),
            _ => {}
        }
    }
}
