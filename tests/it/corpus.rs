//! The corpus beside the project (`../shared/mail`, or `RISCONTRO_CORPUS`): every cell of its manifest that says something is
//! held against what `mail explain` prints. It is not part of the project: where it is missing, the test says so.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use riscontro::channel::email::{
    explain::explain,
    mime::{self, Part},
    names::Names,
    parse::Reader,
    pec::Anchors,
};
use serde_json::Value;

use crate::channel_email::reading::sound;

/// Cells that we believe wrong: file, column, why. One that comes true is an error too: this table tells no old stories.
const DISAGREEMENTS: &[(&str, &str, &str)] = &[
    ("calendar-tnef/mimekit-data-before-name.eml", "attachments", UNPACKED),
    ("calendar-tnef/mimekit-data-before-name.eml", "attachment_names", UNPACKED),
    ("calendar-tnef/roundcube-tnef1.eml", "attachment_names", UNPACKED),
    ("calendar-tnef/roundcube-tnef2.eml", "attachments", UNPACKED),
    ("calendar-tnef/roundcube-tnef2.eml", "attachment_names", UNPACKED),
    (
        "bounces/flanker-delayed.eml",
        "is_bounce",
        "the server has given up (`Action: failed`, \"will be deleted from queue\"): not a delay, whatever its code 4.0.0",
    ),
    (
        "replies-quoting/talon-iphone.eml",
        "visible_reply_text",
        "keeps \"Sent from my iPhone\", while zapier-email_BlackBerry.eml wants the same line of another telephone hidden",
    ),
];

/// The manifest counts parts as they came; an operator wants the files that are in them.
const UNPACKED: &str =
    "the winmail.dat is unpacked, and stays beside its files only when it holds words that are shown nowhere";

/// Whether a cell says the truth about a row; else what is wrong.
type Holds = fn(&Row, &str) -> Result<(), String>;

/// Columns that are asserted, and how.
const COLUMNS: &[(&str, Holds)] = &[
    ("from", |row, cell| same(&lower(cell), &lower(&row.seen["from"]))),
    ("subject", |row, cell| same(&squeezed(cell), &squeezed(text(&row.seen["subject"])))),
    ("message_id", |row, cell| same(bare(cell), text(&row.seen["message_id"]))),
    ("in_reply_to", |row, cell| same(bare(cell), text(&row.seen["in_reply_to"][0]))),
    ("attachments", |row, cell| same(cell, &row.names().len().to_string())),
    ("attachment_names", |row, cell| same(&safe_names(cell, &row.names()), &row.names().join(";"))),
    ("is_bounce", |row, cell| same(cell, row.bounced())),
    ("bounce_recipient", |row, cell| same(&listed(cell), &row.reported("address"))),
    ("bounce_status", |row, cell| same(&listed(cell), &row.reported("status"))),
    ("is_auto_reply", |row, cell| same(cell, if row.seen["auto"] == true { "yes" } else { "no" })),
    ("visible_reply_text", |row, cell| {
        let expected = fs::read_to_string(row.corpus.join(cell)).unwrap();
        same(&squeezed(&expected), &squeezed(text(&row.seen["visible_text"])))
    }),
    ("must_contain", |row, cell| {
        cell.split('|')
            .try_for_each(|words| (row.displayed().contains(words)).then_some(()).ok_or(words.to_owned()))
    }),
    ("must_not_contain", |row, cell| {
        cell.split('|')
            .try_for_each(|words| (!row.displayed().contains(words)).then_some(()).ok_or(words.to_owned()))
    }),
    ("text_starts", |row, cell| {
        let shown = collapsed(text(&row.plainly["text"]));
        shown.starts_with(&collapsed(cell)).then_some(()).ok_or_else(|| shown.chars().take(80).collect())
    }),
    ("charset", |row, cell| row.has_charset(cell)),
    ("calendar_method", |row, cell| same(cell, text(&row.seen["calendar"]["method"]))),
    ("pec_kind", |row, cell| same(cell, text(&row.seen["pec"]["kind"]))),
    ("pec_ref_message_id", |row, cell| same(bare(cell), text(&row.seen["pec"]["reference"]))),
    ("pec_signature", |row, cell| {
        // `real, not verifiable here`
        same(
            cell.rsplit_once(", ").map_or(cell, |(_, cell)| cell).trim_end_matches(" here"),
            text(&row.seen["pec"]["signature"]),
        )
    }),
    ("effective_from", |row, cell| same(&lower(cell), &lower(&row.seen["effective_from"]))),
    ("effective_subject", |row, cell| same(&squeezed(cell), &squeezed(text(&row.seen["effective_subject"])))),
    ("inner_attachments", |row, cell| same(cell, &row.names().len().to_string())),
];

