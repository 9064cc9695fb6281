//! The parts of a mail, found in one pass over its lines.
//!
//! mail-parser's own tree was refused: thirty bytes per level of `message/rfc822` build nested messages whose drop
//! (or, wrapped in base64, whose construction) overflows the stack and ends the process, and a megabyte of `a:` lines
//! becomes a hundred of header fields. Here nothing is nested and every number has a limit. An enclosed mail is a file
//! like any other and is not opened.

use std::{collections::HashMap, io::BufRead, sync::LazyLock};

use memchr::memmem::Finder;

use super::{
    fields,
    headers::{Headers, PartHeaders},
};

/// Leaves beyond this number are not taken apart.
pub const MAX_PARTS: usize = 1_000;
/// Multiparts inside multiparts beyond this number are not taken apart.
const MAX_DEPTH: usize = 200;
/// Lines of the header; those beyond belong to the body. A long header has a thousand.
const MAX_HEADER_LINES: usize = 500_000;
/// Lines that begin like a boundary and are none, after which no more is taken apart. A letter has a few.
const MAX_FALSE_BOUNDARIES: usize = 500_000;

static LINE_OF_DASHES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n--"));

/// A mail taken apart.
#[derive(Debug)]
pub struct Structure<'a> {
    /// The mail's own header fields.
    pub headers: Headers,
    /// What it is declared to be (`Content-Type` of the whole).
    pub root: PartHeaders,
    /// Its leaves, in order.
    pub parts: Vec<Part<'a>>,
    /// Something was beyond the limits: the leaves are not all of it.
    pub incomplete: bool,
}

/// One leaf.
#[derive(Debug)]
pub struct Part<'a> {
    /// What it is declared to be.
    pub headers: PartHeaders,
    /// Its bytes, still encoded for the transfer.
    pub body: &'a [u8],
    /// Kind of the multipart directly around it.
    pub parent: Kind,
    /// It is the first in that multipart.
    pub first: bool,
    /// Number of the outermost `multipart/alternative` around it: leaves of one group say the same thing.
    pub group: Option<usize>,
}

/// Kind of a multipart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// No multipart: the leaf is the mail.
    #[default]
    Whole,
    /// The same in several forms.
    Alternative,
    /// A document and what it shows.
    Related,
    /// Mails by default.
    Digest,
    /// Something and its signature.
    Signed,
    /// What a machine says about a mail: in words, for machines, and the mail.
    Report,
    /// All others: one thing after the other.
    Mixed,
}

/// A multipart whose boundary may still come.
struct Open {
    boundary: Vec<u8>,
    kind: Kind,
    group: Option<usize>,
    children: usize,
}

/// Takes a mail apart. Total: the worst that can happen is one leaf that holds everything.
#[must_use]
pub fn take_apart(raw: &[u8]) -> Structure<'_> {
    let raw = without_leading_noise(raw);
    let (header, body) = split_header(raw);
    let headers = Headers::read(header);
    let root = headers.part();
    let mut walk = Walk {
        raw,
        open: Vec::new(),
        levels: HashMap::new(),
        parts: Vec::new(),
        groups: 0,
        false_boundaries: 0,
        incomplete: false,
    };
    walk.run(root.clone(), raw.len() - body.len());
    Structure { headers, root, parts: walk.parts, incomplete: walk.incomplete }
}

/// Header fields and the rest. Bytes that do not begin with a header field are all rest.
#[must_use]
pub fn split_header(raw: &[u8]) -> (&[u8], &[u8]) {
    let (end, body) = header_end(raw, |_| false);
    (&raw[..end], &raw[body..])
}

/// Where the header ends and where the body begins. The header also ends before a line for which `stop` holds.
fn header_end(raw: &[u8], stop: impl Fn(&[u8]) -> bool) -> (usize, usize) {
    let mut at = 0;
    for _ in 0..MAX_HEADER_LINES {
        if at == raw.len() {
            break;
        }
        let next = line_end(raw, at);
        let line = &raw[at..next];
        if line.trim_ascii_end().is_empty()
            && (matches!(line, b"\n" | b"\r\n") || fields::name(&raw[next..]).is_none())
        {
            return (at, next);
        }
        if stop(line) || (at == 0 && fields::name(raw).is_none()) {
            return (at, at);
        }
        at = next;
    }
    (at, at)
}

