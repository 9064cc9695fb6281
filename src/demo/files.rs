//! Enclosures made here, byte by byte: a photograph of sorts and a one-page PDF. Nothing is copied from anywhere.

use std::fmt::Write;

use rand::RngExt;

use super::Dice;

const WIDTH: u32 = 240;
const HEIGHT: u32 = 160;
/// Longest stored block of a deflate stream.
const BLOCK: usize = 65_535;

/// Sky, wall, asphalt, kerb, bin, its shadow, bag, its shadow.
const PALETTE: [[u8; 3]; 8] = [
    [168, 200, 226],
    [204, 188, 160],
    [104, 104, 108],
    [176, 174, 170],
    [70, 120, 82],
    [44, 82, 54],
    [52, 52, 60],
    [28, 28, 34],
];

/// A PNG: a street, a bin, bags beside it.
pub(super) fn photo(dice: &mut Dice) -> Vec<u8> {
    let bin_left = dice.random_range(30..110);
    let bags: Vec<(u32, u32)> = (0..dice.random_range(1..6))
        .map(|_| (dice.random_range(20..220), dice.random_range(8..20)))
        .collect();
    let mut rows = Vec::with_capacity(((WIDTH + 1) * HEIGHT) as usize);
    for y in 0..HEIGHT {
        rows.push(0); // no filter
        rows.extend((0..WIDTH).map(|x| colour(x, y, bin_left, &bags)));
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    header.extend([8, 3, 0, 0, 0]); // eight bits a pixel, out of a palette
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"PLTE", &PALETTE.concat());
    chunk(&mut png, *b"IDAT", &zlib_stored(&rows));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn colour(x: u32, y: u32, bin_left: u32, bags: &[(u32, u32)]) -> u8 {
    for (middle, radius) in bags {
        let (dx, dy) = (x.abs_diff(*middle), y.abs_diff(138 - radius));
        if dx * dx + dy * dy <= radius * radius {
            return if x > *middle { 7 } else { 6 };
        }
    }
    let in_bin = (bin_left..bin_left + 70).contains(&x) && (52..132).contains(&y);
    match y {
        _ if in_bin => 4 + u8::from(y < 62 || x > bin_left + 60),
        0..48 => 0,
        48..112 => 1,
        112..118 => 3,
        _ => 2,
    }
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).expect("a small picture");
    png.extend(length.to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(data);
    let sum = crc32(&png[start..]);
    png.extend(sum.to_be_bytes());
}

/// A zlib stream that compresses nothing (RFC 1950, 1951).
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).expect("a block has at most 65535 bytes");
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

/// A page with a title and some lines.
pub(super) fn pdf(title: &str, lines: &[String]) -> Vec<u8> {
    let mut page = format!("BT /F1 16 Tf 60 770 Td ({}) Tj /F1 11 Tf 0 -14 Td\n", escaped(title));
    for line in lines {
        // Writing into a string cannot fail.
        let _ = writeln!(page, "0 -18 Td ({}) Tj", escaped(line));
    }
    page.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = writeln!(file, "{number} 0 obj\n{object}\nendobj");
    }
    let start = file.len();
    let size = objects.len() + 1;
    let _ = write!(
        file,
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// The signs of a PDF string; letters with accents by their number in `WinAnsi`, which is Latin-1 where we need it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match (sign, u8::try_from(sign)) {
            ('(' | ')' | '\\', _) => escaped.extend(['\\', sign]),
            (' '..='~', _) => escaped.push(sign),
            ('€', _) => escaped.push_str("\\200"),
            (_, Ok(byte)) => {
                let _ = write!(escaped, "\\{byte:03o}");
            }
            (_, Err(_)) => escaped.push('?'),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;

    #[test]
    fn sums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(zlib_stored(b"Wikipedia")[16..], 0x11e6_0398_u32.to_be_bytes());
    }

    #[test]
    fn the_table_of_the_pdf_points_at_its_objects() {
        let file = pdf("Avviso (copia)", &["Importo: € 10,00 – città".to_owned()]);
        let file = String::from_utf8(file).unwrap();
        let table = file.split_once("xref\n0 6\n").unwrap().1;
        for (number, row) in (1..=5).zip(table.lines().skip(1)) {
            let start: usize = row[..10].parse().unwrap();
            assert!(file[start..].starts_with(&format!("{number} 0 obj\n")), "{row}");
        }
        assert!(file.contains("(Avviso \\(copia\\))") && file.contains("\\200 10,00"), "{file}");
    }

    #[test]
    fn the_photo_has_a_header_a_palette_and_an_end() {
        let photo = photo(&mut demo::dice(1, 0));
        assert!(photo.starts_with(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"));
        assert!(photo.ends_with(b"IEND\xae\x42\x60\x82"));
    }
}
