//! Files that strangers hand over, through the one door they come in by.

use std::io::Cursor;

use entity::attachment::Scan;
use image::{ImageFormat, RgbImage};
use riscontro::{
    document::Receipt,
    domain::files::{MAX_BYTES, REFUSALS, Refusal},
    wording::{Value, say_with},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::app::TestApp;

fn photo() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::new(120, 90).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// A clamd that finds something wherever `virus` is said. Its address.
async fn clamd() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let mut command = [0; 10];
            line.read_exact(&mut command).await.unwrap();
            let mut file = Vec::new();
            while let Ok(length @ 1..) = line.read_u32().await {
                let mut piece = vec![0; length as usize];
                line.read_exact(&mut piece).await.unwrap();
                file.extend(piece);
            }
            let found = memchr::memmem::find(&file, b"virus").is_some();
            let answer: &[u8] = if found { b"stream: Prova FOUND\0" } else { b"stream: OK\0" };
            line.write_all(answer).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn what_is_declared_counts_for_nothing() {
    let house = TestApp::start().await;
    let app = &house.app;
    let taken = app.take_file("C:\\foto\\cassonetto.exe", "application/x-msdownload", photo()).await.unwrap();
    assert_eq!(
        (taken.name.as_str(), taken.media_type.as_str(), taken.scan),
        ("cassonetto.exe.jpg", "image/jpeg", Scan::None)
    );
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    assert_eq!(app.take_file("foto.jpg", "image/jpeg", page).await, Err(Refusal::Kind));
    assert_eq!(app.take_file("foto.jpg", "image/jpeg", Vec::new()).await, Err(Refusal::Empty));
    let large = vec![b'a'; MAX_BYTES + 1];
    assert_eq!(
        app.take_file("a.txt", "text/plain", large).await,
        Err(Refusal::TooLarge { limit: MAX_BYTES })
    );
}

#[tokio::test]
async fn the_scanner_is_obeyed_and_its_absence_refuses_nobody() {
    let address = clamd().await;
    let house = TestApp::start_with(|config| config.files.clamd = address).await;
    let app = &house.app;
    let clean = app.take_file("a.txt", "text/plain", b"buongiorno".to_vec()).await.unwrap();
    assert_eq!(clean.scan, Scan::Clean);
    let infected = app.take_file("a.txt", "text/plain", b"un virus".to_vec()).await;
    assert_eq!(infected, Err(Refusal::Infected));

    // a port where nobody listens
    let house = TestApp::start_with(|config| config.files.clamd = "127.0.0.1:1".to_owned()).await;
    let app = &house.app;
    let kept = app.take_file("a.txt", "text/plain", b"un virus".to_vec()).await.unwrap();
    assert_eq!((kept.scan, kept.bytes), (Scan::None, b"un virus".to_vec()));
}

#[tokio::test]
async fn many_photos_at_once_are_all_taken() {
    let house = TestApp::start().await;
    let app = &house.app;
    let takings: Vec<_> = (0..20)
        .map(|n| {
            let app = app.clone();
            tokio::spawn(async move { app.take_file(&format!("{n}.jpg"), "image/jpeg", photo()).await })
        })
        .collect();
    for taking in takings {
        assert!(taking.await.unwrap().is_ok());
    }
}

#[test]
fn every_refusal_has_its_sentence_in_every_language() {
    for language in entity::language::Language::ALL {
        for refusal in REFUSALS {
            let values: [(&str, Value); 2] = [("name", "foto.jpg".into()), ("n", refusal.number().into())];
            let sentence = say_with(language, refusal.key(), &values);
            assert!(
                sentence.contains("foto.jpg") && !sentence.contains('{'),
                "{language:?} {refusal:?}: {sentence}"
            );
            let number = refusal.number();
            assert!(number == 0 || sentence.contains(&number.to_string()), "{sentence}");
        }
    }
}

#[cfg(feature = "pdf")]
#[tokio::test]
async fn a_receipt_is_a_document() {
    let house = TestApp::start().await;
    let app = &house.app;
    let receipt = Receipt {
        organisation: "Ambiente Servizi".to_owned(),
        kind: "Reclamo".to_owned(),
        lines: vec![("Che cosa è successo?".to_owned(), "Emoji 😀, 中文 e \u{202e}inganni\u{0}".to_owned())],
        ..Receipt::default()
    };
    assert!(app.receipt_pdf(receipt).await.unwrap().starts_with(b"%PDF-"));
}
