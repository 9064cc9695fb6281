//! Quotations that end a letter, and what speaks against folding them.

use super::{
    line::{Kind, Line, folded, is_rule},
    opening::attributed,
};

/// So much of the words above a quotation is searched for a hint that there are answers below, in bytes.
const HINT_WITHIN: usize = 8 * 1024;

/// How writers say that their answers stand inside the quotation, or that they quote on purpose.
const HINTS: &[&str] = &[
    "tra le righe",
    "fra le righe",
    "in rosso",
    "in blu",
    "in verde",
    "in grassetto",
    "in corsivo",
    "in maiuscolo",
    "evidenziat",
    "qui sotto",
    "vedi sotto",
    "vedere sotto",
    "rispondo sotto",
    "risposte sotto",
    "risposta sotto",
    "di seguito",
    "in calce",
    "sottostante",
    "quanto segue",
    "inoltro",
    "inoltriamo",
    "vi riporto",
    "incoll",
    "trascriv",
    "ricopi",
    "inline",
    "in-line",
    "see below",
    "answers below",
    "in red",
];

/// Columns from which a line may have been wrapped, and from which it must have been when its sentence goes on.
const MAYBE_FULL: usize = 60;
const SURELY_FULL: usize = 70;

/// Where a letter ends without the quotation that ends it. `reply`: its subject says that it is an answer.
pub(super) fn trimmed(lines: &[Line<'_>], reply: bool) -> usize {
    let end = lines.iter().rposition(|line| line.kind != Kind::Blank).map_or(0, |last| last + 1);
    let lines = &lines[..end];
    let narrow = top(lines, false);
    let wide = top(lines, true);
    let top = if wide < narrow && is_wrapped(&lines[wide..]) { wide } else { narrow };
    let (above, quotation) = lines.split_at(top);
    let folds = attributed(quotation) || reply && stands_apart(quotation);
    if folds && !introduces(above) { above.len() } else { end }
}

/// The writer's words go on in or below a quotation without marks; or there are none above it.
pub(super) fn goes_on(above: &[Line<'_>]) -> bool {
    introduces(above) || is_greeting(above) || announces(above)
}

/// "Mi avete risposto:" makes the quotation a part of what is said. So does nothing at all.
fn introduces(above: &[Line<'_>]) -> bool {
    own(above).next().is_none_or(|last| last.text.trim_end().ends_with(':'))
}

/// "Buongiorno," and no more.
fn is_greeting(above: &[Line<'_>]) -> bool {
    let mut own = own(above);
    own.next().is_some_and(|last| last.text.trim_end().ends_with(',')) && own.next().is_none()
}

/// The writer's lines, the last one first.
fn own<'a>(above: &'a [Line<'a>]) -> impl Iterator<Item = &'a Line<'a>> {
    above.iter().rev().filter(|line| line.kind == Kind::Own && !is_rule(line.text))
}

/// The writer says that there is more in the quotation, or that it belongs to the letter.
fn announces(above: &[Line<'_>]) -> bool {
    let mut size = 0;
    let within = above.iter().rev().take_while(|line| {
        size += line.text.len() + 1;
        size <= HINT_WITHIN
    });
    let words = within.map(|line| folded(line.text)).collect::<Vec<_>>();
    words.iter().any(|line| HINTS.iter().any(|hint| line.contains(hint)))
}

/// First line of the quotation that ends `lines`; with the `leftovers` of its wrapped lines, or without.
fn top(lines: &[Line<'_>], leftovers: bool) -> usize {
    let belongs = |at: usize| lines[at].kind != Kind::Own || leftovers && is_leftover(lines, at);
    let own = (0..lines.len()).rev().find(|at| !belongs(*at));
    own.map_or(0, |own| own + 1)
}

/// The line may be the end of the quoted line above, which lost its mark when a program wrapped it.
fn is_leftover(lines: &[Line<'_>], at: usize) -> bool {
    let above = at.checked_sub(1).map(|above| &lines[above]).filter(|line| line.kind == Kind::Quoted);
    let between = above.filter(|_| lines.get(at + 1).is_some_and(|below| below.kind == Kind::Quoted));
    between.is_some_and(|above| {
        lines[at].text.starts_with(char::is_lowercase)
            && above.text.chars().count() >= MAYBE_FULL
            && !above.text.ends_with('?')
    })
}

/// A program wrapped this quotation: one of its lines at least goes on without its mark in the middle of a sentence.
fn is_wrapped(quotation: &[Line<'_>]) -> bool {
    let sure = |pair: &[Line<'_>]| {
        let [above, below] = pair else { return false };
        above.kind == Kind::Quoted
            && below.kind == Kind::Own
            && above.text.chars().count() >= SURELY_FULL
            && above.text.ends_with(|c: char| c.is_alphanumeric() || c == ',')
    };
    attributed(quotation) && quotation.windows(2).any(sure)
}

/// A quotation that nobody is named for: two lines of it, and a blank one above.
fn stands_apart(quotation: &[Line<'_>]) -> bool {
    quotation.first().is_some_and(|line| line.kind == Kind::Blank)
        && quotation.iter().filter(|line| !line.unquoted().is_empty()).count() >= 2
}
