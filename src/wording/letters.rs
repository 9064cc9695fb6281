//! The automatic letters of the portal, in the citizen's language. Their words stand in `texts/*/letters.ftl`; nothing that a
//! citizen typed goes into them, because the address may be somebody else's.

use chrono::NaiveDate;
use entity::{language::Language, notice};
use serde::{Deserialize, Serialize};

use super::{PERSONAL_LINK, Text, Value, day, say, say_with};
use crate::domain::{calendar, number::Number};

/// Who writes, and in which language.
#[derive(Clone, Copy, Debug)]
pub struct Office<'a> {
    /// Name of the organisation.
    pub name: &'a str,
    /// Language of the reader.
    pub language: Language,
    /// Where the portal's pages begin.
    pub portal: &'a str,
}

/// What somebody follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// A request, by its number.
    Request(Number),
    /// A notice, by its title.
    Notice(String),
}

/// What an acknowledgement says.
#[derive(Clone, Copy, Debug)]
pub struct Acknowledgement<'a> {
    /// Name of the organisation.
    pub organisation: &'a str,
    /// Language of the reader.
    pub language: Language,
    /// Number of the work order.
    pub number: Number,
    /// Day of the receipt.
    pub received: NaiveDate,
    /// Day by which the answer is due.
    pub due: NaiveDate,
    /// The address is to be confirmed.
    pub confirm: bool,
    /// Notices that explain the request.
    pub notices: &'a [notice::Model],
}

/// Says that a request sent through the portal has arrived. The personal link is put in when the letter leaves, in the place
/// of [`PERSONAL_LINK`]; where there is none its line is left out.
#[must_use]
pub fn acknowledgement(about: &Acknowledgement<'_>) -> Text {
    let language = about.language;
    let number = value(about.number);
    let received = value(written(language, about.received));
    let due = value(written(language, about.due));
    let values = [("number", number.clone()), ("received", received), ("due", due)];
    let mut parts = vec![say(language, "letter-greeting"), say_with(language, "letter-received", &values)];
    // Who has not confirmed the address is not written to again: nothing else may be promised.
    let key = if about.confirm { "letter-received-notice-confirm" } else { "letter-received-notice" };
    for notice in about.notices {
        let title = value(notice.title.in_(language));
        parts.push(say_with(language, key, &[("title", title)]));
    }
    let key = if about.confirm { "letter-received-confirm" } else { "letter-received-follow" };
    parts.push(say_with(language, key, &[("link", value(PERSONAL_LINK))]));
    parts.push(say(language, "letter-received-more"));
    parts.push(say_with(language, "letter-received-closing", &[("organisation", value(about.organisation))]));
    let subject = say_with(language, "letter-received-subject", &[("number", number)]);
    Text { subject, body: format!("{}\n", parts.join("\n\n")) }
}

/// The link back to a draft: its kind, its step, its link.
#[must_use]
pub fn resume(office: &Office<'_>, kind: &str, step: i32, link: &str) -> Text {
    let url = format!("{}/{kind}/{step}?b={link}", office.portal);
    letter(office, "letter-resume", &[("link", value(url))])
}

/// The link that confirms the address of a submission.
#[must_use]
pub fn confirm(office: &Office<'_>, link: &str) -> Text {
    let url = format!("{}/conferma/{link}", office.portal);
    letter(office, "letter-confirm", &[("link", value(url))])
}

/// The personal link again, and the code that does the same together with the number.
#[must_use]
pub fn link(office: &Office<'_>, matter: &Matter, link: &str, code: &str) -> Text {
    let url = value(format!("{}/segui/{link}", office.portal));
    match matter {
        Matter::Request(number) => {
            let values = [("number", value(number)), ("link", url), ("code", value(code))];
            letter(office, "letter-link", &values)
        }
        Matter::Notice(title) => {
            letter(office, "letter-link-notice", &[("title", value(title)), ("link", url)])
        }
    }
}

