//! A long exchange: nine times the desk writes, nine times the citizen answers. With the first letter and its
//! acknowledgement that makes a work order of twenty communications.

/// What the desk writes, and what comes back.
pub(super) const ROUNDS: [(&str, &str); 9] = [
    (
        "abbiamo ricevuto la segnalazione e chiesto spiegazioni alla ditta che fa il giro. Le scriviamo appena abbiamo la loro \
         risposta.",
        "grazie, ma vi faccio presente che anche ieri il contenitore è rimasto pieno. Spero che la ditta risponda in fretta.",
    ),
    (
        "la ditta dichiara che il contenitore non era esposto. Può confermarci a che ora lo mette fuori?",
        "era fuori dalle nove della sera prima, come ogni settimana da dieci anni. Ho i vicini come testimoni. La ditta dichiara il falso.",
    ),
    (
        "prendiamo atto di quanto scrive e abbiamo disposto un controllo con un nostro ispettore al prossimo passaggio.",
        "bene. A che ora passa? Vorrei esserci.",
    ),
    (
        "l'ispettore segue il mezzo dalle cinque e mezza e arriva in {via} verso le sette. Non serve che sia presente, ma può \
         parlare con lui senza problemi.",
        "l'ho aspettato fino alle otto: né ispettore né camion. Comincio a pensare che mi prendiate in giro.",
    ),
    (
        "ci scusiamo: il mezzo ha avuto un guasto alla partenza e l'intero giro è slittato al pomeriggio. L'ispettore era a bordo e \
         ha trovato il suo contenitore regolarmente esposto. Lo scriviamo perché resti agli atti.",
        "finalmente qualcuno lo scrive. Allora la ditta ammette di avere saltato le altre volte?",
    ),
    (
        "sì: dai dati del localizzatore risulta che nelle tre settimane precedenti il mezzo non è entrato nella sua strada. Alla \
         ditta è stata applicata la penale prevista dal contratto.",
        "la penale va a voi, il disagio è rimasto a me. Ho diritto a una riduzione della tariffa?",
    ),
    (
        "la riduzione è prevista quando il servizio manca per più giorni di quelli indicati nel regolamento. Abbiamo passato la \
         richiesta all'ufficio tariffe, che le risponde dentro questa stessa pratica.",
        "attendo l'ufficio tariffe. Intanto questa settimana sono passati, lo riconosco.",
    ),
    (
        "l'ufficio tariffe conferma la riduzione: euro {importo} vengono scalati dalla prossima rata. In questo modo la pratica \
         si può chiudere, salvo che lei abbia altro da segnalare.",
        "va bene per la riduzione. Chiedo solo che resti scritto quali giorni avete considerato, così posso controllare.",
    ),
    (
        "certamente: sono i quattro passaggi saltati {giorno} dopo {giorno}, uno per settimana. Li trova elencati anche nella nota \
         che accompagna l'avviso.",
        "ora è tutto chiaro. Ci sono volute settimane, ma vi ringrazio della pazienza e della correttezza.",
    ),
];
