//! What the server says, in pieces of which it is known what they are: so that it can break off in the middle of any.

use std::fmt::Write;

use super::{
    State, Stored,
    whim::{Class, Damage, Whim},
};

/// Bytes of one class.
#[derive(Clone, Debug)]
pub struct Piece {
    pub class: Class,
    pub bytes: Vec<u8>,
}

/// One answer, whole.
pub type Answer = Vec<Piece>;

/// A line.
pub fn line(class: Class, text: &str) -> Answer {
    vec![Piece { class, bytes: format!("{text}\r\n").into_bytes() }]
}

/// Answers one after the other, then the line that ends the command.
pub fn ended(answers: Vec<Answer>, tag: &str, words: &str) -> Vec<Piece> {
    let between = || Piece { class: Class::Between, bytes: Vec::new() };
    let mut pieces: Vec<Piece> =
        answers.into_iter().flat_map(|answer| answer.into_iter().chain([between()])).collect();
    pieces.extend(line(Class::Tag, &format!("{tag} {words}")));
    pieces
}

/// The mails of `set` (`3`, `1:4`, `7:*`, with commas).
pub fn covers(set: &str, uid: u32, last: u32) -> bool {
    let number = |text: &str| if text == "*" { last } else { text.parse().unwrap() };
    set.split(',').any(|range| {
        let (first, end) = range.split_once(':').unwrap_or((range, range));
        let (first, end) = (number(first), number(end));
        (first.min(end)..=first.max(end)).contains(&uid)
    })
}

/// The answers to `UID FETCH set (items)`, with the whims of the hour.
pub fn fetch(state: &mut State, set: &str, items: &str) -> Result<Vec<Answer>, &'static str> {
    let last = state.mails.last().map_or(0, |mail| mail.uid);
    let gives_bytes = items.contains("BODY.PEEK");
    let asked = |state: &State| -> Vec<(usize, Stored)> {
        let numbered = state.mails.iter().enumerate().map(|(at, mail)| (at + 1, mail.clone()));
        numbered.filter(|(_, mail)| covers(set, mail.uid, last)).collect()
    };
    let mut mails = asked(state);
    if gives_bytes && !mails.is_empty() && take(state, Whim::Expunge) {
        let gone = mails[0].1.uid;
        state.mails.retain(|mail| mail.uid != gone);
        mails = asked(state);
    }
    let size = (!gives_bytes).then(|| state.take_whim(|whim| size_of(*whim))).flatten();
    let unasked = gives_bytes && take(state, Whim::Unasked);
    if unasked {
        let stranger = Stored {
            uid: 4_000_000_000,
            raw: b"Subject: non richiesta\r\n\r\n".to_vec(),
            ..state.mails.first().cloned().unwrap_or_else(nobody)
        };
        mails.push((1, stranger));
    }
    let nil = gives_bytes && take(state, Whim::Nil);
    let over = gives_bytes.then(|| state.take_whim(|whim| over_of(*whim))).flatten();
    let mut answers = Vec::new();
    for (at, mail) in &mails {
        let damage = state.damaged.iter().find(|(uid, _)| gives_bytes && *uid == mail.uid);
        match damage.map(|(_, damage)| *damage) {
            Some(Damage::Refused) => return Err("NO [SERVERBUG] messaggio guasto"),
            Some(Damage::Silence) => {}
            Some(Damage::Garbage) => answers.push(line(Class::Answer, "* 2 FETCH ((anna@example.it")),
            Some(Damage::Announces(bytes)) => answers.push(announces(mail.uid, bytes)),
            Some(Damage::Nil) => answers.push(about(*at, mail, items, size, true, over)),
            None => answers.push(about(*at, mail, items, size, nil, over)),
        }
    }
    if !answers.is_empty() {
        rearrange(state, &mut answers, gives_bytes);
    }
    Ok(answers)
}

fn announces(uid: u32, bytes: u64) -> Answer {
    let mut huge = line(Class::Answer, &format!("* 1 FETCH (UID {uid} BODY[] {{{bytes}}}"));
    huge.push(Piece { class: Class::Literal, bytes: vec![b'x'; 300_000] });
    huge
}

