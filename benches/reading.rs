//! What reading a mail costs: all that we do with it, next to mail-parser alone on the same bytes in the same run. Then mails
//! that were written to be expensive, each in a process of its own.
//!
//! `cargo bench --bench reading`. `RISCONTRO_CORPUS` is a folder of mails (default: `../shared/mail`; without one, mails are
//! made as for the intake). Limits: four times the bare parse; 200 ms and 64 MB for the worst mail. What is counted of the
//! memory is all that reading adds at its peak, the `Mail` with its files included; the raw bytes are not, since they are
//! there before.

mod corpus;
#[expect(dead_code, reason = "the machine, of which this benchmark needs a part")]
mod machine;

use std::{
    fmt::Write,
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use mail_parser::MessageParser;
use riscontro::channel::email::{
    parse::{Reader, parse},
    pec::Anchors,
};

/// Rounds over the corpus, of which the fastest counts: the machine has other things to do.
const ROUNDS: usize = 100;
/// Times that a single mail is read, of which the one in the middle counts.
const READINGS: usize = 5;
/// Set in the process that reads one expensive mail: its file.
const ONE: &str = "RISCONTRO_BENCH_MAIL";

fn main() {
    if let Some(file) = std::env::var_os(ONE) {
        return read_one(Path::new(&file));
    }
    println!("machine: {}", machine::describe());
    throughput();
    expensive();
}

/// A mail and how its mailbox reads it.
struct Mail {
    name: String,
    raw: Vec<u8>,
    reader: Reader,
}

impl Mail {
    fn read(&self) {
        black_box(self.reader.read(&self.raw));
    }
}

fn throughput() {
    let mails = mails();
    let megabytes = number(mails.iter().map(|mail| mail.raw.len()).sum()) / 1e6;
    println!("{} mails, {megabytes:.1} MB", mails.len());
    let mut best = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        let bare = timed(|| {
            for mail in &mails {
                black_box(MessageParser::default().parse(&mail.raw));
            }
        });
        let whole = timed(|| {
            for mail in &mails {
                mail.read();
            }
        });
        best = [best[0].min(bare), best[1].min(whole)];
    }
    for (name, best) in ["mail-parser alone", "our whole reading"].into_iter().zip(best) {
        let seconds = best.as_secs_f64();
        println!("{name}: {:.0} MB/s, {:.0} mails/s", megabytes / seconds, number(mails.len()) / seconds);
    }
    println!("ratio: {:.1} (limit 4)", best[1].as_secs_f64() / best[0].as_secs_f64());
    if let Some((time, name)) = mails.iter().map(|mail| (in_the_middle(|| mail.read()), &mail.name)).max() {
        println!("slowest of them: {:.1} ms ({name})", milliseconds(time));
    }
}

/// The corpus, or mails made here.
fn mails() -> Vec<Mail> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/mail");
    let folder = std::env::var_os("RISCONTRO_CORPUS").map_or_else(beside, PathBuf::from);
    let certified = fs::read(folder.join("pec/made-test-ca.pem")).ok().map(|pem| Reader {
        pec: true,
        anchors: Some(Arc::new(Anchors::from_pem(&pem).expect("certificates"))),
        ..Reader::default()
    });
    let mut mails = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                let reader = certified.clone().filter(|_| folder.ends_with("pec")).unwrap_or_default();
                mails.push(Mail {
                    name: path.display().to_string(),
                    raw: fs::read(&path).expect("a mail"),
                    reader,
                });
            }
        }
    }
    if mails.is_empty() {
        let made = corpus::mails(1_000).into_iter().enumerate();
        mails.extend(made.map(|(n, raw)| Mail { name: format!("made {n}"), raw, reader: Reader::default() }));
    }
    mails
}

