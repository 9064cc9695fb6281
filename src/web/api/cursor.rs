//! Where a page of a list begins: opaque to apps, signed by us, so that nobody comes to rely on what is in it and none can be
//! made up.

use axum::http::{HeaderValue, header};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use super::problem::{Problem, Result};
use crate::domain::keys::Keys;

/// Time in microseconds and id of a row that the reader has seen; a list in order of ids alone leaves the time at 0.
pub type Key = (i64, Uuid);

/// Rows of a page when nothing is asked.
const USUAL: u64 = 20;
/// Rows of a page, at most.
pub const MOST: u64 = 100;
/// Bytes of a key.
const KEY_BYTES: usize = 24;

/// What stands behind the question mark of a list.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page: 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
}

impl Paging {
    /// The key after which the page of `list` begins, and how many rows it has.
    pub fn read(&self, keys: &Keys, list: &str) -> Result<(Option<Key>, u64)> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::field("limit", format!("Ask for 1 to {MOST} entries.")));
        }
        let after = match &self.cursor {
            None => None,
            Some(cursor) => Some(open(keys, list, cursor).ok_or_else(|| {
                Problem::field(
                    "cursor",
                    "This is not a cursor of this list: take next of an earlier page, or begin again.",
                )
            })?),
        };
        Ok((after, limit))
    }
}

/// A page as it is answered.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Cursor of the page after this one; absent on the last. The same stands in `Link`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The page, with the address of the next one in `Link` (RFC 8288). `path` is our own and plain.
    pub fn answer(self, path: &str, limit: u64) -> (axum::http::HeaderMap, axum::Json<Self>) {
        let mut headers = axum::http::HeaderMap::new();
        let link =
            self.next.as_ref().map(|next| format!("<{path}?cursor={next}&limit={limit}>; rel=\"next\""));
        if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            headers.insert(header::LINK, link);
        }
        (headers, axum::Json(self))
    }
}

/// Takes the row that says whether there is more off `rows`, and gives the cursor of the next page.
pub fn cut<T>(
    keys: &Keys,
    list: &str,
    rows: &mut Vec<T>,
    limit: u64,
    key: impl Fn(&T) -> Key,
) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    rows.last().map(|row| seal(keys, list, key(row)))
}

/// A cursor of `list`.
pub fn seal(keys: &Keys, list: &str, (at, id): Key) -> String {
    let mut bytes = at.to_be_bytes().to_vec();
    bytes.extend(id.as_bytes());
    let signature = keys.sign(&purpose(list), &bytes);
    bytes.extend(signature);
    BASE64URL_NOPAD.encode(&bytes)
}

fn open(keys: &Keys, list: &str, cursor: &str) -> Option<Key> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    let (data, signature) = bytes.split_first_chunk::<KEY_BYTES>()?;
    if !keys.verify(&purpose(list), data, signature) {
        return None;
    }
    let (at, id) = data.split_first_chunk::<8>()?;
    Some((i64::from_be_bytes(*at), Uuid::from_bytes(id.try_into().ok()?)))
}

fn purpose(list: &str) -> String {
    format!("cursor {list}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_one_list_and_cannot_be_made_up() {
        let keys = Keys::new(&[1; 32]);
        let key = (1_700_000_000_000_000, Uuid::from_u128(9));
        let cursor = seal(&keys, "requests", key);
        assert_eq!(open(&keys, "requests", &cursor), Some(key));
        assert_eq!(open(&keys, "notices", &cursor), None);
        assert_eq!(open(&Keys::new(&[2; 32]), "requests", &cursor), None);
        let mut forged = BASE64URL_NOPAD.decode(cursor.as_bytes()).unwrap();
        forged[9] ^= 1;
        for wrong in ["", "?", "AAAA", &cursor[..40], &BASE64URL_NOPAD.encode(&forged)] {
            assert_eq!(open(&keys, "requests", wrong), None, "{wrong}");
        }
    }
}
