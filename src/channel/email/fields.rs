//! The header block as its fields: each on one line, none longer than anybody reads, and none lost behind the others.
//!
//! A header may be as long as its sender likes (900 `Received`, a subject of 10 MB, 100,000 `Cc` before the Message-ID).
//! Every line is looked at; what decides about a mail has room of its own, and the rest shares one.

use std::io::BufRead;

use super::decode;

/// Longest field in bytes; the rest of it is left out.
const MAX_FIELD: usize = 32 * 1024;
/// Bytes kept of the fields of each name in [`DECIDING`].
const MAX_DECIDING: usize = 64 * 1024;
/// Bytes kept of all other fields together.
const MAX_OTHERS: usize = 256 * 1024;
/// What keeping a field costs beside its bytes: it bounds their number too.
const COST: usize = 32;
/// Longest name of a field.
const MAX_NAME: usize = 100;

/// What a mail is decided upon: these are found wherever they stand.
const DECIDING: &[&str] = &[
    "Authentication-Results",
    "Auto-Submitted",
    "Cc",
    "Content-Disposition",
    "Content-ID",
    "Content-Transfer-Encoding",
    "Content-Type",
    "Delivered-To",
    "Envelope-To",
    "From",
    "In-Reply-To",
    "List-Id",
    "List-Unsubscribe",
    "Message-ID",
    "Precedence",
    "References",
    "Reply-To",
    "Return-Path",
    "Sender",
    "Subject",
    "To",
    "X-Auto-Response-Suppress",
    "X-Autoreply",
    "X-Failed-Recipients",
    "X-Original-To",
    "X-Ricevuta",
    "X-Riferimento-Message-ID",
    "X-Trasporto",
    "X-VerificaSicurezza",
];

/// The fields of a header, in order.
#[derive(Debug, Default)]
pub struct Fields {
    text: String,
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    /// Where the name begins in the text.
    at: usize,
    /// Where the value begins.
    value: usize,
    /// Where it ends.
    end: usize,
}

impl Fields {
    /// Reads a header block. Bytes that are not UTF-8 count as windows-1252.
    #[must_use]
    pub fn read(block: &[u8]) -> Self {
        let mut fields = Self::default();
        let mut left = [MAX_DECIDING; DECIDING.len()];
        let mut left_for_others = MAX_OTHERS;
        for (name, value) in split(block) {
            let deciding = DECIDING.iter().position(|one| one.as_bytes().eq_ignore_ascii_case(name));
            let left = deciding.map_or(&mut left_for_others, |at| &mut left[at]);
            let value = shortened(name, value);
            let cost = name.len() + value.len() + COST;
            if cost <= *left {
                *left -= cost;
                fields.keep(name, value);
            }
        }
        fields
    }

    /// Names and values, in order, each on one line.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let name = |field: &Field| &self.text[field.at..field.value];
        self.fields.iter().map(move |field| (name(field), &self.text[field.value..field.end]))
    }

    /// The values of all fields of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn keep(&mut self, name: &[u8], value: &[u8]) {
        let at = self.text.len();
        self.text.push_str(&String::from_utf8_lossy(name));
        let begins = self.text.len();
        match std::str::from_utf8(value) {
            Ok(value) => value.split('\n').for_each(|line| self.unfold(begins, line)),
            Err(_) => {
                value
                    .split(|&byte| byte == b'\n')
                    .for_each(|line| self.unfold(begins, &decode::utf8_or_windows(line)));
            }
        }
        self.text.truncate(begins + self.text[begins..].trim_end().len());
        self.fields.push(Field { at, value: begins, end: self.text.len() });
    }

    /// Adds a line to the value that begins at `begins`.
    fn unfold(&mut self, begins: usize, line: &str) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if self.text.len() == begins {
            self.text.push_str(line.trim_start());
        } else {
            self.text.push_str(if line.starts_with([' ', '\t']) { "" } else { " " });
            self.text.push_str(line);
        }
    }
}

