//! What of a work order's thread its author may read, on the page and through an app alike.
//!
//! Never notes, nor what the program wrote by itself (but for news of progress, which are the author's by whichever way they went),
//! nor what the desk wrote to others (a contractor, a colleague), nor what others wrote in. A notification that an operator wrote for
//! IO stays between IO and its reader: whose code it went to does not stand in the thread. An answer that waits until its address is confirmed may be read here: the page belongs to who sent the
//! request, the address perhaps to somebody else.

use entity::{
    communication::{Channel, Direction, Model},
    follower,
};

/// Whether a communication is between the desk and the author of its work order.
#[must_use]
pub fn is_with(author: &follower::Model, row: &Model) -> bool {
    is_with_address(&author.address, row)
}

/// The same for an author of whom only the address is known: who wrote by mail follows nothing.
#[must_use]
pub fn is_with_address(address: &str, row: &Model) -> bool {
    if row.occasion.is_none() && (row.automatic || row.channel == Channel::Io) {
        return false;
    }
    match row.direction {
        Direction::Note => false,
        Direction::Out => {
            let mut recipients = row.recipients.0.iter().chain(&row.copies.0).peekable();
            // Written for the page alone.
            recipients.peek().is_none() || recipients.any(|one| one.address == address)
        }
        Direction::In if address.is_empty() => matches!(row.channel, Channel::Web | Channel::App),
        Direction::In => row.from_address == address,
    }
}
