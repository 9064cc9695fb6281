//! How a citizen is told what becomes of a request: the rule for the occasion, what the citizen chose, and what can reach them.
//!
//! What the rule names it names firmly; only where it says "the best way" does the citizen's choice decide, then IO, then mail. The
//! one exception is silence: who asked not to be told is not told.

use entity::{
    follower::ToldBy,
    update_rule::{self, Occasion, Way},
};
use uuid::Uuid;

pub use self::person::{NoIo, Person, may_get, person};

pub mod news;
mod person;
pub mod received;
pub mod template;

/// All occasions, in the order of a request's life.
pub const OCCASIONS: [Occasion; 9] = [
    Occasion::Received,
    Occasion::TakenUp,
    Occasion::Forwarded,
    Occasion::InformationNeeded,
    Occasion::Appointment,
    Occasion::DeadlineMoved,
    Occasion::Resolved,
    Occasion::ResolvedWithSteps,
    Occasion::Reopened,
];

/// What holds where an organisation has set nothing.
///
/// IO's guide asks not to send the closing message when nothing is left to do ("Manuale dei servizi", Request Management), so
/// what is simply done goes by mail.
#[must_use]
pub fn standard(occasion: Occasion) -> Way {
    match occasion {
        Occasion::Resolved => Way::Mail,
        _ => Way::Best,
    }
}

/// The ways that may be set for an occasion. The acknowledgement proves a date and always goes by mail where there is an address:
/// a rule can only add IO to it.
#[must_use]
pub fn ways(occasion: Occasion) -> &'static [Way] {
    match occasion {
        Occasion::Received => &[Way::Best, Way::Mail, Way::MailAndIo],
        _ => &[Way::Best, Way::Mail, Way::Pec, Way::Io, Way::MailAndIo, Way::Nothing],
    }
}

/// What is set for an occasion of a kind, none where what holds for all does. For all kinds (`None`) there is always something: the
/// program's own where nothing else is.
#[must_use]
pub fn set(rules: &[update_rule::Model], kind: Option<Uuid>, occasion: Occasion) -> Option<Way> {
    let rule = rules.iter().find(|rule| rule.occasion == occasion && rule.kind_id == kind);
    let otherwise = || kind.is_none().then(|| standard(occasion));
    rule.map(|rule| rule.way).or_else(otherwise)
}

/// The way that rules lead to: the kind's own, else everybody's, else the program's.
#[must_use]
pub fn way(rules: &[update_rule::Model], kind: Uuid, occasion: Occasion) -> Way {
    let way = set(rules, Some(kind), occasion).or_else(|| set(rules, None, occasion));
    way.unwrap_or_else(|| standard(occasion))
}

/// What can reach a citizen, and what they chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// What they chose on their page or in the form; none when they chose nothing.
    pub chosen: Option<ToldBy>,
    /// There is a code to write to, and a service to write in the name of.
    pub io: bool,
    /// There is an address that may be written to.
    pub mail: bool,
}

/// The part that mail has in telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// It leaves at once.
    Now,
    /// The same, by certified mail where the organisation can.
    Certified,
    /// Only if IO says no.
    IfIoFails,
}

/// By which ways something is told now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// On IO.
    pub io: bool,
    /// By mail.
    pub letter: Option<Letter>,
}

impl Plan {
    /// Whether nobody is told.
    #[must_use]
    pub fn is_empty(self) -> bool {
        !self.io && self.letter.is_none()
    }
}

/// By which ways a citizen is told.
#[must_use]
pub fn plan(way: Way, reach: Reach) -> Plan {
    let Reach { chosen, io, mail } = reach;
    let only = |letter: Letter| Plan { letter: mail.then_some(letter), io: false };
    match way {
        _ if chosen == Some(ToldBy::Nothing) || way == Way::Nothing => Plan::default(),
        Way::Pec => only(Letter::Certified),
        Way::Io => Plan { io, letter: None },
        Way::MailAndIo => Plan { io, ..only(Letter::Now) },
        Way::Best if io && !(chosen == Some(ToldBy::Mail) && mail) => Plan { io, ..only(Letter::IfIoFails) },
        Way::Mail | Way::Best | Way::Nothing => only(Letter::Now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(way: Way, chosen: Option<ToldBy>, io: bool, mail: bool) -> String {
        let plan = plan(way, Reach { chosen, io, mail });
        let letter = plan.letter.map(|letter| match letter {
            Letter::Now => "mail",
            Letter::Certified => "pec",
            Letter::IfIoFails => "then mail",
        });
        plan.io.then_some("io").into_iter().chain(letter).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn the_best_way_is_the_citizens_then_io_then_mail() {
        assert_eq!(told(Way::Best, None, true, true), "io, then mail");
        assert_eq!(told(Way::Best, None, true, false), "io");
        assert_eq!(told(Way::Best, None, false, true), "mail");
        assert_eq!(told(Way::Best, Some(ToldBy::Mail), true, true), "mail");
        assert_eq!(told(Way::Best, Some(ToldBy::Mail), true, false), "io", "better than silence");
        assert_eq!(told(Way::Best, Some(ToldBy::Io), true, true), "io, then mail");
        assert_eq!(told(Way::Best, Some(ToldBy::Io), false, true), "mail");
    }

    #[test]
    fn who_wants_silence_has_it() {
        for way in ways(Occasion::Reopened) {
            assert_eq!(told(*way, Some(ToldBy::Nothing), true, true), "", "{way:?}");
        }
    }

    #[test]
    fn what_a_rule_names_is_firm() {
        assert_eq!(told(Way::Mail, Some(ToldBy::Io), true, true), "mail");
        assert_eq!(told(Way::Io, Some(ToldBy::Mail), true, true), "io");
        assert_eq!(told(Way::MailAndIo, None, true, true), "io, mail");
        assert_eq!(told(Way::MailAndIo, None, false, true), "mail");
        assert_eq!(told(Way::Pec, None, true, true), "pec");
        assert_eq!(told(Way::Nothing, None, true, true), "");
        assert_eq!(standard(Occasion::Resolved), Way::Mail, "nothing is left to do");
        assert_eq!(standard(Occasion::ResolvedWithSteps), Way::Best);
        assert!(OCCASIONS.iter().all(|occasion| ways(*occasion).contains(&standard(*occasion))));
    }
}
