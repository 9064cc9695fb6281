//! "Segui questa": somebody who was about to write the same follows the open report, or the notice, instead. The page names a
//! report by a reference that only we can make, never by its number, and says the same whoever asks.

use axum::{
    extract::State,
    response::{Redirect, Response},
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
    domain::keys::Keys,
    web::{
        error::{Error, Result},
        limit::{Limits, allow},
        portal::Hall,
        request::Form,
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
#[derive(Serialize)]
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
        (None, Some(id)) if hall.notices.iter().any(|notice| notice.id == id) => Target::Notice(id),
        _ => return Err(Error::NotFound),
    };
    if let Err(wait) = allow(&limits, hall.organisation.id, &hall.network, "") {
        return hall.wait(wait);
    }
    let email = wish.email.trim().to_lowercase();
    let page = |done| Page {
        done,
        work_order: &wish.work_order,
        notice: wish.notice.map(|id| id.to_string()).unwrap_or_default(),
        email: &wish.email,
    };
    if !email.is_empty() && allow(&limits, hall.organisation.id, &hall.network, &email).is_err() {
        return hall.page("portal/track/follow.html", page(true));
    }
    match tracking::follow(&app.desk, &hall.cx, target, &email, hall.language).await {
        Ok(()) => hall.page("portal/track/follow.html", page(true)),
        Err(actions::Error::Rejected(_)) => {
            Ok(unprocessable(hall.page("portal/track/follow.html", page(false))?))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /segui-questa`: somebody has reloaded the answer.
pub async fn back(hall: Hall) -> Redirect {
    Redirect::to(&hall.base)
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
