//! Keys of services: read from IO, made anew without an outage.

use entity::io_service::{KeyInUse, Model};
use secrecy::SecretString;
use uuid::Uuid;

use super::Trouble;
use crate::{
    actions::{
        Cx,
        io::service_keys::{self, Pair},
    },
    app::{
        App,
        io::{KeyPair, Keys, Which},
    },
    domain::io::call::Failure,
};

impl App {
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
