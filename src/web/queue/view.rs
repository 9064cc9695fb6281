//! The address is the view: what a query asks for, and the address that asks for it. Parts that make no sense are left
//! out rather than refused, since people shorten and combine addresses by hand.

use entity::{communication::Channel, work_order::Status};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    domain::text,
    store::work_order::{AssigneeFilter, StatusFilter},
    web::{frame::Done, request::address},
};

/// Longest text that is searched for, in characters.
const TEXT_CHARS: usize = 200;

/// The query as it comes.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    status: Option<String>,
    assignee: Option<String>,
    kind: Option<String>,
    channel: Option<String>,
    due: Option<String>,
    contested: Option<String>,
    q: Option<String>,
    /// Key of the row before the page.
    pub after: Option<String>,
    /// Key of the row after the page.
    pub before: Option<String>,
    /// What the last act did.
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    pub done: Option<Done>,
}

/// Which work orders are shown. Without anything said: all that are not closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// By status.
    pub status: StatusFilter,
    /// By assignee.
    pub assignee: AssigneeFilter,
    /// By kind.
    pub kind: Option<Uuid>,
    /// By the way it came.
    pub channel: Option<Channel>,
    /// Only what is overdue or due within some working days.
    pub due_soon: bool,
    /// Only what was contested.
    pub contested: bool,
    /// Words of the subject, as typed.
    pub q: String,
}

impl View {
    /// What the query asks for; `me` is who asks.
    #[must_use]
    pub fn asked(asked: &Asked, me: Uuid) -> Self {
        Self {
            status: match asked.status.as_deref() {
                Some("") => StatusFilter::All,
                Some(code) => status_of(code).map_or(StatusFilter::Open, StatusFilter::One),
                None => StatusFilter::Open,
            },
            assignee: match asked.assignee.as_deref() {
                Some("me") => AssigneeFilter::One(me),
                Some("none") => AssigneeFilter::Nobody,
                Some(id) => id.parse().map_or(AssigneeFilter::Anyone, AssigneeFilter::One),
                None => AssigneeFilter::Anyone,
            },
            kind: asked.kind.as_deref().and_then(|id| id.parse().ok()),
            channel: asked.channel.as_deref().and_then(channel_of),
            due_soon: asked.due.as_deref() == Some("soon"),
            contested: asked.contested.as_deref() == Some("on"),
            q: text::one_line(asked.q.as_deref().unwrap_or_default()).chars().take(TEXT_CHARS).collect(),
        }
    }

    /// The view's address, from the row of `key` on when there is one.
    #[must_use]
    pub fn href(&self, me: Uuid, key: Option<(&'static str, String)>) -> String {
        let mut question: Vec<(&str, String)> = Vec::new();
        if self.status != StatusFilter::Open {
            question.push(("status", self.status_value().to_owned()));
        }
        if self.assignee != AssigneeFilter::Anyone {
            question.push(("assignee", self.assignee_value(me)));
        }
        question.extend(self.kind.map(|id| ("kind", id.to_string())));
        question.extend(self.channel.map(|channel| ("channel", channel_value(channel).to_owned())));
        question.extend(self.due_soon.then(|| ("due", "soon".to_owned())));
        question.extend(self.contested.then(|| ("contested", "on".to_owned())));
        if !self.q.is_empty() {
            question.push(("q", self.q.clone()));
        }
        question.extend(key);
        address("/desk/queue", &question)
    }

    /// What the form's field of the status shows.
    #[must_use]
    pub fn status_value(&self) -> &'static str {
        match self.status {
            StatusFilter::Open => "open",
            StatusFilter::All => "",
            StatusFilter::One(Status::New) => "new",
            StatusFilter::One(Status::InProgress) => "in_progress",
            StatusFilter::One(Status::Waiting) => "waiting",
            StatusFilter::One(Status::Closed) => "closed",
        }
    }

    /// What the form's field of the assignee shows.
    #[must_use]
    pub fn assignee_value(&self, me: Uuid) -> String {
        match self.assignee {
            AssigneeFilter::Anyone => String::new(),
            AssigneeFilter::Nobody => "none".to_owned(),
            AssigneeFilter::One(id) if id == me => "me".to_owned(),
            AssigneeFilter::One(id) => id.to_string(),
        }
    }
}

fn status_of(code: &str) -> Option<Status> {
    match code {
        "new" => Some(Status::New),
        "in_progress" => Some(Status::InProgress),
        "waiting" => Some(Status::Waiting),
        "closed" => Some(Status::Closed),
        _ => None,
    }
}

/// The ways by which work orders come, with their names in the address. Nothing is opened at the desk itself.
pub const CHANNELS: [(Channel, &str, &str); 4] = [
    (Channel::Email, "email", "Posta ordinaria"),
    (Channel::Pec, "pec", "PEC"),
    (Channel::Web, "web", "Sportello online"),
    (Channel::App, "app", "App"),
];

fn channel_of(code: &str) -> Option<Channel> {
    CHANNELS.iter().find(|(_, value, _)| *value == code).map(|(channel, _, _)| *channel)
}

/// What the form's field of the channel shows.
#[must_use]
pub fn channel_value(channel: Channel) -> &'static str {
    CHANNELS.iter().find(|(one, _, _)| *one == channel).map_or("", |(_, value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);

    fn view(query: &str) -> View {
        View::asked(&serde_urlencoded::from_str(query).unwrap(), ME)
    }

    #[test]
    fn a_view_is_its_address() {
        let kind = Uuid::from_u128(7);
        for query in [
            String::new(),
            "status=".to_owned(),
            "status=waiting&assignee=me".to_owned(),
            format!("assignee={}&kind={kind}", Uuid::from_u128(2)),
            "assignee=none&due=soon&q=via+Roma+%2612".to_owned(),
            "due=soon&contested=on".to_owned(),
            format!("status=closed&kind={kind}&channel=pec&contested=on"),
        ] {
            let address = view(&query).href(ME, None);
            assert_eq!(address, crate::web::request::address("/desk/queue", &pairs(&query)), "{query}");
            assert_eq!(view(address.split_once('?').map_or("", |(_, query)| query)), view(&query));
        }
    }

    fn pairs(query: &str) -> Vec<(String, String)> {
        serde_urlencoded::from_str(query).unwrap()
    }

    #[test]
    fn nonsense_is_left_out() {
        assert_eq!(view("status=gone&assignee=x&kind=y&channel=fax&due=z&q=+"), View::default());
        assert_eq!(view(&format!("q={}", "a".repeat(1000))).q.len(), TEXT_CHARS);
    }
}
