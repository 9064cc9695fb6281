# Communications that are read in IO, fetched from us: as a text and as a document.
remote-title = Comunicazione sulla richiesta { $number }
remote-closing = Questa è la comunicazione del { $day } sulla tua richiesta { $number }. Se hai domande, scrivi a { $organisation } indicando il numero.
remote-goes-on = Il testo continua nel documento allegato.
remote-left-out = Qui non si possono mostrare questi allegati: { $names }. Li trovi nella comunicazione che hai ricevuto, oppure puoi chiederli a { $organisation }.
document-letter-title = Comunicazione sulla richiesta { $number }
document-letter-number = Richiesta
document-letter-written = Data
document-letter-subject = Oggetto
document-letter-text = Testo
document-letter-files = Allegati della comunicazione
document-letter-attached = { $name } (allegato anche al messaggio)
document-letter-automatic = Documento prodotto in automatico: riporta il testo della comunicazione così com’è registrata.
