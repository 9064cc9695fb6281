# The four steps of a form.
form-steps = Schritte des Formulars
form-step-of = Schritt { $step } von 4
form-step-1 = Datenschutz
form-step-2 = Angaben
form-step-3 = Kontakt
form-step-4 = Übersicht
form-step-done = erledigt
form-errors = Bitte prüfen Sie Ihre Eingaben
form-required = Felder mit einem Sternchen (*) sind Pflichtfelder.
form-optional = freiwillig
form-next = Weiter
form-back = Zurück
form-send = Absenden
form-edit = Ändern
form-from-today = Ab heute.
form-choose = Bitte wählen
form-trap = Lassen Sie dieses Feld leer
form-saving = Wird gespeichert…
form-saved = Ihre Eingaben sind gespeichert.
form-unsaved = Im Augenblick können wir nicht speichern: Bleiben Sie auf dieser Seite, wir versuchen es in wenigen Sekunden von selbst noch einmal.
form-offline = Sie sind offline: Bleiben Sie auf dieser Seite, wir speichern, sobald die Verbindung wieder da ist.

# Saving, and going on later.
form-resume = Speichern und später fortfahren
form-resume-text = { $days ->
    [one] Wir senden Ihnen einen Link, mit dem Sie hier fortfahren. Ihre Eingaben bewahren wir einen Tag lang auf.
   *[other] Wir senden Ihnen einen Link, mit dem Sie hier fortfahren. Ihre Eingaben bewahren wir { $days } Tage lang auf.
}
form-resume-address = Ihre E-Mail-Adresse
form-resume-button = Speichern und Link zusenden
form-resume-told = Gespeichert. Wenn die Adresse stimmt, erhalten Sie in Kürze eine Nachricht mit dem Link. Kommt sie nicht an, sehen Sie bitte im Spam-Ordner nach.
form-lost-title = Dieser Link ist nicht mehr gültig
form-lost-text = { $days ->
    [one] Er ist vielleicht unvollständig, oder seit Ihrer letzten Eingabe ist mehr als ein Tag vergangen: Danach löschen wir, was nicht abgesendet wurde.
   *[other] Er ist vielleicht unvollständig, oder seit Ihrer letzten Eingabe sind mehr als { $days } Tage vergangen: Danach löschen wir, was nicht abgesendet wurde.
}
form-lost-begin = Neu beginnen
form-lost-track = Haben Sie die Anfrage schon abgesendet? Verfolgen Sie sie mit Nummer und Code

# Privacy.
form-privacy-text = { $organisation } verwendet Ihre Angaben nur, um Ihre Anfrage zu bearbeiten und Ihnen zu antworten.
form-privacy-link = Datenschutzhinweis in einem anderen Tab öffnen
form-privacy-read = Den Datenschutzhinweis hier lesen
form-privacy-tick = Ich habe den Datenschutzhinweis gelesen und verstanden

# Data.
form-limit = Höchstens { $n } Zeichen.
form-left = Noch verfügbare Zeichen:
form-code-missing = Ich habe den Code nicht zur Hand
form-map = Karte: Tippen Sie auf die genaue Stelle. Die Adresse allein genügt.
form-position = Position
form-position-here = Meinen Standort verwenden
form-position-wait = Ihr Standort wird gesucht…
form-position-failed = Der Standort ist nicht verfügbar: Die Adresse allein genügt.
form-position-known = Standort angegeben.
form-position-none = Kein Standort angegeben: Die Adresse allein genügt.
form-position-forget = Standort entfernen
form-position-photo = Standort des Fotos „{ $name }“ verwenden
form-files = Dateien
form-files-hint = Fotos (JPEG, PNG, WebP), PDF oder Office-Dokumente: höchstens { $most } Dateien, je bis zu { $megabytes } MB und insgesamt 25 MB.
form-files-keep = Hochladen
form-files-kept = Hochgeladene Dateien
form-files-remove = Entfernen

