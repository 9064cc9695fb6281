//! What a citizen has received of an update, which may have had two ways: the letter, once one was written; before that, and where
//! there is none, the notification. Both were written out of the same facts in words of their own, so only one of them is shown.

use entity::{
    communication,
    io_message::{self, State},
};

use crate::domain::io::preview;

/// Where an update stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Received<'a> {
    /// By a letter, with the words of the communication.
    Letter,
    /// On IO, in the words of this notification.
    OnIo(&'a io_message::Model),
    /// Not at all: the notification was taken back before it left.
    TakenBack(&'a io_message::Model),
}

/// Where an update stands whose notifications, oldest first, are these. `letter`: one was written.
#[must_use]
pub fn received(letter: bool, notifications: &[io_message::Model]) -> Received<'_> {
    if letter {
        return Received::Letter;
    }
    // A repetition that was taken back takes nothing of the first one back.
    let left = notifications.iter().rfind(|one| one.state != State::Draft);
    match (left, notifications.last()) {
        (Some(left), _) => Received::OnIo(left),
        (None, Some(draft)) => Received::TakenBack(draft),
        (None, None) => Received::Letter,
    }
}

/// An update in the words in which it was received, or would have been.
#[must_use]
pub fn in_words_of(received: Received<'_>, update: communication::Model) -> communication::Model {
    match received {
        Received::Letter => update,
        Received::OnIo(message) | Received::TakenBack(message) => communication::Model {
            subject: message.subject.clone(),
            text: preview::plain(&message.markdown),
            ..update
        },
    }
}
