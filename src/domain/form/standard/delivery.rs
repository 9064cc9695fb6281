//! Things that are brought or fetched: containers, bulky waste.

use entity::form::{Contacts, Form, Need, What};

use super::{
    super::WISH, choice, field, form, full_contacts, hinted, optional, photos, place, user_code, words,
};

const AT_HOME: [&str; 3] = [
    "Via, numero e Comune dell’abitazione o dell’attività.",
    "Street, number and municipality of the home or business.",
    "Straße, Hausnummer und Gemeinde der Wohnung oder des Betriebs.",
];

fn contacts() -> Contacts {
    Contacts { phone: Need::Required, ..full_contacts() }
}

pub(super) fn repair() -> Form {
    let wanted = choice(
        "wanted",
        ["Che cosa ti serve", "What you need", "Was Sie brauchen"],
        &[
            (
                "delivery",
                ["Consegna di un contenitore", "Delivery of a container", "Lieferung eines Behälters"],
            ),
            ("repair", ["Riparazione", "Repair", "Reparatur"]),
            ("replacement", ["Sostituzione", "Replacement", "Austausch"]),
        ],
    );
    let container = choice(
        "container",
        ["Contenitore", "Container", "Behälter"],
        &[
            ("residual", ["Indifferenziato", "Residual waste", "Restmüll"]),
            ("organic", ["Organico", "Organic waste", "Biomüll"]),
            ("paper", ["Carta", "Paper", "Papier"]),
            ("plastic", ["Plastica e lattine", "Plastic and cans", "Kunststoff und Dosen"]),
            ("glass", ["Vetro", "Glass", "Glas"]),
            ("garden", ["Verde e sfalci", "Garden waste", "Grünschnitt"]),
            ("other", ["Altro", "Something else", "Anderes"]),
        ],
    );
    let details = field(
        "details",
        What::Text,
        ["Che cosa c’è che non va", "What is wrong", "Was nicht in Ordnung ist"],
    );
    form(
        [
            "Consegna o riparazione di contenitori",
            "Delivery or repair of containers",
            "Lieferung oder Reparatur von Behältern",
        ],
        [
            "Per ricevere, riparare o sostituire un contenitore della raccolta.",
            "To receive, repair or replace a collection container.",
            "Um einen Sammelbehälter zu erhalten, reparieren oder austauschen zu lassen.",
        ],
        vec![wanted, container, place(AT_HOME), optional(user_code()), optional(details), photos()],
        contacts(),
    )
}

pub(super) fn pickup() -> Form {
    let mut items = hinted(
        field("items", What::Text, ["Oggetti da ritirare", "Items to collect", "Abzuholende Gegenstände"]),
        [
            "Uno per riga, con la quantità: «2 materassi».",
            "One per line, with how many: “2 mattresses”.",
            "Einer pro Zeile, mit Anzahl: „2 Matratzen“.",
        ],
    );
    items.max = 1_000;
    let where_ = choice(
        "spot",
        ["Dove si trovano", "Where they are", "Wo sie stehen"],
        &[
            ("kerb", ["A bordo strada", "At the kerb", "Am Straßenrand"]),
            ("floor", ["Al piano", "On a floor", "Im Stockwerk"]),
        ],
    );
    let mut floor =
        optional(field("floor", What::Line, ["Piano e ascensore", "Floor and lift", "Stockwerk und Aufzug"]));
    floor.hint = words([
        "Solo se il ritiro è al piano.",
        "Only if they are collected on a floor.",
        "Nur bei Abholung im Stockwerk.",
    ]);
    let date =
        optional(field(WISH, What::Date, ["Giorno che preferisci", "Day you prefer", "Bevorzugter Tag"]));
    form(
        ["Ritiro di rifiuti ingombranti", "Collection of bulky waste", "Abholung von Sperrmüll"],
        [
            "Per prenotare il ritiro di mobili, elettrodomestici e altri oggetti grandi.",
            "To book the collection of furniture, appliances and other large items.",
            "Um die Abholung von Möbeln, Geräten und anderen großen Gegenständen zu vereinbaren.",
        ],
        vec![items, place(AT_HOME), where_, floor, date, photos()],
        contacts(),
    )
}
