//! The citizen of a work order, who alone may read on IO what the desk wrote to them.
//!
//! A letter went to an address, a notification goes to a codice fiscale: that both are one person's must be certain, as it must be
//! for the link to the conversation ([`crate::domain::progress::person`]). A code that was only typed into a form, or by an operator into this very
//! notification, is refused: one wrong letter of it, and somebody else reads.

use entity::{
    communication::{self, Direction},
    work_order,
};
use sea_orm::ConnectionTrait;

use crate::{
    actions::{Result, progress},
    domain::{correspondence::is_with_address, io::recipient::Recipient},
    store,
};

/// Communications of a thread that are looked through, the newest.
const MOST: u64 = 200;

/// Who wrote a work order.
#[derive(Debug)]
pub struct Reader {
    /// By which they were written to; empty: by the page alone.
    address: String,
    /// Whose that is, when it is certain.
    code: Option<Recipient>,
}

impl Reader {
    /// The citizen of a work order.
    ///
    /// # Errors
    /// The database.
    pub async fn of(db: &impl ConnectionTrait, order: &work_order::Model) -> Result<Self> {
        let authors = store::follower::authors(db, order.organisation_id, &[order.id]).await?;
        let author = authors.into_iter().next();
        let person = progress::person_of(db, order, author.as_ref()).await?;
        Ok(Self {
            code: person.ok().filter(|person| person.certain).map(|person| person.recipient),
            address: author.map_or_else(|| order.sender_address.clone(), |author| author.address),
        })
    }

    /// Their codice fiscale, when it is certain.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_ref().map(Recipient::as_str)
    }

    /// Whether the desk wrote a communication of their work order to them.
    #[must_use]
    pub fn was_written(&self, communication: &communication::Model) -> bool {
        communication.direction == Direction::Out && is_with_address(&self.address, communication)
    }

    /// What was written to them, newest first.
    ///
    /// # Errors
    /// The database.
    pub async fn letters(
        &self,
        db: &impl ConnectionTrait,
        order: &work_order::Model,
    ) -> Result<Vec<communication::Model>> {
        let mut rows =
            store::communication::correspondence(db, order.organisation_id, order.id, MOST).await?;
        rows.retain(|row| self.was_written(row));
        Ok(rows)
    }
}
