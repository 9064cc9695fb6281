//! How long a citizen's file keeps the server busy: from the bytes as they came to what is kept; and how long a receipt takes.
//!
//! `cargo bench --bench upload`. The photos are made here: soft shapes, and as much noise as gives them the size that a phone's
//! have. The memory is all that is added at the peak, the bytes that came in not counted.

#[expect(dead_code, reason = "the machine, of which this benchmark needs a part")]
mod machine;

use std::{
    fs,
    hint::black_box,
    process::Command,
    time::{Duration, Instant},
};

use entity::language::Language;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use riscontro::{
    channel::{photo, sniff::Kind},
    document::{Receipt, receipt},
    domain::number::Number,
};

/// Times that each is done, of which the one in the middle counts.
const TIMES: usize = 9;
/// Set in the process that reads one photo: its file.
const ONE: &str = "RISCONTRO_BENCH_PHOTO";

/// Makes the bytes of a photo.
type Make = fn() -> Vec<u8>;

fn main() {
    if let Some(file) = std::env::var_os(ONE) {
        return read_one(&fs::read(file).expect("a photo"));
    }
    println!("machine: {}", machine::describe());
    let photos: [(&str, Make); 7] = [
        ("photo of 12 megapixels, soft", || jpeg(4000, 3000, 18)),
        ("photo of 12 megapixels (limit: 300 ms)", || jpeg(4000, 3000, 27)),
        ("photo of 12 megapixels, full of detail", || jpeg(4000, 3000, 40)),
        ("photo as the page makes it smaller, 2048 pixels", || jpeg(2048, 1536, 7)),
        ("photo of 50 megapixels", || jpeg(8160, 6144, 18)),
        ("picture of a screen", || screen(1170, 2532)),
        ("bomb: an empty photo of 64 megapixels", || jpeg_of(&RgbImage::new(8000, 8000))),
    ];
    for (name, make) in photos {
        in_a_process_of_its_own(name, &make());
    }
    let receipt_of = sample();
    drop(receipt(&receipt_of));
    println!("receipt as PDF: {:.0} ms", in_the_middle(|| drop(black_box(receipt(&receipt_of)))));
}

fn in_a_process_of_its_own(name: &str, bytes: &[u8]) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), bytes).expect("a file");
    let program = std::env::current_exe().expect("the benchmark");
    let output = Command::new(program).env(ONE, file.path()).output().expect("the benchmark");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    print!("{name}: {}", String::from_utf8_lossy(&output.stdout));
}

fn read_one(bytes: &[u8]) {
    let read = || photo::read(Kind::of(bytes).expect("a photo"), bytes).expect("a photo");
    let before = own_memory_mb("VmRSS:");
    // 5: the peak begins anew (proc(5))
    fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let kept = read().bytes.len();
    let peak = own_memory_mb("VmHWM:") - before;
    let time = in_the_middle(|| drop(black_box(read())));
    println!(
        "{time:.0} ms, {:.1} MB in, {:.1} MB kept, {peak:.0} MB of memory",
        megabytes(bytes.len()),
        megabytes(kept)
    );
}

/// Milliseconds.
fn in_the_middle(what: impl Fn()) -> f64 {
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            what();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[TIMES / 2].as_secs_f64() * 1000.0
}

/// A photo with so much noise to a colour.
fn jpeg(width: u32, height: u32, noise: u32) -> Vec<u8> {
    let mut random = 1_u32;
    jpeg_of(&RgbImage::from_fn(width, height, |x, y| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let wave = |n: u32| (x * n / 90 + y * (n + 1) / 70) % 200;
        let colour =
            |n: u32, byte: u32| u8::try_from(wave(n) + (byte & 0xff) * noise / 256).unwrap_or(u8::MAX);
        Rgb([colour(1, random >> 8), colour(2, random >> 16), colour(3, random >> 24)])
    }))
}

fn jpeg_of(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(picture).expect("a photo");
    bytes
}

/// Lines of letters on white.
fn screen(width: u32, height: u32) -> Vec<u8> {
    let ink = |x: u32, y: u32| y % 40 < 24 && (x / 3 * 7 + y / 5 * 13) % 5 < 2;
    let picture =
        RgbImage::from_fn(width, height, |x, y| if ink(x, y) { Rgb([20; 3]) } else { Rgb([255; 3]) });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

fn sample() -> Receipt {
    Receipt {
        language: Language::It,
        organisation: "Ambiente Servizi S.p.A.".to_owned(),
        number: Some(Number { year: 2026, number: 7 }),
        code: "BCDF-GHJK".to_owned(),
        kind: "Reclamo scritto".to_owned(),
        lines: (1..=12).map(|n| (format!("Domanda {n}"), "Risposta di qualche parola. ".repeat(n))).collect(),
        files: vec!["foto.jpg".to_owned(), "bolletta.pdf".to_owned()],
        tracking: "https://ambiente.example.it/sportello/segui/abcdefgh".to_owned(),
        ..Receipt::default()
    }
}

/// Memory of this process, in megabytes.
fn own_memory_mb(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(field)).expect("a field");
    line.split_whitespace().nth(1).expect("a number").parse::<f64>().expect("a number") / 1024.0
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).expect("less than 4 GB")) / 1e6
}
