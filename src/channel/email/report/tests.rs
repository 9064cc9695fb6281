use super::*;
use crate::{channel::email::mime::take_apart, domain::mail::Action};

fn report(raw: &str) -> Option<Report> {
    let mail = take_apart(raw.as_bytes());
    let from = mail.headers.addresses("From");
    let sender = from.first().map_or("", |from| &from.address);
    let text = mail.parts.first().map_or("", |part| std::str::from_utf8(part.body).unwrap());
    read(&mail, sender, text)
}

/// Address, code and action of each recipient of a notice without form.
fn notice(header: &str, text: &str) -> Vec<(String, String, Action)> {
    let report = report(&format!("To: urp@ente.example\r\n{header}\r\n\r\n{text}")).expect("a report");
    let recipients = report.recipients.into_iter();
    recipients.map(|one| (one.address, one.status.unwrap_or_default(), one.action)).collect()
}

fn one(address: &str, status: &str, action: Action) -> Vec<(String, String, Action)> {
    vec![(address.to_owned(), status.to_owned(), action)]
}

const DAEMON: &str = "From: MAILER-DAEMON@mx.example";

#[test]
fn postfix_is_understood_without_its_form() {
    let text = "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\n\
        be delivered to one or more recipients.\n\n<anna@libero.example>: host mx.libero.example[192.0.2.1] said: 550 5.1.1\n    \
        <anna@libero.example>: Recipient address rejected: User unknown (in reply\n    to RCPT TO command)\n\n\
        <bruno@tiscali.example>: mail for tiscali.example loops back\n";
    let found = notice(DAEMON, text);
    assert_eq!(found[0], ("anna@libero.example".to_owned(), "5.1.1".to_owned(), Action::Failed));
    assert_eq!(found[1].0, "bruno@tiscali.example");
    assert_eq!(found.len(), 2);
}

#[test]
fn exim_names_the_recipients_in_the_header_or_in_the_text() {
    let text = "A message that you sent could not be delivered to one or more of its\nrecipients. The following address(es) failed:\n\n  \
        anna@libero.example\n    SMTP error from remote mail server after RCPT TO:\n    host mx [192.0.2.1]: 552 mailbox is full\n\n\
        ------ This is a copy of the message, including all the headers. ------\n\nFrom: urp@ente.example\n";
    let expected = one("anna@libero.example", "5.2.2", Action::Failed);
    assert_eq!(
        notice("From: Mailer-Daemon@mx.example\r\nX-Failed-Recipients: anna@libero.example", text),
        expected
    );
    assert_eq!(notice("From: Mailer-Daemon@mx.example", text), expected);
    assert_eq!(notice("From: rete@mx.example\r\nX-Failed-Recipients: Anna@Libero.example", text), expected);
}

#[test]
fn qmail_sendmail_yahoo_and_notes_are_understood() {
    let qmail = "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the \
        following addresses.\n\n<anna@libero.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of \
        the message.\n";
    assert_eq!(notice(DAEMON, qmail), one("anna@libero.example", "5.1.1", Action::Failed));
    let sendmail = "   ----- The following addresses had permanent fatal errors -----\n<anna@libero.example>\n\n   ----- Transcript of \
        session follows -----\n... while talking to mx.libero.example.:\n>>> RCPT To:<anna@libero.example>\n<<< 550 No such user\n";
    assert_eq!(notice(DAEMON, sendmail), one("anna@libero.example", "5.1.1", Action::Failed));
    let yahoo = "Sorry, we were unable to deliver your message to the following address.\n\n<anna@yahoo.example>:\n554: delivery error: dd \
        This user doesn't have a yahoo.example account\n\n--- Below this line is a copy of the message.\n";
    assert_eq!(notice(DAEMON, yahoo), one("anna@yahoo.example", "5.1.1", Action::Failed));
    let notes = "Your message\n\n  Subject: Riscontro\n\nwas not delivered to:\n\n  anna@ente.example\n\nbecause:\n\n  User anna \
        (anna@ente.example) not listed in Domino Directory\n";
    assert_eq!(notice("From: Postmaster@ente.example", notes)[0].0, "anna@ente.example");
}

