//! What of a work order's thread its author may read, on the page and through an app alike.
//!
//! Never notes, nor what the program wrote by itself, nor what the desk wrote to others (a contractor, a colleague), nor what
//! others wrote in. An answer that waits until its address is confirmed may be read here: the page belongs to who sent the
//! request, the address perhaps to somebody else.

use entity::{
    communication::{Channel, Direction, Model},
    follower,
};

/// Whether a communication is between the desk and the author of its work order.
#[must_use]
pub fn is_with(author: &follower::Model, row: &Model) -> bool {
    if row.automatic {
        return false;
    }
    match row.direction {
        Direction::Note => false,
        Direction::Out => {
            let mut recipients = row.recipients.0.iter().chain(&row.copies.0).peekable();
            // Written for the page alone.
            recipients.peek().is_none() || recipients.any(|one| one.address == author.address)
        }
        Direction::In if author.address.is_empty() => matches!(row.channel, Channel::Web | Channel::App),
        Direction::In => row.from_address == author.address,
    }
}