/// The link that confirms the wish to follow.
#[must_use]
pub fn follow(office: &Office<'_>, matter: &Matter, link: &str) -> Text {
    let url = value(format!("{}/segui/{link}", office.portal));
    match matter {
        Matter::Request(number) => {
            letter(office, "letter-follow", &[("number", value(number)), ("link", url)])
        }
        Matter::Notice(title) => {
            letter(office, "letter-follow-notice", &[("title", value(title)), ("link", url)])
        }
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Somebody works on it.
    TakenUp,
    /// Something was asked of its author.
    Waiting,
    /// It is done.
    Closed,
    /// It was closed, and is worked on again.
    Reopened,
}

/// The days that news of a request name.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// By which the answer is due.
    pub due: NaiveDate,
    /// Until which the reader may say that it is not solved; `None` when the reader may not.
    pub contest: Option<NaiveDate>,
}

/// News of a request, with the days that matter and the reader's own link.
#[must_use]
pub fn update(office: &Office<'_>, number: Number, news: News, days: Days, link: &str) -> Text {
    let key = match news {
        News::TakenUp => "letter-update-taken-up",
        News::Waiting => "letter-update-waiting",
        News::Closed if days.contest.is_some() => "letter-update-closed-contest",
        News::Closed => "letter-update-closed",
        News::Reopened => "letter-update-reopened",
    };
    let due = value(written(office.language, days.due));
    let until = days.contest.map(|day| written(office.language, day)).unwrap_or_default();
    let url = value(format!("{}/segui/{link}", office.portal));
    let what = say_with(office.language, key, &[("due", due), ("until", value(until))]);
    let values = [("number", value(number)), ("what", value(what)), ("link", url)];
    letter(office, "letter-update", &values)
}

/// A disruption is over. `personal`: the link of who follows, to hear no more.
#[must_use]
pub fn restored(office: &Office<'_>, notice: &notice::Model, personal: Option<&str>) -> Text {
    let language = office.language;
    let title = value(notice.title.in_(language));
    let ended = notice.restored_at.map(|at| written(language, calendar::rome_date(at))).unwrap_or_default();
    let mut parts = vec![
        say(language, "letter-greeting"),
        say_with(language, "letter-restored", &[("title", title.clone()), ("day", value(ended))]),
    ];
    let words = notice.restored.in_(language);
    if !words.is_empty() {
        parts.push(words.to_owned());
    }
    let url = value(format!("{}/avvisi/{}", office.portal, notice.id));
    parts.push(say_with(language, "letter-restored-more", &[("link", url)]));
    if let Some(link) = personal {
        let url = value(format!("{}/segui/{link}", office.portal));
        parts.push(say_with(language, "letter-personal", &[("link", url)]));
    }
    Text {
        subject: say_with(language, "letter-restored-subject", &[("title", title)]),
        body: closed(office, &parts),
    }
}

/// The code that an app asked for, good for so many minutes.
#[must_use]
pub fn code(office: &Office<'_>, code: &str, minutes: i64) -> Text {
    letter(office, "letter-code", &[("code", value(code)), ("minutes", value(minutes))])
}

/// A letter of one text: greeting, text, closing; its subject is `<key>-subject`.
fn letter(office: &Office<'_>, key: &str, values: &[(&'static str, Value)]) -> Text {
    let language = office.language;
    let parts = [say(language, "letter-greeting"), say_with(language, key, values)];
    Text { subject: say_with(language, &format!("{key}-subject"), values), body: closed(office, &parts) }
}

/// The parts of a letter with what stands at the end of each.
fn closed(office: &Office<'_>, parts: &[String]) -> String {
    let closing = say_with(office.language, "letter-closing", &[("organisation", value(office.name))]);
    format!("{}\n\n{closing}\n", parts.join("\n\n"))
}

/// As text: a number would get the separators of its language.
#[expect(clippy::needless_pass_by_value, reason = "most are made on the spot")]
fn value(what: impl ToString) -> Value {
    Value::from(what.to_string())
}

/// A day as it is written in a language.
fn written(language: Language, date: NaiveDate) -> String {
    match language {
        Language::It => day(date).to_string(),
        Language::En => date.format("%-d %B %Y").to_string(),
        Language::De => date.format("%d.%m.%Y").to_string(),
    }
}

#[cfg(test)]
mod tests;
