//! HTML as tags and what stands between them, in one pass, each byte looked at a fixed number of times.
//!
//! Comments, declarations and elements whose content is no text for a reader (`<style>` …) are left out.

/// Elements whose content is not HTML, or not shown: it ends at the first end tag of their name.
const UNREAD: &[&str] =
    &["iframe", "noembed", "noframes", "script", "style", "template", "textarea", "title", "xmp"];

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text, with its character references. A lone `<` that begins no tag is such a text of its own.
    Words(&'a str),
    /// A tag.
    Tag(Tag<'a>),
}

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Name, as it is written.
    pub name: &'a str,
    /// It is an end tag.
    pub closing: bool,
    /// What stands between the name and `>`.
    attributes: &'a str,
}

/// The pieces, in order.
#[derive(Debug)]
pub struct Pieces<'a> {
    rest: &'a str,
    /// From here on there is no `"`: nothing is searched for twice.
    no_double_quote: bool,
    /// The same for `'`.
    no_single_quote: bool,
}

/// Takes HTML apart.
#[must_use]
pub fn pieces(html: &str) -> Pieces<'_> {
    Pieces { rest: html, no_double_quote: false, no_single_quote: false }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                return Some(Piece::Words(self.take(self.rest.find('<').unwrap_or(self.rest.len()))));
            }
            if let Some(length) = unshown(self.rest) {
                self.take(length);
                continue;
            }
            let Some(tag) = self.tag() else { return Some(Piece::Words(self.take(1))) };
            if !tag.closing && UNREAD.iter().any(|name| name.eq_ignore_ascii_case(tag.name)) {
                self.rest = after_end_of(tag.name, self.rest);
                continue;
            }
            return Some(Piece::Tag(tag));
        }
    }
}

impl<'a> Pieces<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// The tag that begins here; nothing when none does.
    fn tag(&mut self) -> Option<Tag<'a>> {
        let inside = &self.rest[1..];
        let named = inside.strip_prefix('/').unwrap_or(inside);
        if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end =
            named.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(named.len());
        let (name, after) = named.split_at(end);
        let length = self.end_of_tag(after);
        let attributes = &after[..length];
        self.rest = after[length..].strip_prefix('>').unwrap_or("");
        Some(Tag { name, closing: inside.starts_with('/'), attributes })
    }

    /// Where the `>` is that ends the tag: not inside quotes, unless they are never closed.
    fn end_of_tag(&mut self, after: &str) -> usize {
        let mut at = 0;
        while let Some(found) = after[at..].find(['>', '"', '\'']) {
            at += found;
            let quote = match after.as_bytes()[at] {
                b'"' if after[..at].trim_end().ends_with('=') => '"',
                b'\'' if after[..at].trim_end().ends_with('=') => '\'',
                b'>' => return at,
                _ => {
                    at += 1;
                    continue;
                }
            };
            at += 1 + self.quoted(&after[at + 1..], quote);
        }
        after.len()
    }

    /// Length of a quoted value with its end; nothing when it has no end.
    fn quoted(&mut self, value: &str, quote: char) -> usize {
        let none = if quote == '"' { &mut self.no_double_quote } else { &mut self.no_single_quote };
        let end = if *none { None } else { value.find(quote) };
        *none = end.is_none();
        end.map_or(0, |end| end + 1)
    }
}

impl<'a> Tag<'a> {
    /// Names and values, as they are written, without quotes.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let end =
                rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
            // a name may begin with `=`
            let end = if end == 0 { rest.chars().next()?.len_utf8() } else { end };
            let (name, after) = rest.split_at(end);
            let (value, after) = match after.trim_start().strip_prefix('=') {
                Some(value) => value_of(value.trim_start()),
                None => ("", after),
            };
            rest = after;
            Some((name, value))
        })
    }
}

/// The value that begins here, and what follows it.
fn value_of(text: &str) -> (&str, &str) {
    let quoted = text.strip_prefix('"').map(|inside| (inside, '"'));
    let quoted = quoted.or_else(|| text.strip_prefix('\'').map(|inside| (inside, '\'')));
    match quoted.and_then(|(inside, quote)| inside.split_once(quote)) {
        Some(value) => value,
        None => text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len())),
    }
}

/// Length of the comment or the declaration that begins here.
fn unshown(html: &str) -> Option<usize> {
    if html.starts_with("<!--") {
        return Some(html[2..].find("-->").map_or(html.len(), |at| at + 5));
    }
    let declared = html.starts_with("<!") || html.starts_with("<?");
    declared.then(|| html.find('>').map_or(html.len(), |at| at + 1))
}

/// What follows the end tag of an element that is not read.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(html: &str) -> Vec<String> {
        let tell = |piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Tag(tag) => {
                let attributes: Vec<String> =
                    tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{}{}{}", if tag.closing { "-" } else { "+" }, tag.name, attributes.concat())
            }
        };
        pieces(html).map(tell).collect()
    }

    #[test]
    fn tags_and_words_come_in_order() {
        assert_eq!(
            told(
                "<!doctype html><P Class='a b' id=x checked>Ciao<br/> 1 <2 </p ><!-- <b> --><style>b{}</style >fine"
            ),
            ["+P Class=a b id=x checked=", "Ciao", "+br", " 1 ", "<", "2 ", "-p", "fine"]
        );
        assert_eq!(told("<a title=\"x>y\" href = 'z'>w</a"), ["+a title=x>y href=z", "w", "-a"]);
    }

    #[test]
    fn a_quote_without_end_swallows_nothing() {
        assert_eq!(told("<a href=\"x>ciao</a><b>'\">"), ["+a href=x>ciao</a><b>'"]);
        assert_eq!(told("<a href=\"x>ciao</a>"), ["+a href=\"x", "ciao", "-a"]);
        assert_eq!(told("<a =\" x'>b"), ["+a == \"= x'=", "b"]);
    }

    #[test]
    fn what_has_no_end_takes_no_time() {
        for piece in ["<a b=\"", "<a b='", "<", "</", "<!", "<!--", "<style>", "<a ", "<a b=\"'"] {
            assert!(pieces(&piece.repeat(200_000)).count() <= 400_000, "{piece}");
        }
    }
}
