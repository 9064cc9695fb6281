# The frame of the portal.
site-name = Online-Schalter Abfall
site-brand = Online-Schalter von { $organisation }
site-slim = Dienst für die Bewirtschaftung der Siedlungsabfälle
site-languages = Sprache
site-skip-main = Zum Inhalt
site-skip-footer = Zur Fußzeile
site-phone = Lieber telefonieren?
site-phone-short = Telefon
site-nav = Hauptmenü
site-nav-home = Dienste
site-nav-track = Anfrage verfolgen
site-nav-notices = Mitteilungen
site-nav-list = Meldungen
site-preview = Vorschau: Der Schalter ist geschlossen und für Bürgerinnen und Bürger nicht sichtbar.
site-contacts = Kontakte
site-privacy = Datenschutzhinweis
site-accessibility = Erklärung zur Barrierefreiheit
site-legal = Rechtliche Hinweise
site-licences = Lizenzen der Bestandteile
site-error = Fehler:
site-home-link = Zurück zur Startseite
site-breadcrumb = Navigationspfad
site-home = Online-Schalter
site-choose-title = Wählen Sie Ihren Betreiber
site-to-complete-phone = **[Von der Körperschaft zu ergänzen: Telefonnummer.]**

# What went wrong.
site-failed-title-not-found = Seite nicht gefunden
site-failed-text-not-found = Die Adresse stimmt nicht, oder was Sie suchen, gibt es nicht mehr.
site-failed-title-foreign = Anfrage aus Sicherheitsgründen angehalten
site-failed-text-foreign = Die Anfrage kommt von einer anderen Website. Öffnen Sie den Schalter und versuchen Sie es dort noch einmal.
site-failed-title-conflict = Inzwischen hat sich etwas geändert
site-failed-text-conflict = Gehen Sie zurück zur Seite, prüfen Sie sie und versuchen Sie es noch einmal.
site-failed-title-too-large = Zu viele Daten
site-failed-text-too-large = Gehen Sie zurück zur Seite, kürzen Sie den Text oder entfernen Sie Dateien, und versuchen Sie es noch einmal.
site-failed-title-unreadable = Das Formular ist nicht vollständig angekommen
site-failed-text-unreadable = Gehen Sie zurück zur Seite, laden Sie sie neu und versuchen Sie es noch einmal.
site-failed-title-wait = Einen Moment bitte
site-failed-text-wait = Es kommen gerade viele Anfragen an. Versuchen Sie es gleich noch einmal.
site-wait-text = { $minutes ->
    [one] In kurzer Zeit sind viele Anfragen gekommen. Versuchen Sie es in einer Minute noch einmal: Gehen Sie im Browser zurück, dort steht noch, was Sie geschrieben haben.
   *[other] In kurzer Zeit sind viele Anfragen gekommen. Versuchen Sie es in { $minutes } Minuten noch einmal: Gehen Sie im Browser zurück, dort steht noch, was Sie geschrieben haben.
}
site-wait-phone = Wenn Sie es eilig haben, rufen Sie an:
site-failed-title-later = Im Moment geht es nicht weiter
site-failed-text-later = Versuchen Sie es in einigen Minuten noch einmal. Falls Sie gerade etwas gesendet haben, wurde es nicht erfasst.
site-failed-title-ours = Etwas hat nicht funktioniert
site-failed-text-ours = Es liegt nicht an Ihnen. Versuchen Sie es in einigen Minuten noch einmal; wenn es wieder passiert, geben Sie uns bitte Bescheid.
site-failed-reference = Anzugebende Nummer:
site-failed-again = Zurück zur Seite und noch einmal versuchen
site-files-too-much = Es sind zu viele Dateien, oder sie sind zusammen zu groß: höchstens 10 Dateien und insgesamt 25 MB. Was Platz hat, ist gespeichert.

