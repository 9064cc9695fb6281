//! Codes in the words of a server.

use crate::domain::report::code_of_words;

/// Bytes of one text in which codes are looked for.
const MAX_BYTES: usize = 16 * 1024;

/// The enhanced status code of these words (RFC 3463): the one that is written; else the one that the words stand
/// for; else what the three digits of SMTP allow to say (RFC 5321 §4.2.3).
pub(super) fn of(words: &str) -> Option<String> {
    let words = beginning(words);
    enhanced(words)
        .or_else(|| code_of_words(words).map(str::to_owned))
        .or_else(|| from_smtp(words).map(str::to_owned))
}

/// The enhanced status code that is written; one after three digits, as in an answer of SMTP (`550 5.1.1`, `550-5.1.1`,
/// `#5.1.1`), before any other, which may as well be a version or a date.
pub(super) fn enhanced(words: &str) -> Option<String> {
    let mut first = None;
    let mut before = "";
    for word in split(beginning(words)) {
        if is_enhanced(word) {
            if is_smtp(before) {
                return Some(word.to_owned());
            }
            first = first.or(Some(word));
        }
        before = word;
    }
    first.map(str::to_owned)
}

fn from_smtp(words: &str) -> Option<&'static str> {
    split(words).find(|word| is_smtp(word)).map(|code| match code {
        "551" => "5.1.6",
        "552" => "5.2.2",
        "553" => "5.1.3",
        "452" => "4.2.2",
        code if code.starts_with('4') => "4.0.0",
        _ => "5.0.0",
    })
}

/// Numbers with their dots, and everything else in one piece: `550-5.1.1` is two, `10.0.0.1` is one.
fn split(words: &str) -> impl Iterator<Item = &str> {
    words
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
}

fn is_smtp(word: &str) -> bool {
    word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `class.subject.detail`: classes 2, 4 and 5, subjects up to 7 (RFC 3463 §2), so that most versions are none.
fn is_enhanced(word: &str) -> bool {
    let mut numbers = word.split('.');
    let (Some(class), Some(subject), Some(detail), None) =
        (numbers.next(), numbers.next(), numbers.next(), numbers.next())
    else {
        return false;
    };
    matches!(class, "2" | "4" | "5")
        && matches!(subject.as_bytes(), [b'0'..=b'7'])
        && (1..=3).contains(&detail.len())
        && detail.bytes().all(|byte| byte.is_ascii_digit())
}

fn beginning(words: &str) -> &str {
    &words[..words.floor_char_boundary(MAX_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_an_answer_comes_before_other_numbers() {
        for (words, code) in [
            ("550 5.1.1 User unknown", "5.1.1"),
            ("Exim 4.94.2 at 5.1.24: 552-5.2.2 full", "5.2.2"),
            ("#< #5.1.10 smtp;550 5.1.10>", "5.1.10"),
            ("host 5.1.2.3 said: mailbox full", "5.2.2"),
            ("(5.5.2657.72) Unknown Recipient", "5.1.1"),
            ("Status 4.4.7: expired", "4.4.7"),
        ] {
            assert_eq!(of(words).as_deref(), Some(code), "{words}");
        }
    }

    #[test]
    fn three_digits_are_the_last_resort() {
        assert_eq!(of("550 No such user").as_deref(), Some("5.1.1"));
        assert_eq!(of("552 ohne Worte").as_deref(), Some("5.2.2"));
        assert_eq!(of("550 :").as_deref(), Some("5.0.0"));
        assert_eq!(of("451 boh").as_deref(), Some("4.0.0"));
        assert_eq!(of("in 550 giorni").as_deref(), Some("5.0.0"));
        assert_eq!(of("boh"), None);
        assert_eq!(of("port 5500"), None);
    }
}