/// A row of the manifest, and what we see in its mail.
struct Row {
    corpus: PathBuf,
    cells: HashMap<String, String>,
    raw: Vec<u8>,
    /// As `mail explain` sees it, with `--pec` when it is a mail of a PEC mailbox.
    seen: Value,
    /// As it is seen in an ordinary mailbox: of an envelope, the provider's notice.
    plainly: Value,
}

impl Row {
    fn cell(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    fn names(&self) -> Vec<&str> {
        self.seen["attachments"].as_array().unwrap().iter().map(|file| text(&file["name"])).collect()
    }

    /// A receipt of PEC that brings bad news is a bounce in the words of the manifest.
    fn bounced(&self) -> &'static str {
        let actions = self.reported("action");
        match text(&self.seen["kind"]) {
            "bounce" => "yes",
            "delay" => "delay",
            "pec_receipt" if actions.contains("failed") => "yes",
            "pec_receipt" if actions.contains("delayed") => "delay",
            _ => "no",
        }
    }

    fn reported(&self, what: &str) -> String {
        let recipients = self.seen["bounce"]["recipients"].as_array().cloned().unwrap_or_default();
        listed(&recipients.iter().map(|one| text(&one[what])).collect::<Vec<_>>().join(";"))
    }

    /// The cleaned HTML where it is about that, else the words that are shown.
    fn displayed(&self) -> String {
        let html = self.seen["html"].as_str().filter(|_| self.cell("path").starts_with("security-html/"));
        html.unwrap_or_else(|| text(&self.seen["visible_text"])).to_owned()
    }

    /// The declared charset of the text that is shown; where none is declared, the text is read in the right one.
    fn has_charset(&self, cell: &str) -> Result<(), String> {
        let parts = mime::take_apart(&self.raw).parts;
        let is_text =
            |part: &&Part<'_>| matches!(part.headers.media_type.as_str(), "text/plain" | "text/html");
        let declared = parts.iter().filter(is_text).find_map(|part| part.headers.charset.as_deref());
        let known = |label: &str| encoding_rs::Encoding::for_label(label.as_bytes());
        match declared {
            Some(declared) if known(declared).is_some() && known(declared) == known(cell) => Ok(()),
            Some(declared) => same(&cell.to_lowercase(), &declared.to_lowercase()),
            None => {
                let text = text(&self.plainly["text"]);
                let strange = text.contains(['\u{fffd}', '\u{1b}']) || text.contains("Ã");
                (!strange).then_some(()).ok_or_else(|| text.chars().take(80).collect())
            }
        }
    }
}

