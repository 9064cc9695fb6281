//! A mail that cannot be brought whole still becomes something that an operator sees.

use crate::channel::email::RawMail;

/// What goes into the ledger. A mail that is too large, or that the server will not hand over, still becomes something that
/// an operator sees: its header as far as we have it, and a sentence in place of its words. It stays on the server.
/// `name` tells a mail of which nothing is known from the others: a notice like another would pass for a copy of it.
pub(in crate::worker) fn bytes_of(raw: RawMail, name: &str) -> Vec<u8> {
    let (headers, words) = match raw {
        RawMail::Whole(bytes) => return bytes.into(),
        RawMail::TooLarge { headers } => (
            headers,
            format!("Il messaggio {name} supera la dimensione massima: è rimasto dov’era, va letto da lì."),
        ),
        RawMail::Withheld => (
            bytes::Bytes::new(),
            format!("Il server non ha consegnato il messaggio {name}: va cercato nella casella."),
        ),
    };
    // Only what names the letter is taken over: the structure that its other fields announce is not here.
    let named = [
        "from:",
        "to:",
        "cc:",
        "subject:",
        "date:",
        "message-id:",
        "in-reply-to:",
        "references:",
        "reply-to:",
        "auto-submitted:",
        "list-id:",
        "precedence:",
        "return-path:",
        // What tells a false sender, and a mail of the PEC circuit, must not be lost with the size.
        "received:",
        "authentication-results:",
        "x-trasporto:",
        "x-ricevuta:",
        "x-riferimento-message-id:",
    ];
    let mut notice = Vec::new();
    let mut keep = false;
    for line in headers.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let lower = line.to_ascii_lowercase();
            keep = named.iter().any(|name| lower.starts_with(name.as_bytes()));
        }
        if keep && line.ends_with(b"\n") {
            notice.extend_from_slice(line);
        }
    }
    notice.extend_from_slice(b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    notice.extend_from_slice(words.as_bytes());
    notice.extend_from_slice(b"\r\n");
    notice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::email::parse::{Reader, parse},
        domain::identification::speaks_for_itself,
    };

    #[test]
    fn a_mail_that_is_too_large_keeps_its_names_and_says_where_it_is() {
        let headers = b"From: Anna <anna@libero.example>\r\nSubject: Un video\r\n molto lungo\r\nContent-Type: multipart/mixed; boundary=x\r\nMessage-ID: <1@x.example>\r\nX-Cut: he";
        let mail = parse(&bytes_of(RawMail::TooLarge { headers: bytes::Bytes::from_static(headers) }, "9:1"));
        assert_eq!((mail.sender(), mail.subject.as_str()), ("anna@libero.example", "Un video molto lungo"));
        assert!(mail.text.contains("dimensione massima") && mail.attachments.is_empty());
    }

    /// Size must not be a way around the checks of the sender.
    #[test]
    fn a_mail_that_is_too_large_keeps_what_the_server_found_about_its_sender() {
        let headers =
            b"Authentication-Results: mx.ente.example; dmarc=fail\r\nReceived: by mx.ente.example; x\r\n\
            From: Anna <anna@libero.example>\r\nSubject: Un video\r\n";
        let raw = bytes_of(RawMail::TooLarge { headers: bytes::Bytes::from_static(headers) }, "9:1");
        let reader = Reader { authserv_id: "mx.ente.example".to_owned(), ..Reader::default() };
        assert!(!speaks_for_itself(&reader.read(&raw)));
        let headers = b"X-Trasporto: posta-certificata\r\nFrom: \"Per conto di: anna@pec.example\" <posta-certificata@pec.example>\r\n\
            Reply-To: anna@pec.example\r\nSubject: POSTA CERTIFICATA: Un video\r\n";
        let raw = bytes_of(RawMail::TooLarge { headers: bytes::Bytes::from_static(headers) }, "9:1");
        let mail = Reader { pec: true, ..Reader::default() }.read(&raw);
        assert_eq!(mail.sender(), "anna@pec.example", "not the provider");
        assert!(!speaks_for_itself(&mail));
    }
}
