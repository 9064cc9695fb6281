//! Who writes, about what: a work order's story before its first letter is posted, and the letters as it goes on.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Rome;
use entity::communication::Address;
use rand::{RngExt, seq::IndexedRandom};
use uuid::Uuid;

use super::{
    Dice, Options, dice, dispute,
    door::{self, Door},
    files,
    letters::{DECK, MISSED},
    mail::{self, Letter},
    people::{self, Taxpayer},
    phrases::{AWAY, CLOSINGS, INSISTENCE, OPENINGS, THANKS},
    story::{self, Deed, Plot},
    topic::{Details, Enclosure, Flow, Topic},
};
use crate::domain::mail::File;

/// A work order to be, or one whose story goes on.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// Its place among all.
    pub(super) index: u64,
    /// What it is about.
    pub(super) topic: &'static Topic,
    /// Which of the topic's requests.
    pub(super) request: usize,
    pub(super) details: Details,
    /// What is still to happen.
    pub(super) plot: Plot,
    /// Who writes, from which address.
    pub(super) sender: Address,
    /// Codice utente of the taxpayer, which the register need not be able to tell from the letter.
    pub(super) taxpayer: Option<String>,
    /// Codice fiscale or partita IVA of whoever writes, or for whom.
    pub(super) fiscal_code: String,
    /// By which door it comes in.
    pub(super) door: Door,
    /// Who may open the tracking page, if it came in by a form.
    pub(super) follower: Option<Uuid>,
    /// Chances of this story alone: what happens elsewhere does not change it.
    pub(super) dice: Dice,
    /// The work order, once it is open.
    pub(super) order: Uuid,
    signature: String,
    letters: u32,
    seed: u64,
}

impl Case {
    /// The story of the `index`-th work order. `year` is the one that letters speak of.
    pub(super) fn invent(options: &Options, index: u64, register: &[Taxpayer], year: i32) -> Self {
        let mut dice = dice(options.seed, index + 1);
        let topic = DECK[usize::try_from(index % DECK.len() as u64).unwrap_or(0)];
        let plot = story::plot(index, options.work_orders, topic.flow);
        let topic = if plot.dispute { &MISSED } else { topic };
        let who = if topic.flow == Flow::List { Who::list() } else { Who::choose(&mut dice, register) };
        let door = door::choose(options, index, topic, &plot);
        Self {
            index,
            topic,
            request: dice.random_range(0..topic.requests.len()),
            details: Details::invent(&mut dice, who.street, year),
            plot,
            sender: Address { name: who.name, address: who.address },
            taxpayer: who.taxpayer,
            fiscal_code: who.fiscal_code,
            door,
            follower: None,
            dice,
            order: Uuid::nil(),
            signature: who.signature,
            letters: 0,
            seed: options.seed,
        }
    }

    /// The letter that opens the work order.
    pub(super) fn first_letter(&mut self, date: DateTime<Utc>) -> Letter {
        let (subject, words) = self.topic.requests[self.request];
        let (subject, words) = (self.details.told(subject), self.details.told(words));
        if self.topic.flow == Flow::List {
            return Letter {
                machine: mail::LIST,
                html: Some(mail::html(&words)),
                ..self.letter(date, subject, words)
            };
        }
        let opening = one(OPENINGS.as_slice(), &mut self.dice);
        let closing = one(CLOSINGS.as_slice(), &mut self.dice);
        let text = format!("{opening}\n\n{words}\n\n{closing}\n{}", self.signature);
        let html = (self.plot.rich && self.dice.random_bool(0.4)).then(|| mail::html(&text));
        let files = if self.plot.rich { self.enclosures(&words) } else { Vec::new() };
        Letter { html, files, ..self.letter(date, subject, text) }
    }

