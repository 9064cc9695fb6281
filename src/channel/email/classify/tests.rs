use super::*;
use crate::channel::email::{mime::take_apart, report};

fn read(raw: &str) -> (MailKind, &'static str) {
    let mail = take_apart(raw.as_bytes());
    let from = mail.headers.addresses("From");
    let sender = from.first().map_or("", |from| &from.address);
    let text = mail.parts.first().map_or("", |part| std::str::from_utf8(part.body).unwrap());
    let report = report::read(&mail, sender, text);
    classify(&mail, sender, text, report.as_ref())
}

/// Kind and sign of a mail with these header fields, by default from a citizen.
fn sign(header: &str) -> (MailKind, &'static str) {
    let from = if header.contains("From:") { "" } else { "From: anna@libero.example\r\n" };
    read(&format!("{from}{header}\r\n\r\nBuongiorno, il cassonetto è rotto.\r\n"))
}

fn kind_of_words(text: &str) -> MailKind {
    read(&format!("From: anna@libero.example\r\nIn-Reply-To: <a@b>\r\n\r\n{text}")).0
}

#[test]
fn a_person_is_a_person() {
    for header in [
        "Subject: Reclamo",
        "Auto-Submitted: no",
        "Auto-Submitted: No; x=y\r\nSubject: Out of office",
        "Auto-Submitted: no\r\nPrecedence: normal\r\nIn-Reply-To: <a@b>",
        "Subject: Sono assente e il cassonetto pure: risposta automatica?",
        "Subject: Re: Risposta automatica: Reclamo",
        "Subject: Auto: parcheggiata davanti al cassonetto",
        "Subject: Fuori sede e TARI",
        "Subject: Letto: un materasso abbandonato",
        "X-Auto-Response-Suppress: DR, NDR",
        "Return-Path: <anna@libero.example>",
        "From: \"Per conto di: anna@pec.example\" <posta-certificata@pec.gestore.example>\r\nX-Trasporto: posta-certificata",
        "From: Daniele Bounce <d.bounce@libero.example>",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/feedback-report",
    ] {
        assert_eq!(sign(header), (MailKind::Letter, ""), "{header}");
    }
}

#[test]
fn a_program_in_a_persons_place_says_so_in_many_ways() {
    for (header, why) in [
        ("Auto-Submitted: auto-replied", "auto_submitted"),
        ("Auto-Submitted: auto-generated (rejected)\r\nIn-Reply-To: <a@b>", "auto_submitted"),
        (
            "Auto-Submitted: auto-generated\r\nSubject: AUTO: Anna è fuori sede (ritorno il 3)",
            "auto_submitted",
        ),
        ("X-Autoreply: yes", "x_autoreply"),
        ("X-Apple-Action: VACATION", "x_apple_action"),
        ("Precedence: auto_reply", "precedence"),
        ("Return-Path: <>", "null_return_path"),
        ("Subject: Risposta automatica: Reclamo", "subject"),
        ("Subject: FUORI UFFICIO", "subject"),
        ("Subject: Assenza dall’ufficio", "subject"),
        ("Subject: Assente per ferie", "subject"),
        ("Subject: Out of Office: Re: Reclamo", "subject"),
        ("Subject: Out of Office AutoReply: Reclamo\r\nList-Id: <a.b.c>", "subject"),
        ("Subject: Automatische Antwort: Reclamo", "subject"),
        ("Subject: Réponse automatique : Reclamo", "subject"),
        ("Subject: AUTO: Roberto Greco è fuori sede (ritorno il 25/03)", "subject"),
        ("Subject: Roberto Greco/Ente is out of the office", "subject"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "read_receipt"),
        (
            "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/disposition-notification",
            "read_receipt",
        ),
    ] {
        assert_eq!(sign(header), (MailKind::AutoReply, why), "{header}");
    }
}

#[test]
fn lists_newsletters_and_notifications_are_machines() {
    for (header, why) in [
        ("Auto-Submitted: auto-generated", "auto_submitted"),
        ("Precedence: Bulk", "precedence"),
        ("List-Id: <a.b.c>\r\nList-Unsubscribe: <mailto:x@y>", "list_id"),
        ("List-Id: <a.b.c>\r\nPrecedence: list", "list_id"),
        ("List-Id: <a.b.c>\r\nList-Post: NO", "list_id"),
        ("List-Unsubscribe: <mailto:x@y>", "list_unsubscribe"),
        ("List-Post: <mailto:x@y>\r\nFeedback-ID: 1:2:3:esp", "feedback_id"),
        ("From: notifications@git.example\r\nList-Post: <mailto:x@y>", "sender_address"),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "x_auto_response_suppress"),
        ("From: posta-certificata@pec.example\r\nX-Ricevuta: accettazione\r\nReturn-Path: <>", "x_ricevuta"),
        ("Content-Type: multipart/report; report-type=tlsrpt; boundary=x", "report"),
    ] {
        assert_eq!(sign(header), (MailKind::Machine, why), "{header}");
    }
}

#[test]
fn a_citizen_who_writes_through_a_list_is_a_citizen() {
    for (header, why) in [
        ("List-Id: <lista.example>", "list_id"),
        (
            "Precedence: list\r\nMailing-List: list info@ente.example\r\nList-Id: <info.ente.example>\r\n\
             List-Post: <mailto:info@ente.example>\r\nList-Unsubscribe: <mailto:x@ente.example>",
            "list_id",
        ),
    ] {
        assert_eq!(sign(header), (MailKind::Letter, why), "{header}");
    }
}

