//! What citizens write, topic by topic: subject and words of a letter belong together, and to the answer of the same
//! place in [`answers`]. The words were written for this file; nobody ever sent them.
//!
//! `{via}`, `{giorno}`, `{il}`, `{del}`, `{anno}`, `{importo}` are filled in by [`Details::told`](super::topic::Details::told).

use super::{
    answers,
    topic::{Enclosure, Flow, Topic},
};

/// The topics, the frequent ones several times: case after case takes the next.
pub(super) const DECK: [&Topic; 23] = [
    &MISSED,
    &BROKEN_BIN,
    &DOUBLE_BILL,
    &BULKY,
    &STREET,
    &INFORMATION,
    &RECTIFICATION,
    &DUMPING,
    &MISSED,
    &TERMINATION,
    &COMPLAINT,
    &BROKEN_BIN,
    &CHANGE,
    &MISSED,
    &PRAISE,
    &DOUBLE_BILL,
    &INFORMATION,
    &STREET,
    &ACTIVATION,
    &BULKY,
    &COMPLAINT,
    &DANGER,
    &NEWSLETTER,
];

/// Missed collection.
pub(super) static MISSED: Topic = Topic {
    kind: "disruption",
    requests: &[
        (
            "Mancato ritiro {del}",
            "anche questo {giorno} il ritiro {del} in {via} non è stato fatto. Il contenitore era fuori dalla sera prima, \
             come indicato nel calendario, e il giorno dopo era ancora pieno.\n\n\
             Vi chiedo di passare a recuperarlo e di farmi sapere se il calendario è cambiato.",
        ),
        (
            "Di nuovo saltato il passaggio di {giorno}",
            "è la terza volta in un mese che saltate {via}. I contenitori {del} restano sul marciapiede per giorni e i \
             passanti ci buttano di tutto. La tassa la paghiamo puntualmente: vorrei almeno una spiegazione.",
        ),
        (
            "non avete ritirato {il} - {via}",
            "segnalo che {giorno} il camion è passato in {via} ma ha svuotato soltanto i contenitori del lato dei numeri \
             dispari. Dal nostro lato è rimasto tutto fuori. Potete ripassare?",
        ),
    ],
    enclosure: Enclosure::Photo,
    flow: Flow::Usual,
    desk: answers::MISSED,
};

static BROKEN_BIN: Topic = Topic {
    kind: "repair",
    requests: &[
        (
            "Richiesta sostituzione mastello",
            "il mastello {del} ha il manico spezzato dopo l'ultimo svuotamento e non si riesce più a chiudere. Come posso \
             averne uno nuovo?",
        ),
        (
            "Bidone condominiale senza ruota - {via}",
            "il bidone condominiale in {via} ha perso una ruota e il coperchio non si chiude. Gli animali lo rovesciano \
             ogni notte. Allego una fotografia.\n\nChiedo la riparazione o la sostituzione.",
        ),
        (
            "contenitore rotto, secondo messaggio",
            "vi avevo già telefonato per il contenitore rotto in {via}. Mi avevano detto quindici giorni, ne sono passati \
             più di trenta. Aspetto ancora.",
        ),
    ],
    enclosure: Enclosure::Photo,
    flow: Flow::Usual,
    desk: answers::BROKEN_BIN,
};

static DOUBLE_BILL: Topic = Topic {
    kind: "rectification",
    requests: &[
        (
            "Avviso TARI {anno} ricevuto due volte",
            "ho ricevuto due avvisi di pagamento per lo stesso immobile di {via}, tutti e due di euro {importo}. Uno dei due \
             è sicuramente sbagliato. Vi chiedo di annullarlo e di confermarmelo per iscritto.",
        ),
        (
            "Doppio pagamento TARI",
            "controllando l'estratto conto vedo che ho pagato due volte la rata della TARI {anno}, euro {importo}. Vorrei il \
             rimborso oppure lo scomputo dalla prossima rata. In allegato trovate l'avviso.",
        ),
        (
            "Sollecito per una bolletta già pagata",
            "mi è arrivato un sollecito per la TARI {anno} che ho già pagato a giugno. È possibile che nessuno controlli \
             prima di spedire? Allego la copia dell'avviso pagato, euro {importo}.",
        ),
    ],
    enclosure: Enclosure::Bill,
    flow: Flow::Usual,
    desk: answers::DOUBLE_BILL,
};