# Contacts.
form-contacts-text = Wenn Sie uns einen Kontakt angeben, können wir Ihnen den Stand Ihrer Anfrage mitteilen.
form-contacts-reachable = Für unsere Antwort brauchen wir Ihre E-Mail-Adresse oder Ihre Postanschrift: Eine von beiden genügt.
form-contacts-none = Ihre Daten
form-contacts-none-text = Sie haben keine angegeben.
form-contact-name = Vorname
form-contact-surname = Nachname
form-contact-surname-hint = Bei einem Unternehmen oder Kondominium schreiben Sie hier dessen Bezeichnung und lassen den Vornamen leer.
form-contact-fiscal_code = Steuernummer (codice fiscale) oder MwSt.-Nummer
form-contact-fiscal_code-hint = Die Steuernummer hat 16 Zeichen und steht auf der Gesundheitskarte; die MwSt.-Nummer hat 11 Ziffern.
form-contact-email = E-Mail-Adresse
form-contact-email-hint = Dorthin senden wir die Empfangsbestätigung und den Link zum Verfolgen Ihrer Anfrage.
form-contact-postal_address = Postanschrift
form-contact-phone = Telefon
form-contact-phone-hint = Wir verwenden sie nur, wenn es für diese Anfrage nötig ist.
form-told-by = Wie möchten Sie benachrichtigt werden?
form-told-by-mail = Per E-Mail
form-told-by-io = Mit der App IO
form-told-by-nothing = Gar nicht: Ich sehe selbst nach
form-language = In welcher Sprache sollen wir Ihnen schreiben?

# Summary.
form-check = Ihre Angaben gelten als Erklärung. Bitte prüfen Sie, ob sie stimmen.
form-recipient = Empfänger: { $recipient }
form-then = Wie es weitergeht
form-then-text = Nach dem Absenden erhalten Sie eine Nummer und einen Code, um die Anfrage zu verfolgen; unser Personal liest sie und antwortet Ihnen.
form-then-first = Ohne Namen und Adresse liest sie zuerst unser Personal: Bewahren Sie den Link der Bestätigungsseite auf; dort finden Sie Nummer und Code, sobald die Anfrage angenommen ist.
form-terms = Ich bestätige, dass meine Angaben nach bestem Wissen wahr und vollständig sind

# What is known of the place already.
near-title = Vielleicht wissen wir es schon
near-text = Wenn es um dasselbe geht, müssen Sie nicht noch einmal schreiben: Sie können die Meldung verfolgen und erhalten die Neuigkeiten. Dabei sehen Sie von niemandem persönliche Daten.
near-notice = Mitteilung:
near-notice-general = Hinweis für das ganze Gebiet, er könnte Sie betreffen:
near-same-street = in derselben Straße
near-close = wenige Schritte entfernt
near-follow = Diese verfolgen
near-email = Ihre E-Mail-Adresse für die Neuigkeiten

