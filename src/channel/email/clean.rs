//! HTML that may be shown at the desk: no scripts, styles, forms or frames, nothing that is fetched from elsewhere, links
//! that give nothing away.
//!
//! The sanitiser (ammonia, on html5ever) needs time with the square of the nesting, and some few kilobytes of crossed
//! formatting become tens of megabytes of tree. Three fences: a size, a first look at the nesting, and a time after
//! which the reader simply ends. Behind each of them the letter is shown as plain text. The time makes the third fence
//! depend on the machine; it is far from anything that a letter needs, and the raw mail is kept in any case.
//!
//! A picture that the letter itself brings keeps `src="cid:…"`; the page gives it an address with
//! [`link_inline_images`]. Every other picture would tell its sender who reads when, and is replaced by its words.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    io::{self, Read},
    sync::LazyLock,
    time::{Duration, Instant},
};

use ammonia::{Builder, UrlRelative};

use super::html;

/// Largest HTML in bytes that is cleaned.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Deepest nesting that is cleaned.
const MAX_DEPTH: usize = 500;
/// What the words of a letter's own picture are when it has none: it may be all that a link shows.
const NAMELESS: &str = "alt=\"immagine\"";
/// Longest time for one letter. A usual one needs a thousandth of it.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Cleaned HTML, empty when it shows nothing; `None` when it is beyond the fences.
#[must_use]
pub fn clean(html: &str) -> Option<String> {
    if html.len() > MAX_BYTES || !nested_reasonably(html) {
        return None;
    }
    let reader = Timed { rest: html.as_bytes(), until: Instant::now() + MAX_TIME };
    let document = CLEANER.clean_from_reader(reader).ok()?;
    let cleaned = replace_images(&document.to_string(), |image| {
        image.content_id.is_some().then(|| image.with_source(&image.source))
    });
    Some(if shows_something(&cleaned) { cleaned } else { String::new() })
}

/// There is a word or a picture in cleaned HTML.
fn shows_something(cleaned: &str) -> bool {
    cleaned.split('<').any(|piece| {
        let words = piece.split_once('>').map_or(piece, |(_, words)| words);
        piece.starts_with("img") || words.split("&nbsp;").any(|words| !words.trim().is_empty())
    })
}

/// Gives the pictures of a cleaned letter their addresses: `url_of` knows them by Content-ID. A picture that it does not
/// know is replaced by its words. Only for HTML that comes out of [`clean`].
#[must_use]
pub fn link_inline_images(html: &str, url_of: impl Fn(&str) -> Option<String>) -> String {
    replace_images(html, |image| {
        let url = url_of(image.content_id.as_deref()?)?;
        let mut escaped = String::with_capacity(url.len());
        html::escape_into(&mut escaped, &url);
        Some(image.with_source(&escaped).replace("alt=\"\"", NAMELESS))
    })
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::default();
    cleaner
        .rm_tags(["area", "map", "nav", "header", "footer", "aside", "article", "details", "summary"])
        .add_clean_content_tags([
            "button", "head", "iframe", "math", "noembed", "noframes", "object", "option", "select", "svg",
            "template", "textarea", "title", "xmp",
        ])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "href") => (!is_cid(value)).then_some(Cow::Borrowed(value)),
            ("img", "src") => is_cid(value).then_some(Cow::Borrowed(value)),
            (_, "cite" | "src" | "href") => None,
            _ => Some(Cow::Borrowed(value)),
        });
    // Whatever headings a letter uses, in the outline of the page they stand below that of their message.
    for heading in ["h1", "h2", "h3", "h4", "h5", "h6"] {
        cleaner.set_tag_attribute_value(heading, "aria-level", "4");
    }
    cleaner
});

fn is_cid(url: &str) -> bool {
    url.trim_start().get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"))
}

/// A first look: elements opened less elements closed. It can be deceived by crossed tags; the time cannot.
fn nested_reasonably(html: &str) -> bool {
    const DO_NOT_NEST: &[&str] = &[
        "area", "base", "body", "br", "col", "dd", "dt", "head", "hr", "html", "img", "input", "li", "link",
        "meta", "o:p", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
    ];
    let mut depth = 0_usize;
    for piece in html.split('<').skip(1) {
        let closing = piece.starts_with('/');
        let name = piece.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(name.len())];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || DO_NOT_NEST.iter().any(|one| name.eq_ignore_ascii_case(one))
        {
            continue;
        }
        depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        if depth > MAX_DEPTH {
            return false;
        }
    }
    true
}

/// Gives the text in small pieces and ends with an error when the time is over: the only way to stop html5ever.
struct Timed<'a> {
    rest: &'a [u8],
    until: Instant,
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let piece = buffer.len().min(1024);
        self.rest.read(&mut buffer[..piece])
    }
}

/// An `<img …>` of cleaned HTML.
struct Image {
    /// As it stands, escaped.
    source: String,
    /// As it stands, escaped.
    alternative: String,
    content_id: Option<String>,
}

