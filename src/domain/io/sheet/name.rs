//! How a service is called ("Manuale dei servizi", Service Name): three or four words on what it is for, as in a sentence.

use crate::domain::text::fold;

/// Beginnings of words for a step or a tool, without accents; a name is about the matter.
const STEPS: &[&str] = &[
    "pagament",
    "scadenz",
    "comunicazion",
    "notific",
    "richiest",
    "iscrizion",
    "avvis",
    "messagg",
    "promemoria",
    "prenotazion",
    "online",
    "digital",
];
/// Words that say nothing in the name of a service.
const EMPTY: &[&str] = &["sportello", "servizio", "servizi", "app", "io"];
/// Acronyms that everybody knows.
const KNOWN: &[&str] = &["TARI", "IMU", "ISEE", "ZTL", "SPID", "CIE"];
/// Most words, small ones not counted.
const WORDS: usize = 4;

/// What a reviewer would send back, in Italian.
#[must_use]
pub fn hints(name: &str, organisation: &str) -> Vec<String> {
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut hints = Vec::new();
    let long = |word: &&&str| word.chars().count() > 3 || KNOWN.contains(*word);
    if words.iter().filter(long).count() > WORDS {
        hints.push("Il nome è lungo: bastano tre o quattro parole che dicano a che cosa serve.".to_owned());
    }
    let shouted = |word: &str| word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let capitals: Vec<&str> =
        words.iter().copied().filter(|word| shouted(word) && !KNOWN.contains(word)).collect();
    if capitals.len() > 1 && words.iter().all(|word| shouted(word) || word.chars().count() == 1) {
        hints.push("Scrivi il nome in minuscolo, con la sola iniziale maiuscola.".to_owned());
    } else if !capitals.is_empty() {
        hints.push(format!("Sciogli la sigla {}: non tutti la conoscono.", capitals.join(", ")));
    }
    let organisation = fold(organisation);
    let capital = |word: &&&str| {
        // Whose name it is may have capitals: that it is there at all is said below.
        word.starts_with(char::is_uppercase) && !shouted(word) && !organisation.contains(&fold(word))
    };
    if words.iter().skip(1).filter(capital).count() >= 2 {
        hints.push("Usa le maiuscole come in una frase: solo all'inizio e nei nomi propri.".to_owned());
    }
    let step = words.iter().find(|word| {
        let word = fold(word);
        EMPTY.contains(&word.as_str()) || STEPS.iter().any(|step| word.starts_with(step))
    });
    if let Some(word) = step {
        hints.push(format!("Togli «{word}»: il nome dice l'argomento, non il mezzo o il passaggio."));
    }
    if !organisation.is_empty() && fold(name).contains(&organisation) {
        hints.push("Togli il nome dell'ente: l'app lo mostra già.".to_owned());
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_catalogue_are_good() {
        for name in [
            "Segnalazioni, suggerimenti e reclami",
            "Raccolta differenziata dei rifiuti",
            "Ritiro rifiuti ingombranti",
            "Discariche e isole ecologiche",
            "Tassa sui rifiuti (TARI)",
        ] {
            assert_eq!(hints(name, "Comune di Prova"), Vec::<String>::new(), "{name}");
        }
        assert!(hints("", "Comune di Prova").is_empty());
    }

    #[test]
    fn names_that_are_sent_back_are_pointed_out() {
        for (name, word) in [
            ("SEGNALAZIONI E RECLAMI", "minuscolo"),
            ("Segnalazioni URP", "sigla URP"),
            ("Raccolta Differenziata Dei Rifiuti", "maiuscole"),
            ("Pagamento tassa rifiuti", "«Pagamento»"),
            ("Reclami online", "«online»"),
            ("Notifiche sui reclami", "«Notifiche»"),
            ("Reclami del Comune di Prova", "ente"),
            ("Segnalazioni suggerimenti reclami proteste elogi rimborsi", "lungo"),
        ] {
            let found = hints(name, "Comune di Prova");
            assert!(found.len() == 1 && found[0].contains(word), "{name}: {found:?}");
        }
    }
}
