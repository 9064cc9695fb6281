# Updates of progress. See it/updates.ftl.

update-button = Zum Anliegen

update-mail-taken-up-subject = Ihr Anliegen ist in Bearbeitung [{ $numero }]
update-mail-taken-up =
    Guten Tag,

    Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, ist in Bearbeitung.

    Die Antwort ist bis zum { $entro } fällig.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-mail-forwarded-subject = Ihr Anliegen wurde weitergeleitet [{ $numero }]
update-mail-forwarded =
    Guten Tag,

    Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, wurde an die zuständige Stelle weitergeleitet.

    Zuständig ist nun: { $ufficio }
    Wir kümmern uns darum, Sie müssen nichts tun.
    Die Antwort ist bis zum { $entro } fällig.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-mail-information-needed-subject = Wir brauchen eine Angabe zu Ihrem Anliegen [{ $numero }]
update-mail-information-needed =
    Guten Tag,

    um Ihr Anliegen { $numero } ({ $tipologia }) weiter bearbeiten zu können, brauchen wir noch eine Angabe von Ihnen.

    Was wir brauchen: { $richiesta }
    Bis wann: { $termine }

    Sie können auf diese Nachricht antworten, auch mit einem Anhang.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-mail-appointment-subject = Termin zu Ihrem Anliegen [{ $numero }]
update-mail-appointment =
    Guten Tag,

    zu Ihrem Anliegen { $numero } ({ $tipologia }) haben wir einen Termin festgelegt.

    Wann: { $quando }
    Wo: { $dove }

    Falls Sie verhindert sind, antworten Sie auf diese Nachricht: Wir finden einen anderen Termin.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-mail-deadline-moved-subject = Neues Datum für die Antwort auf Ihr Anliegen [{ $numero }]
update-mail-deadline-moved =
    Guten Tag,

    die Antwort auf Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, ist nun bis zum { $entro } fällig.

    Die Frist hängt von der Art des Anliegens ab, die wir beim Lesen genauer bestimmt haben.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-mail-resolved-subject = Ihr Anliegen ist abgeschlossen [{ $numero }]
update-mail-resolved =
    Guten Tag,

    Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, ist abgeschlossen.

    Besteht das Problem weiterhin, können Sie das bis zum { $contestazione } auf Ihrer Seite mitteilen: Wir öffnen es dann wieder.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-mail-resolved-with-steps-subject = Ihr Anliegen ist abgeschlossen: was noch zu tun ist [{ $numero }]
update-mail-resolved-with-steps =
    Guten Tag,

    Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, ist abgeschlossen.

    Was noch zu tun ist: { $passi }

    Besteht das Problem weiterhin, können Sie das bis zum { $contestazione } auf Ihrer Seite mitteilen: Wir öffnen es dann wieder.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-mail-reopened-subject = Ihr Anliegen ist wieder offen [{ $numero }]
update-mail-reopened =
    Guten Tag,

    Ihr Anliegen { $numero } ({ $tipologia }) ist wieder offen und wird erneut bearbeitet.

    Die Antwort ist bis zum { $entro } fällig.

    Auf Ihrer persönlichen Seite können Sie das Anliegen verfolgen, etwas ergänzen oder festlegen, wie Sie benachrichtigt werden: { $collegamento }

    Diese Nachricht wurde automatisch versandt. Wenn Sie etwas ergänzen möchten, antworten Sie einfach an diese Adresse.

    { $ente }

update-io-received-subject = Ihr Anliegen ist eingegangen
update-io-received =
    Ihr Anliegen { $numero } ({ $tipologia }) ist am { $ricevuta } eingegangen. Wir lesen es und antworten Ihnen.
    Die Antwort ist bis zum { $entro } fällig.

update-io-taken-up-subject = Ihr Anliegen ist in Bearbeitung
update-io-taken-up =
    Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, ist in Bearbeitung.
    Wir antworten bis zum { $entro }.

update-io-forwarded-subject = Ihr Anliegen wurde weitergeleitet
update-io-forwarded =
    Ihr Anliegen { $numero } ({ $tipologia }) wurde an die zuständige Stelle weitergeleitet.
    Wir antworten bis zum { $entro }.

    Zuständig ist nun: { $ufficio }

update-io-information-needed-subject = Zu Ihrem Anliegen fehlt eine Angabe
update-io-information-needed =
    Um Ihr Anliegen { $numero } ({ $tipologia }) weiter bearbeiten zu können, brauchen wir eine Angabe von Ihnen.

    Was wir brauchen: { $richiesta }
    Bis wann: { $termine }

update-io-appointment-subject = Ihr Termin steht fest
update-io-appointment =
    Zu Ihrem Anliegen { $numero } ({ $tipologia }) ist ein Termin festgelegt.

    Wann: { $quando }
    Wo: { $dove }

    Falls Sie verhindert sind, schreiben Sie uns: Tippen Sie auf „{ $collegamento }“.

update-io-deadline-moved-subject = Neues Datum für die Antwort auf Ihr Anliegen
update-io-deadline-moved =
    Die Antwort auf Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, erhalten Sie nun bis zum { $entro }.

update-io-resolved-subject = Ihr Anliegen ist abgeschlossen
update-io-resolved =
    Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, ist abgeschlossen. Sie müssen nichts weiter tun.

    Besteht das Problem weiterhin, teilen Sie es bis zum { $contestazione } mit: Tippen Sie auf „{ $collegamento }“.

update-io-resolved-with-steps-subject = Ihr Anliegen ist abgeschlossen
update-io-resolved-with-steps =
    Ihr Anliegen { $numero } ({ $tipologia }), eingegangen am { $ricevuta }, ist abgeschlossen. Etwas ist noch zu tun.

    Was zu tun ist: { $passi }

update-io-reopened-subject = Ihr Anliegen ist wieder offen
update-io-reopened =
    Ihr Anliegen { $numero } ({ $tipologia }) ist wieder offen und wird von uns erneut bearbeitet.
    Wir antworten bis zum { $entro }.
