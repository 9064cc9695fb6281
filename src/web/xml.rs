//! What can be written in XML at all.

/// A text without the characters that no XML 1.0 may hold, not even escaped (§2.2), however they came into the database.
#[must_use]
pub fn legal(text: &str) -> String {
    let kept = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_document_may_hold_is_left_out() {
        assert_eq!(legal("a\u{0}\u{8}\u{b}\u{1f}\u{fffe}\u{ffff}b"), "ab");
        let kept = "\t\r\n è \u{7f}\u{202e}\u{fffd}\u{1f600}";
        assert_eq!(legal(kept), kept);
    }
}
