use super::*;

const TEMPLATE: &str = r#"
#let d = json("data.json")
#set document(title: "Prova")
#set text(font: ("Titillium Web", "DejaVu Sans"), lang: "it")
= Prova
#for text in d [ #text ]
"#;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

#[test]
fn unseen_marks_go_and_strange_characters_become_boxes() {
    assert_eq!(showable("Perche\u{301} € «sì» – Ω Я\nDue"), "Perché € «sì» – Ω Я\nDue");
    assert_eq!(showable("a\u{202e}b\u{200b}c\u{feff}\r"), "abc");
    assert_eq!(showable("中\u{7}\u{e001}\u{10ffff}"), "□□□□");
}

/// Each character after a letter, all of them: Latin with its marks, scripts from right to left, signs, pictures.
#[test]
fn no_character_breaks_a_document() {
    let all: Vec<char> = (0..0x2_0000).filter_map(char::from_u32).collect();
    // one document, in lines: what no font has is a box, and boxes are many
    let known: Vec<char> = all.into_iter().filter(|c| !showable(&c.to_string()).contains(UNKNOWN)).collect();
    assert!(known.len() > 5_000, "{}", known.len());
    let lines: Vec<String> =
        known.chunks(64).map(|some| some.iter().map(|c| format!("a{c} ")).collect()).collect();
    pdf(TEMPLATE, &lines, noon()).unwrap();
}

#[test]
fn nothing_but_the_data_can_be_read() {
    for asked in
        ["#read(\"main.typ\")", "#read(\"/etc/passwd\")", "#image(\"../a.png\")", "#include \"b.typ\""]
    {
        let template = format!("{TEMPLATE}\n{asked}");
        assert!(matches!(pdf(&template, &["x"], noon()), Err(Error::Broken(_))), "{asked}");
    }
    let template = format!("{TEMPLATE}\n#import \"@preview/cetz:0.3.0\"");
    assert!(pdf(&template, &["x"], noon()).is_err(), "no packages");
}
