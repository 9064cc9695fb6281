//! Who writes: the mail system, or somebody else?

use super::super::mime::Structure;

/// How sure it is that the mail system writes, and so how much its words must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum System {
    /// A person or another program.
    No,
    /// No return path: so write the mail system and programs that answer. An absence may well be titled by our own
    /// subject, and citizens often complain of a bill that was not delivered.
    Possible,
    /// A postmaster, or nobody: also a person, sometimes.
    Likely,
    /// An address or a field that no person has.
    Certain,
}

/// How sure it is that the mail system writes. Receipts of certified mail use its words and mean another world.
pub(super) fn system(mail: &Structure<'_>, sender: &str) -> System {
    let headers = &mail.headers;
    let local = sender.rsplit_once('@').map_or("", |(local, _)| local);
    let return_path = headers.text("Return-Path").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    if matches!(local, "mailer-daemon" | "mail-daemon" | "mailerdaemon" | "maildaemon")
        // Exchange signs its own reports with this name and a fixed number
        || local.starts_with("microsoftexchange329e71ec88ae4615bbc36ab6ce41109e")
        || headers.has("X-MS-Exchange-Message-Is-Ndr")
    {
        System::Certain
    } else if headers.has("X-Ricevuta") {
        System::No
    } else if sender.is_empty()
        || local.starts_with("postmaster")
        || return_path.trim_start_matches('<').starts_with("mailer-daemon")
    {
        System::Likely
    } else if return_path == "<>" {
        System::Possible
    } else {
        System::No
    }
}

/// The mail is declared to be a report of delivery. Mail programs do not write this type when a person forwards one.
pub(super) fn has_the_form(mail: &Structure<'_>) -> bool {
    let root = &mail.root;
    match root.report_type.as_deref() {
        _ if is_delivery_status(&root.media_type) => true,
        _ if root.media_type != "multipart/report" => false,
        Some(kind) => kind == "delivery-status",
        None => mail.parts.iter().any(|part| is_delivery_status(&part.headers.media_type)),
    }
}

/// `message/delivery-status`, also with addresses beyond ASCII (RFC 6533).
pub(super) fn is_delivery_status(media_type: &str) -> bool {
    matches!(media_type, "message/delivery-status" | "message/global-delivery-status")
}
