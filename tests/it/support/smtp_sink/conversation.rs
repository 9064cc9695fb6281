//! One client's conversation with the sink: RFC 5321, with AUTH, SIZE and STARTTLS.

use std::io;
use std::sync::Arc;

use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::{Connection, Letter, Security, Shared, SmtpSink};
use crate::support::certificate;

/// A connection, before or after TLS.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub struct Conversation {
    wire: BufStream<Box<dyn Wire>>,
    security: Security,
    shared: Arc<Shared>,
    /// Which of the sink's connections this is.
    index: usize,
    from: Option<String>,
    to: Vec<String>,
}

impl Conversation {
    pub fn new(stream: TcpStream, security: Security, shared: Arc<Shared>) -> Self {
        let index = {
            let mut state = shared.lock();
            state.connections.push(Connection::default());
            state.connections.len() - 1
        };
        Self { wire: BufStream::new(Box::new(stream)), security, shared, index, from: None, to: Vec::new() }
    }

    /// Talks until the client leaves. That it may leave at any word is no concern of the server's.
    pub async fn hold(mut self) {
        let _ = self.talk().await;
    }

    async fn talk(&mut self) -> io::Result<()> {
        if self.security == Security::Implicit {
            self.encrypt().await?;
        }
        self.say("220 sink.example.it ESMTP").await?;
        while let Some(line) = self.read_line().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let reply = match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.extensions(),
                "HELO" => "250 sink.example.it".to_owned(),
                "STARTTLS" if self.security == Security::StartTls && !self.encrypted() => {
                    self.say("220 2.0.0 Ready to start TLS").await?;
                    self.encrypt().await?;
                    continue;
                }
                "QUIT" => {
                    self.say("221 2.0.0 Bye").await?;
                    return Ok(());
                }
                "NOOP" => "250 2.0.0 Ok".to_owned(),
                "RSET" => {
                    self.forget_envelope();
                    "250 2.0.0 Ok".to_owned()
                }
                _ if !self.may_go_on() => "530 5.7.0 Must issue a STARTTLS command first".to_owned(),
                "AUTH" => self.log_in(rest).await?,
                "MAIL" => self.take_sender(rest),
                "RCPT" => self.take_recipient(rest),
                "DATA" if !self.to.is_empty() => match self.take_letter().await? {
                    Some(reply) => reply,
                    None => return Ok(()),
                },
                "DATA" => "503 5.5.1 No valid recipients".to_owned(),
                _ => "502 5.5.2 Command not recognized".to_owned(),
            };
            self.say(&reply).await?;
        }
        Ok(())
    }

    /// No PIPELINING: a client that sends ahead would meet the replies in the wrong order.
    fn extensions(&self) -> String {
        let mut lines = vec!["sink.example.it".to_owned(), format!("SIZE {}", SmtpSink::MOST_BYTES)];
        if self.may_go_on() {
            let ways = if self.shared.checker.is_some() { "XOAUTH2" } else { "PLAIN LOGIN" };
            lines.push(format!("AUTH {ways}"));
        } else {
            lines.push("STARTTLS".to_owned());
        }
        let lines: Vec<String> = lines.iter().map(|line| format!("250-{line}")).collect();
        format!("{}\r\n250 8BITMIME", lines.join("\r\n"))
    }

    async fn log_in(&mut self, rest: &str) -> io::Result<String> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        if self.shared.checker.is_some() {
            return self.log_in_with_token(mechanism, initial).await;
        }
        let (user, password) = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => {
                let secret = self.asked("334 ", initial).await?;
                let mut fields = secret.split('\0').skip(1).map(str::to_owned);
                (fields.next().unwrap_or_default(), fields.next().unwrap_or_default())
            }
            "LOGIN" => {
                (self.asked("334 VXNlcm5hbWU6", initial).await?, self.asked("334 UGFzc3dvcmQ6", "").await?)
            }
            _ => return Ok("504 5.5.4 Unrecognized authentication type".to_owned()),
        };
        if (user.as_str(), password.as_str()) != (SmtpSink::USER, SmtpSink::PASSWORD) {
            return Ok("535 5.7.8 Username and password not accepted".to_owned());
        }
        self.shared.lock().connections[self.index].user = Some(user);
        Ok("235 2.7.0 Authentication successful".to_owned())
    }

    /// `user=…^Aauth=Bearer …^A^A`. The refusal comes as Google's does: first why, then, after an empty answer, that.
    async fn log_in_with_token(&mut self, mechanism: &str, initial: &str) -> io::Result<String> {
        if !mechanism.eq_ignore_ascii_case("XOAUTH2") {
            return Ok("504 5.5.4 Unrecognized authentication type".to_owned());
        }
        let shown = self.asked("334 ", initial).await?;
        let mut fields = shown.split('\u{1}');
        let user = fields.next().and_then(|field| field.strip_prefix("user=")).unwrap_or_default();
        let token = fields.next().and_then(|field| field.strip_prefix("auth=Bearer ")).unwrap_or_default();
        let checker = self.shared.checker.as_ref().expect("asked only where there is one");
        if checker(token).as_deref() == Some(user) && !user.is_empty() {
            self.shared.lock().connections[self.index].user = Some(user.to_owned());
            return Ok("235 2.7.0 Accepted".to_owned());
        }
        let why = BASE64.encode(br#"{"status":"400","schemes":"Bearer","scope":"posta"}"#);
        self.say(&format!("334 {why}")).await?;
        Ok(match self.read_line().await? {
            Some(answer) if answer.is_empty() => "535 5.7.8 Username and Password not accepted".to_owned(),
            _ => "500 5.5.2 Syntax error".to_owned(),
        })
    }

    /// A field of the login: what came with the command, or the client's answer to a question.
    async fn asked(&mut self, question: &str, given: &str) -> io::Result<String> {
        let encoded = if given.is_empty() {
            self.say(question).await?;
            self.read_line().await?.unwrap_or_default()
        } else {
            given.to_owned()
        };
        let bytes = BASE64.decode(encoded.as_bytes()).unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn take_sender(&mut self, rest: &str) -> String {
        let Some((address, parameters)) = path("FROM:", rest) else {
            return "501 5.5.4 Syntax: MAIL FROM:<address>".to_owned();
        };
        let announced =
            parameters.split(' ').find_map(|parameter| parameter.strip_prefix("SIZE=")?.parse().ok());
        if announced.unwrap_or(0) > SmtpSink::MOST_BYTES {
            return "552 5.3.4 Message size exceeds fixed limit".to_owned();
        }
        self.from = Some(address.to_owned());
        self.to.clear();
        "250 2.1.0 Ok".to_owned()
    }

    fn take_recipient(&mut self, rest: &str) -> String {
        let Some((address, _)) = path("TO:", rest) else {
            return "501 5.5.4 Syntax: RCPT TO:<address>".to_owned();
        };
        if self.from.is_none() {
            return "503 5.5.1 Error: need MAIL command".to_owned();
        }
        let mut state = self.shared.lock();
        if state.manners.refused.contains(address) {
            return format!("550 5.1.1 <{address}>: Recipient address rejected: User unknown");
        }
        if let Some(left) = state.manners.greylisted.get_mut(address).filter(|left| **left > 0) {
            *left -= 1;
            return format!("451 4.7.1 <{address}>: Recipient address rejected: Greylisted");
        }
        drop(state);
        self.to.push(address.to_owned());
        "250 2.1.5 Ok".to_owned()
    }

    /// The reply; none when the conversation is over.
    async fn take_letter(&mut self) -> io::Result<Option<String>> {
        self.say("354 End data with <CR><LF>.<CR><LF>").await?;
        let Some(bytes) = self.read_data().await? else { return Ok(None) };
        if bytes.len() > SmtpSink::MOST_BYTES {
            self.forget_envelope();
            return Ok(Some("552 5.3.4 Message size exceeds fixed limit".to_owned()));
        }
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        let mut state = self.shared.lock();
        state.letters.push(Letter { from, to, bytes, connection: self.index });
        state.connections[self.index].letters += 1;
        let hang_up = state.manners.hang_ups > 0;
        state.manners.hang_ups = state.manners.hang_ups.saturating_sub(1);
        let number = state.letters.len();
        drop(state);
        self.shared.arrived.notify_waiters();
        Ok((!hang_up).then(|| format!("250 2.0.0 Ok: queued as {number}")))
    }

    /// The letter's lines up to the lonely dot; `None` when the client left before it.
    async fn read_data(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        loop {
            let start = bytes.len();
            if self.wire.read_until(b'\n', &mut bytes).await? == 0 {
                return Ok(None);
            }
            match &bytes[start..] {
                b".\r\n" => {
                    bytes.truncate(start);
                    return Ok(Some(bytes));
                }
                // A dot at the start of a line was doubled by the client.
                [b'.', ..] => drop(bytes.remove(start)),
                _ => {}
            }
        }
    }

    async fn read_line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.wire.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end().to_owned()))
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        let delay = self.shared.lock().manners.delay;
        tokio::time::sleep(delay).await;
        self.wire.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.wire.flush().await
    }

    /// TLS from here on. What the client sent ahead in the clear is thrown away with the buffer.
    async fn encrypt(&mut self) -> io::Result<()> {
        let nothing: Box<dyn Wire> = Box::new(tokio::io::empty());
        let plain = std::mem::replace(&mut self.wire, BufStream::new(nothing)).into_inner();
        let encrypted = TlsAcceptor::from(certificate::localhost().server_config()).accept(plain).await?;
        self.wire = BufStream::new(Box::new(encrypted));
        self.shared.lock().connections[self.index].encrypted = true;
        self.forget_envelope();
        Ok(())
    }

    fn encrypted(&self) -> bool {
        self.shared.lock().connections[self.index].encrypted
    }

    fn may_go_on(&self) -> bool {
        self.security == Security::Plain || self.encrypted()
    }

    fn forget_envelope(&mut self) {
        self.from = None;
        self.to.clear();
    }
}

/// The address between angle brackets, and the parameters behind it.
fn path<'a>(keyword: &str, rest: &'a str) -> Option<(&'a str, &'a str)> {
    let (start, path) = rest.split_at_checked(keyword.len())?;
    let path = path.trim_start().strip_prefix('<').filter(|_| start.eq_ignore_ascii_case(keyword))?;
    path.split_once('>')
}
