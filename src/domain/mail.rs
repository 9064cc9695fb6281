//! A mail in our own words: what the edge makes of raw bytes, and what the desk decides upon.

pub use entity::origin::{
    Authenticity, Certificate, Invitation, MailKind, Pec, PecKind, PecRecipient, Signature, Verdict,
};
use entity::{communication::Address, language::Language};

/// A mail as read by `channel::email::parse`. Reading is total: whatever the bytes, there is a `Mail`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mail {
    /// Message-ID without angle brackets, if the mail has one.
    pub message_id: Option<String>,
    /// Ids of `In-Reply-To`, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// Ids of `References`, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Who signs. `None` when there is no readable address.
    pub from: Option<Address>,
    /// Where the sender wants answers, when it says so.
    pub reply_to: Vec<Address>,
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// Further addresses that the servers wrote down (`Delivered-To`, `X-Original-To`, `Envelope-To`).
    pub delivered_to: Vec<String>,
    /// Subject, decoded, on one line.
    pub subject: String,
    /// The letter as plain text.
    pub text: String,
    /// What its writer newly wrote, without quotations, signature and legal notice (`domain::quote`); `None` when that is all
    /// of it. For showing only: `text` keeps everything.
    pub visible_text: Option<String>,
    /// The letter as cleaned HTML, when it had any.
    pub html: Option<String>,
    /// Files, in the order of the letter.
    pub attachments: Vec<File>,
    /// What sort of mail this is.
    pub kind: MailKind,
    /// The sign by which its kind was seen, as a short name (`auto_submitted`, `list_id`); empty for a letter.
    pub why: &'static str,
    /// What a bounce or a delay reports.
    pub report: Option<Report>,
    /// What the receiving server found about the sender; `None` when no server that we trust says anything.
    pub authenticity: Option<Authenticity>,
    /// The appointment that it carries.
    pub invitation: Option<Invitation>,
    /// Its envelope of certified mail. All other fields are those of the mail inside.
    pub pec: Option<Pec>,
}

/// A file inside a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// Name made safe: never empty, no path, no control characters, at most 200 bytes.
    pub name: String,
    /// Media type, lower case (`image/png`).
    pub media_type: String,
    /// Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a mail server reports about a letter of ours (RFC 3464, and the many who report in their own way).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Whom it is about.
    pub recipients: Vec<Reported>,
    /// Message-IDs of the letter, as quoted in the report, without angle brackets.
    pub about: Vec<String>,
}

/// What is reported about one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// Address, lower case; empty when the report names none.
    pub address: String,
    /// Enhanced status code (`5.1.1`, RFC 3463), when there is one.
    pub status: Option<String>,
    /// What became of it.
    pub action: Action,
    /// The reason in the server's words, on one line; may be empty.
    pub words: String,
}

/// `Action` of RFC 3464 §2.3.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Not delivered, and not tried again.
    #[default]
    Failed,
    /// Late, still being tried.
    Delayed,
    /// Delivered, or handed to a system that does not report.
    Delivered,
}

impl Mail {
    /// Address that signs, lower case; empty when nobody does.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.from.as_ref().map_or("", |from| &from.address)
    }

    /// Ids of earlier mails, newest first, each once: the order in which a thread is looked for.
    pub fn earlier_ids(&self) -> impl Iterator<Item = &str> {
        let all = self.in_reply_to.iter().rev().chain(self.references.iter().rev()).map(String::as_str);
        let mut seen = std::collections::HashSet::new();
        all.filter(move |id| seen.insert(*id))
    }
}

/// A letter on its way out: everything that `channel::email::compose` needs, nothing it would have to look up.
#[derive(Clone, Debug, PartialEq)]
pub struct OutgoingLetter {
    /// Message-ID without angle brackets (`domain::thread::message_id`).
    pub message_id: String,
    /// Date of the letter: when it was written, so that a repeated attempt is the same letter.
    pub date: chrono::DateTime<chrono::Utc>,
    /// The mailbox.
    pub from: Address,
    /// Where answers go, when not to `from`.
    pub reply_to: Option<Address>,
    /// Shown as `To`.
    pub to: Vec<Address>,
    /// Shown as `Cc`.
    pub cc: Vec<Address>,
    /// The one recipient of this delivery.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// Plain text; the HTML part is made from it.
    pub text: String,
    /// Language of the text: what reads the HTML part aloud wants to know.
    pub language: Language,
    /// Ids of earlier mails, oldest first, already trimmed; the last is what this letter answers.
    pub references: Vec<String>,
    /// Files.
    pub attachments: Vec<File>,
    /// Written by the program: `Auto-Submitted: auto-replied`.
    pub automatic: bool,
    /// Where reports about it go: the mailbox, an address that names the delivery, or nowhere. The server may refuse
    /// anything but the mailbox, which is tried then.
    pub return_path: Option<String>,
    /// Certified mail: asks for the short receipt of delivery (`X-TipoRicevuta: breve`).
    pub pec: bool,
}