    /// What the citizen writes back to a letter of ours, which is known by its id.
    pub(super) fn answer(&mut self, deed: Deed, date: DateTime<Utc>, ours: &Ours) -> Letter {
        let earlier = vec![ours.id.clone()];
        let words = match deed {
            Deed::Away => {
                let letter =
                    self.letter(date, AWAY.0.to_owned(), format!("{}\n\n{}", AWAY.1, self.sender.name));
                return Letter { machine: mail::ANSWERING, earlier, ..letter };
            }
            deed => self.words(deed),
        };
        let text = format!("Buongiorno,\n{words}\n\n{}\n\n{}", self.sender.name, ours.quoted());
        Letter { earlier, ..self.letter(date, ours.answered(), text) }
    }

    /// What the citizen has to say, by whatever way.
    pub(super) fn words(&mut self, deed: Deed) -> String {
        match deed {
            Deed::Detail => self.details.told(self.topic.desk.detail),
            Deed::Thank => one(THANKS.as_slice(), &mut self.dice).to_owned(),
            Deed::Echo(round) => self.details.told(dispute::ROUNDS[round].1),
            _ => one(INSISTENCE.as_slice(), &mut self.dice).to_owned(),
        }
    }

    fn letter(&mut self, date: DateTime<Utc>, subject: String, text: String) -> Letter {
        let domain = self.sender.address.rsplit_once('@').map_or("posta.example", |(_, domain)| domain);
        let id = format!("{:x}.{}.{}@{domain}", self.seed, self.index, self.letters);
        self.letters += 1;
        Letter {
            id,
            date,
            from: self.sender.clone(),
            subject,
            text,
            html: None,
            files: Vec::new(),
            earlier: Vec::new(),
            machine: &[],
        }
    }

    /// What the words promise, and sometimes more.
    pub(super) fn enclosures(&mut self, words: &str) -> Vec<File> {
        let some = words.contains("lleg") || self.dice.random_bool(0.35);
        match self.topic.enclosure {
            Enclosure::Photo if some => {
                let name = format!("IMG_{:04}.png", self.dice.random_range(100..9_000));
                vec![file(name, "image/png", files::photo(&mut self.dice))]
            }
            Enclosure::Bill if some => {
                let lines = [
                    format!("Contribuente: {}", self.sender.name),
                    format!("Immobile: {}", self.details.street),
                    format!("Importo: € {}", self.details.amount),
                    "Documento di prova: non è un avviso di pagamento.".to_owned(),
                ];
                let title = format!("Avviso TARI {}", self.details.year);
                vec![file(format!("{title}.pdf"), "application/pdf", files::pdf(&title, &lines))]
            }
            _ => Vec::new(),
        }
    }
}

/// A letter of ours that is being answered.
#[derive(Clone, Debug)]
pub(super) struct Ours {
    /// Message-ID without angle brackets.
    pub(super) id: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) written_at: DateTime<Utc>,
    pub(super) from: Address,
}

impl Ours {
    /// The subject of an answer to it: mail programs do not pile up `Re:`.
    fn answered(&self) -> String {
        if self.subject.starts_with("Re: ") { self.subject.clone() } else { format!("Re: {}", self.subject) }
    }

    /// As mail programs quote it.
    fn quoted(&self) -> String {
        let when = self.written_at.with_timezone(&Rome).format("%d/%m/%Y %H:%M");
        let lines: Vec<String> =
            self.text.trim().lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
        format!("Il {when}, {} <{}> ha scritto:\n{}", self.from.name, self.from.address, lines.join("\n"))
    }
}

/// Whoever writes.
struct Who {
    name: String,
    address: String,
    taxpayer: Option<String>,
    fiscal_code: String,
    street: String,
    signature: String,
}

impl Who {
    fn list() -> Self {
        Self {
            name: "Fiera dell'Ambiente".to_owned(),
            address: "notizie@fiera-ambiente.example".to_owned(),
            taxpayer: None,
            fiscal_code: String::new(),
            street: String::new(),
            signature: String::new(),
        }
    }

