//! The virus scanner: clamd, where there is one (`[files] clamd`).
//!
//! A scanner that does not answer keeps no citizen from writing: the file is kept and marked as not scanned. What it does answer is
//! obeyed.

use std::{io, time::Duration};

use clamav_client::tokio::{Tcp, scan_buffer};

/// A file of the largest size is scanned in a second; a citizen waits while it is.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a piece that is sent: clamd takes up to 4 GB, and small pieces are many small packets.
const PIECE: usize = 64 << 10;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// Host and port.
    Tcp(String),
    /// Path of a socket on this machine.
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

/// What clamd says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing found.
    Clean,
    /// Something found.
    Infected,
}

impl Scanner {
    /// Reads the setting: `host:port` or `unix:/path`; empty: there is none.
    #[must_use]
    pub fn of(setting: &str) -> Option<Self> {
        match setting.strip_prefix("unix:") {
            _ if setting.is_empty() => None,
            #[cfg(unix)]
            Some(path) => Some(Self::Unix(path.into())),
            _ => Some(Self::Tcp(setting.to_owned())),
        }
    }

    /// Has a file scanned.
    ///
    /// # Errors
    /// The scanner cannot be reached, does not answer in time, or cannot scan the file (it may be larger than clamd's
    /// `StreamMaxLength`).
    pub async fn scan(&self, bytes: &[u8]) -> io::Result<Verdict> {
        self.scan_within(bytes, PATIENCE).await
    }

    async fn scan_within(&self, bytes: &[u8], patience: Duration) -> io::Result<Verdict> {
        let answer = tokio::time::timeout(patience, async {
            match self {
                Self::Tcp(address) => {
                    scan_buffer(bytes, Tcp { host_address: address.as_str() }, Some(PIECE)).await
                }
                #[cfg(unix)]
                Self::Unix(socket_path) => {
                    let socket = clamav_client::tokio::Socket { socket_path };
                    scan_buffer(bytes, socket, Some(PIECE)).await
                }
            }
        });
        verdict(&answer.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??)
    }
}

/// `stream: OK`, `stream: <name> FOUND`, or an error in words (clamd(8), INSTREAM).
fn verdict(answer: &[u8]) -> io::Result<Verdict> {
    let answer = answer.trim_ascii_end();
    let answer = answer.strip_suffix(b"\0").unwrap_or(answer).trim_ascii_end();
    if answer == b"stream: OK" {
        Ok(Verdict::Clean)
    } else if answer.ends_with(b" FOUND") {
        Ok(Verdict::Infected)
    } else {
        let words: String = String::from_utf8_lossy(answer).chars().take(200).collect();
        Err(io::Error::other(words))
    }
}

#[cfg(test)]
mod tests;
