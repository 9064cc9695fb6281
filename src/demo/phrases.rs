//! What citizens write whatever the topic.

/// Ways to begin.
pub(super) const OPENINGS: [&str; 6] = [
    "Buongiorno,",
    "Buonasera,",
    "Spett.le Ambiente Valle Serena,",
    "Gentili signori,",
    "Salve,",
    "Alla cortese attenzione dell'ufficio utenti,",
];

/// Ways to end.
pub(super) const CLOSINGS: [&str; 6] = [
    "Cordiali saluti",
    "Distinti saluti",
    "Grazie e buon lavoro",
    "In attesa di un riscontro, saluto cordialmente",
    "Grazie",
    "Resto in attesa di una risposta.",
];

/// What everybody writes who is not content with an answer.
pub(super) const INSISTENCE: [&str; 4] = [
    "grazie della risposta, ma così non ho risolto. Potete spiegarmi meglio che cosa devo fare io e che cosa fate voi?",
    "leggo che per voi la questione è chiusa: per me no. Chiedo che la pratica venga riaperta e che qualcuno mi telefoni.",
    "mi avete risposto, e ne prendo atto, ma non avete risposto a tutto. Vi prego di rileggere quello che ho scritto.",
    "ho aspettato qualche giorno prima di riscrivervi: dopo la vostra risposta non ho visto niente di nuovo.",
];

/// What some write when all is well.
pub(super) const THANKS: [&str; 4] = [
    "tutto chiaro. Grazie della cortesia.",
    "grazie per la risposta rapida. Per me potete chiudere.",
    "perfetto, grazie mille e buona giornata.",
    "vi ringrazio: non me l'aspettavo così in fretta.",
];

/// What a mail program answers for somebody who is away.
pub(super) const AWAY: (&str, &str) = (
    "Risposta automatica: sono fuori ufficio",
    "Grazie per il messaggio. Sono assente e leggerò la posta al mio rientro, lunedì prossimo.\n\
     Per le urgenze telefonate in sede.\n\n(Risposta generata in automatico)",
);
