//! Letters as the programs of our citizens write them, and letters that only look like it.

use proptest::prelude::*;

use super::visible;

const NEW: &str = "Buongiorno,\nil contenitore è ancora rotto.\nGrazie\n\nAnna Neri";

/// What shows of `NEW` with `below` it.
fn shown_above(below: &str, subject: &str) -> String {
    let text = format!("{NEW}\n\n{below}\n");
    visible(&text, subject).unwrap_or(text)
}

fn assert_folded(below: &[&str]) {
    for below in below {
        assert_eq!(shown_above(below, "R: [Pratica 2026/000123] Contenitore"), NEW, "{below}");
    }
}

fn assert_whole(subject: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(visible(text, subject), None, "{text}");
    }
}

#[test]
fn gmail() {
    assert_folded(&[
        "Il giorno mar 3 nov 2026 alle ore 10:00 Ufficio reclami <reclami@ente.example> ha scritto:\n\n> Gentile utente,\n> saluti\n>",
        "Il giorno mar 3 nov 2026 alle ore 10:00 Ufficio reclami <\nreclami@ente.example> ha scritto:\n\n> Gentile utente,",
        "Il mar 3 nov 2026, 10:00 Ufficio reclami <reclami@ente.example> ha\nscritto:\n\n> Gentile utente,",
        "On Tue, Nov 3, 2026 at 10:00 AM Ufficio reclami <reclami@ente.example>\nwrote:\n\n> Gentile utente,",
        "Am Di., 3. Nov. 2026 um 10:00 Uhr schrieb Ufficio <reclami@ente.example>:\n\n> Gentile utente,",
        "Le mar. 3 nov. 2026 à 10:00, Ufficio <reclami@ente.example> a écrit :\n\n> Gentile utente,",
    ]);
}

#[test]
fn telephones() {
    assert_folded(&[
        "Inviato da iPhone\n\n> Il giorno 3 nov 2026, alle ore 10:00, Ufficio <reclami@ente.example> ha scritto:\n> \n> \u{feff}Gentile utente,",
        "Inviato dal mio iPad\n\nIl giorno 3 nov 2026, alle ore 10:00, Ufficio reclami\n<reclami@ente.example>\nha scritto:\n\n> Gentile utente,",
        "Inviato dal mio dispositivo Galaxy\n\n-------- Messaggio originale --------\nDa: Ufficio <reclami@ente.example>\nData: 03/11/26 10:00 (GMT+01:00)\nA: anna@posta.example\nOggetto: Contenitore\n\nGentile utente,",
        "Inviato da Outlook per Android<https://aka.ms/xyz>\n________________________________\nDa: Ufficio <reclami@ente.example>\nInviato: martedì 3 novembre 2026 10:00\nA: Anna Neri\nOggetto: Contenitore\n\nGentile utente,",
        "Scarica Outlook per iOS<https://aka.ms/xyz>",
        "Inviato dal mio dispositivo Android con K-9 Mail. Perdonate la brevità.",
        "Inviato da Posta per Windows",
        "Sent from my BlackBerry",
    ]);
}

#[test]
fn outlook() {
    assert_folded(&[
        "Da: Ufficio reclami <reclami@ente.example> \nInviato: martedì 3 novembre 2026 10:00\nA: Anna Neri <anna@posta.example>\nCc: altri@ente.example\nOggetto: Contenitore\n\nGentile utente,\nsaluti",
        "________________________________\n\n*Da:* Ufficio reclami\n*Inviato:* martedì 3 novembre 2026 10:00\n*A:* Anna Neri\n*Oggetto:* Contenitore\n\nGentile utente,",
        "-----Messaggio originale-----\nDa: Ufficio [mailto:reclami@ente.example] \nInviato: martedì 3 novembre 2026 10:00\nA: Anna\nOggetto: Contenitore\n\nGentile utente,",
        "-----Original Message-----\n\nGentile utente,",
        "Da:\u{a0}Ufficio <reclami@ente.example>\n\nData:\u{a0}martedì, 3 novembre 2026 alle ore 10:00\n\nA:\u{a0}Anna\n\nOggetto:\u{a0}Contenitore\n\nGentile utente,",
        "From: Ufficio <reclami@ente.example>\nSent: Tuesday, November 3, 2026 10:00 AM\nTo: Anna\nSubject: Contenitore\n\nGentile utente,",
        "Von: Ufficio <reclami@ente.example>\nGesendet: Dienstag, 3. November 2026 10:00\nAn: Anna\nBetreff: Contenitore\n\nGentile utente,",
    ]);
}

