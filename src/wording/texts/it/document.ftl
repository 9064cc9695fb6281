# The receipt of a submission, as PDF.
document-receipt-title = Ricevuta della tua richiesta
document-receipt-title-number = Ricevuta della richiesta { $number }
document-receipt-intro = { $organisation } ha ricevuto la tua richiesta. Conserva questa ricevuta: ti serve per seguirla.
document-receipt-number = Numero
document-receipt-code = Codice
document-receipt-kind = Tipo di richiesta
document-receipt-received = Ricevuta il
document-receipt-due = Risposta dovuta entro il
document-receipt-tracking = Segui la richiesta
document-receipt-follow = A questo indirizzo vedi a che punto è la richiesta e puoi aggiungere informazioni. Chi ha l’indirizzo può leggerla: non condividerlo.
document-receipt-follow-code = A questo indirizzo vedi a che punto è la richiesta e puoi aggiungere informazioni. In alternativa bastano il numero e il codice. Chi li ha può leggerla: non condividerli.
document-receipt-answers = Che cosa ci hai scritto
document-receipt-files = Allegati
document-receipt-automatic = Documento prodotto in automatico.
document-page = Pagina
