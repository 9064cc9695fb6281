//! By which way a citizen would be told and why, in words for the operator who is about to.

use entity::{follower::ToldBy, io_message::State, language::Language, update_rule::Way};

use crate::{
    actions::progress::Outlook,
    domain::{
        calendar::rome_date,
        progress::{Letter, NoIo, Plan},
    },
    web::words::{capital, day},
    wording::updates::moment,
};

/// By which way something goes and why, in a sentence.
pub fn way(outlook: &Outlook, way: Way, plan: Plan) -> String {
    let reach = outlook.reach;
    let no_io = no_io(outlook);
    let no_mail = "non c’è un indirizzo a cui scrivere, confermato o da cui è arrivata la richiesta";
    let sentence = match (plan.io, plan.letter) {
        (true, Some(Letter::IfIoFails)) => "su IO; se IO non lo raggiunge, per posta elettronica".to_owned(),
        (true, None) if way == Way::Io => "solo su IO: così dicono le regole".to_owned(),
        (true, None) => format!("solo su IO: {no_mail}"),
        (true, Some(_)) => "per posta elettronica e su IO: così dicono le regole".to_owned(),
        (false, Some(Letter::Certified)) if outlook.certifies => "per PEC: così dicono le regole".to_owned(),
        (false, Some(Letter::Certified)) => {
            "per posta elettronica: le regole dicono PEC, ma l’ente non ha una casella PEC".to_owned()
        }
        (false, Some(_)) if way == Way::Best && reach.chosen == Some(ToldBy::Mail) && reach.io => {
            "per posta elettronica: così ha scelto il cittadino".to_owned()
        }
        (false, Some(_)) if way == Way::Best => format!("per posta elettronica: {no_io}"),
        (false, Some(_)) if way == Way::MailAndIo => {
            format!("solo per posta elettronica: le regole dicono anche IO, ma {no_io}")
        }
        (false, Some(_)) => "per posta elettronica: così dicono le regole".to_owned(),
        (false, None) if reach.chosen == Some(ToldBy::Nothing) => {
            "nessun canale: il cittadino ha chiesto di non ricevere avvisi".to_owned()
        }
        (false, None) if way == Way::Nothing => "nessun canale: le regole dicono di non avvisare".to_owned(),
        (false, None) if way == Way::Io => format!("nessun canale: le regole dicono solo IO, e {no_io}"),
        (false, None) if matches!(way, Way::Mail | Way::Pec) => {
            format!("nessun canale: le regole dicono posta, e {no_mail}")
        }
        (false, None) => format!("nessun canale: {no_mail}, e {no_io}"),
    };
    format!("{}.", capital(&sentence))
}

/// Why IO cannot.
fn no_io(outlook: &Outlook) -> String {
    let service = outlook.service.as_deref().unwrap_or_default();
    match outlook.no_io {
        None | Some(NoIo::NoService) => {
            "su IO per ora non si avvisa, nessun servizio è scelto per gli aggiornamenti".to_owned()
        }
        Some(NoIo::SwitchedOff) => {
            format!("su IO per ora non si avvisa, un amministratore ha spento l’invio del servizio «{service}»")
        }
        Some(NoIo::OnTrial) => format!(
            "su IO non si può, il servizio «{service}» è in prova e questa persona non è tra i codici di prova"
        ),
        Some(NoIo::NoCode) => {
            "su IO non si può, non si conosce il codice fiscale di chi ha scritto".to_owned()
        }
        Some(NoIo::Declared) => {
            "su IO non si può, il codice fiscale è dichiarato e non provato: se sai chi è, collega il contribuente"
                .to_owned()
        }
        Some(NoIo::Another) => {
            "su IO non si può: il codice fiscale è del contribuente, e la richiesta l’ha mandata un’altra persona".to_owned()
        }
        Some(NoIo::Company) => {
            "su IO non si può, il codice è di un’impresa o di un ente (11 cifre) e IO raggiunge solo le persone"
                .to_owned()
        }
        Some(NoIo::Malformed) => {
            "su IO non si può, il codice fiscale che abbiamo non è scritto bene".to_owned()
        }
    }
}

/// What is known of IO before a notification leaves, where one would.
pub fn before(outlook: &Outlook) -> Vec<String> {
    let service = outlook.service.as_deref().unwrap_or_default();
    let before = &outlook.before;
    let waits = before
        .waits_until
        .map(|until| format!("Sono ore di silenzio: su IO parte dopo, il {}.", moment(Language::It, until)));
    let stopped = before.stopped.then(|| {
        format!(
            "In questo momento IO rifiuta il servizio «{service}»: la notifica aspetta che sia sistemato, al massimo un giorno."
        )
    });
    let missed = before.missed.map(|(state, at)| {
        let why = match state {
            State::NotOnIo => "la persona non era su IO",
            State::ServiceOff => "la persona aveva disattivato il servizio",
            _ => "IO non l’ha consegnata: la persona non era su IO o aveva disattivato il servizio",
        };
        format!("L’ultima volta, il {}, {why}.", day(rome_date(at)))
    });
    [waits, stopped, missed].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        actions::progress::Before,
        domain::progress::{Reach, plan},
    };

    fn said(rule: Way, reach: Reach, no_io: Option<NoIo>) -> String {
        let outlook = Outlook {
            reach,
            no_io,
            service: Some("Segnalazioni".to_owned()),
            certifies: false,
            plans: Vec::new(),
            before: Before::default(),
        };
        way(&outlook, rule, plan(rule, reach))
    }

    #[test]
    fn the_operator_reads_which_way_it_goes_and_why() {
        let reach = |chosen, io, mail| Reach { chosen, io, mail };
        let by_io = reach(None, true, true);
        assert_eq!(said(Way::Best, by_io, None), "Su IO; se IO non lo raggiunge, per posta elettronica.");
        assert!(
            said(Way::Best, reach(Some(ToldBy::Mail), true, true), None).contains("ha scelto il cittadino")
        );
        assert!(said(Way::Best, reach(Some(ToldBy::Nothing), true, true), None).contains("di non ricevere"));
        assert!(said(Way::Nothing, by_io, None).contains("le regole dicono di non avvisare"));
        assert!(said(Way::Mail, reach(None, true, false), None).starts_with("Nessun canale"));
        assert!(said(Way::Pec, by_io, None).contains("non ha una casella PEC"));
    }

    #[test]
    fn each_reason_why_io_cannot_has_words_of_its_own() {
        let by_mail = Reach { chosen: None, io: false, mail: true };
        let reasons = [
            (NoIo::NoService, "nessun servizio è scelto"),
            (NoIo::SwitchedOff, "ha spento l’invio del servizio «Segnalazioni»"),
            (NoIo::OnTrial, "è in prova e questa persona non è tra i codici"),
            (NoIo::NoCode, "non si conosce il codice fiscale"),
            (NoIo::Declared, "dichiarato e non provato"),
            (NoIo::Another, "l’ha mandata un’altra persona"),
            (NoIo::Company, "solo le persone"),
            (NoIo::Malformed, "non è scritto bene"),
        ];
        for (why, words) in reasons {
            for rule in [Way::Best, Way::MailAndIo] {
                let said = said(rule, by_mail, Some(why));
                assert!(said.contains(words) && said.contains("posta elettronica: "), "{said}");
            }
        }
    }
}
