//! What stands around every page: whose desk it is, who is signed in, what the last act did, what is wrong with the
//! installation. The layout's context, see `templates/pages/layout.html`.

use chrono::{DateTime, Utc};
use entity::{mailbox, organisation, submission::State};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{error::Result, session::Operator, words};
use crate::{
    actions,
    app::App,
    domain::{
        calendar::Calendar,
        care::{self, Health, Trouble},
    },
    store::{self, io_service::Stopped},
};

/// Mailboxes, and services on IO, whose troubles are told one by one: an outage of a provider must not push every page out of sight.
const SPELLED_OUT: usize = 2;

/// Numbers beside links are counted up to here.
pub const COUNTED: u64 = 100;

/// Context of the layout.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    organisation: Option<String>,
    operator: Option<Who>,
    section: &'static str,
    /// How many submissions wait for an operator, as [`counted`]; empty when none does.
    held: String,
    /// Boxes above the page.
    pub notices: Vec<Notice>,
}

#[derive(Clone, Debug, Serialize)]
struct Who {
    name: String,
    administrator: bool,
}

/// A box above the page.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    tone: Tone,
    text: String,
    link: Option<Link>,
}

/// How loud a box is.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// It is done.
    Success,
    /// Needs a look.
    Warning,
    /// Something does not work.
    Danger,
}

/// A link.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    href: String,
    label: String,
}

impl Link {
    /// A link.
    #[must_use]
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

impl Notice {
    /// A box without a link.
    #[must_use]
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), link: None }
    }

    /// A box with a link.
    #[must_use]
    pub fn with_link(tone: Tone, text: impl Into<String>, link: Link) -> Self {
        Self { tone, text: text.into(), link: Some(link) }
    }
}

/// What the last act did. A fixed word in the address, so that nobody can put sentences of theirs on our pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// An answer waits in the outbox.
    Replied,
    /// As before, and the work order is closed.
    RepliedAndClosed,
    /// A note was written.
    Noted,
    /// Status, assignee or kind changed.
    Changed,
    /// Nothing differed.
    NothingChanged,
    /// The taxpayer was chosen.
    Identified,
    /// A refused letter goes out again.
    SentAgain,
    /// A form was saved.
    Saved,
    /// A contact was added.
    ContactAdded,
    /// A contact was taken away.
    ContactRemoved,
    /// A mailbox rests.
    Paused,
    /// A mailbox is read again.
    Resumed,
    /// A mail in quarantine will be tried again.
    Retried,
    /// A mail in quarantine became a work order.
    OpenedByHand,
    /// A mail in quarantine was put aside.
    Discarded,
    /// A server is to be compared with the ledger.
    ReconcileAsked,
    /// The operator has a new password.
    Password,
    /// Citizens find the portal.
    PortalOpened,
    /// They find it no more.
    PortalClosed,
    /// A sender is kept out.
    Banned,
    /// A sender may come in again.
    BanLifted,
    /// A key opens nothing any more.
    KeyRevoked,
    /// This key was made by an earlier press of the button.
    KeyKnown,
    /// Nothing is sent to an app for the time being.
    WebhookPaused,
    /// It is again.
    WebhookResumed,
    /// A message that says nothing is on its way to an app.
    WebhookTested,
    /// An app is told nothing more.
    WebhookDeleted,
    /// A submission that waited became a work order.
    Admitted,
    /// A submission that waited was put aside.
    SubmissionDiscarded,
    /// A notice was written.
    NoticeSaved,
    /// A notice is shown to everybody.
    NoticePublished,
    /// A disruption is over, and those concerned are told.
    NoticeRestored,
    /// A notice was taken back.
    NoticeWithdrawn,
    /// A notice explains work orders.
    NoticeLinked,
    /// The citizen gets a new personal link.
    LinkRenewed,
    /// A report is shown to everybody.
    ReportPublished,
    /// It is not any more.
    ReportUnpublished,
    /// A notification waits to go to IO.
    IoWritten,
    /// A notification on IO was kept for later.
    IoSaved,
    /// The citizen is told of progress.
    Updated,
    /// It does not any more.
    IoTakenBack,
    /// A draft was thrown away.
    IoDeleted,
    /// Notifications about several work orders wait.
    IoBatch,
}

/// A word that we did not write says nothing.
pub fn done<'de, D: serde::Deserializer<'de>>(field: D) -> std::result::Result<Option<Done>, D::Error> {
    use serde::de::{IntoDeserializer, value::Error};
    let word = String::deserialize(field)?;
    let known: std::result::Result<Done, Error> = Done::deserialize(word.into_deserializer());
    Ok(known.ok())
}

