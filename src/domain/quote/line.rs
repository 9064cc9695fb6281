//! A letter as lines: whose they are, and their words in the form in which phrases are looked for.

use crate::domain::text::fold;

/// Longest line in bytes, or run of lines, that can be a heading, a separator or a device's line. Three of Outlook's
/// recipients fill 200.
pub(super) const LONGEST_MARK: usize = 600;

/// Whose line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but white space.
    Blank,
    /// Nothing says that it is somebody else's.
    Own,
    /// Begins with `>`.
    Quoted,
    /// Heading of a quotation with marks: who wrote it, and when.
    Opening,
}

/// A line of the letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Without its line feed.
    pub(super) text: &'a str,
    /// Whose it is.
    pub(super) kind: Kind,
}

impl Line<'_> {
    /// Its words without capitals, accents and invisible marks; nothing when it is too long to be a mark.
    pub(super) fn folded(&self) -> String {
        if self.text.len() > LONGEST_MARK { String::new() } else { folded(self.text) }
    }

    /// Its words without the marks of quotation.
    pub(super) fn unquoted(&self) -> &str {
        self.text.trim_start_matches(|c: char| c == '>' || is_space(c))
    }
}

/// The lines of a letter.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    text.split('\n').map(|text| Line { text, kind: kind(text) }).collect()
}

fn kind(text: &str) -> Kind {
    let words = text.trim_matches(is_space);
    match words.chars().next() {
        None => Kind::Blank,
        // >>> URGENTE <<< is somebody's emphasis
        Some('>') if !words.ends_with("<<") => Kind::Quoted,
        Some(_) => Kind::Own,
    }
}

/// The lines from `start` to before `end` as they stand in the letter, without blank ones around them.
pub(super) fn words<'a>(text: &'a str, lines: &[Line<'_>], start: usize, end: usize) -> &'a str {
    let length = |lines: &[Line<'_>]| lines.iter().map(|line| line.text.len() + 1).sum::<usize>();
    let first = lines[start..end].iter().position(|line| line.kind != Kind::Blank);
    let Some(first) = first.map(|first| start + first) else { return "" };
    let from = length(&lines[..first]);
    let to = from + length(&lines[first..end]);
    text[from..to.min(text.len())].trim_end()
}

/// Words without capitals, accents, invisible marks and doubled spaces.
pub(super) fn folded(text: &str) -> String {
    if !text.is_ascii() {
        return fold(&text.replace(is_invisible, ""));
    }
    // the same for nearly every line, in a tenth of the time
    let mut words = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words.make_ascii_lowercase();
    words
}

/// White space, and what looks like none at all.
fn is_space(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Marks of direction, soft hyphens, spaces without width: mail programs strew them into dates and addresses.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// A line drawn across the page.
pub(super) fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 5 && ["_", "-", "=", "*"].iter().any(|stroke| text.trim_start_matches(stroke).is_empty())
}

/// Where the words end when a rule drawn above what is folded goes with it.
pub(super) fn without_rule(above: &[Line<'_>]) -> usize {
    let last = above.iter().rposition(|line| line.kind != Kind::Blank);
    last.filter(|last| is_rule(above[*last].text)).unwrap_or(above.len())
}
