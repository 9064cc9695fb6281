//! Apps say where they want to hear of changes. The secret of an endpoint is made here, shown once and sealed.

use entity::webhook::{ActiveModel, Model};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, events};
use crate::{domain::webhook, store};

/// An endpoint about to be.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Where to.
    pub url: &'a str,
    /// The app that sets it; none when an administrator does.
    pub app_key: Option<Uuid>,
    /// `webhook.allow_private` of the configuration.
    pub allow_private: bool,
    /// What the secret is made of.
    pub random: [u8; 32],
    /// Random bytes under which it is sealed.
    pub nonce: [u8; 24],
}

/// Adds an endpoint. Gives it with its secret, which is shown now and never again.
///
/// # Errors
/// `Rejected` with a flaw of `url`.
pub async fn create(desk: &Desk, cx: &Cx, new: &New<'_>) -> Result<(Model, String)> {
    let flaw = |words: String| Error::Rejected(vec![Flaw::new("url", words)]);
    let url = webhook::read(new.url, new.allow_private).map_err(|unfit| flaw(unfit.to_string()))?;
    let secret = webhook::secret(&new.random);
    let row = Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        app_key_id: new.app_key,
        url: url.to_string(),
        secret: desk.keys.seal(new.nonce, &secret),
        active: true,
        succeeded_at: None,
        failing_since: None,
        last_error: None,
        created_at: cx.now,
    };
    let tx = desk.db.begin().await?;
    if store::webhook::count(&tx, cx.organisation).await? >= store::webhook::ENDPOINTS {
        let most = store::webhook::ENDPOINTS;
        return Err(flaw(format!("Gli indirizzi sono già {most}: eliminane uno che non serve più.")));
    }
    let known = store::webhook::all(&tx, cx.organisation, new.app_key).await?;
    if known.iter().any(|one| one.url == row.url && one.app_key_id == row.app_key_id) {
        return Err(flaw("Questo indirizzo c’è già.".to_owned()));
    }
    store::webhook::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok((row, secret))
}

/// An endpoint, if it belongs to the organisation and, when an app asks, to that app.
pub async fn find(desk: &Desk, cx: &Cx, id: Uuid, app_key: Option<Uuid>) -> Result<Model> {
    let found = store::webhook::by_id(&desk.db.read, cx.organisation, id).await?;
    found.filter(|one| app_key.is_none() || one.app_key_id == app_key).ok_or(Error::NotFound)
}

/// Sends a message that says nothing, to see whether it arrives. What became of it stands at the endpoint.
pub async fn test(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let endpoint = store::webhook::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if !endpoint.active {
        return Err(Error::Conflict("L’indirizzo è in pausa: riattivalo, poi prova."));
    }
    events::of_trial(&tx, cx, id).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Lets an endpoint rest, or wakes it. What happens while it rests is not told later; what waited for it goes on waiting.
///
/// # Errors
/// `Conflict` when the key of the app that set it is revoked: nothing is sent there any more.
pub async fn set_active(desk: &Desk, cx: &Cx, id: Uuid, active: bool) -> Result<()> {
    let tx = desk.db.begin().await?;
    let change = ActiveModel { active: Set(active), ..Default::default() };
    if !store::webhook::update(&tx, cx.organisation, id, change).await? {
        return Err(Error::NotFound);
    }
    // After the update: who revokes the key at the same instant is either seen here, or stops the endpoint afterwards.
    if active && !is_trusted(&tx, cx, id).await? {
        return Err(Error::Conflict("La chiave di questa app è revocata: qui non si invia più niente."));
    }
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Whether the app that set an endpoint still has a key; one that an administrator set needs none.
async fn is_trusted(tx: &DatabaseTransaction, cx: &Cx, id: Uuid) -> Result<bool> {
    let endpoint = store::webhook::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let Some(key) = endpoint.app_key_id else { return Ok(true) };
    let key = store::app_key::by_id(tx, cx.organisation, key).await?;
    Ok(key.is_some_and(|key| key.revoked_at.is_none()))
}

/// Takes an endpoint away, with all that waits for it.
pub async fn delete(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    if !store::webhook::delete(&tx, cx.organisation, id).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(())
}
