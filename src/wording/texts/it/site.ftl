# The frame of the portal.
site-name = Sportello online rifiuti
site-brand = Sportello online di { $organisation }
site-slim = Servizio di gestione dei rifiuti urbani
site-languages = Lingua
site-skip-main = Vai al contenuto
site-skip-footer = Vai al piè di pagina
site-phone = Preferisci telefonare?
site-phone-short = Telefono
site-nav = Principale
site-nav-home = Servizi
site-nav-track = Segui una richiesta
site-nav-notices = Avvisi
site-nav-list = Segnalazioni
site-preview = Anteprima: lo sportello è chiuso e i cittadini non lo vedono.
site-contacts = Contatti
site-privacy = Informativa privacy
site-accessibility = Dichiarazione di accessibilità
site-legal = Note legali
site-licences = Licenze dei componenti
site-error = Errore:
site-home-link = Torna alla pagina iniziale
site-breadcrumb = Percorso di navigazione
site-home = Sportello online
site-choose-title = Scegli il tuo gestore
site-to-complete-phone = **[Da completare a cura dell’ente: numero di telefono.]**

# What went wrong.
site-failed-title-not-found = Pagina non trovata
site-failed-text-not-found = L’indirizzo è sbagliato, oppure quello che cerchi non c’è più.
site-failed-title-foreign = Richiesta fermata per sicurezza
site-failed-text-foreign = La richiesta arriva da un altro sito. Apri lo sportello e riprova da lì.
site-failed-title-conflict = Nel frattempo è cambiato qualcosa
site-failed-text-conflict = Torna alla pagina, controlla e riprova.
site-failed-title-too-large = I dati sono troppi
site-failed-text-too-large = Torna alla pagina, accorcia il testo o togli qualche file, e riprova.
site-failed-title-unreadable = Il modulo non è arrivato intero
site-failed-text-unreadable = Torna alla pagina, ricaricala e riprova.
site-failed-title-wait = Un momento di pazienza
site-failed-text-wait = Stanno arrivando molte richieste. Riprova tra poco.
site-wait-text = { $minutes ->
    [one] Sono arrivate molte richieste in poco tempo. Riprova tra un minuto: torna indietro con il browser e troverai quello che hai scritto.
   *[other] Sono arrivate molte richieste in poco tempo. Riprova tra { $minutes } minuti: torna indietro con il browser e troverai quello che hai scritto.
}
site-wait-phone = Se hai fretta, telefona:
site-failed-title-later = Per ora non si può continuare
site-failed-text-later = Riprova tra qualche minuto. Se stavi inviando qualcosa, non è stato registrato.
site-failed-title-ours = Qualcosa non ha funzionato
site-failed-text-ours = Non è colpa tua. Riprova tra qualche minuto; se succede ancora, faccelo sapere.
site-failed-reference = Numero da comunicare:
site-failed-again = Torna alla pagina e riprova
site-files-too-much = I file sono troppi o troppo grandi insieme: al massimo 10 file e 25 MB in tutto. Quelli che ci stanno sono salvati.

# The first page, and the cards of the services.
site-home-title = Che cosa vuoi fare?
site-home-notices = Avvisi in corso
site-home-services = I servizi
site-home-begin = Inizia
site-home-card = Come funziona
site-home-track = Segui la tua richiesta
site-home-track-text = Con il numero e il codice che hai ricevuto vedi a che punto è, aggiungi informazioni o foto e leggi le risposte.
site-home-urgent = C’è un pericolo immediato? Chiama il 112.
site-home-none = Per ora da qui non si può inviare nessuna richiesta.
site-service-active = Servizio attivo
site-service-begin = Compila il modulo
site-service-contacts = Hai bisogno di aiuto?
site-service-all = Tutti i servizi
card-addressed = A chi è rivolto
card-addressed-text = A tutte le persone e le imprese che usano il servizio rifiuti, anche se non sono intestatarie della TARI.
card-description = Descrizione
card-description-text = Scrivici: la tua richiesta viene registrata con un numero e ricevi una risposta.
card-how-to = Come fare
card-how-to-text = Compila il modulo in quattro passi: informativa, dati della richiesta, contatti, riepilogo. Puoi salvare e riprendere più tardi. Non serve registrarsi. Se preferisci puoi telefonare.
card-needed = Cosa serve
card-needed-text = Tieni a portata di mano:
card-needed-photos = Foto o documenti, se ne hai
card-needed-fiscal-code = Codice fiscale
card-achieved = Cosa si ottiene
card-achieved-text = Un numero, una ricevuta e una risposta scritta. Puoi seguire la richiesta e aggiungere informazioni in qualsiasi momento.
card-times = Tempi
card-times-text = Rispondiamo nel minor tempo possibile.
card-times-days = { $n ->
    [one] Rispondiamo entro un giorno lavorativo.
   *[other] Rispondiamo entro { $n } giorni lavorativi dal giorno dopo l’invio.
}
card-times-hours = { $n ->
    [one] Interveniamo entro un’ora.
   *[other] Interveniamo entro { $n } ore.
}
card-costs = Costi
card-costs-text = Il servizio è gratuito.
card-conditions = Condizioni di servizio
card-conditions-text = Le informazioni che dai valgono come dichiarazione. I dati personali servono solo a gestire la richiesta: trovi i dettagli nell’informativa privacy.

