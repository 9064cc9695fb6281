//! The automatic letters of the portal, in the citizen's language. Their words stand in `texts/*/letters.ftl`; nothing that a
//! citizen typed goes into them, because the address may be somebody else's.

use chrono::NaiveDate;
use entity::{language::Language, notice};

use super::{
    PERSONAL_LINK, Text, Value, say, say_with,
    updates::{day, moment},
};
use crate::domain::progress::news::News;
use crate::domain::{calendar, notice as rules, number::Number};

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
    /// A request.
    Request(Request),
    /// A notice, by its title.
    Notice(String),
}

/// A request, as letters name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub number: Number,
    /// Kind, street and day, as far as known, for who did not send it; empty for who did.
    pub about: Vec<String>,
}

impl Request {
    /// The number, which a subject has to name so that answers find their way, and the whole name.
    fn values(&self) -> [(&'static str, Value); 2] {
        let number = self.number.to_string();
        let request = match self.about.as_slice() {
            [] => number.clone(),
            about => format!("{number} ({})", about.join(", ")),
        };
        [("number", value(number)), ("request", value(request))]
    }
}

/// What an acknowledgement says.
#[derive(Clone, Copy, Debug)]
pub struct Acknowledgement<'a> {
    /// Who writes.
    pub office: Office<'a>,
    /// Number of the work order.
    pub number: Number,
    /// Day of the receipt.
    pub received: NaiveDate,
    /// Day by which the answer is due.
    pub due: NaiveDate,
    /// The address is to be confirmed.
    pub confirm: bool,
    /// Notices in force that may concern the request.
    pub notices: &'a [notice::Model],
}

/// Says that a request sent through the portal has arrived. The personal link is put in when the letter leaves, in the place
/// of [`PERSONAL_LINK`]; where there is none its line is left out.
#[must_use]
pub fn acknowledgement(about: &Acknowledgement<'_>) -> Text {
    let language = about.office.language;
    let number = value(about.number);
    let received = value(day(language, about.received));
    let due = value(day(language, about.due));
    let values = [("number", number.clone()), ("received", received), ("due", due)];
    let mut parts = vec![say(language, "letter-greeting"), say_with(language, "letter-received", &values)];
    // Who has not confirmed the address is not written to again: nothing else may be promised.
    parts.extend(concerned(&about.office, about.notices, about.confirm));
    let key = if about.confirm { "letter-received-confirm" } else { "letter-received-follow" };
    parts.push(say_with(language, key, &[("link", value(PERSONAL_LINK))]));
    parts.push(say(language, "letter-received-more"));
    parts.push(say_with(language, "letter-received-closing", &[("organisation", value(about.office.name))]));
    let subject = say_with(language, "letter-received-subject", &[("number", number)]);
    Text { subject, body: format!("{}\n", parts.join("\n\n")) }
}

/// What an acknowledgement says of the notices that may concern its request, each with its page: a paragraph for those that name
/// its street, whose end its author is told of, and one for those of the whole area, which the author may follow. `None`: there
/// are none.
#[must_use]
pub fn concerned(office: &Office<'_>, notices: &[notice::Model], confirm: bool) -> Option<String> {
    let (general, near): (Vec<_>, Vec<_>) = notices.iter().partition(|one| rules::is_general(one));
    let told = if confirm { "letter-received-notices-confirm" } else { "letter-received-notices" };
    let line = |one: &&notice::Model| {
        format!("- {}: {}/avvisi/{}", one.title.in_(office.language), office.portal, one.id)
    };
    let paragraph = |(key, notices): (&str, Vec<&notice::Model>)| {
        let lines: Vec<String> = notices.iter().map(line).collect();
        let values = [("n", Value::from(lines.len())), ("notices", value(lines.join("\n")))];
        (!lines.is_empty()).then(|| say_with(office.language, key, &values))
    };
    let parts: Vec<String> = [(told, near), ("letter-received-notices-general", general)]
        .into_iter()
        .filter_map(paragraph)
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// The page on which the author of a request follows it.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Until when the author may say there that it is not solved; `None` where that cannot be said.
    pub contest: Option<NaiveDate>,
}

