//! The receipt of a submission: that it has arrived, when, what it said, by when an answer is due and where to follow it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::language::Language;
use serde::Serialize;

use super::Error;
use crate::{
    domain::{
        calendar::rome,
        number::Number,
        text::{one_line, shortened},
    },
    wording::{say, say_with},
};

/// Most lines, files and characters that are set: a form has a dozen lines of a few thousand characters. typst cannot be
/// stopped; what is left out is left out with an ellipsis, and all of it stands on the tracking page.
const LINES: usize = 100;
const FILES: usize = 50;
const ANSWER: usize = 10_000;
const ALL_ANSWERS: usize = 60_000;
/// Longest text of one line, in characters.
const SHORT: usize = 500;

/// What a receipt says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipt {
    /// Language of the citizen.
    pub language: Language,
    /// Who has received it.
    pub organisation: String,
    /// Number of the work order; none while it waits for a confirmation or for an operator.
    pub number: Option<Number>,
    /// The code that opens the tracking page together with the number; empty when there is none yet.
    pub code: String,
    /// When it was sent.
    pub received_at: DateTime<Utc>,
    /// When an answer is due, in Italy.
    pub due: Option<NaiveDate>,
    /// What is asked, in the citizen's language.
    pub kind: String,
    /// Question and answer, in the order of the form.
    pub lines: Vec<(String, String)>,
    /// Names of the files.
    pub files: Vec<String>,
    /// Address of the tracking page or, while there is no number, of the page that will show it; empty when there is none.
    pub tracking: String,
    /// Address of the page that number and code open: short enough to be typed.
    pub door: String,
}

/// The receipt as PDF: PDF/A-2a and PDF/UA-1, so that it can be archived and read aloud. Takes a core for a tenth of a second.
///
/// # Errors
/// [`Error::NotBuiltIn`] without the feature `pdf`; [`Error::Broken`] is a fault of ours.
pub fn receipt(receipt: &Receipt) -> Result<Vec<u8>, Error> {
    let page = Page::of(receipt);
    #[cfg(feature = "pdf")]
    return super::typeset::pdf(include_str!("receipt.typ"), &page, receipt.received_at);
    #[cfg(not(feature = "pdf"))]
    {
        drop(page);
        Err(Error::NotBuiltIn)
    }
}

/// What the template sets, as it is read: `receipt.typ` says where.
#[derive(Serialize)]
struct Page {
    language: &'static str,
    title: String,
    organisation: String,
    intro: String,
    /// Name and value.
    facts: Vec<(String, String)>,
    answers_title: String,
    answers: Vec<(String, String)>,
    files_title: String,
    files: Vec<String>,
    tracking_title: String,
    tracking_text: String,
    /// An address to be typed, in full on one line; empty: none.
    door: String,
    /// An address to be pressed, too long to be typed or copied from paper: only its name is set.
    tracking: String,
    tracking_name: String,
    automatic: String,
    numbering: String,
}

impl Page {
    fn of(receipt: &Receipt) -> Self {
        let language = receipt.language;
        let say = |key| say(language, key);
        let organisation = line(&receipt.organisation);
        let title = match receipt.number {
            Some(number) => {
                say_with(language, "document-receipt-title-number", &[("number", number.to_string().into())])
            }
            None => say("document-receipt-title"),
        };
        let waits = receipt.number.is_none();
        let (intro, follow, name) = if waits {
            (
                "document-receipt-intro-waiting",
                "document-receipt-follow-waiting",
                "document-receipt-open-waiting",
            )
        } else {
            ("document-receipt-intro", "document-receipt-follow", "document-receipt-open")
        };
        Self {
            language: language.tag(),
            title,
            intro: say_with(language, intro, &[("organisation", organisation.clone().into())]),
            organisation,
            facts: facts(receipt),
            answers_title: say("document-receipt-answers"),
            answers: answers(receipt),
            files_title: say("document-receipt-files"),
            files: receipt.files.iter().take(FILES).map(|name| line(name)).collect(),
            tracking_title: say("document-receipt-tracking"),
            tracking_text: say(follow),
            door: if waits { String::new() } else { line(&receipt.door) },
            tracking: line(&receipt.tracking),
            tracking_name: say(name),
            automatic: say("document-receipt-automatic"),
            numbering: say("document-page"),
        }
    }
}

fn facts(receipt: &Receipt) -> Vec<(String, String)> {
    let fact = |key, value: String| (say(receipt.language, key), line(&value));
    let received = rome(receipt.received_at);
    let mut facts = Vec::new();
    facts.extend(receipt.number.map(|number| fact("document-receipt-number", number.to_string())));
    if !receipt.code.is_empty() {
        facts.push(fact("document-receipt-code", receipt.code.clone()));
    }
    facts.push(fact("document-receipt-kind", receipt.kind.clone()));
    let moment = format!("{}, {}", day(receipt.language, received.date()), received.format("%H:%M"));
    facts.push(fact("document-receipt-received", moment));
    facts.extend(receipt.due.map(|due| fact("document-receipt-due", day(receipt.language, due))));
    facts
}

/// The answers that were given, within the limits.
fn answers(receipt: &Receipt) -> Vec<(String, String)> {
    let mut room = ALL_ANSWERS;
    let given = receipt.lines.iter().filter(|(_, answer)| !answer.trim().is_empty());
    given
        .take(LINES)
        .map_while(|(question, answer)| {
            let answer = shortened(answer.trim(), ANSWER.min(room));
            // an ellipsis is longer than no room at all
            room = room.checked_sub(answer.chars().count())?;
            Some((line(question), answer))
        })
        .collect()
}

fn line(text: &str) -> String {
    shortened(&one_line(text), SHORT)
}

/// A day as it is written where the language is spoken.
fn day(language: Language, day: NaiveDate) -> String {
    let form = match language {
        Language::It => "%d/%m/%Y",
        Language::En => "%-d %B %Y",
        Language::De => "%d.%m.%Y",
    };
    day.format(form).to_string()
}

#[cfg(test)]
mod tests;
