//! The topics among which a service chooses one. IO itself keeps its list for an hour, and so do we: a form must not wait for it
//! each time it is opened.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Trouble;
use crate::{
    app::{App, io::Topic},
    domain::io::call::Failure,
};

/// How long a list is good.
const GOOD: TimeDelta = TimeDelta::hours(1);
/// How long a page waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Lists by organisation.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Topics(Arc<Mutex<HashMap<Uuid, Kept>>>);

#[derive(Debug)]
struct Kept {
    read_at: DateTime<Utc>,
    topics: Vec<Topic>,
}

impl App {
    /// The topics.
    pub async fn io_topics(&self, organisation: Uuid) -> Result<Vec<Topic>, Trouble> {
        let now = self.clock.now();
        {
            let kept = self.topics.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(kept) = kept.get(&organisation).filter(|kept| now - kept.read_at < GOOD) {
                return Ok(kept.topics.clone());
            }
        }
        let line = self.io_manager(organisation).await?;
        let late = || Failure::Retry { words: "IO non ha risposto in tempo.".to_owned() };
        let topics = tokio::time::timeout(PATIENCE, line.topics()).await.map_err(|_| late())??;
        let mut kept = self.topics.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(organisation, Kept { read_at: now, topics: topics.clone() });
        Ok(topics)
    }
}
