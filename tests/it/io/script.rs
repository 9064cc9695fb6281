//! A server of HTTP/1.1 on this machine that says what it is told, byte for byte, and keeps what it hears.

use std::{
    collections::VecDeque,
    fmt::Write as _,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Instant,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What to do with a call.
#[derive(Clone, Debug)]
pub enum Turn {
    /// An answer: status, fields, body.
    Say(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Hangs up when the call has been heard to its end.
    HangUp,
    /// Says nothing for ever.
    Silence,
    /// Says that so many bytes come, and hangs up before the last.
    Stop,
}

/// A call as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// When its last byte was here.
    pub at: Instant,
    pub line: String,
    pub key: Option<String>,
    pub head: String,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub struct Script {
    port: u16,
    shared: Arc<Mutex<Shared>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    turns: VecDeque<Turn>,
    heard: Vec<Heard>,
}

impl Turn {
    /// An answer of the API.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Say(
            status,
            vec![("content-type", "application/json".to_owned())],
            body.to_string().into_bytes(),
        )
    }

    /// A refusal of the API.
    pub fn problem(status: u16, title: &str) -> Self {
        let body = serde_json::json!({ "title": title, "status": status, "detail": format!("about {}", super::CODE) });
        Self::Say(
            status,
            vec![("content-type", "application/problem+json".to_owned())],
            body.to_string().into_bytes(),
        )
    }

    /// A refusal of the gateway.
    pub fn gateway(status: u16, message: &str) -> Self {
        Self::json(status, &serde_json::json!({ "statusCode": status, "message": message }))
    }

    /// Nothing but a status.
    pub fn bare(status: u16) -> Self {
        Self::Say(status, vec![], vec![])
    }

    /// With one more field.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Say(_, fields, _) = &mut self {
            fields.push((name, value.to_owned()));
        }
        self
    }
}

impl Script {
    /// The calls get these turns, one after another; then 404 as a gateway says it.
    pub async fn start(turns: impl IntoIterator<Item = Turn>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Mutex::new(Shared { turns: turns.into_iter().collect(), heard: vec![] }));
        let all = shared.clone();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, all.clone()));
            }
        });
        Self { port, shared, server }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/api/v1", self.port)
    }

    /// The calls that came.
    pub fn heard(&self) -> Vec<Heard> {
        self.shared.lock().unwrap().heard.clone()
    }

    /// Their first lines, without the version.
    pub fn lines(&self) -> Vec<String> {
        self.heard().into_iter().map(|heard| heard.line).collect()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    while let Some(heard) = hear(&mut stream).await {
        let turn = {
            let mut shared = shared.lock().unwrap();
            shared.heard.push(heard);
            shared.turns.pop_front().unwrap_or_else(|| Turn::gateway(404, "Resource not found"))
        };
        match turn {
            Turn::HangUp => return,
            Turn::Silence => std::future::pending().await,
            Turn::Stop => {
                let _ = stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{\"id\":").await;
                return;
            }
            Turn::Say(status, fields, body) => {
                let mut head = format!("HTTP/1.1 {status} x\r\n");
                // An answer without content says so by its status.
                if status != 204 {
                    write!(head, "content-length: {}\r\n", body.len()).unwrap();
                }
                for (name, value) in fields {
                    write!(head, "{name}: {value}\r\n").unwrap();
                }
                head.push_str("\r\n");
                if stream.write_all(&[head.into_bytes(), body].concat()).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let read = stream.read_buf(&mut bytes).await.ok()?;
        if read == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let field = |name: &str| {
        head.lines()
            .find_map(|line| line.split_once(": ").filter(|(field, _)| field.eq_ignore_ascii_case(name)))
    };
    let length = field("content-length").map_or(0, |(_, length)| length.parse().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let key = field("ocp-apim-subscription-key").map(|(_, key)| key.to_owned());
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    Some(Heard { at: Instant::now(), line, key, body: bytes[end..end + length].to_vec(), head })
}
