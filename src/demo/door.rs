//! By which door a request comes in, and whether its citizen ever opens the link of the acknowledgement.

use rand::RngExt;

use super::{
    Options, dice,
    post::Fate,
    story::Plot,
    topic::{Flow, Topic},
};
use crate::domain::form;

/// A way into the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// A mail.
    Mail,
    /// The form of the portal, step by step.
    Portal(Opens),
    /// An app's form, whole.
    App(Opens),
}

/// When a citizen opens the personal link and confirms the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    /// At once.
    AtOnce,
    /// When there is something to be said.
    InTime,
    /// Never: what the desk answers is held back.
    Never,
}

/// Of so many requests that may come by a form…
const OF: u64 = 100;
/// … so many do. With the topics that have none, and with those that somebody must write by mail for the sake of the story,
/// that makes about a quarter of all.
const FORMS: u64 = 34;
/// Forms of a large demo, at most, roughly. A mail shares its commit with those of the same hour, a form has several of its own:
/// a quarter of 100 000 would take longer than all the mails together.
const MOST: u64 = 4_000;
/// Of so many forms one comes by an app.
const APPS: u64 = 5;

/// The door of the `index`-th request. Its chances are not those of the story: who comes by another door says the same.
pub(super) fn choose(options: &Options, index: u64, topic: &Topic, plot: &Plot) -> Door {
    // Whatever a mailbox refuses was sent by mail, and a list has no hands to fill a form.
    let fit = !plot.dispute && plot.fate == Fate::Arrives && topic.flow == Flow::Usual;
    if !fit || form::standard(topic.kind).is_none() {
        return Door::Mail;
    }
    let mut dice = dice(options.seed, u64::MAX - index);
    if dice.random_range(0..OF.max(options.work_orders * FORMS / MOST)) >= FORMS {
        return Door::Mail;
    }
    let opens = match dice.random_range(0..10) {
        0..6 => Opens::AtOnce,
        6..8 => Opens::InTime,
        _ => Opens::Never,
    };
    if dice.random_range(0..APPS) == 0 { Door::App(opens) } else { Door::Portal(opens) }
}

impl Door {
    /// When the citizen opens the link; none for who wrote a mail.
    pub(super) fn opens(self) -> Option<Opens> {
        match self {
            Self::Mail => None,
            Self::Portal(opens) | Self::App(opens) => Some(opens),
        }
    }
}
