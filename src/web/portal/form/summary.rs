//! The last step: everything once more, with the way back to each part, what is known of the same place already, and what will
//! happen.

use entity::{portal::Anonymous, upload};
use serde::Serialize;

use super::{page, sheet::Sheet};
use crate::{
    app::App,
    domain::form,
    store,
    web::{
        error::Result,
        portal::near::{self, Near},
    },
};

/// Context of `portal/form/step-4.html`.
#[derive(Serialize)]
pub struct Summary {
    lines: Vec<(String, String)>,
    /// The position that is sent with the place: degrees north and east, as they are written on maps.
    position: Option<String>,
    /// Names of the files.
    files: Vec<String>,
    /// Where the second step is.
    data: String,
    contacts: Vec<Told>,
    told_by: String,
    /// In which language letters are written, where it was chosen.
    language: String,
    /// Nobody says who writes, and a person reads it before it is taken up.
    read_first: bool,
    /// Where the third step is.
    edit: String,
    agreed: bool,
    /// Who gets it, and at which address: TQRIF item 1 wants it on the form of a complaint.
    recipient: String,
    near: Near,
    /// Filled into the form of who follows instead of writing: nothing is asked twice.
    email: String,
    limit_days: Option<i32>,
    limit_hours: Option<i32>,
}

/// What was said about the citizen.
#[derive(Serialize)]
struct Told {
    name: &'static str,
    value: String,
}

/// The summary of a sheet.
pub async fn of(app: &App, sheet: &Sheet, uploads: &[upload::Model]) -> Result<Summary> {
    let (hall, answers) = (&sheet.hall, sheet.answers());
    let declared = form::declared(&sheet.form, &answers);
    let (address, position) = declared.place.unwrap_or_default();
    let told = page::asked(&sheet.form)
        .into_iter()
        .map(|(name, _)| Told { name, value: answers.get(name).to_owned() });
    let mailbox = store::mailbox::way_out(&app.desk.db.read, &hall.portal).await?;
    let recipient = [Some(hall.organisation.name.clone()), mailbox.map(|mailbox| mailbox.address)];
    let unsigned = declared.email.is_empty() && declared.name.is_empty();
    Ok(Summary {
        lines: form::lines(&sheet.form, &answers, hall.language),
        position: position.map(|(north, east)| format!("{north:.5}, {east:.5}")),
        files: uploads.iter().map(|file| file.name.clone()).collect(),
        data: sheet.address(2),
        contacts: told.filter(|told| !told.value.is_empty()).collect(),
        told_by: answers.get("told_by").to_owned(),
        language: answers.get("language").to_owned(),
        read_first: unsigned && hall.portal.anonymous == Anonymous::Moderated,
        edit: sheet.address(3),
        agreed: !answers.get("terms").is_empty(),
        recipient: recipient.into_iter().flatten().collect::<Vec<_>>().join(", "),
        near: near::known(app, hall, &sheet.kind, &address, position).await?,
        email: declared.email,
        limit_days: sheet.kind.limit_days,
        limit_hours: sheet.kind.limit_hours,
    })
}
