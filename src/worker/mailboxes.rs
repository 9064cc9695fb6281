//! One task per mailbox: started when a mailbox appears, replaced when its settings change, ended when it is paused.

use std::{collections::HashMap, time::Duration};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::mailbox;
use crate::{app::App, store};

/// How often settings are looked at when nobody wakes us: another copy of the program may have changed them.
const LOOK: Duration = Duration::from_secs(5);

struct Watch {
    version: i32,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

pub(super) async fn watch_all(app: App, stop: CancellationToken) {
    let mut watches: HashMap<Uuid, Watch> = HashMap::new();
    while !stop.is_cancelled() {
        match store::mailbox::active(&app.desk.db.read).await {
            Ok(mailboxes) => {
                watches.retain(|id, watch| {
                    let stays =
                        mailboxes.iter().any(|mailbox| mailbox.id == *id && mailbox.version == watch.version);
                    if !stays {
                        watch.stop.cancel();
                    }
                    // A task that was told to stop is kept until it has: two tasks never read one mailbox.
                    stays && !watch.task.is_finished() || !watch.task.is_finished()
                });
                for mailbox in mailboxes {
                    watches.entry(mailbox.id).or_insert_with(|| {
                        let (version, stop) = (mailbox.version, stop.child_token());
                        let task = tokio::spawn(mailbox::watch(app.clone(), mailbox, stop.clone()));
                        Watch { version, stop, task }
                    });
                }
            }
            Err(error) => tracing::error!(%error, "the mailboxes cannot be listed"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.desk.wake.mailboxes.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    for watch in watches.into_values() {
        watch.stop.cancel();
        drop(watch.task.await);
    }
}
