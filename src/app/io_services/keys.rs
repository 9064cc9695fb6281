//! Keys of services: read from IO, made anew without an outage.

use entity::io_service::{KeyInUse, Model};
use secrecy::SecretString;
use uuid::Uuid;

use super::Trouble;
use crate::{
    actions::{
        self, Cx, Flaw,
        io::{
            account,
            service_keys::{self, Pair},
        },
    },
    app::{
        App,
        io::{KeyPair, Keys, Which},
    },
    domain::io::{
        call::{Failure, Profile},
        recipient::{Recipient, SANDBOX},
    },
};

const PRIMARY_REFUSED: &str = "IO non accetta la chiave primaria: copiala di nuovo dall’Area Riservata.";
const SECONDARY_REFUSED: &str = "IO non accetta la chiave secondaria: copiala di nuovo dall’Area Riservata.";

/// What a trial of pasted keys has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// IO takes them.
    Accepted,
    /// Nothing: IO did not answer, or refused something else.
    Unproven,
}

impl App {
    /// Keeps keys that somebody has pasted, unless IO refuses one: each is tried with a question that sends nothing to anybody.
    ///
    /// # Errors
    /// `Rejected`, by field: what is no key, or none that IO takes. Nothing is kept then.
    pub async fn io_paste_keys(&self, cx: &Cx, row: &Model, pasted: &Pair) -> Result<Tried, Trouble> {
        service_keys::check(&self.desk, row, pasted).await?;
        let base_url = account::of(&self.desk.db.read, cx.organisation).await?.base_url;
        let (mut tried, mut flaws) = (Tried::Accepted, Vec::new());
        for (field, key, refused) in [
            ("primary_key", &pasted.primary, PRIMARY_REFUSED),
            ("secondary_key", &pasted.secondary, SECONDARY_REFUSED),
        ] {
            let Some(first) = key.clone() else { continue };
            match self.ask_with(&base_url, cx.organisation, Keys { first, second: None }).await {
                Ok(_) | Err(Failure::Refused { .. }) => {}
                Err(Failure::KeyRefused) => flaws.push(Flaw::new(field, refused)),
                Err(_) => tried = Tried::Unproven,
            }
        }
        if !flaws.is_empty() {
            return Err(actions::Error::Rejected(flaws).into());
        }
        service_keys::keep(&self.desk, cx, row.id, pasted, rand::random()).await?;
        Ok(tried)
    }

    /// Asks IO after nobody, to see whether it takes a key that is to be one of a service.
    pub(super) async fn ask_with(
        &self,
        base_url: &str,
        organisation: Uuid,
        keys: Keys,
    ) -> Result<Profile, Failure> {
        let nobody =
            Recipient::read(SANDBOX).map_err(|unfit| Failure::Refused { title: unfit.to_string() })?;
        self.io_service(base_url, organisation, keys)?.profile(&nobody).await
    }

    /// Reads the keys of a service.
    pub async fn io_keys(&self, cx: &Cx, row: &Model) -> Result<(), Trouble> {
        let (line, remote) = self.line_to(row).await?;
        let pair = line.keys(remote).await?;
        self.keep_keys(cx, row.id, pair).await
    }

    /// Makes the key that is not in use anew. Of a call that ended without an answer, the keys themselves tell what came; as long as
    /// they are not read, the old one is not used.
    pub async fn io_renew_key(
        &self,
        cx: &Cx,
        row: &Model,
        version: i32,
        which: KeyInUse,
    ) -> Result<(), Trouble> {
        let (line, remote) = self.line_to(row).await?;
        let old = service_keys::begin_renewal(&self.desk, cx, (row.id, version), which).await?;
        let asked = match which {
            KeyInUse::Primary => Which::Primary,
            KeyInUse::Secondary => Which::Secondary,
        };
        let failure = match line.renew_key(remote, asked).await {
            Ok(pair) => return self.keep_keys(cx, row.id, pair).await,
            Err(failure) => failure,
        };
        match (&failure, line.keys(remote).await) {
            (Failure::Retry { .. } | Failure::Unknown { .. }, Ok(pair)) => {
                self.keep_keys(cx, row.id, pair).await?;
            }
            (Failure::Retry { .. } | Failure::Unknown { .. }, Err(_)) => {}
            _ => service_keys::undo_renewal(&self.desk, cx, row.id, which, old).await?,
        }
        Err(Trouble::Io(failure))
    }

    pub(super) async fn keep_keys(&self, cx: &Cx, id: Uuid, pair: KeyPair) -> Result<(), Trouble> {
        let pair = Pair { primary: Some(pair.primary), secondary: Some(pair.secondary) };
        Ok(service_keys::keep(&self.desk, cx, id, &pair, rand::random()).await?)
    }

    /// The keys with which a service sends, the one in use first.
    pub(super) fn use_keys(&self, row: &Model) -> Option<Keys> {
        let other = match row.key_in_use {
            KeyInUse::Primary => KeyInUse::Secondary,
            KeyInUse::Secondary => KeyInUse::Primary,
        };
        let sealed = [row.key_in_use, other].into_iter().filter_map(|which| service_keys::key(row, which));
        let mut open = sealed.filter_map(|key| self.desk.keys.open(key).ok()).map(SecretString::from);
        Some(Keys { first: open.next()?, second: open.next() })
    }
}