# Notices of disruption.
site-notices-title = Avvisi sul servizio
site-notices-current = Avvisi in corso
site-notices-over = Conclusi di recente
site-notices-none = Non ci sono avvisi: il servizio è regolare.
site-notices-more = { $count ->
    [one] E un altro avviso
   *[other] E altri { $count } avvisi
}
site-notices-feed = Ricevi gli avvisi con un lettore di feed (Atom)
site-notice = Avviso:
site-notice-restored = Concluso
site-notice-withdrawn = Questo avviso è stato ritirato: era stato pubblicato per errore.
site-notice-from = Dal
site-notice-until = Fino a
site-notice-unknown-end = Fine non ancora nota
site-notice-restored-at = Servizio ripristinato il
site-notice-where = Dove
site-notice-everywhere = Tutto il territorio servito
site-notice-text = Che cosa succede
site-notice-impact = Che cosa cambia per te
site-notice-alternatives = Che cosa puoi fare
site-notice-history = Storia dell’avviso
site-notice-signed = Avviso di { $organisation }
site-change-published = Avviso pubblicato
site-change-changed = Avviso aggiornato
site-change-restored = Servizio ripristinato
site-change-withdrawn = Avviso ritirato
site-field-title = titolo
site-field-text = che cosa succede
site-field-impact = che cosa cambia per te
site-field-alternatives = che cosa puoi fare
site-field-streets = dove
site-field-starts_at = data di inizio
site-field-ends_at = data di fine
site-field-before = Prima diceva:
site-feed-title = Avvisi di { $organisation }
site-follow-notice = Vuoi sapere quando il servizio riprende?
site-follow-email = Il tuo indirizzo email
site-follow-hint = Ti mandiamo un messaggio per confermare, e poi solo gli aggiornamenti.
site-follow-button = Avvisami
site-follow-title = Segui gli aggiornamenti
site-follow-done-title = Quasi fatto: conferma dalla tua posta
site-follow-done = Hai chiesto di seguire qualcosa che conosciamo già. Che cosa succede ora:
site-follow-next-mail = Se l’indirizzo è giusto, tra poco ricevi un messaggio: uno solo. Se non arriva, guarda nella posta indesiderata; se l’avevi già ricevuto, vale quello.
site-follow-next-press = Apri il link del messaggio e premi «Conferma».
site-follow-next-told = Da lì in poi ti scriviamo quando c’è una novità. Puoi smettere in ogni momento.
site-follow-no-form = Se avevi cominciato un modulo, non serve inviarlo.
site-follow-wrong = Scrivi un indirizzo email, per esempio nome@esempio.it.

# Published reports.
site-list-title = Segnalazioni pubblicate
site-list-text = Qui ci sono le segnalazioni che abbiamo reso pubbliche, senza dati personali.
site-list-none = Per ora non ci sono segnalazioni pubblicate.
site-list-map = Mappa delle segnalazioni pubblicate più di recente
site-list-closed = Risolta
site-list-new = Ricevuta
site-list-open = In lavorazione
site-list-published = Pubblicata il
site-list-previous = Più recenti
site-list-next = Meno recenti
site-list-pages = Pagine dell’elenco

