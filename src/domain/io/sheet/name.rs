//! How a service is called ("Manuale dei servizi", Service Name): three or four words on what it is for, as in a sentence.

use crate::domain::text::{fold, one_line};

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
/// Words of an organisation's name by which nobody tells it from another: what it is, what it does, where words lead to. Those that
/// name a matter belong into the name of a service.
const COMMON: &[&str] = &[
    "abitanti",
    "acqua",
    "acque",
    "agenzia",
    "alta",
    "alto",
    "ambientale",
    "ambientali",
    "ambiente",
    "area",
    "aree",
    "arpa",
    "associazione",
    "ato",
    "autorita",
    "azienda",
    "aziende",
    "bacino",
    "bassa",
    "basso",
    "bonifica",
    "centrale",
    "centro",
    "citta",
    "cittadini",
    "comprensorio",
    "comunale",
    "comunali",
    "comune",
    "comuni",
    "comunita",
    "con",
    "consortile",
    "consorzi",
    "consorzio",
    "cooperativa",
    "costa",
    "dal",
    "dalla",
    "dei",
    "del",
    "della",
    "delle",
    "dello",
    "depurazione",
    "distretto",
    "ecologia",
    "ecologica",
    "ecologiche",
    "ecologici",
    "ecologico",
    "energia",
    "ente",
    "est",
    "fiume",
    "gas",
    "gestione",
    "gestioni",
    "gestore",
    "gruppo",
    "idrica",
    "idrico",
    "igiene",
    "imprese",
    "integrati",
    "integrato",
    "isola",
    "isole",
    "italia",
    "italiana",
    "italiano",
    "lago",
    "laghi",
    "locale",
    "locali",
    "mare",
    "media",
    "medio",
    "metropolitana",
    "montagna",
    "montana",
    "montane",
    "monte",
    "monti",
    "multiservizi",
    "municipale",
    "municipalizzata",
    "municipio",
    "nazionale",
    "nord",
    "nuova",
    "nuovo",
    "ovest",
    "parco",
    "patrimonio",
    "per",
    "piana",
    "pianura",
    "provincia",
    "provinciale",
    "province",
    "pubblica",
    "pubblici",
    "pubblico",
    "pulita",
    "pulito",
    "raccolta",
    "raccolte",
    "regionale",
    "regione",
    "rete",
    "reti",
    "rifiuti",
    "riserva",
    "risorse",
    "san",
    "sant",
    "santa",
    "santi",
    "santo",
    "scarl",
    "scpa",
    "scrl",
    "servizi",
    "servizio",
    "sistema",
    "sistemi",
    "smaltimento",
    "societa",
    "spa",
    "speciale",
    "srl",
    "srls",
    "strade",
    "sud",
    "sul",
    "sulla",
    "sviluppo",
    "terra",
    "terre",
    "territoriale",
    "territorio",
    "trasporti",
    "tributi",
    "unica",
    "unico",
    "unione",
    "unioni",
    "urbana",
    "urbani",
    "urbano",
    "val",
    "valle",
    "valli",
    "verde",
    "verdi",
];
/// Fewest letters of a word by which an organisation is known.
const KNOWN_BY: usize = 3;

/// Whether IO takes two names for one: it approves no second service of that name ("Guida tecnica", name).
#[must_use]
pub fn is_same(name: &str, other: &str) -> bool {
    one_line(name).to_lowercase() == one_line(other).to_lowercase()
}

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
    let owner = folded(organisation);
    let unknown = |word: &&str| !KNOWN.contains(word) && !owner.contains(&fold(word));
    let capitals: Vec<&str> = words.iter().copied().filter(|word| shouted(word)).filter(unknown).collect();
    if capitals.len() > 1 && words.iter().all(|word| shouted(word) || word.chars().count() == 1) {
        hints.push("Scrivi il nome in minuscolo, con la sola iniziale maiuscola.".to_owned());
    } else if !capitals.is_empty() {
        hints.push(format!("Sciogli la sigla {}: non tutti la conoscono.", capitals.join(", ")));
    }
    let capital = |word: &&&str| {
        // Whose name it is may have capitals: that it is there at all is said below.
        word.starts_with(char::is_uppercase) && !shouted(word) && !owner.contains(&fold(word))
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
    if holds(&folded(name), &owner) {
        hints.push("Togli il nome dell’ente: l’app lo mostra già.".to_owned());
    } else if let Some(word) = words.iter().find(|word| is_of(&owner, &fold(word))) {
        hints.push(format!("Togli «{word}», che è nel nome dell’ente: l’app lo mostra già."));
    }
    hints
}

/// The words of a name, as they are compared.
fn folded(name: &str) -> Vec<String> {
    let folded = fold(name);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether all words of the organisation stand in the name, one after the other.
fn holds(name: &[String], owner: &[String]) -> bool {
    !owner.is_empty() && name.windows(owner.len()).any(|words| words == owner)
}

/// Whether an organisation is known by this word.
fn is_of(owner: &[String], word: &String) -> bool {
    word.chars().count() >= KNOWN_BY && !COMMON.contains(&word.as_str()) && owner.contains(word)
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
            ("Reclami a Próva", "«Próva»"),
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

    #[test]
    fn a_part_of_the_organisation_s_name_is_found_and_common_words_are_not() {
        for (name, organisation, word) in [
            ("Acme raccolta rifiuti", "Acme Ambiente S.p.A.", Some("«Acme»")),
            ("Rifiuti ACME", "Acme Ambiente S.p.A.", Some("«ACME»")),
            ("Raccolta nella Val Còmena", "Servizi Comena S.r.l.", Some("«Còmena»")),
            ("Rifiuti a San Zeno", "Comune di San Zeno", Some("«Zeno»")),
            ("Ambiente e rifiuti", "Acme Ambiente S.p.A.", None),
            ("Raccolta rifiuti urbani", "Azienda Rifiuti Urbani della Pianura", None),
            ("Verde pubblico", "Comune di Verdello", None),
            ("Spazi del comune", "Comune di Prova", None),
            ("Servizi ambiente in città", "Servizi Ambiente", Some("il nome dell’ente")),
            ("Camaleonti in gara", "Ama", None),
            ("Reclami", "", None),
        ] {
            let found = hints(name, organisation);
            let of_the_owner: Vec<_> = found.iter().filter(|hint| hint.contains("nome dell’ente")).collect();
            match word {
                Some(word) => assert!(matches!(of_the_owner[..], [hint] if hint.contains(word)), "{found:?}"),
                None => assert!(of_the_owner.is_empty(), "{name}: {found:?}"),
            }
        }
    }

    #[test]
    fn names_that_differ_in_case_and_spaces_are_one() {
        assert!(is_same(" Raccolta  DIFFERENZIATA", "raccolta differenziata"));
        assert!(!is_same("Raccolta", "Raccolte") && !is_same("Città", "Citta"));
    }
}