#[test]
fn webmails_and_thunderbird() {
    assert_folded(&[
        "> Il 03/11/2026 10:00 CET Ufficio reclami <reclami@ente.example> ha scritto:\n> \n>  \n> Gentile utente,",
        "----Messaggio originale----\nDa: reclami@ente.example\nData: 3-nov-2026 10.00\nA: <anna@posta.example>\nOgg: Contenitore\n\nGentile utente,",
        "Il 3 novembre 2026 alle 10.00 reclami@ente.example ha scritto:\n\nGentile utente,",
        "Il 2026-11-03 10:00 Ufficio reclami ha scritto:\n> Gentile utente,",
        "Da: \"Ufficio\" reclami@ente.example\nA: anna@posta.example\nCc: \nData: Tue, 3 Nov 2026 10:00:00 +0100\nOggetto: Contenitore\n\nGentile utente,",
        "Il martedì 3 novembre 2026 alle ore 10:00:00 CET, Ufficio <reclami@ente.example> ha scritto: \n\n Gentile utente,",
        "Il 03/11/26 10:00, Ufficio reclami ha scritto:\n> Gentile utente,\n>> La mia domanda\n> saluti",
        "In data 3 novembre 2026 10:00:31 \"Ufficio\" <reclami@ente.example> ha scritto:\n\nGentile utente,",
        "##- Rispondi sopra questa riga -##\n\nLa pratica è stata aggiornata",
    ]);
}

#[test]
fn a_quotation_that_names_nobody_is_folded_in_an_answer_only() {
    let quotation = "> Gentile utente,\n> la pratica è chiusa.";
    assert_eq!(shown_above(quotation, "Re: Contenitore"), NEW);
    assert_eq!(shown_above(quotation, "Contenitore"), format!("{NEW}\n\n{quotation}\n"));
}

#[test]
fn an_answer_between_quoted_lines_stays_whole() {
    let between = "Il 03/11/26 10:00, Ufficio reclami ha scritto:\n> Qual è la matricola?\n\nÈ la 00123-AB.\n\n> Pomeriggio?\nsì";
    assert_whole("Re: Contenitore", &[between]);
    let signed = format!("Rispondo tra le righe.\n\n{between}\n\n-- \nAnna Neri\nvia Roma 1");
    assert_eq!(visible(&signed, "Re: x"), Some(format!("Rispondo tra le righe.\n\n{between}")));
    let introduced = "Grazie.\n\nIl 3 nov 2026, alle ore 10:00, Ufficio <reclami@ente.example> ha scritto:\n\nPunto per punto.\n\n> Matricola?\nLa 00123.";
    assert_whole("Re: x", &[introduced]);
    let longer = format!("{between}\n\n> Cordiali saluti\n> Ufficio");
    assert_eq!(visible(&longer, "Re: x").as_deref(), Some(between));
}

#[test]
fn an_answer_below_the_quotation_is_what_shows() {
    let quotation = "Il 03/11/26 10:00, Ufficio reclami ha scritto:\n> Qual è la matricola?\n>\n> Saluti";
    assert_eq!(visible(&format!("{quotation}\n\n{NEW}\n"), "Re: x").as_deref(), Some(NEW));
    let marked =
        "> Il giorno 3 nov 2026, alle ore 10:00, Ufficio <reclami@ente.example> ha scritto:\n> Pomeriggio?";
    assert_eq!(visible(&format!("{marked}\n\nSì.\n\nInviato da iPhone"), "Re: x").as_deref(), Some("Sì."));
    assert_whole(
        "Re: x",
        &[&format!("Buongiorno,\n\n{quotation}\n\nÈ la 00123-AB."), "> primo punto\n> secondo punto\nGrazie"],
    );
}

#[test]
fn lines_that_a_program_wrapped_belong_to_the_quotation() {
    let by = "Il 03/11/26 10:00, Ufficio ha scritto:";
    let wrapped = "> Abbiamo verificato la segnalazione del contenitore di via Manzoni e lo\nsostituiremo entro la settimana.";
    assert_eq!(shown_above(&format!("{by}\n{wrapped}\n> Saluti"), "Re: x"), NEW);
    // an answer is no leftover, however full the line above it
    let question = "> Può dirci qual è la matricola che trova sul retro del suo contenitore?\nè la 00123";
    let request = "> Ci serve il codice che trova in alto a destra nella sua bolletta.\nè la 00123";
    for answered in [question, request, &format!("{wrapped}\n{question}")] {
        let shown = shown_above(&format!("{by}\n{answered}\n> Saluti"), "Re: x");
        assert!(shown.contains("\nè la 00123"), "{answered}");
    }
}