impl Image {
    /// `attributes`: what stands between `<img` and `>`.
    fn read(attributes: &str) -> Self {
        let attributes: HashMap<&str, &str> =
            attributes.split("\" ").filter_map(|one| one.trim().split_once("=\"")).collect();
        let value = |name| {
            attributes.get(name).map(|value| value.trim_end_matches('"').to_owned()).unwrap_or_default()
        };
        let source = value("src").trim().to_owned();
        let content_id = is_cid(&source).then(|| content_id(&source[4..]));
        Self { source, alternative: value("alt"), content_id }
    }

    fn words(&self) -> String {
        self.alternative.replace('<', "&lt;").replace('>', "&gt;")
    }

    fn with_source(&self, source: &str) -> String {
        format!("<img src=\"{source}\" alt=\"{}\">", self.alternative)
    }
}

/// Replaces each picture by what `write` makes of it, or by its words.
fn replace_images(html: &str, write: impl Fn(&Image) -> Option<String>) -> String {
    let mut replaced = String::with_capacity(html.len());
    let mut rest = html;
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
    let mut rest = plain.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.filter(|_| byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).trim_matches(['<', '>', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_active_and_nothing_foreign_remains() {
        let html = "<meta http-equiv=refresh content='0;url=http://x'><style>p{}</style><script>alert(1)</script><title>t</title>\
            <form action=x><input name=a>Modulo<button>Vai</button></form><p onclick=x style='color:red' class=a id=b>Ciao <b>mondo</b>\
            <img src='http://t.example/p.gif' alt='logo > <b>'><img src=\"data:image/png;base64,AA\"><a href='javascript:x'>a</a>\
            <a href=\"java\tscript:x\">a</a><a href=/login>b</a><a href=cid:x>c</a></p><iframe src=x>f</iframe><svg><script>1</script></svg>";
        assert_eq!(
            clean(html).unwrap(),
            "Modulo<p>Ciao <b>mondo</b>logo &gt; &lt;b&gt;<a rel=\"noopener noreferrer nofollow\">a</a>\
            <a rel=\"noopener noreferrer nofollow\">a</a><a rel=\"noopener noreferrer nofollow\">b</a><a rel=\"noopener noreferrer nofollow\">c</a></p>"
        );
    }

    #[test]
    fn links_to_the_world_stay_and_give_nothing_away() {
        let links = "<a href='https://ok.it/?a=1&amp;b=2'>web</a><a href='mailto:a@b.it'>mail</a><a href='tel:+39055'>tel</a>";
        let cleaned = clean(links).unwrap();
        assert_eq!(cleaned.matches("rel=\"noopener noreferrer nofollow\"").count(), 3);
        for address in ["https://ok.it/?a=1&amp;b=2", "mailto:a@b.it", "tel:+39055"] {
            assert!(cleaned.contains(address), "{cleaned}");
        }
    }

    #[test]
    fn a_picture_of_the_letter_gets_the_address_of_its_attachment() {
        let cleaned = clean("<p>Guardi: <img SRC=\"CID:foto%201@x\" alt='la \"strada\"' width=3><img src='cid:altra@x' alt='sparita'></p>").unwrap();
        let linked = link_inline_images(&cleaned, |id| {
            (id == "foto 1@x").then(|| "/desk/attachments/7?a=1&b=\"2\"".to_owned())
        });
        assert_eq!(
            linked,
            "<p>Guardi: <img src=\"/desk/attachments/7?a=1&amp;b=&quot;2&quot;\" alt=\"la &quot;strada&quot;\">sparita</p>"
        );
    }

    #[test]
    fn a_picture_without_words_and_a_heading_fit_into_the_page() {
        let cleaned = clean("<h1>Logo</h1><a href='https://a.example/'><img src=cid:logo></a>").unwrap();
        assert!(cleaned.starts_with("<h1 aria-level=\"4\">Logo</h1>"), "{cleaned}");
        let linked = link_inline_images(&cleaned, |_| Some("/logo".to_owned()));
        assert!(linked.ends_with("<img src=\"/logo\" alt=\"immagine\"></a>"), "{linked}");
    }

    #[test]
    fn accents_survive_the_small_pieces() {
        let words = "perché è così ".repeat(1_000);
        assert_eq!(clean(&words).unwrap(), words);
    }

    #[test]
    fn html_that_shows_nothing_is_empty() {
        assert_eq!(
            clean("<html><body><div>&nbsp; <img src=http://t.example></div></body></html>").unwrap(),
            ""
        );
        assert_eq!(clean("<img src=cid:a>").unwrap(), "<img src=\"cid:a\" alt=\"\">");
    }

    #[test]
    fn bombs_are_shown_as_text() {
        let started = Instant::now();
        assert_eq!(clean(&"<div>".repeat(300_000)), None);
        assert_eq!(clean(&"<div>".repeat(2_000)), None);
        // these two deceive the first look: only the time ends them
        let crossed: Vec<String> = (0..20_000).map(|n| format!("<p><b id={n}>x</i>")).collect();
        assert_eq!(clean(&crossed.concat()), None);
        assert_eq!(clean(&"<div></x>".repeat(100_000)), None);
        assert!(started.elapsed() < 10 * MAX_TIME, "{:?}", started.elapsed());
    }
}
