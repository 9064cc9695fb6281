//! A Maildir of this machine: the second source of mail, and an exit that needs no server.
//!
//! Also reads plain `.eml` files dropped into the folder. A file is taken once it has not changed between two looks: a
//! copy that is still under way is left alone. Symbolic links are not followed, since whoever may write into the folder
//! need not be allowed to read everything that we may.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, Utc};
use entity::mailbox::After;

use super::{RawMail, mime};

/// A file must have rested for so long.
const REST: Duration = Duration::from_secs(1);
/// Files found in one look; the others wait for the next.
const MAX_FOUND: usize = 10_000;
/// Bytes of a mail that is too large that are read for its header.
const MAX_HEADER: u64 = 64 * 1024;
/// Mark of a file that was seen (Maildir's `Seen` flag).
const SEEN: &str = ":2,S";

/// A watched Maildir.
#[derive(Debug)]
pub struct Maildir {
    root: PathBuf,
    /// What each file looked like last time.
    looks: HashMap<String, Look>,
    /// Found and not yet given out, oldest first.
    waiting: VecDeque<Found>,
    /// Given out, or left where they are: not given out again.
    known: HashSet<String>,
}

/// Size and time of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    size: u64,
    modified: SystemTime,
}

/// A mail that may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name in this Maildir, for ever: `new/…` as Maildir guarantees it; for a dropped file with its time and size,
    /// because people give two files the same name.
    pub key: String,
    /// Where it is.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// When it was delivered.
    pub received_at: DateTime<Utc>,
}

impl Maildir {
    /// A Maildir at `root`; its folders are made if they are not there.
    ///
    /// # Errors
    /// The folders cannot be made: the system's words.
    pub async fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        let maildir = Self {
            root: root.clone(),
            looks: HashMap::new(),
            waiting: VecDeque::new(),
            known: HashSet::new(),
        };
        blocking(move || make(&root)).await.map(|()| maildir)
    }

    /// Up to `limit` mails, oldest first, each once for as long as this value lives. Looks at the folder only when nothing
    /// is left of the last look.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn scan(&mut self, limit: usize) -> io::Result<Vec<Found>> {
        if self.waiting.is_empty() {
            let root = self.root.clone();
            let seen = blocking(move || look(&root)).await?;
            self.compare(seen);
        }
        let given: Vec<Found> = self.waiting.drain(..limit.min(self.waiting.len())).collect();
        self.known.extend(given.iter().map(|found| found.key.clone()));
        Ok(given)
    }

    /// There were mails in the last look that have not been given out.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The names of all mails in the folder, and which of them were given out before.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn names(&self) -> io::Result<Vec<(String, bool)>> {
        let root = self.root.clone();
        let seen = blocking(move || look(&root)).await?;
        let given = |found: Found| (self.known.contains(&found.key), found.key);
        Ok(seen.into_iter().map(|(found, _)| given(found)).map(|(given, key)| (key, given)).collect())
    }

    /// Lets mails be given out again.
    pub fn forget(&mut self, keys: &[String]) {
        for key in keys {
            self.known.remove(key);
        }
    }

    /// What has rested since the last look is ready.
    fn compare(&mut self, seen: Vec<(Found, Look)>) {
        // by the clock that dates the files; a date in the future says nothing
        let rested = |look: &Look| look.modified.elapsed().map_or(true, |age| age >= REST);
        let mut looks = HashMap::with_capacity(seen.len());
        let mut ready = Vec::new();
        for (found, look) in seen {
            if self.looks.get(&found.key) == Some(&look) && rested(&look) && !self.known.contains(&found.key)
            {
                ready.push(found.clone());
            }
            looks.insert(found.key, look);
        }
        self.known.retain(|key| looks.contains_key(key));
        self.looks = looks;
        ready.sort_by(|one, other| (one.received_at, &one.key).cmp(&(other.received_at, &other.key)));
        ready.truncate(MAX_FOUND);
        self.waiting = ready.into();
    }

    /// The bytes of a mail; `None` when somebody took it away meanwhile.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn read(&self, found: &Found, max_bytes: u64) -> io::Result<Option<RawMail>> {
        let path = found.path.clone();
        match blocking(move || read(&path, max_bytes)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    /// Puts a handled mail away: `Leave` leaves it, `Flag` marks it as seen (in `cur`), `Move` puts it into the Maildir
    /// folder `folder`. A mail that is not there any more is no error: somebody, perhaps we before a crash, put it away.
    ///
    /// # Errors
    /// The file cannot be moved.
    pub async fn file_away(&mut self, key: &str, after: After, folder: &str) -> io::Result<()> {
        let target = match after {
            After::Leave => {
                self.known.insert(key.to_owned());
                return Ok(());
            }
            After::Flag => self.root.clone(),
            After::Move => self.root.join(format!(".{}", safe_folder(folder))),
        };
        let source = self.root.join(path_of(key));
        let key = key.to_owned();
        let same = key.clone();
        blocking(move || put_away(&same, &source, &target)).await?;
        self.looks.remove(&key);
        self.known.remove(&key);
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Makes the folders of a Maildir.
///
/// # Errors
/// The system's words, with the folder that could not be made.
pub fn make(root: &Path) -> io::Result<()> {
    for part in ["tmp", "new", "cur"] {
        let folder = root.join(part);
        fs::create_dir_all(&folder)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))?;
    }
    Ok(())
}

