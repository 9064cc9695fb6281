//! "Il giorno … ha scritto:": the sentence by which a mail program says who wrote the quotation below.
//!
//! People write such sentences too ("Il 3 marzo il vostro ufficio mi ha scritto:"). A program names date, time and
//! address; where one of the last two is missing, its sentence counts only together with quotation marks.

use super::line::{Kind, LONGEST_MARK, Line, folded};

/// Mail programs wrap the sentence; a long name and a long address make four lines of it.
const MOST_LINES: usize = 4;

/// How the sentence begins: Italian, English, German, French, Spanish, Portuguese, Dutch, Romanian.
const BEGINNINGS: &[&str] =
    &["il ", "in data ", "nel giorno ", "on ", "am ", "le ", "el ", "em ", "op ", "den ", "pe ", "in "];

/// Verbs that end it.
const LAST_VERBS: &[&str] = &[
    "ha scritto",
    "hanno scritto",
    "wrote",
    "a ecrit",
    "escribio",
    "escreveu",
    "a scris",
    "schrieb",
    "schreef",
];

/// Verbs after which the name comes.
const EARLY_VERBS: &[&str] = &[" schrieb ", " schreef ", " ha scritto ", " skrev "];

/// "mi ha scritto", "che ha scritto": the sentence of a person.
const PERSONAL: &[&str] =
    &["mi", "ci", "vi", "gli", "le", "ti", "si", "che", "lui", "lei", "he", "she", "who"];

/// How much the sentence proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Date, time and address: a program wrote it.
    Enough,
    /// Date and time, or date and address: a program did if quotation marks follow.
    WithMarks,
}

