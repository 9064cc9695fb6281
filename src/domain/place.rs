//! Places: when do two people mean the same one?

use super::text;

/// Degrees of latitude in a metre; of longitude more, which does not matter for a neighbourhood.
const METRE: f64 = 1.0 / 111_320.0;
/// How near two reports of the same kind are to be shown to each other's authors, in metres.
pub const NEAR_METRES: f64 = 120.0;

/// Words of an Italian address that say nothing about which street it is.
const KINDS_OF_STREET: &[&str] = &[
    "via", "viale", "v", "vle", "piazza", "pza", "piazzale", "ple", "corso", "cso", "largo", "vicolo",
    "strada", "str",
];

/// Longest address that is compared, in characters.
const COMPARED: usize = 200;

/// The street of an address in the form that is compared: folded, without the sort of street, house number and postcode.
/// Two addresses without a readable street both give an empty text, which is equal to nothing.
#[must_use]
pub fn street(address: &str) -> String {
    let folded = text::fold(&text::shortened(address, COMPARED));
    let first =
        folded.split([',', ';', '(', '\n']).map(str::trim).find(|part| !part.is_empty()).unwrap_or_default();
    first
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .skip_while(|word| KINDS_OF_STREET.contains(word))
        .take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether two positions (degrees north, degrees east) are near enough to be the same thing.
#[must_use]
pub fn is_near(one: (f64, f64), other: (f64, f64)) -> bool {
    let north = (one.0 - other.0) / METRE;
    let east = (one.1 - other.1) / METRE * one.0.to_radians().cos();
    north.hypot(east) <= NEAR_METRES
}

/// Latitudes between which everything near a latitude lies: what an index can be asked for.
#[must_use]
pub fn band(latitude: f64) -> (f64, f64) {
    (latitude - NEAR_METRES * METRE, latitude + NEAR_METRES * METRE)
}

/// Longitudes between which everything near a position lies.
#[must_use]
pub fn breadth((latitude, longitude): (f64, f64)) -> (f64, f64) {
    // Nobody collects waste at the poles, where every longitude is near.
    let degrees = NEAR_METRES * METRE / latitude.to_radians().cos().max(0.01);
    (longitude - degrees, longitude + degrees)
}

/// A position as typed or measured, if it is one on this planet.
#[must_use]
pub fn position(latitude: &str, longitude: &str) -> Option<(f64, f64)> {
    let read = |text: &str, limit: f64| {
        let value: f64 = text.trim().replace(',', ".").parse().ok()?;
        (value.is_finite() && value.abs() <= limit).then_some(value)
    };
    Some((read(latitude, 90.0)?, read(longitude, 180.0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_the_same_however_it_is_written() {
        for written in ["Via Solferino 12", "via  SOLFERINO, 14 - Brescia", "V. Solferino", "Solferino 3/b"] {
            assert_eq!(street(written), "solferino", "{written}");
        }
        assert_eq!(street("Piazza della Libertà 1"), "della liberta");
        assert_eq!(street("25121"), "");
    }

    #[test]
    fn near_is_a_hundred_steps_and_not_a_town() {
        let here = (45.5392, 10.2206);
        assert!(is_near(here, (45.5400, 10.2210)));
        assert!(!is_near(here, (45.5420, 10.2206)));
        assert!(!is_near(here, (45.5392, 10.2240)));
        assert_eq!(position("45,5392", " 10.2206 "), Some(here));
        for wrong in [("", "1"), ("91", "1"), ("NaN", "1"), ("1", "inf"), ("1", "181")] {
            assert_eq!(position(wrong.0, wrong.1), None);
        }
    }
}
