//! Whether what an operator typed can be shown to everybody.

use entity::language::Words;
use sea_orm::ConnectionTrait;

use super::Form;
use crate::{
    actions::{Cx, Flaw, Result, accept, micros},
    domain::text,
    store,
};

/// Longest title, in characters.
const TITLE: usize = 120;
/// Longest of the other texts, in characters.
const TEXT: usize = 4_000;
/// Most streets or areas.
const STREETS: usize = 200;
/// Longest name of one, in characters.
const STREET: usize = 120;

/// What was typed as it is stored: a title is a line, a text keeps its lines, empty streets are none.
pub(super) fn tidied(form: &Form) -> Form {
    let mut streets: Vec<String> = form
        .streets
        .iter()
        .map(|street| text::typed_line(street))
        .filter(|street| !street.is_empty())
        .collect();
    let mut seen = std::collections::HashSet::new();
    streets.retain(|street| seen.insert(text::fold(street)));
    Form {
        title: each(&form.title, text::typed_line),
        text: each(&form.text, text::typed),
        impact: each(&form.impact, text::typed),
        alternatives: each(&form.alternatives, text::typed),
        streets,
        kinds: form.kinds.clone(),
        starts_at: micros(form.starts_at),
        ends_at: form.ends_at.map(micros),
        tell: form.tell,
    }
}

fn each(words: &Words, tidy: impl Fn(&str) -> String) -> Words {
    Words { it: tidy(&words.it), en: tidy(&words.en), de: tidy(&words.de) }
}

/// Refuses what cannot be shown.
pub(super) async fn form(db: &impl ConnectionTrait, cx: &Cx, form: &Form) -> Result<()> {
    let mut flaws = Vec::new();
    if form.title.it.is_empty() {
        flaws.push(Flaw::new("title", "Scrivi che cosa non funziona, in una riga."));
    }
    if form.text.it.is_empty() {
        flaws.push(Flaw::new("text", "Scrivi che cosa è successo e che cosa si sta facendo."));
    }
    too_long(&mut flaws, "title", &form.title, TITLE);
    too_long(&mut flaws, "text", &form.text, TEXT);
    too_long(&mut flaws, "impact", &form.impact, TEXT);
    too_long(&mut flaws, "alternatives", &form.alternatives, TEXT);
    if form.streets.len() > STREETS {
        flaws.push(Flaw::new("streets", format!("Le vie sono troppe: al massimo {STREETS}.")));
    }
    if let Some(street) = form.streets.iter().find(|street| street.chars().count() > STREET) {
        let start = text::shortened(street, 30);
        flaws.push(Flaw::new("streets", format!("«{start}» è troppo lungo: scrivi una via per riga.")));
    }
    if form.ends_at.is_some_and(|end| end <= form.starts_at) {
        flaws.push(Flaw::new("ends_at", "La fine deve venire dopo l’inizio."));
    }
    let kinds = store::organisation::kinds(db, cx.organisation).await?;
    if form.kinds.iter().any(|kind| kinds.iter().all(|known| known.id != *kind)) {
        flaws.push(Flaw::new("kinds", "Scegli le tipologie dall’elenco."));
    }
    accept(flaws)
}

/// What is said when it is over; may be empty, since the letter says it anyway.
pub(super) fn restored(words: &Words) -> Result<Words> {
    let words = each(words, text::typed);
    let mut flaws = Vec::new();
    too_long(&mut flaws, "restored", &words, TEXT);
    accept(flaws)?;
    Ok(words)
}

fn too_long(flaws: &mut Vec<Flaw>, field: &str, words: &Words, most: usize) {
    for (ending, words) in [("", &words.it), ("_en", &words.en), ("_de", &words.de)] {
        if words.chars().count() > most {
            let message = format!("Il testo è troppo lungo: al massimo {most} caratteri.");
            flaws.push(Flaw::new(format!("{field}{ending}"), message));
        }
    }
}