static RECTIFICATION: Topic = Topic {
    kind: "rectification",
    requests: &[
        (
            "Superficie errata nell'avviso TARI",
            "nell'avviso TARI {anno} la superficie indicata per {via} è di 142 metri quadrati, mentre la planimetria \
             catastale ne riporta 96. Chiedo la rettifica degli importi addebitati (euro {importo}) e il ricalcolo degli \
             anni precedenti.",
        ),
        (
            "Numero occupanti sbagliato",
            "nell'avviso risultano quattro occupanti ma dal mese di febbraio in casa siamo in due, perché i figli hanno \
             spostato la residenza. Chiedo di correggere l'importo.",
        ),
        (
            "Richiesta di rettifica TARI {anno}",
            "per l'attività di {via} mi viene applicata la categoria delle pizzerie, ma noi vendiamo solo prodotti \
             confezionati. La differenza è notevole: euro {importo}. Chiedo una verifica.",
        ),
    ],
    enclosure: Enclosure::Bill,
    flow: Flow::Usual,
    desk: answers::RECTIFICATION,
};

static INFORMATION: Topic = Topic {
    kind: "information",
    requests: &[
        (
            "Orari del centro di raccolta",
            "vorrei sapere gli orari del centro di raccolta il sabato e se per portare un vecchio materasso serve la tessera.",
        ),
        (
            "Calendario raccolta {anno}",
            "abito da poco in {via} e non trovo il calendario della mia zona. Potete inviarmelo? Vorrei anche sapere dove \
             ritirare i sacchetti {del}.",
        ),
        (
            "Dove si buttano le capsule del caffè?",
            "le capsule del caffè e i cartoni del latte dove vanno? I vicini dicono una cosa, il vostro opuscolo un'altra.",
        ),
    ],
    enclosure: Enclosure::None,
    flow: Flow::Usual,
    desk: answers::INFORMATION,
};

static BULKY: Topic = Topic {
    kind: "pickup",
    requests: &[
        (
            "Ritiro divano e frigorifero",
            "chiedo il ritiro a domicilio di un divano a tre posti e di un frigorifero in {via}. Posso lasciarli davanti al \
             cancello. Quando potete passare?",
        ),
        (
            "Ritiro ingombranti al piano",
            "mia madre ha 84 anni e deve liberarsi di una lavatrice e di due reti. Abita al secondo piano in {via}: ritirate \
             anche in casa o bisogna portare tutto in strada?",
        ),
        (
            "ritiro prenotato e non fatto",
            "avevo prenotato il ritiro per {giorno} e non si è visto nessuno. Ora ho un armadio smontato sotto il portico e \
             il vicino che protesta. Quando passate?",
        ),
    ],
    enclosure: Enclosure::None,
    flow: Flow::Usual,
    desk: answers::BULKY,
};

static STREET: Topic = Topic {
    kind: "disruption",
    requests: &[
        (
            "Cassonetti strapieni",
            "i cassonetti in {via} sono pieni da {giorno} e ormai i sacchi sono per terra. Non è la prima volta che lo segnalo.",
        ),
        (
            "Strada non spazzata da settimane",
            "lo spazzamento in {via} non si vede da settimane: le foglie hanno coperto le caditoie e alla prima pioggia si \
             allaga tutto. Chiedo un intervento e il calendario dei passaggi.",
        ),
        (
            "Rumore delle campane del vetro in {via}",
            "da quando avete spostato le campane del vetro davanti a {via} il rumore comincia alle cinque del mattino. \
             Capisco le esigenze del servizio, ma così non si dorme.",
        ),
    ],
    enclosure: Enclosure::Photo,
    flow: Flow::Usual,
    desk: answers::STREET,
};

static DUMPING: Topic = Topic {
    kind: "disruption",
    requests: &[
        (
            "Discarica abusiva vicino a {via}",
            "segnalo un abbandono di rifiuti in fondo a {via}: copertoni, calcinacci e quello che sembra eternit. Allego la \
             foto.",
        ),
        (
            "Segnalazione abbandono",
            "qualcuno ha scaricato nella notte una decina di sacchi neri lungo il fosso di {via}. Ho visto un furgone bianco, \
             ma la targa non si leggeva.",
        ),
    ],
    enclosure: Enclosure::Photo,
    flow: Flow::Usual,
    desk: answers::DUMPING,
};

static TERMINATION: Topic = Topic {
    kind: "termination",
    requests: &[
        (
            "Chiusura TARI per vendita immobile",
            "ho venduto l'appartamento di {via} con atto del mese scorso. Chiedo la cessazione dell'utenza e il conguaglio di \
             quanto già pagato. Ho già riconsegnato i contenitori al centro di raccolta.",
        ),
        (
            "Cessazione utenza per decesso",
            "a seguito della scomparsa di mio padre l'abitazione di {via} è vuota, senza utenze e senza mobili. Vi chiedo di \
             chiudere la posizione TARI e di indicarmi quali documenti servono.",
        ),
    ],
    enclosure: Enclosure::None,
    flow: Flow::Usual,
    desk: answers::TERMINATION,
};

