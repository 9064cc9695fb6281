//! The names that the log keeps of its reasons, as sentences. A name that is not here was given by a newer program: it
//! is shown as it is, for whoever has to look it up.

use entity::origin::{Authenticity, MailKind, Signature, Verdict};

use crate::web::words::capital;

/// What sort of mail it is.
#[must_use]
pub fn kind(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Letter => "Lettera di una persona",
        MailKind::AutoReply => "Risposta automatica",
        MailKind::Bounce => "Messaggio non recapitato",
        MailKind::Delay => "Avviso di ritardo",
        MailKind::PecReceipt => "Ricevuta PEC",
        MailKind::Feedback => "Segnalazione di spam",
        MailKind::Machine => "Messaggio di lista o notifica",
        MailKind::Own => "Copia di un nostro messaggio",
    }
}

/// What the receiving server found about the sender, check by check.
#[must_use]
pub fn checks(found: Authenticity) -> String {
    let said = |verdict| match verdict {
        Verdict::Pass => "superato",
        Verdict::Fail => "non superato",
        Verdict::Unknown => "senza esito",
    };
    format!("DMARC {}, SPF {}, DKIM {}", said(found.dmarc), said(found.spf), said(found.dkim))
}

/// What the check of a PEC provider's signature gave.
#[must_use]
pub fn signature(signature: Signature) -> &'static str {
    match signature {
        Signature::Valid => "Valida",
        Signature::NotVerifiable => "Non verificabile",
        Signature::Invalid => "Non valida",
        Signature::None => "Manca",
    }
}

/// By which sign its kind was seen; nothing for a letter, which has none.
#[must_use]
pub fn why(name: &str) -> String {
    let sentence = match name {
        "" => "Nessun segno che l’abbia scritto un programma.",
        "auto_submitted" => "Il campo Auto-Submitted dice che l’ha scritto un programma.",
        "precedence" => "Il campo Precedence dice che è posta automatica o di massa.",
        "null_return_path" => "Non ha un indirizzo di ritorno, come i messaggi automatici.",
        "sender_address" => "Il mittente è un indirizzo di servizio, a cui non si risponde.",
        "subject" => "L’oggetto è quello di una risposta automatica.",
        "first_words" => "Il testo comincia come una risposta automatica.",
        "read_receipt" => "È una conferma di lettura.",
        "feedback_report" => "È una segnalazione di spam nel formato previsto.",
        "hotmail_complaint" => "È una segnalazione di spam di Microsoft.",
        "delivery_status" => "Contiene l’esito di una consegna, nel formato previsto.",
        "x_failed_recipients" => "Elenca i destinatari non raggiunti.",
        "mail_system" => "L’ha scritto un server di posta per dire che una consegna non è riuscita.",
        "report" => "È un rapporto scritto da un programma.",
        "list_id" | "list_unsubscribe" | "list_post" | "mailing_list" | "x_mailing_list" | "x_beenthere"
        | "x_listserver" => "Viene da una lista di distribuzione.",
        "feedback_id" => "Viene da un servizio di invii di massa.",
        "x_auto_response_suppress" => "Chiede di non avere risposte automatiche.",
        "x_ricevuta" => "È una ricevuta di posta certificata.",
        field if field.starts_with("x_") => {
            return format!("Lo dice il campo {}, che scrivono i programmi.", field_name(field));
        }
        other => return unknown(other),
    };
    sentence.to_owned()
}

/// `x_apple_vacation` is the field `X-Apple-Vacation`.
fn field_name(name: &str) -> String {
    name.split('_').map(capital).collect::<Vec<_>>().join("-")
}