/// How an attempt to send ended: says what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The server took it.
    Sent,
    /// Not now: try later. The server's own words.
    Retry(String),
    /// Never: this recipient or this letter. The server's own words.
    Refused(String),
    /// Our own account was refused (password, permission): nobody's letter can leave. The server's own words.
    AccountRefused(String),
}

/// An address that somebody typed, as it is compared and written to: lower case, the domain as name servers know it
/// (`città.it` is `xn--citt-3na.it`, and `ｅsempio.it` is `esempio.it`, UTS #46). Two spellings of one domain are one address, or
/// whoever types would get a letter, and a way around a ban, for each.
#[must_use]
pub fn folded(typed: &str) -> String {
    let typed = typed.trim().to_lowercase();
    match typed.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => {
            format!("{local}@{}", folded_domain(domain))
        }
        _ => typed,
    }
}

/// The same for a domain alone. One that no name server could know stays as it is.
#[must_use]
pub fn folded_domain(domain: &str) -> String {
    let domain = domain.trim().to_lowercase();
    idna::domain_to_ascii(&domain).unwrap_or(domain)
}

/// Whether this can be the address of a letter; the server has the last word.
#[must_use]
pub fn is_address(address: &str) -> bool {
    address_fault(address).is_none()
}

/// Why something is no address of a citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// It does not look like one.
    Shape,
    /// What stands behind the `@` is a machine of a house, not a place on the Internet: `max@localhost`.
    NoDot,
    /// The name stands in quotation marks, or the place is a number in brackets. Both are valid (RFC 5321 §4.1.2) and
    /// nobody's: whoever types one wants to bring words into a header, or a letter into a network.
    Quoted,
}

/// What is wrong with an address, if something is.
#[must_use]
pub fn address_fault(address: &str) -> Option<AddressFault> {
    if address.contains(['"', '[', ']']) {
        return Some(AddressFault::Quoted);
    }
    // RFC 5321 §4.5.3.1.3: a path has at most 256 octets, angle brackets included.
    if address.len() > 254 || address.parse::<lettre::Address>().is_err() {
        return Some(AddressFault::Shape);
    }
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    match domain.rsplit_once('.') {
        None => Some(AddressFault::NoDot),
        // `a@b.it.` is the place of `a@b.it` to a name server, and another one to a list of bans.
        Some(_) if domain.split('.').any(str::is_empty) => Some(AddressFault::Shape),
        // Four numbers are an address of a machine, with or without brackets.
        Some((_, last)) if last.bytes().all(|byte| byte.is_ascii_digit()) => Some(AddressFault::Quoted),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_citizen_leads_to_a_place_on_the_internet() {
        for good in [
            "anna@libero.example",
            "a.b+c@posta.comune.esempio.it",
            "o'neill@example.ie",
            "a@xn--bcher-kva.it",
        ] {
            assert_eq!(address_fault(good), None, "{good}");
        }
        for (bad, fault) in [
            ("max@localhost", AddressFault::NoDot),
            ("\"anna bianchi\"@esempio.it", AddressFault::Quoted),
            ("anna@[192.0.2.1]", AddressFault::Quoted),
            ("anna@192.0.2.1", AddressFault::Quoted),
            ("anna@esempio.it.", AddressFault::Shape),
            ("anna@esempio..it", AddressFault::Shape),
            ("anna@.it", AddressFault::Shape),
            ("anna", AddressFault::Shape),
            ("anna @esempio.it", AddressFault::Shape),
            ("", AddressFault::Shape),
        ] {
            assert_eq!(address_fault(bad), Some(fault), "{bad}");
        }
    }

    #[test]
    fn two_spellings_of_a_domain_are_one_address() {
        for (typed, address) in [
            (" Anna@Libero.Example ", "anna@libero.example"),
            ("v@\u{ff56}ittima.it", "v@vittima.it"),
            ("v@vit\u{ad}tima.it", "v@vittima.it"),
            ("v@vit\u{200b}tima.it", "v@vittima.it"),
            ("v@vittima\u{3002}it", "v@vittima.it"),
            ("a@citt\u{e0}.it", "a@xn--citt-3na.it"),
            ("a@cittA\u{300}.it", "a@xn--citt-3na.it"),
            ("nessuno", "nessuno"),
        ] {
            assert_eq!(folded(typed), address, "{typed}");
        }
        assert_eq!(folded_domain(" EVIL.it "), "evil.it");
    }
}