# The first page, and the cards of the services.
site-home-title = Was möchten Sie tun?
site-home-notices = Aktuelle Mitteilungen
site-home-services = Dienste
site-home-begin = Beginnen
site-home-card = So funktioniert es
site-home-track = Verfolgen Sie Ihre Anfrage
site-home-track-text = Mit der Nummer und dem Code, die Sie erhalten haben, sehen Sie den Stand, ergänzen Angaben oder Fotos und lesen die Antworten.
site-home-urgent = Unmittelbare Gefahr? Rufen Sie die 112.
site-home-none = Im Moment können hier keine Anfragen gesendet werden.
site-service-active = Dienst verfügbar
site-service-begin = Formular ausfüllen
site-service-contacts = Brauchen Sie Hilfe?
site-service-all = Alle Dienste
card-addressed = Für wen
card-addressed-text = Alle Personen und Betriebe, die den Abfalldienst nutzen, auch wenn der Abfalltarif nicht auf sie läuft.
card-description = Beschreibung
card-description-text = Schreiben Sie uns: Ihre Anfrage wird mit einer Nummer erfasst und Sie erhalten eine Antwort.
card-how-to = So gehen Sie vor
card-how-to-text = Füllen Sie das Formular in vier Schritten aus: Datenschutz, Angaben, Kontakt, Zusammenfassung. Sie können speichern und später weitermachen. Eine Anmeldung ist nicht nötig. Sie können auch anrufen.
card-needed = Was Sie brauchen
card-needed-text = Halten Sie bereit:
card-needed-photos = Fotos oder Dokumente, falls vorhanden
card-needed-fiscal-code = Steuernummer (codice fiscale)
card-achieved = Was Sie erhalten
card-achieved-text = Eine Nummer, eine Empfangsbestätigung und eine schriftliche Antwort. Sie können die Anfrage jederzeit verfolgen und ergänzen.
card-times = Fristen
card-times-text = Wir antworten so bald wie möglich.
card-times-days = { $n ->
    [one] Wir antworten innerhalb eines Arbeitstages.
   *[other] Wir antworten innerhalb von { $n } Arbeitstagen ab dem Tag nach dem Absenden.
}
card-times-hours = { $n ->
    [one] Wir sind innerhalb einer Stunde vor Ort.
   *[other] Wir sind innerhalb von { $n } Stunden vor Ort.
}
card-costs = Kosten
card-costs-text = Der Dienst ist kostenlos.
card-conditions = Bedingungen
card-conditions-text = Ihre Angaben gelten als Erklärung. Personenbezogene Daten werden nur zur Bearbeitung der Anfrage verwendet: Einzelheiten stehen im Datenschutzhinweis.

# Notices of disruption.
site-notices-title = Mitteilungen zum Dienst
site-notices-current = Aktuelle Mitteilungen
site-notices-over = Kürzlich beendet
site-notices-none = Es gibt keine Mitteilungen: Der Dienst läuft regulär.
site-notices-more = { $count ->
    [one] Und eine weitere Mitteilung
   *[other] Und { $count } weitere Mitteilungen
}
site-notices-feed = Mitteilungen im Feedreader erhalten (Atom)
site-notice = Mitteilung:
site-notice-restored = Beendet
site-notice-withdrawn = Diese Mitteilung wurde zurückgezogen: Sie war irrtümlich veröffentlicht worden.
site-notice-from = Vom
site-notice-until = Bis
site-notice-unknown-end = Ende noch nicht bekannt
site-notice-restored-at = Dienst wiederhergestellt am
site-notice-where = Wo
site-notice-everywhere = Das gesamte Einzugsgebiet
site-notice-text = Was passiert
site-notice-impact = Was sich für Sie ändert
site-notice-alternatives = Was Sie tun können
site-notice-history = Verlauf der Mitteilung
site-notice-signed = Mitteilung von { $organisation }
site-change-published = Mitteilung veröffentlicht
site-change-changed = Mitteilung aktualisiert
site-change-restored = Dienst wiederhergestellt
site-change-withdrawn = Mitteilung zurückgezogen
site-field-title = Titel
site-field-text = was passiert
site-field-impact = was sich für Sie ändert
site-field-alternatives = was Sie tun können
site-field-streets = wo
site-field-starts_at = Beginn
site-field-ends_at = Ende
site-field-before = Vorher stand da:
site-feed-title = Mitteilungen von { $organisation }
site-follow-notice = Möchten Sie wissen, wann der Dienst wieder läuft?
site-follow-email = Ihre E-Mail-Adresse
site-follow-hint = Wir senden Ihnen eine Nachricht zur Bestätigung und danach nur die Neuigkeiten.
site-follow-button = Benachrichtigen
site-follow-title = Neuigkeiten verfolgen
site-follow-done-title = Fast fertig: Bestätigen Sie in Ihrem Postfach
site-follow-done = Sie möchten etwas verfolgen, das wir schon kennen. Wie es weitergeht:
site-follow-next-mail = Wenn die Adresse stimmt, erhalten Sie in Kürze eine einzige Nachricht. Wenn sie nicht ankommt, sehen Sie im Spam-Ordner nach; wenn Sie sie schon erhalten haben, gilt diese.
site-follow-next-press = Öffnen Sie den Link in der Nachricht und drücken Sie „Bestätigen“.
site-follow-next-told = Ab dann schreiben wir Ihnen, sobald es etwas Neues gibt. Sie können jederzeit aufhören.
site-follow-no-form = Wenn Sie ein Formular begonnen hatten, müssen Sie es nicht absenden.
site-follow-wrong = Schreiben Sie eine E-Mail-Adresse, zum Beispiel name@beispiel.it.

