//! Certified mail (PEC): envelopes are opened, receipts read, signatures verified (technical rules of 2 November 2005,
//! RFC 6109).
//!
//! What a mail is, its OUTER header says: `X-Ricevuta`, else `X-Trasporto`. Refused: the subject (people write
//! `CONSEGNA:` themselves), and any search through the inner parts (an ordinary bounce wrapped as an anomaly may carry
//! somebody else's `daticert.xml`). `X-Riferimento-Message-ID` says nothing, since envelopes carry it as well as
//! receipts. Only for mailboxes of certified mail: there, whatever a person writes arrives wrapped, so these headers are
//! the provider's; in an ordinary mailbox anybody may write them.
//!
//! `envelope` finds the parts, `daticert` reads what is certified, `signature` checks who signed: what was signed
//! is `content`, by whom says `cms` (in DER, or in `ber`, which some providers write), whether we trust him
//! `certificate` and `chain` up to one of the `anchors`; the mathematics is in `algorithm`.

use std::borrow::Cow;

use entity::origin::{Certificate, Pec, PecKind, Signature};

use super::{
    headers::Headers,
    mime::{self, Structure},
};
use crate::domain::text::shortened;
use envelope::Envelope;

mod algorithm;
mod anchors;
mod ber;
mod certificate;
mod chain;
mod cms;
mod content;
mod daticert;
mod envelope;
mod signature;

#[cfg(test)]
mod tests;

pub use anchors::{Anchors, AnchorsError};

/// Longest name of a receipt in characters; the longest known one has 25.
const MAX_KIND: usize = 100;

/// A mail of certified mail, opened.
#[derive(Debug)]
pub struct Opened<'a> {
    /// What the envelope says.
    pub pec: Pec,
    /// The mail inside, raw. `None`: a receipt (what it carries is our own letter), or an envelope of which no inner mail
    /// came: then the envelope itself is all there is to show.
    pub inner: Option<Cow<'a, [u8]>>,
}

/// Opens a mail of certified mail; `raw` are the bytes of `mail`. `None`: it is none.
#[must_use]
pub fn open<'a>(mail: &Structure<'_>, raw: &'a [u8], anchors: Option<&Anchors>) -> Option<Opened<'a>> {
    let kind = kind(&mail.headers)?;
    let envelope = Envelope::open(&mail.root, raw);
    let from = mail.headers.addresses("From").into_iter().next().map(|from| from.address).unwrap_or_default();
    let signature =
        envelope.signed.as_ref().map_or(Signature::None, |signed| signature::check(signed, &from, anchors));
    // An anomaly is ordinary mail: whatever claims to certify it was not written by a provider.
    let certificate = match kind {
        PecKind::Anomaly => None,
        PecKind::Transport | PecKind::Receipt(_) => {
            envelope.certificate().and_then(|xml| daticert::read(&xml))
        }
    };
    let inner = if matches!(kind, PecKind::Receipt(_)) { None } else { envelope.inner() };
    let pec = Pec {
        kind,
        envelope_from: from,
        envelope_subject: mail.headers.subject(),
        envelope_id: mail.headers.ids("Message-ID").into_iter().next(),
        reference: mail.headers.ids("X-Riferimento-Message-ID").into_iter().next(),
        signature,
        authorities_known: anchors.is_some(),
        sender_confirmed: inner.as_deref().zip(certificate.as_ref()).and_then(confirmed),
        certificate,
    };
    Some(Opened { pec, inner })
}

/// What an opaque S/MIME mail (`application/pkcs7-mime`, `signed-data`) holds. `None`: it cannot be read, or is encrypted.
#[must_use]
pub fn smime_content(cms: &[u8]) -> Option<Vec<u8>> {
    let cms = ber::definite(cms)?;
    cms::SignedData::read(&cms)?.content.map(<[u8]>::to_vec)
}

/// What the outer header says. A transport that is neither of the two known ones is treated as an anomaly, which
/// promises nothing; a receipt of unknown name is a receipt.
fn kind(headers: &Headers) -> Option<PecKind> {
    let value = |name| {
        let value = headers.text(name).filter(|value| !value.is_empty())?;
        Some(shortened(&value.to_lowercase(), MAX_KIND))
    };
    if let Some(name) = value("X-Ricevuta") {
        return Some(PecKind::Receipt(name));
    }
    let transport = value("X-Trasporto")?;
    Some(if transport == "posta-certificata" { PecKind::Transport } else { PecKind::Anomaly })
}

/// Every `From` of the mail inside is the `mittente` whom the provider certifies. `None`: it names nobody.
fn confirmed((inner, certificate): (&[u8], &Certificate)) -> Option<bool> {
    let certified = certificate.sender.as_ref()?;
    let (header, _) = mime::split_header(inner.trim_ascii_start());
    let from = Headers::read(header).addresses("From");
    Some(!from.is_empty() && from.iter().all(|from| from.address == *certified))
}
