//! What the form of a new sheet begins with: a ready sheet, and what is known of the organisation, from its other services first. From
//! those that IO has, and from one that it has approved if there is one: a draft may hold anything.

use entity::{
    io_service::{Lifecycle, Model},
    mailbox::Kind,
};

use crate::{
    actions::io::service::sheet_of,
    app::App,
    domain::io::{
        cta::{self, Button, Cta},
        models,
        sheet::Sheet,
    },
    store,
    web::{error::Result, session::Operator},
};

/// A sheet to begin with. `model`: the code of a ready sheet; whatever else is a blank one.
pub async fn sheet(app: &App, me: &Operator, model: &str) -> Result<Sheet> {
    let (db, organisation) = (&app.desk.db.read, me.row.organisation_id);
    let mut sheet = Sheet::default();
    let services = store::io_service::all(db, organisation).await?;
    let at_io = services.iter().filter(|row| row.remote_id.is_some() && row.lifecycle != Lifecycle::Deleted);
    let another = at_io.max_by_key(|row| (is_proved(row), row.created_at));
    let portal = store::portal::of(db, organisation).await?;
    let portal_url = portal.as_ref().filter(|portal| portal.open).map(|portal| app.desk.portal_url(portal));
    let portal_url = portal_url.filter(|url| url.starts_with("https://"));
    if let Some(another) = another.map(sheet_of) {
        sheet.organization = another.organization;
        sheet.authorized_cidrs = another.authorized_cidrs;
        let (metadata, known) = (&mut sheet.metadata, another.metadata);
        metadata.privacy_url = known.privacy_url;
        metadata.web_url = known.web_url;
        metadata.support_url = known.support_url;
        metadata.email = known.email;
        metadata.pec = known.pec;
        metadata.phone = known.phone;
        metadata.address = known.address;
    } else {
        let row = store::organisation::by_id(db, organisation).await?;
        sheet.organization.name = row.map(|row| row.name).unwrap_or_default();
        let mailboxes = store::mailbox::all(db, organisation).await?;
        let address = |kind| {
            mailboxes.iter().find(|mailbox| mailbox.kind == kind).map(|mailbox| mailbox.address.clone())
        };
        sheet.metadata.email = address(Kind::Ordinary);
        sheet.metadata.pec = address(Kind::Pec);
        sheet.metadata.phone =
            portal.as_ref().map(|portal| portal.phone.clone()).filter(|phone| !phone.is_empty());
        sheet.metadata.privacy_url = portal_url.as_ref().map(|url| format!("{url}/privacy"));
    }
    if let Some(ready) = models::by_code(model) {
        ready.name.clone_into(&mut sheet.name);
        ready.description.clone_into(&mut sheet.description);
        sheet.metadata.topic_id = Some(ready.topic);
        let action = portal_url.as_deref().and_then(|url| cta::action(url).ok());
        if let (Some(text), Some(action)) = (ready.button, action) {
            let button = Button { text: text.to_owned(), action };
            sheet.metadata.cta = Some(Cta { it: vec![button], en: Vec::new() }.front_matter());
        }
    }
    Ok(sheet)
}

/// Somebody at IO has read the sheet.
fn is_proved(row: &Model) -> bool {
    row.published || row.lifecycle == Lifecycle::Approved
}
