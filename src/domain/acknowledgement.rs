//! May this mail be acknowledged? Every brake that keeps two machines from writing to each other for ever.

use serde::Serialize;

use super::{identification::speaks_for_itself, mail::Mail};

/// What the desk knows when it asks.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Our own mailboxes, lower case.
    pub own_addresses: &'a [String],
    /// The mail comes from an archive.
    pub imported: bool,
    /// The mailbox acknowledges.
    pub mailbox: bool,
    /// Acknowledgements to this address in the last hour, and in the last day.
    pub last_hour: u64,
    /// See `last_hour`.
    pub last_day: u64,
    /// At most so many in an hour.
    pub per_hour: u64,
    /// At most so many in a day.
    pub per_day: u64,
}

/// Why no acknowledgement is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// A machine wrote.
    Automatic,
    /// Nobody signed.
    NoSender,
    /// The sender is one of our own mailboxes.
    Own,
    /// The address that signs is not the one that wrote: an answer would go to somebody who did not ask.
    Forged,
    /// The mail comes from an archive.
    Imported,
    /// The mailbox does not acknowledge.
    Mailbox,
    /// This address was written to often enough.
    TooMany,
}

/// Whether `mail` may be acknowledged.
///
/// # Errors
/// The brake that holds.
pub fn may_acknowledge(mail: &Mail, known: &Circumstances<'_>) -> Result<(), Silence> {
    let sender = mail.sender();
    // A sign of a machine on a letter: it came through a list, which would carry our answer to everybody.
    if mail.kind.is_automatic() || !mail.why.is_empty() {
        Err(Silence::Automatic)
    } else if sender.is_empty() {
        Err(Silence::NoSender)
    } else if known.own_addresses.iter().any(|own| *own == super::thread::without_token(sender)) {
        Err(Silence::Own)
    } else if !speaks_for_itself(mail) {
        Err(Silence::Forged)
    } else if known.imported {
        Err(Silence::Imported)
    } else if !known.mailbox {
        Err(Silence::Mailbox)
    } else if known.last_hour >= known.per_hour || known.last_day >= known.per_day {
        Err(Silence::TooMany)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use entity::communication::Address;

    use super::*;
    use crate::domain::mail::{Authenticity, MailKind, Verdict};

    fn mail(address: &str, kind: MailKind) -> Mail {
        let from =
            (!address.is_empty()).then(|| Address { name: String::new(), address: address.to_owned() });
        Mail { from, kind, ..Mail::default() }
    }

    #[test]
    fn each_brake_holds() {
        let own = ["reclami@ente.example".to_owned()];
        let free = Circumstances {
            own_addresses: &own,
            imported: false,
            mailbox: true,
            last_hour: 0,
            last_day: 0,
            per_hour: 1,
            per_day: 10,
        };
        let anna = mail("anna@libero.example", MailKind::Letter);
        assert_eq!(may_acknowledge(&anna, &free), Ok(()));
        assert_eq!(may_acknowledge(&anna, &Circumstances { last_hour: 1, ..free }), Err(Silence::TooMany));
        assert_eq!(may_acknowledge(&anna, &Circumstances { last_day: 10, ..free }), Err(Silence::TooMany));
        assert_eq!(may_acknowledge(&mail("", MailKind::Letter), &free), Err(Silence::NoSender));
        assert_eq!(may_acknowledge(&anna, &Circumstances { imported: true, ..free }), Err(Silence::Imported));
        assert_eq!(may_acknowledge(&anna, &Circumstances { mailbox: false, ..free }), Err(Silence::Mailbox));
        let forged = Authenticity { dmarc: Verdict::Fail, ..Authenticity::default() };
        let forged = Mail { authenticity: Some(forged), ..anna };
        assert_eq!(may_acknowledge(&forged, &free), Err(Silence::Forged));
        assert_eq!(
            may_acknowledge(&mail("anna@libero.example", MailKind::AutoReply), &free),
            Err(Silence::Automatic)
        );
        assert_eq!(
            may_acknowledge(&mail("anna@libero.example", MailKind::Bounce), &free),
            Err(Silence::Automatic)
        );
        assert_eq!(
            may_acknowledge(&mail("reclami+token@ente.example", MailKind::Letter), &free),
            Err(Silence::Own)
        );
    }
}
