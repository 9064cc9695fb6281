//! Who is told of a work order, and what reaches them.

use entity::{
    communication::{Address, Channel},
    follower::{self, ToldBy},
    io_message, io_service, portal,
    work_order::{self, Identified},
};
use sea_orm::ConnectionTrait;

use crate::{
    actions::Result,
    domain::progress::{NoIo, Person, Reach, may_get, person},
    store,
};

/// What is known of a work order's citizen without asking for more.
pub(super) struct Known<'a> {
    pub(super) order: &'a work_order::Model,
    /// Who sent it by a form or an app; a mail has none.
    pub(super) author: Option<follower::Model>,
    /// The citizens' door, if it is open.
    pub(super) portal: Option<portal::Model>,
}

/// What reaches a citizen.
pub(super) struct Citizen {
    pub(super) chosen: Option<ToldBy>,
    pub(super) io: std::result::Result<(io_service::Model, Person), NoIo>,
    pub(super) mail: Option<Address>,
}

impl Citizen {
    pub(super) fn reach(&self) -> Reach {
        Reach { chosen: self.chosen, io: self.io.is_ok(), mail: self.mail.is_some() }
    }
}

impl<'a> Known<'a> {
    pub(super) async fn read(db: &impl ConnectionTrait, order: &'a work_order::Model) -> Result<Self> {
        let authors = store::follower::authors(db, order.organisation_id, &[order.id]).await?;
        let portal = store::portal::of(db, order.organisation_id).await?.filter(|portal| portal.open);
        Ok(Self { order, author: authors.into_iter().next(), portal })
    }

    /// Whether one of these addresses is the citizen's; the empty one is that of who has none.
    pub(super) fn is_among(&self, addresses: &[&str]) -> bool {
        let own = self.author.as_ref().map_or(self.order.sender_address.as_str(), |author| &author.address);
        addresses.contains(&own)
    }

    pub(super) async fn citizen(&self, db: &impl ConnectionTrait) -> Result<Citizen> {
        Ok(Citizen { chosen: self.chosen(), io: self.on_io(db).await?, mail: self.by_mail(db).await? })
    }

    /// Silence counts however it came about: an author without an address has it from the beginning.
    pub(super) fn chosen(&self) -> Option<ToldBy> {
        let author = self.author.as_ref()?;
        let said = author.chose_at.is_some();
        Some(author.told_by).filter(|by| said || *by == ToldBy::Nothing && !author.address.is_empty())
    }

    async fn on_io(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<std::result::Result<(io_service::Model, Person), NoIo>> {
        let organisation = self.order.organisation_id;
        let Some(service) = store::io_service::chosen(db, organisation).await? else {
            return Ok(Err(NoIo::NoService));
        };
        if !service.sends {
            return Ok(Err(NoIo::SwitchedOff));
        }
        let person = person_of(db, self.order, self.author.as_ref()).await?;
        Ok(person.and_then(|person| {
            if may_get(&service, &person.recipient) { Ok((service, person)) } else { Err(NoIo::OnTrial) }
        }))
    }

    /// An address that was typed into a form must have been confirmed; one that wrote by itself must be a person's, and not a
    /// machine that would answer.
    async fn by_mail(&self, db: &impl ConnectionTrait) -> Result<Option<Address>> {
        if let Some(author) = &self.author {
            let address = Address { name: author.name.clone(), address: author.address.clone() };
            return Ok(Some(address).filter(|to| author.confirmed_at.is_some() && !to.address.is_empty()));
        }
        let order = self.order;
        if order.sender_address.is_empty() || !matches!(order.channel, Channel::Email | Channel::Pec) {
            return Ok(None);
        }
        let letter = store::communication::first_letter(db, order.organisation_id, order.id).await?;
        let own = store::mailbox::addresses(db, order.organisation_id).await?;
        let person = letter.is_some_and(|letter| !letter.automatic) && !own.contains(&order.sender_address);
        Ok(person.then(|| Address { name: String::new(), address: order.sender_address.clone() }))
    }
}

/// Whether an update that waits is still for whom it was written: meanwhile an operator may have said whose request it is. What
/// operators write to somebody is theirs to answer for.
///
/// # Errors
/// The database.
pub async fn concerns(db: &impl ConnectionTrait, message: &io_message::Model) -> Result<bool> {
    let (io_message::Purpose::Update, Some(order)) = (message.purpose, message.work_order_id) else {
        return Ok(true);
    };
    let Some(order) = store::work_order::by_id(db, message.organisation_id, order).await? else {
        return Ok(false);
    };
    let known = Known::read(db, &order).await?;
    let person = person_of(db, &order, known.author.as_ref()).await?;
    Ok(person.is_ok_and(|person| person.recipient.as_str() == message.fiscal_code))
}

/// The person to tell about a work order on IO, or why there is none.
///
/// # Errors
/// The database.
pub async fn person_of(
    db: &impl ConnectionTrait,
    order: &work_order::Model,
    author: Option<&follower::Model>,
) -> Result<std::result::Result<Person, NoIo>> {
    let organisation = order.organisation_id;
    let holder = store::taxpayer::by_id(db, organisation, order.taxpayer_id).await?;
    let address = author.map(|author| author.address.as_str()).filter(|address| !address.is_empty());
    let hers = match (&holder, address) {
        (Some(holder), Some(address)) if order.identified == Identified::Operator => {
            let contacts = store::taxpayer::contacts(db, organisation, holder.id).await?;
            contacts.iter().any(|contact| contact.address == address)
        }
        _ => false,
    };
    Ok(person(order, holder.as_ref(), author, hers))
}
