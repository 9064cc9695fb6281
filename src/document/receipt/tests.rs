use chrono::TimeZone;

use super::*;

fn sample(language: Language) -> Receipt {
    Receipt {
        language,
        organisation: "Ambiente Servizi S.p.A.".to_owned(),
        number: Some(Number { year: 2026, number: 7 }),
        code: "BCDF-GHJK".to_owned(),
        received_at: Utc.with_ymd_and_hms(2026, 11, 22, 23, 5, 9).unwrap(),
        due: NaiveDate::from_ymd_opt(2027, 1, 25),
        kind: "Reclamo".to_owned(),
        lines: vec![
            ("Che cosa è successo?".to_owned(), "Il ritiro è saltato.\n\nDue volte.".to_owned()),
            ("Codice utente".to_owned(), "  ".to_owned()),
        ],
        files: vec!["foto.jpg".to_owned()],
        tracking: "https://ambiente.example.it/sportello/segui/abc".to_owned(),
        door: "https://ambiente.example.it/sportello/segui".to_owned(),
    }
}

#[test]
fn a_receipt_says_the_day_of_rome_in_each_language() {
    let facts = |language| -> Vec<String> {
        Page::of(&sample(language))
            .facts
            .into_iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect()
    };
    assert_eq!(
        facts(Language::It),
        [
            "Numero: 2026/000007",
            "Codice: BCDF-GHJK",
            "Tipo di richiesta: Reclamo",
            "Ricevuta il: 23/11/2026, 00:05",
            "Risposta dovuta entro il: 25/01/2027"
        ]
    );
    assert_eq!(facts(Language::En)[3], "Received on: 23 November 2026, 00:05");
    assert_eq!(facts(Language::De)[3], "Eingegangen am: 23.11.2026, 00:05");
}

#[test]
fn what_is_not_known_yet_is_not_said() {
    let waiting = Receipt {
        number: None,
        code: String::new(),
        due: None,
        tracking: String::new(),
        ..sample(Language::It)
    };
    let page = Page::of(&waiting);
    assert_eq!(page.title, "Ricevuta della tua richiesta");
    let names: Vec<String> = page.facts.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Tipo di richiesta", "Ricevuta il"]);
    assert_eq!(page.answers.len(), 1, "an empty answer is left out");
}

#[test]
fn every_language_has_every_word() {
    for language in Language::ALL {
        let page = serde_json::to_string(&Page::of(&sample(language))).unwrap();
        assert!(!page.contains("document-"), "{page}");
    }
}

#[test]
fn a_receipt_has_bounds() {
    let endless = Receipt {
        lines: vec![("domanda ".repeat(1_000), "parola ".repeat(100_000)); 1_000],
        files: vec!["f".repeat(10_000); 1_000],
        organisation: "O".repeat(100_000),
        kind: "K".repeat(100_000),
        tracking: "t".repeat(100_000),
        ..sample(Language::It)
    };
    let page = serde_json::to_string(&Page::of(&endless)).unwrap();
    assert!(page.len() < 200_000, "{} bytes", page.len());
}

#[cfg(feature = "pdf")]
#[test]
fn a_receipt_is_an_archivable_document_in_each_language() {
    for language in Language::ALL {
        let pdf = receipt(&sample(language)).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
        let has = |what: &str| memchr::memmem::find(&pdf, what.as_bytes()).is_some();
        assert!(has("<pdfaid:part>2</pdfaid:part>") && has("<pdfuaid:part>1</pdfuaid:part>"));
        assert!(has(&format!("/Lang({})", language.tag())) || has(&format!("/Lang ({})", language.tag())));
        assert_eq!(pdf, receipt(&sample(language)).unwrap(), "the same receipt is the same bytes");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn the_long_address_is_pressed_and_the_short_one_can_be_typed() {
    let pdf = receipt(&sample(Language::It)).unwrap();
    for address in [
        "/URI(https://ambiente.example.it/sportello/segui/abc)",
        "/URI(https://ambiente.example.it/sportello/segui)",
    ] {
        assert!(memchr::memmem::find(&pdf, address.as_bytes()).is_some(), "{address}");
    }
    let page = Page::of(&sample(Language::It));
    assert_eq!(page.door, "https://ambiente.example.it/sportello/segui");
    assert!(
        !page.tracking_name.contains("https"),
        "it would be broken over two lines: {}",
        page.tracking_name
    );
    let waiting = Page::of(&Receipt { number: None, code: String::new(), ..sample(Language::It) });
    assert_eq!(waiting.door, "", "there is nothing to type there yet");
    assert!(waiting.intro.contains("non è ancora registrata"), "{}", waiting.intro);
}

#[cfg(feature = "pdf")]
#[test]
fn what_people_typed_is_never_markup() {
    let typed =
        "#import \"/etc/passwd\": * $x^2$ *no* _no_ @ref <b> #read(\"Cargo.toml\") \\ ` // /* = titolo";
    let hostile = Receipt {
        organisation: typed.to_owned(),
        kind: typed.to_owned(),
        lines: vec![(typed.to_owned(), typed.to_owned())],
        files: vec![typed.to_owned()],
        tracking: format!("javascript:alert(1)//{typed}"),
        ..sample(Language::It)
    };
    assert!(receipt(&hostile).is_ok());
}

#[cfg(feature = "pdf")]
#[test]
fn a_very_long_receipt_is_set() {
    let long = Receipt {
        lines: vec![
            ("Domanda".to_owned(), "parola ".repeat(2_000)),
            ("Altra".to_owned(), "x".repeat(20_000)),
        ],
        files: vec!["foto.jpg".to_owned(); 100],
        ..sample(Language::It)
    };
    assert!(receipt(&long).is_ok());
}

#[cfg(not(feature = "pdf"))]
#[test]
fn without_the_feature_it_says_so() {
    assert!(matches!(receipt(&sample(Language::It)), Err(Error::NotBuiltIn)));
}
