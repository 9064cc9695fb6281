//! The forms that every organisation begins with. Words are in Italian, English, German, in this order.

mod delivery;
mod report;
mod written;

use entity::{
    form::{Choice, Contacts, Field, Form, Need, What},
    language::Words,
};

/// The standard form of a kind, by its code; `None` for kinds that citizens do not send by form.
#[must_use]
pub fn standard(code: &str) -> Option<Form> {
    Some(match code {
        "complaint" => written::complaint(),
        "information" => written::information(),
        "rectification" => written::rectification(),
        "disruption" => report::disruption(),
        "repair" => delivery::repair(),
        "pickup" => delivery::pickup(),
        _ => return None,
    })
}

/// A text in Italian, English and German.
type Said = [&'static str; 3];

fn words([it, en, de]: Said) -> Words {
    Words { it: it.to_owned(), en: en.to_owned(), de: de.to_owned() }
}

fn field(name: &str, what: What, label: Said) -> Field {
    Field { name: name.to_owned(), what, label: words(label), required: true, ..Field::default() }
}

fn choice(name: &str, label: Said, options: &[(&str, Said)]) -> Field {
    let options = options
        .iter()
        .map(|(value, label)| Choice { value: (*value).to_owned(), label: words(*label) })
        .collect();
    Field { options, ..field(name, What::Choice, label) }
}

fn hinted(field: Field, hint: Said) -> Field {
    Field { hint: words(hint), ..field }
}

fn optional(field: Field) -> Field {
    Field { required: false, ..field }
}

fn title() -> Field {
    let title = field("title", What::Line, ["Titolo", "Title", "Titel"]);
    Field { max: 120, ..hinted(title, ["In poche parole.", "In a few words.", "In wenigen Worten."]) }
}

fn details(hint: Said) -> Field {
    hinted(field("details", What::Text, ["Dettagli", "Details", "Einzelheiten"]), hint)
}

fn photos() -> Field {
    let photos = field("photos", What::Files, ["Foto", "Photos", "Fotos"]);
    optional(hinted(
        photos,
        [
            "Se puoi, evita di inquadrare persone e targhe.",
            "If you can, avoid showing people and number plates.",
            "Bitte nehmen Sie möglichst keine Personen und Kennzeichen auf.",
        ],
    ))
}

fn documents() -> Field {
    let documents =
        field("documents", What::Files, ["Documenti e foto", "Documents and photos", "Unterlagen und Fotos"]);
    optional(hinted(
        documents,
        [
            "Se aiutano a capire: avvisi di pagamento, ricevute, foto.",
            "If they help to understand: payment notices, receipts, photos.",
            "Falls sie zum Verständnis beitragen: Zahlungsaufforderungen, Belege, Fotos.",
        ],
    ))
}

fn place(hint: Said) -> Field {
    let place = field("place", What::Place, ["Luogo", "Place", "Ort"]);
    Field { max: 200, ..hinted(place, hint) }
}

fn user_code() -> Field {
    hinted(
        field("user_code", What::UserCode, ["Codice utente", "User code", "Nutzerkodex"]),
        [
            "È stampato in alto sull’avviso di pagamento.",
            "It is printed at the top of the payment notice.",
            "Er steht oben auf der Zahlungsaufforderung.",
        ],
    )
}

fn premises() -> Field {
    let premises = field(
        "premises",
        What::Line,
        ["Indirizzo dell’utenza", "Address of the premises", "Adresse des Anschlusses"],
    );
    hinted(
        premises,
        [
            "Via, numero e Comune dell’immobile a cui si riferisce la richiesta.",
            "Street, number and municipality of the building that your request is about.",
            "Straße, Hausnummer und Gemeinde der Liegenschaft, um die es geht.",
        ],
    )
}

fn premises_code() -> Field {
    hinted(
        field("premises_code", What::PremisesCode, ["Codice utenza", "Premises code", "Anschlusskodex"]),
        [
            "È stampato sull’avviso di pagamento, accanto all’indirizzo dell’immobile.",
            "It is printed on the payment notice, beside the address of the building.",
            "Er steht auf der Zahlungsaufforderung neben der Adresse der Liegenschaft.",
        ],
    )
}

/// Whoever reports a thing in the street need not say who they are.
fn light_contacts() -> Contacts {
    Contacts {
        name: Need::Optional,
        fiscal_code: Need::Hidden,
        email: Need::Optional,
        postal_address: Need::Hidden,
        phone: Need::Optional,
        reachable: false,
    }
}

/// Whoever wants an answer about their own service says who they are (TQRIF art. 17, items 2 and 3).
fn full_contacts() -> Contacts {
    Contacts {
        name: Need::Required,
        fiscal_code: Need::Required,
        email: Need::Optional,
        postal_address: Need::Optional,
        phone: Need::Optional,
        reachable: true,
    }
}

fn form(title: Said, summary: Said, fields: Vec<Field>, contacts: Contacts) -> Form {
    Form { title: words(title), summary: words(summary), fields, contacts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form_rules::faults;

    #[test]
    fn every_standard_form_can_be_put_before_citizens_in_three_languages() {
        for code in ["complaint", "information", "rectification", "disruption", "repair", "pickup"] {
            let form = standard(code).unwrap();
            assert_eq!(faults(&form), [], "{code}");
            let mut words: Vec<&Words> = vec![&form.title, &form.summary];
            for field in &form.fields {
                words.push(&field.label);
                words.extend(field.options.iter().map(|option| &option.label));
                words.extend(Some(&field.hint).filter(|hint| !hint.it.is_empty()));
            }
            for words in words {
                assert!(!words.en.is_empty() && !words.de.is_empty(), "{code}: {}", words.it);
            }
        }
        assert_eq!(standard("termination"), None);
    }
}
