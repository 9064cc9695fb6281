# Why a file is not taken. $name is the file, $n a number of megabytes or megapixels.
file-empty = Die Datei „{ $name }“ ist leer: Bitte wählen Sie eine andere.
file-too-large = Die Datei „{ $name }“ ist zu groß: Erlaubt sind höchstens { $n } MB.
file-kind = Dateien wie „{ $name }“ können wir nicht annehmen. Möglich sind Fotos (JPEG, PNG, WebP), PDF, einfache Texte, Dokumente aus Word, Excel und OpenDocument sowie signierte Dateien (p7m).
file-heic = Das Foto „{ $name }“ hat das Format HEIC, das wir nicht lesen können. Öffnen Sie auf dem iPhone Einstellungen, Kamera, Formate, wählen Sie „Maximale Kompatibilität“ und fotografieren Sie noch einmal; oder senden Sie ein Bildschirmfoto davon.
file-macros = Das Dokument „{ $name }“ enthält Makros, die wir aus Sicherheitsgründen nicht annehmen. Bitte speichern Sie es als PDF und hängen Sie dieses an.
file-damaged = Das Foto „{ $name }“ ist beschädigt und lässt sich nicht öffnen: Bitte fotografieren Sie noch einmal oder wählen Sie ein anderes.
file-too-many-pixels = Das Foto „{ $name }“ ist zu groß: Erlaubt sind höchstens { $n } Megapixel. Bitte verkleinern Sie es oder senden Sie ein Bildschirmfoto davon.
file-infected = In der Datei „{ $name }“ hat der Virenscanner eine Bedrohung gefunden: Wir haben sie nicht gespeichert. Bitte prüfen Sie Ihr Gerät und hängen Sie eine andere Datei an.
