//! Updates as their citizen received them, for pages and apps of the citizen's own.

use std::collections::{HashMap, HashSet};

use entity::{
    communication::{Channel, Model},
    io_message,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    domain::progress::received::{Received, in_words_of, received},
    store,
};

/// The same communications, with updates in the words that reached the citizen. One that was taken back is not among them.
///
/// # Errors
/// The database.
pub async fn as_received(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    rows: Vec<Model>,
) -> Result<Vec<Model>, DbErr> {
    let is_on_io = |row: &&Model| row.occasion.is_some() && row.channel == Channel::Io;
    let ids: Vec<Uuid> = rows.iter().filter(is_on_io).map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(rows);
    }
    let letters = store::delivery::of_communications(db, organisation, &ids).await?;
    let letters: HashSet<Uuid> = letters.iter().map(|letter| letter.communication_id).collect();
    let mut notifications: HashMap<Uuid, Vec<io_message::Model>> = HashMap::new();
    for message in store::io_message::of_communications(db, organisation, &ids).await? {
        notifications.entry(message.communication_id.unwrap_or_default()).or_default().push(message);
    }
    let shown = |row: Model| {
        let own = notifications.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        match received(letters.contains(&row.id), own) {
            Received::TakenBack(_) => None,
            as_told => Some(in_words_of(as_told, row)),
        }
    };
    Ok(rows.into_iter().filter_map(shown).collect())
}
