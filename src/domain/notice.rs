//! Notices of disruption: which requests does one explain?

use entity::notice;
use uuid::Uuid;

use super::place;

/// Whether a notice explains a request of this kind at this street (in the form of [`place::street`]). One that names streets
/// explains nothing whose place is unknown: better no hint than a wrong one.
#[must_use]
pub fn concerns(notice: &notice::Model, kind: Uuid, street: Option<&str>) -> bool {
    let of_kind = notice.kinds.0.is_empty() || notice.kinds.0.contains(&kind);
    let of_place = notice.streets.0.is_empty()
        || street.is_some_and(|street| {
            !street.is_empty() && notice.streets.0.iter().any(|named| place::street(named) == street)
        });
    of_kind && of_place
}
