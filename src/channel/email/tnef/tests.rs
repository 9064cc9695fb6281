use super::{
    made::{attribute, binary, list, number, property, stored, text, tnef, unicode, variable},
    *,
};

const BEGIN: u16 = 0x9002;
const TITLE: u16 = 0x8010;
const DATA: u16 = 0x800f;
const PROPERTIES: u16 = 0x9005;

fn letter(properties: &[Vec<u8>]) -> Tnef {
    read(&tnef(&[attribute(1, 0x9003, &list(properties))])).unwrap()
}

/// One of each thing that we read.
fn full() -> Vec<u8> {
    let named_by_number =
        property(0x03, 0x8001, &[&[7; 16][..], &0_u32.to_le_bytes(), &[1, 0, 0, 0, 5, 0, 0, 0]].concat());
    let named_by_text = property(
        0x1e,
        0x8002,
        &[&[7; 16][..], b"\x01\0\0\0\x06\0\0\0a\0b\0\0\0\0\0", &variable(&[b"x"])].concat(),
    );
    let several = property(0x1014, 0x0e01, &[&2_u32.to_le_bytes()[..], &[0; 16]].concat());
    let words = list(&[
        named_by_number,
        named_by_text,
        several,
        property(0x101f, 0x0e02, &variable(&[b"a\0\0\0", b"b\0"])),
        property(0x0b, 0x0e1b, b"\x01\0\0\0"),
        property(0x40, 0x0e06, &[0; 8]),
        property(0x48, 0x0e07, &[0; 16]),
        number(0x3fde, 65001),
        unicode(0x1000, "Perché no?"),
        binary(0x1013, "<p>Perché no?</p>".as_bytes()),
    ]);
    let image = list(&[
        unicode(0x3707, "Bolletta città 2026.png"),
        text(0x370e, b"IMAGE/PNG"),
        unicode(0x3712, "image001@x"),
    ]);
    tnef(&[
        attribute(1, 0x9006, &[0, 0, 1, 0]),
        attribute(1, 0x9007, &[0xe4, 4, 0, 0, 0, 0, 0, 0]),
        attribute(1, 0x9003, &words),
        attribute(2, BEGIN, &[0; 14]),
        attribute(2, TITLE, b"BOLLET~1.PNG\0"),
        attribute(2, DATA, b"PNG bytes"),
        attribute(2, PROPERTIES, &image),
        attribute(2, BEGIN, &[0; 14]),
        attribute(2, DATA, b"due"),
        attribute(2, TITLE, b"verit\xe0.txt\0"),
    ])
}

#[test]
fn words_and_files_come_out() {
    let tnef = read(&full()).unwrap();
    assert!(tnef.whole);
    assert_eq!(tnef.text.as_deref(), Some("Perché no?"));
    assert_eq!(tnef.html.as_deref(), Some("<p>Perché no?</p>"));
    let image = File {
        name: "Bolletta città 2026.png".to_owned(),
        media_type: "image/png".to_owned(),
        content_id: Some("image001@x".to_owned()),
        bytes: b"PNG bytes".to_vec(),
    };
    let text = File {
        name: "verità.txt".to_owned(),
        media_type: "application/octet-stream".to_owned(),
        content_id: None,
        bytes: b"due".to_vec(),
    };
    assert_eq!(tnef.files, [image, text]);
}

#[test]
fn other_bytes_are_no_letter() {
    assert_eq!(read(b""), None);
    assert_eq!(read(b"%PDF-1.7"), None);
    let nothing = read(&tnef(&[])).unwrap();
    assert_eq!(nothing, Tnef { whole: true, ..Tnef::default() });
    assert!(!read(SIGNATURE).unwrap().whole);
}

#[test]
fn the_old_body_is_in_the_declared_code_page() {
    let body = |code_page: u32, body: &[u8]| {
        let page = [code_page.to_le_bytes(), [0; 4]].concat();
        // what is written in the code page comes before it
        read(&tnef(&[attribute(1, 0x800c, body), attribute(1, 0x9007, &page)])).unwrap().text.unwrap()
    };
    assert_eq!(body(1252, b"perch\xe9\r\n\0"), "perché\r\n");
    assert_eq!(body(850, b"perch\x82"), "perché");
    assert_eq!(body(1251, b"\xcf\xf0\xe8\xe2\xe5\xf2"), "Привет");
    assert_eq!(body(99999, b"perch\xe9"), "perché");
    let properties = [number(0x3ffd, 1250), text(0x1000, b"\xbe\xe1dost")];
    assert_eq!(letter(&properties).text.as_deref(), Some("ľádost"));
}

#[test]
fn html_is_in_the_code_page_of_the_net() {
    let html = |number_of_page: u32, html: &[u8]| {
        letter(&[number(0x3fde, number_of_page), binary(0x1013, html)]).html
    };
    assert_eq!(html(28591, b"citt\xe0").as_deref(), Some("città"));
    assert_eq!(html(65001, "città".as_bytes()).as_deref(), Some("città"));
    assert_eq!(letter(&[unicode(0x1013, "città")]).html.as_deref(), Some("città"));
    assert_eq!(html(65001, b"\0"), None);
}

#[test]
fn rtf_is_read_where_there_is_no_html() {
    let rtf = binary(0x1009, &stored("{\\rtf1\\ansi citt\\'e0}"));
    let alone = letter(std::slice::from_ref(&rtf));
    assert_eq!((alone.text.as_deref(), alone.html, alone.whole), (Some("città"), None, true));
    let beside = letter(&[rtf, unicode(0x1000, "le parole")]);
    assert_eq!((beside.text.as_deref(), beside.whole), (Some("le parole"), true));
    let html =
        letter(&[binary(0x1009, &stored("{\\rtf1\\fromhtml1 {\\*\\htmltag <b>}a{\\*\\htmltag </b>}}"))]);
    assert_eq!((html.text, html.html.as_deref()), (None, Some("<b>a</b>")));
    let broken = letter(&[binary(0x1009, b"\0\0\0\0\0\0\0\0ZIP!\0\0\0\0"), unicode(0x1000, "le parole")]);
    assert_eq!((broken.text.as_deref(), broken.whole), (Some("le parole"), false));
}

