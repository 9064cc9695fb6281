//! A server that says what a test wants it to say.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};

/// A running script. Lines that it heard can be asked for.
pub struct Script {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

/// What a script does with a line.
pub enum Answer {
    /// Says this.
    Say(String),
    /// Hangs up after saying this.
    HangUp(String),
}

impl Script {
    /// Greets with `greeting`, then lets `answer` decide upon every line.
    pub async fn start(greeting: &str, answer: impl Fn(&str) -> Answer + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (greeting, hearing) = (greeting.to_owned(), heard.clone());
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (greeting, answer, diary) = (greeting.clone(), answer.clone(), hearing.clone());
                tokio::spawn(async move {
                    let (read, mut write) = stream.into_split();
                    let _ = write.write_all(greeting.as_bytes()).await;
                    let mut lines = BufReader::new(read).lines();
                    while let Ok(Some(line)) = lines.next_line().await {
                        diary.lock().unwrap().push(line.clone());
                        match answer(&line) {
                            Answer::Say(text) => {
                                if write.write_all(text.as_bytes()).await.is_err() {
                                    return;
                                }
                            }
                            Answer::HangUp(text) => {
                                let _ = write.write_all(text.as_bytes()).await;
                                return;
                            }
                        }
                    }
                });
            }
        });
        Self { port, heard, server }
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.server.abort();
    }
}
