//! The pictures of a cleaned letter.

use std::collections::HashSet;

use super::super::decode;

/// The Content-IDs of the pictures that a cleaned letter shows.
#[must_use]
pub fn shown_images(html: &str) -> HashSet<String> {
    let mut shown = HashSet::new();
    for piece in html.split("<img").skip(1) {
        shown.extend(Image::read(&piece[..end_of_tag(piece)]).content_id);
    }
    shown
}

pub(super) fn is_cid(url: &str) -> bool {
    url.trim_start().get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"))
}

/// An `<img …>` of cleaned HTML.
pub(super) struct Image {
    /// As it stands, escaped.
    pub(super) source: String,
    /// As it stands, escaped.
    alternative: String,
    pub(super) content_id: Option<String>,
}

impl Image {
    /// `attributes`: what stands between `<img` and `>`.
    fn read(attributes: &str) -> Self {
        let (mut source, mut alternative) = ("", "");
        let mut rest = attributes;
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').unwrap_or((after, ""));
            match name.trim() {
                "src" => source = value.trim(),
                "alt" => alternative = value,
                _ => {}
            }
            rest = after;
        }
        let content_id = is_cid(source).then(|| content_id(&source[4..]));
        Self { source: source.to_owned(), alternative: alternative.to_owned(), content_id }
    }

    fn words(&self) -> String {
        self.alternative.replace('<', "&lt;").replace('>', "&gt;")
    }

    pub(super) fn with_source(&self, source: &str) -> String {
        format!("<img src=\"{source}\" alt=\"{}\">", self.alternative)
    }
}

/// Replaces each picture by what `write` makes of it, or by its words.
pub(super) fn replace_images(html: String, write: impl Fn(&Image) -> Option<String>) -> String {
    if !html.contains("<img") {
        return html;
    }
    let mut replaced = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = rest.find("<img") {
        replaced.push_str(&rest[..at]);
        let inside = &rest[at + 4..];
        let end = end_of_tag(inside);
        let image = Image::read(&inside[..end]);
        replaced.push_str(&write(&image).unwrap_or_else(|| image.words()));
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    replaced.push_str(rest);
    replaced
}

/// The `>` that ends the tag: not one inside quotes.
fn end_of_tag(inside: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at,
            _ => {}
        }
    }
    inside.len()
}

/// Content-ID of a `cid:` address: references and percent signs undone, no angle brackets.
fn content_id(address: &str) -> String {
    let plain =
        address.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let mut bytes = Vec::with_capacity(plain.len());
    decode::percent(&plain, &mut bytes);
    String::from_utf8_lossy(&bytes).trim_matches(['<', '>', ' ']).to_owned()
}