/// Delivers `raw` under `name`, durably; the same name again replaces it.
///
/// # Errors
/// The disk is full, the folder is not ours: the system's words.
pub fn deliver(root: &Path, name: &str, raw: &[u8]) -> io::Result<()> {
    make(root)?;
    let (written, delivered) = (root.join("tmp").join(name), root.join("new").join(name));
    let mut file = File::create(&written)?;
    file.write_all(raw)?;
    file.sync_all()?;
    fs::rename(&written, &delivered)?;
    File::open(root.join("new"))?.sync_all()
}

/// All files that may be mails.
fn look(root: &Path) -> io::Result<Vec<(Found, Look)>> {
    let mut seen = Vec::new();
    for (folder, dropped) in [(root.join("new"), false), (root.to_owned(), true)] {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            // a name that is no UTF-8 is read all the same; such a file stays where it is
            let name = entry.file_name().to_string_lossy().into_owned();
            let hidden = name.starts_with('.');
            let mail = !dropped
                || Path::new(&name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml"));
            if hidden || !mail {
                continue;
            }
            // gone between the list and the look: somebody else took it
            let Ok(meta) = entry.metadata() else { continue };
            let Some(modified) = meta.modified().ok().filter(|_| meta.is_file()) else { continue };
            let look = Look { size: meta.len(), modified };
            let key = if dropped { dropped_key(&name, look) } else { format!("new/{name}") };
            let received_at = if dropped { modified.into() } else { delivered_at(&name, modified) };
            seen.push((Found { key, path: entry.path(), size: look.size, received_at }, look));
        }
    }
    Ok(seen)
}

/// A Maildir name begins with the second of its delivery.
fn delivered_at(name: &str, modified: SystemTime) -> DateTime<Utc> {
    let leading = name.split('.').next().filter(|digits| (9..=11).contains(&digits.len()));
    let second =
        leading.and_then(|digits| digits.parse().ok()).and_then(|second| DateTime::from_timestamp(second, 0));
    second.unwrap_or_else(|| modified.into())
}

fn dropped_key(name: &str, look: Look) -> String {
    let millis = look.modified.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    format!("{name}?{millis}-{}", look.size)
}

/// Where the mail of a key is, below the root.
fn path_of(key: &str) -> &str {
    match key.rsplit_once('?') {
        Some((name, _)) if !key.starts_with("new/") => name,
        _ => key,
    }
}

fn read(path: &Path, max_bytes: u64) -> io::Result<RawMail> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > max_bytes {
        let mut beginning = Vec::new();
        file.take(MAX_HEADER).read_to_end(&mut beginning)?;
        let headers = mime::split_header(&beginning).0.to_vec();
        return Ok(RawMail::TooLarge { headers: headers.into() });
    }
    let mut raw = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(max_bytes).read_to_end(&mut raw)?;
    Ok(RawMail::Whole(raw.into()))
}

fn put_away(key: &str, source: &Path, target: &Path) -> io::Result<()> {
    let Some(name) = source.file_name().and_then(|name| name.to_str()) else { return Ok(()) };
    let Ok(meta) = fs::symlink_metadata(source) else { return Ok(()) };
    // another file has taken the name of the one that was handled: it has not been read
    let look = meta.modified().map(|modified| Look { size: meta.len(), modified });
    if path_of(key) != key && look.is_ok_and(|look| dropped_key(name, look) != key) {
        return Ok(());
    }
    make(target)?;
    let name = name.split(":2,").next().unwrap_or(name);
    // never over another mail; the mailbox is leased, so nobody makes the name between the question and the move
    let free = (1..)
        .map(|number| if number == 1 { format!("{name}{SEEN}") } else { format!("{name}.{number}{SEEN}") });
    let free = free.map(|name| target.join("cur").join(name)).find(|path| !path.exists());
    match free.map(|target| fs::rename(source, target)) {
        Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// One name, not a path; Maildir++ writes the levels of a folder with dots.
fn safe_folder(folder: &str) -> String {
    let name: String = folder
        .chars()
        .map(|c| if matches!(c, '/' | '\\') { '.' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    let name = name.trim_matches(['.', ' ']).to_owned();
    if name.is_empty() { "Elaborati".to_owned() } else { name }
}
