# Letters that leave by themselves.

letter-greeting = Guten Tag,
letter-closing =
    Diese Nachricht wurde automatisch versandt. Um zu antworten oder etwas zu einem Anliegen zu ergänzen, nutzen Sie bitte dessen Seite.

    { $organisation }

letter-received-subject = Wir haben Ihr Anliegen erhalten [{ $number }]
letter-received =
    wir haben Ihr Anliegen am { $received } erhalten und unter der Nummer { $number } eingetragen.

    Wie es weitergeht: Eine Mitarbeiterin oder ein Mitarbeiter liest es und antwortet Ihnen.
    Bis wann: Die Antwort steht Ihnen bis zum { $due } zu.
letter-received-notices =
    { $n ->
        [one] Es gibt einen Hinweis, der Ihre Meldung erklären könnte:
       *[other] Es gibt Hinweise, die Ihre Meldung erklären könnten:
    }
    { $notices }
    Wir schreiben Ihnen, sobald der Dienst wieder läuft.
letter-received-notices-confirm =
    { $n ->
        [one] Es gibt einen Hinweis, der Ihre Meldung erklären könnte:
       *[other] Es gibt Hinweise, die Ihre Meldung erklären könnten:
    }
    { $notices }
    Nachdem Sie Ihre Adresse bestätigt haben, schreiben wir Ihnen, sobald der Dienst wieder läuft.
letter-received-notices-general =
    { $n ->
        [one] Für das ganze Gebiet gilt derzeit ein Hinweis, der Sie betreffen könnte:
       *[other] Für das ganze Gebiet gelten derzeit Hinweise, die Sie betreffen könnten:
    }
    { $notices }
    Wenn Sie erfahren möchten, wann der Dienst wieder läuft, können Sie den Hinweis auf seiner Seite verfolgen.
letter-received-follow = Auf dieser Seite, die nur für Sie bestimmt ist, verfolgen Sie Ihr Anliegen, ergänzen es oder ziehen es zurück: { $link }
letter-received-confirm = Bestätigen Sie Ihre Adresse: Öffnen Sie diese Seite, die nur für Sie bestimmt ist, und drücken Sie „Bestätigen“. Bis dahin schreiben wir Ihnen nur, wenn Sie es wünschen: { $link }
letter-received-more =
    Wenn Sie etwas ergänzen möchten, können Sie auch auf diese Nachricht antworten: Ihre Worte kommen zum selben Anliegen.
    Falls dieses Anliegen nicht von Ihnen stammt, brauchen Sie nichts zu tun.
letter-received-closing =
    Diese Nachricht wurde automatisch versandt.

    { $organisation }

letter-resume-subject = Setzen Sie Ihr Anliegen fort
letter-resume =
    Sie haben ein Anliegen gespeichert, um es später fertigzustellen. Hier machen Sie weiter:
    { $link }

    Das Anliegen ist noch nicht abgeschickt. Geben Sie diese Adresse nicht weiter: Sie zeigt, was Sie geschrieben haben.
    Falls Sie das nicht waren, brauchen Sie nichts zu tun.

letter-confirm-subject = Bestätigen Sie Ihre Adresse, um das Anliegen abzuschicken
letter-confirm =
    jemand hat ein Anliegen ausgefüllt und diese Adresse angegeben. Um es abzuschicken, öffnen Sie die Seite und drücken Sie „Bestätigen“:
    { $link }

    Solange Sie nicht bestätigen, wird das Anliegen nicht eingetragen.
    Falls Sie das nicht waren, brauchen Sie nichts zu tun.

letter-link-subject = Der Link zu Ihrem Anliegen [{ $number }]
letter-link =
    hier ist der Link, mit dem Sie das Anliegen { $request } verfolgen:
    { $link }

    Sie können auch auf der Seite „Anliegen verfolgen“ die Nummer { $number } und den Code { $code } eingeben.

    Link und Code sind nur für Sie bestimmt: Geben Sie sie nicht weiter. Falls Sie sie nicht angefordert haben, brauchen Sie nichts zu tun.