/// What an answer says that closes its request: that it does, and what its author may do then. `page`: where there is one; its
/// link is put in as in [`acknowledgement`].
#[must_use]
pub fn closed_by_answer(language: Language, page: Option<Page>) -> String {
    let closed = say(language, "letter-answer-closes");
    let Some(page) = page else { return closed };
    let link = ("link", value(PERSONAL_LINK));
    let more = match page.contest {
        Some(until) => {
            let until = ("until", value(day(language, until)));
            say_with(language, "letter-answer-closes-contest", &[until, link])
        }
        None => say_with(language, "letter-answer-closes-page", &[link]),
    };
    format!("{closed}\n{more}")
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
        Matter::Request(request) => {
            let [number, request] = request.values();
            letter(office, "letter-link", &[number, request, ("link", url), ("code", value(code))])
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
        Matter::Request(request) => {
            let [number, request] = request.values();
            letter(office, "letter-follow", &[number, request, ("link", url)])
        }
        Matter::Notice(title) => {
            letter(office, "letter-follow-notice", &[("title", value(title)), ("link", url)])
        }
    }
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
pub fn update(office: &Office<'_>, request: &Request, news: News, days: Days, link: &str) -> Text {
    let key = match news {
        News::TakenUp => "letter-update-taken-up",
        News::Waiting => "letter-update-waiting",
        News::Closed if days.contest.is_some() => "letter-update-closed-contest",
        News::Closed => "letter-update-closed",
        News::Reopened => "letter-update-reopened",
    };
    let due = value(day(office.language, days.due));
    let until = days.contest.map(|until| day(office.language, until)).unwrap_or_default();
    let url = value(format!("{}/segui/{link}", office.portal));
    let what = say_with(office.language, key, &[("due", due), ("until", value(until))]);
    let [number, request] = request.values();
    letter(office, "letter-update", &[number, request, ("what", value(what)), ("link", url)])
}

/// A disruption is over. `personal`: the link of who follows, to hear no more.
#[must_use]
pub fn restored(office: &Office<'_>, notice: &notice::Model, personal: Option<&str>) -> Text {
    let language = office.language;
    let title = value(notice.title.in_(language));
    let ended = notice.restored_at.map(|at| day(language, calendar::rome_date(at))).unwrap_or_default();
    let mut parts = vec![
        say(language, "letter-greeting"),
        say_with(language, "letter-restored", &[("title", title.clone()), ("day", value(ended))]),
    ];
    let words = notice.restored.in_(language);
    if !words.is_empty() {
        parts.push(words.to_owned());
    }
    parts.extend(where_more_is(office, notice, personal));
    Text {
        subject: say_with(language, "letter-restored-subject", &[("title", title)]),
        body: closed(office, &parts),
    }
}

/// A notice says something else: what it says now, to who follows it. `personal` as in [`restored`].
#[must_use]
pub fn changed(office: &Office<'_>, notice: &notice::Model, personal: Option<&str>) -> Text {
    let language = office.language;
    let title = value(notice.title.in_(language));
    let streets = match notice.streets.0.as_slice() {
        [] => say(language, "letter-changed-everywhere"),
        streets => streets.join(", "),
    };
    let from = ("from", value(moment(language, notice.starts_at)));
    let until = match notice.ends_at {
        Some(end) => moment(language, end),
        None => say(language, "letter-changed-unknown-end"),
    };
    let values = [from, ("until", value(until)), ("streets", value(streets))];
    let mut parts = vec![
        say(language, "letter-greeting"),
        say_with(language, "letter-changed", &[("title", title.clone())]),
        say_with(language, "letter-changed-where", &values),
    ];
    let texts = [&notice.text, &notice.impact, &notice.alternatives].map(|words| words.in_(language).trim());
    parts.extend(texts.into_iter().filter(|words| !words.is_empty()).map(str::to_owned));
    parts.extend(where_more_is(office, notice, personal));
    Text {
        subject: say_with(language, "letter-changed-subject", &[("title", title)]),
        body: closed(office, &parts),
    }
}

/// The page of a notice, and the page of who follows it.
fn where_more_is(office: &Office<'_>, notice: &notice::Model, personal: Option<&str>) -> Vec<String> {
    let say = |key, url| say_with(office.language, key, &[("link", value(url))]);
    let page = say("letter-notice-page", format!("{}/avvisi/{}", office.portal, notice.id));
    let own = personal.map(|link| say("letter-personal", format!("{}/segui/{link}", office.portal)));
    [Some(page), own].into_iter().flatten().collect()
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

#[cfg(test)]
mod tests;