struct Walk<'a> {
    raw: &'a [u8],
    open: Vec<Open>,
    /// Where the multipart of a boundary is in `open`.
    levels: HashMap<Vec<u8>, usize>,
    parts: Vec<Part<'a>>,
    groups: usize,
    false_boundaries: usize,
    incomplete: bool,
}

/// A line that is a boundary.
struct Boundary {
    /// Where the line begins.
    at: usize,
    /// Where the next line begins.
    next: usize,
    /// Which of the open multiparts it belongs to.
    level: usize,
    /// It is the last of that multipart.
    closing: bool,
}

impl Walk<'_> {
    /// `part` is the entity whose body begins at `at`; goes on until the last boundary.
    fn run(&mut self, mut part: PartHeaders, mut at: usize) {
        loop {
            let first = self.count_child();
            let found = match self.enter(&part, at) {
                Some(found) => Some(found),
                None => self.leaf(part, at, first),
            };
            let Some(next) = found.and_then(|found| self.next_entity(found)) else { return };
            if self.parts.len() >= MAX_PARTS {
                self.incomplete = true;
                return;
            }
            let entity = &self.raw[next..];
            let (header, body) = header_end(entity, |line| self.boundary(line).is_some());
            part = Headers::read_part(&entity[..header]);
            at = next + body;
        }
    }

    /// The entity at hand is the first in its multipart.
    fn count_child(&mut self) -> bool {
        self.open.last_mut().is_none_or(|open| {
            open.children += 1;
            open.children == 1
        })
    }

    /// Opens a multipart, if `part` is one that can be taken apart, and finds its first boundary.
    fn enter(&mut self, part: &PartHeaders, at: usize) -> Option<Boundary> {
        let boundary = part.boundary.as_ref().filter(|_| part.is_multipart())?;
        if self.levels.contains_key(boundary.as_bytes()) {
            return None; // its lines could not be told from those around it
        }
        if self.open.len() >= MAX_DEPTH {
            self.incomplete = true;
            return None;
        }
        let kind = match part.subtype() {
            "alternative" => Kind::Alternative,
            "related" => Kind::Related,
            "digest" => Kind::Digest,
            "signed" => Kind::Signed,
            "report" => Kind::Report,
            _ => Kind::Mixed,
        };
        let outer = self.open.last().and_then(|open| open.group);
        let own = (kind == Kind::Alternative).then_some(self.groups + 1);
        let level = self.open.len();
        self.levels.insert(boundary.as_bytes().to_vec(), level);
        self.open.push(Open {
            boundary: boundary.as_bytes().to_vec(),
            kind,
            group: outer.or(own),
            children: 0,
        });
        let found = self.find_boundary(at).filter(|found| found.level == level && !found.closing);
        if found.is_some() {
            self.groups += 1;
        } else {
            self.close(level);
        }
        found
    }

    /// Closes the multiparts from `level` inward.
    fn close(&mut self, level: usize) {
        for closed in self.open.drain(level..) {
            self.levels.remove(&closed.boundary);
        }
    }

    /// Takes the leaf whose body begins at `at`. A multipart whose boundary never comes is such a leaf.
    fn leaf(&mut self, mut headers: PartHeaders, at: usize, first: bool) -> Option<Boundary> {
        let found = self.find_boundary(at);
        let body = match &found {
            Some(found) => without_last_line_end(&self.raw[at..found.at]),
            None => &self.raw[at..],
        };
        let (parent, group) = self.open.last().map_or((Kind::Whole, None), |open| (open.kind, open.group));
        if headers.is_multipart() {
            "text/plain".clone_into(&mut headers.media_type);
        } else if parent == Kind::Digest && headers.undeclared {
            "message/rfc822".clone_into(&mut headers.media_type);
        }
        self.parts.push(Part { headers, body, parent, first, group });
        found
    }

    /// Where the entity after the boundary `found` begins; closes what the boundary closes.
    fn next_entity(&mut self, mut found: Boundary) -> Option<usize> {
        loop {
            self.close(found.level + 1);
            if !found.closing {
                return Some(found.next);
            }
            self.close(found.level);
            found = self.find_boundary(found.next)?;
        }
    }

    /// The next line from `at` on that is a boundary of an open multipart; `at` is where a line begins.
    fn find_boundary(&mut self, mut at: usize) -> Option<Boundary> {
        if self.open.is_empty() {
            return None;
        }
        while self.false_boundaries < MAX_FALSE_BOUNDARIES {
            if self.raw[at..].starts_with(b"--") {
                let next = line_end(self.raw, at);
                if let Some((level, closing)) = self.boundary(&self.raw[at..next]) {
                    return Some(Boundary { at, next, level, closing });
                }
                self.false_boundaries += 1;
            }
            at += LINE_OF_DASHES.find(&self.raw[at..])? + 1;
        }
        self.incomplete = true;
        None
    }

    /// Level of the open multipart whose boundary this line is, and whether it is the last.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let line = line.strip_prefix(b"--")?.trim_ascii_end();
        let level = |boundary: &[u8]| self.levels.get(boundary).copied();
        level(line).map(|level| (level, false)).or_else(|| Some((level(line.strip_suffix(b"--")?)?, true)))
    }
}

