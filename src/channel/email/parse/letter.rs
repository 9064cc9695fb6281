//! The pieces of a mail that are shown, as one letter: plain text, and HTML if there was any.

use std::borrow::Cow;

use super::super::{clean, decode::tidy, html};

/// Longest text in bytes that is shown as the letter, in each of its two forms; what is longer is attached whole and
/// shown in part.
pub const MAX_TEXT: usize = 1024 * 1024;

/// Longest cleaned HTML in bytes: what was escaped is longer than what was sent.
const MAX_HTML: usize = 4 * MAX_TEXT;

/// One piece of the letter: the same words in one form or in two.
#[derive(Default)]
struct Piece {
    group: Option<usize>,
    plain: String,
    html: String,
}

/// The letter as it gathers.
#[derive(Default)]
pub(super) struct Letter {
    pieces: Vec<Piece>,
    plain_bytes: usize,
    html_bytes: usize,
}

impl Letter {
    /// Bytes for which there still is room in a form.
    pub(super) fn room(&self, is_html: bool) -> usize {
        MAX_TEXT - if is_html { self.html_bytes } else { self.plain_bytes }
    }

    /// Nothing in it would be read.
    pub(super) fn is_empty(&self) -> bool {
        let blank = |text: &str| text.trim().is_empty();
        self.pieces
            .iter()
            .all(|piece| blank(&piece.plain) && (blank(&piece.html) || blank(&html::to_text(&piece.html))))
    }

    /// Adds words. Those of one `group` say the same in several forms.
    pub(super) fn add(&mut self, group: Option<usize>, is_html: bool, words: &str) {
        let mut words = tidy(words);
        cut(&mut words, self.room(is_html));
        *if is_html { &mut self.html_bytes } else { &mut self.plain_bytes } += words.len();
        let same = self.pieces.last().is_some_and(|last| last.group.is_some() && last.group == group);
        if !same {
            self.pieces.push(Piece { group, ..Piece::default() });
        }
        let Some(piece) = self.pieces.last_mut() else { return };
        let form = if is_html { &mut piece.html } else { &mut piece.plain };
        if form.is_empty() {
            *form = words;
        } else {
            form.push_str("\n\n");
            form.push_str(&words);
        }
    }

    /// Adds words that came in one form or in both.
    pub(super) fn add_forms(&mut self, plain: Option<&str>, html: Option<&str>) {
        // a group of its own: the groups of a mail are counted from one, and never come so far
        let group = Some(usize::MAX);
        if let Some(plain) = plain {
            self.add(group, false, plain);
        }
        if let Some(html) = html {
            self.add(group, true, html);
        }
    }

    /// The letter as plain text; from HTML where there is nothing else.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            let words = if piece.plain.trim().is_empty() {
                Cow::Owned(tidy(&html::to_text(&piece.html)))
            } else {
                Cow::Borrowed(&piece.plain)
            };
            let words = words.trim_start_matches(['\n', ' ', '\t']);
            if words.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(words);
        }
        cut(&mut text, MAX_TEXT);
        text
    }

    /// The letter as cleaned HTML, when it has any and all of it can be cleaned.
    pub(super) fn html(&self) -> Option<String> {
        let cleaned: Option<Vec<String>> =
            self.pieces.iter().map(|piece| clean::clean(&piece.html)).collect();
        let cleaned = cleaned.filter(|cleaned| cleaned.iter().any(|one| !one.is_empty()))?;
        let mut whole = String::new();
        for (piece, cleaned) in self.pieces.iter().zip(cleaned) {
            whole.push_str(&if cleaned.is_empty() { html::from_text(&piece.plain) } else { cleaned });
        }
        (whole.len() <= MAX_HTML).then_some(whole)
    }
}

fn cut(text: &mut String, limit: usize) {
    text.truncate(text.floor_char_boundary(limit));
}
