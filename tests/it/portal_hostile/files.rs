//! Files that are not what they say, or far larger than they look.

use rand::{RngExt, rngs::SmallRng, seq::IndexedRandom};

/// Hostile files, made once.
pub struct Files {
    bombs: Vec<Vec<u8>>,
    small: Vec<Vec<u8>>,
}

impl Files {
    pub fn new() -> Self {
        let pixel = png(1, 1, &zlib_zeros(2));
        let bombs = vec![
            // A gigabyte and more of nothing, in a picture and in a document.
            png(40_000, 40_000, &zlib_zeros(200_000_000)),
            zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"")], Some(400_000_000)),
            vec![0; 16 << 20],
        ];
        let mut small = vec![
            png(u32::MAX, u32::MAX, &zlib_zeros(10)),
            png(0, 0, &[]),
            png(60_000, 1, &zlib_zeros(10)),
            png(5, 5, b"not a stream"),
            pixel[..pixel.len() / 2].to_vec(),
            [&pixel[..], b"<script>xqzj()</script>"].concat(),
            b"GIF89a/*<script>xqzj()</script>*/=1;".to_vec(),
            b"\xff\xd8\xff\xe0<?php xqzj(); ?><script>xqzj()</script>".to_vec(),
            b"%PDF-1.4\n<script>xqzj()</script>\n1 0 obj<</OpenAction<</S/JavaScript/JS(xqzj())>>>>".to_vec(),
            b"PK\x03\x04<script>xqzj()</script>".to_vec(),
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='xqzj()'><script>xqzj()</script></svg>".to_vec(),
            b"<!DOCTYPE html><script>xqzj()</script>".to_vec(),
            b"\xef\xbb\xbf<html><body onload=xqzj()>".to_vec(),
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>".to_vec(),
            b"MZ\x90\0\x03\0\0\0".to_vec(),
            b"\x7fELF\x02\x01\x01".to_vec(),
            b"#!/bin/sh\nxqzj".to_vec(),
            b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff".to_vec(),
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
            b"II*\0\xff\xff\xff\xff".to_vec(),
            zip(&[("../../etc/passwd", b"x"), ("[Content_Types].xml", b"<Types/>")], None),
            zip(&[("[Content_Types].xml", b"<Types/>"), ("word/vbaProject.bin", b"xqzj")], None),
            Vec::new(),
            vec![0],
            vec![0xff; 4_000],
        ];
        // A photo whose hidden data point beyond its end.
        let mut exif = b"\xff\xd8\xff\xe1\xff\xffExif\0\0II*\0\xff\xff\xff\x7f".to_vec();
        exif.extend(vec![0xaa; 70_000]);
        small.push(exif);
        Self { bombs, small }
    }

    /// One of them; the large ones seldom.
    pub fn one(&self, random: &mut SmallRng) -> Vec<u8> {
        match random.random_range(0..200) {
            0 => self.bombs.choose(random).unwrap().clone(),
            1..30 => (0..random.random_range(1..3_000)).map(|_| random.random()).collect(),
            30..60 => {
                let mut bytes = self.small.choose(random).unwrap().clone();
                for _ in 0..random.random_range(1..20) {
                    let at = random.random_range(0..bytes.len().max(1));
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = random.random();
                    }
                }
                bytes
            }
            _ => self.small.choose(random).unwrap().clone(),
        }
    }
}

fn png(width: u32, height: u32, stream: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    for (kind, data) in [(b"IHDR", &header[..]), (b"IDAT", stream), (b"IEND", &[])] {
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let named = [&kind[..], data].concat();
        file.extend(&named);
        file.extend(crc32(&named).to_be_bytes());
    }
    file
}

/// A zlib stream of so many zeros: thirteen bits for 258 of them (RFC 1951, fixed codes).
fn zlib_zeros(count: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0b011, 3); // last block, fixed codes
    bits.put(u32::from(0b0011_0000_u8.reverse_bits()), 8); // a zero
    for _ in 0..count / 258 {
        bits.put(u32::from(0b1100_0101_u8.reverse_bits()), 8); // 258 times …
        bits.put(0, 5); // … the one before
    }
    bits.put(0, 7); // the end
    let sum = u32::try_from((count / 258 * 258 + 1) % 65_521).unwrap() << 16 | 1;
    [&[0x78, 0x9c][..], &bits.bytes, &sum.to_be_bytes()].concat()
}

/// Bits, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for bit in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.last_mut().unwrap();
            *last |= u8::from(value >> bit & 1 == 1) << (self.used % 8);
            self.used += 1;
        }
    }
}

/// A ZIP; with `zeros`, its last entry is so many of them, compressed.
fn zip(entries: &[(&str, &[u8])], zeros: Option<usize>) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (place, (name, data)) in entries.iter().enumerate() {
        let bomb = zeros.filter(|_| place + 1 == entries.len());
        let packed = bomb.map_or_else(
            || data.to_vec(),
            |zeros| {
                let stream = zlib_zeros(zeros);
                stream[2..stream.len() - 4].to_vec()
            },
        );
        let method: u16 = if bomb.is_some() { 8 } else { 0 };
        let (packed_size, size) = (size_of(packed.len()), size_of(bomb.unwrap_or(data.len())));
        let mut head = Vec::new();
        head.extend([20, 0, 0, 0]);
        head.extend(method.to_le_bytes());
        head.extend([0; 4]);
        head.extend(crc32(data).to_le_bytes());
        head.extend(packed_size.to_le_bytes());
        head.extend(size.to_le_bytes());
        head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend([0; 2]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(size_of(file.len()).to_le_bytes());
        directory.extend(name.bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend(name.bytes());
        file.extend(packed);
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let start = size_of(file.len()).to_le_bytes();
    let length = size_of(directory.len()).to_le_bytes();
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    for part in [&count[..], &count, &length, &start, &[0, 0]] {
        file.extend(part);
    }
    file
}

fn size_of(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}
