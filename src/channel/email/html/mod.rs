//! HTML as plain text, in one pass without a tree: it also has to serve where HTML is too wild to be cleaned.

use mail_parser::decoders::html::add_html_token;

use token::{Piece, Tag};

pub(super) mod token;

/// Deepest quotation that is told from the one around it.
const MAX_MARKS: usize = 5;
/// Attributes of a quotation that are looked at.
const MAX_ATTRIBUTES: usize = 20;

/// What a reader of the HTML would read. Linear in its length.
#[must_use]
pub fn to_text(html: &str) -> String {
    let mut text = Text::default();
    for piece in token::pieces(html) {
        match piece {
            Piece::Words(words) => text.words(words),
            Piece::Tag(tag) => text.tag(&tag),
        }
    }
    text.finished()
}

/// Plain text as HTML: paragraphs and line breaks, everything escaped.
#[must_use]
pub fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str("<p>");
        for (number, line) in paragraph.trim_matches('\n').lines().enumerate() {
            if number > 0 {
                html.push_str("<br>\n");
            }
            escape_into(&mut html, line);
        }
        html.push_str("</p>\n");
    }
    html
}

/// Writes `text` so that HTML shows it as it is, also inside a quoted attribute.
pub fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

/// Words and line ends as they gather.
#[derive(Default)]
struct Text {
    written: String,
    /// A white space is owed before the next word.
    space: bool,
    /// So many line ends are owed before the next word.
    lines: usize,
    /// The quotations that are open: whether each is marked as one.
    quotations: Vec<bool>,
    /// How many of them are.
    marked: usize,
}

impl Text {
    fn words(&mut self, raw: &str) {
        for piece in raw.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let word = piece.trim_end_matches(|c: char| c.is_ascii_whitespace());
            if !word.is_empty() {
                self.owed();
                decode_into(&mut self.written, word);
            }
            self.space |= word.len() < piece.len();
        }
    }

    fn owed(&mut self) {
        if self.lines > 0 {
            let marks = self.marked.min(MAX_MARKS);
            if self.lines > 1 && !self.written.is_empty() {
                self.written.extend(["\n", ">".repeat(marks).as_str()]);
            }
            if !self.written.is_empty() {
                self.written.push('\n');
            }
            self.written.push_str(&"> ".repeat(marks));
        } else if self.space && !self.written.is_empty() && !self.written.ends_with('\n') {
            self.written.push(' ');
        }
        self.lines = 0;
        self.space = false;
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        if name == "blockquote" {
            if tag.closing {
                self.marked -= usize::from(self.quotations.pop().unwrap_or_default());
            } else {
                self.quotations.push(is_quotation(tag));
                self.marked += usize::from(self.quotations.ends_with(&[true]));
            }
        }
        match name.as_str() {
            "br" => self.lines += 1,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "blockquote" | "pre"
            | "hr" => {
                self.lines = self.lines.max(2);
            }
            "div" | "tr" | "dt" | "dd" | "center" | "section" | "article" | "header" | "footer"
            | "address" => {
                self.lines = self.lines.max(1);
            }
            "li" => {
                self.lines = self.lines.max(1);
                if !tag.closing {
                    self.owed();
                    self.written.push_str("- ");
                }
            }
            "td" | "th" => self.space = true,
            _ => {}
        }
    }

    fn finished(mut self) -> String {
        self.written.truncate(self.written.trim_end().len());
        self.written
    }
}

/// Mail programs say so (`type="cite"`, `class="gmail_quote"`); any other `<blockquote>` may be its writer's own words,
/// moved to the right.
fn is_quotation(tag: &Tag<'_>) -> bool {
    tag.attributes().take(MAX_ATTRIBUTES).any(|(name, value)| match name.to_ascii_lowercase().as_str() {
        "type" => value.eq_ignore_ascii_case("cite"),
        "class" => value.contains("quote"),
        _ => false,
    })
}

/// A word with its character references (`&egrave;`) written out.
fn decode_into(text: &mut String, word: &str) {
    let mut rest = word;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(34).position(|byte| byte == b';');
        let reference = end.map(|end| &rest[..=end]).filter(|reference| reference.is_ascii());
        let reference = reference.unwrap_or("&");
        if reference.len() > 1 {
            add_html_token(text, reference.as_bytes(), false);
        } else {
            text.push('&');
        }
        rest = &rest[reference.len()..];
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_reads_as_its_reader_sees_it() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><div>Buongiorno,</div><div>perch&eacute;\n no?<br>\
            Grazie</div><p>Due</p><ul><li>uno<li>due</ul><table><tr><td>a<td>b</table><!-- <p>no --><script>if(a<b)</script>fine &amp; basta";
        assert_eq!(
            to_text(html),
            "Buongiorno,\nperché no?\nGrazie\n\nDue\n\n- uno\n- due\n\na b\n\nfine & basta"
        );
    }

    #[test]
    fn a_quotation_is_marked_as_in_plain_text() {
        let html = "<div>Grazie.</div>Il 3/2 Anna ha scritto:<blockquote type=cite>Buongiorno,<p>due</p><blockquote class='gmail_quote'>uno</blockquote>\
            </blockquote>fine<blockquote>a destra</blockquote>";
        assert_eq!(
            to_text(html),
            "Grazie.\nIl 3/2 Anna ha scritto:\n>\n> Buongiorno,\n>\n> due\n>>\n> > uno\n\nfine\n\na destra"
        );
        assert_eq!(to_text(&"<blockquote type=cite>a".repeat(100)).lines().last(), Some("> > > > > a"));
    }

    #[test]
    fn what_only_looks_like_html_is_kept() {
        assert_eq!(to_text("1 < 2 & 3 > 2 &; &egrave"), "1 < 2 & 3 > 2 &; &egrave");
        assert_eq!(to_text("a<b"), "a");
        assert_eq!(to_text("è<"), "è<");
        assert_eq!(to_text("x<style>mai chiuso"), "x");
    }

    #[test]
    fn text_as_html_is_escaped() {
        assert_eq!(from_text("a<b\n\"c\"\n\n\nd"), "<p>a&lt;b<br>\n&quot;c&quot;</p>\n<p>d</p>\n");
    }
}
