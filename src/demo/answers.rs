//! What the desk says, topic by topic: a question, an answer, a note for colleagues. The citizen's answer to the
//! question stands here too, beside what it answers.

/// The desk's side of a topic.
#[derive(Debug)]
pub(super) struct Answers {
    /// Asks for what is missing.
    pub(super) question: &'static str,
    /// What the citizen says to that.
    pub(super) detail: &'static str,
    /// Settles the matter: one answer for each of the topic's requests, in their order.
    pub(super) settling: &'static [&'static str],
    /// For colleagues.
    pub(super) note: &'static str,
}

/// Settles what an answer did not.
pub(super) const FINAL: [&str; 3] = [
    "ha ragione, e ce ne scusiamo. Abbiamo riletto tutta la pratica con il responsabile: quello che chiedeva è stato fatto oggi, e \
     per due settimane controlliamo che resti a posto.",
    "abbiamo riaperto la pratica e rifatto la verifica da capo. La prima risposta non teneva conto di tutto quello che ci \
     aveva scritto: la correzione è stata registrata oggi.",
    "ci dispiace che abbia dovuto scriverci due volte. Il caso è ora seguito dal coordinatore, che ha confermato la soluzione. Per \
     qualsiasi cosa risponda pure qui.",
];

pub(super) const MISSED: Answers = Answers {
    question: "per verificare con la squadra ci serve sapere dove lascia di solito il contenitore e da che ora era esposto. \
               Può rispondere a questo messaggio: basta una riga.",
    detail: "lo lascio davanti al cancello, sul lato del marciapiede. Era fuori dalle nove di sera, come sempre.",
    settling: &[
        "abbiamo verificato con il responsabile del giro: {giorno} il mezzo si è fermato per un guasto e l'ultima parte della zona \
         è rimasta scoperta. Il recupero {del} in {via} è stato fatto il giorno dopo; il calendario non è cambiato.\n\n\
         Ci scusiamo per il disagio. Se dovesse ripetersi ci scriva lo stesso giorno: riusciamo a rimediare prima.",
        "la spiegazione c'è, e non è una scusa: il giro di {giorno} è stato affidato a una squadra nuova che non conosceva la strada. \
         Da questa settimana in {via} passa di nuovo la squadra di prima, e il recupero è già stato fatto.",
        "ha ragione: sul foglio del giro mancavano i numeri pari di {via}. Il foglio è stato corretto e il mezzo è ripassato il \
         mattino dopo. Ci scusiamo per il disagio.",
    ],
    note: "Sentito il caposquadra: giro incompleto per guasto al mezzo, recupero già in programma.",
};

pub(super) const BROKEN_BIN: Answers = Answers {
    question: "per preparare la sostituzione ci serve il codice che si trova sotto il manico del contenitore (otto cifre), o una \
               fotografia in cui si legga.",
    detail: "il codice è 40031875. Se passate di mattina, in casa c'è sempre qualcuno.",
    settling: &[
        "la sostituzione del mastello è in programma: la squadra passa in {via} entro la settimana, non serve che sia in casa. Lasci \
         quello vecchio, vuoto, accanto al cancello.",
        "il bidone è stato riparato sul posto {giorno}: abbiamo cambiato la ruota e il coperchio. Grazie della fotografia, ha permesso \
         di portare subito il ricambio giusto.",
        "la telefonata risulta, l'ordine al magazzino no: è stato un nostro errore. Il contenitore nuovo è stato consegnato in {via} \
         {giorno}. Ci scusiamo per l'attesa.",
    ],
    note: "Ordine passato al magazzino. Mastelli da 40 litri in arrivo, attenzione: quelli marroni sono finiti.",
};

pub(super) const DOUBLE_BILL: Answers = Answers {
    question: "per controllare i pagamenti ci serve la copia delle due ricevute, oppure la data e il codice dell'avviso (18 cifre) di \
               ciascuna.",
    detail: "le date sono il 12 e il 16 giugno, l'importo è sempre euro {importo}. Le ricevute sono quelle dell'app della banca, \
             posso mandarle se servono.",
    settling: &[
        "la doppia emissione è confermata: i due avvisi riguardano la stessa utenza di {via}. Quello in più è stato annullato e non \
         va pagato. In allegato la conferma scritta che ha chiesto.",
        "il secondo pagamento risulta incassato. Come ha chiesto, euro {importo} vengono scalati dalla prossima rata: nell'avviso \
         troverà la voce «credito precedente».\n\nIn allegato il conteggio.",
        "il suo pagamento di giugno era stato registrato su un'altra utenza. L'abbiamo spostato su quella giusta e il sollecito è \
         annullato: può ignorarlo. Ci scusiamo, il controllo prima della spedizione non ha funzionato.",
    ],
    note: "Verificato in banca dati: due posizioni sulla stessa unità, una aperta per errore nel cambio di gestionale. \
           Controllare anche i vicini di civico.",
};