impl Done {
    fn words(self) -> &'static str {
        match self {
            Self::Replied => "Risposta registrata: parte tra pochi istanti.",
            Self::RepliedAndClosed => {
                "Risposta registrata: parte tra pochi istanti. L’ordine di lavoro è chiuso."
            }
            Self::Noted => "Nota salvata.",
            Self::Changed => "Ordine di lavoro aggiornato.",
            Self::NothingChanged => "Non c’era niente da cambiare.",
            Self::Identified => "Contribuente scelto.",
            Self::SentAgain => "Il messaggio riparte tra pochi istanti.",
            Self::Saved => "Modifiche salvate.",
            Self::ContactAdded => "Recapito aggiunto.",
            Self::ContactRemoved => "Recapito tolto.",
            Self::Paused => "Casella in pausa: non viene letta e non invia.",
            Self::Resumed => "Casella di nuovo attiva.",
            Self::Retried => "Il programma riprova alla prossima lettura della casella.",
            Self::OpenedByHand => {
                "Ordine di lavoro aperto. Il messaggio, così com’è arrivato, è tra gli allegati."
            }
            Self::Discarded => "Messaggio scartato. Resta nel registro della posta, con il motivo.",
            Self::ReconcileAsked => "Confronto richiesto: il risultato arriva tra qualche minuto.",
            Self::Password => "Password cambiata.",
            Self::PortalOpened => "Lo sportello è aperto: i cittadini lo trovano.",
            Self::PortalClosed => {
                "Lo sportello è chiuso. Chi ha già scritto continua a seguire le sue richieste."
            }
            Self::Banned => "Mittente bloccato.",
            Self::BanLifted => "Mittente sbloccato.",
            Self::KeyRevoked => "Chiave revocata: da ora non apre più niente.",
            Self::KeyKnown => {
                "Questa chiave è già stata creata, e si vede una volta sola. Se non l’hai copiata, revocala e creane un’altra."
            }
            Self::WebhookPaused => {
                "Aggiornamenti sospesi: quello che succede intanto non viene raccontato dopo."
            }
            Self::WebhookResumed => "Aggiornamenti ripresi.",
            Self::WebhookTested => {
                "Messaggio di prova in partenza: ricarica la pagina tra poco per vedere se è arrivato."
            }
            Self::WebhookDeleted => "Indirizzo eliminato.",
            Self::Admitted => "Richiesta ammessa: i termini corrono da quando è stata ricevuta.",
            Self::SubmissionDiscarded => "Richiesta scartata. Resta registrata, con il motivo.",
            Self::NoticeSaved => {
                "Avviso salvato. È una bozza: finché non lo pubblichi lo vedono solo gli operatori."
            }
            Self::NoticePublished => "Avviso pubblicato.",
            Self::NoticeRestored => {
                "Ripristino pubblicato. Chi segue l’avviso e chi ha scritto viene avvisato tra pochi istanti."
            }
            Self::NoticeWithdrawn => "Avviso ritirato.",
            Self::NoticeLinked => "Ordini di lavoro collegati.",
            Self::LinkRenewed => {
                "Un nuovo collegamento parte tra pochi istanti. Quello di prima non apre più niente."
            }
            Self::ReportPublished => "Segnalazione pubblicata nell’elenco.",
            Self::ReportUnpublished => "Segnalazione tolta dall’elenco.",
            Self::IoWritten => "Notifica in coda.",
            Self::IoSaved => "Bozza salvata: non parte finché non la invii.",
            Self::Updated => {
                "Avviso registrato: parte tra pochi istanti. Su IO, nelle ore di silenzio, aspetta che finiscano."
            }
            Self::IoTakenBack => "Notifica annullata: nessuno l’ha ricevuta. È una bozza.",
            Self::IoDeleted => "Bozza eliminata.",
            Self::IoBatch => {
                "Notifiche in coda: le trovi in cima all’archivio, una per persona. Finché non partono si possono annullare."
            }
        }
    }
}

/// `12`, or `99+`: a number beside a link need not be exact beyond what one reads.
#[must_use]
pub fn counted(number: u64) -> String {
    if number >= COUNTED { format!("{}+", COUNTED - 1) } else { number.to_string() }
}

/// What every page of the desk reads first.
#[derive(Debug)]
pub struct Hall {
    /// Whose desk it is.
    pub organisation: organisation::Model,
    /// Its mailboxes.
    pub mailboxes: Vec<mailbox::Model>,
    /// Its working days.
    pub calendar: Calendar,
    quarantined: u64,
    /// Submissions that wait for an operator.
    held: u64,
    /// Mailboxes whose provider refuses to renew our permission to sign in.
    grants_refused: Vec<Uuid>,
    /// Services that IO refuses. A page that says it itself takes its own away.
    pub stopped: Vec<Stopped>,
    who: Who,
    now: DateTime<Utc>,
    alarm_minutes: i64,
}

impl Hall {
    /// Reads it.
    pub async fn enter(app: &App, operator: &Operator) -> Result<Self> {
        let (db, id) = (&app.desk.db.read, operator.row.organisation_id);
        let organisation = store::organisation::by_id(db, id).await?.ok_or(super::error::Error::NotFound)?;
        Ok(Self {
            calendar: actions::work_order::calendar_of(&organisation),
            organisation,
            grants_refused: store::grant::failing(db, id).await?.into_iter().map(|(id, _)| id).collect(),
            mailboxes: store::mailbox::all(db, id).await?,
            stopped: store::io_service::stopped(db, id).await?,
            quarantined: store::incoming_mail::quarantined_count(db, id).await?,
            held: store::submission::waiting_count(db, id, State::Held, COUNTED).await?,
            who: Who { name: operator.row.name.clone(), administrator: operator.is_administrator() },
            now: operator.cx.now,
            alarm_minutes: app.config.mail.alarm_minutes,
        })
    }

