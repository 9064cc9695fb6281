//! How a visitor is told, what is known of the address, and whether a new link can be had. Whoever came by number and code may
//! have typed somebody else's address: they are shown the same whether its holder has confirmed it or not.

use entity::{
    follower::{Role, ToldBy},
    update_rule::Way,
};
use serde::Serialize;

use super::visit::{Matter, Visit};
use crate::{
    actions::progress::person_of,
    app::App,
    domain::{
        io::recipient::Recipient,
        progress::{self, OCCASIONS, may_get},
    },
    store,
    web::error::Result,
};

/// How the visitor is told.
#[derive(Serialize)]
pub struct Telling {
    by: ToldBy,
    mail: bool,
    io: Option<Beside>,
    address: Address,
    /// A new link can be asked for.
    renew: bool,
}

/// Where the news is when IO does not reach the visitor.
#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Beside {
    /// In a letter, if there is an address and it is confirmed.
    Mail,
    /// On this page only.
    Page,
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
    ///
    /// # Errors
    /// The database.
    pub async fn of(app: &App, visit: &Visit) -> Result<Self> {
        let follower = &visit.follower;
        let has_address = !follower.address.is_empty();
        let address = match (follower.confirmed_at, visit.proven) {
            _ if !has_address => Address::Settled,
            (_, false) => Address::Unproven,
            (None, true) => Address::ToConfirm,
            (Some(_), true) => Address::Settled,
        };
        let proven = proven_person(app, visit).await?;
        let is_proven = proven.is_some();
        let io = on_io(app, visit, proven).await?;
        Ok(Self {
            // What happens now: IO that cannot be used any more is mail, and who has chosen nothing and is known is told on IO first.
            by: match follower.told_by {
                ToldBy::Io if io.is_none() && has_address => ToldBy::Mail,
                ToldBy::Mail if io.is_some() && is_proven && follower.chose_at.is_none() => ToldBy::Io,
                by => by,
            },
            mail: has_address,
            io,
            address,
            renew: has_address && address != Address::ToConfirm,
        })
    }
}

/// The visitor as the register knows them, if it is certain that they sent the request. Not shown to who came without the letter: that
/// somebody stands in the register is nobody else's business.
async fn proven_person(app: &App, visit: &Visit) -> Result<Option<Recipient>> {
    let Matter::Order(order) = &visit.matter else { return Ok(None) };
    if !visit.proven || visit.follower.role != Role::Author {
        return Ok(None);
    }
    let person = person_of(&app.desk.db.read, order, Some(&visit.follower)).await?;
    Ok(person.ok().filter(|person| person.certain).map(|person| person.recipient))
}

/// Whether IO can be chosen: progress is told there, and the service may write to the person whom the register knows (`proven`) or whose
/// code the visitor gave. With what holds when it fails: where a rule says IO and nothing else there is no letter.
async fn on_io(app: &App, visit: &Visit, proven: Option<Recipient>) -> Result<Option<Beside>> {
    let (db, follower) = (&app.desk.db.read, &visit.follower);
    let person = proven.or_else(|| Recipient::read(&follower.fiscal_code).ok());
    let (Matter::Order(order), Some(person)) = (&visit.matter, person) else { return Ok(None) };
    let service = store::io_service::for_updates(db, follower.organisation_id).await?;
    if !service.is_some_and(|service| may_get(&service, &person)) {
        return Ok(None);
    }
    let rules = store::update::rules(db, follower.organisation_id).await?;
    let mut ways = OCCASIONS.into_iter().map(|occasion| progress::way(&rules, order.kind_id, occasion));
    let falls_back = !follower.address.is_empty() && ways.all(|way| way != Way::Io);
    Ok(Some(if falls_back { Beside::Mail } else { Beside::Page }))
}