fn expensive() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    for (name, raw) in bombs() {
        fs::write(file.path(), &raw).expect("a file");
        let megabytes = number(raw.len()) / 1e6;
        drop(raw);
        let program = std::env::current_exe().expect("the benchmark");
        let output = Command::new(program).env(ONE, file.path()).output().expect("the benchmark");
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        println!("{name} ({megabytes:.1} MB): {}", String::from_utf8_lossy(&output.stdout).trim());
    }
}

/// Reads one mail, as in a mailbox of certified mail, where most is done; the memory is that of the first time.
fn read_one(file: &Path) {
    // what the first mail of all needs (tables of the sanitiser) is not this mail's
    drop(parse(b"Content-Type: text/html\r\n\r\n<p>Buongiorno"));
    let raw = fs::read(file).expect("a mail");
    let before = own_memory_mb("VmRSS:");
    // 5: the peak begins anew (proc(5))
    fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let mail = Mail { name: String::new(), raw, reader: Reader { pec: true, ..Reader::default() } };
    mail.read();
    let peak = own_memory_mb("VmHWM:") - before;
    println!("{:.0} ms, {peak:.1} MB", milliseconds(in_the_middle(|| mail.read())));
}

/// The time in the middle of several.
fn in_the_middle(what: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..READINGS).map(|_| timed(&what)).collect();
    times.sort();
    times[READINGS / 2]
}

/// Memory of this process, in megabytes.
fn own_memory_mb(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(field)).expect("a field");
    line.split_whitespace().nth(1).expect("a number").parse::<f64>().expect("a number") / 1024.0
}

/// Makes a mail: the next one only when this one is gone.
type Maker = (&'static str, Box<dyn Fn() -> String>);

const MB: usize = 1_000_000;

/// Mails that cost as much as their writer could make them.
fn bombs() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let makers = [in_html(), in_bytes(), in_fields(), in_parts()].into_iter().flatten();
    makers.map(|(name, make)| (name, make().into_bytes()))
}

fn bomb(name: &'static str, make: impl Fn() -> String + 'static) -> Maker {
    (name, Box::new(make))
}

fn in_html() -> Vec<Maker> {
    let html =
        |name, make: fn() -> String| bomb(name, move || format!("Content-Type: text/html\r\n\r\n{}", make()));
    vec![
        html("10,000 open tags", || "<div>".repeat(10_000)),
        html("1 MB of open tags", || "<b>".repeat(MB / 3)),
        html("1 MB of crossed tags", crossed),
        html("1 MB of tables in tables", || "<table><tr><td>x".repeat(MB / 16)),
        html("1 MB of words beside their table", || format!("<table>{}", "<b>x</b>".repeat(MB / 8))),
        html("1 MB of ampersands", || "&".repeat(MB)),
        html("1 MB of attributes", || format!("<p {}>x", "a=1 ".repeat(MB / 4))),
        html("1 MB of paragraphs in 400 lists", || {
            format!("{}{}", "<ul><li>".repeat(400), "<p>x".repeat(MB / 4))
        }),
        html("1 MB of quotations", || "<blockquote type=cite>x<br>".repeat(MB / 27)),
    ]
}

fn in_bytes() -> Vec<Maker> {
    vec![
        bomb("50 MB in one line", || format!("Subject: x\r\n\r\n{}", "parola ".repeat(50 * MB / 7))),
        bomb("50 MB of blank lines", || format!("{MIXED}{}", "\n".repeat(50 * MB))),
        bomb("50 MB of lines like boundaries", || format!("{MIXED}{}", "--x\r\n".repeat(50 * MB / 5))),
        bomb("50 MB of quoted-printable", || format!("{QUOTED}{}", "=C3=A0=\r\n".repeat(50 * MB / 9))),
        bomb("37 MB file in base64", || in_base64("image/jpeg", &vec![7; 37 * MB], 1)),
        bomb("a certified letter with a file of 29 MB", certified),
        bomb("1 MB of quotations", || {
            format!("Subject: R: x\r\n\r\n{}", "> Il giorno 1/2/2026 Anna ha scritto:\r\n".repeat(MB / 40))
        }),
        bomb("1 MB from the mail system", || {
            format!(
                "From: mailer-daemon@x.example\r\n\r\n{}",
                "<a@b.example>: 550 5.1.1 no\r\n".repeat(MB / 29)
            )
        }),
        bomb("1 MB of appointments", || {
            let events = "BEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\n".repeat(MB / 38);
            format!("Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n{events}")
        }),
        bomb("5,000 files written into the text", || {
            format!("\r\n{}", "begin 644 a\r\n#0V%T\r\n`\r\nend\r\n".repeat(5_000))
        }),
    ]
}

