//! Mailboxes are added and changed. What the porter sees there is noted in `watch`.

mod watch;

use chrono::NaiveDate;
use entity::mailbox::{ActiveModel, After, Exit, Kind, Model, Security, SignIn, Source};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

pub use self::watch::{
    LEASE, ask_reconcile, failed, filed, lease, reconciled, release, restart_cursor, succeeded,
};
use super::{Cx, Desk, Error, Flaw, Result, accept, grant};
use crate::{
    domain::{mail, text},
    store,
};

/// What an administrator types. An empty password keeps the one that is stored.
#[derive(Clone, Debug)]
pub struct Form {
    /// Address.
    pub address: String,
    /// Name before the address in letters.
    pub name: String,
    /// Where mail comes from.
    pub source: Source,
    /// IMAP host, port, protection, user, password and folder.
    pub imap: Line,
    /// IMAP folder to watch.
    pub imap_folder: String,
    /// Maildir to watch.
    pub maildir_path: String,
    /// What happens to a mail once it was handled.
    pub after: After,
    /// Where handled mail goes.
    pub after_folder: String,
    /// Where letters leave.
    pub exit: Exit,
    /// SMTP host, port, protection, user and password.
    pub smtp: Line,
    /// Maildir that receives letters.
    pub exit_path: String,
    /// New work orders are acknowledged.
    pub acknowledge: bool,
    /// The server delivers `box+anything@` here.
    pub sub_addressing: bool,
    /// What sort of mailbox it is.
    pub kind: Kind,
    /// Name by which its server signs `Authentication-Results`; empty: none is trusted.
    pub authserv_id: String,
    /// Day on which the provider lets the password expire.
    pub password_expires_on: Option<NaiveDate>,
    /// Neither read nor sent from.
    pub paused: bool,
}

/// A line to a mail server.
#[derive(Clone, Debug)]
pub struct Line {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: Security,
    /// User; empty when the server asks for none.
    pub user: String,
    /// New password.
    pub password: String,
}

