//! HTML that may be shown at the desk: no scripts, styles, forms or frames, nothing that is fetched from elsewhere, links
//! that give nothing away.
//!
//! Two steps: `order` makes HTML of it that costs no more than its length, and the sanitiser (ammonia, on html5ever)
//! decides what is harmless. Without the first, some few kilobytes of crossed tags become seconds and tens of
//! megabytes; a time after which the sanitiser was stopped did not help, since it made a letter look different on a
//! busy machine.
//!
//! A picture that the letter itself brings keeps `src="cid:…"`; the page gives it an address with
//! [`link_inline_images`]. Every other picture would tell its sender who reads when, and is replaced by its words.

mod images;
mod order;

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use memchr::memchr_iter;

use super::{decode, html};
use images::{is_cid, replace_images};

pub use images::shown_images;

/// Largest HTML in bytes that is cleaned.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Most references to characters (`&egrave;`) in HTML that is cleaned. html5ever reads each for half a microsecond: a megabyte
/// of `&` would take half a second, and no letter has a tenth of that.
const MAX_REFERENCES: usize = 100_000;
/// What the words of a letter's own picture are when it has none: it may be all that a link shows.
const NAMELESS: &str = "alt=\"immagine\"";

/// Cleaned HTML, empty when it shows nothing; `None` when it is too long, or costs too much: then its text is shown.
#[must_use]
pub fn clean(html: &str) -> Option<String> {
    if html.trim().is_empty() {
        return Some(String::new());
    }
    if html.len() > MAX_BYTES || memchr_iter(b'&', html.as_bytes()).count() > MAX_REFERENCES {
        return None;
    }
    // a reference may name a character that is not kept
    let cleaned = decode::tidy(&CLEANER.clean(&order::in_order(html)).to_string());
    let cleaned =
        replace_images(cleaned, |image| image.content_id.is_some().then(|| image.with_source(&image.source)));
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
    replace_images(html.to_owned(), |image| {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_that_is_made_of_references_is_shown_as_text() {
        assert!(clean(&"&egrave; ".repeat(MAX_REFERENCES)).is_some());
        assert_eq!(clean(&"& ".repeat(MAX_REFERENCES + 1)), None);
    }

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
    fn a_long_text_stays_whole() {
        let words = "perché è così ".repeat(1_000);
        assert_eq!(clean(&words).unwrap(), words.trim_end());
    }

    #[test]
    fn html_that_shows_nothing_is_empty() {
        assert_eq!(
            clean("<html><body><div>&nbsp; <img src=http://t.example></div></body></html>").unwrap(),
            ""
        );
        assert_eq!(clean("<img src=cid:a>").unwrap(), "<img src=\"cid:a\" alt=\"\">");
        assert_eq!(clean("a&#1;&#0;&#x7f;b&#13;c").unwrap(), "a\u{fffd}b\nc");
    }

    #[test]
    fn bombs_do_not_go_off() {
        let crossed: String = (0..20_000).map(|n| format!("<p><b id={n}>x</i>")).collect();
        let attributes: String = (0..100_000).map(|n| format!(" a{n}=1")).collect();
        for bomb in [
            "<div>x".repeat(150_000),
            "<div>x</y>".repeat(100_000),
            crossed,
            format!("<table>{}", "<b>x</b>".repeat(100_000)),
            format!("<p{attributes}>x"),
            "°x".repeat(300_000),
            format!("{}{}", "<ul><li>".repeat(400), "<p>x".repeat(100_000)),
        ] {
            let words = bomb.matches('x').count();
            assert_eq!(clean(&bomb).unwrap().matches('x').count(), words, "{}", &bomb[..20]);
        }
        assert_eq!(clean(&"x".repeat(MAX_BYTES + 1)), None);
    }
}
