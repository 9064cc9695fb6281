# Updates of progress. See it/updates.ftl.

update-button = See the request

update-mail-taken-up-subject = Your request is being handled [{ $numero }]
update-mail-taken-up =
    Good morning,

    your request { $numero } ({ $tipologia }), received on { $ricevuta }, is being handled: an operator is working on it.

    The answer is due by { $entro }.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-mail-forwarded-subject = Your request has been passed on [{ $numero }]
update-mail-forwarded =
    Good morning,

    your request { $numero } ({ $tipologia }), received on { $ricevuta }, has been passed on to those who can deal with it.

    Now with: { $ufficio }
    We follow it up, you need not do anything.
    The answer is due by { $entro }.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-mail-information-needed-subject = We need some information for your request [{ $numero }]
update-mail-information-needed =
    Good morning,

    to go on with your request { $numero } ({ $tipologia }) we need some information from you.

    What we need: { $richiesta }
    By when: { $termine }

    You may reply to this message, with an attachment if you like.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-mail-appointment-subject = Appointment for your request [{ $numero }]
update-mail-appointment =
    Good morning,

    we have set an appointment for your request { $numero } ({ $tipologia }).

    When: { $quando }
    Where: { $dove }

    If you cannot be there, reply to this message: we will find another date.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-mail-deadline-moved-subject = New date for the answer to your request [{ $numero }]
update-mail-deadline-moved =
    Good morning,

    the answer to your request { $numero } ({ $tipologia }), received on { $ricevuta }, is now due by { $entro }.

    The time limit depends on the kind of request, which we set after reading it.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-mail-resolved-subject = Your request has been closed [{ $numero }]
update-mail-resolved =
    Good morning,

    your request { $numero } ({ $tipologia }), received on { $ricevuta }, has been closed.

    If the problem is still there, say so on your page by { $contestazione }: we will reopen it.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-mail-resolved-with-steps-subject = Your request has been closed: what is left to do [{ $numero }]
update-mail-resolved-with-steps =
    Good morning,

    your request { $numero } ({ $tipologia }), received on { $ricevuta }, has been closed.

    What is left to do: { $passi }

    If the problem is still there, say so on your page by { $contestazione }: we will reopen it.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-mail-reopened-subject = Your request has been reopened [{ $numero }]
update-mail-reopened =
    Good morning,

    your request { $numero } ({ $tipologia }) has been reopened: an operator is working on it again.

    The answer is due by { $entro }.

    Follow your request, add information or choose how to be told from your own page: { $collegamento }

    This message was sent automatically. If you want to add anything, just reply to this address.

    { $ente }

update-io-received-subject = Your request has arrived
update-io-received =
    Your request { $numero } ({ $tipologia }) arrived on { $ricevuta }. An operator reads it and answers you.
    The answer is due by { $entro }.

update-io-taken-up-subject = Your request is being handled
update-io-taken-up =
    Your request { $numero } ({ $tipologia }), received on { $ricevuta }, is being handled by an operator.
    We answer by { $entro }.

update-io-forwarded-subject = Your request has been passed on
update-io-forwarded =
    Your request { $numero } ({ $tipologia }) has been passed on to those who can deal with it. We follow it up.
    We answer by { $entro }.

    Now with: { $ufficio }

update-io-information-needed-subject = We need information for your request
update-io-information-needed =
    To go on with your request { $numero } ({ $tipologia }) we need some information from you.

    What we need: { $richiesta }
    By when: { $termine }

update-io-appointment-subject = Your appointment is set
update-io-appointment =
    We have set an appointment for your request { $numero } ({ $tipologia }).

    When: { $quando }
    Where: { $dove }

    If you cannot be there, write to us: tap “{ $collegamento }”.

update-io-deadline-moved-subject = New date for the answer to your request
update-io-deadline-moved =
    The answer to your request { $numero } ({ $tipologia }), received on { $ricevuta }, is now expected by { $entro }.

update-io-resolved-subject = Your request has been closed
update-io-resolved =
    Your request { $numero } ({ $tipologia }), received on { $ricevuta }, has been closed. You need not do anything else.

    If the problem is still there, say so by { $contestazione }: tap “{ $collegamento }”.

update-io-resolved-with-steps-subject = Your request has been closed
update-io-resolved-with-steps =
    Your request { $numero } ({ $tipologia }), received on { $ricevuta }, has been closed. Something is left to do.

    What to do: { $passi }

update-io-reopened-subject = Your request has been reopened
update-io-reopened =
    Your request { $numero } ({ $tipologia }) has been reopened and an operator is working on it again.
    We answer by { $entro }.
