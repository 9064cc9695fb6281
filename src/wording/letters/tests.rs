use super::*;

const NUMBER: Number = Number { year: 2026, number: 7 };
const OFFICE: Office<'_> =
    Office { name: "Ambiente Servizi", language: Language::It, portal: "https://ente.example/sportello" };

const DAYS: Days = Days { due: date(30), contest: Some(date(31)) };

const fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn acknowledged(language: Language, confirm: bool) -> Text {
    acknowledgement(&Acknowledgement {
        office: Office { language, ..OFFICE },
        number: NUMBER,
        received: date(2),
        due: date(30),
        confirm,
        notices: &[],
    })
}

#[test]
fn an_acknowledgement_says_number_dates_and_where_to_follow() {
    let text = acknowledged(Language::It, false);
    insta::assert_snapshot!(format!("{}\n\n{}", text.subject, text.body), @r"
    Abbiamo ricevuto la tua richiesta [2026/000007]

    Buongiorno,

    abbiamo ricevuto la tua richiesta il 02/03/2026 e l’abbiamo registrata con il numero 2026/000007.

    Che cosa succede ora: un operatore la legge e ti risponde.
    Entro quando: la risposta è dovuta entro il 30/03/2026.

    Segui la tua richiesta, aggiungi informazioni o ritirala da questa pagina, che è solo tua: [link personale]

    Se vuoi aggiungere qualcosa puoi anche rispondere a questo messaggio: le tue parole arriveranno nella stessa pratica.
    Se non hai inviato tu questa richiesta, non devi fare nulla.

    Questo messaggio è stato inviato in automatico.

    Ambiente Servizi
    ");
}

#[test]
fn an_acknowledgement_to_an_unproven_address_asks_to_confirm_it() {
    let text = acknowledged(Language::En, true);
    insta::assert_snapshot!(format!("{}\n\n{}", text.subject, text.body), @r"
    We have received your request [2026/000007]

    Hello,

    We received your request on 2 March 2026 and registered it under number 2026/000007.

    What happens next: a member of our staff reads it and replies to you.
    By when: our reply is due by 30 March 2026.

    Confirm your address: open this page, which is yours alone, and press “Confirm”. Until then we will not write to you again unless you ask us to: [link personale]

    To add something you can also reply to this message: your words will join the same request.
    If you did not send this request, there is nothing you need to do.

    This message was sent automatically.

    Ambiente Servizi
    ");
}

fn notice(title: &str, streets: &[&str]) -> notice::Model {
    let at = "2026-03-02T08:00:00Z".parse().unwrap();
    notice::Model {
        id: uuid::Uuid::nil(),
        organisation_id: uuid::Uuid::nil(),
        state: notice::State::Published,
        title: entity::language::Words::plain(title),
        text: entity::language::Words::default(),
        impact: entity::language::Words::default(),
        alternatives: entity::language::Words::default(),
        restored: entity::language::Words::default(),
        streets: notice::Lines(streets.iter().map(|street| (*street).to_owned()).collect()),
        kinds: notice::Ids::default(),
        starts_at: at,
        ends_at: None,
        published_at: Some(at),
        restored_at: None,
        author_id: None,
        created_at: at,
        updated_at: at,
        version: 0,
    }
}

#[test]
fn an_acknowledgement_leads_to_the_notices_that_it_names_and_promises_news_of_those_of_the_street() {
    let notices = [notice("Sciopero", &[]), notice("Lavori", &["Via Roma"]), notice("Guasto", &["Via Roma"])];
    insta::assert_snapshot!(concerned(&OFFICE, &notices, false).unwrap(), @r"
    Ci sono avvisi che potrebbero spiegare quello che ci segnali:
    - Lavori: https://ente.example/sportello/avvisi/00000000-0000-0000-0000-000000000000
    - Guasto: https://ente.example/sportello/avvisi/00000000-0000-0000-0000-000000000000
    Quando il servizio riprende te lo scriviamo.

    È in corso un avviso che vale per tutto il territorio e potrebbe riguardarti:
    - Sciopero: https://ente.example/sportello/avvisi/00000000-0000-0000-0000-000000000000
    Per sapere quando il servizio riprende puoi seguirlo dalla sua pagina.
    ");
    let unproven = concerned(&OFFICE, &notices[1..2], true).unwrap();
    assert!(
        unproven.contains("C’è un avviso") && unproven.contains("Dopo che avrai confermato"),
        "{unproven}"
    );
    assert_eq!(concerned(&OFFICE, &[], false), None);
}

/// Who has no link gets the letter without the line of the link: no other sentence may stand on it.
#[test]
fn the_mark_of_the_link_stands_at_the_end_of_one_line() {
    for language in Language::ALL {
        let bodies = [
            acknowledged(language, false).body,
            acknowledged(language, true).body,
            closed_by_answer(language, Some(Page { contest: DAYS.contest })),
            closed_by_answer(language, Some(Page { contest: None })),
        ];
        for body in bodies {
            let lines: Vec<&str> = body.lines().filter(|line| line.contains(PERSONAL_LINK)).collect();
            assert_eq!(lines.len(), 1, "{body}");
            assert!(lines[0].ends_with(PERSONAL_LINK), "{body}");
        }
    }
}

/// Every letter in every language, with everything that goes into it and nothing left unsaid.
fn all(language: Language) -> Vec<Text> {
    let office = Office { language, ..OFFICE };
    let request = Request { number: NUMBER, about: Vec::new() };
    let followed =
        Request { about: vec!["Cassonetto pieno".to_owned(), "Via Roma".to_owned()], ..request.clone() };
    let warned = Matter::Notice("Sciopero".to_owned());
    let mut all = vec![
        resume(&office, "complaint", 2, "LINK"),
        confirm(&office, "LINK"),
        link(&office, &Matter::Request(request.clone()), "LINK", "BCDF-GHJK"),
        link(&office, &Matter::Request(followed.clone()), "LINK", "BCDF-GHJK"),
        link(&office, &warned, "LINK", "BCDF-GHJK"),
        follow(&office, &Matter::Request(followed.clone()), "LINK"),
        changed(&office, &notice("Sciopero", &[]), Some("LINK")),
        changed(&office, &notice("Lavori", &["Via Roma"]), None),
        follow(&office, &warned, "LINK"),
        code(&office, "1234 5678", 15),
    ];
    for news in [News::TakenUp, News::Waiting, News::Closed, News::Reopened] {
        all.push(update(&office, &request, news, DAYS, "LINK"));
        all.push(update(&office, &followed, news, DAYS, "LINK"));
    }
    all
}

#[test]
fn every_letter_is_whole_in_every_language() {
    for language in Language::ALL {
        let mut all = all(language);
        all.extend([acknowledged(language, true), acknowledged(language, false)]);
        for text in all {
            let whole = format!("{}\n\n{}", text.subject, text.body);
            for raw in ["letter-", "{", "}", "$"] {
                assert!(!whole.contains(raw), "{language:?}: {whole}");
            }
            assert!(whole.contains("Ambiente Servizi") && !text.subject.contains('\n'), "{whole}");
        }
    }
}

#[test]
fn no_language_lacks_a_text_that_another_has() {
    let keys = |texts: &str| -> Vec<String> {
        let key = |line: &str| line.split_once(" =").map(|(key, _)| key.to_owned());
        let mut keys: Vec<String> =
            texts.lines().filter(|line| line.starts_with("letter-")).filter_map(key).collect();
        keys.sort();
        keys
    };
    let italian = keys(include_str!("../texts/it/letters.ftl"));
    assert_eq!(keys(include_str!("../texts/en/letters.ftl")), italian);
    assert_eq!(keys(include_str!("../texts/de/letters.ftl")), italian);
}

#[test]
fn links_lead_to_the_pages_of_the_portal() {
    assert!(
        resume(&OFFICE, "complaint", 2, "X")
            .body
            .contains("https://ente.example/sportello/complaint/2?b=X\n")
    );
    assert!(confirm(&OFFICE, "X").body.contains("https://ente.example/sportello/conferma/X\n"));
    let news = update(&OFFICE, &Request { number: NUMBER, about: Vec::new() }, News::TakenUp, DAYS, "X");
    assert!(news.body.contains("https://ente.example/sportello/segui/X\n"), "{}", news.body);
    assert!(news.body.contains("entro il 30/03/2026"), "{}", news.body);
}

#[test]
fn who_may_say_that_it_is_not_solved_is_told_until_when() {
    let closed = |language, contest| {
        let days = Days { contest, ..DAYS };
        let request = Request { number: NUMBER, about: Vec::new() };
        update(&Office { language, ..OFFICE }, &request, News::Closed, days, "X").body
    };
    for (language, button, day) in [
        (Language::It, "«Non è risolto»", "entro il 31/03/2026"),
        (Language::En, "“It is not solved”", "by 31 March 2026"),
        (Language::De, "„Es ist nicht gelöst“", "bis zum 31.03.2026"),
    ] {
        let told = closed(language, DAYS.contest);
        assert!(told.contains(button) && told.contains(day), "{told}");
        let neighbour = closed(language, None);
        assert!(!neighbour.contains(button), "{neighbour}");
    }
}

#[test]
fn who_follows_a_notice_reads_what_it_says_now() {
    let changed = changed(
        &OFFICE,
        &notice::Model {
            text: entity::language::Words::plain("Giovedì la raccolta non passa."),
            alternatives: entity::language::Words::plain("Il centro di raccolta è aperto."),
            ends_at: Some("2026-03-03T19:00:00Z".parse().unwrap()),
            ..notice("Sciopero rinviato", &["Via Roma", "Via Verdi"])
        },
        Some("X"),
    );
    insta::assert_snapshot!(format!("{}\n\n{}", changed.subject, changed.body), @r"
    Avviso aggiornato: Sciopero rinviato

    Buongiorno,

    abbiamo aggiornato l’avviso «Sciopero rinviato», che segui. Ora dice:

    Da: 02/03/2026, ore 09:00
    Fino a: 03/03/2026, ore 20:00
    Dove: Via Roma, Via Verdi

    Giovedì la raccolta non passa.

    Il centro di raccolta è aperto.

    L’avviso completo: https://ente.example/sportello/avvisi/00000000-0000-0000-0000-000000000000

    Per non ricevere più questi messaggi, o vedere quello che segui: https://ente.example/sportello/segui/X

    Questo messaggio è stato inviato in automatico. Per rispondere o aggiungere qualcosa a una richiesta usa la sua pagina.

    Ambiente Servizi
    ");
}

#[test]
fn who_did_not_send_a_request_is_told_what_where_and_when_and_a_subject_has_its_number_alone() {
    let about = ["Cassonetto pieno", "Via Roma", "02/03/2026"].map(str::to_owned).to_vec();
    let request = Request { number: NUMBER, about };
    let news = update(&OFFICE, &request, News::Closed, Days { contest: None, ..DAYS }, "X");
    assert_eq!(news.subject, "Aggiornamento sulla richiesta [2026/000007]");
    let named = "su una richiesta che segui: 2026/000007 (Cassonetto pieno, Via Roma, 02/03/2026).";
    assert!(news.body.contains(named), "{}", news.body);
    let link = link(&OFFICE, &Matter::Request(request), "X", "BCDF-GHJK");
    assert!(link.body.contains("con il numero 2026/000007 e il codice"), "{}", link.body);
}
