//! Signatures: what stands below "-- ", and the line by which a telephone or a mail program names itself.
//!
//! Name and greeting above are words of the writer and stay. So does what stands below a "--" that divides two
//! paragraphs.

use super::{
    line::{Kind, Line, is_rule},
    notice,
};

/// A signature has no more lines than this, legal notice aside.
const MOST_LINES: usize = 12;
/// No more lines are looked through for its beginning.
const WITHIN_LINES: usize = 60;

/// How such a line begins.
const SENT: &[&str] = &[
    "inviato da",
    "inviato con",
    "inviato tramite",
    "inviata da",
    "spedito da",
    "sent from",
    "sent via",
    "sent with",
    "sent using",
    "gesendet von",
    "gesendet mit",
    "von meinem",
    "envoye de",
    "enviado desde",
    "enviado do",
    "enviado de",
    "verzonden vanaf",
    "trimis de pe",
];
const GET: &[&str] = &["scarica outlook", "ottieni outlook", "get outlook", "outlook per", "outlook for"];

/// What it names. "Inviato da me a marzo" is no such line.
const DEVICES: &[&str] = &[
    "iphone",
    "ipad",
    "ipod",
    "android",
    "samsung",
    "galaxy",
    "huawei",
    "xiaomi",
    "redmi",
    "oppo",
    "honor",
    "pixel",
    "motorola",
    "blackberry",
    "nokia",
    "smartphone",
    "cellulare",
    "telefono",
    "telefonino",
    "tablet",
    "dispositivo",
    "mobile",
    "handy",
    "device",
    "outlook",
    "windows",
    "yahoo",
    "gmail",
    "libero",
    "virgilio",
    "tiscali",
    "alice",
    "tim mail",
    "aruba",
    "posta per",
    "proton",
    "aqua mail",
    "k-9",
    "spark",
    "webmail",
    "mailbird",
    "apple mail",
];

/// What follows at most.
const EXCUSES: &[&str] = &["perdona", "scusa", "please excuse", "excuse", "mi scuso", "scarica", "http"];

/// Signs that a line below "--" tells how to reach somebody, or says goodbye.
const REACH: &[&str] = &[
    "tel",
    "cell",
    "fax",
    "mob",
    "www.",
    "http",
    "@",
    "p.iva",
    "p. iva",
    "saluti",
    "grussen",
    "gruße",
    "regards",
    "cordialement",
];

/// Where a letter ends without its signature.
pub(super) fn trimmed(lines: &[Line<'_>]) -> usize {
    let end = lines.iter().rposition(|line| line.kind != Kind::Blank).map_or(0, |last| last + 1);
    let Some(last) = lines[..end].last().filter(|last| last.kind == Kind::Own) else { return end };
    if is_device(&last.folded()) {
        return end - 1;
    }
    let lines = &lines[..end];
    delimiter(lines).filter(|at| is_signature(&lines[*at], &lines[at + 1..])).unwrap_or(end)
}

/// The only line of its kind among the last ones.
fn delimiter(lines: &[Line<'_>]) -> Option<usize> {
    let own = |at: &usize| matches!(lines[*at].kind, Kind::Own | Kind::Blank);
    let last = (0..lines.len()).rev().take(WITHIN_LINES).take_while(own);
    let mut found = last.filter(|at| lines[*at].text.trim() == "--");
    // two of them divide a letter into paragraphs
    found.next().filter(|_| found.next().is_none())
}

fn is_signature(delimiter: &Line<'_>, below: &[Line<'_>]) -> bool {
    if notice::length(below) > notice::LONGEST {
        return false;
    }
    let paragraphs = below.split(|line| line.kind == Kind::Blank).filter(|paragraph| !paragraph.is_empty());
    let before_notice = paragraphs.take_while(|paragraph| !notice::opens(paragraph)).flatten();
    let lines: Vec<&Line<'_>> = before_notice.filter(|line| !is_rule(line.text)).collect();
    if lines.len() > MOST_LINES || lines.iter().any(|line| is_sentence(line.text)) {
        return false;
    }
    // the space is the standard's (RFC 3676 §4.3), but gets lost on the way
    delimiter.text.trim_end_matches('\r') == "-- "
        || lines.iter().any(|line| is_reach(&line.folded()))
        || lines.iter().all(|line| is_name(line.text))
}

/// Somebody says something: more than a signature does.
fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    text.ends_with('?')
        || words >= 5 && text.ends_with(['.', '!', ';', ':'])
        || words >= 16
        || text.get(..3).is_some_and(|start| ["p.s", "ps:", "ps "].contains(&start.to_lowercase().as_str()))
}

fn is_reach(folded: &str) -> bool {
    REACH.iter().any(|sign| folded.contains(sign))
}

/// Few words, in capitals where names have them, and no number.
fn is_name(text: &str) -> bool {
    let capital = |word: &str| word.len() <= 3 || word.starts_with(|c: char| !c.is_lowercase());
    text.split_whitespace().count() <= 5
        && text.split_whitespace().all(capital)
        && !text.contains(|c: char| c.is_ascii_digit())
}

/// The line of a telephone, of a mail program, or of its virus scanner.
fn is_device(folded: &str) -> bool {
    let line = folded.trim_matches(|c: char| matches!(c, '-' | '*' | '_' | ' ' | '[' | ']'));
    if scanned(line) {
        return true;
    }
    let named = line.split(['<', '(']).next().unwrap_or(line);
    let (named, rest) = named.split_once(". ").unwrap_or((named, ""));
    let sent = SENT.iter().any(|start| named.starts_with(start))
        && DEVICES.iter().any(|device| named.contains(device));
    let short = named.split(' ').count() <= 9;
    let excused = rest.is_empty() || EXCUSES.iter().any(|excuse| rest.starts_with(excuse));
    short && excused && (sent || GET.iter().any(|start| named.starts_with(start)))
}

fn scanned(line: &str) -> bool {
    let names = ["avast", "avg"].iter().any(|name| line.contains(name));
    let says = ["priva di virus", "privo di virus", "virus-free", "senza virus"];
    line.len() <= 200 && (line.contains("virus") && names || says.iter().any(|words| line.starts_with(words)))
        || matches!(line, "www.avast.com" | "www.avg.com" | "mail priva di virus." | "mail priva di virus")
}