letter-link-notice-subject = Der Link zum Hinweis, den Sie verfolgen
letter-link-notice =
    hier ist der Link, mit dem Sie die Benachrichtigungen zum Hinweis „{ $title }“ verwalten:
    { $link }

    Falls Sie ihn nicht angefordert haben, brauchen Sie nichts zu tun.

letter-follow-subject = Bestätigen Sie, dass Sie die Meldung verfolgen möchten [{ $number }]
letter-follow =
    jemand möchte an diese Adresse Neuigkeiten zur Meldung { $request } erhalten. Wenn Sie das waren, öffnen Sie die Seite und drücken Sie „Bestätigen“:
    { $link }

    Solange Sie nicht bestätigen, schreiben wir Ihnen nur, wenn Sie es wünschen. Falls Sie das nicht waren, brauchen Sie nichts zu tun.
letter-follow-notice-subject = Bestätigen Sie, dass Sie den Hinweis verfolgen möchten
letter-follow-notice =
    jemand möchte an diese Adresse Neuigkeiten zum Hinweis „{ $title }“ erhalten. Wenn Sie das waren, öffnen Sie die Seite und drücken Sie „Bestätigen“:
    { $link }

    Solange Sie nicht bestätigen, schreiben wir Ihnen nur, wenn Sie es wünschen. Falls Sie das nicht waren, brauchen Sie nichts zu tun.

letter-update-subject = Neuigkeiten zum Anliegen [{ $number }]
letter-update =
    es gibt Neuigkeiten zu einem Anliegen, das Sie verfolgen: { $request }.

    { $what }

    Alle Einzelheiten finden Sie auf dieser Seite, die nur für Sie bestimmt ist; dort können Sie diese Nachrichten auch abbestellen:
    { $link }
letter-update-taken-up = Das Anliegen ist in Bearbeitung. Die Antwort ist bis zum { $due } fällig.
letter-update-waiting = Zum Anliegen fehlen noch Angaben der Person, die es eingereicht hat.
letter-update-closed = Das Anliegen ist abgeschlossen.
letter-update-closed-contest = Das Anliegen ist abgeschlossen. Besteht das Problem weiterhin, drücken Sie auf der Seite des Anliegens bis zum { $until } „Es ist nicht gelöst“: Wir öffnen es dann wieder.
letter-update-reopened = Das Anliegen ist wieder offen und wird erneut bearbeitet.

letter-answer-closes = Mit dieser Antwort ist Ihr Anliegen abgeschlossen.
letter-answer-closes-contest = Besteht das Problem weiterhin, drücken Sie bis zum { $until } „Es ist nicht gelöst“ auf der Seite des Anliegens, die nur für Sie bestimmt ist: { $link }
letter-answer-closes-page = Die Seite des Anliegens, die nur für Sie bestimmt ist: { $link }

letter-restored-subject = Dienst wieder in Betrieb: { $title }
letter-restored = die Störung, auf die der Hinweis „{ $title }“ aufmerksam machte, wurde am { $day } behoben.

letter-changed-subject = Hinweis aktualisiert: { $title }
letter-changed = wir haben den Hinweis „{ $title }“, den Sie verfolgen, aktualisiert. Er lautet nun:
letter-changed-where =
    Von: { $from }
    Bis: { $until }
    Wo: { $streets }
letter-changed-unknown-end = noch nicht bekannt
letter-changed-everywhere = das gesamte betreute Gebiet

letter-notice-page = Der vollständige Hinweis: { $link }
letter-personal = Um diese Nachrichten abzubestellen oder zu sehen, was Sie verfolgen: { $link }

letter-code-subject = Ihr Zugangscode
letter-code =
    der Code, der diese Adresse mit der von Ihnen benutzten App verbindet, lautet:

    { $code }

    Er gilt { $minutes } Minuten. Geben Sie ihn niemandem: Wer ihn hat, kann Ihre Anliegen lesen. Falls Sie ihn nicht angefordert haben, brauchen Sie nichts zu tun.