# The receipt.
sent-title-accepted = Anfrage abgesendet
sent-title-unconfirmed = Es fehlt nur noch Ihre Bestätigung
sent-title-held = Anfrage eingegangen
sent-title-discarded = Diese Anfrage wurde nicht angenommen
sent-number = Die Nummer Ihrer Anfrage lautet
sent-code = Der Code zum Verfolgen lautet
sent-text-accepted = Vielen Dank: Ihre Anfrage ist bei uns eingegangen. Unser Personal liest sie und antwortet Ihnen.
sent-text-unconfirmed = Wir haben Ihnen eine Nachricht gesendet: Öffnen Sie den Link und drücken Sie „Bestätigen und senden“. Erst dann wird die Anfrage erfasst; die Frist für die Antwort läuft trotzdem ab jetzt. Kommt die Nachricht nicht an, sehen Sie bitte im Spam-Ordner nach.
sent-unconfirmed-to = Die Nachricht geht an { $email }.
sent-text-held = Vielen Dank: Ihr Formular ist bei uns eingegangen. Eine Person liest es, bevor daraus eine Anfrage wird; deshalb gibt es noch keine Nummer und keinen Code. Die Frist für die Antwort läuft trotzdem ab jetzt.
sent-here = Bewahren Sie die Adresse dieser Seite auf: Sobald die Anfrage erfasst ist, finden Sie hier die Nummer, den Code und die Seite zum Verfolgen.
sent-here-link = Der Link zu dieser Seite
sent-text-discarded = Die Adresse wurde zu lange nicht bestätigt, oder unser Personal hat die Anfrage nicht angenommen. Wenn Sie sie noch brauchen, können Sie eine neue schreiben.
sent-mail-sent = Wir schreiben an { $email }: Die Nachricht enthält den Link zum Verfolgen der Anfrage und, wenn die Adresse noch nicht bestätigt ist, den Knopf zum Bestätigen. Bis Sie bestätigen, schreiben wir Ihnen nur, wenn Sie es wünschen. Wenn wir Ihnen vor Kurzem schon geschrieben haben, bestätigen Sie in jener Nachricht: Das gilt für alle Ihre Anfragen. Bewahren Sie Nummer und Code trotzdem auf.
sent-mail-unwanted = Sie möchten keine Nachrichten erhalten: Bewahren Sie Nummer und Code auf, Sie brauchen sie zum Verfolgen der Anfrage.
sent-mail-impossible = Bewahren Sie Nummer und Code auf: Sie brauchen sie zum Verfolgen der Anfrage. Im Moment können wir sie Ihnen nicht per E-Mail senden.
sent-mail-none = Sie haben keine E-Mail-Adresse angegeben: Bewahren Sie Nummer und Code auf, Sie brauchen sie zum Verfolgen der Anfrage.
sent-track = Anfrage verfolgen
sent-print = Drucken
sent-again = Eine weitere Anfrage schreiben
sent-rating = Wie einfach war die Nutzung dieses Dienstes?
sent-rating-legend = Von 1 (gar nicht) bis 5 (sehr)
sent-rating-note = Möchten Sie uns mehr dazu sagen? (freiwillig)
sent-rating-send = Bewertung absenden
sent-rating-thanks = Vielen Dank: Ihre Bewertung hilft uns, besser zu werden.
sent-rating-wrong = Wählen Sie eine Zahl von 1 bis 5.

