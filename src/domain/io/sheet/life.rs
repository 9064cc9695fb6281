//! The life of a sheet on IO ("Guida tecnica", Service Status): its review, its publication, and what may be done with it.

use serde::{Deserialize, Serialize};

/// Where the sheet stands with the reviewers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Being written.
    Draft,
    /// With the reviewers: nothing can be changed.
    Submitted,
    /// Approved.
    Approved,
    /// Sent back with a reason. It must be changed before it is sent again.
    Rejected,
    /// Gone for ever.
    Deleted,
    /// Something new.
    #[serde(other)]
    Unknown,
}

/// Whether citizens see the last approved sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Publication {
    /// They do.
    Published,
    /// They do not.
    Unpublished,
    /// Something new.
    #[serde(other)]
    Unknown,
}

/// What may be done with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Change the sheet: it is a draft again. What is published stays.
    Edit,
    /// Send it to the reviewers.
    Submit,
    /// Let citizens see it.
    Publish,
    /// Hide it from citizens.
    Unpublish,
    /// Delete it.
    Delete,
}

impl Lifecycle {
    /// Its name on the page.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Draft => "bozza",
            Self::Submitted => "in revisione",
            Self::Approved => "approvato",
            Self::Rejected => "rifiutato",
            Self::Deleted => "eliminato",
            Self::Unknown => "in uno stato nuovo",
        }
    }
}

impl Publication {
    /// Its name on the page.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Published => "pubblicato",
            Self::Unpublished => "non pubblicato",
            Self::Unknown => "in uno stato nuovo",
        }
    }
}

/// What IO allows now. `publication` is there since the first approval.
#[must_use]
pub fn acts(lifecycle: Lifecycle, publication: Option<Publication>) -> Vec<Act> {
    let mut acts = match lifecycle {
        Lifecycle::Draft => vec![Act::Edit, Act::Submit, Act::Delete],
        Lifecycle::Approved | Lifecycle::Rejected => vec![Act::Edit, Act::Delete],
        Lifecycle::Submitted => vec![],
        // Whoever does not know where a thing stands lets it alone.
        Lifecycle::Deleted | Lifecycle::Unknown => return vec![],
    };
    match publication {
        Some(Publication::Published) => acts.push(Act::Unpublish),
        Some(Publication::Unpublished) => acts.push(Act::Publish),
        Some(Publication::Unknown) | None => {}
    }
    acts
}

/// What to ask for as `auto_publish` when the sheet goes to the reviewers: `wanted`, but never `false` for what is published. IO
/// would take it from the citizens at the approval, however small the change (`release` in pagopa/io-services-cms).
#[must_use]
pub fn auto_publish(publication: Option<Publication>, wanted: bool) -> bool {
    wanted || publication == Some(Publication::Published)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_with_the_reviewers_is_left_alone() {
        assert_eq!(acts(Lifecycle::Submitted, None), []);
        assert_eq!(acts(Lifecycle::Submitted, Some(Publication::Published)), [Act::Unpublish]);
        assert_eq!(acts(Lifecycle::Draft, None), [Act::Edit, Act::Submit, Act::Delete]);
        assert!(!acts(Lifecycle::Rejected, None).contains(&Act::Submit), "it must be changed first");
        assert_eq!(
            acts(Lifecycle::Approved, Some(Publication::Unpublished)),
            [Act::Edit, Act::Delete, Act::Publish]
        );
        assert_eq!(acts(Lifecycle::Deleted, Some(Publication::Published)), []);
        let invented: Lifecycle = serde_json::from_str("\"frozen\"").unwrap();
        assert_eq!(acts(invented, None), []);
    }

    #[test]
    fn trap_18_an_edit_never_hides_what_citizens_see() {
        assert!(auto_publish(Some(Publication::Published), false));
        assert!(!auto_publish(Some(Publication::Unpublished), false) && !auto_publish(None, false));
        assert!(auto_publish(None, true));
    }
}
