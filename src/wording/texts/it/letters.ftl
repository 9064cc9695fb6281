# Letters that leave by themselves. Nothing that a citizen typed goes into them. A line with a personal link is left out when
# the reader has none: the link stands in a line of its own together with what it is for.

letter-greeting = Buongiorno,
letter-closing =
    Questo messaggio è stato inviato in automatico. Per rispondere o aggiungere qualcosa a una richiesta usa la sua pagina.

    { $organisation }

# The acknowledgement of a request.
letter-received-subject = Abbiamo ricevuto la tua richiesta [{ $number }]
letter-received =
    abbiamo ricevuto la tua richiesta il { $received } e l’abbiamo registrata con il numero { $number }.

    Che cosa succede ora: un operatore la legge e ti risponde.
    Entro quando: la risposta è dovuta entro il { $due }.
letter-received-notices =
    { $n ->
        [one] C’è un avviso che potrebbe spiegare quello che ci segnali:
       *[other] Ci sono avvisi che potrebbero spiegare quello che ci segnali:
    }
    { $notices }
    Quando il servizio riprende te lo scriviamo.
letter-received-notices-confirm =
    { $n ->
        [one] C’è un avviso che potrebbe spiegare quello che ci segnali:
       *[other] Ci sono avvisi che potrebbero spiegare quello che ci segnali:
    }
    { $notices }
    Dopo che avrai confermato l’indirizzo, quando il servizio riprende te lo scriviamo.
letter-received-notices-general =
    { $n ->
        [one] È in corso un avviso che vale per tutto il territorio e potrebbe riguardarti:
       *[other] Sono in corso avvisi che valgono per tutto il territorio e potrebbero riguardarti:
    }
    { $notices }
    Per sapere quando il servizio riprende puoi seguirlo dalla sua pagina.
letter-received-follow = Segui la tua richiesta, aggiungi informazioni o ritirala da questa pagina, che è solo tua: { $link }
letter-received-confirm = Conferma il tuo indirizzo: apri questa pagina, che è solo tua, e premi «Conferma». Fino ad allora non ti scriviamo altro, tranne se lo chiedi tu: { $link }
letter-received-more =
    Se vuoi aggiungere qualcosa puoi anche rispondere a questo messaggio: le tue parole arriveranno nella stessa pratica.
    Se non hai inviato tu questa richiesta, non devi fare nulla.
letter-received-closing =
    Questo messaggio è stato inviato in automatico.

    { $organisation }

# The link back to a draft.
letter-resume-subject = Riprendi la tua richiesta
letter-resume =
    hai chiesto di salvare una richiesta per finirla più tardi. Riprendi da dove eri rimasto:
    { $link }

    La richiesta non è ancora stata inviata. Non dare questo indirizzo ad altri: mostra quello che hai scritto.
    Se non l’hai chiesto tu, non devi fare nulla.

# The link that confirms an address before a request is accepted.
letter-confirm-subject = Conferma il tuo indirizzo per inviare la richiesta
letter-confirm =
    qualcuno ha compilato una richiesta e ha indicato questo indirizzo. Per inviarla, apri la pagina e premi «Conferma»:
    { $link }

    Finché non confermi, la richiesta non viene registrata.
    Se non sei stato tu, non devi fare nulla.

# The personal link, asked for again.
letter-link-subject = Il link della tua richiesta [{ $number }]
letter-link =
    ecco il link per seguire la richiesta { $request }:
    { $link }

    Puoi anche entrare dalla pagina «Segui una richiesta» con il numero { $number } e il codice { $code }.

    Il link e il codice sono solo tuoi: non darli ad altri. Se non li hai chiesti tu, non devi fare nulla.
letter-link-notice-subject = Il link dell’avviso che segui
letter-link-notice =
    ecco il link per gestire gli aggiornamenti sull’avviso «{ $title }»:
    { $link }

    Se non l’hai chiesto tu, non devi fare nulla.

# The link that confirms the wish to follow.
letter-follow-subject = Conferma che vuoi seguire la segnalazione [{ $number }]
letter-follow =
    qualcuno ha chiesto di ricevere a questo indirizzo gli aggiornamenti sulla segnalazione { $request }. Se sei stato tu, apri la pagina e premi «Conferma»:
    { $link }

    Finché non confermi non ti scriviamo altro, tranne se lo chiedi tu. Se non sei stato tu, non devi fare nulla.
letter-follow-notice-subject = Conferma che vuoi seguire l’avviso
letter-follow-notice =
    qualcuno ha chiesto di ricevere a questo indirizzo gli aggiornamenti sull’avviso «{ $title }». Se sei stato tu, apri la pagina e premi «Conferma»:
    { $link }

    Finché non confermi non ti scriviamo altro, tranne se lo chiedi tu. Se non sei stato tu, non devi fare nulla.

# News of a request.
letter-update-subject = Aggiornamento sulla richiesta [{ $number }]
letter-update =
    c’è un aggiornamento su una richiesta che segui: { $request }.

    { $what }

    Tutti i dettagli, e la scelta di non ricevere più questi messaggi, sono in questa pagina, che è solo tua:
    { $link }
letter-update-taken-up = La richiesta è stata presa in carico: un operatore ci sta lavorando. La risposta è dovuta entro il { $due }.
letter-update-waiting = La richiesta è in attesa di informazioni da chi l’ha inviata.
letter-update-closed = La richiesta è stata chiusa.
letter-update-closed-contest = La richiesta è stata chiusa. Se il problema c’è ancora, premi «Non è risolto» nella sua pagina entro il { $until }: la riapriamo.
letter-update-reopened = La richiesta è stata riaperta: un operatore ci sta lavorando di nuovo.

# An answer that closes its request. The link stands at the end of its line.
letter-answer-closes = Con questa risposta la tua richiesta è chiusa.
letter-answer-closes-contest = Se il problema c’è ancora, entro il { $until } premi «Non è risolto» nella pagina della richiesta, che è solo tua: { $link }
letter-answer-closes-page = La pagina della richiesta, che è solo tua: { $link }

# A disruption is over.
letter-restored-subject = Servizio ripristinato: { $title }
letter-restored = il { $day } si è conclusa l’interruzione annunciata con l’avviso «{ $title }».

# A notice says something else.
letter-changed-subject = Avviso aggiornato: { $title }
letter-changed = abbiamo aggiornato l’avviso «{ $title }», che segui. Ora dice:
letter-changed-where =
    Da: { $from }
    Fino a: { $until }
    Dove: { $streets }
letter-changed-unknown-end = non si sa ancora
letter-changed-everywhere = tutto il territorio servito

# At the end of letters about a notice.
letter-notice-page = L’avviso completo: { $link }
letter-personal = Per non ricevere più questi messaggi, o vedere quello che segui: { $link }

# The code for an app.
letter-code-subject = Il tuo codice di accesso
letter-code =
    il codice per collegare questo indirizzo all’app che stai usando è:

    { $code }

    Vale { $minutes } minuti. Non darlo a nessuno: chi lo ha può leggere le tue richieste. Se non l’hai chiesto tu, non devi fare nulla.
