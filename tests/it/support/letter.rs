//! Mails of citizens, written out as they come over the wire.

use super::app::BOX;

/// A mail to be.
#[derive(Clone, Debug)]
pub struct Letter {
    from: String,
    subject: String,
    id: String,
    headers: Vec<String>,
    body: String,
}

/// A plain letter of `from` (`Anna Verdi <anna@libero.example>` or an address).
pub fn letter(from: &str, subject: &str) -> Letter {
    let id = format!("{}@mail.example", uuid::Uuid::now_v7().simple());
    Letter {
        from: from.to_owned(),
        subject: subject.to_owned(),
        id,
        headers: Vec::new(),
        body: "Buongiorno.\r\n".to_owned(),
    }
}

impl Letter {
    /// Its words.
    pub fn says(mut self, body: &str) -> Self {
        self.body = body.replace('\n', "\r\n");
        self
    }

    /// A further header field.
    pub fn with(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    /// Answers the mail of that Message-ID (without angle brackets).
    pub fn answers(self, id: &str) -> Self {
        self.with(&format!("In-Reply-To: <{id}>")).with(&format!("References: <{id}>"))
    }

    /// Its Message-ID, without angle brackets.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The bytes.
    pub fn raw(&self) -> Vec<u8> {
        let headers: String = self.headers.iter().map(|header| format!("{header}\r\n")).collect();
        let addressed = headers.lines().any(|line| line.starts_with("To:"));
        let to = if addressed { String::new() } else { format!("To: {BOX}\r\n") };
        format!(
            "From: {}\r\n{to}Subject: {}\r\nMessage-ID: <{}>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n{headers}\r\n{}",
            self.from, self.subject, self.id, self.body
        )
        .into_bytes()
    }
}
