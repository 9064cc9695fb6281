//! What pages need of the mail's edge. `web` does not know `channel`, and these rules are of mail, not of pages: how the
//! pictures of a letter are found among its files, which file names can go into one, how a mail inside a file is read.

use chrono::{DateTime, Utc};
use entity::mailbox;

pub use crate::channel::email::{clean::link_inline_images, html::escape_into, names::Names};
use crate::{
    app::App,
    channel::email::{headers::Headers, mime, parse::parse},
    domain::mail::Mail,
};

/// A mail enclosed in another as a file.
#[derive(Debug)]
pub struct Enclosed {
    /// What it says.
    pub mail: Mail,
    /// When its writer says that it was written, if that can be read. Nobody vouches for it.
    pub written_at: Option<DateTime<Utc>>,
}

/// Reads an enclosed mail as an ordinary one: whatever it says about itself, nobody has checked it for us. `None`: reading
/// broke off, which is a fault of ours.
pub async fn enclosed(raw: Vec<u8>) -> Option<Enclosed> {
    let read = move || {
        let (header, _) = mime::split_header(&raw);
        let date = Headers::read(header).text("Date").unwrap_or_default();
        let written_at = DateTime::parse_from_rfc2822(date.trim()).ok().map(|date| date.to_utc());
        Enclosed { mail: parse(&raw), written_at }
    };
    tokio::task::spawn_blocking(read).await.ok()
}

impl App {
    /// What reading finds in a mail of this mailbox now. `None`: reading broke off, which is why such a mail is in
    /// quarantine.
    pub async fn read_again(&self, mailbox: &mailbox::Model, raw: Vec<u8>) -> Option<Mail> {
        let reader = self.reader(mailbox);
        tokio::task::spawn_blocking(move || reader.read(&raw)).await.ok()
    }
}
