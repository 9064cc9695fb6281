//! Notices of disruption: which requests does one concern, and which does it explain?
//!
//! A notice of the whole area concerns every request of its kinds, but a strike of the lorries does not explain a broken bin: it
//! is shown to who writes, who may follow it, and is tied to a request only by an operator. One that names the very street of
//! a request is tied to it at once: there a coincidence is rare, and its citizen is told of the end without asking.

use entity::notice;
use uuid::Uuid;

use super::place;

/// Whether a notice may concern a request of this kind at this street (in the form of [`place::street`]). One that names streets
/// concerns nothing whose place is unknown: better no hint than a wrong one.
#[must_use]
pub fn concerns(notice: &notice::Model, kind: Uuid, street: Option<&str>) -> bool {
    let of_kind = notice.kinds.0.is_empty() || notice.kinds.0.contains(&kind);
    let of_place = notice.streets.0.is_empty()
        || street.is_some_and(|street| {
            !street.is_empty() && notice.streets.0.iter().any(|named| place::street(named) == street)
        });
    of_kind && of_place
}

/// Whether a notice is about the whole area: what it concerns, it need not explain.
#[must_use]
pub fn is_general(notice: &notice::Model) -> bool {
    notice.streets.0.is_empty()
}
