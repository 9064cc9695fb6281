//! Letters that pass another one on, and letters that answer: by the first word of their subject, or by the heading that
//! mail programs put above what they pass on.

use super::line::folded;

/// First words of a subject: Italian, English, German, French, Spanish, Portuguese.
const FORWARDS: &[&str] = &["i", "fwd", "fw", "wg", "inoltro", "inoltra", "inoltrato", "tr", "rv", "enc"];
const REPLIES: &[&str] = &["r", "re", "rif", "risp", "risposta", "aw", "sv", "ref"];

/// What stands between dashes above a letter that is passed on.
const HEADINGS: &[&str] = &[
    "forwarded message",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "message transfere",
    "mensaje reenviado",
    "mensagem encaminhada",
];

/// The same of Apple, which draws no dashes.
const BARE_HEADINGS: &[&str] = &[
    "inizio messaggio inoltrato",
    "begin forwarded message",
    "anfang der weitergeleiteten nachricht",
    "debut du message reexpedie",
    "debut du message transfere",
    "inicio del mensaje reenviado",
];

/// The subject says that the letter was passed on. Only its first word counts: `R: I: cassonetti` is an answer.
pub(super) fn by_subject(subject: &str) -> bool {
    first_word(subject).is_some_and(|word| FORWARDS.contains(&word.as_str()))
}

/// The subject says that the letter is an answer.
pub(super) fn is_reply(subject: &str) -> bool {
    first_word(subject).is_some_and(|word| REPLIES.contains(&word.as_str()))
}

/// The line stands above a letter that is passed on.
pub(super) fn heading(folded: &str) -> bool {
    let bare = folded.trim_end_matches([':', ' ']);
    BARE_HEADINGS.contains(&bare) || between_dashes(folded).is_some_and(|words| HEADINGS.contains(&words))
}

/// The words of `----- words -----`.
pub(super) fn between_dashes(folded: &str) -> Option<&str> {
    let is_dash = |c: char| matches!(c, '-' | '_' | '=' | '*' | '#' | '>' | '<' | ' ');
    let framed = ["--", "__", "==", "**", "##", "- -"].iter().any(|dashes| folded.starts_with(dashes));
    framed.then(|| folded.trim_matches(is_dash)).filter(|words| !words.is_empty())
}

/// `re` of `[EST] Re[2]: …`.
fn first_word(subject: &str) -> Option<String> {
    let mut rest = subject.trim();
    // what servers put in front: [EXTERNAL], [SPAM]
    while let Some((_, after)) = rest.strip_prefix('[').and_then(|tagged| tagged.split_once(']')) {
        rest = after.trim_start();
    }
    let (word, _) = rest.split_once(':')?;
    let word = word.split('[').next().unwrap_or(word);
    (word.len() <= 20).then(|| folded(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_of_a_subject_decides() {
        for subject in
            ["I: Cassonetti pieni", "FWD: R: x", "fw:x", "Inoltro: TARI", "[EST] [SPAM] WG: x", "TR : x"]
        {
            assert!(by_subject(subject), "{subject}");
            assert!(!is_reply(subject), "{subject}");
        }
        for subject in ["R: I: Cassonetti", "Re: Fwd: x", "RE[2]: x", "[Pratica 2026/000123] R: x", "RIF: x"]
        {
            assert!(!by_subject(subject), "{subject}");
            assert!(is_reply(subject), "{subject}");
        }
        for subject in ["", "Reclamo", "I cassonetti: pieni", "Re d'Italia, via", "[", "Rifiuti: orari"] {
            assert!(!by_subject(subject) && !is_reply(subject), "{subject}");
        }
    }

    #[test]
    fn headings_of_what_is_passed_on() {
        for line in [
            "---------- Forwarded message ---------",
            "-------- Messaggio Inoltrato --------",
            "Inizio messaggio inoltrato:",
            "----- Weitergeleitete Nachricht -----",
        ] {
            assert!(heading(&folded(line)), "{line}");
        }
        for line in
            ["Ho ricevuto il messaggio inoltrato", "Messaggio inoltrato", "-----Messaggio originale-----"]
        {
            assert!(!heading(&folded(line)), "{line}");
        }
    }
}
