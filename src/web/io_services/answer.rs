//! What came of an act: where one goes on, with a sentence; or why it was not done, on the page where it was pressed.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::io_service::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::SERVICES;
use crate::{
    actions,
    app::{
        App,
        io_services::{Trouble, manager_words},
    },
    store,
    web::{
        error::{Error, Result},
        frame::{Notice, Tone},
        session::Operator,
    },
};

/// What was done. A fixed word in the address, as everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// Settings are kept.
    Settings,
    /// A sheet is kept here.
    Kept,
    /// IO has the sheet.
    Written,
    /// IO has made the service.
    Made,
    /// A sheet is with the reviewers.
    Submitted,
    /// Citizens see it.
    Published,
    /// Citizens do not see it any more.
    Hidden,
    /// It is gone.
    Deleted,
    /// IO was asked, and has it no more.
    Gone,
    /// IO was asked where it stands.
    Refreshed,
    /// The logo is set.
    Logo,
    /// Keys were read from IO.
    KeysRead,
    /// Keys that were pasted are kept, and IO takes them.
    KeysKept,
    /// They are kept, and nobody knows.
    KeysUntried,
    /// The other key is used.
    KeyChosen,
    /// A key was made anew.
    KeyRenewed,
    /// Who gets messages was changed.
    Sending,
    /// What was stopped is tried again.
    Resumed,
}

/// The query of a page.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// What was done just now.
    #[serde(default, deserialize_with = "known")]
    pub done: Option<Done>,
}

/// A word that we did not write says nothing.
fn known<'de, D: serde::Deserializer<'de>>(field: D) -> std::result::Result<Option<Done>, D::Error> {
    use serde::de::{IntoDeserializer, value::Error};
    let word = String::deserialize(field)?;
    let known: std::result::Result<Done, Error> = Done::deserialize(word.into_deserializer());
    Ok(known.ok())
}

impl Done {
    /// The box above the page.
    pub fn notice(self) -> Notice {
        let tone = if self == Self::KeysUntried { Tone::Warning } else { Tone::Success };
        Notice::new(tone, self.words())
    }

    fn words(self) -> &'static str {
        match self {
            Self::Settings => "Impostazioni di IO salvate.",
            Self::Kept => "Scheda salvata qui. IO non ne sa ancora niente.",
            Self::Written => "Scheda salvata su IO: è una bozza finché non la mandi in revisione.",
            Self::Made => "Servizio creato su IO, come bozza. L’invio è spento: lo accendi tu.",
            Self::Submitted => "Scheda mandata in revisione. Il programma guarda ogni ora come va.",
            Self::Published => "Servizio pubblicato: i cittadini lo vedono.",
            Self::Hidden => "Servizio non più pubblicato: i cittadini non lo vedono.",
            Self::Deleted => "Servizio eliminato. Le sue notifiche restano nell’archivio.",
            Self::Gone => {
                "Il servizio su IO non c’è più: è stato eliminato altrove. Le sue notifiche restano nell’archivio."
            }
            Self::Refreshed => "Stato aggiornato da IO.",
            Self::Logo => "Logo inviato. Nell’app può comparire dopo qualche minuto.",
            Self::KeysRead => "Chiavi lette da IO.",
            Self::KeysKept => "Chiavi salvate. Le abbiamo provate, e IO le accetta.",
            Self::KeysUntried => {
                "Chiavi salvate, ma la prova con IO non è riuscita: la prima notifica dirà se valgono."
            }
            Self::KeyChosen => "Da ora si usa questa chiave.",
            Self::KeyRenewed => "Chiave rinnovata: quella di prima non vale più.",
            Self::Sending => "Invio aggiornato.",
            Self::Resumed => "Si riprova tra pochi istanti.",
        }
    }

    /// The page of a service, which says it.
    pub fn at(self, id: Uuid) -> Response {
        self.on(&format!("{SERVICES}/{id}"))
    }

    /// A page, which says it.
    pub fn on(self, page: &str) -> Response {
        let word = serde_json::to_value(self).ok();
        let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        Redirect::to(&format!("{page}?done={word}")).into_response()
    }
}

/// Why it was not done, as a sentence. What is no matter of IO is a page of errors.
pub fn said(trouble: Trouble) -> Result<(StatusCode, String)> {
    let words = match trouble {
        Trouble::NoKey => {
            "Manca la chiave di gestione: scrivila nelle impostazioni di IO, oppure fallo nell’Area Riservata.".to_owned()
        }
        Trouble::NotThere => "Il servizio non è su IO.".to_owned(),
        Trouble::Io(failure) => manager_words(&failure),
        Trouble::Desk(actions::Error::Conflict(words)) => words.to_owned(),
        Trouble::Desk(actions::Error::Rejected(flaws)) => {
            let words: Vec<String> = flaws.into_iter().map(|flaw| flaw.message).collect();
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, words.join(" ")));
        }
        Trouble::Desk(error) => return Err(error.into()),
        Trouble::Incomplete(missing) => {
            let words: Vec<&str> = missing.iter().map(|remark| &*remark.words).collect();
            let words = format!("Prima della revisione: {}", words.join(" "));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, words));
        }
        Trouble::Clash(_) => "La scheda su IO è cambiata intanto: aprila e guarda che cosa c’è.".to_owned(),
    };
    Ok((StatusCode::CONFLICT, words))
}

/// A service of the operator's organisation that was not deleted.
pub async fn find(app: &App, me: &Operator, id: Uuid) -> Result<Model> {
    let row = store::io_service::by_id(&app.desk.db.read, me.row.organisation_id, id).await?;
    row.filter(|row| row.lifecycle != entity::io_service::Lifecycle::Deleted).ok_or(Error::NotFound)
}
