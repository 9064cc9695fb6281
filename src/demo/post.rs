//! The post of the story: takes the desk's letters out of the outbox and says how they fared. Nothing leaves the
//! machine, and nothing is left to be sent but what a full mailbox has put off, which is tried again by the server, whose
//! only way out in a demo is a folder, and what is held back until an address is confirmed.

use std::collections::HashSet;

use anyhow::Result;
use chrono::{DateTime, Utc};
use entity::{delivery, errand::Work};

use crate::{
    actions::{circular, deliver, errand},
    app::App,
    domain::mail::SendOutcome,
    store::errand::Load,
};

/// Letters taken at a time.
const ROUND: u64 = 64;

/// What becomes of letters to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// They arrive.
    Arrives,
    /// The mailbox is full.
    Full,
    /// There is no such mailbox.
    NoMailbox,
}

/// The post, and the addresses that give it trouble.
#[derive(Debug, Default)]
pub(super) struct Post {
    full: HashSet<String>,
    unknown: HashSet<String>,
}

impl Post {
    /// Letters to `address` fare so from now on.
    pub(super) fn note(&mut self, address: &str, fate: Fate) {
        let addresses = match fate {
            Fate::Arrives => return,
            Fate::Full => &mut self.full,
            Fate::NoMailbox => &mut self.unknown,
        };
        addresses.insert(address.to_owned());
    }

    /// Carries every letter that is due, and every errand.
    pub(super) async fn carry(&self, app: &App, now: DateTime<Utc>) -> Result<()> {
        self.carry_letters(app, now).await?;
        // Circulars first: the letters that they make are of the same load.
        for load in [Load::Circulars, Load::Letters] {
            self.carry_errands(app, load, now).await?;
        }
        Ok(())
    }

    async fn carry_errands(&self, app: &App, load: Load, now: DateTime<Utc>) -> Result<()> {
        loop {
            let errands = errand::claim(&app.desk, load, app.process, now, ROUND).await?;
            if errands.is_empty() {
                return Ok(());
            }
            for one in &errands {
                if one.work == Work::Circular {
                    circular::carry_on(&app.desk, one, app.process, now).await?;
                } else {
                    errand::settle(&app.desk, one, app.process, &SendOutcome::Sent, now).await?;
                }
            }
        }
    }

    async fn carry_letters(&self, app: &App, now: DateTime<Utc>) -> Result<()> {
        loop {
            let letters = deliver::claim(&app.desk, app.process, now, ROUND).await?;
            if letters.is_empty() {
                return Ok(());
            }
            for letter in &letters {
                deliver::settle(&app.desk, letter, app.process, &self.outcome(letter), now).await?;
            }
        }
    }

    fn outcome(&self, letter: &delivery::Model) -> SendOutcome {
        if self.unknown.contains(&letter.recipient) {
            SendOutcome::Refused("550 5.1.1 User unknown".to_owned())
        } else if self.full.contains(&letter.recipient) {
            SendOutcome::Retry("452 4.2.2 Mailbox full".to_owned())
        } else {
            SendOutcome::Sent
        }
    }
}