/// Names and values, folded as they are. A line that is neither a field nor the continuation of one continues the field
/// before it: senders forget to indent.
fn split(block: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = block;
    let mut next = name(block);
    std::iter::from_fn(move || {
        loop {
            let field = rest;
            let named = next;
            let mut length = skip_line(&mut rest);
            if length == 0 {
                return None;
            }
            loop {
                next = name(rest);
                if next.is_some() || rest.is_empty() {
                    break;
                }
                length += skip_line(&mut rest);
            }
            if let Some((name, value)) = named {
                return Some((name, &field[value..length]));
            }
        }
    })
}

/// Goes to the next line; says how long this one was.
fn skip_line(rest: &mut &[u8]) -> usize {
    rest.skip_until(b'\n').unwrap_or(0)
}

/// The name of the field that begins here, and where its value begins.
#[must_use]
pub fn name(raw: &[u8]) -> Option<(&[u8], usize)> {
    let end = raw.iter().take(MAX_NAME).position(|&byte| !(byte.is_ascii_graphic() && byte != b':'));
    let end = end.filter(|end| *end > 0)?;
    let blanks = raw[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let colon = end + blanks;
    (raw.get(colon) == Some(&b':')).then(|| (&raw[..end], colon + 1))
}

/// The part of a value that is kept: its beginning, up to a place where a word ends; of the ids of a thread its end, where
/// the newest are.
fn shortened<'a>(name: &[u8], value: &'a [u8]) -> &'a [u8] {
    let Some(over) = value.len().checked_sub(MAX_FIELD).filter(|over| *over > 0) else { return value };
    if name.eq_ignore_ascii_case(b"References") {
        return &value[over..];
    }
    let kept = &value[..MAX_FIELD];
    kept.iter().rposition(|byte| matches!(byte, b',' | b' ' | b'\n')).map_or(kept, |end| &kept[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(block: &str, name: &str) -> String {
        Fields::read(block.as_bytes()).all(name).next().unwrap_or("-").to_owned()
    }

    #[test]
    fn fields_come_on_one_line() {
        let block = "Subject: uno\r\n  due\r\n\ttre\r\nX-Vuoto:\nTO : a@b\nsenza capo\nCc: c@d  \r\n";
        assert_eq!(first(block, "subject"), "uno  due\ttre");
        assert_eq!((first(block, "X-vuoto"), first(block, "Bcc")), (String::new(), "-".to_owned()));
        assert_eq!((first(block, "To"), first(block, "Cc")), ("a@b senza capo".to_owned(), "c@d".to_owned()));
        assert_eq!(first("parole\n: x\nFrom: a@b", "From"), "a@b");
    }

    #[test]
    fn what_decides_is_found_behind_any_length() {
        let subject = "parola ".repeat(1_500_000);
        let cc = "Cc: qualcuno@esempio.example\r\n".repeat(100_000);
        let others = "X-Altro: x\r\n".repeat(100_000);
        let block = format!("Subject: {subject}\r\n{cc}{others}Message-ID: <a@b>\r\nFrom: a@b\r\n");
        let fields = Fields::read(block.as_bytes());
        assert_eq!(
            (fields.all("Message-ID").next(), fields.all("From").next()),
            (Some("<a@b>"), Some("a@b"))
        );
        assert!(fields.all("Subject").next().unwrap().ends_with("parola"));
        assert!(
            fields.all("Cc").count() > 500 && fields.text.len() < 1 << 20 && fields.fields.len() < 10_000
        );
    }

    #[test]
    fn of_a_long_thread_the_newest_remain() {
        let ids: String = (0..10_000).map(|n| format!("<{n}@x> ")).collect();
        let kept = first(&format!("References: {ids}"), "References");
        assert!(kept.ends_with("<9999@x>") && kept.len() <= MAX_FIELD);
        assert_eq!(
            first(&format!("To: {}", "a@b.it, ".repeat(10_000)), "To").rsplit(", ").next(),
            Some("a@b.it")
        );
    }
}