pub(super) const RECTIFICATION: Answers = Answers {
    question: "per la rettifica ci serve la planimetria o la visura catastale dell'immobile di {via}. Può mandarla rispondendo a \
               questo messaggio, anche come fotografia.",
    detail: "la visura è quella che ho portato allo sportello in primavera; i metri quadrati sono 96, il subalterno è il 4.",
    settling: &[
        "la richiesta è fondata. La superficie di {via} è stata corretta e gli importi ricalcolati anche per gli anni precedenti: \
         la differenza è a suo credito. In allegato trova il conteggio con le tariffe applicate.",
        "il numero di occupanti è stato corretto dal mese di febbraio. La differenza viene scalata dalla prossima rata; in allegato \
         il nuovo conteggio.",
        "abbiamo verificato: l'attività di {via} è ora nella categoria dei generi alimentari. La differenza di euro {importo} viene \
         rimborsata entro 60 giorni sul conto da cui è partito il pagamento.",
    ],
    note: "Controllare con l'anagrafe la data del cambio di residenza prima di ricalcolare.",
};

pub(super) const INFORMATION: Answers = Answers {
    question: "per darle il calendario giusto ci serve sapere in quale zona abita: via e numero civico bastano.",
    detail: "abito in {via}.",
    settling: &[
        "il centro di raccolta è aperto il sabato dalle 8.30 alle 12.30 e dalle 14 alle 17. Per il materasso basta la tessera \
         sanitaria dell'intestatario dell'utenza.",
        "in allegato il calendario {anno} della zona di {via}. I sacchetti si ritirano allo sportello, dal lunedì al venerdì, con la \
         tessera sanitaria.",
        "i cartoni del latte vanno con la carta, schiacciati e senza tappo; le capsule di plastica nell'indifferenziato, quelle di \
         alluminio, svuotate, con i metalli. L'opuscolo è stato corretto: grazie della segnalazione.",
    ],
    note: "Domanda frequente: proporre di aggiungerla al sito.",
};

pub(super) const BULKY: Answers = Answers {
    question: "per prenotare il ritiro ci serve l'elenco dei pezzi con le misure indicative e un giorno della settimana comodo per \
               l'esposizione.",
    detail: "i pezzi sono due, il più grande è lungo poco più di due metri. Per noi va bene {giorno}, la mattina presto.",
    settling: &[
        "il ritiro in {via} è fissato per {giorno} prossimo. I pezzi vanno lasciati in strada dalla sera prima, senza ingombrare il \
         passaggio. Il servizio è gratuito fino a cinque pezzi.",
        "il ritiro al piano è possibile per chi ha più di 75 anni: l'abbiamo prenotato per {giorno} prossimo, tra le 8 e le 12. Gli \
         operatori suonano il campanello e si presentano con il tesserino.",
        "la prenotazione c'era, ma il mezzo si è riempito prima di arrivare da lei. Il ritiro è stato fatto il primo giorno libero, e \
         l'armadio non c'è più: ci scusiamo con lei e con il vicino.",
    ],
    note: "Ritiro al piano: servono due operatori.",
};

pub(super) const STREET: Answers = Answers {
    question: "può dirci a quale altezza di {via} si trova il problema? Una fotografia aiuta la squadra a portare il mezzo giusto.",
    detail: "è all'altezza della fermata dell'autobus, sul lato dei negozi.",
    settling: &[
        "i cassonetti di {via} sono stati svuotati e l'area intorno pulita. Da questa settimana il passaggio diventa doppio, \
         {giorno} e sabato, finché il problema non si risolve.",
        "la spazzatrice è passata in {via} {giorno} e le caditoie sono state liberate a mano. Il passaggio ordinario è ogni due \
         settimane, il primo e il terzo {giorno} del mese.",
        "lo svuotamento delle campane in {via} è stato spostato dopo le otto. Se sente ancora il mezzo prima di quell'ora ci scriva \
         il giorno: lo facciamo presente alla ditta.",
    ],
    note: "Zona con lavori in corso: la spazzatrice grande non passa, mandare quella piccola.",
};

pub(super) const DUMPING: Answers = Answers {
    question: "ci può indicare meglio il punto? Va bene anche una posizione presa dal telefono. Non tocchi i materiali, soprattutto le \
               lastre ondulate.",
    detail: "è trenta metri dopo l'ultima casa, a destra, dove la strada diventa sterrata.",
    settling: &[
        "la segnalazione è stata passata alla polizia locale, che ha fatto il sopralluogo {giorno}. La rimozione dei rifiuti non \
         pericolosi è stata eseguita; per le lastre interviene una ditta abilitata.",
        "il fosso di {via} è stato ripulito. Nei sacchi c'erano documenti che la polizia locale sta esaminando. Grazie della \
         segnalazione.",
    ],
    note: "Possibile amianto: non far intervenire la squadra ordinaria.",
};

