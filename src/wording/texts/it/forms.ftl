# The four steps of a form.
form-steps = Passi del modulo
form-step-of = Passo { $step } di 4
form-step-1 = Informativa
form-step-2 = Dati
form-step-3 = Contatti
form-step-4 = Riepilogo
form-step-done = completato
form-errors = Controlla i dati inseriti
form-required = I campi contraddistinti dall’asterisco (*) sono obbligatori.
form-optional = facoltativo
form-next = Avanti
form-back = Indietro
form-send = Invia
form-edit = Modifica
form-from-today = Da oggi in poi.
form-choose = Scegli
form-trap = Lascia vuoto questo campo
form-saving = Salvataggio in corso…
form-saved = Quello che hai scritto è salvato.
form-unsaved = Per ora non riusciamo a salvare: resta su questa pagina, riproviamo da soli tra pochi secondi.
form-offline = Sei senza rete: resta su questa pagina, salviamo appena torna.

# Saving, and going on later.
form-resume = Salva e riprendi più tardi
form-resume-text = { $days ->
    [one] Ti mandiamo un link per riprendere da qui. Conserviamo quello che hai scritto per un giorno.
   *[other] Ti mandiamo un link per riprendere da qui. Conserviamo quello che hai scritto per { $days } giorni.
}
form-resume-address = Il tuo indirizzo email
form-resume-button = Salva e mandami il link
form-resume-told = Abbiamo salvato. Se l’indirizzo è giusto, tra poco ricevi un messaggio con il link. Se non arriva, guarda nella posta indesiderata.
form-lost-title = Questo link non è più valido
form-lost-text = { $days ->
    [one] Può essere incompleto, oppure è passato più di un giorno da quando hai scritto: dopo quel tempo cancelliamo quello che non è stato inviato.
   *[other] Può essere incompleto, oppure sono passati più di { $days } giorni da quando hai scritto: dopo quel tempo cancelliamo quello che non è stato inviato.
}
form-lost-begin = Comincia di nuovo
form-lost-track = Hai già inviato la richiesta? Seguila con numero e codice

# Privacy.
form-privacy-text = { $organisation } usa i dati che scrivi qui solo per gestire la tua richiesta e risponderti.
form-privacy-link = Apri l’informativa privacy in un’altra scheda
form-privacy-read = Leggi qui l’informativa privacy
form-privacy-tick = Ho letto e compreso l’informativa sulla privacy

# Data.
form-limit = Al massimo { $n } caratteri.
form-left = Caratteri ancora disponibili:
form-code-missing = Non ho il codice a portata di mano
form-map = Mappa: tocca il punto esatto. L’indirizzo da solo basta.
form-position = Posizione
form-position-here = Usa la tua posizione
form-position-wait = Cerchiamo la tua posizione…
form-position-failed = La posizione non è disponibile: l’indirizzo da solo basta.
form-position-known = Posizione indicata.
form-position-none = Posizione non indicata: l’indirizzo da solo basta.
form-position-forget = Togli la posizione
form-position-photo = Usa la posizione della foto «{ $name }»
form-files = File
form-files-hint = Foto (JPEG, PNG, WebP), PDF o documenti d’ufficio: al massimo { $most } file, fino a { $megabytes } MB l’uno e 25 MB in tutto.
form-files-keep = Carica
form-files-kept = File caricati
form-files-remove = Togli

# Contacts.
form-contacts-text = Se ci lasci un recapito possiamo dirti a che punto è la richiesta.
form-contacts-reachable = Per risponderti ci serve l’indirizzo email oppure quello postale: basta uno dei due.
form-contacts-none = I tuoi dati
form-contacts-none-text = Non ne hai lasciati.
form-contact-name = Nome
form-contact-surname = Cognome
form-contact-surname-hint = Per un’impresa o un condominio scrivi qui la ragione sociale e lascia vuoto il nome.
form-contact-fiscal_code = Codice fiscale o partita IVA
form-contact-fiscal_code-hint = Il codice fiscale ha 16 caratteri ed è sulla tessera sanitaria; la partita IVA ha 11 cifre.
form-contact-email = Indirizzo email
form-contact-email-hint = Ci arrivano la ricevuta e il link per seguire la richiesta.
form-contact-postal_address = Indirizzo postale
form-contact-phone = Telefono
form-contact-phone-hint = Lo usiamo solo se serve per questa richiesta.
form-told-by = Come vuoi essere avvisato?
form-told-by-mail = Per posta elettronica
form-told-by-io = Con l’app IO
form-told-by-nothing = Non avvisarmi: guardo io
form-language = In quale lingua ti scriviamo?

