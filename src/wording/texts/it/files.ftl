# Why a file is not taken. $name is the file, $n a number of megabytes or megapixels.
file-empty = Il file «{ $name }» è vuoto: scegline un altro.
file-too-large = Il file «{ $name }» è troppo grande: il limite è di { $n } MB.
file-kind = Il file «{ $name }» non è di un tipo che possiamo ricevere. Vanno bene le foto (JPEG, PNG, WebP), i PDF, i testi semplici, i documenti Word, Excel e OpenDocument e i file firmati (p7m).
file-heic = La foto «{ $name }» è nel formato HEIC, che non possiamo leggere. Su iPhone apri Impostazioni, Fotocamera, Formati e scegli «Più compatibile», poi scatta di nuovo; oppure invia uno screenshot della foto.
file-macros = Il documento «{ $name }» contiene macro, che per sicurezza non accettiamo. Salvalo come PDF e allega quello.
file-damaged = La foto «{ $name }» è danneggiata e non si può aprire: prova a scattarla di nuovo o scegline un’altra.
file-too-many-pixels = La foto «{ $name }» è troppo grande: il limite è di { $n } megapixel. Riducila o inviane uno screenshot.
file-infected = Nel file «{ $name }» l’antivirus ha trovato una minaccia: non lo abbiamo conservato. Controlla il tuo dispositivo e allega un altro file.
