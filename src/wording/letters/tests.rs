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
        organisation: "Ambiente Servizi",
        language,
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

    Confirm your address: open this page, which is yours alone, and press “Confirm”. Until then we will not write to you again: [link personale]

    To add something you can also reply to this message: your words will join the same request.
    If you did not send this request, there is nothing you need to do.

    This message was sent automatically.

    Ambiente Servizi
    ");
}

/// Who has no link gets the letter without the line of the link: no other sentence may stand on it.
#[test]
fn the_mark_of_the_link_stands_at_the_end_of_one_line() {
    for language in Language::ALL {
        for confirm in [false, true] {
            let body = acknowledged(language, confirm).body;
            let lines: Vec<&str> = body.lines().filter(|line| line.contains(PERSONAL_LINK)).collect();
            assert_eq!(lines.len(), 1, "{body}");
            assert!(lines[0].ends_with(PERSONAL_LINK), "{body}");
        }
    }
}

/// Every letter in every language, with everything that goes into it and nothing left unsaid.
fn all(language: Language) -> Vec<Text> {
    let office = Office { language, ..OFFICE };
    let (request, warned) = (Matter::Request(NUMBER), Matter::Notice("Sciopero".to_owned()));
    let mut all = vec![
        resume(&office, "complaint", 2, "LINK"),
        confirm(&office, "LINK"),
        link(&office, &request, "LINK", "BCDF-GHJK"),
        link(&office, &warned, "LINK", "BCDF-GHJK"),
        follow(&office, &request, "LINK"),
        follow(&office, &warned, "LINK"),
        code(&office, "1234 5678", 15),
    ];
    for news in [News::TakenUp, News::Waiting, News::Closed, News::Reopened] {
        all.push(update(&office, NUMBER, news, DAYS, "LINK"));
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
    let news = update(&OFFICE, NUMBER, News::TakenUp, DAYS, "X");
    assert!(news.body.contains("https://ente.example/sportello/segui/X\n"), "{}", news.body);
    assert!(news.body.contains("entro il 30/03/2026"), "{}", news.body);
}

#[test]
fn who_may_say_that_it_is_not_solved_is_told_until_when() {
    let closed = |language, contest| {
        let days = Days { contest, ..DAYS };
        update(&Office { language, ..OFFICE }, NUMBER, News::Closed, days, "X").body
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
