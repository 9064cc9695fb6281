//! `mail explain`, as it is called.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

/// Runs `mail explain` in an empty folder.
fn run(arguments: &[&str], mail: &str) -> Output {
    let folder = tempfile::TempDir::new().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_riscontro"))
        .args(["mail", "explain"])
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it touches nothing");
    output
}

fn explained(arguments: &[&str], mail: &str) -> Value {
    let output = run(arguments, mail);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

const LETTER: &str = "From: Anna <ANNA@libero.example>\r\nSubject: Reclamo\r\nMessage-ID: <a@b>\r\nReferences: <x@y>\r\n\
    Content-Type: multipart/related; boundary=m\r\n\r\n--m\r\nContent-Type: text/html\r\n\r\n<p>Guardi <img src=\"cid:1@x\"></p>\r\n\
    --m\r\nContent-Type: image/png; name=strada.png\r\nContent-ID: <1@x>\r\n\r\nPNG\r\n\
    --m\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <2@x>\r\n\r\nPNG\r\n--m--\r\n";

#[test]
fn a_letter_is_explained() {
    let seen = explained(&["-"], LETTER);
    assert_eq!((&seen["kind"], &seen["auto"]), (&json!("letter"), &json!(false)));
    assert_eq!(
        (&seen["from"], &seen["effective_from"]),
        (&json!("anna@libero.example"), &json!("anna@libero.example"))
    );
    assert_eq!((&seen["message_id"], &seen["references"]), (&json!("a@b"), &json!(["x@y"])));
    assert_eq!((&seen["text"], &seen["visible_text"]), (&json!("Guardi"), &json!("Guardi")));
    assert_eq!(seen["html"], "<p>Guardi <img src=\"cid:1@x\" alt=\"\"></p>");
    for nothing in ["bounce", "pec", "calendar", "authenticity"] {
        assert_eq!(seen[nothing], Value::Null, "{nothing}");
    }
    let files = [
        json!({ "name": "strada.png", "media_type": "image/png", "size": 3, "inline": true }),
        json!({ "name": "logo.png", "media_type": "image/png", "size": 3, "inline": false }),
    ];
    assert_eq!(seen["attachments"], json!(files), "inline is what the letter shows");
}

#[test]
fn a_report_names_whom_it_is_about() {
    let report = "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=m\r\n\r\n--m\r\n\r\n\
        Non consegnata\r\n--m\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
        Final-Recipient: rfc822; anna@libero.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--m--\r\n";
    let seen = explained(&["-"], report);
    assert_eq!((&seen["kind"], &seen["auto"]), (&json!("bounce"), &json!(true)));
    let recipient = &seen["bounce"]["recipients"][0];
    assert_eq!(
        (&recipient["address"], &recipient["status"], &recipient["action"]),
        (&json!("anna@libero.example"), &json!("5.1.1"), &json!("failed"))
    );
}

#[test]
fn an_envelope_is_opened_when_it_is_asked_for() {
    let envelope = "From: posta-certificata@gestore.example\r\nX-Trasporto: errore\r\nSubject: ANOMALIA MESSAGGIO: Reclamo\r\nMessage-ID: <busta@x>\r\n\
        Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nAvviso\r\n--m\r\nContent-Type: message/rfc822; name=postacert.eml\r\n\r\n\
        From: anna@libero.example\r\nSubject: Reclamo\r\n\r\nBuongiorno\r\n--m--\r\n";
    let seen = explained(&["-", "--pec"], envelope);
    assert_eq!(
        (&seen["from"], &seen["effective_from"]),
        (&json!("posta-certificata@gestore.example"), &json!("anna@libero.example"))
    );
    assert_eq!(
        (&seen["subject"], &seen["effective_subject"]),
        (&json!("ANOMALIA MESSAGGIO: Reclamo"), &json!("Reclamo"))
    );
    assert_eq!((&seen["message_id"], &seen["text"]), (&json!("busta@x"), &json!("Buongiorno")));
    assert_eq!((&seen["pec"]["kind"], &seen["pec"]["signature"]), (&json!("anomalia"), &json!("none")));
    assert_eq!(explained(&["-"], envelope)["pec"], Value::Null);
}

#[test]
fn what_cannot_be_read_is_named() {
    let refused = |arguments: &[&str]| {
        let output = run(arguments, LETTER);
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["manca.eml"]).contains("manca.eml cannot be read"));
    assert!(refused(&["-", "--pec", "--trust", "manca.pem"]).contains("manca.pem cannot be read"));
    let empty = tempfile::NamedTempFile::new().unwrap();
    assert!(
        refused(&["-", "--trust", path(empty.path())]).contains("cannot be trusted: it holds no certificate")
    );
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
