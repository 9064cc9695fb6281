//! An invented Comune, its streets, and where they lie: among the woods of the Apennines, where a map shows no town.

use rand::{RngExt, seq::IndexedRandom};

use super::Dice;

/// The Comune. Its post code is one that no town has.
const TOWN: &str = "99010 Borgo Valserena";

/// Cadastral codes of invented places of birth: the series has not come so far, so nobody alive has a codice fiscale
/// that ends in one of them, while every check that looks at form and check character is satisfied.
pub(super) const BIRTHPLACES: [&str; 8] = ["M951", "M954", "M960", "M967", "M973", "M981", "M988", "M994"];

const STREETS: [&str; 32] = [
    "Via dei Tigli",
    "Via Garibaldi",
    "Via Mazzini",
    "Via Roma",
    "Via Dante Alighieri",
    "Via del Mulino",
    "Via della Stazione",
    "Via delle Rose",
    "Via Fratelli Cervi",
    "Via IV Novembre",
    "Via Vecchia Fornace",
    "Via Giacomo Leopardi",
    "Via Grazia Deledda",
    "Via Guglielmo Marconi",
    "Via Maria Montessori",
    "Via Monte Sereno",
    "Via Papa Giovanni XXIII",
    "Via San Rocco",
    "Via Sant'Antonio",
    "Via Torquato Tasso",
    "Via Verdi",
    "Viale della Libertà",
    "Viale Kennedy",
    "Viale dei Platani",
    "Piazza del Popolo",
    "Piazza Matteotti",
    "Largo Donatori di Sangue",
    "Corso Vittorio Emanuele",
    "Strada della Vigna",
    "Strada Provinciale del Lago",
    "Vicolo del Forno",
    "Borgo San Pietro",
];

const HAMLETS: [&str; 4] = ["Pian dei Tigli", "Ca' del Bosco", "Ponte Alto", "San Lorenzo in Colle"];

/// Street and number: `Via dei Tigli 14`, sometimes with stair or hamlet.
pub(super) fn street(dice: &mut Dice) -> String {
    let street = STREETS.choose(dice).copied().unwrap_or(STREETS[0]);
    let number = dice.random_range(1..=148);
    match dice.random_range(0..12) {
        0 => format!("{street} {number}/A"),
        1 => format!("{street} {number}, loc. {}", HAMLETS.choose(dice).copied().unwrap_or(HAMLETS[0])),
        _ => format!("{street} {number}"),
    }
}

/// The middle of the Comune (degrees north, degrees east; WGS 84).
const MIDDLE: (f64, f64) = (44.352, 10.587);
/// Degrees from one street to the next one, some 250 metres, and from one house number to the next one, some six.
const BLOCK: f64 = 0.0025;
const HOUSE: f64 = 0.000_06;
/// Streets side by side.
const ROW: usize = 8;

/// Where a place of [`street`] lies: each street has its own line from south to north, and each house its point of it.
pub(super) fn position(place: &str) -> (f64, f64) {
    let named = STREETS.iter().position(|street| place.starts_with(street)).unwrap_or(0);
    let steps = |count: usize| f64::from(u16::try_from(count).unwrap_or(0));
    let number = place.split(|sign: char| !sign.is_ascii_digit()).find(|digits| !digits.is_empty());
    let number = number.and_then(|digits| digits.parse().ok()).unwrap_or(1_u16);
    let north = MIDDLE.0 + BLOCK * 4.0 * steps(named / ROW) + HOUSE * f64::from(number);
    (north, MIDDLE.1 + BLOCK * steps(named % ROW))
}

/// The street of a place of [`street`], without its number.
pub(super) fn without_number(place: &str) -> &str {
    place.split(|sign: char| sign.is_ascii_digit()).next().unwrap_or_default().trim()
}

/// Postal address of a street: one line.
pub(super) fn postal(street: &str) -> String {
    format!("{street}, {TOWN}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{demo, domain::place::is_near};

    #[test]
    fn neighbours_are_near_and_streets_are_not() {
        let here = position("Via dei Tigli 14");
        assert!(is_near(here, position("Via dei Tigli 22/A")));
        assert!(!is_near(here, position("Via dei Tigli 140")));
        assert!(!is_near(here, position("Via Garibaldi 14, loc. Ponte Alto")));
        assert_eq!(without_number("Via dei Tigli 14/A"), "Via dei Tigli");
        let mut dice = demo::dice(1, 0);
        let places: std::collections::HashSet<_> =
            (0..200).map(|_| position(&street(&mut dice)).0.to_bits()).collect();
        assert!(places.len() > 100);
    }
}
