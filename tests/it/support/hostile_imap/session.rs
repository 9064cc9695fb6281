//! One client's conversation.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

use super::{
    HostileImap, State,
    answers::{self, Answer, Piece, covers, ended, line},
    whim::{Class, Whim},
};

struct Session {
    lines: Lines<BufReader<OwnedReadHalf>>,
    write: OwnedWriteHalf,
    state: Arc<Mutex<State>>,
    arrivals: watch::Receiver<u32>,
}

/// Why a conversation is over.
struct Over;

pub async fn serve(stream: TcpStream, state: Arc<Mutex<State>>, arrivals: watch::Receiver<u32>) {
    let (read, write) = stream.into_split();
    let mut session = Session { lines: BufReader::new(read).lines(), write, state, arrivals };
    let greeting = format!("* OK [CAPABILITY {}] pronto", session.state.lock().unwrap().capabilities);
    if session.say(line(Class::Greeting, &greeting)).await.is_err() {
        return;
    }
    while let Some(command) = session.hear().await {
        let (tag, command) = command.split_once(' ').unwrap_or((&command, ""));
        if session.answer(tag, command).await.is_err() {
            return;
        }
    }
}

impl Session {
    async fn hear(&mut self) -> Option<String> {
        let line = self.lines.next_line().await.ok()??;
        let said = line.split_once(' ').map_or(line.as_str(), |(_, command)| command).to_owned();
        self.state.lock().unwrap().heard.push(said);
        Some(line)
    }

    async fn answer(&mut self, tag: &str, command: &str) -> Result<(), Over> {
        let refusal = self.state.lock().unwrap().take_whim(|whim| match whim {
            Whim::No(begins) if command.starts_with(begins) => Some("NO non adesso"),
            Whim::Bad(begins) if command.starts_with(begins) => Some("BAD non capisco"),
            _ => None,
        });
        if let Some(refusal) = refusal {
            return self.say(ended(Vec::new(), tag, refusal)).await;
        }
        let words: Vec<&str> = command.split(' ').collect();
        match words[..] {
            ["AUTHENTICATE", mechanism, ..] => {
                let initial = words.get(2).map(|word| (*word).to_owned());
                self.authenticate(tag, mechanism, initial).await
            }
            ["IDLE"] => self.idle(tag).await,
            ["LOGOUT"] => {
                self.say(ended(vec![line(Class::Answer, "* BYE arrivederci")], tag, "OK fatto")).await?;
                Err(Over)
            }
            _ => {
                let said = execute(&mut self.state.lock().unwrap(), command, &words);
                match said {
                    Ok(answers) => self.say(ended(answers, tag, "OK fatto")).await,
                    Err(refusal) => self.say(ended(Vec::new(), tag, refusal)).await,
                }
            }
        }
    }

