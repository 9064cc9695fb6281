//! The services of an organisation on IO: sheets that are written here, and what IO says of them.
//!
//! What stands at IO is true there and only noted here: a door asks IO, and then writes down what it said ([`seen`]). One act is
//! written down before the call, the making of a service ([`super::service_making`]).

use entity::io_service::{ActiveModel, KeyInUse, Lifecycle, Model};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction,
};
use uuid::Uuid;

use super::service_name::free;
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{
        io::{
            Remark,
            sheet::{self, Sheet, life, name::is_same},
        },
        text,
    },
    store,
};

/// Characters of a name that lists keep.
const NAME: usize = 200;
/// Characters of a reviewer's reason that are kept.
const REASON: usize = 2000;

const ONE_WAITS: &str = "Una notifica aspetta di partire a nome di questo servizio: annullala nell’archivio, oppure aspetta che sia partita.";
const SOME_WAIT: &str = "Ci sono notifiche che aspettano di partire a nome di questo servizio: annullale nell’archivio, oppure aspetta che \
    siano partite.";
const MEANWHILE: &str = "Qualcuno ha cambiato il servizio intanto: ricarica la pagina.";

/// What IO says of a service.
#[derive(Clone, Debug)]
pub struct Seen {
    /// IO's name for it.
    pub remote_id: String,
    /// Where its sheet stands.
    pub lifecycle: life::Lifecycle,
    /// Why it was sent back, in the reviewers' words.
    pub reason: Option<String>,
    /// Whether citizens see it; `None`: nobody has asked.
    pub published: Option<bool>,
    /// The sheet.
    pub sheet: Sheet,
}

/// What an import has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// A service that was not here.
    New(Uuid),
    /// One that was, brought up to date.
    Known(Uuid),
}

/// The sheet of a service as it was last read or written.
#[must_use]
pub fn sheet_of(row: &Model) -> Sheet {
    Sheet::read(&row.sheet).unwrap_or_default()
}

/// Where the sheet stands, for the rules of [`life`]. A sheet that is only here is a draft like any other.
#[must_use]
pub fn standing(row: &Model) -> (life::Lifecycle, Option<life::Publication>) {
    let lifecycle = match row.lifecycle {
        Lifecycle::Local | Lifecycle::Draft => life::Lifecycle::Draft,
        Lifecycle::Making => life::Lifecycle::Unknown,
        Lifecycle::Submitted => life::Lifecycle::Submitted,
        Lifecycle::Approved => life::Lifecycle::Approved,
        Lifecycle::Rejected => life::Lifecycle::Rejected,
        Lifecycle::Deleted => life::Lifecycle::Deleted,
    };
    let publication = match row.lifecycle {
        _ if row.published => Some(life::Publication::Published),
        Lifecycle::Approved => Some(life::Publication::Unpublished),
        // It may have been approved before and hidden: then it is published with its next approval.
        _ => None,
    };
    (lifecycle, publication)
}

/// Writes a sheet that is only here. `id` was given out with the form: sent twice, it is written once.
///
/// # Errors
/// `Rejected` when it has no name or that of another service, is larger than any sheet, or there are too many services.
pub async fn draft(desk: &Desk, cx: &Cx, id: Uuid, sheet: &Sheet) -> Result<()> {
    check(sheet)?;
    let tx = desk.db.begin().await?;
    if let Some(there) = store::io_service::by_id(&tx, cx.organisation, id).await? {
        let same = there.sheet == sheet.written();
        return if same {
            Ok(())
        } else {
            Err(Error::Conflict("Questa scheda è già stata salvata: ricarica la pagina."))
        };
    }
    free(&tx, cx, id, &sheet.name).await?;
    if store::io_service::count(&tx, cx.organisation).await? >= store::io_service::MOST {
        return Err(Error::Rejected(vec![Flaw::new(
            "form",
            "I servizi sono già troppi: elimina quelli che non servono.",
        )]));
    }
    let row = blank(cx, id, sheet);
    if !store::io_service::insert(&tx, row).await? {
        return Err(Error::Conflict("Questa scheda è già stata salvata: ricarica la pagina."));
    }
    tx.commit().await?;
    Ok(())
}

