//! Operators are added, changed, given a new password.

use entity::operator::{ActiveModel, Model, Role};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept, sign_in};
use crate::{
    domain::{mail::is_address, text},
    store,
};

/// What an administrator types.
#[derive(Clone, Debug)]
pub struct Form {
    /// What the operator types to sign in.
    pub login: String,
    /// Name.
    pub name: String,
    /// Where the program writes when a mailbox needs care; empty for nowhere.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Still works here.
    pub active: bool,
}

/// Adds an operator with a one-time password.
pub async fn add(desk: &Desk, cx: &Cx, form: &Form, password: &str) -> Result<Uuid> {
    let password_hash = sign_in::hash(password.to_owned()).await;
    let tx = desk.db.begin().await?;
    let id = insert(&tx, cx, form, password_hash).await?;
    tx.commit().await?;
    Ok(id)
}

/// [`add`] inside a transaction: the first operator comes with the organisation.
pub(super) async fn insert(
    tx: &DatabaseTransaction,
    cx: &Cx,
    form: &Form,
    password_hash: String,
) -> Result<Uuid> {
    let Checked { login, name, email } = check(form)?;
    if store::operator::by_login(tx, &login).await?.is_some() {
        return Err(Error::Rejected(vec![Flaw::new(
            "login",
            "Questo nome utente esiste già: scegline un altro.",
        )]));
    }
    let id = Uuid::now_v7();
    let row = Model {
        id,
        organisation_id: cx.organisation,
        login,
        name,
        email,
        password_hash,
        must_change_password: true,
        role: form.role,
        active: form.active,
        created_at: cx.now,
    };
    store::operator::insert(tx, row).await?;
    Ok(id)
}

/// Changes an operator. The last administrator stays one, or nobody could undo it.
pub async fn change(desk: &Desk, cx: &Cx, id: Uuid, form: &Form) -> Result<()> {
    let Checked { login, name, email } = check(form)?;
    let tx = desk.db.begin().await?;
    let operator = store::operator::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let namesake = store::operator::by_login(&tx, &login).await?.filter(|other| other.id != id);
    let steps_down = operator.role == Role::Administrator
        && operator.active
        && (form.role != Role::Administrator || !form.active);
    let mut flaws = Vec::new();
    if namesake.is_some() {
        flaws.push(Flaw::new("login", "Questo nome utente esiste già: scegline un altro."));
    }
    if steps_down && store::operator::administrators(&tx, cx.organisation).await? <= 1 {
        flaws.push(Flaw::new("role", "È l'ultimo amministratore: prima nominane un altro."));
    }
    accept(flaws)?;
    let change = ActiveModel {
        login: Set(login),
        name: Set(name),
        email: Set(email),
        role: Set(form.role),
        active: Set(form.active),
        ..Default::default()
    };
    store::operator::update(&tx, id, change).await?;
    if !form.active {
        store::session::delete_of(&tx, id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Gives an operator a new one-time password and signs them out everywhere.
pub async fn reset(desk: &Desk, cx: &Cx, id: Uuid, password: &str) -> Result<()> {
    let password_hash = sign_in::hash(password.to_owned()).await;
    let tx = desk.db.begin().await?;
    store::operator::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let change = ActiveModel {
        password_hash: Set(password_hash),
        must_change_password: Set(true),
        ..Default::default()
    };
    store::operator::update(&tx, id, change).await?;
    store::session::delete_of(&tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// What was typed, as it is stored.
struct Checked {
    login: String,
    name: String,
    email: String,
}

fn check(form: &Form) -> Result<Checked> {
    let login = form.login.trim().to_lowercase();
    let name = text::one_line(&form.name);
    let email = form.email.trim().to_lowercase();
    let mut flaws = Vec::new();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._@+-".contains(c);
    if !(3..=100).contains(&login.len()) || !login.chars().all(plain) {
        flaws.push(Flaw::new("login", "Usa da 3 a 100 lettere, cifre o i segni . _ @ + -"));
    }
    if name.is_empty() || name.chars().count() > 100 {
        flaws.push(Flaw::new("name", "Scrivi nome e cognome (al massimo 100 caratteri)."));
    }
    if !email.is_empty() && !is_address(&email) {
        flaws.push(Flaw::new("email", "Scrivi l'indirizzo completo, come giulia@ente.it, o lascia vuoto."));
    }
    accept(flaws)?;
    Ok(Checked { login, name, email })
}
