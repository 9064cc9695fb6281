//! What stands around every page: whose desk it is, who is signed in, what the last act did, what is wrong with the
//! installation. The layout's context, see `templates/pages/layout.html`.

use entity::{mailbox, organisation};
use serde::{Deserialize, Serialize};

use super::{error::Result, session::Operator, words};
use crate::{actions, app::App, domain::calendar::Calendar, store};

/// Context of the layout.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    organisation: Option<String>,
    operator: Option<Who>,
    section: &'static str,
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
    /// The operator has a new password.
    Password,
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
            Self::Password => "Password cambiata.",
        }
    }
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
    who: Who,
}

impl Hall {
    /// Reads it.
    pub async fn enter(app: &App, operator: &Operator) -> Result<Self> {
        let (db, id) = (&app.desk.db.read, operator.row.organisation_id);
        let organisation = store::organisation::by_id(db, id).await?.ok_or(super::error::Error::NotFound)?;
        Ok(Self {
            calendar: actions::work_order::calendar_of(&organisation),
            organisation,
            mailboxes: store::mailbox::all(db, id).await?,
            quarantined: store::incoming_mail::quarantined_count(db, id).await?,
            who: Who { name: operator.row.name.clone(), administrator: operator.is_administrator() },
        })
    }

    /// The frame of a page of `section`, with what is wrong, and what the last act did.
    #[must_use]
    pub fn frame(&self, section: &'static str, done: Option<Done>) -> Frame {
        let mut notices: Vec<Notice> =
            done.into_iter().map(|done| Notice::new(Tone::Success, done.words())).collect();
        notices.extend(self.mailboxes.iter().flat_map(|mailbox| self.troubles(mailbox)));
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
        notices.extend(quarantined.map(|text| self.notice(Tone::Warning, text)));
        Frame {
            organisation: Some(self.organisation.name.clone()),
            operator: Some(self.who.clone()),
            section,
            notices,
        }
    }

    fn troubles(&self, mailbox: &mailbox::Model) -> Vec<Notice> {
        let mut notices = Vec::new();
        if mailbox.paused {
            return notices;
        }
        let address = &mailbox.address;
        if let Some(since) = mailbox.failing_since {
            let text = format!(
                "La casella {address} non si riesce a leggere dal {}: i nuovi messaggi restano sul server finché non torna.",
                words::moment(since)
            );
            notices.push(self.notice(Tone::Danger, text));
        }
        if mailbox.exit_error.is_some() {
            let text = format!(
                "Le risposte della casella {address} non partono: restano in attesa finché l’invio non torna."
            );
            notices.push(self.notice(Tone::Danger, text));
        }
        notices
    }

    /// Who can do something about it gets the way there.
    fn notice(&self, tone: Tone, text: String) -> Notice {
        let link = self.who.administrator.then(|| Link::new("/desk/admin/mailboxes", "Vai alle caselle"));
        Notice { tone, text, link }
    }
}

impl Frame {
    /// The frame for somebody who is not signed in, or whose page failed.
    #[must_use]
    pub fn outside(organisation: Option<String>) -> Self {
        Self { organisation, operator: None, section: "", notices: Vec::new() }
    }
}
