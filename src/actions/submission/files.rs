//! Files of a form: stored at once, so that an error in a field loses nothing.

use entity::upload::Model;
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Flaw, Result},
    domain::files::{MOST, Prepared},
    store::{self, upload::Owner},
};

/// Most bytes of the files of one form, or of one answer.
pub const BYTES: i64 = 25 * 1024 * 1024;

/// Most files that an app may hand over before it uses them, for all its citizens together.
pub const APP_FILES: usize = 500;
/// Most bytes of those.
pub const APP_BYTES: i64 = 250 * 1024 * 1024;

/// What a form, or an answer, may carry, by the sizes of its files: an app's files are counted when it uses them.
pub(in crate::actions) fn fits(sizes: impl ExactSizeIterator<Item = i64>) -> bool {
    sizes.len() <= MOST && sizes.sum::<i64>() <= BYTES
}

/// Stores a file under its owner.
///
/// # Errors
/// `Rejected` when there are too many, or too large together; `NotFound` when the owner takes none any more.
pub async fn add_file(desk: &Desk, cx: &Cx, owner: Owner, file: Prepared) -> Result<Model> {
    let hash = Sha256::digest(&file.bytes).to_vec();
    let size = file.size();
    let tx = desk.db.begin().await?;
    check_owner(&tx, cx, owner).await?;
    let known = store::upload::of(&tx, cx.organisation, owner).await?;
    // The same file chosen twice is one file; of an app, equal ones are two citizens'.
    let of_app = matches!(owner, Owner::App(_));
    if let Some(same) = known.iter().find(|one| !of_app && one.hash == hash && one.name == file.name) {
        return Ok(same.clone());
    }
    let (most, bytes) = if of_app { (APP_FILES, APP_BYTES) } else { (MOST, BYTES) };
    if known.len() >= most {
        return Err(Error::Rejected(vec![Flaw::new(
            "files",
            format!("I file sono troppi: al massimo {most}."),
        )]));
    }
    if known.iter().map(|one| one.size).sum::<i64>() + size > bytes {
        let words = format!("I file insieme sono troppo grandi: al massimo {} MB.", bytes / 1_048_576);
        return Err(Error::Rejected(vec![Flaw::new("files", words)]));
    }
    let (submission_id, follower_id, app_key_id) = match owner {
        Owner::Submission(id) => (Some(id), None, None),
        Owner::Follower(id) => (None, Some(id), None),
        Owner::App(id) => (None, None, Some(id)),
    };
    let row = Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        submission_id,
        follower_id,
        app_key_id,
        position: known.last().map_or(0, |last| last.position + 1),
        name: file.name,
        media_type: file.media_type,
        size,
        hash: hash.clone(),
        scan: file.scan,
        latitude: file.position.map(|(latitude, _)| latitude),
        longitude: file.position.map(|(_, longitude)| longitude),
        created_at: cx.now,
    };
    store::blob::insert(&tx, cx.organisation, [(hash, file.bytes)]).await?;
    store::upload::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

async fn check_owner(tx: &DatabaseTransaction, cx: &Cx, owner: Owner) -> Result<()> {
    use entity::submission::State;
    let takes = match owner {
        Owner::Submission(id) => store::submission::lock(tx, cx.organisation, id)
            .await?
            .is_some_and(|submission| submission.state == State::Draft),
        Owner::Follower(id) => store::follower::lock(tx, cx.organisation, id).await?.is_some(),
        Owner::App(_) => true,
    };
    if takes { Ok(()) } else { Err(Error::NotFound) }
}

/// Takes a file away.
///
/// # Errors
/// `NotFound` when its owner has no such file, or has sent it.
pub async fn remove_file(desk: &Desk, cx: &Cx, owner: Owner, upload: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    check_owner(&tx, cx, owner).await?;
    let row = store::upload::by_id(&tx, cx.organisation, owner, upload).await?.ok_or(Error::NotFound)?;
    drop_one(&tx, &row).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn drop_all(tx: &DatabaseTransaction, organisation: Uuid, owner: Owner) -> Result<()> {
    for row in store::upload::of(tx, organisation, owner).await? {
        drop_one(tx, &row).await?;
    }
    Ok(())
}

/// Takes the row away, and the bytes if nothing else has the same.
pub(super) async fn drop_one(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    store::upload::delete(tx, row.organisation_id, &[row.id]).await?;
    store::blob::delete_unused(tx, row.organisation_id, &row.hash).await?;
    Ok(())
}
