//! A box to type into, and several things that people type: the shape of the words says where to look. Each place has an
//! index that begins with what was typed; nothing reads the whole register.

use entity::taxpayer::Model;
use uuid::Uuid;

use crate::{
    app::App,
    domain::text,
    store::{self, Seek},
    web::error::Result,
};

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Somebody's email address.
    Email(String),
    /// A codice utente, codice fiscale or partita IVA.
    Code(String),
    /// The beginning of a name or of a postal address.
    Words(String),
}

/// Where to look for `q`.
#[must_use]
pub fn sought(q: &str) -> Sought {
    let q = q.trim();
    let one_word = !q.contains(char::is_whitespace);
    if one_word && q.contains('@') {
        Sought::Email(q.to_lowercase())
    } else if one_word && q.contains(|c: char| c.is_ascii_digit()) {
        Sought::Code(q.to_uppercase())
    } else {
        Sought::Words(text::fold(q))
    }
}

/// Up to `limit` taxpayers; the generic one is nobody and never found.
pub async fn search(app: &App, organisation: Uuid, q: &str, limit: usize) -> Result<Vec<Model>> {
    let db = &app.desk.db.read;
    let mut found = match sought(q) {
        Sought::Email(address) => {
            let ids = store::taxpayer::ids_by_address(db, organisation, &address).await?;
            store::taxpayer::by_ids(db, organisation, ids).await?
        }
        Sought::Code(code) => store::taxpayer::by_codes(db, organisation, &[code]).await?,
        Sought::Words(words) => {
            let mut found = by_name(app, organisation, &words, limit).await?;
            if found.len() < limit {
                found.extend(store::taxpayer::by_postal_address(db, organisation, q, limit as u64).await?);
            }
            found
        }
    };
    found.retain(|taxpayer| !taxpayer.generic);
    found.truncate(limit);
    Ok(found)
}

/// Up to `limit` taxpayers by words of their name, folded.
pub async fn by_name(app: &App, organisation: Uuid, folded: &str, limit: usize) -> Result<Vec<Model>> {
    Ok(store::taxpayer::list(&app.desk.db.read, organisation, folded, &Seek::Start, limit).await?.rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_says_where_to_look() {
        assert_eq!(sought(" Anna@Esempio.IT "), Sought::Email("anna@esempio.it".to_owned()));
        assert_eq!(sought("rccmnl83s18d969h"), Sought::Code("RCCMNL83S18D969H".to_owned()));
        assert_eq!(sought("ut-00123"), Sought::Code("UT-00123".to_owned()));
        assert_eq!(sought("Nicolò"), Sought::Words("nicolo".to_owned()));
        assert_eq!(sought("Via Roma 12"), Sought::Words("via roma 12".to_owned()));
    }
}