# Into the tracking page.
site-track-title = Segui una richiesta
site-track-text = Il modo più semplice è aprire il link che ti abbiamo mandato. Altrimenti scrivi il numero e il codice della ricevuta.
site-track-number = Numero della richiesta
site-track-number-hint = Per esempio 2026/000123
site-track-code = Codice
site-track-code-hint = Otto lettere, per esempio BCDF-GHJK
site-track-open = Apri
site-track-wrong = Numero e codice non corrispondono. Controllali sulla ricevuta, oppure fatti mandare di nuovo il link.
site-track-again-title = Hai perso il link?
site-track-again-text = Te lo mandiamo di nuovo all’indirizzo email che hai usato per la richiesta.
site-track-again-email = Indirizzo email della richiesta
site-track-again-button = Mandami il link
site-track-again-sent = Se il numero e l’indirizzo corrispondono a una richiesta, tra poco ricevi un messaggio con il link. Se non arriva, guarda nella posta indesiderata.
site-track-number-wrong = Scrivi il numero come sulla ricevuta, per esempio 2026/000123.
site-track-renewed = Se l’indirizzo della richiesta è confermato, tra poco ricevi un messaggio con il link e il codice nuovi: quelli di prima non aprono più niente. Se non arriva, guarda nella posta indesiderata.
site-track-lost-title = Questo link non è più valido
site-track-lost-text = Può essere incompleto, sostituito da uno più recente, oppure la richiesta è chiusa da tempo. Puoi fartene mandare uno nuovo o entrare con numero e codice.
site-track-lost-new = Se la richiesta è chiusa da tempo, scrivine una nuova.

