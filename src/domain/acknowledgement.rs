//! May this mail be acknowledged? Every brake that keeps two machines from writing to each other for ever.

use super::mail::Mail;

/// What the desk knows when it asks.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Our own mailboxes, lower case.
    pub own_addresses: &'a [String],
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// A machine wrote.
    Automatic,
    /// Nobody signed.
    NoSender,
    /// The sender is one of our own mailboxes.
    Own,
    /// This address was written to often enough.
    TooMany,
}

/// Whether `mail` may be acknowledged.
///
/// # Errors
/// The brake that holds.
pub fn may_acknowledge(mail: &Mail, known: &Circumstances<'_>) -> Result<(), Silence> {
    let sender = mail.sender();
    if mail.kind.is_automatic() {
        Err(Silence::Automatic)
    } else if sender.is_empty() {
        Err(Silence::NoSender)
    } else if known.own_addresses.iter().any(|own| *own == super::thread::without_token(sender)) {
        Err(Silence::Own)
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
    use crate::domain::mail::MailKind;

    fn mail(address: &str, kind: MailKind) -> Mail {
        let from =
            (!address.is_empty()).then(|| Address { name: String::new(), address: address.to_owned() });
        Mail { from, kind, ..Mail::default() }
    }

    #[test]
    fn each_brake_holds() {
        let own = ["reclami@ente.example".to_owned()];
        let free = Circumstances { own_addresses: &own, last_hour: 0, last_day: 0, per_hour: 1, per_day: 10 };
        let anna = mail("anna@libero.example", MailKind::Letter);
        assert_eq!(may_acknowledge(&anna, &free), Ok(()));
        assert_eq!(may_acknowledge(&anna, &Circumstances { last_hour: 1, ..free }), Err(Silence::TooMany));
        assert_eq!(may_acknowledge(&anna, &Circumstances { last_day: 10, ..free }), Err(Silence::TooMany));
        assert_eq!(may_acknowledge(&mail("", MailKind::Letter), &free), Err(Silence::NoSender));
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