    async fn authenticate(
        &mut self,
        tag: &str,
        mechanism: &str,
        initial: Option<String>,
    ) -> Result<(), Over> {
        let words = match initial {
            Some(words) => words,
            None => {
                self.say(line(Class::Answer, "+ ")).await?;
                self.hear().await.ok_or(Over)?
            }
        };
        let said = data_encoding::BASE64.decode(words.as_bytes()).unwrap_or_default();
        let said = String::from_utf8_lossy(&said).into_owned();
        let right = match (mechanism, &self.state.lock().unwrap().token) {
            ("XOAUTH2", Some(token)) => said.ends_with(&format!("\x01auth=Bearer {token}\x01\x01")),
            ("PLAIN", None) => said.ends_with(&format!("\0{}", HostileImap::PASSWORD)),
            _ => false,
        };
        if right {
            return self.say(ended(Vec::new(), tag, "OK fatto")).await;
        }
        if mechanism == "XOAUTH2" {
            let why = data_encoding::BASE64.encode(br#"{"status":"401","schemes":"Bearer"}"#);
            self.say(line(Class::Answer, &format!("+ {why}"))).await?;
            if !self.hear().await.ok_or(Over)?.is_empty() {
                return self.say(ended(Vec::new(), tag, "BAD attesa una riga vuota")).await;
            }
        }
        self.say(ended(Vec::new(), tag, "NO [AUTHENTICATIONFAILED] credenziali scadute")).await
    }

    async fn idle(&mut self, tag: &str) -> Result<(), Over> {
        self.say(line(Class::Answer, "+ idling")).await?;
        self.arrivals.mark_unchanged();
        loop {
            let exists = self.state.lock().unwrap().mails.len();
            tokio::select! {
                arrived = self.arrivals.changed() => {
                    arrived.map_err(|_| Over)?;
                    let exists = self.state.lock().unwrap().mails.len().max(exists);
                    self.say(line(Class::Answer, &format!("* {exists} EXISTS"))).await?;
                }
                heard = self.lines.next_line() => {
                    heard.ok().flatten().ok_or(Over)?;
                    return self.say(ended(Vec::new(), tag, "OK fatto")).await;
                }
            }
        }
    }

    /// Says it, unless a whim breaks it off.
    async fn say(&mut self, pieces: Vec<Piece>) -> Result<(), Over> {
        let mut out = Vec::new();
        for piece in pieces {
            let broken_off = self.state.lock().unwrap().take_whim(|whim| match whim {
                Whim::Drop(class, after) if *class == piece.class => Some((false, *after)),
                Whim::Stall(class, after) if *class == piece.class => Some((true, *after)),
                _ => None,
            });
            let Some((stall, after)) = broken_off else {
                out.extend_from_slice(&piece.bytes);
                continue;
            };
            // at least one byte of it is missing
            let shown = after.min(piece.bytes.len().saturating_sub(1));
            out.extend_from_slice(&piece.bytes[..shown]);
            let _ = self.write.write_all(&out).await;
            if stall {
                // until the client has had enough
                while let Ok(Some(_)) = self.lines.next_line().await {}
            }
            return Err(Over);
        }
        self.write.write_all(&out).await.map_err(|_| Over)
    }
}

/// What a well-behaved server does with a command, and what it says.
fn execute(state: &mut State, command: &str, words: &[&str]) -> Result<Vec<Answer>, &'static str> {
    let last = state.mails.last().map_or(0, |mail| mail.uid);
    match *words {
        ["CAPABILITY"] => Ok(vec![line(Class::Answer, &format!("* CAPABILITY {}", state.capabilities))]),
        ["LOGIN", _, password] => {
            let right = state.token.is_none() && password == format!("\"{}\"", HostileImap::PASSWORD);
            if right { Ok(Vec::new()) } else { Err("NO [AUTHENTICATIONFAILED] password errata") }
        }
        ["SELECT" | "EXAMINE", ..] => {
            if state.take_whim(|whim| (*whim == Whim::RenumberBefore).then_some(())).is_some() {
                state.renumber();
            }
            let about = [
                format!("* {} EXISTS", state.mails.len()),
                "* FLAGS (\\Seen \\Flagged \\Deleted)".to_owned(),
                "* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted \\*)] x".to_owned(),
                format!("* OK [UIDVALIDITY {}] x", state.uid_validity),
                format!("* OK [UIDNEXT {}] x", state.uid_next),
            ];
            Ok(about.iter().map(|text| line(Class::Answer, text)).collect())
        }
        ["UID", "SEARCH", ref criteria @ ..] => {
            let found = state.mails.iter().map(|mail| mail.uid).filter(|uid| match criteria {
                ["UID", set] => covers(set, *uid, last),
                _ => true,
            });
            let found: String = found.map(|uid| format!(" {uid}")).collect();
            Ok(vec![line(Class::Answer, &format!("* SEARCH{found}"))])
        }
        ["UID", "FETCH", set, ..] => {
            let (_, items) = command.split_once('(').ok_or("BAD senza parentesi")?;
            answers::fetch(state, set, items)
        }
        ["UID", "STORE", set, "+FLAGS.SILENT", ..] => {
            let (_, flags) = command.split_once('(').ok_or("BAD senza parentesi")?;
            for mail in state.mails.iter_mut().filter(|mail| covers(set, mail.uid, last)) {
                mail.flags.extend(flags.trim_end_matches(')').split(' ').map(str::to_owned));
            }
            Ok(Vec::new())
        }
        ["UID", verb @ ("COPY" | "MOVE"), set, ..] => {
            let folder = command.splitn(4, ' ').nth(3).unwrap_or_default().trim_matches('"').to_owned();
            let there = state.mails.iter().filter(|mail| covers(set, mail.uid, last)).cloned();
            state.elsewhere.extend(there.map(|mail| (folder.clone(), mail)).collect::<Vec<_>>());
            if verb == "MOVE" {
                state.mails.retain(|mail| !covers(set, mail.uid, last));
            }
            Ok(Vec::new())
        }
        ["UID", "EXPUNGE", set] => {
            let gone = |flags: &std::collections::BTreeSet<String>| flags.contains("\\Deleted");
            state.mails.retain(|mail| !(covers(set, mail.uid, last) && gone(&mail.flags)));
            Ok(Vec::new())
        }
        ["NOOP" | "CREATE", ..] => Ok(Vec::new()),
        _ => Err("BAD comando sconosciuto"),
    }
}