# What is wrong with an answer, and what to do. $n is a number.
problem-missing = Dieses Feld ist ein Pflichtfeld: Schreiben oder wählen Sie eine Antwort.
problem-too-long = Der Text ist zu lang: Bitte kürzen Sie ihn auf höchstens { $n } Zeichen.
problem-choice = Wählen Sie eine der angebotenen Antworten.
problem-email = Die E-Mail-Adresse ist nicht gültig: Schreiben Sie sie vollständig, zum Beispiel name@beispiel.it.
problem-email-dot = Bei der E-Mail-Adresse fehlt nach dem @ das Ende: zum Beispiel „.it“ in name@beispiel.it.
problem-email-quoted = Die E-Mail-Adresse darf keine Anführungszeichen, keine eckigen Klammern und keine Zahl anstelle der Domain enthalten: Schreiben Sie eine wie name@beispiel.it.
problem-email-or-postal = Schreiben Sie Ihre E-Mail-Adresse oder Ihre Postanschrift: Wir brauchen sie, um Ihnen zu antworten.
problem-fiscal-code-length = Die Steuernummer hat 16 Zeichen und die MwSt.-Nummer 11 Ziffern: Bitte prüfen Sie, ob alle da sind.
problem-fiscal-code-letters = In der Steuernummer steht ein Buchstabe anstelle einer Ziffer oder umgekehrt: Bitte vergleichen Sie sie mit der Gesundheitskarte.
problem-fiscal-code-month = Das neunte Zeichen der Steuernummer, der Geburtsmonat, ist nicht möglich: Bitte vergleichen Sie es mit der Gesundheitskarte.
problem-fiscal-code-day = Der Geburtstag in der Steuernummer (zehntes und elftes Zeichen) ist nicht möglich: Bitte vergleichen Sie ihn mit der Gesundheitskarte.
problem-fiscal-code-check = Der letzte Buchstabe der Steuernummer passt nicht zu den anderen: Es liegt ein Tippfehler vor. Bitte vergleichen Sie sie mit der Gesundheitskarte.
problem-vat-check = Die letzte Ziffer der MwSt.-Nummer passt nicht zu den anderen: Es liegt ein Tippfehler vor. Bitte prüfen Sie sie.
problem-phone = Die Telefonnummer ist nicht gültig: Schreiben Sie nur Ziffern, Leerzeichen und das Zeichen +, zum Beispiel 030 123456.
problem-phone-short = Die Telefonnummer ist zu kurz: Schreiben Sie sie vollständig mit der Vorwahl, zum Beispiel 030 123456.
problem-phone-long = Die Telefonnummer ist zu lang: Sie hat höchstens 15 Ziffern. Geben Sie nur eine an.
problem-iban = Die IBAN ist nicht gültig: Eine italienische hat 27 Zeichen und beginnt mit IT. Bitte übernehmen Sie sie vom Kontoauszug.
problem-date = Das Datum ist nicht gültig: Schreiben Sie Tag, Monat und Jahr.
problem-date-past = Das Datum liegt in der Vergangenheit: Wählen Sie heute oder einen späteren Tag.
problem-amount = Der Betrag ist nicht gültig: Schreiben Sie ihn in Euro, zum Beispiel 125,50.
problem-count = Schreiben Sie eine ganze Zahl, höchstens { $n }.
problem-place = Schreiben Sie Straße und Hausnummer oder einen erkennbaren Punkt: zum Beispiel Solferinostraße 12.
problem-position = Die Position ist nicht gültig: Geben Sie Breite und Länge zusammen in Grad an, zum Beispiel 45.5392 und 10.2206.
problem-user-code = Der Code darf nur Buchstaben, Ziffern und Bindestriche enthalten: Bitte übernehmen Sie ihn von der Zahlungsaufforderung.
problem-control = Es sind unsichtbare Zeichen enthalten, vielleicht aus einem anderen Programm kopiert: Löschen Sie den Text und schreiben Sie ihn neu.
problem-name = Schreiben Sie einen Namen mit mindestens einem Buchstaben.
problem-files-missing = Fügen Sie mindestens eine Datei hinzu: Wählen Sie ein Foto oder ein Dokument und drücken Sie auf „Hochladen“.
problem-tick = Um fortzufahren, kreuzen Sie bitte das Kästchen an.
problem-empty-answer = Schreiben Sie etwas oder fügen Sie eine Datei hinzu und senden Sie dann ab.
problem-contest-reason = Schreiben Sie, was noch nicht in Ordnung ist: Wir brauchen es, um tätig zu werden.
problem-no-address = Sie haben keine E-Mail-Adresse angegeben: Wählen Sie einen anderen Weg.
problem-no-fiscal-code = Für Nachrichten in der App IO brauchen wir Ihre Steuernummer, die Sie uns nicht gegeben haben: Wählen Sie einen anderen Weg.
problem-banned = Von hier können wir zurzeit keine Anfragen annehmen. Wenn Sie meinen, dass das ein Irrtum ist, schreiben Sie uns mit der Post oder kommen Sie zu uns an den Schalter: Wir hören Ihnen gerne zu.
problem-banned-phone = Von hier können wir zurzeit keine Anfragen annehmen. Wenn Sie meinen, dass das ein Irrtum ist, rufen Sie uns unter { $phone } an: Wir hören Ihnen gerne zu.
problem-anonymous = Für diese Anfrage brauchen wir mindestens Ihren Namen oder eine E-Mail-Adresse.
problem-code-missing = Schreiben Sie den Code, oder geben Sie an, dass Sie ihn nicht zur Hand haben.
problem-files-many = Es sind zu viele Dateien, oder sie sind zusammen zu groß: höchstens 10 Dateien und 25 MB.
problem-files-today = Heute sind aus diesem Netz zu viele Dateien gekommen: Senden Sie die Anfrage ohne Anhänge, oder versuchen Sie es morgen noch einmal. Was Sie geschrieben haben, ist gespeichert.
