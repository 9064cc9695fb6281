//! What of IO's this process has in hand, for whom, and who is left alone for a while.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use tokio::{
    task::{Id, JoinError, JoinSet},
    time::Instant,
};
use uuid::Uuid;

use crate::{app::App, store::io_message::carry::Except};

/// Notifications under way at the same time, of all organisations together.
pub(super) const MOST: usize = 256;
/// A clock that goes back by more was set: less is what a machine does every day.
const TREMOR: chrono::Duration = chrono::Duration::seconds(30);

/// The hands of this process.
pub(super) struct Hands {
    tasks: JoinSet<Option<Duration>>,
    /// Notification and organisation of each task.
    held: HashMap<Id, (Uuid, Uuid)>,
    /// Until when IO has asked an organisation to wait.
    resting: HashMap<Uuid, Instant>,
    /// Hands of one organisation.
    each: usize,
    latest: Option<DateTime<Utc>>,
}

impl Hands {
    pub(super) fn new(app: &App) -> Self {
        Self {
            tasks: JoinSet::new(),
            held: HashMap::new(),
            resting: HashMap::new(),
            each: app.config.io.concurrency,
            latest: None,
        }
    }

    pub(super) fn under_way(&self) -> usize {
        self.tasks.len()
    }

    /// Whether the clock shows less than before; at first, too, because it may have been set while nobody looked.
    pub(super) fn clock_went_back(&mut self, now: DateTime<Utc>) -> bool {
        let back = self.latest.is_none_or(|latest| now + TREMOR < latest);
        self.latest = Some(if back { now } else { self.latest.map_or(now, |latest| latest.max(now)) });
        back
    }

    /// How many may be taken at once without giving anybody more hands than they have, and what is to be left alone.
    pub(super) fn free(&mut self) -> (u64, Except) {
        let now = Instant::now();
        self.resting.retain(|_, until| *until > now);
        let mut busy: HashMap<Uuid, usize> = HashMap::new();
        for (_, organisation) in self.held.values() {
            *busy.entry(*organisation).or_default() += 1;
        }
        let mut organisations: Vec<Uuid> = self.resting.keys().copied().collect();
        let mut most = 0;
        for (organisation, hands) in busy {
            if hands >= self.each {
                organisations.push(organisation);
            } else {
                most = most.max(hands);
            }
        }
        let limit = (self.each - most.min(self.each)).min(MOST.saturating_sub(self.tasks.len()));
        let notifications = self.held.values().map(|(notification, _)| *notification).collect();
        (limit as u64, Except { notifications, organisations })
    }

    /// How long until somebody may be called again; `None` when nobody rests.
    pub(super) fn shortest_rest(&self) -> Option<Duration> {
        self.resting.values().min().map(|until| until.saturating_duration_since(Instant::now()))
    }

    pub(super) fn take(
        &mut self,
        notification: Uuid,
        organisation: Uuid,
        work: impl Future<Output = Option<Duration>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(work);
        self.held.insert(task.id(), (notification, organisation));
    }

    /// Waits for the end of one; for ever when there is none.
    pub(super) async fn one_ends(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(ended) => self.let_go(ended),
            None => std::future::pending().await,
        }
    }

    pub(super) async fn all_end(&mut self) {
        while let Some(ended) = self.tasks.join_next_with_id().await {
            self.let_go(ended);
        }
    }

    fn let_go(&mut self, ended: Result<(Id, Option<Duration>), JoinError>) {
        let (id, wait) = match ended {
            Ok((id, wait)) => (id, wait),
            Err(error) => (error.id(), None),
        };
        if let (Some((_, organisation)), Some(wait)) = (self.held.remove(&id), wait) {
            let until = Instant::now() + wait;
            let rest = self.resting.entry(organisation).or_insert(until);
            *rest = (*rest).max(until);
        }
    }
}
