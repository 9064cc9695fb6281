//! The organisation's colour as a style sheet of its own: pages carry no inline styles, and browsers keep it for as long as
//! the colour stays.

use std::fmt::Write as _;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::Hall;
use crate::domain::colour;

/// The blue of Italian public administrations (Designers Italia).
const USUAL: &str = "#0066cc";
/// The name of a colour's sheet does not change while the colour does not.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// `GET tema.css?v=<colour>`.
pub async fn sheet(hall: Hall) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    (headers, css(&hall.portal.colour)).into_response()
}

/// The part of the sheet's address that changes with the colour.
#[must_use]
pub fn version(colour: &str) -> String {
    colour::parse(colour).unwrap_or_else(|| USUAL.to_owned()).trim_start_matches('#').to_owned()
}

/// The colour and its shades. White on the darker ones, and they on white, read at least as well as the colour itself.
fn css(colour: &str) -> String {
    let brand = format!("#{}", version(colour));
    let [deep, deeper, deepest] = [0.88, 0.75, 0.5].map(|part| mixed(&brand, 0, part));
    let pale = mixed(&brand, 255, 0.1);
    format!(
        ":root{{--brand:{brand};--brand-deep:{deep};--brand-deeper:{deeper};--brand-deepest:{deepest};--brand-pale:{pale}}}"
    )
}

/// So much of the colour, and the rest of black or white.
fn mixed(colour: &str, with: u8, part: f64) -> String {
    let mut mixed = String::from("#");
    for digits in [1, 3, 5] {
        let value = colour.get(digits..digits + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let value = f64::from(value.unwrap_or_default()) * part + f64::from(with) * (1.0 - part);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
        let value = value.round() as u8;
        let _ = write!(mixed, "{value:02x}");
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_are_of_the_colour_and_nothing_else_gets_in() {
        assert_eq!(
            css("#0066CC"),
            ":root{--brand:#0066cc;--brand-deep:#005ab4;--brand-deeper:#004d99;--brand-deepest:#003366;--brand-pale:#e6f0fa}"
        );
        assert_eq!(css("red;}body{display:none"), css(USUAL));
    }
}