# Summary.
form-check = Le informazioni che hai fornito hanno valore di dichiarazione. Verifica che siano corrette.
form-recipient = Destinatario: { $recipient }
form-then = Che cosa succede ora
form-then-text = Dopo l’invio ricevi un numero e un codice per seguire la richiesta; un operatore la legge e ti risponde.
form-then-first = Senza un nome né un indirizzo, prima la legge un operatore: la conferma ha un link da conservare, e lì trovi numero e codice quando la richiesta è accettata.
form-terms = Confermo che le informazioni che ho dato sono vere e complete, per quanto ne so

# What is known of the place already.
near-title = Forse lo sappiamo già
near-text = Se si tratta della stessa cosa non serve scrivere di nuovo: puoi seguirla e ricevere gli aggiornamenti. Chi segue non vede i dati di nessuno.
near-notice = Avviso:
near-notice-general = Avviso per tutto il territorio, potrebbe riguardarti:
near-same-street = nella stessa via
near-close = a pochi passi
near-follow = Segui questa
near-email = Il tuo indirizzo email, per gli aggiornamenti

# The receipt.
sent-title-accepted = Richiesta inviata
sent-title-unconfirmed = Manca solo la tua conferma
sent-title-held = Richiesta ricevuta
sent-title-discarded = Questa richiesta non è stata accettata
sent-number = Il numero della tua richiesta è
sent-code = Il codice per seguirla è
sent-text-accepted = Grazie: abbiamo ricevuto la tua richiesta. Un operatore la legge e ti risponde.
sent-text-unconfirmed = Ti abbiamo mandato un messaggio: apri il link e premi «Conferma e invia». Solo allora la richiesta viene registrata; il termine per la risposta decorre comunque da adesso. Se il messaggio non arriva, guarda nella posta indesiderata.
sent-unconfirmed-to = Il messaggio è per { $email }.
sent-text-held = Grazie: abbiamo ricevuto il tuo modulo. Prima che diventi una richiesta lo legge una persona, perciò per ora non ha un numero né un codice. Il termine per la risposta decorre comunque da adesso.
sent-here = Conserva l’indirizzo di questa pagina: quando la richiesta è registrata, qui trovi il numero, il codice e la pagina per seguirla.
sent-here-link = Il link a questa pagina
sent-text-discarded = È passato troppo tempo senza conferma dell’indirizzo, oppure un operatore non l’ha accettata. Se serve ancora puoi scriverne una nuova.
sent-mail-sent = Scriviamo a { $email }: nel messaggio c’è il link per seguire la richiesta e, se l’indirizzo non è ancora confermato, il pulsante per confermarlo. Finché non confermi non ti scriviamo altro, tranne se lo chiedi tu. Se ti abbiamo già scritto da poco, conferma da quel messaggio: vale per tutte le tue richieste. Conserva comunque il numero e il codice.
sent-mail-unwanted = Hai scelto di non ricevere messaggi: conserva il numero e il codice, ti servono per seguire la richiesta.
sent-mail-impossible = Conserva il numero e il codice: ti servono per seguire la richiesta. Per ora non possiamo mandarteli per posta elettronica.
sent-mail-none = Non hai lasciato un indirizzo email: conserva il numero e il codice, ti servono per seguire la richiesta.
sent-track = Segui la richiesta
sent-print = Stampa
sent-again = Scrivi un’altra richiesta
sent-rating = Quanto è stato facile usare questo servizio?
sent-rating-legend = Da 1 (per niente) a 5 (molto)
sent-rating-note = Vuoi dirci di più? (facoltativo)
sent-rating-send = Invia la valutazione
sent-rating-thanks = Grazie: la tua valutazione ci aiuta a migliorare.
sent-rating-wrong = Scegli un numero da 1 a 5.

