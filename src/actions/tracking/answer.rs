//! The author answers. Sent twice, an answer is written once; other words, or other files, are no repetition: they would be
//! lost in silence, and are refused.

use chrono::Duration;
use entity::{communication::Channel, event::Verb, follower::Model, upload, work_order};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{clean, communication, of_author, resume, too_long};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept, rows::Rows, submission},
    domain::files::Prepared,
    store::{self, upload::Owner},
    wording,
};

/// What a citizen adds to a request.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// Id of the communication to be: makes a second press of the button harmless.
    pub token: Uuid,
    /// The words, as they were typed.
    pub words: &'a str,
    /// The files.
    pub files: Files,
}

/// Where the files of an answer are.
#[derive(Clone, Debug)]
pub enum Files {
    /// They were handed over on the tracking page, and wait there for the button.
    Waiting,
    /// They came along with the words. Whatever waits on the tracking page stays there.
    Along(Vec<Prepared>),
}

/// Adds an answer. `channel`: web or app.
///
/// # Errors
/// `Rejected` without words and files, or with too many; `Conflict` when the matter is closed for good, or the token stands
/// for another answer.
pub async fn answer(desk: &Desk, cx: &Cx, who: (&Model, Channel), answer: Answer<'_>) -> Result<()> {
    match write(desk, cx, who, &answer).await {
        // The same form, sent at the same instant, was faster.
        Err(Error::Store(error)) if store::is_taken(&error) => {
            let tx = desk.db.begin().await?;
            let order = of_author(&tx, cx, who.0).await?;
            if !is_repeated(&tx, cx, who.0, &order, &answer).await? {
                return Err(Error::Store(error));
            }
            Ok(tx.commit().await?)
        }
        written => written,
    }
}

async fn write(
    desk: &Desk,
    cx: &Cx,
    (follower, channel): (&Model, Channel),
    answer: &Answer<'_>,
) -> Result<()> {
    let tx = desk.db.begin().await?;
    let order = of_author(&tx, cx, follower).await?;
    if is_repeated(&tx, cx, follower, &order, answer).await? {
        return Ok(tx.commit().await?);
    }
    let (waiting, along) = match &answer.files {
        Files::Waiting => (waiting(&tx, cx, follower).await?, [].as_slice()),
        Files::Along(files) => (Vec::new(), files.as_slice()),
    };
    let (words, token) = (clean(answer.words), answer.token);
    accept(flaws(follower, &words, waiting.is_empty(), along))?;
    if let Some(closed_at) = order.closed_at
        && cx.now - closed_at > Duration::days(desk.rules.reopen_days)
    {
        return Err(Error::Conflict("La pratica è chiusa da tempo: apri una nuova richiesta."));
    }
    let mut rows = Rows::default();
    rows.communications.push(communication(cx, (follower, channel), &order, token, words));
    rows.add_uploads(token, &waiting);
    rows.add_prepared(cx.organisation, token, along);
    rows.events.push(cx.event(order.id, Verb::Received, json!({ "channel": channel })));
    rows.write(&tx, cx.organisation).await?;
    if take(&tx, cx, &waiting).await? != waiting.len() as u64 {
        return Err(Error::Conflict("Nel frattempo questi file sono partiti con un’altra risposta."));
    }
    resume(&tx, cx, &order, follower).await?;
    tx.commit().await?;
    desk.wake.told();
    Ok(())
}

/// Files that wait on the tracking page.
async fn waiting(tx: &DatabaseTransaction, cx: &Cx, follower: &Model) -> Result<Vec<upload::Model>> {
    Ok(store::upload::of(tx, cx.organisation, Owner::Follower(follower.id)).await?)
}

/// They wait no longer; gives how many there were.
async fn take(tx: &DatabaseTransaction, cx: &Cx, files: &[upload::Model]) -> Result<u64> {
    let ids: Vec<Uuid> = files.iter().map(|file| file.id).collect();
    Ok(store::upload::delete(tx, cx.organisation, &ids).await?)
}

fn flaws(follower: &Model, words: &str, none_waits: bool, along: &[Prepared]) -> Vec<Flaw> {
    let flaw = |field, key| Flaw::new(field, wording::say(follower.language, key));
    let mut flaws = too_long(follower, words);
    if words.is_empty() && none_waits && along.is_empty() {
        flaws.push(flaw("text", "problem-empty-answer"));
    }
    // Those that wait were counted when they were handed over.
    if !submission::fits(along.iter().map(Prepared::size)) {
        flaws.push(flaw("files", "problem-files-many"));
    }
    flaws
}

/// Whether the answer stands already, with these words and files. Files that were handed over with it once more are in it, and
/// do not wait for the next.
async fn is_repeated(
    tx: &DatabaseTransaction,
    cx: &Cx,
    follower: &Model,
    order: &work_order::Model,
    answer: &Answer<'_>,
) -> Result<bool> {
    let Some(written) = store::communication::by_id(tx, cx.organisation, answer.token).await? else {
        return Ok(false);
    };
    if written.work_order_id != order.id {
        return Err(Error::NotFound);
    }
    let sent = store::attachment::of_communications(tx, cx.organisation, &[answer.token]).await?;
    let is_sent = |name: &str, hash: &[u8]| sent.iter().any(|one| one.name == name && one.hash == hash);
    let same_files = match &answer.files {
        Files::Waiting => {
            let again = waiting(tx, cx, follower).await?;
            take(tx, cx, &again).await?;
            // The second press may bring none: the first took those that had waited.
            again.iter().all(|file| is_sent(&file.name, &file.hash))
        }
        Files::Along(files) => {
            let is_sent = |file: &Prepared| is_sent(&file.name, &Sha256::digest(&file.bytes));
            files.len() == sent.len() && files.iter().all(is_sent)
        }
    };
    if same_files && written.text == clean(answer.words) {
        Ok(true)
    } else {
        Err(Error::Conflict("Questa risposta è già partita, con altre parole o altri file."))
    }
}
