//! A notification announces a communication of its work order: as a text, and where the organisation may attach documents, as a
//! document with those of its files that may be archived.

use entity::{
    attachment,
    communication::{self, Direction},
    io_message, io_remote_message,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{door::frame, offers, reader::Reader};
use crate::{
    actions::{Cx, Error, Flaw, Result},
    domain::{
        io::remote::{self, text::shown},
        text::is_blank,
    },
    store,
};

/// Lets a notification that has just been written in `tx` announce what a form names; nothing, where it names nothing.
///
/// # Errors
/// As [`attach`].
pub async fn announce(
    tx: &DatabaseTransaction,
    cx: &Cx,
    message: &io_message::Model,
    communication: Option<Uuid>,
) -> Result<()> {
    let Some(id) = communication else { return Ok(()) };
    let communication = store::communication::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    attach(tx, cx, message, &communication).await
}

/// Lets a notification that has just been written in `tx` announce a communication: one that the desk wrote to the citizen of the
/// same work order, to be read by that citizen alone. Never a note, nor a letter to others.
///
/// # Errors
/// `Rejected` on the field `attach`, in words for whoever chose it; `NotFound` when the two do not belong together.
pub async fn attach(
    tx: &DatabaseTransaction,
    cx: &Cx,
    message: &io_message::Model,
    communication: &communication::Model,
) -> Result<()> {
    let flaw = |words: &str| Err(Error::Rejected(vec![Flaw::new("attach", words)]));
    let ours = message.organisation_id == cx.organisation && communication.organisation_id == cx.organisation;
    let same_order = message.work_order_id == Some(communication.work_order_id);
    if !ours || !same_order || communication.direction != Direction::Out {
        return Err(Error::NotFound);
    }
    let order = store::work_order::by_id(tx, cx.organisation, communication.work_order_id).await?;
    let reader = Reader::of(tx, &order.ok_or(Error::NotFound)?).await?;
    if !reader.was_written(communication) {
        return flaw(
            "Questa comunicazione non era per chi ha scritto l’ordine di lavoro: si allega solo quello che è stato scritto a quella persona.",
        );
    }
    if reader.code() != Some(message.fiscal_code.as_str()) {
        return flaw(
            "Non risulta che questo codice fiscale sia di chi ha scritto l’ordine di lavoro: se lo è, collega prima il contribuente.",
        );
    }
    let settings = store::io_remote::of_service(tx, cx.organisation, message.io_service_id).await?;
    let Some(settings) = settings.filter(offers) else {
        return flaw(
            "Questo servizio non può allegare comunicazioni: attivale in Amministrazione, Contenuti su IO.",
        );
    };
    let mut row = io_remote_message::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        io_service_id: message.io_service_id,
        io_message_id: message.id,
        communication_id: communication.id,
        has_text: true,
        has_document: settings.documents,
        files: io_remote_message::Files::default(),
        precondition: settings.precondition,
        created_at: cx.now,
    };
    let framed = frame(tx, communication, &row, &message.fiscal_code).await?;
    row.has_text = !is_blank(&framed.words);
    if settings.documents {
        row.files = archivable(tx, cx, &framed.files).await?;
    } else if !row.has_text {
        return flaw("La comunicazione non ha un testo da mostrare.");
    } else if !shown(&communication.subject, &framed.words, &framed.frame).whole {
        return flaw(
            "La comunicazione è troppo lunga per essere mostrata su IO: al massimo circa 9.500 caratteri.",
        );
    }
    if !store::io_remote::insert_message(tx, row).await? {
        return Err(Error::Conflict("Questa notifica ha già una comunicazione allegata."));
    }
    Ok(())
}

/// The files that may be attached. Looked at now and kept: what IO was told must not change.
async fn archivable(
    tx: &DatabaseTransaction,
    cx: &Cx,
    files: &[(attachment::Model, bool)],
) -> Result<io_remote_message::Files> {
    let mut archivable = Vec::new();
    for (file, _) in files {
        // What it is said to be counts for nothing, but what is said to be a photo needs not be read.
        if !file.media_type.starts_with("image/")
            && let Some(bytes) = store::blob::bytes(tx, cx.organisation, &file.hash).await?
            && remote::is_archivable(&bytes)
        {
            archivable.push(file.id);
        }
    }
    Ok(io_remote_message::Files(archivable))
}

/// Lets a notification that repeats another announce the same. To be called where the repetition is written.
pub async fn repeated(tx: &DatabaseTransaction, cx: &Cx, before: Uuid, again: Uuid) -> Result<()> {
    if let Some(row) = store::io_remote::of_message(tx, cx.organisation, before).await? {
        let row =
            io_remote_message::Model { id: Uuid::now_v7(), io_message_id: again, created_at: cx.now, ..row };
        store::io_remote::insert_message(tx, row).await?;
    }
    Ok(())
}
