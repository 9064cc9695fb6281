//! Remote content: what a notification only announces stays with us, and IO fetches it with a key of its own each time the citizen
//! opens it.
//!
//! - [`settings`]: how a service offers it, and what IO knows of that.
//! - [`mod@attach`]: a communication of the thread is announced by a notification.
//! - [`reader`]: whose communications those are.
//! - [`door`]: who asks, for what, and whether they get it.

pub mod attach;
pub mod door;
pub mod reader;
pub mod settings;

use entity::{io_message, io_remote};
use sea_orm::ConnectionTrait;

pub use self::attach::{announce, attach, repeated};
use crate::{actions::Result, domain::io::remote::Announced, store};

/// What a notification says of its remote content when it is sent.
pub async fn announced(db: &impl ConnectionTrait, message: &io_message::Model) -> Result<Option<Announced>> {
    let organisation = message.organisation_id;
    let Some(row) = store::io_remote::of_message(db, organisation, message.id).await? else {
        return Ok(None);
    };
    let configuration = store::io_remote::of_service(db, organisation, row.io_service_id).await?;
    Ok(configuration.and_then(|one| one.configuration_id).map(|configuration_id| Announced {
        id: row.id,
        configuration_id,
        has_text: row.has_text,
        has_documents: row.has_document || !row.files.0.is_empty(),
        precondition: row.precondition,
    }))
}

/// Whether new notifications of a service may announce something: it is offered, and IO has heard of it.
#[must_use]
pub fn offers(service: &io_remote::Model) -> bool {
    service.offered && service.configuration_id.is_some()
}
