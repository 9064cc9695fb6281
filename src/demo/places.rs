//! An invented Comune and its streets.

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

/// Postal address of a street: one line.
pub(super) fn postal(street: &str) -> String {
    format!("{street}, {TOWN}")
}
