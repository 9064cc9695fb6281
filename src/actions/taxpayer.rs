//! The register is kept: a record at a time, or a file at a time.

use entity::{
    contact::{self, Origin},
    taxpayer::{ActiveModel, Model},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept};
use crate::{
    domain::{fiscal_code, mail, register::Entry, text},
    store,
};

/// Lines of a file that share a transaction: others can write in between.
const CHUNK: usize = 500;

/// What an operator types.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Name.
    pub name: String,
    /// Codice utente.
    pub code: String,
    /// Codice fiscale or partita IVA.
    pub fiscal_code: String,
    /// Postal address.
    pub address: String,
}

/// Adds a taxpayer, or changes the one of `id`.
pub async fn save(desk: &Desk, cx: &Cx, id: Option<Uuid>, form: &Form) -> Result<Uuid> {
    let (name, code, address) = (
        text::one_line(&form.name),
        text::one_line(&form.code).to_uppercase(),
        text::one_line(&form.address),
    );
    let mut flaws = Vec::new();
    if name.is_empty() {
        flaws.push(Flaw::new("name", "Scrivi il nome o la ragione sociale."));
    }
    for (field, value) in [("name", &name), ("code", &code), ("address", &address)] {
        if value.chars().count() > 300 {
            flaws.push(Flaw::new(field, "Il testo è troppo lungo (al massimo 300 caratteri)."));
        }
    }
    let fiscal_code = match form.fiscal_code.trim() {
        "" => None,
        typed => match fiscal_code::parse(typed) {
            Ok(code) => Some(code.as_str().to_owned()),
            Err(error) => {
                flaws.push(Flaw::new("fiscal_code", error.to_string()));
                None
            }
        },
    };
    accept(flaws)?;
    let tx = desk.db.begin().await?;
    if !code.is_empty()
        && store::taxpayer::by_code(&tx, cx.organisation, &code)
            .await?
            .is_some_and(|other| Some(other.id) != id)
    {
        return Err(Error::Rejected(vec![Flaw::new(
            "code",
            "Questo codice utente è già di un altro contribuente.",
        )]));
    }
    let row = Row { name, code: (!code.is_empty()).then_some(code), fiscal_code, address };
    let id = match id {
        None => insert(&tx, cx, row).await?,
        Some(id) => {
            let stored = store::taxpayer::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
            if stored.generic {
                return Err(Error::NotFound);
            }
            store::taxpayer::update(&tx, id, row.change(cx)).await?;
            id
        }
    };
    tx.commit().await?;
    Ok(id)
}

/// Adds an email address to a taxpayer.
pub async fn add_contact(desk: &Desk, cx: &Cx, taxpayer: Uuid, address: &str) -> Result<()> {
    let address = address.trim().to_lowercase();
    if !mail::is_address(&address) {
        return Err(Error::Rejected(vec![Flaw::new(
            "contact",
            "Scrivi l'indirizzo completo, come nome@esempio.it.",
        )]));
    }
    let tx = desk.db.begin().await?;
    let stored = store::taxpayer::by_id(&tx, cx.organisation, taxpayer).await?.ok_or(Error::NotFound)?;
    if stored.generic || store::mailbox::addresses(&tx, cx.organisation).await?.contains(&address) {
        return Err(Error::Rejected(vec![Flaw::new(
            "contact",
            "Questo indirizzo non può essere di un contribuente.",
        )]));
    }
    write_contact(&tx, cx, taxpayer, address, Origin::Operator).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes an email address from a taxpayer.
pub async fn remove_contact(desk: &Desk, cx: &Cx, taxpayer: Uuid, contact: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::taxpayer::delete_contact(&tx, cx.organisation, taxpayer, contact).await?;
    tx.commit().await?;
    Ok(())
}

/// What became of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// New taxpayers.
    pub added: usize,
    /// Taxpayers whose record changed.
    pub updated: usize,
    /// Taxpayers whose record was the same.
    pub unchanged: usize,
}

/// Takes the lines of a file into the register. A codice utente that is known updates its record; addresses are added, never
/// taken away. Each chunk of lines is one commit: a file that is interrupted can simply be given again.
pub async fn import(desk: &Desk, cx: &Cx, entries: &[Entry]) -> Result<Imported> {
    let mut imported = Imported::default();
    for chunk in entries.chunks(CHUNK) {
        let tx = desk.db.begin().await?;
        for entry in chunk {
            let counted = match import_one(&tx, cx, entry).await? {
                Change::Added => &mut imported.added,
                Change::Updated => &mut imported.updated,
                Change::None => &mut imported.unchanged,
            };
            *counted += 1;
        }
        tx.commit().await?;
    }
    Ok(imported)
}

enum Change {
    Added,
    Updated,
    None,
}

async fn import_one(tx: &DatabaseTransaction, cx: &Cx, entry: &Entry) -> Result<Change> {
    let row = Row {
        name: entry.name.clone(),
        code: Some(entry.code.clone()),
        fiscal_code: entry.fiscal_code.clone(),
        address: entry.address.clone(),
    };
    let (id, change) = match store::taxpayer::by_code(tx, cx.organisation, &entry.code).await? {
        None => (insert(tx, cx, row).await?, Change::Added),
        Some(stored) if row.is(&stored) => (stored.id, Change::None),
        Some(stored) => {
            store::taxpayer::update(tx, stored.id, row.change(cx)).await?;
            (stored.id, Change::Updated)
        }
    };
    for address in &entry.emails {
        write_contact(tx, cx, id, address.clone(), Origin::Register).await?;
    }
    Ok(change)
}

/// The columns that people fill in.
struct Row {
    name: String,
    code: Option<String>,
    fiscal_code: Option<String>,
    address: String,
}

impl Row {
    fn is(&self, stored: &Model) -> bool {
        self.name == stored.name && self.fiscal_code == stored.fiscal_code && self.address == stored.address
    }

    fn change(self, cx: &Cx) -> ActiveModel {
        ActiveModel {
            name_folded: Set(text::fold(&self.name)),
            name: Set(self.name),
            code: Set(self.code),
            fiscal_code: Set(self.fiscal_code),
            address: Set(self.address),
            updated_at: Set(cx.now),
            ..Default::default()
        }
    }
}

async fn insert(tx: &DatabaseTransaction, cx: &Cx, row: Row) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let taxpayer = Model {
        id,
        organisation_id: cx.organisation,
        code: row.code,
        name_folded: text::fold(&row.name),
        name: row.name,
        fiscal_code: row.fiscal_code,
        address: row.address,
        generic: false,
        created_at: cx.now,
        updated_at: cx.now,
    };
    store::taxpayer::insert(tx, taxpayer).await?;
    Ok(id)
}

async fn write_contact(
    tx: &DatabaseTransaction,
    cx: &Cx,
    taxpayer: Uuid,
    address: String,
    origin: Origin,
) -> Result<()> {
    let contact = contact::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        taxpayer_id: taxpayer,
        address,
        origin,
        unreachable_at: None,
        unreachable_words: None,
        created_at: cx.now,
    };
    Ok(store::taxpayer::insert_contact(tx, contact).await?)
}
