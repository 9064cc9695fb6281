//! The compression of RTF in a letter (MS-OXRTFCP): pieces of the last four kilobytes are pointed at.

use super::cursor::Cursor;

/// RTF beyond this number of bytes is cut off. Words are a tenth of it; what is larger is pictures in hexadecimal, which
/// stay in the `winmail.dat` anyway.
pub(super) const MAX_BYTES: usize = 2 * 1024 * 1024;

const WINDOW: usize = 4096;
/// What the window holds before the first byte (§2.1.2.1).
const PRELOADED: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
    \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\
    \\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// The RTF, and whether that is all of it. The checksum is not looked at: damage shows in the words.
pub(super) fn decompress(compressed: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut rest = Cursor::new(compressed);
    let _size = rest.u32()?;
    let raw_size = rest.length()?;
    let kind = rest.u32()?.to_le_bytes();
    let _checksum = rest.u32()?;
    match &kind {
        b"LZFu" => {
            let (rtf, ended) = unpack(rest);
            let whole = ended || rtf.len() == raw_size;
            Some((rtf, whole))
        }
        b"MELA" => {
            let rtf = rest.up_to(raw_size.min(MAX_BYTES)).to_vec();
            let whole = rtf.len() == raw_size;
            Some((rtf, whole))
        }
        _ => None,
    }
}

/// Until the mark of the end, the end of the bytes or [`MAX_BYTES`]; true in the first case.
fn unpack(mut rest: Cursor<'_>) -> (Vec<u8>, bool) {
    let mut window = [0; WINDOW];
    window[..PRELOADED.len()].copy_from_slice(PRELOADED);
    let mut at = PRELOADED.len();
    let mut rtf = Vec::new();
    while let Some(flags) = rest.u8() {
        for bit in 0..8 {
            if rtf.len() >= MAX_BYTES {
                return (rtf, false);
            }
            let (mut from, length) = if flags >> bit & 1 == 0 {
                let Some(byte) = rest.u8() else { return (rtf, false) };
                window[at] = byte;
                (at, 1)
            } else {
                let Some(token) = rest.u16().map(u16::swap_bytes) else { return (rtf, false) };
                (usize::from(token >> 4), usize::from(token & 0xf) + 2)
            };
            if length > 1 && from == at {
                return (rtf, true);
            }
            for _ in 0..length {
                window[at] = window[from];
                rtf.push(window[at]);
                from = (from + 1) % WINDOW;
                at = (at + 1) % WINDOW;
            }
        }
    }
    (rtf, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_window_holds_is_as_long_as_the_specification_says() {
        assert_eq!(PRELOADED.len(), 207);
    }

    #[test]
    fn a_piece_may_reach_into_itself() {
        // literals "a" and "b", then fifteen bytes from where "a" stands, then the mark of the end
        let packed = b"\x0c\0\0\0\x11\0\0\0LZFu\0\0\0\0\x0cab\x0c\xfd\x0e\x00";
        assert_eq!(decompress(packed), Some((b"ababababababababa".to_vec(), true)));
        let cut = &packed[..packed.len() - 4];
        assert_eq!(decompress(cut), Some((b"ab".to_vec(), false)));
    }

    #[test]
    fn rtf_may_come_as_it_is() {
        assert_eq!(decompress(b"\x10\0\0\0\x04\0\0\0MELA\0\0\0\0{\\b}rest"), Some((b"{\\b}".to_vec(), true)));
        assert_eq!(decompress(b"\x10\0\0\0\x09\0\0\0MELA\0\0\0\0{\\b}"), Some((b"{\\b}".to_vec(), false)));
        assert_eq!(decompress(b"\x10\0\0\0\x04\0\0\0ZIP!\0\0\0\0{\\b}"), None);
    }

    #[test]
    fn what_is_unpacked_has_a_limit() {
        // each flags byte and its eight tokens make 136 bytes; none of them points at where it stands
        let mut packed = b"\0\0\0\0\xff\xff\xff\x7fLZFu\0\0\0\0".to_vec();
        packed.extend(b"\xff\0\x0f\0\x1f\0\x0f\0\x1f\0\x0f\0\x1f\0\x0f\0\x1f".repeat(100_000));
        let (rtf, whole) = decompress(&packed).unwrap();
        assert!(!whole && rtf.len() >= MAX_BYTES && rtf.len() < MAX_BYTES + 20, "{}", rtf.len());
    }
}
