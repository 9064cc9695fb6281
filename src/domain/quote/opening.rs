//! Where quotations begin.

use super::{
    attribution::{self, Proof},
    forward, header,
    line::{Kind, Line},
};

/// What quotations a letter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotation {
    /// A letter that is passed on.
    Forwarded,
    /// Those with marks, or none.
    Marked,
    /// One without marks, from this line on.
    Unmarked(usize),
}

/// Where a quotation begins.
struct Heading {
    /// First line.
    start: usize,
    /// The line behind it.
    end: usize,
    /// Needs no marks below to be one.
    sure: bool,
}

/// Marks the lines that announce a quotation with marks, and looks for the first one that has none.
pub(super) fn mark(lines: &mut [Line<'_>]) -> Quotation {
    let answered = last_answered(lines);
    let mut at = 0;
    let mut done = 0;
    while let Some(line) = lines.get(at) {
        if line.kind != Kind::Own {
            at += 1;
            continue;
        }
        let folded = line.folded();
        if forward::heading(&folded) {
            return Quotation::Forwarded;
        }
        if header::is_answer_above(&folded) {
            return Quotation::Unmarked(at);
        }
        let Some(Heading { start, end, sure }) = heading(lines, done, at, &folded, answered) else {
            at += 1;
            continue;
        };
        if marks_follow(&lines[end..]) {
            announce(&mut lines[start..end]);
        } else if sure {
            return Quotation::Unmarked(start);
        }
        (at, done) = (end, end);
    }
    Quotation::Marked
}

/// The heading that begins at `at`, or ends there but not above `done`.
fn heading(lines: &[Line<'_>], done: usize, at: usize, folded: &str, answered: usize) -> Option<Heading> {
    if let Some(taken) = header::beginning(&lines[at..], folded) {
        return Some(Heading { start: at, end: at + taken, sure: true });
    }
    let (taken, proof) = attribution::ending(&lines[done..=at])?;
    // "… ha scritto:", a few words, and only then the quotation with its answers
    let sure = proof == Proof::Enough && at >= answered;
    Some(Heading { start: at + 1 - taken, end: at + 1, sure })
}

/// The last line with marks that words stand below; 0 when there is none.
fn last_answered(lines: &[Line<'_>]) -> usize {
    let last = lines.iter().rposition(|line| line.kind == Kind::Own).unwrap_or(0);
    lines[..last].iter().rposition(|line| line.kind == Kind::Quoted).unwrap_or(0)
}

fn announce(heading: &mut [Line<'_>]) {
    for line in heading.iter_mut().filter(|line| line.kind == Kind::Own) {
        line.kind = Kind::Opening;
    }
}

fn marks_follow(below: &[Line<'_>]) -> bool {
    below.iter().find(|line| line.kind != Kind::Blank).is_some_and(|line| line.kind == Kind::Quoted)
}

/// Somebody is named as the writer of a quotation with marks.
pub(super) fn attributed(quotation: &[Line<'_>]) -> bool {
    quotation.iter().any(|line| line.kind == Kind::Opening)
        || attribution::inside_marks(quotation)
        || header::inside_marks(quotation)
}
