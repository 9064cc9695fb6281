//! The new words of a letter: what its writer added to what was already said.
//!
//! For showing only. The whole text stays stored, searched and one click away, and still the rule is: **when in doubt,
//! show more**. A word of the writer that is hidden is a complaint that nobody reads; a quotation too many is a line
//! that the eye skips.
//!
//! The new words are always one run of whole lines, so that nothing between a first and a last answer can get lost:
//! 1. A forwarded letter is shown whole: the quotation is what it is about.
//! 2. A quotation with marks (`>`) is folded where it ends the letter, or where it stands above the answer. Between
//!    two answers it stays.
//! 3. A quotation without marks has no visible end. It is folded from its heading to the end of the letter, unless
//!    the words above say that there is more below.
//! 4. Signature and legal notice are folded where they end what is left.
//!
//! Lists of phrases are kept where a phrase is all there is; a trained model was refused, since nobody at the desk
//! could say why it hid a line.

mod attribution;
mod forward;
mod header;
mod line;
mod notice;
mod opening;
mod signature;
mod trailing;

#[cfg(test)]
mod tests;

use line::{Kind, Line};
use opening::Quotation;

/// Signature, notice and quotation take turns at the end of a letter; more turns than this is not a letter.
const MOST_TURNS: usize = 8;

/// What the writer of a letter newly wrote, without quotations, signature and legal notice; `None` when that is all of
/// it, or when nothing would be left. Linear in the length of `text`.
#[must_use]
pub fn visible(text: &str, subject: &str) -> Option<String> {
    if forward::by_subject(subject) {
        return None;
    }
    let mut lines = line::split(text);
    let mut end = match opening::mark(&mut lines) {
        Quotation::Forwarded => return None,
        Quotation::Marked => lines.len(),
        Quotation::Unmarked(start) => {
            let above = &lines[..start];
            if trailing::goes_on(above) {
                return None;
            }
            line::without_rule(above)
        }
    };
    for _ in 0..MOST_TURNS {
        let before = end;
        end = signature::trimmed(&lines[..end]);
        end = notice::trimmed(&lines[..end]);
        end = trailing::trimmed(&lines[..end], forward::is_reply(subject));
        if end == before {
            break;
        }
    }
    let start = answer_below(&lines[..end]);
    let new = line::words(text, &lines, start, end);
    (!new.is_empty() && new != line::words(text, &lines, 0, lines.len())).then(|| new.to_owned())
}

/// Where the words begin when all of them stand below one quotation that says who wrote it; else at the beginning.
fn answer_below(lines: &[Line<'_>]) -> usize {
    let own = lines.iter().position(|line| line.kind == Kind::Own).unwrap_or(0);
    let (above, below) = lines.split_at(own);
    let one = below.iter().all(|line| matches!(line.kind, Kind::Own | Kind::Blank));
    if one && opening::attributed(above) { own } else { 0 }
}
