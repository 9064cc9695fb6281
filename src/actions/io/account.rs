//! Where an organisation finds IO, and when it does not disturb anybody.

use chrono::{DateTime, Duration, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::Rome;
use entity::io_account::{ActiveModel, Model};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{calendar::rome, endpoint},
    store,
};

/// The one address of IO's API ("Guida tecnica", OpenAPI): there is no other for trials.
pub const BASE_URL: &str = "https://api.io.pagopa.it/api/v1";
/// Seconds in which a notification can be taken back, unless said otherwise.
const UNDO_SECONDS: i32 = 10;
/// Longest time in which a notification can be taken back, in seconds.
const MOST_UNDO_SECONDS: i32 = 600;
/// What is to be done when the address is one of another server.
pub const MOVED: &str = "L’indirizzo è cambiato: scrivi di nuovo la chiave di gestione.";
/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// The settings of an organisation, as they are typed.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The version that was on the page.
    pub version: i32,
    /// Address of IO's API.
    pub base_url: String,
    /// The key that manages all services; empty leaves the one that is there.
    pub manage_key: String,
    /// Seconds in which a notification can be taken back.
    pub undo_seconds: i32,
    /// Minutes of the day between which nothing automatic is sent.
    pub quiet: Option<(i32, i32)>,
}

/// What holds until somebody sets something else.
#[must_use]
pub fn standard(organisation: Uuid) -> Model {
    Model {
        organisation_id: organisation,
        base_url: BASE_URL.to_owned(),
        manage_key: None,
        undo_seconds: UNDO_SECONDS,
        quiet_from: Some(21 * 60),
        quiet_until: Some(8 * 60),
        version: 0,
    }
}

