//! Who is told on IO, or why nobody is.
//!
//! A taxpayer who was found by an address of the register is who wrote. One whom an operator chose is whose request it is, and need
//! not be who filled in the form: a daughter writes for her mother, and it is the daughter who waits for news. A code that somebody
//! typed into a form may be anybody's: its owner is told only if that was asked for, and does not get the link to what another may
//! have written.

use entity::{
    follower::{self, ToldBy},
    io_service, taxpayer,
    work_order::{Identified, Model},
};

use crate::domain::io::recipient::{Recipient, Unfit};

/// Whom IO reaches about a work order, and whether it is known that they sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The code.
    pub recipient: Recipient,
    /// They sent it, and may get the personal link, which opens the conversation.
    pub certain: bool,
}

/// Why a citizen is not told on IO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoIo {
    /// No service was chosen to tell progress.
    NoService,
    /// An administrator has switched the sending of the service off.
    SwitchedOff,
    /// The service is on trial, and this person is none of those who try it.
    OnTrial,
    /// No code of who wrote is known.
    NoCode,
    /// A code was declared, and nothing proves it.
    Declared,
    /// The code is that of whose request it is, and somebody else sent it.
    Another,
    /// The code is that of a company or a body.
    Company,
    /// What stands for a code is none.
    Malformed,
}

impl From<Unfit> for NoIo {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Empty => Self::NoCode,
            Unfit::Company => Self::Company,
            Unfit::Length(_) | Unfit::Shape => Self::Malformed,
        }
    }
}

/// Whether a service may write to a person: one on trial only writes to those who try it.
#[must_use]
pub fn may_get(service: &io_service::Model, person: &Recipient) -> bool {
    service.test_codes.as_ref().is_none_or(|codes| codes.0.iter().any(|code| code == person.as_str()))
}

/// The person to tell on IO. `hers`: the author's address is among the holder's contacts.
///
/// # Errors
/// Nobody is, and why.
pub fn person(
    order: &Model,
    holder: Option<&taxpayer::Model>,
    author: Option<&follower::Model>,
    hers: bool,
) -> Result<Person, NoIo> {
    let registered = holder.filter(|holder| !holder.generic).and_then(|holder| holder.fiscal_code.as_deref());
    let proven = match order.identified {
        Identified::Address | Identified::AddressAndCode | Identified::Operator => registered,
        Identified::Candidates | Identified::Unknown | Identified::Declared => None,
    };
    let proven = proven.map(Recipient::read);
    if let Some(Ok(recipient)) = &proven {
        let chosen = author.filter(|_| order.identified == Identified::Operator);
        if chosen.is_none_or(|author| hers || author.fiscal_code == recipient.as_str()) {
            return Ok(Person { recipient: recipient.clone(), certain: true });
        }
    }
    let typed = author.map(|author| author.fiscal_code.as_str()).filter(|code| !code.is_empty());
    let asked = author.is_some_and(|author| author.told_by == ToldBy::Io && author.chose_at.is_some());
    match (typed.map(Recipient::read), proven) {
        (Some(Ok(recipient)), _) if asked => Ok(Person { recipient, certain: false }),
        (_, Some(Ok(_))) => Err(NoIo::Another),
        (_, Some(Err(unfit))) | (Some(Err(unfit)), _) => Err(unfit.into()),
        (Some(Ok(_)), _) => Err(NoIo::Declared),
        (None, _) if registered.is_some() => Err(NoIo::Declared),
        (None, _) => Err(NoIo::NoCode),
    }
}
