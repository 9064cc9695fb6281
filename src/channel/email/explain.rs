//! What the edge makes of a mail, as JSON: what `riscontro mail explain` prints and what the corpus is held against.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{clean, parse::Reader};
use crate::domain::mail::{Action, File, Mail, Pec, PecKind, Report, Signature};

/// Reads a mail and says what it is taken for. Of a PEC envelope `from`, `subject` and `message_id` are the outer ones, as
/// any mail program shows them; all the rest is that of the mail inside.
#[must_use]
pub fn explain(reader: &Reader, raw: &[u8]) -> Value {
    let mail = reader.read(raw);
    let outer = Outer::of(&mail);
    json!({
        "kind": mail.kind,
        "auto": mail.kind.is_automatic(),
        "why": mail.why,
        "from": outer.from,
        "subject": outer.subject,
        "message_id": outer.message_id,
        "effective_from": mail.sender(),
        "effective_subject": mail.subject,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "text": mail.text,
        "visible_text": mail.visible_text.as_ref().unwrap_or(&mail.text),
        "html": mail.html,
        "attachments": files(&mail),
        "bounce": mail.report.as_ref().map(bounce),
        "calendar": mail.invitation,
        "pec": mail.pec.as_ref().map(pec),
        "authenticity": mail.authenticity,
    })
}

/// What stands on the envelope.
struct Outer<'a> {
    from: &'a str,
    subject: &'a str,
    message_id: Option<&'a str>,
}

impl<'a> Outer<'a> {
    fn of(mail: &'a Mail) -> Self {
        match &mail.pec {
            Some(pec) => Self {
                from: &pec.envelope_from,
                subject: &pec.envelope_subject,
                message_id: pec.envelope_id.as_deref(),
            },
            None => {
                Self { from: mail.sender(), subject: &mail.subject, message_id: mail.message_id.as_deref() }
            }
        }
    }
}

/// A file is `inline` when the letter shows it.
fn files(mail: &Mail) -> Vec<Value> {
    let shown = mail.html.as_deref().map(clean::shown_images).unwrap_or_default();
    mail.attachments.iter().map(|one| file(one, &shown)).collect()
}

fn file(file: &File, shown: &HashSet<String>) -> Value {
    json!({
        "name": file.name,
        "media_type": file.media_type,
        "size": file.bytes.len(),
        "inline": file.content_id.as_ref().is_some_and(|id| shown.contains(id)),
    })
}

fn bounce(report: &Report) -> Value {
    let recipients: Vec<Value> = report
        .recipients
        .iter()
        .map(|one| {
            let action = match one.action {
                Action::Failed => "failed",
                Action::Delayed => "delayed",
                Action::Delivered => "delivered",
            };
            json!({ "address": one.address, "status": one.status, "action": action, "words": one.words })
        })
        .collect();
    json!({ "recipients": recipients, "about": report.about })
}

fn pec(pec: &Pec) -> Value {
    let kind = match &pec.kind {
        PecKind::Transport => "trasporto".to_owned(),
        PecKind::Anomaly => "anomalia".to_owned(),
        PecKind::Receipt(name) => format!("ricevuta:{name}"),
    };
    let signature = match pec.signature {
        Signature::Valid => "valid",
        Signature::Invalid => "invalid",
        Signature::NotVerifiable => "not verifiable",
        Signature::None => "none",
    };
    json!({
        "kind": kind,
        "reference": pec.reference,
        "signature": signature,
        "sender_confirmed": pec.sender_confirmed,
        "certificate": pec.certificate,
    })
}
