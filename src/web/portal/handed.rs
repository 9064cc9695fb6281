//! Files that a citizen hands over with a form: looked at, and stored at once, whatever else is wrong with the form.

use super::Hall;
use crate::{
    actions::{
        self,
        submission::{self, Owner},
    },
    app::App,
    domain::files::Refusal,
    web::{error::Result, limit::Limits, upload::Upload},
    wording::{Value, say, say_with},
};

/// Stores the files of a form under their owner, as far as their network may leave any more with us today. Gives a sentence for
/// each that was not taken.
pub async fn keep(
    app: &App,
    hall: &Hall,
    limits: &Limits,
    owner: Owner,
    form: Upload,
) -> Result<Vec<String>> {
    let language = hall.language;
    let bytes = form.files.iter().map(|file| file.bytes.len()).sum();
    if limits.stores(hall.organisation.id, &hall.network, bytes).is_err() {
        return Ok(vec![say(language, "problem-files-today")]);
    }
    let mut sentences = Vec::new();
    if form.too_large || form.too_many {
        sentences.push(say(language, "site-files-too-much"));
    }
    for file in form.files {
        match app.take_file(&file.name, &file.media_type, file.bytes).await {
            Ok(prepared) => match submission::add_file(&app.desk, &hall.cx, owner, prepared).await {
                Ok(_) => {}
                // Too many, or too large together. The action says so to operators, in Italian.
                Err(actions::Error::Rejected(_)) => sentences.push(say(language, "site-files-too-much")),
                Err(error) => return Err(error.into()),
            },
            Err(refusal) => sentences.push(refused(hall, &file.name, refusal)),
        }
    }
    sentences.dedup();
    Ok(sentences)
}

fn refused(hall: &Hall, name: &str, refusal: Refusal) -> String {
    let values = [("name", Value::from(name.to_owned())), ("n", Value::from(refusal.number()))];
    say_with(hall.language, refusal.key(), &values)
}