    /// Mostly a taxpayer who writes from the address that the register has; sometimes one who writes from another and
    /// names a code, and sometimes somebody whom the register does not know.
    fn choose(dice: &mut Dice, register: &[Taxpayer]) -> Self {
        let known = register.choose(dice);
        let roll = dice.random_range(0..100);
        let Some(taxpayer) = known.filter(|_| roll >= 12) else {
            let people::Stranger { name, address, fiscal_code } = people::stranger(dice);
            let street = super::places::street(dice);
            let signature = format!("{name}\n{street}");
            return Self { name, address, taxpayer: None, fiscal_code, street, signature };
        };
        let entry = &taxpayer.entry;
        let elsewhere = roll < 24;
        let address = match entry.emails.first() {
            Some(address) if !elsewhere => address.clone(),
            _ => people::private_email(dice, &taxpayer.writer),
        };
        let mut signature = taxpayer.writer.clone();
        if taxpayer.entry.fiscal_code.as_ref().is_some_and(|code| code.len() == 11) {
            signature = format!("{signature}\n{}", entry.name);
        }
        let names_code = elsewhere || dice.random_bool(0.4);
        match &entry.fiscal_code {
            Some(code) if names_code && dice.random_bool(0.4) => {
                signature = format!("{signature}\nC.F. {code}");
            }
            _ if names_code => signature = format!("{signature}\nCodice utente {}", entry.code),
            _ => {}
        }
        Self {
            name: taxpayer.writer.clone(),
            address,
            taxpayer: Some(entry.code.clone()),
            fiscal_code: entry.fiscal_code.clone().unwrap_or_default(),
            street: taxpayer.street.clone(),
            signature,
        }
    }
}

/// One of `texts`.
pub(super) fn one<'a>(texts: &[&'a str], dice: &mut Dice) -> &'a str {
    texts.choose(dice).copied().unwrap_or_default()
}

pub(super) fn file(name: String, media_type: &str, bytes: Vec<u8>) -> File {
    File { name, media_type: media_type.to_owned(), content_id: None, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(seed: u64) -> Vec<(String, String, String, usize)> {
        let options = Options { work_orders: 46, seed };
        let register = people::register(&mut dice(seed, 0), 120);
        let date = "2026-11-20T10:00:00Z".parse().unwrap();
        (0..options.work_orders)
            .map(|index| Case::invent(&options, index, &register, 2026).first_letter(date))
            .map(|letter| (letter.from.address, letter.subject, letter.text, letter.files.len()))
            .collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_letters_and_another_gives_others() {
        assert_eq!(texts(42), texts(42));
        assert_ne!(texts(42), texts(43));
    }

    #[test]
    fn letters_are_of_many_sorts() {
        let texts = texts(42);
        let subjects: std::collections::HashSet<_> = texts.iter().map(|(_, subject, ..)| subject).collect();
        assert!(subjects.len() > 25, "{subjects:?}");
        assert!(texts.iter().any(|(.., files)| *files > 0));
        assert!(texts.iter().any(|(_, _, text, _)| text.contains("Codice utente UT-")));
        assert!(texts.iter().any(|(_, _, text, _)| text.contains("C.F. ")));
        assert!(texts.iter().any(|(address, ..)| address.ends_with("@privata.example")));
        assert!(texts.iter().all(|(_, subject, text, _)| !format!("{subject}{text}").contains(['{', '}'])));
    }

    #[test]
    fn an_answer_quotes_what_it_answers() {
        let options = Options { work_orders: 1, seed: 1 };
        let mut case = Case::invent(&options, 0, &[], 2026);
        let date = "2026-11-20T10:00:00Z".parse().unwrap();
        let first = case.first_letter(date);
        let ours = Ours {
            id: "ours@ente.example".to_owned(),
            subject: "Risposta [2026/000001]".to_owned(),
            text: "Gentile,\n\nfatto.\n".to_owned(),
            written_at: date,
            from: Address { name: "Ente".to_owned(), address: "reclami@ente.example".to_owned() },
        };
        let answer = case.answer(Deed::Insist, date, &ours);
        assert_ne!(answer.id, first.id);
        assert_eq!((answer.earlier, answer.subject.as_str()), (vec![ours.id], "Re: Risposta [2026/000001]"));
        let quote = "Il 20/11/2026 11:00, Ente <reclami@ente.example> ha scritto:\n> Gentile,\n>\n> fatto.";
        assert!(answer.text.ends_with(quote), "{}", answer.text);
    }
}
