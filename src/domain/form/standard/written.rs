//! What the rules on quality call written requests: complaint, request for information, rectification of amounts.

use entity::form::{Contacts, Form, Need, What};

use super::{
    choice, details, documents, field, form, full_contacts, hinted, light_contacts, optional, premises,
    premises_code, title, user_code,
};

/// The mandatory items of a written complaint (TQRIF art. 17). The first, where the complaint is sent, is the page itself;
/// the second and the third are the contacts.
pub(super) fn complaint() -> Form {
    let service = choice(
        "service",
        ["Servizio interessato", "Service concerned", "Betroffener Dienst"],
        &[
            ("collection", ["Raccolta e trasporto", "Collection and transport", "Sammlung und Transport"]),
            (
                "sweeping",
                ["Spazzamento e lavaggio delle strade", "Street sweeping and washing", "Straßenreinigung"],
            ),
            (
                "tariffs",
                [
                    "Tariffe e rapporto con gli utenti",
                    "Tariffs and user relations",
                    "Tarife und Kundendienst",
                ],
            ),
        ],
    );
    form(
        ["Inviare un reclamo scritto", "Send a written complaint", "Eine schriftliche Beschwerde einreichen"],
        [
            "Per dirci che il servizio non rispetta le regole, i contratti o gli impegni. Ricevi una risposta motivata.",
            "To tell us that the service does not keep to rules, contracts or commitments. You get a reasoned answer.",
            "Um uns mitzuteilen, dass der Dienst Regeln, Verträge oder Zusagen nicht einhält. Sie erhalten eine begründete Antwort.",
        ],
        vec![
            service,
            user_code(),
            premises(),
            premises_code(),
            title(),
            details([
                "Che cosa è successo, quando, che cosa chiedi.",
                "What happened, when, what you ask for.",
                "Was ist geschehen, wann, was verlangen Sie?",
            ]),
            documents(),
        ],
        full_contacts(),
    )
}

pub(super) fn information() -> Form {
    form(
        ["Chiedere informazioni", "Ask for information", "Informationen anfordern"],
        [
            "Per una domanda sul servizio, sulle tariffe, sulla raccolta.",
            "For a question about the service, tariffs or collection.",
            "Für eine Frage zum Dienst, zu den Tarifen oder zur Sammlung.",
        ],
        vec![
            title(),
            details(["Scrivi la tua domanda.", "Write your question.", "Schreiben Sie Ihre Frage."]),
            optional(user_code()),
            documents(),
        ],
        Contacts {
            email: Need::Optional,
            postal_address: Need::Optional,
            reachable: true,
            ..light_contacts()
        },
    )
}

pub(super) fn rectification() -> Form {
    let number = hinted(
        field(
            "document",
            What::Line,
            ["Numero dell’avviso", "Number of the notice", "Nummer der Zahlungsaufforderung"],
        ),
        [
            "Il numero dell’avviso di pagamento che ritieni sbagliato.",
            "The number of the payment notice that you think is wrong.",
            "Die Nummer der Zahlungsaufforderung, die Sie für falsch halten.",
        ],
    );
    let iban = hinted(
        optional(field("iban", What::Iban, ["IBAN", "IBAN", "IBAN"])),
        [
            "Serve solo se ti spetta un rimborso.",
            "Only needed if you are due a refund.",
            "Nur nötig, wenn Ihnen eine Erstattung zusteht.",
        ],
    );
    form(
        [
            "Chiedere la rettifica degli importi",
            "Ask to correct the amounts",
            "Berichtigung der Beträge beantragen",
        ],
        [
            "Per dirci che gli importi che ti abbiamo chiesto non sono giusti.",
            "To tell us that the amounts we charged you are not right.",
            "Um uns mitzuteilen, dass die verrechneten Beträge nicht stimmen.",
        ],
        vec![
            number,
            optional(field("period", What::Line, ["Periodo o anno", "Period or year", "Zeitraum oder Jahr"])),
            optional(field(
                "charged",
                What::Amount,
                ["Importo chiesto (euro)", "Amount charged (euro)", "Verrechneter Betrag (Euro)"],
            )),
            optional(field(
                "right",
                What::Amount,
                [
                    "Importo giusto secondo te (euro)",
                    "Right amount in your view (euro)",
                    "Ihrer Meinung nach richtiger Betrag (Euro)",
                ],
            )),
            user_code(),
            premises(),
            optional(premises_code()),
            details([
                "Che cosa non è giusto e perché.",
                "What is not right, and why.",
                "Was nicht stimmt und warum.",
            ]),
            iban,
            documents(),
        ],
        full_contacts(),
    )
}
