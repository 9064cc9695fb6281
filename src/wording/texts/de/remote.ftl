# Communications that are read in IO, fetched from us: as a text and as a document.
remote-title = Mitteilung zur Anfrage { $number }
remote-closing = Dies ist die Mitteilung vom { $day } zu Ihrer Anfrage { $number }. Bei Fragen schreiben Sie bitte an { $organisation } und geben Sie die Nummer an.
remote-goes-on = Der Text geht im beigefügten Dokument weiter.
remote-left-out = Diese Dateien können hier nicht angezeigt werden: { $names }. Sie finden sie in der Mitteilung, die Sie erhalten haben, oder Sie erhalten sie auf Anfrage von { $organisation }.
document-letter-title = Mitteilung zur Anfrage { $number }
document-letter-number = Anfrage
document-letter-written = Datum
document-letter-subject = Betreff
document-letter-text = Text
document-letter-files = Dateien der Mitteilung
document-letter-attached = { $name } (auch der Nachricht beigefügt)
document-letter-automatic = Automatisch erstelltes Dokument: Es gibt den Text der Mitteilung so wieder, wie er aufgezeichnet ist.