/// Blank lines and an mbox line (`From someone date`) before the header are nobody's words.
fn without_leading_noise(raw: &[u8]) -> &[u8] {
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    let after = raw.trim_ascii_start();
    let after = if after.starts_with(b"From ") { &after[line_end(after, 0)..] } else { after };
    if fields::name(after).is_some() { after } else { raw }
}

/// Where the line at `at` ends. A slice is a reader, whose search is the system's own and ten times faster than a loop:
/// attachments are most of the bytes of all mail.
pub(super) fn line_end(raw: &[u8], at: usize) -> usize {
    let mut rest = &raw[at..];
    rest.skip_until(b'\n').map_or(raw.len(), |length| at + length)
}

/// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
pub(super) fn without_last_line_end(body: &[u8]) -> &[u8] {
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    body.strip_suffix(b"\r").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(raw: &str) -> Vec<(String, String)> {
        let parts = take_apart(raw.as_bytes()).parts;
        parts
            .into_iter()
            .map(|part| (part.headers.media_type, String::from_utf8_lossy(part.body).into_owned()))
            .collect()
    }

    fn leaf(media_type: &str, body: &str) -> (String, String) {
        (media_type.to_owned(), body.to_owned())
    }

    #[test]
    fn a_mail_without_parts_is_one_leaf() {
        assert_eq!(leaves("Subject: a\r\n\r\nciao\r\n"), [leaf("text/plain", "ciao\r\n")]);
        assert_eq!(leaves("\r\n\r\nSubject: a\n\nciao"), [leaf("text/plain", "ciao")]);
        assert_eq!(leaves("soltanto parole"), [leaf("text/plain", "soltanto parole")]);
        assert_eq!(leaves(""), [leaf("text/plain", "")]);
    }

    #[test]
    fn parts_inside_parts_come_out_in_order() {
        let raw = "Content-Type: multipart/mixed; boundary=\"a\"\n\npreamble\n--a\nContent-Type: multipart/alternative; \
            boundary=aa\n\n--aa\n\nplain\n--aa\nContent-Type: text/html\n\n<p>html\n--aa--\nepilogue\n--a \n\
            Content-Type: application/pdf\n\nPDF\n--ab\nnot a boundary\n\n--a--\nepilogue\n";
        let parts = leaves(raw);
        assert_eq!(
            parts,
            [
                leaf("text/plain", "plain"),
                leaf("text/html", "<p>html"),
                leaf("application/pdf", "PDF\n--ab\nnot a boundary\n")
            ]
        );
    }

    #[test]
    fn a_boundary_that_never_comes_loses_nothing() {
        assert_eq!(
            leaves("Content-Type: multipart/mixed; boundary=a\n\nciao\n"),
            [leaf("text/plain", "ciao\n")]
        );
        let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\nciao\n--a--\n";
        assert_eq!(leaves(raw), [leaf("text/plain", "ciao")]);
        let unclosed = "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nuno\n--a\n\ndue";
        assert_eq!(leaves(unclosed), [leaf("text/plain", "uno"), leaf("text/plain", "due")]);
    }

    #[test]
    fn an_outer_boundary_closes_what_is_inside() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nuno\n--a\n\ndue\n--a--\n";
        assert_eq!(leaves(raw), [leaf("text/plain", "uno"), leaf("text/plain", "due")]);
    }
}
