//! A letter's plain text on the page: escaped, with the addresses of web pages made into links. Only `http` and `https`:
//! whatever else can be clicked in a browser does something.

use std::fmt::Write as _;

use crate::app::letters::escape_into;

/// More text than this is not shown: nobody reads it there, and every page would carry it. In bytes.
const SHOWN: usize = 100_000;
const CUT: &str = "…\n\n[Il messaggio continua: per leggerlo tutto scarica il messaggio originale.]";

/// The text as far as it is shown: as HTML if there is anything to link in it, and as it is.
#[must_use]
pub fn shown(text: &str) -> (Option<String>, String) {
    let text = match text.floor_char_boundary(SHOWN) {
        end if end < text.len() => format!("{}{CUT}", &text[..end]),
        _ => text.to_owned(),
    };
    (linked(&text), text)
}

/// The text as HTML if there is anything to link in it, else `None`: the template shows plain text by itself.
#[must_use]
pub fn linked(text: &str) -> Option<String> {
    let mut rest = text;
    let mut html = String::new();
    while let Some((at, url)) = next_url(rest) {
        if html.is_empty() {
            html.reserve(text.len() + 200);
            html.push_str("<div class=\"pre\">");
        }
        escape_into(&mut html, &rest[..at]);
        let mut address = String::with_capacity(url.len());
        escape_into(&mut address, url);
        let _ = write!(html, "<a href=\"{address}\" rel=\"noopener noreferrer nofollow\">{address}</a>");
        rest = &rest[at + url.len()..];
    }
    if html.is_empty() {
        return None;
    }
    escape_into(&mut html, rest);
    html.push_str("</div>");
    Some(html)
}

/// The next address and where it begins. A scheme in the middle of a word is none.
fn next_url(text: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find("http")?;
        from = at + 4;
        let within_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let scheme = ["https://", "http://"].into_iter().find(|scheme| text[at..].starts_with(scheme));
        let (Some(scheme), false) = (scheme, within_word) else { continue };
        let url = trimmed(&text[at..][..end_of_url(&text[at..])]);
        if url.len() > scheme.len() {
            return Some((at, url));
        }
    }
}

fn end_of_url(text: &str) -> usize {
    let ends =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”');
    text.find(ends).unwrap_or(text.len())
}

/// The sentence's own signs behind an address are not part of it.
fn trimmed(url: &str) -> &str {
    let mut url = url;
    loop {
        let shorter = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_', ']', '}']);
        let shorter = if shorter.contains('(') { shorter } else { shorter.trim_end_matches(')') };
        if shorter.len() == url.len() {
            return url;
        }
        url = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let html = linked(text).unwrap_or_default();
        html.split("href=\"").skip(1).map(|rest| rest[..rest.find('"').unwrap()].to_owned()).collect()
    }

    #[test]
    fn addresses_become_links_and_the_sentence_stays() {
        assert_eq!(
            linked("Vedi https://ente.example/a?b=1&c=2, grazie <b>").unwrap(),
            "<div class=\"pre\">Vedi <a href=\"https://ente.example/a?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\">\
             https://ente.example/a?b=1&amp;c=2</a>, grazie &lt;b&gt;</div>"
        );
        assert_eq!(
            links("(http://a.example/x) e <https://b.example/(y)>."),
            ["http://a.example/x", "https://b.example/(y)"]
        );
        assert_eq!(links("http://a.example/?q='x'"), ["http://a.example/?q=&#39;x"]);
    }

    #[test]
    fn nothing_else_becomes_a_link() {
        for text in [
            "",
            "nessun indirizzo",
            "javascript:alert(1)",
            "http:// ",
            "https://",
            "xhttp://a.example",
            "http:/a.example",
        ] {
            assert_eq!(linked(text), None, "{text}");
        }
    }
}