/// Why it has its place.
#[must_use]
pub fn placed(name: &str) -> String {
    let sentence = match name {
        "new" => "Apre un nuovo ordine di lavoro: non risponde a nessun messaggio conosciuto.",
        "new_after_another" => {
            "Apre un nuovo ordine di lavoro, collegato a quello di cui parla: il mittente non ne fa parte, oppure è chiuso da troppo tempo."
        }
        "report" => "Un server di posta riferisce di un nostro messaggio.",
        "own_message_id" => "Risponde a un nostro messaggio.",
        "provider_message_id" => {
            "Risponde a un nostro messaggio PEC, con il nome che gli ha dato il gestore, e il mittente fa parte dell’ordine."
        }
        "their_message_id" => "Risponde a un messaggio dell’ordine, e il mittente ne fa parte.",
        "reply_address" => "È arrivato all’indirizzo di risposta dell’ordine.",
        "number" => "L’oggetto riporta il numero dell’ordine, e il mittente ne fa parte.",
        "same_letter" => "È lo stesso messaggio già registrato.",
        "set_aside" => "È lo stesso messaggio già fermo o scartato da un operatore.",
        "own" => "È la copia di un messaggio partito da qui.",
        "receipt" => "Riguarda un nostro invio, di cui aggiorna l’esito.",
        "receipt_not_believed" => {
            "Riguarda un nostro invio, ma non ne prova l’esito: manca una firma valida del gestore, oppure il gestore certifica un altro messaggio."
        }
        "receipt_of_nothing" => "Non riguarda nessun nostro invio conosciuto.",
        "by_hand" => "L’ha deciso un operatore.",
        other => return unknown(other),
    };
    sentence.to_owned()
}

/// Why it has its taxpayer; `None` when it was not asked.
#[must_use]
pub fn identified(name: &str) -> Option<String> {
    let sentence = match name {
        "" => return None,
        "address" => "L’indirizzo del mittente è tra i recapiti di un solo contribuente.",
        "address_and_code" => {
            "L’indirizzo è usato da più contribuenti: ha deciso un codice scritto nel testo."
        }
        "candidates" => "Ci sono contribuenti possibili, ma la scelta spetta a un operatore.",
        "unknown" => "Né l’indirizzo né il testo portano a un contribuente.",
        "operator" => "L’ha scelto un operatore.",
        other => return Some(unknown(other)),
    };
    Some(sentence.to_owned())
}

/// Why it was not acknowledged; `None` when it was, or when it was not asked.
#[must_use]
pub fn silent(name: &str) -> Option<String> {
    let sentence = match name {
        "" => return None,
        "automatic" => "il messaggio è stato scritto da un programma",
        "no_sender" => "il messaggio non ha un mittente",
        "own" => "il mittente è una nostra casella",
        "forged" => "il mittente non è confermato, e la risposta andrebbe a chi forse non ha scritto",
        "imported" => "il messaggio viene da un archivio",
        "mailbox" => "la casella non manda ricevute",
        "too_many" => "a questo indirizzo ne sono già partite abbastanza",
        other => return Some(unknown(other)),
    };
    Some(sentence.to_owned())
}

/// What a receipt of certified mail is called; `name` as in its header.
#[must_use]
pub fn receipt(name: &str) -> String {
    let called = match name {
        "accettazione" => "Ricevuta di accettazione",
        "non-accettazione" => "Avviso di non accettazione",
        "presa-in-carico" => "Ricevuta di presa in carico",
        "avvenuta-consegna" => "Ricevuta di avvenuta consegna",
        "errore-consegna" => "Avviso di mancata consegna",
        "preavviso-errore-consegna" => "Preavviso di mancata consegna",
        "rilevazione-virus" => "Avviso di virus",
        other => return format!("Ricevuta PEC «{other}»"),
    };
    called.to_owned()
}

fn unknown(name: &str) -> String {
    format!("«{name}»")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sentences() {
        assert_eq!(why("x_apple_vacation"), "Lo dice il campo X-Apple-Vacation, che scrivono i programmi.");
        assert_eq!(why("something_new"), "«something_new»");
        assert_eq!(silent(""), None);
        assert_eq!(identified("unknown").unwrap(), "Né l’indirizzo né il testo portano a un contribuente.");
    }

    #[test]
    fn every_brake_of_the_acknowledgement_has_its_words() {
        use crate::domain::acknowledgement::Silence;
        let brakes = [
            Silence::Automatic,
            Silence::NoSender,
            Silence::Own,
            Silence::Forged,
            Silence::Imported,
            Silence::Mailbox,
            Silence::TooMany,
        ];
        for brake in brakes {
            let name = serde_json::to_value(brake).unwrap();
            let name = name.as_str().unwrap();
            assert!(!silent(name).unwrap().contains('«'), "{name}");
        }
    }
}