/// Changes a sheet that is only here.
///
/// # Errors
/// As [`draft`]; `Conflict` when somebody else has changed it, or it is at IO by now.
pub async fn redraft(desk: &Desk, cx: &Cx, (id, version): (Uuid, i32), sheet: &Sheet) -> Result<()> {
    check(sheet)?;
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    if row.lifecycle != Lifecycle::Local {
        return Err(Error::Conflict(MEANWHILE));
    }
    free(&tx, cx, id, &sheet.name).await?;
    change(&tx, cx, (id, version), as_sheet(sheet)).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down what IO says of a service. That nothing is new is no new version: whoever is writing at the sheet is not disturbed.
pub async fn seen(desk: &Desk, cx: &Cx, id: Uuid, seen: &Seen) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    note(&tx, cx, &row, seen).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that IO was asked and did not say: others get their turn.
pub async fn asked_in_vain(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::io_service::checked(&tx, cx.organisation, id, cx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Brings a service that was found at IO: a new row, which sends nothing until somebody lets it; or what is known of it, brought up
/// to date. Whom it may write to, and with which key, was chosen here and stays.
pub async fn import(desk: &Desk, cx: &Cx, seen: &Seen) -> Result<Imported> {
    let tx = desk.db.begin().await?;
    let known = match store::io_service::by_remote_id(&tx, cx.organisation, &seen.remote_id).await? {
        Some(known) => Some(known),
        None => being_made(&tx, cx, &seen.sheet.name).await?,
    };
    let imported = if let Some(row) = known {
        if row.remote_id.is_none() {
            let found =
                ActiveModel { remote_id: Set(Some(seen.remote_id.clone())), ..as_seen(cx, &row, seen) };
            change(&tx, cx, (row.id, row.version), found).await?;
        } else {
            note(&tx, cx, &row, seen).await?;
        }
        Imported::Known(row.id)
    } else {
        let mut row = blank(cx, Uuid::now_v7(), &seen.sheet);
        row.remote_id = Some(seen.remote_id.clone());
        row.lifecycle = stored(seen.lifecycle);
        row.reason = reason(seen);
        row.published = seen.published.unwrap_or(false);
        row.checked_at = Some(cx.now);
        let id = row.id;
        if !store::io_service::insert(&tx, row).await? {
            return Err(Error::Conflict(
                "Un altro amministratore sta importando i servizi: ricarica la pagina.",
            ));
        }
        Imported::New(id)
    };
    tx.commit().await?;
    Ok(imported)
}

/// The service of this name whose making has an unknown end. Names are unique within an organisation: IO approves no second one.
async fn being_made(tx: &DatabaseTransaction, cx: &Cx, name: &str) -> Result<Option<Model>> {
    let all = store::io_service::all(tx, cx.organisation).await?;
    Ok(all.into_iter().find(|row| row.lifecycle == Lifecycle::Making && is_same(&row.name, name)))
}

/// Whether a service can go: nothing waits to be sent in its name. What is written between this look and IO's answer the porter ends
/// ([`super::carry::load`]).
///
/// # Errors
/// `Conflict`: something waits.
pub async fn may_be_deleted(desk: &Desk, row: &Model) -> Result<()> {
    match store::io_service::in_hand(&desk.db.read, row.organisation_id, row.id).await? {
        0 => Ok(()),
        1 => Err(Error::Conflict(ONE_WAITS)),
        _ => Err(Error::Conflict(SOME_WAIT)),
    }
}

/// Writes down that citizens see a service, or do not any more.
pub async fn published(desk: &Desk, cx: &Cx, id: Uuid, visible: bool) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    change(&tx, cx, (id, row.version), ActiveModel { published: Set(visible), ..Default::default() }).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that a service is gone: at IO, or that a sheet which was only here is not wanted any more. Its notifications stay.
pub async fn deleted(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    let gone = ActiveModel {
        lifecycle: Set(Lifecycle::Deleted),
        published: Set(false),
        sends: Set(false),
        updates: Set(false),
        ..Default::default()
    };
    change(&tx, cx, (id, row.version), gone).await?;
    tx.commit().await?;
    Ok(())
}

/// A service of the organisation.
pub(super) async fn find(tx: &DatabaseTransaction, cx: &Cx, id: Uuid) -> Result<Model> {
    store::io_service::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)
}

/// Changes a service that nobody else has changed since `version`.
pub(super) async fn change(
    tx: &DatabaseTransaction,
    cx: &Cx,
    (id, version): (Uuid, i32),
    news: ActiveModel,
) -> Result<()> {
    if store::io_service::update(tx, cx.organisation, (id, version), news).await? {
        return Ok(());
    }
    find(tx, cx, id).await?;
    Err(Error::Conflict(MEANWHILE))
}

async fn note(tx: &DatabaseTransaction, cx: &Cx, row: &Model, seen: &Seen) -> Result<()> {
    let news = as_seen(cx, row, seen);
    let same = news.sheet.as_ref() == &row.sheet
        && news.lifecycle.as_ref() == &row.lifecycle
        && news.reason.as_ref() == &row.reason
        && seen.published.is_none_or(|published| published == row.published);
    if same {
        store::io_service::checked(tx, cx.organisation, row.id, cx.now).await?;
        return Ok(());
    }
    change(tx, cx, (row.id, row.version), news).await
}

/// What is new about `row`. Of one that was deleted elsewhere nobody writes to citizens any more, no more than of one deleted here.
pub(super) fn as_seen(cx: &Cx, row: &Model, seen: &Seen) -> ActiveModel {
    let mut sheet = seen.sheet.clone();
    // IO has it and does not always show it; what we know of it must survive the next change.
    sheet.suitable_for_minors = sheet.suitable_for_minors.or(sheet_of(row).suitable_for_minors);
    let gone = seen.lifecycle == life::Lifecycle::Deleted;
    let off = || if gone { Set(false) } else { NotSet };
    ActiveModel {
        lifecycle: Set(stored(seen.lifecycle)),
        reason: Set(reason(seen)),
        published: if gone { Set(false) } else { seen.published.map_or(NotSet, Set) },
        sends: off(),
        updates: off(),
        checked_at: Set(Some(cx.now)),
        ..as_sheet(&sheet)
    }
}

fn as_sheet(sheet: &Sheet) -> ActiveModel {
    ActiveModel { name: Set(name(sheet)), sheet: Set(sheet.written()), ..Default::default() }
}

fn name(sheet: &Sheet) -> String {
    kept(&sheet.name)
}

/// A name as lists keep it.
pub(super) fn kept(name: &str) -> String {
    text::shortened(&text::one_line(name), NAME)
}

/// The reason; where IO says something that nobody here knows, that.
fn reason(seen: &Seen) -> String {
    let words = seen.reason.as_deref().filter(|_| seen.lifecycle == life::Lifecycle::Rejected);
    text::shortened(&text::typed(words.unwrap_or_default()), REASON)
}

/// What nobody here knows is left alone, as what is with the reviewers is, and looked at again by itself.
fn stored(lifecycle: life::Lifecycle) -> Lifecycle {
    match lifecycle {
        life::Lifecycle::Draft => Lifecycle::Draft,
        life::Lifecycle::Submitted | life::Lifecycle::Unknown => Lifecycle::Submitted,
        life::Lifecycle::Approved => Lifecycle::Approved,
        life::Lifecycle::Rejected => Lifecycle::Rejected,
        life::Lifecycle::Deleted => Lifecycle::Deleted,
    }
}

/// A service that is only here and sends nothing.
fn blank(cx: &Cx, id: Uuid, sheet: &Sheet) -> Model {
    Model {
        id,
        organisation_id: cx.organisation,
        remote_id: None,
        name: name(sheet),
        sheet: sheet.written(),
        lifecycle: Lifecycle::Local,
        reason: String::new(),
        published: false,
        primary_key: None,
        secondary_key: None,
        key_in_use: KeyInUse::Primary,
        sends: false,
        updates: false,
        stopped: None,
        stopped_until: None,
        test_codes: None,
        checked_at: None,
        version: 0,
        created_at: cx.now,
    }
}

/// A draft may miss what it likes, but it has a name, and an end.
fn check(sheet: &Sheet) -> Result<()> {
    let mut flaws = sheet::bounds(sheet);
    if text::is_blank(&sheet.name) {
        flaws.push(Remark::new("name", "Scrivi il nome del servizio."));
    }
    accept(flaws.into_iter().map(|flaw| Flaw::new(flaw.field, flaw.words)).collect())
}
