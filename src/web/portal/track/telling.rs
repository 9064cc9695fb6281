//! How a visitor is told, what is known of the address, and whether a new link can be had. Whoever came by number and code may
//! have typed somebody else's address: they are shown the same whether its holder has confirmed it or not.

use entity::follower::ToldBy;
use serde::Serialize;

use super::visit::Visit;

/// How the visitor is told.
#[derive(Serialize)]
pub struct Telling {
    by: ToldBy,
    mail: bool,
    io: bool,
    address: Address,
    /// A new link can be asked for.
    renew: bool,
}

/// What is known of the visitor's address.
#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Address {
    /// It is theirs, or there is none.
    Settled,
    /// They came by the letter and may say that it is theirs.
    ToConfirm,
    /// They did not come by the letter.
    Unproven,
}

impl Telling {
    /// What holds for a visitor.
    #[must_use]
    pub fn of(visit: &Visit) -> Self {
        let follower = &visit.follower;
        let has_address = !follower.address.is_empty();
        let address = match (follower.confirmed_at, visit.proven) {
            _ if !has_address => Address::Settled,
            (_, false) => Address::Unproven,
            (None, true) => Address::ToConfirm,
            (Some(_), true) => Address::Settled,
        };
        Self {
            by: follower.told_by,
            mail: has_address,
            io: !follower.fiscal_code.is_empty(),
            address,
            renew: has_address && address != Address::ToConfirm,
        }
    }
}
