//! Raw bytes to a `Mail`. Total: whatever the bytes, there is a mail, and all of it is either shown or attached.
//!
//! `content` finds what is shown and what is attached, `letter` makes one letter of the pieces that are shown,
//! `receipt` reads a receipt of certified mail as the report that it is.

use std::sync::Arc;

use entity::communication::Address;

use super::{
    authenticity,
    classify::classify,
    mime::{self, Structure},
    pec::{self, Anchors, Opened},
    report,
};
use crate::domain::{
    mail::{Mail, MailKind, Pec, PecKind},
    quote,
};
use content::Content;

mod content;
mod letter;
mod receipt;

pub use letter::MAX_TEXT;

/// The sign of a machine that is nothing but its address.
const SENDER_ADDRESS: &str = "sender_address";

/// What the mailbox says of the mail that comes by it.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// A mailbox of certified mail: envelopes are opened and receipts believed.
    pub pec: bool,
    /// Authorities whose signature on an envelope counts. `None`: no signature can be verified.
    pub anchors: Option<Arc<Anchors>>,
    /// Name by which the receiving server signs its `Authentication-Results`; empty when none is trusted.
    pub authserv_id: String,
}

/// Reads a mail as one that came by an ordinary mailbox.
#[must_use]
pub fn parse(raw: &[u8]) -> Mail {
    Reader::default().read(raw)
}

impl Reader {
    /// Reads a mail.
    #[must_use]
    pub fn read(&self, raw: &[u8]) -> Mail {
        let outer = mime::take_apart(raw);
        let opened = if self.pec { pec::open(&outer, raw, self.anchors.as_deref()) } else { None };
        let mut mail = match opened {
            None => ordinary(&outer, raw),
            Some(Opened { pec, inner: Some(inner) }) => certified(&outer, &inner, pec),
            Some(Opened { pec, inner: None }) => envelope_alone(&outer, raw, pec),
        };
        // our own server writes on the outside; what is inside an envelope was written by its sender
        mail.authenticity = authenticity::read(&outer.headers, &self.authserv_id);
        mail
    }
}

fn ordinary(structure: &Structure<'_>, raw: &[u8]) -> Mail {
    let headers = &structure.headers;
    let from = headers.addresses("From").into_iter().next();
    let from = from.or_else(|| headers.addresses("Sender").into_iter().next());
    let sender = from.as_ref().map_or("", |from| &from.address);
    let content = Content::read(structure, raw);
    let report = report::read(structure, sender, &content.text);
    let (kind, why) = classify(structure, sender, &content.text, report.as_ref());
    let subject = headers.subject();
    Mail {
        message_id: headers.ids("Message-ID").into_iter().next(),
        in_reply_to: headers.ids("In-Reply-To"),
        references: headers.ids("References"),
        report,
        kind,
        why,
        from,
        reply_to: headers.addresses("Reply-To"),
        to: headers.addresses("To"),
        cc: headers.addresses("Cc"),
        delivered_to: delivered_to(structure),
        visible_text: quote::visible(&content.text, &subject),
        subject,
        text: content.text,
        html: content.html,
        attachments: content.files,
        invitation: content.invitation,
        authenticity: None,
        pec: None,
    }
}

/// Addresses that servers wrote down.
fn delivered_to(structure: &Structure<'_>) -> Vec<String> {
    structure.headers.plain_addresses(&["Delivered-To", "X-Original-To", "Envelope-To"])
}

/// The mail inside an envelope. Its rules are those of ordinary mail: an anomaly may hold a bounce, or be written by a
/// machine; an envelope inside the envelope is a file.
fn certified(outer: &Structure<'_>, inner: &[u8], pec: Pec) -> Mail {
    let mut mail = ordinary(&mime::take_apart(inner), inner);
    mail.delivered_to = delivered_to(outer);
    if pec.kind == PecKind::Transport && mail.why == SENDER_ADDRESS {
        // a notice with the force of law is a letter, even from a mailbox that nobody reads
        (mail.kind, mail.why) = (MailKind::Letter, "");
    }
    mail.pec = Some(pec);
    mail
}

/// A receipt, or an envelope that came without what it carried: the provider's notice is the letter.
fn envelope_alone(outer: &Structure<'_>, raw: &[u8], pec: Pec) -> Mail {
    let mut mail = ordinary(outer, raw);
    match &pec.kind {
        PecKind::Receipt(name) => {
            mail.kind = MailKind::PecReceipt;
            mail.why = "x_ricevuta";
            mail.report = receipt::report(name, &pec, &mail.text);
        }
        PecKind::Transport | PecKind::Anomaly => {
            mail.kind = MailKind::Letter;
            mail.why = "";
            mail.from = writer(&pec, &mail);
        }
    }
    mail.pec = Some(pec);
    mail
}

/// Who wrote what the envelope should have carried: never the provider, who signs the envelope.
fn writer(pec: &Pec, mail: &Mail) -> Option<Address> {
    let certified = pec.certificate.as_ref().and_then(|certificate| certificate.sender.clone());
    certified
        .map(|address| Address { name: String::new(), address })
        .or_else(|| mail.reply_to.first().cloned())
        .or_else(|| mail.from.clone())
}