/// Adds a mailbox, or changes the one of `id`. `nonces` are 24 random bytes for each of the two passwords.
pub async fn save(
    desk: &Desk,
    cx: &Cx,
    id: Option<Uuid>,
    form: &Form,
    nonces: [[u8; 24]; 2],
) -> Result<Uuid> {
    check(form)?;
    let tx = desk.db.begin().await?;
    let stored = match id {
        Some(id) => Some(store::mailbox::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let address = form.address.trim().to_lowercase();
    let taken = store::mailbox::all(&tx, cx.organisation).await?;
    if taken.iter().any(|other| other.address == address && Some(other.id) != id) {
        return Err(Error::Rejected(vec![Flaw::new("address", "Questa casella c'è già.")]));
    }
    let place = |row: &Model| match row.source {
        Source::Maildir => (row.maildir_path.clone(), String::new(), String::new()),
        Source::Imap => (row.imap_host.to_lowercase(), row.imap_user.clone(), row.imap_folder.clone()),
    };
    let row = described(desk, stored.clone().unwrap_or_else(|| blank(cx)), form, nonces);
    // Two tasks at one folder would race for each mail, and answer through whichever won.
    if taken
        .iter()
        .any(|other| other.id != row.id && other.source == row.source && place(other) == place(&row))
    {
        let field = if row.source == Source::Maildir { "maildir_path" } else { "imap_user" };
        return Err(Error::Rejected(vec![Flaw::new(field, "Un'altra casella legge già da qui.")]));
    }
    accept(stored.as_ref().map(|before| misplaced_secrets(before, &row)).unwrap_or_default())?;
    match &stored {
        None => store::mailbox::insert(&tx, row.clone()).await?,
        Some(before) => {
            store::mailbox::update(&tx, row.id, changed(before, &row)).await?;
            store::mailbox::bump_version(&tx, row.id).await?;
        }
    }
    tx.commit().await?;
    desk.wake.mailboxes.notify_one();
    desk.wake.outbox.notify_one();
    Ok(row.id)
}

/// Whether the form can be right by itself: what [`save`] asks first, and a trial before it calls anybody.
///
/// # Errors
/// `Rejected`.
pub fn check(form: &Form) -> Result<()> {
    accept(flaws(form))
}

/// What opens the mailbox at one server must not be sent to another.
fn misplaced_secrets(before: &Model, row: &Model) -> Vec<Flaw> {
    match row.sign_in {
        SignIn::Password => forgotten_passwords(before, row),
        SignIn::Oauth => grant::misdirected(before, row),
    }
}

/// Passwords that were stored for another server.
fn forgotten_passwords(before: &Model, row: &Model) -> Vec<Flaw> {
    let again = "Il server è cambiato: scrivi di nuovo la password.";
    let imap = before.imap_secret.is_some() && row.imap_secret.is_none() && row.source == Source::Imap;
    let smtp = before.smtp_secret.is_some() && row.smtp_secret.is_none() && row.exit == Exit::Smtp;
    let flaws =
        [imap.then(|| Flaw::new("imap_password", again)), smtp.then(|| Flaw::new("smtp_password", again))];
    flaws.into_iter().flatten().collect()
}

/// The row that the form describes, on top of `before`: also what «prova il collegamento» tries without saving.
#[must_use]
pub fn described(desk: &Desk, before: Model, form: &Form, nonces: [[u8; 24]; 2]) -> Model {
    let secret = |line: &Line, nonce, (host, stored): (&str, &Option<Vec<u8>>)| {
        // A kept password goes to the server that it was typed for, and to no other.
        let kept = || stored.clone().filter(|_| host.eq_ignore_ascii_case(line.host.trim()));
        if line.password.is_empty() { kept() } else { Some(desk.keys.seal(nonce, &line.password)) }
    };
    let [imap_nonce, smtp_nonce] = nonces;
    Model {
        address: form.address.trim().to_lowercase(),
        name: text::one_line(&form.name),
        source: form.source,
        imap_host: form.imap.host.trim().to_owned(),
        imap_port: form.imap.port.into(),
        imap_security: form.imap.security,
        imap_user: form.imap.user.trim().to_owned(),
        imap_secret: secret(&form.imap, imap_nonce, (&before.imap_host, &before.imap_secret)),
        imap_folder: form.imap_folder.trim().to_owned(),
        maildir_path: form.maildir_path.trim().to_owned(),
        after: form.after,
        after_folder: form.after_folder.trim().to_owned(),
        exit: form.exit,
        smtp_host: form.smtp.host.trim().to_owned(),
        smtp_port: form.smtp.port.into(),
        smtp_security: form.smtp.security,
        smtp_user: form.smtp.user.trim().to_owned(),
        smtp_secret: secret(&form.smtp, smtp_nonce, (&before.smtp_host, &before.smtp_secret)),
        exit_path: form.exit_path.trim().to_owned(),
        acknowledge: form.acknowledge,
        sub_addressing: form.sub_addressing,
        kind: form.kind,
        authserv_id: form.authserv_id.trim().to_ascii_lowercase(),
        password_expires_on: form.password_expires_on,
        paused: form.paused,
        ..before
    }
}

/// The columns that a form may change. Another server, user or folder is another mailbox: its cursor begins anew, and
/// what was read before is recognised by its Message-ID.
fn changed(before: &Model, row: &Model) -> ActiveModel {
    let place =
        |row: &Model| (row.imap_host.clone(), row.imap_port, row.imap_user.clone(), row.imap_folder.clone());
    let mut change = ActiveModel {
        address: Set(row.address.clone()),
        name: Set(row.name.clone()),
        source: Set(row.source),
        imap_host: Set(row.imap_host.clone()),
        imap_port: Set(row.imap_port),
        imap_security: Set(row.imap_security),
        imap_user: Set(row.imap_user.clone()),
        imap_secret: Set(row.imap_secret.clone()),
        imap_folder: Set(row.imap_folder.clone()),
        maildir_path: Set(row.maildir_path.clone()),
        after: Set(row.after),
        after_folder: Set(row.after_folder.clone()),
        exit: Set(row.exit),
        smtp_host: Set(row.smtp_host.clone()),
        smtp_port: Set(row.smtp_port),
        smtp_security: Set(row.smtp_security),
        smtp_user: Set(row.smtp_user.clone()),
        smtp_secret: Set(row.smtp_secret.clone()),
        exit_path: Set(row.exit_path.clone()),
        acknowledge: Set(row.acknowledge),
        sub_addressing: Set(row.sub_addressing),
        kind: Set(row.kind),
        authserv_id: Set(row.authserv_id.clone()),
        password_expires_on: Set(row.password_expires_on),
        warned_at: Set(None),
        paused: Set(row.paused),
        last_error: Set(None),
        refused: Set(false),
        failing_since: Set(None),
        exit_error: Set(None),
        ..Default::default()
    };
    if place(before) != place(row) || before.source != row.source {
        change.uid_validity = Set(None);
        change.last_uid = Set(0);
        change.numbering = Set(before.numbering + 1);
    }
    change
}

fn flaws(form: &Form) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut want = |right: bool, field, message: &str| {
        if !right {
            flaws.push(Flaw::new(field, message));
        }
    };
    want(
        mail::is_address(form.address.trim()),
        "address",
        "Scrivi l'indirizzo completo, come reclami@ente.it.",
    );
    want(form.name.chars().count() <= 100, "name", "Il nome è troppo lungo (al massimo 100 caratteri).");
    match form.source {
        Source::Imap => {
            want(!form.imap.host.trim().is_empty(), "imap_host", "Scrivi il nome del server IMAP.");
            want(form.imap.port != 0, "imap_port", "Scrivi la porta: di solito 993.");
            want(!form.imap.user.trim().is_empty(), "imap_user", "Scrivi il nome utente della casella.");
            want(
                !form.imap_folder.trim().is_empty(),
                "imap_folder",
                "Scrivi la cartella da leggere: di solito INBOX.",
            );
        }
        Source::Maildir => {
            want(
                is_absolute(&form.maildir_path),
                "maildir_path",
                "Scrivi il percorso completo della cartella, a partire da /.",
            );
        }
    }
    want(
        form.after != After::Move || !form.after_folder.trim().is_empty(),
        "after_folder",
        "Scrivi la cartella in cui spostare la posta trattata.",
    );
    want(
        form.after != After::Move
            || form.source != Source::Imap
            || form.after_folder.trim() != form.imap_folder.trim(),
        "after_folder",
        "Scegli una cartella diversa da quella che viene letta.",
    );
    match form.exit {
        Exit::Smtp => {
            want(!form.smtp.host.trim().is_empty(), "smtp_host", "Scrivi il nome del server SMTP.");
            want(form.smtp.port != 0, "smtp_port", "Scrivi la porta: di solito 465 o 587.");
        }
        Exit::Folder => want(
            is_absolute(&form.exit_path),
            "exit_path",
            "Scrivi il percorso completo della cartella, a partire da /.",
        ),
    }
    flaws
}

fn is_absolute(path: &str) -> bool {
    std::path::Path::new(path.trim()).is_absolute()
}

/// A mailbox of which nothing is known yet.
#[must_use]
pub fn blank(cx: &Cx) -> Model {
    Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        address: String::new(),
        name: String::new(),
        kind: Kind::Ordinary,
        source: Source::Imap,
        imap_host: String::new(),
        imap_port: 993,
        imap_security: Security::Tls,
        sign_in: SignIn::Password,
        imap_user: String::new(),
        imap_secret: None,
        imap_folder: "INBOX".to_owned(),
        maildir_path: String::new(),
        after: After::Leave,
        after_folder: String::new(),
        exit: Exit::Smtp,
        smtp_host: String::new(),
        smtp_port: 465,
        smtp_security: Security::Tls,
        smtp_user: String::new(),
        smtp_secret: None,
        exit_path: String::new(),
        acknowledge: true,
        sub_addressing: false,
        authserv_id: String::new(),
        password_expires_on: None,
        paused: false,
        uid_validity: None,
        last_uid: 0,
        numbering: 0,
        lease_owner: None,
        lease_until: None,
        last_success_at: None,
        last_error: None,
        refused: false,
        failing_since: None,
        exit_error: None,
        warned_at: None,
        reconcile_asked_at: None,
        reconciled_at: None,
        reconciled_mails: 0,
        reconciled_missing: 0,
        version: 0,
        created_at: cx.now,
    }
}