#[test]
fn a_letter_inside_the_letter_is_a_file_of_its_own() {
    let inner = full();
    let object = property(0x0d, 0x3701, &variable(&[&[&[7; 16][..], &inner].concat()]));
    let properties = list(&[unicode(0x3001, "Re: Bolletta"), object]);
    let tnef = read(&tnef(&[attribute(2, BEGIN, &[0; 14]), attribute(2, PROPERTIES, &properties)])).unwrap();
    assert!(tnef.whole);
    let file = &tnef.files[0];
    assert_eq!((file.name.as_str(), file.media_type.as_str()), ("Re_ Bolletta.dat", "application/ms-tnef"));
    assert_eq!(read(&file.bytes).unwrap().files.len(), 2);
}

#[test]
fn a_file_that_is_only_referred_to_leaves_the_whole_to_be_kept() {
    let properties = list(&[unicode(0x3707, "grande.zip"), unicode(0x370d, "\\\\server\\grande.zip")]);
    let tnef = read(&tnef(&[attribute(2, BEGIN, &[0; 14]), attribute(2, PROPERTIES, &properties)])).unwrap();
    assert_eq!((tnef.files.len(), tnef.whole), (0, false));
}

#[test]
fn names_are_made_safe_and_differ() {
    let file = |name: &[u8]| {
        [attribute(2, BEGIN, &[0; 14]), attribute(2, TITLE, name), attribute(2, DATA, b"x")].concat()
    };
    let tnef = read(&tnef(&[file(b"..\\..\\a.txt\0"), file(b"a.txt\0"), file(b"\0")])).unwrap();
    let names: Vec<&str> = tnef.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a.txt", "a (2).txt", "allegato.bin"]);
}

#[test]
fn what_is_damaged_is_not_called_whole() {
    let sound = full();
    let mut wrong_sum = sound.clone();
    *wrong_sum.last_mut().unwrap() ^= 1;
    let tnef = read(&wrong_sum).unwrap();
    assert_eq!((tnef.files.len(), tnef.whole), (2, false));
    assert!(read(&[&sound[..], b"\0\0\r\n"].concat()).unwrap().whole);
    assert!(!read(&[&sound[..], b"garbage"].concat()).unwrap().whole);
    let unknown = letter(&[property(0x77, 0x1234, b"?"), unicode(0x1000, "dopo")]);
    assert_eq!((unknown.text, unknown.whole), (None, false));
    let fewer = read(&tnef_with_count(3)).unwrap();
    assert_eq!((fewer.text.as_deref(), fewer.whole), (Some("due"), false));
}

/// A letter of two properties that says it has `count`.
fn tnef_with_count(count: u32) -> Vec<u8> {
    let mut properties = list(&[number(0x3fde, 1252), unicode(0x1000, "due")]);
    properties[..4].copy_from_slice(&count.to_le_bytes());
    tnef(&[attribute(1, 0x9003, &properties)])
}

#[test]
fn cut_anywhere_it_gives_what_is_there() {
    let sound = full();
    let ends: Vec<usize> =
        (0..=sound.len()).filter(|end| read(&sound[..*end]).is_some_and(|tnef| tnef.whole)).collect();
    // only where an attribute ends can nothing be seen
    assert_eq!(ends, [6, 21, 40, 299, 368, 503, 542, 564]);
    let cut = read(&sound[..sound.len() - 20]).unwrap();
    assert_eq!((cut.files[1].bytes.as_slice(), cut.files[1].name.as_str()), (&b"due"[..], "allegato.bin"));
    for end in 0..sound.len() {
        assert_bounded(&sound[..end]);
    }
}

#[test]
fn each_byte_may_be_wrong() {
    let sound = full();
    for at in 0..sound.len() {
        for bits in [0x01, 0x80, 0xff] {
            let mut wrong = sound.clone();
            wrong[at] ^= bits;
            assert_bounded(&wrong);
        }
    }
}

#[track_caller]
fn assert_bounded(bytes: &[u8]) {
    let Some(tnef) = read(bytes) else { return };
    let files: usize = tnef.files.iter().map(|file| file.bytes.len()).sum();
    assert!(files <= bytes.len());
    assert!(tnef.text.unwrap_or_default().len() + tnef.html.unwrap_or_default().len() <= 4 * bytes.len());
}

#[test]
fn numbers_without_end_are_not_believed() {
    for kind in [0x1003, 0x1014, 0x1048, 0x101e, 0x1e, 0x1102, 0x0d] {
        let endless = property(kind, 0x1000, &u32::MAX.to_le_bytes());
        assert!(!letter(&[endless]).whole, "{kind:x}");
    }
    assert!(!read(&tnef_with_count(u32::MAX)).unwrap().whole);
    let empty = read(&tnef(&vec![attribute(2, BEGIN, b""); MAX_FILES + 5])).unwrap();
    assert_eq!((empty.files.len(), empty.whole), (0, false));
    let file = [attribute(2, BEGIN, b""), attribute(2, DATA, b"x")].concat();
    let many = read(&tnef(&vec![file; MAX_FILES + 1])).unwrap();
    assert_eq!((many.files.len(), many.whole), (MAX_FILES, false));
    let attributes = read(&tnef(&vec![attribute(1, 1, b""); MAX_ATTRIBUTES + 1])).unwrap();
    assert!(!attributes.whole);
}
