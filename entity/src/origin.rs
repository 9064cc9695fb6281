//! What reading found out about a mail beside its words. Stored as JSON with the communication and with the mail's log.

use sea_orm::{FromJsonQueryResult, prelude::DateTimeUtc};
use serde::{Deserialize, Serialize};

/// What sort of mail this is. Only a letter may be acknowledged, or reopen a work order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Written by a person.
    #[default]
    Letter,
    /// Written by a machine in a person's place: out of office, automatic answer, confirmation of reading.
    AutoReply,
    /// A report that a mail of ours did not arrive.
    Bounce,
    /// A report that a mail of ours is late and still being tried.
    Delay,
    /// A receipt of certified mail. Only in a PEC mailbox.
    PecReceipt,
    /// A complaint about spam (RFC 5965).
    Feedback,
    /// A list, a newsletter, a notification.
    Machine,
    /// A copy of a letter of ours.
    Own,
}

impl MailKind {
    /// Written by a machine.
    #[must_use]
    pub fn is_automatic(self) -> bool {
        self != Self::Letter
    }
}

/// What a receiving server found when it checked the sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Checked and right.
    Pass,
    /// Checked and wrong.
    Fail,
    /// Not checked, not decidable, or said by nobody whom we trust.
    #[default]
    Unknown,
}

/// What `Authentication-Results` of the receiving server says (RFC 8601).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Authenticity {
    /// The address that signs (DMARC, RFC 7489).
    pub dmarc: Verdict,
    /// The server that sent (SPF, RFC 7208).
    pub spf: Verdict,
    /// The signature of the domain (DKIM, RFC 6376).
    pub dkim: Verdict,
}

/// An appointment (RFC 5545, RFC 5546).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    /// What is asked, upper case: `REQUEST`, `CANCEL`, `REPLY`, `PUBLISH`.
    pub method: String,
    /// What it is about.
    pub summary: String,
    /// Beginning.
    pub starts: Option<DateTimeUtc>,
    /// End.
    pub ends: Option<DateTimeUtc>,
    /// Whole days, without hours.
    pub all_day: bool,
    /// Where.
    pub place: String,
    /// Address of who invites.
    pub organizer: String,
}

/// A mail of certified mail (PEC): its envelope, seen from outside. Technical rules of 2 November 2005, RFC 6109.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pec {
    /// What it is.
    pub kind: PecKind,
    /// Who signs the envelope, subject and Message-ID of the envelope.
    pub envelope_from: String,
    /// Subject of the envelope.
    pub envelope_subject: String,
    /// Message-ID of the envelope, without angle brackets.
    pub envelope_id: Option<String>,
    /// `X-Riferimento-Message-ID`: the mail that this is about, without angle brackets.
    pub reference: Option<String>,
    /// What the check of the provider's signature gave.
    pub signature: Signature,
    /// The authorities of PEC providers were known when it was checked: who is not under them is no provider.
    pub authorities_known: bool,
    /// The writer of the mail inside is the one whom the provider certifies. `None`: the provider does not say.
    pub sender_confirmed: Option<bool>,
    /// What the provider certifies, when it could be read.
    pub certificate: Option<Certificate>,
}

/// What a mail in a PEC mailbox is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PecKind {
    /// `X-Trasporto: posta-certificata`: a certified letter.
    #[default]
    Transport,
    /// `X-Trasporto: errore`: an ordinary mail that came to a PEC mailbox.
    Anomaly,
    /// `X-Ricevuta`: a provider's receipt, by its name in the header, lower case (`accettazione`, `avvenuta-consegna`…).
    Receipt(String),
}

/// What the check of a provider's signature gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// The bytes are the signed ones, and the signer is one whom we trust.
    Valid,
    /// The bytes are not the signed ones, or the signature cannot be read.
    Invalid,
    /// The bytes are the signed ones, but we do not know the signer.
    NotVerifiable,
    /// There is no signature.
    #[default]
    None,
}

/// `daticert.xml`: what the provider certifies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Certificate {
    /// `mittente`, lower case.
    pub sender: Option<String>,
    /// `destinatari`.
    pub recipients: Vec<PecRecipient>,
    /// `gestore-emittente`.
    pub provider: Option<String>,
    /// `data`, with its zone.
    pub at: Option<DateTimeUtc>,
    /// `identificativo`: the Message-ID that recipients of the envelope see, without angle brackets.
    pub identifier: Option<String>,
    /// `msgid`: the Message-ID of the mail inside, without angle brackets.
    pub message_id: Option<String>,
    /// `consegna`: the recipient whom the receipt is about, lower case.
    pub recipient: Option<String>,
    /// `errore`: `nessuno`, `no-dest`, `no-dominio`, `virus`, `altro`, or what the provider wrote.
    pub error: String,
    /// `errore-esteso`: the reason in the provider's words.
    pub error_words: String,
}

/// One of `destinatari`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PecRecipient {
    /// Address, lower case.
    pub address: String,
    /// `certificato`: a PEC mailbox, which gives a receipt of delivery. `esterno` never does.
    pub certified: bool,
}

/// What a communication keeps of its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
pub struct Origin {
    /// What sort of mail it was.
    pub kind: MailKind,
    /// What the receiving server found about the sender; `None` when no server of ours says anything.
    pub authenticity: Option<Authenticity>,
    /// The appointment that it carries.
    pub invitation: Option<Invitation>,
    /// Its envelope of certified mail.
    pub pec: Option<Pec>,
}