# What is wrong with an answer, and what to do. $n is a number.
problem-missing = Questo campo è obbligatorio: scrivi o scegli una risposta.
problem-too-long = Il testo è troppo lungo: accorcialo a { $n } caratteri al massimo.
problem-choice = Scegli una delle risposte proposte.
problem-email = L’indirizzo email non è valido: scrivilo per intero, per esempio nome@esempio.it.
problem-email-dot = Nell’indirizzo email, dopo la chiocciola, manca la fine: per esempio «.it» in nome@esempio.it.
problem-email-quoted = L’indirizzo email non può contenere virgolette, parentesi quadre o un numero al posto del dominio: scrivine uno come nome@esempio.it.
problem-email-or-postal = Scrivi l’indirizzo email oppure quello postale: ci serve per risponderti.
problem-fiscal-code-length = Il codice fiscale ha 16 caratteri e la partita IVA 11 cifre: controlla di averli scritti tutti.
problem-fiscal-code-letters = Nel codice fiscale c’è una lettera al posto di una cifra, o viceversa: confrontalo con la tessera sanitaria.
problem-fiscal-code-month = La nona lettera del codice fiscale, che indica il mese di nascita, non è possibile: confrontala con la tessera sanitaria.
problem-fiscal-code-day = Il giorno di nascita nel codice fiscale (decimo e undicesimo carattere) non è possibile: confrontalo con la tessera sanitaria.
problem-fiscal-code-check = L’ultima lettera del codice fiscale non corrisponde alle altre: c’è un errore di battitura. Confrontalo con la tessera sanitaria.
problem-vat-check = L’ultima cifra della partita IVA non corrisponde alle altre: c’è un errore di battitura. Controllala.
problem-phone = Il numero di telefono non è valido: scrivi solo cifre, spazi e il segno +, per esempio 030 123456.
problem-phone-short = Il numero di telefono è troppo corto: scrivilo per intero, con il prefisso, per esempio 030 123456.
problem-phone-long = Il numero di telefono è troppo lungo: ha al massimo 15 cifre. Scrivine uno solo.
problem-iban = L’IBAN non è valido: quello italiano ha 27 caratteri e comincia con IT. Copialo dall’estratto conto.
problem-date = La data non è valida: scrivila come giorno, mese e anno.
problem-date-past = La data è già passata: scegli oggi o un giorno che deve ancora venire.
problem-amount = L’importo non è valido: scrivilo in euro, per esempio 125,50.
problem-count = Scrivi un numero intero, al massimo { $n }.
problem-place = Scrivi la via e il numero, o un punto riconoscibile: per esempio via Solferino 12.
problem-position = La posizione non è valida: servono latitudine e longitudine insieme, in gradi, per esempio 45.5392 e 10.2206.
problem-user-code = Il codice può contenere solo lettere, cifre e trattini: copialo dall’avviso di pagamento.
problem-control = Ci sono caratteri che non si vedono, forse copiati da un altro programma: cancella il testo e scrivilo di nuovo.
problem-name = Scrivi un nome con almeno una lettera.
problem-files-missing = Allega almeno un file: scegli una foto o un documento e premi «Carica».
problem-tick = Per continuare metti il segno di spunta.
problem-empty-answer = Scrivi qualcosa o allega un file, poi invia.
problem-contest-reason = Scrivi che cosa non va ancora: ci serve per intervenire.
problem-no-address = Non hai lasciato un indirizzo email: scegli un altro modo.
problem-no-fiscal-code = Per gli avvisi sull’app IO serve il codice fiscale, che non ci hai dato: scegli un altro modo.
problem-banned = Da qui ora non possiamo ricevere richieste. Se pensi che sia un errore, scrivici per posta o vieni allo sportello: ti ascoltiamo volentieri.
problem-banned-phone = Da qui ora non possiamo ricevere richieste. Se pensi che sia un errore, telefonaci al numero { $phone }: ti ascoltiamo volentieri.
problem-anonymous = Per questa richiesta ci serve almeno il tuo nome o un indirizzo email.
problem-code-missing = Scrivi il codice, oppure indica che non lo hai a portata di mano.
problem-files-many = I file sono troppi, o troppo grandi insieme: al massimo 10 file e 25 MB.
problem-files-today = Oggi da questa rete sono arrivati troppi file: invia la richiesta senza allegati, oppure riprova domani. Quello che hai scritto è salvato.
