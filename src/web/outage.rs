//! What an operator reads while the database cannot be used: what it is, what to do, and that nothing was lost.

use sea_orm::{DbErr, RuntimeErr};

/// Nothing is ever half written, since each change is one transaction; and a browser that reloads the answer to a form
/// sends the form again.
const NOTHING_LOST: &str = "Niente è andato perso: se stavi salvando qualcosa non è stato registrato, e ricaricando questa pagina lo invii di nuovo.";

/// One thing named, one remedy.
#[must_use]
pub fn words(error: &DbErr) -> String {
    let thing = match code(error).as_deref() {
        Some("13" | "53100") => {
            "Il disco del server è pieno. Chiedi a chi gestisce il programma di liberare spazio, poi riprova."
        }
        Some("5" | "6") => {
            "Il database è occupato da un altro programma. Riprova tra un minuto; se succede ancora, avvisa chi gestisce il programma."
        }
        Some("8" | "14") => {
            "Il database non si può scrivere. Chiedi a chi gestisce il programma di controllare i permessi della cartella dei dati."
        }
        Some("10") => {
            "Il disco del server non risponde come dovrebbe. Avvisa subito chi gestisce il programma: va controllato il disco."
        }
        _ => {
            "Il database non risponde. Riprova tra un minuto; se succede ancora, avvisa chi gestisce il programma."
        }
    };
    format!("{thing} {NOTHING_LOST}")
}

/// The database's own code: `SQLite`'s primary one, or `PostgreSQL`'s five characters.
fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    let database = error.as_database_error()?;
    let code = database.code()?;
    match database.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
        Some(_) => code.parse::<i32>().ok().map(|code| (code & 0xff).to_string()),
        None => Some(code.into_owned()),
    }
}