#[test]
fn italian_servers_are_understood() {
    let text = "Spiacenti, non è stato possibile consegnare il messaggio al seguente indirizzo.\n\n<anna@libero.example>:\n552 Casella di \
        posta piena\n\n--- Il messaggio originale segue ---\n\nReturn-Path: <urp@ente.example>\nTo: bruno@altro.example\n\
        Message-ID: <a.1@ente.example>\n";
    assert_eq!(notice(DAEMON, text), one("anna@libero.example", "5.2.2", Action::Failed));
    let outlook = "Impossibile recapitare il messaggio ai destinatari o gruppi seguenti:\n\nanna@studio.example<mailto:anna@studio.example>\n\
        L'indirizzo di posta elettronica immesso non è stato trovato.\n\nInformazioni di diagnostica per gli amministratori:\n\n\
        anna@studio.example\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n\nIntestazioni originali del messaggio:\n\n\
        To: <bruno@altro.example>\n";
    let header = "From: Postmaster@ente.example\r\nSubject: Non recapitabile: Riscontro";
    assert_eq!(notice(header, outlook), one("anna@studio.example", "5.1.10", Action::Failed));
    let words = "Gentile utente,\nil messaggio per il destinatario anna@tiscali.example non è stato consegnato: utente sconosciuto.\n";
    let header = "From: postmaster@tiscali.example\r\nSubject: Mancata consegna del messaggio";
    assert_eq!(notice(header, words), one("anna@tiscali.example", "5.1.1", Action::Failed));
}

#[test]
fn a_warning_is_no_failure() {
    let exim = "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one \
        or more of its\nrecipients after more than 48 hours on the queue on mx.example.\n\nThe address to which the message has not yet been \
        delivered is:\n\n  anna@libero.example\n\nNo action is required on your part. Delivery attempts will continue for\nsome time. \
        Eventually the mail delivery software will give up.\n";
    let found =
        notice("From: Mailer-Daemon@mx.example\r\nSubject: Warning: message 1G delayed 48 hours", exim);
    assert_eq!(found, one("anna@libero.example", "", Action::Delayed));
    let italian = "Il messaggio non è stato ancora consegnato a <anna@libero.example>.";
    assert_eq!(notice(DAEMON, italian)[0].2, Action::Delayed);
}

#[test]
fn the_form_inside_the_words_is_found() {
    let text = "--x\ncontent-type: message/delivery-status\n\nFinal-Recipient: rfc822;anna@libero.example\nAction: delayed\nStatus: 4.4.1\n";
    assert_eq!(notice(DAEMON, text), one("anna@libero.example", "4.4.1", Action::Delayed));
}

#[test]
fn an_encoded_form_is_decoded() {
    // Final-Recipient: rfc822; anna@libero.example
    // Action: failed
    // Status: 5.1.1
    let part = "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFubmFAbGliZXJvLmV4YW1wbGUNCkFjdGlvbjogZmFpbGVk\r\nDQpTdGF0dXM6IDUuMS4xDQo=";
    let raw = format!(
        "From: postmaster@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\
         Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n{part}\r\n--x--\r\n"
    );
    let report = report(&raw).unwrap();
    assert_eq!(
        (report.recipients[0].address.as_str(), report.recipients[0].status.as_deref()),
        ("anna@libero.example", Some("5.1.1"))
    );
}

#[test]
fn a_form_that_says_nothing_leaves_the_words() {
    let raw = "From: rete@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\n\
               <anna@libero.example>: 550 5.1.1 unknown\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\r\n--x--\r\n";
    let report = report(raw).unwrap();
    assert_eq!(report.recipients[0].address, "anna@libero.example");
    assert_eq!(report.recipients[0].status.as_deref(), Some("5.1.1"));
}