#[test]
fn what_is_passed_on_is_never_folded() {
    let passed_on = "Per competenza.\n\n-----Messaggio originale-----\nDa: Carla <carla@posta.example>\nInviato: oggi\nA: urp@comune.example\nOggetto: Cassonetti\n\nI cassonetti sono pieni.\n\n-- \nCarla\ntel. 06 1234";
    for subject in ["I: Cassonetti", "Fwd: x", "FW: x", "WG: x", "Inoltro: x", "TR: x"] {
        assert_eq!(visible(passed_on, subject), None, "{subject}");
    }
    assert_whole(
        "Cassonetti",
        &[
            "Vedete sotto.\n\n---------- Forwarded message ---------\nDa: Carla <carla@posta.example>\nDate: mar 3 nov 2026 alle ore 10:00\nSubject: Cassonetti\nTo: <urp@comune.example>\n\nSono pieni.",
            "Ecco.\n\n-------- Messaggio Inoltrato --------\nOggetto: x\n\nSono pieni.",
            "Ecco.\n\nInizio messaggio inoltrato:\n\n> Da: Carla <carla@posta.example>\n> Oggetto: x\n> \n> Sono pieni.",
        ],
    );
    assert_eq!(visible(passed_on, "R: I: Cassonetti").as_deref(), Some("Per competenza."));
}

#[test]
fn words_that_look_like_a_quotation_stay() {
    assert_whole(
        "Re: Reclamo",
        &[
            "Il vostro operatore il 3 marzo 2026 ha scritto: passiamo domani.\nNessuno è passato.",
            "Il 3 marzo 2026 alle 10:00 il vostro ufficio mi ha scritto:\n«passiamo domani».\nNessuno è passato.",
            "Il 3 marzo 2026 l'addetto Bianchi (bianchi@ente.example) ha scritto:\n«passiamo domani».\nNessuno è passato.",
            "Trasloco.\nDa: via Roma 1\nA: via Verdi 2\nData: 3/11/2026 10:30\nOggetto: ritiro del divano\nGrazie",
            "Da: lunedì a venerdì\nA: partire da marzo",
            "Mancano:\n> il bidone della carta\n> il bidone del vetro",
            "Mancano:\n\n> il bidone della carta\n> il bidone del vetro",
            "Mancano\n> il bidone della carta\n> il bidone del vetro\nGrazie",
            "Mancano\n> il bidone della carta\n> il bidone del vetro",
            "Sono tornata.\n\n> attendo",
            "Non ci siamo.\nIl 3 marzo 2026 alle 10:00 l'addetto Bianchi ha scritto:\n«passiamo domani».\nNessuno è passato.",
            "Aspetto da un mese.\n\n>>> URGENTE <<<\n>>> RISPONDETE <<<",
            "Punti:\n-- il primo\n-- il secondo\nSaluti",
            "Utenza 1: 12345\n--\nUtenza 2: 67890",
            "Il bidone è rotto.\n--\nP.S. Anche quello della carta.\nanna@posta.example",
            "Il bidone è rotto.\n--\nIl coperchio manca del tutto, scrivetemi a anna@posta.example per favore.",
            "Uno\n--\nDue, tel. 06 1234\n--\nTre, tel. 06 1234",
            "Il modulo è stato\ninviato da me il 3 marzo",
        ],
    );
}

#[test]
fn a_letter_that_is_copied_as_evidence_stays() {
    let old = "Da: Ufficio <reclami@ente.example>\nInviato: martedì 3 novembre 2026 10:00\nA: Anna\nOggetto: Contenitore\n\nPassiamo domani.\n\nCome vedete non è vero.";
    for before in [
        "Mi avete risposto:",
        "Vi riporto la vostra risposta.",
        "Rispondo in rosso qui sotto",
        "Buongiorno,",
        "",
    ] {
        assert_whole("Re: Contenitore", &[&format!("{before}\n\n{old}")]);
    }
}

#[test]
fn signatures_and_notices_are_folded() {
    assert_folded(&[
        "-- \nAnna Neri\nvia Roma 1",
        "--\nAnna Neri\nAmministratrice",
        "--\nStudio Neri, via Roma 1\nTel. 06 123456\nwww.studio.example",
        "Prima di stampare questa mail pensa all'ambiente",
        "-- \nStudio Neri\n\n__________________________\n\nLe informazioni contenute in questo messaggio sono riservate e per uso esclusivo del destinatario.\n\nSe ricevuto per errore, va distrutto.\n\nSTUDIO - 00100 ROMA\ntel. 06 123456\n__________________________",
        "Mail priva di virus. www.avast.com",
    ]);
}

