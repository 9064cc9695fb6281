//! A reason to write, and the details that fill its texts.

use rand::{RngExt, seq::IndexedRandom};

use super::{Dice, answers::Answers};

/// What is enclosed with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enclosure {
    /// Nothing.
    None,
    /// A photograph.
    Photo,
    /// The payment notice.
    Bill,
}

/// How a topic goes on after its first letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// In any way.
    Usual,
    /// With thanks from the desk: nobody complains about an answer to praise.
    Praise,
    /// Not at all: a list writes to everybody.
    List,
}

/// A reason to write, and what is written about it on both sides.
#[derive(Debug)]
pub(super) struct Topic {
    /// Code of the request kind that it turns out to be.
    pub(super) kind: &'static str,
    /// Subject and words of each request.
    pub(super) requests: &'static [(&'static str, &'static str)],
    /// What is enclosed.
    pub(super) enclosure: Enclosure,
    /// How it goes on.
    pub(super) flow: Flow,
    /// What the desk says, and the citizen to its question.
    pub(super) desk: Answers,
}

/// What one letter is about.
#[derive(Clone, Debug)]
pub(super) struct Details {
    pub(super) street: String,
    weekday: &'static str,
    waste: (&'static str, &'static str),
    pub(super) year: i32,
    pub(super) amount: String,
}

impl Details {
    pub(super) fn invent(dice: &mut Dice, street: String, year: i32) -> Self {
        const WEEKDAYS: [&str; 5] = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì"];
        const WASTE: [(&str, &str); 5] = [
            ("l'umido", "dell'umido"),
            ("la carta", "della carta"),
            ("la plastica", "della plastica"),
            ("il vetro", "del vetro"),
            ("l'indifferenziato", "dell'indifferenziato"),
        ];
        Self {
            street,
            weekday: WEEKDAYS.choose(dice).copied().unwrap_or(WEEKDAYS[0]),
            waste: WASTE.choose(dice).copied().unwrap_or(WASTE[0]),
            year,
            amount: format!("{},{:02}", dice.random_range(62..480), dice.random_range(0..100)),
        }
    }

    /// `text` with the details filled in.
    pub(super) fn told(&self, text: &str) -> String {
        let (the, of_the) = self.waste;
        text.replace("{via}", &self.street)
            .replace("{giorno}", self.weekday)
            .replace("{il}", the)
            .replace("{del}", of_the)
            .replace("{anno}", &self.year.to_string())
            .replace("{importo}", &self.amount)
    }
}