#[test]
fn the_quoted_letter_says_which_it_is() {
    let enclosed = |media_type: &str| {
        report(&format!(
            "From: postmaster@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\
             In-Reply-To: <altro@ente.example>\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\
             Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\n\r\n--x\r\nContent-Type: {media_type}\r\n\r\n\
             Received: x\r\nMessage-ID:\r\n <a.1@ente.example>\r\nSubject: x\r\n--x--\r\n"
        ))
    };
    for media_type in ["message/rfc822", "text/rfc822-headers", "message/global-headers"] {
        assert_eq!(enclosed(media_type).unwrap().about, ["a.1@ente.example"], "{media_type}");
    }
    let words =
        |header: &str, text: &str| report(&format!("{DAEMON}\r\n{header}\r\n\r\n{text}")).unwrap().about;
    assert_eq!(
        words("X: y", "<a@b.example>: no\n\n> Message-Id: <a.1@ente.example>\n"),
        ["a.1@ente.example"]
    );
    assert_eq!(
        words("X: y", "Message-ID:\n  <a.1@ente.example>\nMessage-ID: <a.1@ente.example>"),
        ["a.1@ente.example"]
    );
    assert_eq!(words("In-Reply-To: <a.1@ente.example>", "nulla"), ["a.1@ente.example"]);
    assert!(words("X: y", "nulla").is_empty());
}

#[test]
fn a_person_reports_nothing() {
    let quoted = "Mi è tornato indietro questo:\r\n\r\n<urp@ente.example>: 550 5.1.1 User unknown\r\nUndelivered Mail Returned to Sender\r\n";
    for header in [
        "From: anna@libero.example",
        "From: anna@libero.example\r\nSubject: I: Undelivered Mail Returned to Sender",
        "From: anna@libero.example\r\nReturn-Path: <>\r\nSubject: Risposta automatica: mancato recapito della bolletta",
        "From: postmaster@ente.example\r\nX-Ricevuta: errore-consegna\r\nSubject: Avviso di mancata consegna",
        "From: anna@libero.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\
         Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\n--x--",
    ] {
        assert_eq!(report(&format!("{header}\r\n\r\n{quoted}")), None, "{header}");
    }
    assert_eq!(
        report("From: postmaster@ente.example\r\n\r\nDomani il server è fermo per manutenzione.\r\n"),
        None
    );
}

#[test]
fn a_mail_system_that_names_nobody_still_reports_a_failure() {
    assert_eq!(notice(DAEMON, "qualcosa è andato storto"), one("", "", Action::Failed));
    assert_eq!(notice(DAEMON, ""), one("", "", Action::Failed));
}

#[test]
fn a_name_without_domain_is_the_systems_own() {
    let text = "Your mail to the following recipients could not be delivered:\n\tanna.rossi\n";
    assert_eq!(notice(DAEMON, text)[0].0, "anna.rossi@mx.example");
}

#[test]
fn a_report_without_end_is_read_to_its_limits() {
    let many: String = (0..5_000).map(|n| format!("<u{n}@b.example>: 550 5.1.1 no\n")).collect();
    assert_eq!(notice(DAEMON, &many).len(), MAX_RECIPIENTS);
    let failed: String = (0..5_000).map(|n| format!("u{n}@b.example, ")).collect();
    assert_eq!(
        notice(&format!("{DAEMON}\r\nX-Failed-Recipients: {failed}"), &"x\n".repeat(100_000)).len(),
        MAX_RECIPIENTS
    );
    let ids: String = (0..5_000).map(|n| format!("Message-ID: <{n}@x>\n")).collect();
    assert!(report(&format!("{DAEMON}\r\n\r\n{ids}")).unwrap().about.len() < 100);
    let line = format!("<a@b.example>: {}", "parola ".repeat(200_000));
    assert!(report(&format!("{DAEMON}\r\n\r\n{line}")).unwrap().recipients[0].words.len() <= 4 * MAX_WORDS);
}
