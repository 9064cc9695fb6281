//! A report: something in the street, or on the round, is not as it should be.

use entity::form::Form;

use super::{choice, details, form, light_contacts, photos, place, title};

pub(super) fn disruption() -> Form {
    let what = choice(
        "what",
        ["Tipo di disservizio", "Type of problem", "Art der Störung"],
        &[
            ("missed_collection", ["Mancata raccolta", "Missed collection", "Nicht abgeholter Abfall"]),
            ("full_bins", ["Cassonetti pieni", "Full bins", "Volle Behälter"]),
            ("abandoned", ["Rifiuti abbandonati", "Abandoned waste", "Wilde Müllablagerung"]),
            ("dirty_street", ["Strada sporca", "Dirty street", "Verschmutzte Straße"]),
            ("damaged", ["Cassonetto danneggiato", "Damaged bin", "Beschädigter Behälter"]),
            ("other", ["Altro", "Something else", "Anderes"]),
        ],
    );
    form(
        ["Segnalare un disservizio", "Report a problem", "Eine Störung melden"],
        [
            "Per dirci che la raccolta, i cassonetti o la pulizia delle strade non sono come dovrebbero.",
            "To tell us that collection, bins or street cleaning are not as they should be.",
            "Um uns mitzuteilen, dass Abholung, Behälter oder Straßenreinigung nicht in Ordnung sind.",
        ],
        vec![
            place([
                "Via, numero e Comune. Se non c’è un numero, scrivi un punto riconoscibile.",
                "Street, number and municipality. If there is no number, name a recognisable spot.",
                "Straße, Hausnummer und Gemeinde. Gibt es keine Nummer, nennen Sie einen erkennbaren Punkt.",
            ]),
            what,
            title(),
            details([
                "Che cosa vedi, da quando, se succede spesso.",
                "What you see, since when, whether it happens often.",
                "Was Sie sehen, seit wann, ob es oft vorkommt.",
            ]),
            photos(),
        ],
        light_contacts(),
    )
}