fn in_fields() -> Vec<Maker> {
    vec![
        bomb("1 MB of short fields", || "a:\n".repeat(MB / 3)),
        bomb("a subject of 10 MB", || {
            format!("Subject: {}\r\n\r\nx", "=?utf-8?Q?=C3=A0?= ".repeat(10 * MB / 19))
        }),
        bomb("100,000 addresses", || format!("To: {}\r\n\r\nx", "Anna <a@b.example>, ".repeat(100_000))),
        bomb("100,000 fields of addresses", || format!("{}\r\nx", "Cc: a@b.example\r\n".repeat(100_000))),
        bomb("100,000 ids", || format!("References: {}\r\n\r\nx", "<a@b> ".repeat(100_000))),
        bomb("a name of 100,000 pieces", || format!("Content-Type: x/y{}\r\n\r\nx", pieces())),
    ]
}

fn in_parts() -> Vec<Maker> {
    let nested = || "Content-Type: message/rfc822\r\n\r\n".repeat(60_000);
    vec![
        bomb("60,000 mails, one in the other", nested),
        bomb("the same in base64, three times", move || in_base64("message/rfc822", nested().as_bytes(), 3)),
        bomb("20,000 parts", || {
            format!("{MIXED}{}", "--m\r\nContent-Type: application/pdf\r\n\r\nx\r\n".repeat(20_000))
        }),
        bomb("20,000 parts of text", || format!("{MIXED}{}", "--m\r\n\r\nciao\r\n".repeat(20_000))),
        bomb("20,000 multiparts, one in the other", multiparts),
    ]
}

const MIXED: &str = "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\n";
const QUOTED: &str =
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";

/// A file, wrapped so many times.
fn in_base64(media_type: &str, bytes: &[u8], times: usize) -> String {
    let mut mail = bytes.to_vec();
    for time in 0..times {
        let media_type = if time == 0 { media_type } else { "message/rfc822" };
        let lines = data_encoding::BASE64_MIME.encode(&mail);
        mail = format!("Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}")
            .into_bytes();
    }
    String::from_utf8(mail).expect("base 64")
}

/// A certified letter with a large file, and a signature that is none.
fn certified() -> String {
    let letter = in_base64("image/jpeg", &vec![7; 29_000_000], 1);
    format!(
        "X-Trasporto: posta-certificata\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\
        Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nAvviso\r\n--m\r\nContent-Type: message/rfc822\r\n\r\n{letter}\r\n\
        --m--\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nfalsa\r\n--s--\r\n"
    )
}

fn crossed() -> String {
    (0..MB / 22).fold(String::new(), |mut html, n| {
        let _ = write!(html, "<p><b id={n}>x</i>");
        html
    })
}

fn multiparts() -> String {
    (0..20_000).fold(String::new(), |mut raw, n| {
        let _ = write!(raw, "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n");
        raw
    })
}

fn pieces() -> String {
    (0..100_000).rev().fold(String::new(), |mut field, n| {
        let _ = write!(field, ";\r\n name*{n}*=%C3%A0");
        field
    })
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("less than 4 GB"))
}

fn timed(what: impl FnOnce()) -> Duration {
    let began = Instant::now();
    what();
    began.elapsed()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
