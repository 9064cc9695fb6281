//! Person or machine? Only a person is acknowledged, and only a person's answer opens a closed work order again.
//!
//! A machine taken for a person may start a loop; a person taken for a machine only misses an acknowledgement, since
//! the mail opens a work order in any case. So every honest sign of a machine counts. The order is that of their
//! worth: reports by their form, then the sender's own declaration (RFC 3834: `Auto-Submitted: no` ends the matter),
//! then what programs write about themselves (`machine`), and last the words (`words`): a citizen may well write
//! about being out of office. Of the words only the beginning is looked at, as the rest may be quoted, our own
//! acknowledgement included.
//!
//! A list is two things. One that only sends is a machine. One to which people write hands on a person's letter, and
//! so does the group that stands behind many an `info@`: that is a letter, but its sign is given all the same, since
//! an acknowledgement could reach the whole list.
//!
//! Receipts of certified mail and copies of our own letters are told apart elsewhere: what they are depends on the
//! mailbox.

mod machine;
mod words;

use super::mime::Structure;
use crate::domain::mail::{Action, MailKind, Report};

/// What sort of mail this is, and the sign that decided; of a letter, by which list it came, if by any. `sender`: the
/// address that signs, lower case; `text`: its words as plain text; `report`: what `report::read` made of it.
#[must_use]
pub fn classify(
    mail: &Structure<'_>,
    sender: &str,
    text: &str,
    report: Option<&Report>,
) -> (MailKind, &'static str) {
    if let Some(found) = by_form(mail, sender) {
        return found;
    }
    if let Some(report) = report {
        return about_delivery(mail, report);
    }
    if is_report(mail) {
        return (MailKind::Machine, "report");
    }
    machine::declared(&mail.headers)
        .or_else(|| machine::answers_by_itself(&mail.headers))
        .or_else(|| words::begins_as_a_machine(&mail.headers.subject(), text))
        .or_else(|| machine::sends_to_many(&mail.headers))
        .or_else(|| machine::has_no_reader(&mail.headers, sender))
        .unwrap_or_else(|| (MailKind::Letter, machine::open_list(&mail.headers).unwrap_or_default()))
}

/// A complaint about spam (RFC 5965) or a confirmation of reading (RFC 8098).
fn by_form(mail: &Structure<'_>, sender: &str) -> Option<(MailKind, &'static str)> {
    let declared = mail.root.report_type.as_deref().filter(|_| is_report(mail)).unwrap_or_default();
    let is = |report_type: &str, media_type: &str| {
        declared == report_type
            || (is_report(mail) && declared.is_empty() && holds(mail, media_type))
            || mail.root.media_type == media_type
    };
    if is("feedback-report", "message/feedback-report") {
        return Some((MailKind::Feedback, "feedback_report"));
    }
    // Hotmail reports complaints in a form of its own: nothing but the letter, from this address
    if sender == "staff@hotmail.com" && mail.headers.subject().starts_with("complaint about message from") {
        return Some((MailKind::Feedback, "hotmail_complaint"));
    }
    if is("disposition-notification", "message/disposition-notification") {
        return Some((MailKind::AutoReply, "read_receipt"));
    }
    None
}

/// What a mail server reports: the worst of it names the mail. That a letter arrived is good news that nobody answers.
fn about_delivery(mail: &Structure<'_>, report: &Report) -> (MailKind, &'static str) {
    let any = |action| report.recipients.iter().any(|one| one.action == action);
    let kind = if report.recipients.is_empty() || any(Action::Failed) {
        MailKind::Bounce
    } else if any(Action::Delayed) {
        MailKind::Delay
    } else {
        MailKind::AutoReply
    };
    let sign = if is_report(mail) || holds(mail, "message/delivery-status") {
        "delivery_status"
    } else if mail.headers.has("X-Failed-Recipients") {
        "x_failed_recipients"
    } else {
        "mail_system"
    };
    (kind, sign)
}

fn is_report(mail: &Structure<'_>) -> bool {
    mail.root.media_type == "multipart/report"
}

fn holds(mail: &Structure<'_>, media_type: &str) -> bool {
    mail.parts.iter().any(|part| part.headers.media_type == media_type)
}

#[cfg(test)]
mod tests;
