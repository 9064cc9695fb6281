//! Which mails there are.

use async_imap::imap_proto::{MailboxDatum, Response};

use super::{Imap, ImapError, folder::uid_sets};

impl Imap {
    /// The UIDs of all mails in the folder, ascending. Four bytes each: the gate lets some millions through.
    ///
    /// # Errors
    /// The line broke or the server refused: a list that is not complete is not given.
    pub async fn all_uids(&mut self) -> Result<Vec<u32>, ImapError> {
        self.found("ALL").await
    }

    /// Fills the list of mails to fetch with those above `last_uid`.
    pub(super) async fn search(&mut self, last_uid: u32) -> Result<(), ImapError> {
        self.news = false;
        let Some(first) = last_uid.checked_add(1) else { return Ok(()) };
        let mut found = self.found(&format!("UID {first}:*")).await?;
        // `n:*` always gives the last mail, even when it is older
        found.retain(|uid| *uid > last_uid);
        self.pending = found.into();
        Ok(())
    }

    /// Which of these mails, that the server did not give, it still lists. NOOP first: a server may show us the folder as
    /// it was when we last asked for news.
    pub(super) async fn still_listed(&mut self, uids: &[u32]) -> Result<Vec<u32>, ImapError> {
        self.command("NOOP", |_| {}).await?;
        let mut listed = Vec::new();
        for set in uid_sets(uids) {
            listed.extend(self.found(&format!("UID {set}")).await?);
        }
        Ok(listed)
    }

    async fn found(&mut self, criterion: &str) -> Result<Vec<u32>, ImapError> {
        let mut found = Vec::new();
        self.command(&format!("UID SEARCH {criterion}"), |answer| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
                found.extend_from_slice(uids);
            }
        })
        .await?;
        found.sort_unstable();
        found.dedup();
        // there is no mail 0 (RFC 3501 §2.3.1.1); in a set it would be an error
        if found.first() == Some(&0) {
            found.remove(0);
        }
        Ok(found)
    }
}
