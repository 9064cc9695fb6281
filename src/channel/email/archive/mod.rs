//! Mail out of an archive: a Maildir, an mbox file, a folder of `.eml` files, one `.eml` file. Nothing there is changed.
//!
//! Files come oldest first, because an answer finds its thread only if the letter that it answers came before. An mbox is read
//! in its own order, which is that of arrival, one mail in memory at a time.

mod date;
mod mbox;

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use self::mbox::Mbox;
use super::{RawMail, mime};

/// Bytes at the beginning of a file in which its header is looked for.
const HEAD: u64 = 64 * 1024;
/// Folders inside folders beyond this number are not entered: a link that leads back would never end.
const MAX_DEPTH: usize = 16;

/// A mail of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// When it was received, as far as it says; else the date of its file.
    pub received_at: DateTime<Utc>,
    /// Its bytes.
    pub raw: RawMail,
    /// Bytes of the archive that it takes.
    pub size: u64,
}

/// An open archive.
#[derive(Debug)]
pub struct Archive {
    bytes: u64,
    mails: Mails,
    max_bytes: u64,
}

#[derive(Debug)]
enum Mails {
    Files(std::vec::IntoIter<Entry>),
    Mbox(Box<Mbox<BufReader<File>>>),
}

#[derive(Debug)]
struct Entry {
    received_at: DateTime<Utc>,
    path: PathBuf,
    size: u64,
}

impl Archive {
    /// Opens what is at `path`. Mails larger than `max_bytes` are given without their bodies.
    ///
    /// # Errors
    /// It is not there, cannot be read, or is none of the known forms.
    pub fn open(path: &Path, max_bytes: u64) -> io::Result<Self> {
        let about = fs::metadata(path)?;
        if about.is_file() && !is_mail(path) {
            let mbox = Mbox::open(BufReader::new(File::open(path)?), max_bytes, modified(&about))?;
            return Ok(Self { bytes: about.len(), mails: Mails::Mbox(Box::new(mbox)), max_bytes });
        }
        let mut entries = Vec::new();
        if about.is_file() {
            entries.push(entry(path)?);
        } else if path.join("cur").is_dir() || path.join("new").is_dir() {
            for folder in ["cur", "new"].map(|name| path.join(name)) {
                if folder.is_dir() {
                    gather(&folder, &mut entries, 0, |_| true)?;
                }
            }
        } else {
            gather(path, &mut entries, MAX_DEPTH, is_mail)?;
        }
        entries.sort_by(|a, b| (a.received_at, &a.path).cmp(&(b.received_at, &b.path)));
        let bytes = entries.iter().map(|entry| entry.size).sum();
        Ok(Self { bytes, mails: Mails::Files(entries.into_iter()), max_bytes })
    }

    /// Bytes of the whole.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Iterator for Archive {
    type Item = io::Result<Archived>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.mails {
            Mails::Files(entries) => entries.next().map(|entry| read(entry, self.max_bytes)),
            Mails::Mbox(mbox) => mbox.next().transpose(),
        }
    }
}

fn is_mail(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"))
}

fn gather(
    folder: &Path,
    entries: &mut Vec<Entry>,
    depth: usize,
    wanted: fn(&Path) -> bool,
) -> io::Result<()> {
    let refused = |error| io::Error::other(format!("{}: {error}", folder.display()));
    for found in fs::read_dir(folder).map_err(refused)? {
        let path = found?.path();
        if path.is_dir() {
            if depth > 0 {
                gather(&path, entries, depth - 1, wanted)?;
            }
        } else if wanted(&path) {
            entries.push(entry(&path)?);
        }
    }
    Ok(())
}

fn entry(path: &Path) -> io::Result<Entry> {
    let refused = |error| io::Error::other(format!("{}: {error}", path.display()));
    let about = fs::metadata(path).map_err(refused)?;
    let head = head(path).map_err(refused)?;
    let received_at = date::received(mime::split_header(&head).0).unwrap_or_else(|| modified(&about));
    Ok(Entry { received_at, path: path.to_owned(), size: about.len() })
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

fn read(Entry { received_at, path, size }: Entry, max_bytes: u64) -> io::Result<Archived> {
    let refused = |error| io::Error::other(format!("{}: {error}", path.display()));
    let raw = if size > max_bytes {
        let head = head(&path).map_err(refused)?;
        RawMail::TooLarge { headers: Bytes::copy_from_slice(mime::split_header(&head).0) }
    } else {
        RawMail::Whole(fs::read(&path).map_err(refused)?.into())
    };
    Ok(Archived { received_at, raw, size })
}

fn modified(about: &fs::Metadata) -> DateTime<Utc> {
    about.modified().map_or(DateTime::UNIX_EPOCH, DateTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subjects(path: &Path) -> Vec<(String, String)> {
        Archive::open(path, 1_000)
            .unwrap()
            .map(|mail| {
                let mail = mail.unwrap();
                let raw = match mail.raw {
                    RawMail::Whole(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    RawMail::TooLarge { headers } => format!("large {}", String::from_utf8_lossy(&headers)),
                    RawMail::Withheld => String::new(),
                };
                (mail.received_at.format("%Y-%m-%d %H:%M").to_string(), raw)
            })
            .collect()
    }

    #[test]
    fn files_come_oldest_first_with_the_date_of_their_arrival() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("2019")).unwrap();
        let late = "Date: Mon, 4 Mar 2019 10:00:00 +0100\n\nb";
        let early =
            "Received: from x by y; Sun, 3 Mar 2019 10:00:00 +0000\nDate: Fri, 1 Mar 2030 10:00:00 UT\n\na";
        fs::write(folder.path().join("a.eml"), late).unwrap();
        fs::write(folder.path().join("2019/b.EML"), early).unwrap();
        fs::write(folder.path().join("notes.txt"), "no mail").unwrap();
        assert_eq!(
            subjects(folder.path()),
            [
                ("2019-03-03 10:00".to_owned(), early.to_owned()),
                ("2019-03-04 09:00".to_owned(), late.to_owned())
            ]
        );
    }

    #[test]
    fn a_maildir_gives_both_its_folders_and_a_large_mail_only_its_header() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["cur", "new", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let date = "Date: Mon, 4 Mar 2019 10:00:00 +0100\n";
        fs::write(folder.path().join("cur/1:2,S"), format!("{date}Subject: a\n\n{}", "x".repeat(2_000)))
            .unwrap();
        fs::write(folder.path().join("new/2"), "Date: Tue, 5 Mar 2019 10:00:00 +0100\n\nb").unwrap();
        fs::write(folder.path().join("tmp/3"), "half").unwrap();
        let found = subjects(folder.path());
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].1, format!("large {date}Subject: a\n"));
    }

    #[test]
    fn what_is_not_there_says_so() {
        assert_eq!(
            Archive::open(Path::new("/nowhere/at/all"), 10).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }
}