/// The account of an organisation, with what holds when nobody has set anything.
pub async fn of(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Model> {
    Ok(store::io_service::account(db, organisation).await?.unwrap_or_else(|| standard(organisation)))
}

/// Saves the settings. `nonce` seals the key, when one was typed. With another address or key, what was stopped is tried again; at
/// another server ([`is_elsewhere`]) all keys are forgotten and nothing is sent until they are given anew.
///
/// # Errors
/// `Rejected`: see [`check`], or the key is one of a service; `Conflict` when somebody else has changed them.
pub async fn save(desk: &Desk, cx: &Cx, settings: Settings, nonce: [u8; 24]) -> Result<()> {
    check(&settings)?;
    let key = settings.manage_key.trim();
    if !key.is_empty() && is_of_a_service(desk, cx.organisation, key).await? {
        let words = "È la chiave d’uso di un servizio: qui serve la chiave di gestione dell’ente.";
        return Err(Error::Rejected(vec![Flaw::new("manage_key", words)]));
    }
    let tx = desk.db.begin().await?;
    // The first to save finds nothing to change.
    store::io_service::insert_account(&tx, standard(cx.organisation)).await?;
    let before = of(&tx, cx.organisation).await?;
    let base_url = settings.base_url.trim().trim_end_matches('/').to_owned();
    // Programs of the owner's, as the demo, know where they point.
    if cx.actor.is_some() && is_elsewhere(&before, &base_url) {
        if before.manage_key.is_some() && key.is_empty() {
            return Err(Error::Rejected(vec![Flaw::new("manage_key", MOVED)]));
        }
        store::io_service::forget_keys(&tx, cx.organisation).await?;
    } else if base_url != before.base_url || !key.is_empty() {
        store::io_service::start_all(&tx, cx.organisation).await?;
    }
    let change = ActiveModel {
        base_url: Set(base_url),
        manage_key: if key.is_empty() { sea_orm::NotSet } else { Set(Some(desk.keys.seal(nonce, key))) },
        undo_seconds: Set(settings.undo_seconds),
        quiet_from: Set(settings.quiet.map(|(from, _)| from)),
        quiet_until: Set(settings.quiet.map(|(_, until)| until)),
        ..Default::default()
    };
    if !store::io_service::update_account(&tx, (cx.organisation, settings.version), change).await? {
        return Err(Error::Conflict(
            "Qualcuno ha cambiato le impostazioni di IO: ricarica la pagina per vederle.",
        ));
    }
    // Updates that the old quiet hours hold leave when the new ones let them.
    if (before.quiet_from, before.quiet_until)
        != (settings.quiet.map(|(from, _)| from), settings.quiet.map(|(_, until)| until))
    {
        let undo = cx.now + Duration::seconds(before.undo_seconds.into());
        let at = after_quiet_hours(&of(&tx, cx.organisation).await?, cx.now);
        store::io_message::carry::retime(&tx, cx.organisation, (undo, at)).await?;
    }
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// Whether an address belongs to another server than the one for which the keys were given. They are not sent there: whoever holds an
/// administrator's session for a minute would read them in a log of their own.
#[must_use]
pub fn is_elsewhere(account: &Model, base_url: &str) -> bool {
    let origin = |address: &str| endpoint::read(address.trim()).ok().map(|url| url.origin());
    origin(&account.base_url) != origin(base_url)
}

/// Whether a service of the organisation sends with this key.
async fn is_of_a_service(desk: &Desk, organisation: Uuid, key: &str) -> Result<bool> {
    let services = store::io_service::all(&desk.db.read, organisation).await?;
    let mut sealed = services.iter().flat_map(|row| [&row.primary_key, &row.secondary_key]).flatten();
    Ok(sealed.any(|sealed| desk.keys.open(sealed).is_ok_and(|open| open == key)))
}

/// Whether settings can be taken.
///
/// # Errors
/// `Rejected`, with what is wrong by field.
pub fn check(settings: &Settings) -> Result<()> {
    let mut flaws = Vec::new();
    if let Err(unfit) = endpoint::read(settings.base_url.trim()) {
        flaws.push(Flaw::new("base_url", unfit.to_string()));
    }
    if settings.manage_key.len() > 200 {
        flaws
            .push(Flaw::new("manage_key", "La chiave è troppo lunga: copiala di nuovo dall'Area Riservata."));
    }
    if !(0..=MOST_UNDO_SECONDS).contains(&settings.undo_seconds) {
        let words = format!("Scrivi un numero di secondi da 0 a {MOST_UNDO_SECONDS}.");
        flaws.push(Flaw::new("undo_seconds", words));
    }
    if settings
        .quiet
        .is_some_and(|(from, until)| [from, until].iter().any(|minute| !(0..DAY).contains(minute)))
    {
        flaws.push(Flaw::new("quiet", "Scrivi le ore come 21:00."));
    }
    accept(flaws)
}

/// When something automatic that is ready at `at` may be sent: not in the quiet hours, which may go over midnight.
#[must_use]
pub fn after_quiet_hours(account: &Model, at: DateTime<Utc>) -> DateTime<Utc> {
    let (Some(from), Some(until)) = (account.quiet_from, account.quiet_until) else { return at };
    let local = rome(at);
    let minute = i32::try_from(local.time().num_seconds_from_midnight() / 60).unwrap_or(0);
    let quiet =
        if from <= until { (from..until).contains(&minute) } else { minute >= from || minute < until };
    if !quiet {
        return at;
    }
    let day = if minute < until { local.date() } else { local.date() + Duration::days(1) };
    let time = u32::try_from(until).ok().and_then(|until| NaiveTime::from_hms_opt(until / 60, until % 60, 0));
    // In the hour that summer time leaves out there is none: then an hour later.
    let end = time.map(|time| day.and_time(time)).and_then(|end| {
        let at = |end| Rome.from_local_datetime(&end).earliest();
        at(end).or_else(|| at(end + Duration::hours(1)))
    });
    end.map_or(at, |end| end.to_utc().max(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(from: i32, until: i32, at: &str) -> String {
        let account = Model { quiet_from: Some(from), quiet_until: Some(until), ..standard(Uuid::nil()) };
        after_quiet_hours(&account, at.parse().unwrap()).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn nothing_is_sent_at_night() {
        let night = |at| sent(21 * 60, 8 * 60, at);
        assert_eq!(night("2026-01-12T12:00:00Z"), "2026-01-12T12:00:00Z");
        assert_eq!(night("2026-01-12T20:00:00Z"), "2026-01-13T07:00:00Z", "21:00 in Rome");
        assert_eq!(night("2026-01-12T05:30:00Z"), "2026-01-12T07:00:00Z");
        assert_eq!(night("2026-07-12T06:00:00Z"), "2026-07-12T06:00:00Z", "8:00 in Rome, in summer");
        assert_eq!(sent(13 * 60, 14 * 60, "2026-01-12T12:30:00Z"), "2026-01-12T13:00:00Z");
        assert_eq!(sent(8 * 60, 8 * 60, "2026-01-12T07:00:00Z"), "2026-01-12T07:00:00Z", "never quiet");
        // Half past two does not exist in the night to summer time.
        assert_eq!(sent(23 * 60, 2 * 60 + 30, "2026-03-29T00:00:00Z"), "2026-03-29T01:30:00Z");
    }
}
