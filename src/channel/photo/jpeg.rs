//! The frame of a JPEG, as far as its cost depends on it (ITU-T T.81, annex B).

/// Whether the picture is stored in several passes: it is then decoded as a whole before the first pixel is known, and each pass
/// goes over all of it.
pub fn is_in_passes(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some((marker, content)) = next_marker(bytes, at) {
        match marker {
            // start of frame, except the plain ones
            0xc2 | 0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return true,
            // start of the picture, end of the file
            0xda | 0xd9 => return false,
            // markers without content
            0x01 | 0xd0..=0xd8 => at = content,
            _ => {
                let Some(length) = bytes.get(content..).and_then(<[u8]>::first_chunk) else { return false };
                at = content + usize::from(u16::from_be_bytes(*length)).max(2);
            }
        }
    }
    false
}

/// The next marker from `at`, and where its content begins.
fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let mut at = at + memchr::memchr(0xff, bytes.get(at..)?)?;
    loop {
        at += 1;
        match *bytes.get(at)? {
            0xff => {}
            // a byte of data, not a marker
            0x00 => at += memchr::memchr(0xff, bytes.get(at..)?)?,
            marker => return Some((marker, at + 1)),
        }
    }
}
