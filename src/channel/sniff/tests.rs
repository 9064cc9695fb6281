use super::*;

/// A zip archive of stored members, as far as a reader of its table of contents can tell.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut table) = (Vec::new(), Vec::new());
    let short = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    let long = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    for (name, content) in members {
        let at = long(file.len());
        let sizes = [long(content.len()), long(content.len())].concat();
        file.extend([b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &sizes].concat());
        file.extend([&short(name.len())[..], &[0, 0], name.as_bytes(), content].concat());
        table.extend([b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &sizes].concat());
        table.extend([&short(name.len())[..], &[0; 12], &at, name.as_bytes()].concat());
    }
    let at = long(file.len());
    file.extend(&table);
    let count = short(members.len());
    file.extend(
        [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &long(table.len()), &at, &[0, 0]].concat(),
    );
    file
}

fn docx(more: &[&str]) -> Vec<u8> {
    let mut members: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", b"x"), ("_rels/.rels", b"x"), ("word/document.xml", b"x")];
    members.extend(more.iter().map(|name| (*name, b"x".as_slice())));
    archive(&members)
}

#[test]
fn a_file_is_what_its_bytes_are() {
    let odt = archive(&[("mimetype", Kind::Odt.media_type().as_bytes()), ("content.xml", b"x")]);
    let ods = archive(&[("mimetype", Kind::Ods.media_type().as_bytes()), ("content.xml", b"x")]);
    let xlsx = archive(&[("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")]);
    let signed = [&[0x30, 0x82, 0x10, 0x00], SIGNED_DATA, &[0xa0, 0x80]].concat();
    let longer = [&[0x30, 0x80][..], SIGNED_DATA, &[0xa0; 60]].concat();
    let letters = data_encoding::BASE64_MIME.encode(&longer);
    let pem = format!("-----BEGIN PKCS7-----\n{letters}\n-----END PKCS7-----\n");
    for (bytes, kind) in [
        (&b"\xff\xd8\xff\xe0\0\x10JFIF\0"[..], Kind::Jpeg),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Kind::Png),
        (b"RIFF\x24\0\0\0WEBPVP8 ", Kind::WebP),
        (b"%PDF-1.7\n%\xe2\xe3", Kind::Pdf),
        ("Perch\u{e9} no?\r\n\tGrazie €\u{feff}".as_bytes(), Kind::Text),
        ("\u{feff}nome;via\nAnna;Roma 1 < 2\n".as_bytes(), Kind::Text),
        (&docx(&["word/media/image1.png"]), Kind::Docx),
        (&xlsx, Kind::Xlsx),
        (&odt, Kind::Odt),
        (&ods, Kind::Ods),
        (&signed, Kind::Signed),
        (letters.as_bytes(), Kind::Signed),
        (pem.as_bytes(), Kind::Signed),
    ] {
        assert_eq!(Kind::of(bytes), Ok(kind), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn everything_else_is_refused() {
    let zip = archive(&[("fattura.exe", b"MZ")]);
    let epub = archive(&[("mimetype", b"application/epub+zip"), ("content.xml", b"x")]);
    for bytes in [
        &zip[..],
        &epub,
        &docx(&[])[..60],
        b"PK\x03\x04",
        b"GIF89a/*\x01\0*/=1;alert(1)//",
        b"GIF89a=1;alert(1)",
        b"BM\x9a\0\0\0",
        b"MZ\x90\0",
        b"\x7fELF\x02\x01\x01",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"<!DOCTYPE html><p>ciao",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>",
        b"#!/bin/sh\nrm -rf /\n",
        b"{\\rtf1\\ansi}",
        b"%!PS-Adobe-3.0",
        b"testo \x00 con zeri",
        b"testo \x1b[31m colorato",
        b"perch\xe9",
        b"\x30\x82\x10\x00\x02\x01\x00",
    ] {
        let shown = String::from_utf8_lossy(bytes);
        if shown.starts_with("GIF89a=1") {
            // letters and nothing else: kept as a text, named and served as one
            assert_eq!(Kind::of(bytes), Ok(Kind::Text));
            continue;
        }
        assert_eq!(Kind::of(bytes), Err(Refusal::Kind), "{shown}");
    }
    assert_eq!(Kind::of(b""), Err(Refusal::Empty));
    assert_eq!(Kind::of(b" \r\n\t"), Err(Refusal::Empty));
    assert_eq!(Kind::of(b"\0\0\0\x24ftypheic\0\0\0\0mif1"), Err(Refusal::Heic));
    assert_eq!(Kind::of(b"\0\0\0\x20ftypavif\0\0\0\0"), Err(Refusal::Heic));
    assert_eq!(Kind::of(b"\0\0\0\x20ftypisom\0\0\0\0"), Err(Refusal::Kind), "a film");
}

#[test]
fn a_text_may_speak_of_pages() {
    for bytes in [&b"ciao <SCRIPT>alert(1)</SCRIPT>"[..], b"junk before %PDF-1.4 <html>"] {
        assert_eq!(Kind::of(bytes), Ok(Kind::Text));
    }
    for bytes in
        [&b"<script>alert(1)</script>"[..], b"\xef\xbb\xbf <!DOCTYPE html><p>ciao", b"#!/bin/sh\nls\n"]
    {
        for (name, kind) in [
            ("nota.TXT", Ok(Kind::Text)),
            ("registro.log", Ok(Kind::Text)),
            ("pagina.html", Err(Refusal::Kind)),
            ("txt", Err(Refusal::Kind)),
            ("nota.txt.svg", Err(Refusal::Kind)),
        ] {
            assert_eq!(Kind::of_named(bytes, name), kind, "{name}");
        }
    }
    assert_eq!(Kind::of_named(b"MZ\x90\0", "nota.txt"), Err(Refusal::Kind), "not letters");
    assert_eq!(Kind::of_named(b"", "nota.txt"), Err(Refusal::Empty));
    assert_eq!(Kind::of_named(b"\xff\xd8\xff\xe0", "nota.txt"), Ok(Kind::Jpeg), "the bytes say so");
}

#[test]
fn a_document_with_macros_is_refused() {
    for program in ["word/vbaProject.bin", "WORD\\VBAPROJECT.BIN", "word/vbaData.xml"] {
        assert_eq!(Kind::of(&docx(&[program])), Err(Refusal::Macros), "{program}");
    }
    let odt = archive(&[
        ("mimetype", Kind::Odt.media_type().as_bytes()),
        ("content.xml", b"x"),
        ("Basic/Standard/Module1.xml", b"x"),
    ]);
    assert_eq!(Kind::of(&odt), Err(Refusal::Macros));
}

#[test]
fn an_archive_that_lies_breaks_nothing() {
    let whole = docx(&["a"]);
    for length in 0..whole.len() {
        // two letters are a text
        assert!(length == 1 || length == 2 || Kind::of(&whole[..length]).is_err(), "cut after {length}");
        for byte in [0, 0x7f, 0xff] {
            let mut spoilt = whole.clone();
            spoilt[length] = byte;
            assert_ne!(Kind::of(&spoilt), Ok(Kind::Xlsx), "byte {length}");
        }
    }
    // a table of contents that says to have more members than it has
    let mut many = whole.clone();
    let end = many.len() - 22;
    many[end + 10..end + 12].copy_from_slice(&[0xff, 0x0f]);
    assert_eq!(Kind::of(&many), Err(Refusal::Kind));
}

#[test]
fn the_ending_of_a_name_fits_the_file() {
    for (kind, given, name) in [
        (Kind::Jpeg, "IMG_0001.JPG", "IMG_0001.JPG"),
        (Kind::Jpeg, "IMG_0001.heic", "IMG_0001.jpg"),
        (Kind::Jpeg, "schermo.png", "schermo.jpg"),
        (Kind::Png, "foto", "foto.png"),
        (Kind::Text, "virus.js", "virus.js.txt"),
        (Kind::Text, "elenco.CSV", "elenco.CSV"),
        (Kind::Pdf, "bolletta.pdf.exe", "bolletta.pdf.exe.pdf"),
        (Kind::Pdf, "../../etc/passwd", "passwd.pdf"),
        (Kind::Pdf, "fattura\u{202e}fdp.exe", "fatturafdp.exe.pdf"),
        (Kind::Pdf, "a\r\nX-Header: 1\0.pdf", "a X-Header_ 1.pdf"),
        (Kind::Docx, "", "allegato.docx"),
        (Kind::Xlsx, "", "allegato.xlsx"),
        (Kind::Signed, "modulo.pdf.p7m", "modulo.pdf.p7m"),
    ] {
        assert_eq!(kind.name(given), name, "{given:?}");
    }
    let long = Kind::Pdf.name(&format!("{}.exe", "è".repeat(300)));
    assert!(long.len() <= names::MAX_BYTES && long.ends_with("è.pdf"), "{long}");
}
