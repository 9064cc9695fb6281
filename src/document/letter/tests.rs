use super::*;

fn sample(language: Language) -> Letter {
    Letter {
        language,
        organisation: "Ambiente Valle Serena S.p.A.".to_owned(),
        number: Some(Number { year: 2026, number: 7 }),
        written_at: DateTime::from_timestamp(1_795_388_700, 0).unwrap(),
        subject: "Re: mancato ritiro".to_owned(),
        text: "Buongiorno,\nil ritiro è riprogrammato.\n\n\n  \nCordiali saluti".to_owned(),
        files: vec![("bolletta.pdf".to_owned(), true), ("foto.jpg".to_owned(), false)],
    }
}

#[test]
fn a_letter_says_what_stands_in_the_thread() {
    let page = Page::of(&sample(Language::It));
    assert_eq!(page.title, "Comunicazione sulla richiesta 2026/000007");
    assert_eq!(page.paragraphs, ["Buongiorno,\nil ritiro è riprogrammato.", "Cordiali saluti"]);
    assert_eq!(page.files, ["bolletta.pdf (allegato anche al messaggio)", "foto.jpg"]);
    let facts: Vec<String> = page.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(facts, ["Richiesta: 2026/000007", "Data: 23/11/2026", "Oggetto: Re: mancato ritiro"]);
    assert_eq!(Page::of(&Letter { subject: " ".to_owned(), ..sample(Language::It) }).facts.len(), 2);
}

#[test]
fn every_language_has_every_word() {
    for language in Language::ALL {
        let page = serde_json::to_string(&Page::of(&sample(language))).unwrap();
        assert!(!page.contains("document-"), "{page}");
    }
}

#[test]
fn a_letter_has_bounds() {
    let endless = Letter {
        organisation: "O".repeat(100_000),
        subject: "S".repeat(100_000),
        text: "parola\n\n".repeat(100_000),
        files: vec![("f".repeat(10_000), true); 1_000],
        ..sample(Language::It)
    };
    let page = serde_json::to_string(&Page::of(&endless)).unwrap();
    assert!(page.len() < 250_000, "{} bytes", page.len());
}

#[cfg(feature = "pdf")]
#[test]
fn a_letter_is_an_archivable_document_in_each_language() {
    for language in Language::ALL {
        let pdf = letter(&sample(language)).unwrap();
        assert!(crate::domain::io::remote::is_archivable(&pdf));
        assert_eq!(pdf, letter(&sample(language)).unwrap(), "the same letter is the same bytes");
    }
    let empty = Letter { text: String::new(), files: Vec::new(), ..sample(Language::It) };
    assert!(letter(&empty).is_ok());
}

#[cfg(feature = "pdf")]
#[test]
fn what_people_typed_is_never_markup() {
    let typed = "#import \"/etc/passwd\": * $x^2$ *no* _no_ @ref <b> #read(\"Cargo.toml\") \\ ` // /* = titolo\u{202e}";
    let hostile = Letter {
        organisation: typed.to_owned(),
        subject: typed.to_owned(),
        text: format!("{typed}\n= {typed}\n\n{}", "x".repeat(20_000)),
        files: vec![(typed.to_owned(), false)],
        ..sample(Language::It)
    };
    assert!(letter(&hostile).is_ok());
}

#[cfg(not(feature = "pdf"))]
#[test]
fn without_the_feature_it_says_so() {
    assert!(matches!(letter(&sample(Language::It)), Err(Error::NotBuiltIn)));
}
