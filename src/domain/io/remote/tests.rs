use super::*;

#[test]
fn secrets_are_equal_or_not() {
    assert!(same(b"chiave", b"chiave"));
    assert!(same(b"", b""));
    for other in [&b"chiavE"[..], b"chiave ", b"chiav", b"", b"\0chiave"] {
        assert!(!same(b"chiave", other), "{other:?}");
        assert!(!same(other, b"chiave"), "{other:?}");
    }
}

#[test]
fn a_key_is_long_and_goes_into_a_header() {
    let made = key(&[255; 32]);
    assert_eq!(made.len(), 43);
    assert!(made.bytes().all(|byte| byte.is_ascii_graphic()));
    assert_ne!(made, key(&[254; 32]));
}

#[test]
fn trap_11_the_id_of_a_configuration_is_a_ulid() {
    assert!(is_configuration_id("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    for other in [
        "",
        "0e9852cc1b3c4f0f8d5e6a7b8c9d0e1f",
        "01ARZ3NDEKTSV4RRFFQ69G5FA",
        "01ARZ3NDEKTSV4RRFFQ69G5FAU",
        "81ARZ3NDEKTSV4RRFFQ69G5FAV",
        "01arz3ndektsv4rrffq69g5fav",
        "01ARZ3NDEKTSV4RRFFQ69G5FA/",
    ] {
        assert!(!is_configuration_id(other), "{other}");
    }
}

#[test]
fn trap_13_addresses_are_relative_and_a_slash_too_many_does_no_harm() {
    let (id, part) = (Uuid::from_u128(7), Uuid::from_u128(8));
    for listed in [document("2026-000001"), file(part, "bolletta.pdf")] {
        assert!(!listed.url.starts_with('/'));
        let asked = if listed.id == "document" { Asked::Document } else { Asked::File(part) };
        for address in [
            format!("messages/{id}/{}", listed.url),
            format!("/messages/{id}//{}", listed.url),
            format!("//messages//{id}/{}/", listed.url),
        ] {
            assert_eq!(read_address(&address), Some((id, asked)), "{address}");
        }
    }
    assert_eq!(read_address(&format!("messages/{id}")), Some((id, Asked::Details)));
    assert_eq!(read_address(&format!("/messages/{id}/")), Some((id, Asked::Details)));
    assert_eq!(read_address(&format!("messages/{id}/precondition")), Some((id, Asked::Precondition)));
    for nothing in [
        String::new(),
        "messages".to_owned(),
        "messages/1".to_owned(),
        format!("message/{id}"),
        format!("messages/{id}/attachments"),
        format!("messages/{id}/attachments/x"),
        format!("messages/{id}/attachments/document/x"),
        format!("messages/{id}/precondition/x"),
        format!("messages/{id}/../precondition"),
    ] {
        assert_eq!(read_address(&nothing), None, "{nothing}");
    }
}

#[test]
fn names_end_as_io_wants_and_are_not_too_long() {
    assert_eq!(document("2026-000001").name, "comunicazione-2026-000001.pdf");
    assert_eq!(file(Uuid::nil(), "Bolletta.PDF").name, "Bolletta.pdf");
    assert_eq!(file(Uuid::nil(), "bolletta").name, "bolletta.pdf");
    assert_eq!(file(Uuid::nil(), "perché").name, "perché.pdf");
    assert_eq!(file(Uuid::nil(), "è").name, "è.pdf");
    let long = file(Uuid::nil(), &format!("{}.pdf", "è".repeat(300))).name;
    assert_eq!(long.chars().count(), NAME);
    assert!(long.ends_with("è.pdf"));
}

#[test]
fn a_document_is_archivable_only_when_it_says_so() {
    let pdf = |xmp: &str| [b"%PDF-1.7\n", xmp.as_bytes()].concat();
    let space = "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"";
    for claim in ["<pdfaid:part>2</pdfaid:part>", "pdfaid:part=\"1\"", "pdfaid:part='3'"] {
        assert!(is_archivable(&pdf(&format!("{space} {claim}"))), "{claim}");
        assert!(!is_archivable(&pdf(claim)), "no namespace: {claim}");
        assert!(!is_archivable(format!("x{space} {claim}").as_bytes()), "no PDF: {claim}");
    }
    for none in
        ["", "<pdfaid:part>9</pdfaid:part>", "<pdfaid:part></pdfaid:part>", "pdfaid:part", "pdfaid:part="]
    {
        assert!(!is_archivable(&pdf(&format!("{space} {none}"))), "{none}");
    }
}
