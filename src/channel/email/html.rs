//! HTML as plain text, in one pass without a tree: it also has to serve where HTML is too wild to be cleaned.

use mail_parser::decoders::html::add_html_token;

/// What a reader of the HTML would read. Linear in its length.
#[must_use]
pub fn to_text(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.words(&rest[..at]);
        rest = &rest[at..];
        let Some(tag) = Tag::read(rest) else {
            text.words("<");
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if !tag.closing && matches!(tag.name.as_str(), "script" | "style" | "title" | "template") {
            rest = after_end_of(&tag.name, rest);
        }
        text.tag(&tag);
    }
    text.words(rest);
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

/// A tag, comment or declaration.
struct Tag {
    name: String,
    closing: bool,
    /// Bytes from `<` to behind `>`.
    length: usize,
}

impl Tag {
    fn read(html: &str) -> Option<Self> {
        let inside = &html[1..];
        if inside.starts_with("!--") {
            let length =
                html.get(2..).and_then(|comment| comment.find("-->")).map_or(html.len(), |at| at + 5);
            return Some(Self { name: String::new(), closing: false, length });
        }
        let closing = inside.starts_with('/');
        let named = inside.strip_prefix('/').unwrap_or(inside);
        if !named.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
            return None;
        }
        let end =
            named.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(named.len());
        let name = named.get(..end.min(20)).unwrap_or_default().to_ascii_lowercase();
        let length = html.find('>').map_or(html.len(), |at| at + 1);
        Some(Self { name, closing, length })
    }
}

/// What follows the end tag of an element that holds no words.
fn after_end_of<'a>(name: &str, html: &'a str) -> &'a str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |at| &rest[at + 1..]);
        }
    }
    ""
}

/// Words and line ends as they gather.
#[derive(Default)]
struct Text {
    written: String,
    /// A white space is owed before the next word.
    space: bool,
    /// So many line ends are owed before the next word.
    lines: usize,
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
            if !self.written.is_empty() {
                self.written.extend(std::iter::repeat_n('\n', self.lines.min(2)));
            }
        } else if self.space && !self.written.is_empty() && !self.written.ends_with('\n') {
            self.written.push(' ');
        }
        self.lines = 0;
        self.space = false;
    }

    fn tag(&mut self, tag: &Tag) {
        match tag.name.as_str() {
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
