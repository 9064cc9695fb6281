//! "Segui questa": somebody who was about to write the same follows the open report, or the notice, instead. The page names a
//! report by a reference that only we can make, never by its number, and says the same whoever asks.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::door::unprocessable;
use crate::{
    actions::{
        self,
        tracking::{self, Target},
    },
    app::App,
    domain::{keys::Keys, mail},
    web::{
        error::{Error, Result},
        limit::{Letter, Limits},
        portal::Hall,
        request::{Form, Query},
    },
};

const PURPOSE: &str = "follow";

/// How a page names a work order that can be followed (field `work_order`).
#[must_use]
pub fn reference(keys: &Keys, work_order: Uuid) -> String {
    let mut bytes = work_order.as_bytes().to_vec();
    bytes.extend(keys.sign(PURPOSE, work_order.as_bytes()));
    data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
}

/// The work order that such a name means.
fn read(keys: &Keys, reference: &str) -> Option<Uuid> {
    let bytes = data_encoding::BASE32_NOPAD.decode(reference.to_ascii_uppercase().as_bytes()).ok()?;
    let (id, signature) = bytes.split_first_chunk::<16>()?;
    keys.verify(PURPOSE, id, signature).then(|| Uuid::from_bytes(*id))
}

/// Context of `portal/track/follow.html`.
#[derive(Default, Serialize)]
struct Page<'a> {
    done: bool,
    work_order: &'a str,
    notice: String,
    email: &'a str,
}

/// What is to be followed, and by whom.
#[derive(Debug, Deserialize)]
pub struct Wish {
    #[serde(default)]
    work_order: String,
    notice: Option<Uuid>,
    #[serde(default)]
    email: String,
}

/// `POST /segui-questa`.
pub async fn follow(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Form(wish): Form<Wish>,
) -> Result<Response> {
    let target = match (read(&app.desk.keys, &wish.work_order), wish.notice) {
        (Some(id), _) => Target::WorkOrder(id),
        (None, Some(id)) => Target::Notice(id),
        _ => return Err(Error::NotFound),
    };
    if let Err(wait) = limits.sends(hall.organisation.id, &hall.network) {
        return hall.wait(wait);
    }
    let email = mail::folded(&wish.email);
    let done = Redirect::to(&hall.href("/segui-questa?fatto=segui")).into_response();
    if mail::is_address(&email) {
        match limits.letter(hall.organisation.id, &hall.network, &email) {
            Letter::Goes => {}
            // Asked as often as it likes, an address gets a handful of letters; the page says the same.
            Letter::Enough => return Ok(done),
            Letter::Waits(wait) => return hall.wait(wait),
        }
    }
    match tracking::follow(&app.desk, &hall.cx, target, &email, hall.language).await {
        Ok(()) => Ok(done),
        Err(actions::Error::Rejected(_)) => {
            let page = Page {
                done: false,
                work_order: &wish.work_order,
                notice: wish.notice.map(|id| id.to_string()).unwrap_or_default(),
                email: &wish.email,
            };
            Ok(unprocessable(hall.page("portal/track/follow.html", page)?))
        }
        Err(error) => Err(error.into()),
    }
}

/// What was just done.
#[derive(Debug, Deserialize)]
pub struct Done {
    #[serde(default)]
    fatto: String,
}

/// `GET /segui-questa`: what happens now.
pub async fn done(hall: Hall, Query(asked): Query<Done>) -> Result<Response> {
    if asked.fatto != "segui" {
        return Ok(Redirect::to(&hall.base).into_response());
    }
    hall.page("portal/track/follow.html", Page { done: true, ..Page::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_ours_or_nothing() {
        let (keys, id) = (Keys::new(&[7; 32]), Uuid::from_u128(9));
        let made = reference(&keys, id);
        assert_eq!(read(&keys, &made), Some(id));
        assert_eq!(read(&Keys::new(&[8; 32]), &made), None);
        for forged in ["", "x", &id.to_string(), &made[..made.len() - 2]] {
            assert_eq!(read(&keys, forged), None, "{forged}");
        }
    }
}
