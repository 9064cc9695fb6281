//! A private Dovecot: real IMAP, with IDLE, STARTTLS and all that a server does behind its client's back.
//!
//! Any user name exists, with [`Dovecot::PASSWORD`]; a mailbox appears when it is first used. Mail is delivered as a
//! mail server delivers it, by a rename into the Maildir. Everything else goes through `doveadm`: some 50 ms each,
//! during which the calling thread is blocked.

mod configuration;
mod process;

use std::fs;
use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use process::Process;

/// A running server; it stops when this is dropped.
pub struct Dovecot {
    /// Port on 127.0.0.1 that offers STARTTLS. It takes a password in the clear too: to Dovecot, a client on its own
    /// machine is safe.
    pub starttls_port: u16,
    /// Port on 127.0.0.1 that speaks TLS from the start.
    pub tls_port: u16,
    process: Process,
    delivered: AtomicU32,
}

/// A mail as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMail {
    /// Its number in the folder.
    pub uid: u32,
    /// `\Seen`, `\Flagged` and the like, in the server's order; without `\Recent`, which belongs to a session.
    pub flags: Vec<String>,
}

impl Dovecot {
    /// The password of every user.
    pub const PASSWORD: &str = "segreta";

    /// Starts a server, or says that the test is skipped where Dovecot is not installed.
    pub fn start() -> Option<Self> {
        Self::start_as(None)
    }

    /// The same, for those only who show a token (XOAUTH2): `introspection` is where a provider is asked whose it is
    /// (RFC 7662).
    pub fn start_with_tokens(introspection: &str) -> Option<Self> {
        Self::start_as(Some(introspection))
    }

    fn start_as(introspection: Option<&str>) -> Option<Self> {
        let Some(program) = process::find("dovecot") else {
            super::skip_without("dovecot");
            return None;
        };
        let process = Process::start(&program, Self::PASSWORD, introspection);
        let [starttls_port, tls_port] = process.ports;
        Some(Self { starttls_port, tls_port, process, delivered: AtomicU32::new(0) })
    }

    /// A file with the certificate that a client must trust; the server's name is `localhost`.
    pub fn certificate_file(&self) -> PathBuf {
        self.process.home.join("cert.pem")
    }

    /// Delivers a mail, whole or not at all, and makes the folder if need be. `INBOX` or `Reclami/2026`.
    pub fn append(&self, user: &str, folder: &str, mail: &[u8]) {
        let maildir = self.maildir(user, folder);
        // Dovecot numbers the files by the seconds before the first full stop: here, the order of delivery.
        let name = format!("{}.P{}.test", 1_700_000_000 + self.count_delivery(), std::process::id());
        let written = maildir.join("tmp").join(&name);
        fs::write(&written, mail).expect("our own maildir");
        self.give_to_mail_owner(&written);
        fs::rename(written, maildir.join("new").join(name)).expect("our own maildir");
    }

    /// The mails of a folder by number.
    pub fn list(&self, user: &str, folder: &str) -> Vec<ListedMail> {
        let table =
            self.process.doveadm(&["-f", "tab", "fetch", "-u", user, "uid flags", "mailbox", folder, "all"]);
        table.lines().skip(1).map(ListedMail::from_line).collect()
    }

    /// Removes a mail for good.
    pub fn expunge(&self, user: &str, folder: &str, uid: u32) {
        self.process.doveadm(&["expunge", "-u", user, "mailbox", folder, "uid", &uid.to_string()]);
    }

    /// Moves a mail to another folder, where it gets another number. Makes the folder if need be.
    pub fn move_mail(&self, user: &str, folder: &str, uid: u32, to: &str) {
        self.maildir(user, to);
        self.process.doveadm(&["move", "-u", user, to, "mailbox", folder, "uid", &uid.to_string()]);
    }

    /// The number that says for how long the mails' numbers hold.
    pub fn uidvalidity(&self, user: &str, folder: &str) -> u32 {
        let line =
            self.process.doveadm(&["-f", "flow", "mailbox", "status", "-u", user, "uidvalidity", folder]);
        let number = line.trim().rsplit('=').next().and_then(|number| number.parse().ok());
        number.unwrap_or_else(|| panic!("no uidvalidity in {line:?}"))
    }

    /// Forgets the mails' numbers, as a restored or migrated server does: the mails stay, are numbered from 1 in the
    /// order of their delivery, and UIDVALIDITY changes. Connected clients are cut off.
    pub fn change_uidvalidity(&self, user: &str, folder: &str) {
        let before = self.uidvalidity(user, folder);
        self.kick(user);
        for file in fs::read_dir(self.maildir(user, folder)).expect("our own maildir") {
            let path = file.expect("our own maildir").path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // What remains, `dovecot-uidvalidity`, keeps the server from giving the same number within one second.
            if name.starts_with("dovecot-uidlist") || name.starts_with("dovecot.") {
                fs::remove_file(path).expect("our own maildir");
            }
        }
        assert_ne!(self.uidvalidity(user, folder), before, "the server kept its numbers");
    }

    /// Cuts off every connection of a user, with a BYE, within moments.
    pub fn kick(&self, user: &str) {
        // Its exit code tells whether anybody was there, which a test sees better from the client's side.
        let _ = self.process.try_doveadm(&["kick", user]);
    }

    /// The folder's directory (Maildir++), made if need be.
    fn maildir(&self, user: &str, folder: &str) -> PathBuf {
        let inbox = self.process.home.join("mail").join(user).join("Maildir");
        let folder = match folder {
            "INBOX" => inbox.clone(),
            other => inbox.join(format!(".{}", other.replace('/', "."))),
        };
        let wanted = [inbox.parent().map(PathBuf::from), Some(inbox.clone()), Some(folder.clone())];
        let parts = ["cur", "new", "tmp"].map(|part| Some(folder.join(part)));
        for directory in wanted.into_iter().chain(parts).flatten().filter(|directory| !directory.exists()) {
            fs::create_dir(&directory).expect("our own maildir");
            self.give_to_mail_owner(&directory);
        }
        folder
    }

    fn give_to_mail_owner(&self, path: &PathBuf) {
        let owner = self.process.mail_owner;
        chown(path, Some(owner.uid), Some(owner.gid)).expect("a file of ours");
    }

    fn count_delivery(&self) -> u32 {
        self.delivered.fetch_add(1, Ordering::Relaxed)
    }
}

impl ListedMail {
    fn from_line(line: &str) -> Self {
        let (uid, flags) = line.split_once('\t').unwrap_or((line, ""));
        let uid = uid.parse().unwrap_or_else(|_| panic!("no uid in {line:?}"));
        let flags = flags.split_whitespace().filter(|flag| *flag != r"\Recent").map(str::to_owned);
        Self { uid, flags: flags.collect() }
    }
}