# The tracking page.
site-track-request = Richiesta { $number }
site-track-followed = Segnalazione che segui
site-track-received = Ricevuta il
site-track-state = A che punto è
site-state-new = Ricevuta
site-state-new-text = L’abbiamo registrata. Un operatore la prenderà in carico.
site-state-in-progress = In lavorazione
site-state-in-progress-text = Un operatore ci sta lavorando.
site-state-waiting = Aspettiamo una risposta
site-state-waiting-text = Abbiamo chiesto un’informazione: quando arriva, andiamo avanti.
site-state-closed = Chiusa
site-state-closed-text = Abbiamo concluso il lavoro su questa richiesta.
site-state-withdrawn = Ritirata
site-state-withdrawn-own = Ritirata da te
site-state-withdrawn-text = La richiesta è stata ritirata: l’abbiamo chiusa e non ci lavoriamo più.
site-track-due = Risposta entro il { $day }
site-track-due-hours = Intervento entro le { $day }
site-track-late = La risposta era dovuta entro il { $day }: siamo in ritardo e ce ne scusiamo.
site-track-closed-at = Chiusa il { $day }
site-track-withdrawn-at = Ritirata il { $day }
site-track-steps = Che cosa è successo
site-step-received = Richiesta ricevuta e registrata
site-step-in-progress = Presa in carico
site-step-waiting = Chiesta un’informazione
site-step-closed = Chiusa
site-step-reopened = Riaperta
site-step-replied = Ti abbiamo risposto
site-step-contested = Ci hai detto che non è risolto
site-step-withdrawn = Hai ritirato la richiesta
site-step-confirmed = Hai confermato il tuo indirizzo
site-step-explained = Collegata a un avviso sul servizio
site-step-due-changed = Cambiato il tipo di richiesta: la scadenza può essere diversa
site-track-letters = Messaggi
site-track-no-letters = Non ci sono ancora messaggi.
site-track-you = Tu
site-track-files = Allegati
site-track-photos = Foto
site-track-picture = Apri la foto { $name }
site-track-answer = Aggiungi qualcosa
site-track-answer-text = Il tuo messaggio
site-track-answer-closed = La richiesta è chiusa: se ci scrivi da qui la riapriamo e il tuo messaggio arriva a un operatore.
site-track-answer-files = Foto e documenti
site-track-answer-files-hint = JPEG, PNG, WebP, PDF o documenti d’ufficio; fino a 15 MB l’uno, 10 file in tutto.
site-track-answer-kept = File già caricati
site-track-answer-remove = Togli
site-track-answer-keep = Carica i file
site-track-answer-send = Invia
site-track-contest = Non è risolto?
site-track-contest-text = Se il problema c’è ancora dillo qui entro il { $day }: riapriamo la richiesta e l’operatore vede che l’avevamo già chiusa. Finché hai questa possibilità, per riaprirla basta questo riquadro.
site-track-contest-reason = Che cosa non va ancora?
site-track-contest-button = Non è risolto
site-track-withdraw = Ritira la richiesta
site-track-withdraw-text = Se il problema non c’è più o hai cambiato idea, puoi ritirare la richiesta: la chiudiamo senza rispondere.
site-track-withdraw-title = Vuoi ritirare la richiesta { $number }?
site-track-withdraw-reason = Vuoi dirci perché? (facoltativo)
site-track-withdraw-button = Sì, ritira la richiesta
site-track-withdraw-back = No, torna alla richiesta
site-track-receipt = Scarica la ricevuta (PDF)
site-track-tell = Come vuoi essere avvisato
site-track-tell-mail = Per posta elettronica
site-track-tell-io = Con l’app IO
site-track-tell-io-mail = Se IO non ti raggiunge, ti scriviamo per posta elettronica, se hai confermato l’indirizzo. Gli aggiornamenti li trovi comunque in questa pagina.
site-track-tell-io-page = Se IO non ti raggiunge, trovi comunque gli aggiornamenti in questa pagina.
site-track-tell-nothing = Non avvisarmi: guardo qui
site-track-tell-save = Salva la scelta
site-track-confirm-title = Conferma il tuo indirizzo
site-track-confirm-text = Premi il pulsante per dirci che questo indirizzo email è tuo: solo allora ti scriviamo gli aggiornamenti.
site-track-confirm-button = Conferma
site-track-unconfirmed = Gli aggiornamenti per posta elettronica arrivano solo a un indirizzo confermato: se non l’hai ancora fatto, apri il link del messaggio che ti abbiamo mandato e premi «Conferma».
site-track-notices = Un avviso potrebbe spiegarlo
site-track-withdrawn-already = Hai già ritirato questa richiesta. Quello che hai appena scritto non è partito: lo trovi qui sotto.
site-track-unsent = Quello che hai scritto non è partito
site-track-unsent-text = La richiesta è chiusa da tempo e non riceve altri messaggi. Se ti serve, copia il testo in una nuova richiesta.
site-track-meanwhile = Nel frattempo la richiesta è cambiata: guarda a che punto è e, se serve, riprova.
site-track-errors = Controlla i dati inseriti
site-track-private = Questa pagina è solo tua: non condividere il suo indirizzo.
site-track-renew = Il link è finito in mani altrui? Chiedine uno nuovo
site-track-renew-text = Ti mandiamo un link e un codice nuovi all’indirizzo email che hai confermato. Da quel momento quelli di adesso non aprono più niente, nemmeno questa pagina.
site-track-renew-button = Mandami un link nuovo
site-done-risposta = Messaggio inviato. Lo trovi qui sotto.
site-done-contesta = Ce ne occupiamo di nuovo: la richiesta è riaperta.
site-done-ritira = La richiesta è ritirata.
site-done-avvisi = Scelta salvata.
site-done-conferma = Indirizzo confermato: da ora ti scriviamo gli aggiornamenti.
site-done-valutazione = Grazie: la tua valutazione ci aiuta a migliorare.
site-track-notice-title = Avviso che segui
site-track-notice-open = Ti scriviamo quando il servizio riprende, e se l’avviso cambia in modo importante.
site-track-notice-open-confirm = Dopo che avrai confermato l’indirizzo, ti scriviamo quando il servizio riprende, e se l’avviso cambia in modo importante.

# Confirming a request before it is registered.
site-confirm-title = Conferma la tua richiesta
site-confirm-text = Qualcuno ha compilato una richiesta con questo indirizzo email. Se sei stato tu, premi il pulsante: la richiesta viene registrata e il termine per la risposta decorre da quando l’hai inviata.
site-confirm-not-you = Se non sei stato tu, chiudi questa pagina: non succede niente.
site-confirm-button = Conferma e invia
site-confirm-held-title = La richiesta è arrivata
site-confirm-held-text = Una persona la legge prima che sia registrata. Non ha ancora un numero: te lo scriviamo noi.
site-confirm-gone-title = Questa richiesta non c’è più
site-confirm-gone-text = È passato troppo tempo senza conferma, oppure non è stata accettata. Puoi scriverne una nuova.
