# What apps show their citizens.

problem-citizen-code = Der Code ist falsch oder nicht mehr gültig: Prüfen Sie die E-Mail, oder fordern Sie einen neuen Code an.
problem-upload-gone = Eine der Dateien ist nicht mehr vorhanden oder wurde schon mit einer anderen Anfrage gesendet: Laden Sie sie bitte noch einmal hoch.
open311-yes = Ja
