//! Colours that an organisation may choose: words on them and beside them must stay readable.

/// Least contrast between a colour and white, either as the letters of the other (WCAG 2.1, criterion 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;

/// The colour as it is stored: `#rrggbb`, lower case. `None` when it is none.
#[must_use]
pub fn parse(typed: &str) -> Option<String> {
    let colour = typed.trim().to_ascii_lowercase();
    let digits = colour.strip_prefix('#')?;
    (digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(colour)
}

/// Contrast between a colour (`#rrggbb`) and white: 1 (the same) to 21 (black). `None` when it is no colour.
#[must_use]
pub fn contrast_with_white(colour: &str) -> Option<f64> {
    let colour = parse(colour)?;
    let part = |from: usize| u8::from_str_radix(&colour[from..from + 2], 16).ok().map(linear);
    let luminance = 0.2126 * part(1)? + 0.7152 * part(3)? + 0.0722 * part(5)?;
    Some(1.05 / (luminance + 0.05))
}

/// One part of a colour, as light (WCAG 2.1, definition of relative luminance).
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_norm() {
        let rounded = |colour: &str| contrast_with_white(colour).map(|contrast| format!("{contrast:.2}"));
        assert_eq!(rounded("#ffffff").as_deref(), Some("1.00"));
        assert_eq!(rounded("#000000").as_deref(), Some("21.00"));
        assert_eq!(rounded(" #0066CC ").as_deref(), Some("5.57"));
        assert_eq!(rounded("#767676").as_deref(), Some("4.54"));
        assert_eq!(rounded("#777777").as_deref(), Some("4.48"));
        for none in ["", "blue", "#06c", "#0066cg", "#0066cc1", "0066cc", "#é0000"] {
            assert_eq!(rounded(none), None, "{none}");
        }
    }
}