    /// How many submissions wait for an operator, counted up to [`COUNTED`].
    #[must_use]
    pub fn held(&self) -> u64 {
        self.held
    }

    /// The frame of a page of `section`, with what is wrong, and what the last act did.
    #[must_use]
    pub fn frame(&self, section: &'static str, done: Option<Done>) -> Frame {
        let mut notices: Vec<Notice> =
            done.into_iter().map(|done| Notice::new(Tone::Success, done.words())).collect();
        let troubled = self.troubled().into_iter();
        notices.extend(troubled.map(|text| self.notice(text, "/desk/admin/mailboxes", "Vai alle caselle")));
        notices.extend(self.services());
        let quarantined = match self.quarantined {
            0 => None,
            1 => Some(
                "Un messaggio arrivato non è stato letto dal programma e aspetta un amministratore."
                    .to_owned(),
            ),
            n => Some(format!(
                "{n} messaggi arrivati non sono stati letti dal programma e aspettano un amministratore."
            )),
        };
        let quarantine = "/desk/admin/mail?outcome=quarantined";
        notices.extend(quarantined.map(|text| self.notice(text, quarantine, "Vedi quali")));
        // Their own page says it in its first line.
        notices.extend(self.waiting().filter(|_| section != "submissions"));
        Frame {
            held: if self.held == 0 { String::new() } else { counted(self.held) },
            organisation: Some(self.organisation.name.clone()),
            operator: Some(self.who.clone()),
            section,
            notices,
        }
    }

    /// Submissions that wait: any operator can decide about them, so everybody gets the way.
    fn waiting(&self) -> Option<Notice> {
        let text = match self.held {
            0 => return None,
            1 => "Una richiesta dallo sportello aspetta di essere ammessa.".to_owned(),
            n => format!("{} richieste dallo sportello aspettano di essere ammesse.", counted(n)),
        };
        Some(Notice::with_link(Tone::Warning, text, Link::new("/desk/submissions", "Guardale")))
    }

    /// What is wrong with the mailboxes, in sentences; of many only the names.
    fn troubled(&self) -> Vec<String> {
        let found = self.mailboxes.iter().map(|mailbox| (&mailbox.address, self.troubles(mailbox)));
        let found: Vec<(&String, Vec<Trouble>)> =
            found.filter(|(_, troubles)| !troubles.is_empty()).collect();
        if found.len() > SPELLED_OUT {
            let names: Vec<&str> = found.iter().map(|(address, _)| address.as_str()).collect();
            let names = names.join(", ");
            return vec![format!(
                "Queste caselle hanno bisogno di attenzione: {names}. Nessun messaggio va perso."
            )];
        }
        let said = |(address, troubles): (&String, Vec<Trouble>)| {
            let sentences = troubles.into_iter().map(words::trouble);
            sentences.map(|sentence| format!("Casella {address}: {sentence}")).collect::<Vec<_>>()
        };
        found.into_iter().flat_map(said).collect()
    }

    /// Services that IO refuses, each with the way to its page; of many only the names.
    fn services(&self) -> Vec<Notice> {
        if self.stopped.len() > SPELLED_OUT {
            let names: Vec<&str> = self.stopped.iter().map(|service| service.name.as_str()).collect();
            let text = format!(
                "L’invio di questi servizi IO è fermo: {}. Le notifiche aspettano in coda, gli aggiornamenti al massimo un giorno: poi vanno per posta a chi ha un indirizzo.",
                names.join(", ")
            );
            return vec![self.notice(text, "/desk/admin/io", "Vai ai servizi")];
        }
        let said = |service: &Stopped| {
            let text = format!(
                "Servizio IO «{}»: l’invio è fermo. {} Le notifiche aspettano in coda, gli aggiornamenti al massimo un giorno: poi vanno per posta a chi ha un indirizzo.",
                service.name, service.stopped
            );
            self.notice(text, &format!("/desk/admin/io/services/{}", service.id), "Vai al servizio")
        };
        self.stopped.iter().map(said).collect()
    }

    /// What is wrong with a mailbox now.
    #[must_use]
    pub fn troubles(&self, mailbox: &mailbox::Model) -> Vec<Trouble> {
        let health =
            Health { grant_refused: self.grants_refused.contains(&mailbox.id), ..Health::from(mailbox) };
        care::troubles(&health, self.now, self.alarm_minutes)
    }

    /// A calm line for everybody: nobody's work stops. Who can do something about it gets the way there.
    fn notice(&self, text: String, href: &str, label: &str) -> Notice {
        let link = self.who.administrator.then(|| Link::new(href, label));
        Notice { tone: Tone::Warning, text, link }
    }
}

impl Frame {
    /// The frame for somebody who is not signed in, or whose page failed.
    #[must_use]
    pub fn outside(organisation: Option<String>) -> Self {
        Self { organisation, operator: None, section: "", held: String::new(), notices: Vec::new() }
    }
}
