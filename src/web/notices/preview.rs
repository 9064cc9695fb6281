//! Every text of a notice where it will appear, in each language that has words of its own: what citizens are told is read
//! first by who tells it.

use entity::{
    language::{Language, Words},
    notice::{Model, State},
};
use serde::Serialize;

use crate::{
    web::words::moment,
    wording::{Text, letters},
};

/// A notice in one language.
#[derive(Debug, Serialize)]
pub struct Preview {
    language: &'static str,
    tag: &'static str,
    title: String,
    text: String,
    impact: String,
    alternatives: String,
    when: String,
    streets: Vec<String>,
    /// What acknowledgements of requests say that it may concern.
    acknowledgement: String,
    /// What is said when it is over; empty until then.
    restored: String,
    /// To those who follow, when it is changed, if whoever changes it wants that; none when that cannot be any more, or not yet.
    changed: Option<Letter>,
    /// To those who follow, once it is over.
    letter: Letter,
}

/// A letter as it will read.
#[derive(Debug, Serialize)]
pub struct Letter {
    subject: String,
    body: String,
}

/// The previews, Italian first.
pub fn previews(notice: &Model, organisation: &str, portal: &str) -> Vec<Preview> {
    let has = |words: &Words, language: Language| match language {
        Language::It => true,
        Language::En => !words.en.trim().is_empty(),
        Language::De => !words.de.trim().is_empty(),
    };
    let texts = [&notice.title, &notice.text, &notice.impact, &notice.alternatives, &notice.restored];
    let spoken = Language::ALL.into_iter().filter(|language| texts.iter().any(|words| has(words, *language)));
    spoken.map(|language| preview(notice, language, organisation, portal)).collect()
}

impl From<Text> for Letter {
    fn from(text: Text) -> Self {
        Self { subject: text.subject, body: text.body }
    }
}

fn preview(notice: &Model, language: Language, organisation: &str, portal: &str) -> Preview {
    let title = notice.title.in_(language).to_owned();
    let office = letters::Office { name: organisation, language, portal };
    // Before the end the letter is shown with the day on which it is expected.
    let expected = notice.restored_at.or(notice.ends_at).or(Some(notice.starts_at));
    let restored = letters::restored(&office, &Model { restored_at: expected, ..notice.clone() }, None);
    // On the page of the end, too, it is published still.
    let lasts = notice.state == State::Published && notice.restored_at.is_none();
    Preview {
        language: match language {
            Language::It => "In italiano",
            Language::En => "In inglese",
            Language::De => "In tedesco",
        },
        tag: language.tag(),
        text: notice.text.in_(language).to_owned(),
        impact: notice.impact.in_(language).to_owned(),
        alternatives: notice.alternatives.in_(language).to_owned(),
        restored: notice.restored.in_(language).to_owned(),
        when: match notice.ends_at {
            Some(ends_at) => format!("{} – {}", moment(notice.starts_at), moment(ends_at)),
            None => moment(notice.starts_at),
        },
        streets: notice.streets.0.clone(),
        acknowledgement: letters::concerned(&office, std::slice::from_ref(notice), false).unwrap_or_default(),
        changed: lasts.then(|| letters::changed(&office, notice, None).into()),
        letter: restored.into(),
        title,
    }
}