static CHANGE: Topic = Topic {
    kind: "change",
    requests: &[
        (
            "Variazione numero occupanti",
            "comunico che dal primo del mese in {via} siamo in tre e non più in due, perché è nata nostra figlia. Serve altro \
             da parte mia? Vorrei anche chiedere il contenitore per i pannolini.",
        ),
        (
            "Cambio di casa dentro il Comune",
            "ho cambiato casa: da {via} a un appartamento più piccolo, sempre nel Comune. Posso tenere gli stessi contenitori \
             e la stessa tessera?",
        ),
    ],
    enclosure: Enclosure::None,
    flow: Flow::Usual,
    desk: answers::CHANGE,
};

static ACTIVATION: Topic = Topic {
    kind: "activation",
    requests: &[
        (
            "Attivazione utenza",
            "dal mese prossimo abiterò in {via}, in affitto. Come faccio ad attivare l'utenza e a ritirare il kit dei contenitori?",
        ),
        (
            "Nuova attività: richiesta contenitori",
            "apriamo un negozio di alimentari in {via}. Ci servono i contenitori {del} e per il cartone, con un ritiro \
             frequente. Quali documenti dobbiamo mandare?",
        ),
    ],
    enclosure: Enclosure::None,
    flow: Flow::Usual,
    desk: answers::ACTIVATION,
};

static COMPLAINT: Topic = Topic {
    kind: "complaint",
    requests: &[
        (
            "Reclamo per attesa allo sportello",
            "{giorno} ho atteso un'ora e quaranta allo sportello, con tre persone davanti e una sola postazione aperta. \
             Quando è toccato a me il sistema era bloccato. Non è un modo serio di trattare le persone.",
        ),
        (
            "Numero verde sempre occupato",
            "da dieci giorni provo a chiamare il numero verde: musica, poi cade la linea. Vi scrivo perché non so più come \
             contattarvi. Mi serve sapere soltanto se la mia domanda di riduzione è stata accolta.",
        ),
        (
            "RECLAMO",
            "l'operatore che ha risposto {giorno} mi ha chiuso il telefono in faccia dopo avermi detto che «non era affar \
             suo». Presento formale reclamo e chiedo una risposta scritta nei termini di legge.",
        ),
    ],
    enclosure: Enclosure::None,
    flow: Flow::Usual,
    desk: answers::COMPLAINT,
};

static PRAISE: Topic = Topic {
    kind: "other",
    requests: &[
        (
            "Un grazie ai vostri operatori",
            "una volta tanto non scrivo per protestare. Questo {giorno} i ragazzi del giro in {via} hanno aiutato la mia \
             vicina, che è in carrozzina, a portare fuori i contenitori. Vi prego di ringraziarli da parte mia.",
        ),
        (
            "Complimenti",
            "ho chiamato per un ritiro e in due giorni era tutto fatto, con gentilezza. Giusto dirlo, quando le cose funzionano.",
        ),
    ],
    enclosure: Enclosure::None,
    flow: Flow::Praise,
    desk: answers::PRAISE,
};

static DANGER: Topic = Topic {
    kind: "emergency",
    requests: &[(
        "URGENTE: cassonetto in mezzo alla strada",
        "il vento ha spinto un cassonetto in mezzo alla carreggiata di {via}, subito dopo la curva. Con il buio non si vede. \
         Mandate qualcuno prima che succeda un incidente.",
    )],
    enclosure: Enclosure::Photo,
    flow: Flow::Usual,
    desk: answers::DANGER,
};

static NEWSLETTER: Topic = Topic {
    kind: "other",
    requests: &[(
        "Notizie dalla Fiera dell'Ambiente: il programma {anno}",
        "Il programma della Fiera dell'Ambiente è in linea: tre giorni di incontri su raccolta puntuale, riuso e \
         compostaggio.\n\n\
         Le iscrizioni si fanno sul sito della fiera.\n\n\
         Ricevi questo messaggio perché sei nella nostra lista. Per non riceverlo più usa il collegamento in fondo.",
    )],
    enclosure: Enclosure::None,
    flow: Flow::List,
    desk: answers::NONE,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        demo::{self, topic::Details},
        domain::deadline::DEFAULT_KINDS,
    };

    #[test]
    fn every_slot_of_every_text_is_filled() {
        let details = Details::invent(&mut demo::dice(1, 0), "Via Roma 1".to_owned(), 2026);
        for topic in DECK {
            let desk = &topic.desk;
            let requests = topic.requests.iter().flat_map(|(subject, words)| [subject, words]);
            for text in requests.chain(desk.settling).chain([&desk.question, &desk.detail, &desk.note]) {
                let told = details.told(text);
                assert!(!told.contains(['{', '}']) && !told.contains("  "), "{told}");
            }
        }
    }

    #[test]
    fn every_request_has_a_kind_that_exists_and_an_answer_of_its_own() {
        for topic in DECK {
            assert!(DEFAULT_KINDS.iter().any(|kind| kind.code == topic.kind), "{}", topic.kind);
            let answers = if topic.flow == Flow::List { 0 } else { topic.requests.len() };
            assert_eq!(topic.desk.settling.len(), answers, "{:?}", topic.requests);
        }
    }
}