fn same(expected: &str, found: &str) -> Result<(), String> {
    (expected == found).then_some(()).ok_or_else(|| format!("expected {expected:?}, found {found:?}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn bare(id: &str) -> &str {
    id.trim_matches(['<', '>'])
}

fn lower(value: &(impl ToString + ?Sized)) -> String {
    value.to_string().trim_matches('"').to_lowercase()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A list of which the order says nothing.
fn listed(cell: &str) -> String {
    let items: BTreeSet<String> =
        cell.split(';').filter(|item| !item.is_empty()).map(str::to_lowercase).collect();
    items.into_iter().collect::<Vec<_>>().join(";")
}

/// The expected names as we make them safe. A name may hold the very character that separates names.
fn safe_names(cell: &str, found: &[&str]) -> String {
    let expected: Vec<&str> = if found.len() == 1 { vec![cell] } else { cell.split(';').collect() };
    let mut names = Names::default();
    expected.iter().map(|name| names.give(Some(name), "")).collect::<Vec<_>>().join(";")
}

fn corpus() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/mail");
    std::env::var_os("RISCONTRO_CORPUS").map_or_else(beside, PathBuf::from)
}

/// All rows; nothing where the corpus is not there.
fn rows() -> Option<Vec<Row>> {
    let corpus = corpus();
    let Ok(mut manifest) = csv::Reader::from_path(corpus.join("MANIFEST.csv")) else {
        let _ = writeln!(std::io::stderr(), "skipped: there is no corpus in {}", corpus.display());
        return None;
    };
    let anchors = Anchors::from_pem(&fs::read(corpus.join("pec/made-test-ca.pem")).unwrap()).unwrap();
    let certified = Reader { pec: true, anchors: Some(Arc::new(anchors)), ..Reader::default() };
    let columns = manifest.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells: HashMap<String, String> =
            columns.iter().zip(&record).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect();
        let raw = fs::read(corpus.join(&cells["path"])).unwrap();
        let plainly = explain(&Reader::default(), &raw);
        let seen =
            if cells["path"].starts_with("pec/") { explain(&certified, &raw) } else { plainly.clone() };
        Row { corpus: corpus.clone(), cells, raw, seen, plainly }
    };
    Some(manifest.records().map(|record| row(record.unwrap())).collect())
}

#[test]
fn every_cell_of_the_manifest_holds() {
    let Some(rows) = rows() else { return };
    let (mut asserted, mut disagreed, mut wrong) = (0, 0, Vec::new());
    let mut count = |path: &str, column: &str, result: Result<(), String>| {
        asserted += 1;
        let disagreement = DISAGREEMENTS.iter().any(|(file, cell, _)| (*file, *cell) == (path, column));
        match result {
            Err(_) if disagreement => disagreed += 1,
            Ok(()) if disagreement => wrong.push(format!("{path} {column}: holds, and stands in the table")),
            Err(error) => wrong.push(format!("{path} {column}: {error}")),
            Ok(()) => {}
        }
    };
    for row in &rows {
        for (column, holds) in COLUMNS {
            let cell = row.cell(column);
            if !cell.is_empty() {
                count(row.cell("path"), column, holds(row, cell));
            }
        }
    }
    for (path, result) in threads(&rows) {
        count(path, "thread_key", result);
    }
    let (passed, failed) = (asserted - disagreed - wrong.len(), wrong.len());
    let _ = writeln!(
        std::io::stderr(),
        "corpus: {asserted} cells asserted, {passed} passed, {disagreed} believed wrong, {failed} failed"
    );
    assert!(rows.len() > 250 && asserted > 1_500, "{} rows, {asserted} cells", rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_mail_is_sound_in_every_mailbox() {
    for row in rows().into_iter().flatten() {
        for pec in [false, true] {
            sound(&Reader { pec, ..Reader::default() }.read(&row.raw));
        }
    }
}

/// A conversation as it comes in: who takes part, which ids and which tags it has.
#[derive(Default)]
struct Thread {
    ids: BTreeSet<String>,
    mails: BTreeSet<(String, String)>,
    writers: BTreeSet<String>,
    tags: BTreeSet<String>,
}

impl Thread {
    /// The rules of the desk: an id that is known, else a number in the subject by one who takes part. The same id with
    /// other words is another mail.
    fn has(&self, row: &Row) -> bool {
        let id = text(&row.seen["message_id"]).to_owned();
        if self.ids.contains(&id) {
            return self.mails.contains(&(id, squeezed(text(&row.seen["text"]))));
        }
        let earlier =
            ["in_reply_to", "references"].into_iter().flat_map(|name| row.seen[name].as_array().unwrap());
        let by_id = earlier.into_iter().any(|id| self.ids.contains(text(id)));
        by_id
            || (self.writers.contains(text(&row.seen["from"]))
                && tag(row).is_some_and(|tag| self.tags.contains(tag)))
    }

    fn add(&mut self, row: &Row) {
        let id = text(&row.seen["message_id"]).to_owned();
        self.mails.insert((id.clone(), squeezed(text(&row.seen["text"]))));
        self.ids.insert(id);
        let earlier =
            ["in_reply_to", "references"].into_iter().flat_map(|name| row.seen[name].as_array().unwrap());
        self.ids.extend(earlier.map(|id| text(id).to_owned()));
        self.writers.insert(text(&row.seen["from"]).to_owned());
        self.tags.extend(tag(row).map(str::to_owned));
    }
}

/// What stands in brackets in the subject.
fn tag(row: &Row) -> Option<&str> {
    let (_, after) = text(&row.seen["subject"]).split_once('[')?;
    after.split_once(']').map(|(tag, _)| tag)
}

/// Whether the mails of one key find their thread, in the order of their dates, and the others do not.
fn threads(rows: &[Row]) -> Vec<(&str, Result<(), String>)> {
    let mut keys: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.cell("thread_key").is_empty()) {
        keys.entry(row.cell("thread_key").trim_start_matches("not ")).or_default().push(row);
    }
    let mut results = Vec::new();
    for mails in keys.values() {
        let mut thread = Thread::default();
        for (number, row) in mails.iter().enumerate() {
            let belongs = !row.cell("thread_key").starts_with("not ");
            let right = if number == 0 { belongs } else { thread.has(row) == belongs };
            let result = right.then_some(()).ok_or_else(|| format!("belongs to the thread: {belongs}"));
            results.push((row.cell("path"), result));
            if belongs {
                thread.add(row);
            }
        }
    }
    results
}
