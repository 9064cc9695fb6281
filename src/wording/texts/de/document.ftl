# The receipt of a submission, as PDF.
document-receipt-title = Empfangsbestätigung für Ihr Anliegen
document-receipt-title-number = Empfangsbestätigung für das Anliegen { $number }
document-receipt-intro = { $organisation } hat Ihr Anliegen erhalten. Bitte bewahren Sie diese Bestätigung auf: Sie brauchen sie, um es zu verfolgen.
document-receipt-number = Nummer
document-receipt-code = Code
document-receipt-kind = Art des Anliegens
document-receipt-received = Eingegangen am
document-receipt-due = Antwort fällig bis
document-receipt-tracking = Anliegen verfolgen
document-receipt-follow = Unter dieser Adresse sehen Sie den Stand Ihres Anliegens und können Angaben ergänzen. Wer die Adresse kennt, kann mitlesen: Bitte geben Sie sie nicht weiter.
document-receipt-follow-code = Unter dieser Adresse sehen Sie den Stand Ihres Anliegens und können Angaben ergänzen. Nummer und Code genügen ebenfalls. Wer sie kennt, kann mitlesen: Bitte geben Sie sie nicht weiter.
document-receipt-answers = Was Sie uns geschrieben haben
document-receipt-files = Anlagen
document-receipt-automatic = Dieses Dokument wurde automatisch erstellt.
document-page = Seite
