//! What strangers put into their letters stays words and downloads.

use super::FIRST;
use crate::support::{
    app::{BOX, TestApp},
    letter::letter,
};

#[tokio::test]
async fn hostile_letters_are_shown_as_words() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let html = "<h1>Ciao</h1><script>alert(1)</script><img src=http://tracker.example/x.gif onerror=alert(2)><a href=\"javascript:alert(3)\">qui</a>\
        <meta http-equiv=refresh content=\"0;url=http://truffa.example\"><form action=/desk/logout method=post><button>ok</button></form>\
        <style>body{display:none}</style><iframe src=http://truffa.example></iframe>";
    let mail = letter("\"<script>alert(4)</script>\" <anna@libero.example>", "<img src=x onerror=alert(5)>")
        .with("X-Note: x")
        .says(html);
    let raw = String::from_utf8(mail.raw()).unwrap().replace("text/plain", "text/html");
    app.mail_in(raw).await;
    let page = desk.get(FIRST).await;
    assert_eq!(page.status, 200);
    for forbidden in [
        "<script>alert",
        "onerror=alert",
        "tracker.example",
        "javascript:",
        "http-equiv",
        "<iframe",
        "display:none",
        "action=\"/desk/logout\" method=post",
    ] {
        let harmless = forbidden == "onerror=alert" && !page.body.contains("<img src=x");
        assert!(harmless || !page.body.contains(forbidden), "{forbidden}");
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
}

#[tokio::test]
async fn attachments_are_given_out_as_downloads_whatever_they_say_they_are() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let raw = format!(
        "From: anna@libero.example\r\nTo: {BOX}\r\nSubject: allegato\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nEcco.\r\n--b\r\nContent-Type: text/html; name=\"../../pagina.html\"\r\n\
         Content-Disposition: attachment; filename=\"../../pagina.html\"\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n"
    );
    app.mail_in(raw).await;
    let link = desk.get(FIRST).await.links("/desk/attachments/").remove(0);
    let file = desk.get(&link).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.bytes, b"<script>alert(1)</script>");
    assert_eq!(file.headers["content-type"], "application/octet-stream");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let name = file.headers["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment") && name.contains("pagina.html") && !name.contains(".."), "{name}");
    assert_eq!(app.browser().get(&link).await.status, 303, "nobody without a session");
}