#[test]
fn nothing_left_means_everything() {
    assert_whole(
        "Re: x",
        &[
            "",
            "\n \n",
            "-- \nAnna",
            "Inviato da iPhone",
            "> Gentile utente",
            "Il 03/11/26 10:00, Ufficio ha scritto:\n> Gentile utente",
            "Il 3 novembre 2026 alle 10.00 reclami@ente.example ha scritto:\n\nGentile utente,",
            "Le informazioni contenute in questo messaggio sono riservate al destinatario.",
            NEW,
        ],
    );
}

#[test]
fn hostile_letters_are_read_in_one_go() {
    const SIZE: usize = 128 * 1024;
    let attribution = "Il 3 nov 2026, alle ore 10:00, Anna <a@posta.example> ha scritto:\n";
    let weak = "Il 3 novembre 2026\nalle 10:00\nsenza indirizzo\nlui ha scritto:\n";
    for piece in [
        ">",
        ">\n",
        "> a\n",
        "a",
        "a ",
        "\n",
        " \n",
        "a:\n",
        "--\n",
        "-- \na\n",
        "-----Messaggio originale-----\n",
        "-----Messaggio originale-----\n\n>\n",
        "_____\n",
        "Da: a@posta.example\nA: b\n",
        "Da: a@posta.example\n\n",
        "> Da: a@posta.example\n",
        "Inviato da iPhone\n",
        "Inviato da iPhone\n> a\n> b\n\n",
        "Questo messaggio è riservato al destinatario.\n",
        "Questo messaggio è riservato al destinatario.\n\n",
        "in rosso: \n",
        "a\u{301}\u{200b}",
        attribution,
        weak,
    ] {
        for last in ["> a\n", "\nInviato da iPhone"] {
            let text = format!("Vero.\n\n{}{last}", piece.repeat(SIZE / piece.len()));
            if let Some(new) = visible(&text, "Re: x") {
                assert!(new.starts_with("Vero."), "{piece:?}");
            }
        }
    }
}

#[test]
fn a_megabyte_of_one_thing_is_read() {
    for text in [">".repeat(1 << 20), "a".repeat(1 << 20), "Il 3 novembre 2026 ha scritto:\n".repeat(100_000)]
    {
        assert_eq!(visible(&text, "Re: x"), None);
    }
}

/// Pieces of which real letters and their traps are made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(
            &[
                "> citato\n",
                ">> più a fondo\n",
                "\n",
                "Buongiorno,\n",
                "mie parole\n",
                "-- \n",
                "--\n",
                "________________\n",
                "Inviato da iPhone\n",
                "Da: Anna <a@posta.example>\n",
                "Inviato: martedì 3 novembre 2026 10:00\n",
                "A: Ufficio\n",
                "Oggetto: x\n",
                "-----Messaggio originale-----\n",
                "Il 3 nov 2026, alle ore 10:00, Anna <a@posta.example> ha scritto:\n",
                "Il 03/11/26 10:00, Anna ha scritto:\n",
                "Le informazioni contenute in questo messaggio sono riservate al destinatario.\n",
            ][..]
        )
        .prop_map(str::to_owned),
        "\\PC{0,30}\r?\n?",
    ]
}

proptest! {
    #[test]
    fn what_shows_is_a_run_of_the_letters_own_lines(
        pieces in proptest::collection::vec(piece(), 0..25), subject in "(Re: |I: |)\\PC{0,10}",
    ) {
        let text = pieces.concat();
        if let Some(new) = visible(&text, &subject) {
            prop_assert!(!new.trim().is_empty());
            prop_assert!(new.len() < text.len());
            let all: Vec<&str> = text.lines().map(str::trim_end).collect();
            let shown: Vec<&str> = new.lines().map(str::trim_end).collect();
            prop_assert!(all.windows(shown.len()).any(|run| run == shown), "{text:?} -> {new:?}");
        }
    }

    #[test]
    fn a_letter_without_any_mark_shows_whole(lines in proptest::collection::vec("[a-zàèéìòù ,.]{1,60}", 1..12)) {
        prop_assert_eq!(visible(&lines.join("\n"), "Re: x"), None);
    }
}
