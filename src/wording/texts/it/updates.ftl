# Updates of progress: what the program says where an organisation has written nothing of its own. The variables are filled with
# placeholders in braces, and those when something is told. A line whose placeholder has nothing to say is left out, so each
# stands in a line of its own with what it is for. On IO: short, with "tu", the news first; there { $collegamento } is what
# stands on the button that opens the personal page, which not everybody has.

update-button = Vedi la richiesta

update-mail-taken-up-subject = La tua richiesta è stata presa in carico [{ $numero }]
update-mail-taken-up =
    Buongiorno,

    la tua richiesta { $numero } ({ $tipologia }), ricevuta il { $ricevuta }, è stata presa in carico: un operatore ci sta lavorando.

    La risposta è dovuta entro il { $entro }.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-mail-forwarded-subject = La tua richiesta è stata inoltrata [{ $numero }]
update-mail-forwarded =
    Buongiorno,

    la tua richiesta { $numero } ({ $tipologia }), ricevuta il { $ricevuta }, è stata inoltrata a chi può occuparsene.

    Se ne occupa: { $ufficio }
    La seguiamo noi, non devi fare nulla.
    La risposta è dovuta entro il { $entro }.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-mail-information-needed-subject = Ci serve un’informazione per la tua richiesta [{ $numero }]
update-mail-information-needed =
    Buongiorno,

    per andare avanti con la tua richiesta { $numero } ({ $tipologia }) abbiamo bisogno di un’informazione da te.

    Che cosa serve: { $richiesta }
    Entro quando: { $termine }

    Puoi rispondere a questo messaggio, anche con un allegato.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-mail-appointment-subject = Appuntamento per la tua richiesta [{ $numero }]
update-mail-appointment =
    Buongiorno,

    per la tua richiesta { $numero } ({ $tipologia }) abbiamo fissato un appuntamento.

    Quando: { $quando }
    Dove: { $dove }

    Se non puoi, rispondi a questo messaggio: troviamo un’altra data.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-mail-deadline-moved-subject = Nuova data per la risposta alla tua richiesta [{ $numero }]
update-mail-deadline-moved =
    Buongiorno,

    la risposta alla tua richiesta { $numero } ({ $tipologia }), ricevuta il { $ricevuta }, è ora dovuta entro il { $entro }.

    Il termine dipende dal tipo di richiesta, che abbiamo precisato leggendola.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-mail-resolved-subject = La tua richiesta è stata chiusa [{ $numero }]
update-mail-resolved =
    Buongiorno,

    la tua richiesta { $numero } ({ $tipologia }), ricevuta il { $ricevuta }, è stata chiusa.

    Se il problema c’è ancora, puoi dirlo dalla tua pagina entro il { $contestazione }: la riapriamo.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-mail-resolved-with-steps-subject = La tua richiesta è stata chiusa: che cosa resta da fare [{ $numero }]
update-mail-resolved-with-steps =
    Buongiorno,

    la tua richiesta { $numero } ({ $tipologia }), ricevuta il { $ricevuta }, è stata chiusa.

    Che cosa resta da fare: { $passi }

    Se il problema c’è ancora, puoi dirlo dalla tua pagina entro il { $contestazione }: la riapriamo.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-mail-reopened-subject = La tua richiesta è stata riaperta [{ $numero }]
update-mail-reopened =
    Buongiorno,

    la tua richiesta { $numero } ({ $tipologia }) è stata riaperta: un operatore ci sta lavorando di nuovo.

    La risposta è dovuta entro il { $entro }.

    Segui la richiesta, aggiungi informazioni o scegli come ricevere gli aggiornamenti dalla tua pagina: { $collegamento }

    Questo messaggio è stato inviato in automatico. Se vuoi aggiungere qualcosa, rispondi pure a questo indirizzo.

    { $ente }

update-io-received-subject = La tua richiesta è arrivata
update-io-received =
    La tua richiesta { $numero } ({ $tipologia }) è arrivata il { $ricevuta }. Un operatore la legge e ti risponde.
    La risposta è dovuta entro il { $entro }.

update-io-taken-up-subject = La tua richiesta è stata presa in carico
update-io-taken-up =
    La tua richiesta { $numero } ({ $tipologia }), arrivata il { $ricevuta }, è stata presa in carico da un operatore.
    Ti rispondiamo entro il { $entro }.

update-io-forwarded-subject = La tua richiesta è stata inoltrata
update-io-forwarded =
    La tua richiesta { $numero } ({ $tipologia }) è stata inoltrata a chi può occuparsene. La seguiamo noi.
    Ti rispondiamo entro il { $entro }.

    Se ne occupa: { $ufficio }

update-io-information-needed-subject = Serve un’informazione per la tua richiesta
update-io-information-needed =
    Per andare avanti con la tua richiesta { $numero } ({ $tipologia }) serve un’informazione da te.

    Che cosa serve: { $richiesta }
    Entro quando: { $termine }

update-io-appointment-subject = Il tuo appuntamento è fissato
update-io-appointment =
    Per la tua richiesta { $numero } ({ $tipologia }) è fissato un appuntamento.

    Quando: { $quando }
    Dove: { $dove }

    Se non puoi, scrivici: tocca «{ $collegamento }».

update-io-deadline-moved-subject = Nuova data per la risposta alla tua richiesta
update-io-deadline-moved =
    La risposta alla tua richiesta { $numero } ({ $tipologia }), arrivata il { $ricevuta }, è ora prevista entro il { $entro }.

update-io-resolved-subject = La tua richiesta è stata chiusa
update-io-resolved =
    La tua richiesta { $numero } ({ $tipologia }), arrivata il { $ricevuta }, è stata chiusa. Non devi fare altro.

    Se il problema c’è ancora puoi dirlo entro il { $contestazione }: tocca «{ $collegamento }».

update-io-resolved-with-steps-subject = La tua richiesta è stata chiusa
update-io-resolved-with-steps =
    La tua richiesta { $numero } ({ $tipologia }), arrivata il { $ricevuta }, è stata chiusa. Resta qualcosa da fare.

    Che cosa fare: { $passi }

update-io-reopened-subject = La tua richiesta è stata riaperta
update-io-reopened =
    La tua richiesta { $numero } ({ $tipologia }) è stata riaperta e un operatore ci sta lavorando.
    Ti rispondiamo entro il { $entro }.