/// The sentence that ends with the last of `lines`, as the number of lines it takes, and what it proves.
pub(super) fn ending(lines: &[Line<'_>]) -> Option<(usize, Proof)> {
    let last = lines.last().filter(|last| may_end(last.text))?;
    if !lines.iter().rev().take(MOST_LINES).any(|line| line.text.contains(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let mut sentence = last.folded();
    for taken in 1..=MOST_LINES {
        let above = lines.len().checked_sub(taken + 1).map(|at| lines[at]);
        let above = above.filter(|line| line.kind == Kind::Own && !line.text.trim_end().ends_with(':'));
        if let Some(proof) = read(&sentence, above.is_none()) {
            return Some((taken, proof));
        }
        let earlier = above?.folded();
        if earlier.is_empty() || earlier.len() + sentence.len() > LONGEST_MARK {
            return None;
        }
        sentence = format!("{earlier} {sentence}");
    }
    None
}

/// The sentence that begins a quotation inside its marks (`> Il giorno … ha scritto:`), as iPhones and Libero have it.
pub(super) fn inside_marks(lines: &[Line<'_>]) -> bool {
    let mut sentence = String::new();
    let quoted = lines.iter().filter(|line| line.kind == Kind::Quoted && !line.unquoted().is_empty());
    for line in quoted.take(MOST_LINES) {
        if sentence.len() + line.text.len() > LONGEST_MARK {
            return false;
        }
        sentence = format!("{sentence} {}", folded(line.unquoted()));
        if read(sentence.trim_start(), true).is_some() {
            return true;
        }
    }
    false
}

/// A first look, without writing anything down.
fn may_end(text: &str) -> bool {
    let text = text.trim_end();
    text.len() <= LONGEST_MARK
        && (text.ends_with([':', '*'])
            || text.ends_with(|c: char| c.is_alphanumeric())
                && (text.contains("wrote") || text.contains("scritto") || text.contains("GMT")))
}

/// What a folded sentence proves. `alone`: nothing stands above it in its paragraph.
fn read(sentence: &str, alone: bool) -> Option<Proof> {
    let sentence = sentence.trim_matches([' ', '*', '"']);
    let (words, colon) = match sentence.strip_suffix(':') {
        Some(words) => (words.trim_end_matches([' ', '*']), true),
        None => (sentence, false),
    };
    let begins = BEGINNINGS.iter().any(|beginning| words.starts_with(beginning));
    let date_first = begins_with_date(words);
    if alone && date_first && is_old_gmail(words) {
        return Some(Proof::Enough);
    }
    let said = says_who_wrote(words, colon) || colon && date_first && words.ends_with('>');
    if !said || !(begins || alone && date_first) || !has_date(words) {
        return None;
    }
    match (has_address(words), has_time(words)) {
        (true, true) => Some(Proof::Enough),
        (true, false) | (false, true) if colon => Some(Proof::WithMarks),
        _ => None,
    }
}

fn says_who_wrote(words: &str, colon: bool) -> bool {
    let before = LAST_VERBS.iter().find_map(|verb| words.strip_suffix(verb));
    let before = before.filter(|before| before.ends_with([' ', '>', ',']));
    let before = before.or_else(|| {
        EARLY_VERBS.iter().filter(|_| colon).find_map(|verb| words.split_once(verb)).map(|(before, _)| before)
    });
    before.is_some_and(|before| !PERSONAL.contains(&before.split_whitespace().last().unwrap_or_default()))
}

/// `2026-11-03 10:00 GMT+01:00 Anna Neri`.
fn is_old_gmail(words: &str) -> bool {
    let mut words = words.split(' ');
    let date = words.next().is_some_and(|word| word.len() == 10 && is_numeric_date(word));
    let time = words.next().is_some_and(is_time);
    date && time && words.next().is_some_and(|word| word.starts_with("gmt")) && words.count() <= 12
}

/// `mar 3 nov 2026`, `2026-11-03`: without a word of introduction, a date comes at once.
fn begins_with_date(words: &str) -> bool {
    words.chars().take(12).any(|c| c.is_ascii_digit())
}

/// An address of e-mail, in brackets or bare.
pub(super) fn has_address(words: &str) -> bool {
    words.split(' ').any(|word| {
        word.split_once('@').is_some_and(|(local, domain)| {
            local.ends_with(|c: char| c.is_alphanumeric() || "_-.+".contains(c)) && domain.contains('.')
        })
    })
}

/// A year, or a date in numbers.
fn has_date(words: &str) -> bool {
    let year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    words.split(|c: char| !c.is_ascii_digit()).any(year) || words.split(' ').any(is_numeric_date)
}

fn is_numeric_date(word: &str) -> bool {
    let parts = word.trim_end_matches([',', ')']).split(['/', '-', '.']);
    let parts: Vec<&str> = parts.take(4).collect();
    parts.len() == 3 && parts.iter().all(|part| digits(part, 1..=4))
}

/// An hour with its minutes.
pub(super) fn has_time(words: &str) -> bool {
    words.split([' ', '(', ')', ',']).any(is_time)
}

/// `10:00`, `10:00:05`, `10.00`.
fn is_time(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';', ':', 'a', 'p', 'm']);
    let (hour, rest) = word.split_once([':', '.']).unwrap_or((word, ""));
    let minutes = if word.contains(':') { rest.split(':').next().unwrap_or_default() } else { rest };
    digits(hour, 1..=2) && digits(minutes, 2..=2)
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{super::line, *};

    fn proof(text: &str) -> Option<(usize, Proof)> {
        ending(&line::split(text))
    }

    #[test]
    fn programs_say_who_wrote() {
        for text in [
            "Il 3 nov 2026, alle ore 10:00, Anna <anna@posta.example> ha scritto:",
            "Il giorno mar 3 nov 2026 alle ore 10:00 Anna Neri <anna@posta.example> ha scritto:",
            "Il 03/11/2026 10:00 CET Anna Neri <anna@posta.example> ha scritto:",
            "Il 3 novembre 2026 alle 10.00 anna@posta.example ha scritto:",
            "Il martedì 3 novembre 2026 alle ore 10:00:00 CET, Anna <anna@posta.example> ha scritto: ",
            "In data 3 novembre 2026 10:00:31 \"Anna\" <anna@posta.example> ha scritto:",
            "On Tue, Nov 3, 2026 at 10:00 AM Anna <anna@posta.example> wrote:",
            "On Tue, 3 Nov 2026 10:00:00 +0100 Anna <anna@posta.example> wrote",
            "Am 03.11.2026 um 10:00 schrieb Anna Neri <anna@posta.example>:",
            "Am 3. Nov. 2026 um 10:00 schrieb anna@posta.example:",
            "Le mar. 3 nov. 2026 à 10:00, Anna <anna@posta.example> a écrit :",
            "mar 3 nov 2026 alle ore 10:00 Anna <anna@posta.example> ha scritto:",
            "mar, 3 nov 2026 10:00 Anna <anna@posta.example>:",
            "2026-11-03 10:00 GMT+01:00 Anna Neri",
            "*Il 3 nov 2026, alle ore 10:00, Anna <anna@posta.example> ha scritto:*",
        ] {
            assert_eq!(proof(text), Some((1, Proof::Enough)), "{text}");
        }
        for text in [
            "Il 03/11/26 10:00, Anna Neri ha scritto:",
            "Il giorno 03/nov/2026, alle ore 10.00, Anna Neri ha scritto:",
            "On 03.11.2026 10:00, Anna Neri wrote:",
            "Am 03.11.26 um 10:00 schrieb Anna Neri:",
            "Il martedì 3 novembre 2026, Anna Neri <anna@posta.example> ha scritto:",
        ] {
            assert_eq!(proof(text), Some((1, Proof::WithMarks)), "{text}");
        }
    }

    #[test]
    fn a_wrapped_sentence_is_found_with_all_its_lines_and_no_more() {
        let text = "Non va bene.\nIl giorno mar 3 nov 2026\nalle ore 10:00 Anna\nNeri <anna@posta.example> ha\nscritto:";
        assert_eq!(proof(text), Some((4, Proof::Enough)));
        assert_eq!(
            proof("Salve,\nOn Tue, 2026-11-03 at 10:00 +0100, Anna wrote:"),
            Some((1, Proof::WithMarks))
        );
    }

    #[test]
    fn people_write_such_sentences_too() {
        for text in [
            "Il 3 novembre 2026 alle 10:00 reclami@ente.example mi ha scritto:",
            "Il vostro ufficio ha scritto:",
            "Il 3 novembre 2026 il vostro ufficio ha scritto:",
            "Ricordo che il 3 novembre 2026 alle 10:00 Anna <anna@posta.example> ha scritto:",
            "On line ho letto che il servizio è attivo dalle 8:00 alle 20:00:",
            "Il ritiro era previsto il 3/11/2026 alle 10:00 come scritto",
            "Le tariffe del 2026 sono:",
            "Ho scritto il 3 novembre 2026 alle 10:00 a <reclami@ente.example>:",
        ] {
            assert_eq!(proof(text), None, "{text}");
        }
    }
}