# Published reports.
site-list-title = Veröffentlichte Meldungen
site-list-text = Hier sind die Meldungen, die wir veröffentlicht haben, ohne personenbezogene Daten.
site-list-none = Im Moment gibt es keine veröffentlichten Meldungen.
site-list-map = Karte der zuletzt veröffentlichten Meldungen
site-list-closed = Gelöst
site-list-new = Eingegangen
site-list-open = In Bearbeitung
site-list-published = Veröffentlicht am
site-list-previous = Neuere
site-list-next = Ältere
site-list-pages = Seiten der Liste

# Into the tracking page.
site-track-title = Anfrage verfolgen
site-track-text = Am einfachsten öffnen Sie den Link, den wir Ihnen gesendet haben. Sonst geben Sie Nummer und Code der Empfangsbestätigung ein.
site-track-number = Nummer der Anfrage
site-track-number-hint = Zum Beispiel 2026/000123
site-track-code = Code
site-track-code-hint = Acht Buchstaben, zum Beispiel BCDF-GHJK
site-track-open = Öffnen
site-track-wrong = Nummer und Code passen nicht zusammen. Prüfen Sie sie auf der Empfangsbestätigung, oder lassen Sie sich den Link noch einmal senden.
site-track-again-title = Link verloren?
site-track-again-text = Wir senden ihn noch einmal an die E-Mail-Adresse, die Sie für die Anfrage verwendet haben.
site-track-again-email = E-Mail-Adresse der Anfrage
site-track-again-button = Link senden
site-track-again-sent = Wenn Nummer und Adresse zu einer Anfrage gehören, erhalten Sie in Kürze eine Nachricht mit dem Link. Wenn sie nicht ankommt, sehen Sie im Spam-Ordner nach.
site-track-number-wrong = Schreiben Sie die Nummer wie auf der Empfangsbestätigung, zum Beispiel 2026/000123.
site-track-renewed = Wenn die Adresse der Anfrage bestätigt ist, erhalten Sie in Kürze eine Nachricht mit einem neuen Link und einem neuen Code: Die alten öffnen nichts mehr. Wenn sie nicht ankommt, sehen Sie im Spam-Ordner nach.
site-track-lost-title = Dieser Link ist nicht mehr gültig
site-track-lost-text = Er ist vielleicht unvollständig oder durch einen neueren ersetzt, oder die Anfrage ist seit langem abgeschlossen. Sie können sich einen neuen senden lassen oder Nummer und Code eingeben.
site-track-lost-new = Wenn die Anfrage seit langem abgeschlossen ist, schreiben Sie bitte eine neue.

