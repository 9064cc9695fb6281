//! The conversation on the tracking page: in the language of its reader, with photos that are seen and files that are saved.

use entity::language::Language;

use super::tracking::send;
use crate::support::app::TestApp;

/// A picture of one point.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

#[tokio::test]
async fn what_was_sent_is_read_in_the_language_in_which_it_was_asked() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let answers = [("email", "anna@libero.example"), ("name", "Anna"), ("surname", "Thaler")];
    let held = app.report_in(Language::De, &answers).await;
    let words = app.browser().get(&held.here).await.words();
    for seen in ["Vorname Anna", "Nachname Thaler", "Volle Behälter", "È pieno da lunedì."] {
        assert!(words.contains(seen), "{seen}: {words}");
    }
    for foreign in ["Nome", "Cognome", "Lingua", "Dettagli", "Cassonetti pieni", "2026-03"] {
        assert!(!words.contains(foreign), "{foreign}: {words}");
    }
    let words = app.browser().get(&format!("{}?lang=it", held.here)).await.words();
    assert!(words.contains("Cognome Thaler"), "{words}");
}

#[tokio::test]
async fn photos_are_seen_on_the_page_and_everything_else_is_saved() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let token = app.browser().get(&held.here).await.field("token");
    let picture = data_encoding::BASE64.decode(PICTURE.as_bytes()).unwrap();
    let fields = [("token", token.as_str()), ("text", "Ecco"), ("act", "send")];
    let files: [(&str, &str, &[u8]); 2] =
        [("files", "via.png", &picture), ("files", "nota.txt", b"<script>alert(1)</script>")];
    assert_eq!(send(&app, &held, &fields, &files).await.status, 303);
    let mut browser = app.browser();
    let page = browser.get(&held.here).await;
    let [photo, note] = <[String; 2]>::try_from(page.links("/allegati/")).unwrap();
    assert!(page.body.contains("alt=\"Apri la foto via.png\""), "{}", page.body);
    assert!(page.words().contains("nota.txt 25 byte"), "{}", page.words());
    assert_eq!(page.body.matches("<img").count(), 1);
    for (link, media_type, manner) in
        [(&photo, "image/png", "inline;"), (&note, "application/octet-stream", "attachment;")]
    {
        let file = browser.get(link).await;
        assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (200, media_type));
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with(manner), "{link}");
        assert_eq!(file.headers["x-content-type-options"], "nosniff");
        assert_eq!(file.headers["content-security-policy"], "sandbox; default-src 'none'");
    }
    assert_eq!(browser.get(&note).await.bytes, b"<script>alert(1)</script>");
}

#[tokio::test]
async fn a_picture_that_came_by_mail_is_saved_and_not_drawn() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let sent = app.letters_out().await;
    let mail = format!(
        "From: anna@libero.example\r\nTo: {}\r\nSubject: Re\r\nMessage-ID: <foto@libero.example>\r\n\
         In-Reply-To: <{}>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nEcco.\r\n--b\r\nContent-Type: image/png\r\n\
         Content-Disposition: attachment; filename=via.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{PICTURE}\r\n--b--\r\n",
        crate::support::app::BOX,
        sent[0].mail.message_id.as_deref().unwrap(),
    );
    app.mail_in(mail).await;
    let page = app.browser().get(&held.here).await;
    let files = page.links("/allegati/");
    assert_eq!(files.len(), 1, "{}", page.words());
    assert!(!page.body.contains("<img"));
    let file = app.browser().get(&files[0]).await;
    assert_eq!(file.headers["content-type"], "application/octet-stream");
}