pub(super) const TERMINATION: Answers = Answers {
    question: "per chiudere l'utenza ci serve la data della vendita o della riconsegna delle chiavi, e un indirizzo a cui mandare il \
               conguaglio.",
    detail: "la data è il 30 del mese scorso. Per il conguaglio va bene questo indirizzo di posta.",
    settling: &[
        "l'utenza di {via} è cessata dalla data della vendita. Il conguaglio è a suo credito per euro {importo} e viene rimborsato \
         entro 60 giorni. In allegato la conferma di cessazione.",
        "ci dispiace per la sua perdita. L'utenza di {via} è stata chiusa: i dati dell'anagrafe bastano, non servono altri documenti. \
         Se arrivasse ancora un avviso a nome di suo padre, risponda a questo messaggio e lo annulliamo.",
    ],
    note: "Contenitori riconsegnati: controllare il registro del centro di raccolta.",
};

pub(super) const CHANGE: Answers = Answers {
    question: "per registrare la variazione ci serve la data da cui vale e il codice utente, che si trova in alto a destra \
               sull'avviso di pagamento.",
    detail: "la data è il primo di questo mese. Il codice lo leggo sull'avviso, ma è in parte cancellato.",
    settling: &[
        "auguri! La variazione per {via} è registrata e vale dal primo del mese. Il contenitore per i pannolini si ritira allo \
         sportello, oppure lo portiamo noi {giorno} prossimo.",
        "i contenitori e la tessera restano gli stessi: li porti nella nuova casa. L'utenza di {via} è chiusa e quella nuova è già \
         attiva, senza altre domande da presentare.",
    ],
    note: "Anagrafe aggiornata, nessun sopralluogo.",
};

pub(super) const ACTIVATION: Answers = Answers {
    question: "per attivare l'utenza ci servono i dati catastali dell'immobile e la data di inizio. Li trova sul contratto di affitto.",
    detail: "foglio 12, particella 340, subalterno 7. Il contratto parte dal primo del mese prossimo.",
    settling: &[
        "l'utenza di {via} è attiva dalla data del contratto. Il kit dei contenitori si ritira allo sportello con questo messaggio, \
         oppure lo portiamo noi {giorno} prossimo: ci dica che cosa preferisce.",
        "per l'attività di {via} consegniamo {giorno} prossimo i contenitori {del} e due carrelli per il cartone, con ritiro ogni \
         giorno lavorativo. Bastano la visura camerale e la planimetria, anche rispondendo qui.",
    ],
    note: "Preparare kit e calendario di zona.",
};

pub(super) const COMPLAINT: Answers = Answers {
    question: "per ricostruire l'accaduto ci serve l'ora, anche indicativa, e il numero da cui ha chiamato o la sede in \
               cui è successo.",
    detail: "era poco dopo le undici. La sede è quella di Piazza Matteotti.",
    settling: &[
        "il reclamo è fondato: quel {giorno} due postazioni su tre erano chiuse per un guasto alla linea e il personale non ha \
         avvisato chi era in attesa. Da questo mese è possibile prenotare l'appuntamento e l'attesa media è scesa sotto i venti \
         minuti.\n\nCi scusiamo per il tempo che le abbiamo fatto perdere.",
        "la domanda di riduzione è stata accolta: la troverà nell'avviso {anno}. Il numero verde ha avuto un guasto al centralino, \
         ora riparato; abbiamo aggiunto due operatori nelle ore di punta.",
        "abbiamo ascoltato la registrazione della chiamata. Il modo in cui le è stato risposto non è quello che chiediamo ai nostri \
         operatori, e il fornitore del servizio è stato richiamato per iscritto. Le chiediamo scusa.",
    ],
    note: "Terzo reclamo sullo sportello questo mese: avvisare la responsabile.",
};

pub(super) const PRAISE: Answers = Answers {
    question: "grazie! Ci dice in quale giorno è successo, così ringraziamo le persone giuste?",
    detail: "era {giorno}, verso le sette e mezza.",
    settling: &[
        "grazie di cuore: abbiamo letto il suo messaggio alla squadra questa mattina, e ha fatto molto piacere. Buona giornata.",
        "grazie a lei: poche righe come le sue aiutano più di tante riunioni. Le abbiamo girate a chi ha fatto il ritiro.",
    ],
    note: "Letto in riunione.",
};

pub(super) const DANGER: Answers = Answers {
    question: "la squadra è in viaggio. Il cassonetto si trova prima o dopo la curva, venendo dal centro?",
    detail: "dopo la curva, venendo dal centro. Ho messo il triangolo della macchina.",
    settling: &[
        "la squadra è intervenuta in {via} entro un'ora e il cassonetto è stato fissato. Grazie: segnalazioni come la sua evitano incidenti.",
    ],
    note: "Chiamata la reperibilità, intervento chiuso.",
};

/// Nobody answers a list.
pub(super) const NONE: Answers = Answers { question: "", detail: "", settling: &[], note: "" };
