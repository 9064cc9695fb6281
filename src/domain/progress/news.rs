//! What a change of status is to those who wait for news of a request, and whether it is any.
//!
//! Statuses are put right: taken up, back to new, taken up again within a minute. One event is told once, so a change says nothing
//! that those who are told have heard since the request was last closed or opened again. That it is open again, and then that it is
//! closed again, is news each time: the last that was told must be true. Refused: to wait with telling until nobody puts it right.

use entity::work_order::Status;
use serde::{Deserialize, Serialize};

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

/// A change of status: from which, to which.
pub type Change = (Status, Status);

/// What a change of status says; from waiting back to work it says nothing.
fn said((before, after): Change) -> Option<News> {
    match (before, after) {
        (Status::Closed, Status::Closed) => None,
        (Status::Closed, _) => Some(News::Reopened),
        (Status::New, Status::InProgress) => Some(News::TakenUp),
        (_, Status::Waiting) => Some(News::Waiting),
        (_, Status::Closed) => Some(News::Closed),
        _ => None,
    }
}

/// What a change of status is to be told as, after the `earlier` ones, newest first; none when it says nothing that is not known.
#[must_use]
pub fn news(earlier: &[Change], change: Change) -> Option<News> {
    let news = said(change)?;
    let mut known = earlier.iter().filter_map(|change| said(*change));
    let is_known = match news {
        // Whoever reads that it is worked on again knows it, too.
        News::TakenUp => known.any(|one| matches!(one, News::TakenUp | News::Reopened)),
        _ => known.next() == Some(news),
    };
    (!is_known).then_some(news)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{Closed, InProgress, New, Waiting};

    /// What is told of a request that goes through these.
    fn told(statuses: &[Status]) -> Vec<News> {
        let mut changes: Vec<Change> = Vec::new();
        let mut told = Vec::new();
        for pair in statuses.windows(2) {
            told.extend(news(&changes, (pair[0], pair[1])));
            changes.insert(0, (pair[0], pair[1]));
        }
        told
    }

    #[test]
    fn what_was_told_is_not_told_again() {
        assert_eq!(told(&[New, InProgress, New, InProgress]), [News::TakenUp]);
        assert_eq!(told(&[New, InProgress, Waiting, InProgress]), [News::TakenUp, News::Waiting]);
        assert_eq!(told(&[New, InProgress, Waiting, New, InProgress]), [News::TakenUp, News::Waiting]);
        assert_eq!(told(&[New, Waiting, InProgress, Waiting]), [News::Waiting]);
        assert_eq!(told(&[New, Closed, New, InProgress]), [News::Closed, News::Reopened]);
    }

    #[test]
    fn what_is_opened_again_and_closed_again_is_news() {
        let twice = [News::Closed, News::Reopened, News::Closed, News::Reopened];
        assert_eq!(told(&[New, Closed, InProgress, Closed, New]), twice);
        assert_eq!(told(&[New, Closed, Waiting, Closed, InProgress]), twice, "whatever it waits for");
        assert_eq!(told(&[Waiting, InProgress, New]), [], "nor is nothing");
    }
}