/// Whims about the order and the company of answers.
fn rearrange(state: &mut State, answers: &mut Vec<Answer>, gives_bytes: bool) {
    if take(state, Whim::Omit) {
        answers.remove(0);
    }
    if take(state, Whim::Backwards) {
        answers.reverse();
    }
    if take(state, Whim::Twice) {
        *answers = answers.iter().flat_map(|answer| [answer.clone(), answer.clone()]).collect();
    }
    if take(state, Whim::News) {
        let exists = state.mails.len();
        let uid = state.mails.first().map_or(1, |mail| mail.uid);
        let news = ["* 1 RECENT", "* OK Still here", "* 1 EXPUNGE"]
            .map(str::to_owned)
            .into_iter()
            .chain([format!("* {exists} EXISTS"), format!("* 1 FETCH (FLAGS (\\Seen) UID {uid})")]);
        for (at, text) in news.enumerate() {
            answers.insert((at * 2).min(answers.len()), line(Class::Answer, &text));
        }
    }
    if let Some(announced) = gives_bytes.then(|| state.take_whim(|whim| announced_of(*whim))).flatten() {
        let uid = state.mails.first().map_or(1, |mail| mail.uid);
        answers.insert(0, announces(uid, announced));
    }
    if let Some(announced) = state.take_whim(|whim| in_sentence_of(*whim)) {
        let mut hidden = line(Class::Answer, &format!("* OK si attenda {{{announced}}}"));
        hidden.extend(line(Class::Answer, "* 1 FETCH (UID 1 BODY[] {500000000}"));
        answers.insert(0, hidden);
    }
    if take(state, Whim::Garbage) {
        answers.insert(0, line(Class::Answer, "* 2 FETCH ((anna@example.it"));
    }
    if take(state, Whim::EndlessLine) {
        answers.insert(
            0,
            vec![Piece { class: Class::Answer, bytes: [b"* OK ", [b'a'; 200_000].as_slice()].concat() }],
        );
    }
    if take(state, Whim::Bye) {
        answers.insert(0, line(Class::Answer, "* BYE si chiude"));
    }
    if take(state, Whim::RenumberAmidst) {
        state.renumber();
        answers.insert(0, line(Class::Answer, &format!("* OK [UIDVALIDITY {}] nuova", state.uid_validity)));
    }
}

fn take(state: &mut State, wanted: Whim) -> bool {
    state.take_whim(|whim| (*whim == wanted).then_some(())).is_some()
}

fn size_of(whim: Whim) -> Option<u32> {
    if let Whim::Size(size) = whim { Some(size) } else { None }
}

fn over_of(whim: Whim) -> Option<usize> {
    if let Whim::Overdeliver(bytes) = whim { Some(bytes) } else { None }
}

fn announced_of(whim: Whim) -> Option<u64> {
    if let Whim::Announce(bytes) = whim { Some(bytes) } else { None }
}

fn in_sentence_of(whim: Whim) -> Option<u64> {
    if let Whim::AnnounceInSentence(bytes) = whim { Some(bytes) } else { None }
}

fn nobody() -> Stored {
    Stored {
        uid: 1,
        raw: Vec::new(),
        received_at: chrono::DateTime::UNIX_EPOCH,
        flags: std::collections::BTreeSet::new(),
    }
}

/// The answer about one mail.
fn about(at: usize, mail: &Stored, items: &str, size: Option<u32>, nil: bool, over: Option<usize>) -> Answer {
    let mut head = format!("* {at} FETCH (UID {}", mail.uid);
    if items.contains("RFC822.SIZE") {
        let size = size.unwrap_or_else(|| u32::try_from(mail.raw.len()).unwrap());
        write!(head, " RFC822.SIZE {size}").unwrap();
    }
    if items.contains("INTERNALDATE") {
        write!(head, " INTERNALDATE \"{}\"", mail.received_at.format("%d-%b-%Y %H:%M:%S +0000")).unwrap();
    }
    let Some((_, section)) = items.split_once("BODY.PEEK[") else {
        return line(Class::Answer, &format!("{head})"));
    };
    let (name, partial) = section.split_once(']').unwrap();
    let whole = match name {
        "HEADER" => {
            let end =
                mail.raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(mail.raw.len(), |at| at + 4);
            &mail.raw[..end]
        }
        _ => &mail.raw,
    };
    let (origin, mut bytes) = match partial.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        None => (String::new(), whole.to_vec()),
        Some((range, _)) => {
            let (first, count) = range.split_once('.').unwrap();
            let (first, count): (usize, usize) = (first.parse().unwrap(), count.parse().unwrap());
            let from = first.min(whole.len());
            (format!("<{first}>"), whole[from..whole.len().min(from + count)].to_vec())
        }
    };
    if nil {
        return line(Class::Answer, &format!("{head} BODY[{name}]{origin} NIL)"));
    }
    if let Some(over) = over {
        bytes.resize(over, b'x');
    }
    vec![
        Piece { class: Class::Answer, bytes: format!("{head} BODY[{name}]{origin} ").into_bytes() },
        Piece { class: Class::Announcement, bytes: format!("{{{}}}\r\n", bytes.len()).into_bytes() },
        Piece { class: Class::Literal, bytes },
        Piece { class: Class::Closing, bytes: b")\r\n".to_vec() },
    ]
}
