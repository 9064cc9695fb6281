//! Waiting for mail.

use std::time::Duration;

use async_imap::imap_proto::Response;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::{Imap, ImapError, done, gate::NO_LITERALS};

/// Why the waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The server told of new mail.
    News,
    /// The time is over.
    Quiet,
    /// We were told to stop.
    Stopped,
}

/// What a server says to IDLE.
enum Invitation {
    Accepted,
    Refused,
    Other,
}

impl Imap {
    /// Waits for new mail, at most `max` (keep it under ten minutes: routers forget quiet lines). Returns at once when the
    /// server told of mail since the last search. Without IDLE, simply waits.
    ///
    /// # Errors
    /// The line broke.
    pub async fn idle(&mut self, max: Duration, stop: &CancellationToken) -> Result<Woken, ImapError> {
        if self.news || self.has_more() {
            return Ok(Woken::News);
        }
        if !self.abilities.idle {
            return Ok(tokio::select! {
                () = stop.cancelled() => Woken::Stopped,
                () = sleep(max) => Woken::Quiet,
            });
        }
        let tag = self.say("IDLE", NO_LITERALS).await?;
        let place = self.place.clone();
        loop {
            let limit = self.settings.timeout;
            let invitation = self.next(limit, |answer| match answer {
                Response::Continue(_) => Invitation::Accepted,
                answer if done(answer, &tag, &place).is_some() => Invitation::Refused,
                _ => Invitation::Other,
            });
            match invitation.await? {
                Invitation::Accepted => break,
                Invitation::Other => {}
                Invitation::Refused => {
                    // announced and not granted: from now on the timer alone
                    self.abilities.idle = false;
                    return Ok(Woken::Quiet);
                }
            }
        }
        let woken = self.listen(max, stop).await?;
        self.end_idle(&tag).await?;
        Ok(woken)
    }

    /// Flags and removals do not wake us: only more mail does.
    async fn listen(&mut self, max: Duration, stop: &CancellationToken) -> Result<Woken, ImapError> {
        let until = Instant::now() + max;
        while !self.news {
            tokio::select! {
                () = stop.cancelled() => return Ok(Woken::Stopped),
                () = sleep_until(until) => return Ok(Woken::Quiet),
                heard = self.next(max + self.settings.timeout, |_| ()) => heard?,
            }
        }
        Ok(Woken::News)
    }

    async fn end_idle(&mut self, tag: &async_imap::imap_proto::RequestId) -> Result<(), ImapError> {
        let limit = self.settings.timeout;
        let said = timeout(limit, self.session.run_command_untagged("DONE")).await;
        said.map_err(|_| ImapError::timeout(&self.place, limit))?
            .map_err(|error| ImapError::line(&self.place, &error))?;
        let place = self.place.clone();
        loop {
            if let Some(done) = self.next(limit, |answer| done(answer, tag, &place)).await? {
                return done;
            }
        }
    }
}
