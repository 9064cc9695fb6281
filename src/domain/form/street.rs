//! The street that an address names, as it may be shown to others than who typed it. An address is typed by a citizen, and may hold
//! more than a street: a house number, a name on a bell, "behind the house of Mario". Only what reads like the name of a street
//! is taken, up to the first word that could be something else; of the rest nothing.

/// Sorts of street that stand before the name: Italian, and those of Alto Adige that stand apart.
const BEFORE: [&str; 22] = [
    "via",
    "viale",
    "vle",
    "v.le",
    "piazza",
    "piazzale",
    "piazzetta",
    "p.za",
    "p.zza",
    "p.le",
    "corso",
    "c.so",
    "largo",
    "vicolo",
    "strada",
    "contrada",
    "borgo",
    "lungomare",
    "rione",
    "località",
    "am",
    "an",
];
/// Ends of German names of streets.
const AFTER: [&str; 8] = ["straße", "strasse", "gasse", "weg", "platz", "allee", "ring", "promenade"];
/// After these words an address speaks of people and doors.
const ENDS: [&str; 22] = [
    "presso",
    "c/o",
    "casa",
    "citofono",
    "interno",
    "int",
    "scala",
    "condominio",
    "famiglia",
    "fam",
    "signor",
    "signora",
    "sig",
    "sig.ra",
    "davanti",
    "dietro",
    "vicino",
    "civico",
    "numero",
    "n",
    "nr",
    "snc",
];
/// Most words, and longest name in characters: a longer one is a sentence.
const WORDS: usize = 6;
const CHARS: usize = 60;

/// The street, as it was written; `None` when none can be told apart from the rest.
#[must_use]
pub fn street_name(address: &str) -> Option<String> {
    let first = address.split([',', ';', '(', '\n', '\r']).map(str::trim).find(|part| !part.is_empty())?;
    let words: Vec<&str> =
        first.split_whitespace().take_while(|word| is_of_street(word)).take(WORDS + 1).collect();
    let name = words.join(" ");
    let sort = words.first()?.to_lowercase();
    let german = words.iter().position(|word| {
        let word = word.to_lowercase();
        AFTER.iter().any(|end| word.ends_with(end))
    });
    let name = match german {
        // What follows the sort of street is none of its name.
        Some(last) => words[..=last].join(" "),
        None if BEFORE.contains(&sort.as_str()) && words.len() > 1 => name,
        None => return None,
    };
    (words.len() <= WORDS && name.chars().count() <= CHARS).then_some(name)
}

fn is_of_street(word: &str) -> bool {
    let letters = |c: char| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-');
    let plain = word.to_lowercase();
    word.chars().all(letters)
        && word.chars().any(char::is_alphabetic)
        && !ENDS.contains(&plain.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_named_without_its_numbers_and_people() {
        for (typed, name) in [
            ("Via Solferino 12, Brescia", Some("Via Solferino")),
            ("via dell’Indipendenza 3/b scala A", Some("via dell’Indipendenza")),
            ("V.le XX Settembre", Some("V.le XX Settembre")),
            ("Via Roma presso Mario Rossi", Some("Via Roma")),
            ("Via Roma citofono Bianchi", Some("Via Roma")),
            ("Dantestraße 4, Bozen", Some("Dantestraße")),
            ("Claudia-de-Medici-Straße Familie Huber", Some("Claudia-de-Medici-Straße")),
            ("Piazza della Libertà", Some("Piazza della Libertà")),
            ("davanti a casa di Mario Rossi", None),
            ("Mario Rossi, via Roma 1", None),
            ("via 24 Maggio", None),
            ("via", None),
            ("", None),
            ("via delle cose che nessuno scrive mai in un indirizzo", None),
            ("via Roma<script>", None),
        ] {
            assert_eq!(street_name(typed).as_deref(), name, "{typed}");
        }
    }
}