# The tracking page.
site-track-request = Anfrage { $number }
site-track-followed = Meldung, die Sie verfolgen
site-track-received = Eingegangen am
site-track-state = Stand
site-state-new = Eingegangen
site-state-new-text = Sie ist erfasst. Eine Mitarbeiterin oder ein Mitarbeiter wird sie übernehmen.
site-state-in-progress = In Bearbeitung
site-state-in-progress-text = Sie wird gerade bearbeitet.
site-state-waiting = Wir warten auf eine Antwort
site-state-waiting-text = Wir haben um eine Angabe gebeten: Sobald sie da ist, geht es weiter.
site-state-closed = Abgeschlossen
site-state-closed-text = Die Bearbeitung dieser Anfrage ist abgeschlossen.
site-state-withdrawn = Zurückgezogen
site-state-withdrawn-own = Von Ihnen zurückgezogen
site-state-withdrawn-text = Die Anfrage wurde zurückgezogen: Wir haben sie abgeschlossen und bearbeiten sie nicht weiter.
site-track-due = Antwort bis { $day }
site-track-due-hours = Einsatz bis { $day }
site-track-late = Die Antwort war bis { $day } fällig: Wir sind verspätet und bitten um Entschuldigung.
site-track-closed-at = Abgeschlossen am { $day }
site-track-withdrawn-at = Zurückgezogen am { $day }
site-track-steps = Was bisher geschah
site-step-received = Anfrage eingegangen und erfasst
site-step-in-progress = Übernommen
site-step-waiting = Um eine Angabe gebeten
site-step-closed = Abgeschlossen
site-step-reopened = Wieder aufgenommen
site-step-replied = Wir haben Ihnen geantwortet
site-step-contested = Sie haben uns mitgeteilt, dass es nicht gelöst ist
site-step-withdrawn = Sie haben die Anfrage zurückgezogen
site-step-confirmed = Sie haben Ihre Adresse bestätigt
site-step-explained = Mit einer Mitteilung zum Dienst verknüpft
site-step-due-changed = Art der Anfrage geändert: Die Frist kann sich unterscheiden
site-track-letters = Nachrichten
site-track-no-letters = Es gibt noch keine Nachrichten.
site-track-you = Sie
site-track-files = Anhänge
site-track-photos = Fotos
site-track-picture = Foto { $name } öffnen
site-track-answer = Etwas hinzufügen
site-track-answer-text = Ihre Nachricht
site-track-answer-closed = Die Anfrage ist abgeschlossen: Wenn Sie uns hier schreiben, nehmen wir sie wieder auf, und Ihre Nachricht erreicht unsere Mitarbeitenden.
site-track-answer-files = Fotos und Dokumente
site-track-answer-files-hint = JPEG, PNG, WebP, PDF oder Office-Dokumente; je bis zu 15 MB, höchstens 10 Dateien.
site-track-answer-kept = Bereits hochgeladene Dateien
site-track-answer-remove = Entfernen
site-track-answer-keep = Dateien hochladen
site-track-answer-send = Senden
site-track-contest = Nicht gelöst?
site-track-contest-text = Wenn das Problem noch besteht, sagen Sie es uns hier bis { $day }: Wir nehmen die Anfrage wieder auf, und es ist sichtbar, dass wir sie schon abgeschlossen hatten. Bis dahin genügt dafür dieses Feld.
site-track-contest-reason = Was ist noch nicht in Ordnung?
site-track-contest-button = Es ist nicht gelöst
site-track-withdraw = Anfrage zurückziehen
site-track-withdraw-text = Wenn das Problem nicht mehr besteht oder Sie es sich anders überlegt haben, können Sie die Anfrage zurückziehen: Wir schließen sie ohne Antwort ab.
site-track-withdraw-title = Anfrage { $number } zurückziehen?
site-track-withdraw-reason = Möchten Sie uns sagen, warum? (freiwillig)
site-track-withdraw-button = Ja, Anfrage zurückziehen
site-track-withdraw-back = Nein, zurück zur Anfrage
site-track-receipt = Empfangsbestätigung herunterladen (PDF)
site-track-tell = Wie möchten Sie benachrichtigt werden
site-track-tell-mail = Per E-Mail
site-track-tell-io = In der App IO
site-track-tell-io-mail = Wenn IO Sie nicht erreicht, schreiben wir Ihnen eine E-Mail, sofern Sie Ihre Adresse bestätigt haben. Die Neuigkeiten finden Sie in jedem Fall auf dieser Seite.
site-track-tell-io-page = Wenn IO Sie nicht erreicht, finden Sie die Neuigkeiten trotzdem auf dieser Seite.
site-track-tell-nothing = Nicht benachrichtigen: Ich sehe hier nach
site-track-tell-save = Auswahl speichern
site-track-confirm-title = Bestätigen Sie Ihre Adresse
site-track-confirm-text = Drücken Sie den Knopf, um uns zu sagen, dass diese E-Mail-Adresse Ihnen gehört: Erst dann schreiben wir Ihnen Neuigkeiten.
site-track-confirm-button = Bestätigen
site-track-unconfirmed = Neuigkeiten per E-Mail gehen nur an eine bestätigte Adresse: Wenn Sie Ihre noch nicht bestätigt haben, öffnen Sie den Link in unserer Nachricht und drücken Sie „Bestätigen“.
site-track-notices = Eine Mitteilung erklärt es vielleicht
site-track-withdrawn-already = Sie haben diese Anfrage bereits zurückgezogen. Was Sie eben geschrieben haben, wurde nicht gesendet: Sie finden es weiter unten.
site-track-unsent = Ihr Text wurde nicht gesendet
site-track-unsent-text = Die Anfrage ist seit Längerem abgeschlossen und nimmt keine Nachrichten mehr an. Kopieren Sie den Text bei Bedarf in eine neue Anfrage.
site-track-meanwhile = Die Anfrage hat sich inzwischen geändert: Sehen Sie nach, wie sie steht, und versuchen Sie es bei Bedarf noch einmal.
site-track-errors = Prüfen Sie Ihre Eingaben
site-track-private = Diese Seite gehört nur Ihnen: Geben Sie ihre Adresse nicht weiter.
site-track-renew = Ist der Link in fremde Hände gelangt? Fordern Sie einen neuen an
site-track-renew-text = Wir senden einen neuen Link und einen neuen Code an die E-Mail-Adresse, die Sie bestätigt haben. Ab dann öffnen die jetzigen nichts mehr, auch diese Seite nicht.
site-track-renew-button = Neuen Link senden
site-done-risposta = Nachricht gesendet. Sie finden sie unten.
site-done-contesta = Wir kümmern uns noch einmal darum: Die Anfrage ist wieder offen.
site-done-ritira = Die Anfrage ist zurückgezogen.
site-done-avvisi = Auswahl gespeichert.
site-done-conferma = Adresse bestätigt: Ab jetzt schreiben wir Ihnen Neuigkeiten.
site-done-valutazione = Vielen Dank: Ihre Bewertung hilft uns, besser zu werden.
site-track-notice-title = Mitteilung, die Sie verfolgen
site-track-notice-open = Wir schreiben Ihnen, wenn der Dienst wieder läuft oder sich die Mitteilung wesentlich ändert.
site-track-notice-open-confirm = Nachdem Sie Ihre Adresse bestätigt haben, schreiben wir Ihnen, wenn der Dienst wieder läuft oder sich die Mitteilung wesentlich ändert.

# Confirming a request before it is registered.
site-confirm-title = Bestätigen Sie Ihre Anfrage
site-confirm-text = Jemand hat mit dieser E-Mail-Adresse eine Anfrage ausgefüllt. Wenn Sie das waren, drücken Sie den Knopf: Die Anfrage wird erfasst, und die Antwortfrist läuft ab dem Zeitpunkt, zu dem Sie sie gesendet haben.
site-confirm-not-you = Wenn Sie es nicht waren, schließen Sie diese Seite: Es passiert nichts.
site-confirm-button = Bestätigen und senden
site-confirm-held-title = Die Anfrage ist angekommen
site-confirm-held-text = Eine Person liest sie, bevor sie erfasst wird. Sie hat noch keine Nummer: Wir schreiben sie Ihnen.
site-confirm-gone-title = Diese Anfrage gibt es nicht mehr
site-confirm-gone-text = Sie wurde zu lange nicht bestätigt oder nicht angenommen. Sie können eine neue schreiben.
