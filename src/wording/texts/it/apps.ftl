# What apps show their citizens.

problem-citizen-code = Il codice non è giusto o non vale più: controlla la mail, oppure chiedi un nuovo codice.
problem-upload-gone = Uno dei file indicati non c’è più, o è già partito con un’altra richiesta: caricalo di nuovo.
open311-yes = Sì