#[test]
fn a_complaint_about_spam_is_feedback() {
    let arf = "Content-Type: multipart/report; report-type=feedback-report; boundary=x";
    assert_eq!(sign(arf), (MailKind::Feedback, "feedback_report"));
    let hotmail = "From: staff@hotmail.com\r\nSubject: complaint about message from 192.0.2.1";
    assert_eq!(sign(hotmail), (MailKind::Feedback, "hotmail_complaint"));
}

#[test]
fn a_letter_that_did_not_arrive_is_a_bounce_and_one_that_is_late_a_delay() {
    let with = |action: &str| {
        sign(&format!(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\
             Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: {action}"
        ))
    };
    assert_eq!(with("failed"), (MailKind::Bounce, "delivery_status"));
    assert_eq!(with("failed\r\nStatus: 4.4.7"), (MailKind::Bounce, "delivery_status"), "given up after days");
    assert_eq!(with("delayed"), (MailKind::Delay, "delivery_status"));
    for arrived in ["delivered", "relayed", "expanded"] {
        assert_eq!(with(arrived), (MailKind::AutoReply, "delivery_status"), "{arrived}");
    }
    assert_eq!(sign("X-Failed-Recipients: a@b.example"), (MailKind::Bounce, "x_failed_recipients"));
    let daemon = "From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nList-Id: <a.b.c>";
    assert_eq!(sign(daemon), (MailKind::Bounce, "mail_system"));
}

#[test]
fn a_text_that_begins_as_a_machine_is_one() {
    for text in [
        "RISPOSTA AUTOMATICA - Sono assente per maternità",
        "*** Risposta automatica ***\nSono in ferie.",
        "Questo è un messaggio automatico, si prega di non rispondere.",
        "This is an automated response.",
    ] {
        assert_eq!(kind_of_words(text), MailKind::AutoReply, "{text}");
    }
    for text in [
        "Risposta automatica ricevuta, ma nessuno è venuto.",
        "Grazie, sono fuori ufficio oggi ma confermo per domani.",
        "Va bene.\n\n> Questo è un messaggio automatico, si prega di non rispondere.",
        "",
    ] {
        assert_eq!(kind_of_words(text), MailKind::Letter, "{text}");
    }
}

/// helpdesk-lessons §2, row 33.
#[test]
fn an_out_of_office_about_our_acknowledgement_is_no_letter() {
    let raw = "From: Laura Villa <laura.villa@cliente.example>\r\nTo: urp@ente.example\r\nSubject: Fuori ufficio: \
               Abbiamo ricevuto la Sua segnalazione\r\nIn-Reply-To: <x@ente.example>\r\n\r\nTorno il 18 marzo.\r\n";
    assert_eq!(read(raw), (MailKind::AutoReply, "subject"));
}

/// helpdesk-lessons §2, row 34.
#[test]
fn a_report_about_an_operators_notification_is_a_bounce_even_if_it_went_through_a_list() {
    let raw = "From: postmaster@ente.example\r\nTo: urp@ente.example\r\nSubject: Non recapitabile: Nuovo ordine di lavoro\r\n\
               Precedence: bulk\r\nList-Id: <operatori.ente.example>\r\n\r\nNon è stato possibile consegnare il messaggio \
               al seguente destinatario:\r\n\r\n  mario@ente.example\r\n";
    assert_eq!(read(raw), (MailKind::Bounce, "mail_system"));
}

/// helpdesk-lessons §2, row 35.
#[test]
fn addresses_that_nobody_reads_are_machines() {
    for local in [
        "noreply",
        "no-reply",
        "No_Reply",
        "do.not.reply",
        "nonrispondere",
        "non-rispondere",
        "noreply-tari",
        "postmaster",
        "bugzilla-daemon",
        "newsletter",
        "notifiche",
    ] {
        assert_eq!(
            sign(&format!("From: Servizio <{local}@banca.example>")),
            (MailKind::Machine, "sender_address"),
            "{local}"
        );
    }
}

/// helpdesk-lessons §2, row 36: limits by address fail when a program changes its address at every answer.
#[test]
fn a_crm_with_a_new_address_for_every_answer_is_known_by_its_declaration() {
    for number in 0..3 {
        let header = format!("From: caso-{number}@crm.example\r\nAuto-Submitted: auto-replied");
        assert_eq!(sign(&header).0, MailKind::AutoReply);
    }
}

/// helpdesk-lessons §2, row 37.
#[test]
fn an_automatic_answer_to_a_closed_work_order_is_no_letter() {
    let header = "Subject: Re: [2026/000123] Chiusura\r\nIn-Reply-To: <x@ente.example>\r\nX-Autorespond: si";
    assert_eq!(sign(header), (MailKind::AutoReply, "x_autorespond"));
}

/// helpdesk-lessons §2, row 38.
#[test]
fn a_notice_of_rejection_is_a_report_and_no_letter() {
    let raw = "Return-Path: <>\r\nFrom: urp@ente.example\r\nTo: urp@ente.example\r\nSubject: Messaggio non recapitato\r\n\r\n\
               Il messaggio è stato rifiutato dal server di posta.\r\n";
    assert_eq!(read(raw), (MailKind::Bounce, "mail_system"));
}
