//! The register: invented people and companies, whose codes are right by every rule and belong to nobody.

use chrono::{Datelike, Days, NaiveDate};
use rand::{RngExt, seq::IndexedRandom};

use super::{
    Dice,
    names::{DOMAINS, MEN, SURNAMES, TRADES, WOMEN},
    places,
};
use crate::domain::{fiscal_code, register::Entry, text};

/// One in so many taxpayers is a company, one the spouse of the one before.
const CYCLE: usize = 12;
const COMPANY: usize = 4;
const SPOUSE: usize = 7;

/// A line of the register, and who writes for it.
#[derive(Clone, Debug)]
pub(super) struct Taxpayer {
    /// As it is imported.
    pub(super) entry: Entry,
    /// Name and surname of whoever signs.
    pub(super) writer: String,
    /// Street and number of the premises.
    pub(super) street: String,
}

/// Somebody born somewhere.
struct Person {
    given: &'static str,
    surname: &'static str,
    woman: bool,
    born: NaiveDate,
    birthplace: &'static str,
}

/// Invents `count` taxpayers.
pub(super) fn register(dice: &mut Dice, count: usize) -> Vec<Taxpayer> {
    let mut register: Vec<Taxpayer> = Vec::with_capacity(count);
    for index in 0..count {
        let taxpayer = match (index % CYCLE, register.last()) {
            (COMPANY, _) => company(dice, index),
            (SPOUSE, Some(other)) => spouse(dice, index, other),
            _ => {
                let street = places::street(dice);
                let person = person(dice);
                // Not everybody has told the organisation an address.
                let emails =
                    if dice.random_bool(0.8) { vec![email(dice, &writer(&person))] } else { Vec::new() };
                taxpayer(index, &person, street, emails)
            }
        };
        register.push(taxpayer);
    }
    register
}

/// Somebody whom no register knows.
pub(super) struct Stranger {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) fiscal_code: String,
}

/// Invents one.
pub(super) fn stranger(dice: &mut Dice) -> Stranger {
    let person = person(dice);
    let name = writer(&person);
    let address = private_email(dice, &name);
    Stranger { name, address, fiscal_code: codice_fiscale(&person) }
}

/// An address that its owner never gave to the organisation.
pub(super) fn private_email(dice: &mut Dice, writer: &str) -> String {
    let name = local_part(writer);
    format!("{}{}@privata.example", name.replace('.', ""), dice.random_range(100..1000))
}

fn person(dice: &mut Dice) -> Person {
    let woman = dice.random_bool(0.5);
    let names = if woman { &WOMEN } else { &MEN };
    Person {
        given: names.choose(dice).copied().unwrap_or(names[0]),
        surname: SURNAMES.choose(dice).copied().unwrap_or(SURNAMES[0]),
        woman,
        born: EARLIEST + Days::new(dice.random_range(0..LIFETIMES)),
        birthplace: places::BIRTHPLACES.choose(dice).copied().unwrap_or(places::BIRTHPLACES[0]),
    }
}

/// Born from here on…
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1938, 1, 1).expect("a date");
/// … within so many days: until 2004.
const LIFETIMES: u64 = 24_400;

/// Lives with the one before and shares their mail address, if they have one.
fn spouse(dice: &mut Dice, index: usize, other: &Taxpayer) -> Taxpayer {
    let person = person(dice);
    taxpayer(index, &person, other.street.clone(), other.entry.emails.clone())
}

fn taxpayer(index: usize, person: &Person, street: String, emails: Vec<String>) -> Taxpayer {
    let name = format!("{} {}", person.surname, person.given);
    let entry = entry(index, name, codice_fiscale(person), &street, emails);
    Taxpayer { entry, writer: writer(person), street }
}

fn company(dice: &mut Dice, index: usize) -> Taxpayer {
    let (trade, form) = TRADES.choose(dice).copied().unwrap_or(TRADES[0]);
    let owner = person(dice);
    let name = format!("{trade} {} {form}", owner.surname);
    let street = places::street(dice);
    let email = format!(
        "info@{}-{index}.example",
        local_part(&format!("{trade} {}", owner.surname)).replace('.', "-")
    );
    let entry = entry(index, name, partita_iva(dice), &street, vec![email]);
    Taxpayer { entry, writer: writer(&owner), street }
}

fn entry(index: usize, name: String, fiscal_code: String, street: &str, emails: Vec<String>) -> Entry {
    Entry {
        line: index as u64 + 2,
        name,
        code: format!("UT-{:06}", 10_200 + index * 3),
        fiscal_code: Some(fiscal_code),
        address: places::postal(street),
        emails,
    }
}

fn writer(person: &Person) -> String {
    format!("{} {}", person.given, person.surname)
}

fn email(dice: &mut Dice, writer: &str) -> String {
    let domain = DOMAINS.choose(dice).copied().unwrap_or(DOMAINS[0]);
    format!("{}{}@{domain}", local_part(writer), dice.random_range(1..10_000))
}

/// `Nicolò D'Amico` becomes `nicolo.damico`.
fn local_part(name: &str) -> String {
    text::fold(name).replace('\'', "").replace(' ', ".")
}

/// The code by the rules of the tax office (decree of 23 December 1976).
fn codice_fiscale(person: &Person) -> String {
    const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
    let month = char::from(MONTHS[person.born.month0() as usize]);
    let day = person.born.day() + if person.woman { 40 } else { 0 };
    let year = person.born.year() % 100;
    let (surname, given) = (of_surname(person.surname), of_given_name(person.given));
    let start = format!("{surname}{given}{year:02}{month}{day:02}{}", person.birthplace);
    let check = fiscal_code::check_character(&start).expect("fifteen capitals and digits");
    format!("{start}{check}")
}

/// Consonants, then vowels, then X.
fn of_surname(surname: &str) -> String {
    let (consonants, vowels) = letters(surname);
    format!("{consonants}{vowels}XXX").chars().take(3).collect()
}

/// The same, except that of four consonants or more the second is left out.
fn of_given_name(given: &str) -> String {
    let (mut consonants, vowels) = letters(given);
    if consonants.len() > 3 {
        consonants.remove(1);
    }
    format!("{consonants}{vowels}XXX").chars().take(3).collect()
}

fn letters(name: &str) -> (String, String) {
    let plain = text::fold(name).to_ascii_uppercase();
    let letters = plain.chars().filter(char::is_ascii_uppercase);
    letters.partition(|letter| !"AEIOU".contains(*letter))
}

/// A number that ends right. No office has given out as many as nine million nine hundred thousand.
fn partita_iva(dice: &mut Dice) -> String {
    let start = format!("99{:05}{:03}", dice.random_range(0..100_000), dice.random_range(1..=100));
    let check = fiscal_code::check_digit(&start).expect("ten digits");
    format!("{start}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{demo, domain::mail};

    #[test]
    fn every_code_and_address_of_the_register_is_right() {
        let register = register(&mut demo::dice(7, 0), 3_000);
        for taxpayer in &register {
            let code = taxpayer.entry.fiscal_code.as_deref().unwrap();
            assert_eq!(fiscal_code::parse(code).unwrap().as_str(), code, "{:?}", taxpayer.entry);
            assert!(
                taxpayer.entry.emails.iter().all(|address| mail::is_address(address)),
                "{:?}",
                taxpayer.entry
            );
        }
        let codes: std::collections::HashSet<_> =
            register.iter().map(|taxpayer| &taxpayer.entry.code).collect();
        assert_eq!(codes.len(), register.len());
        let companies =
            register.iter().filter(|taxpayer| taxpayer.entry.fiscal_code.as_ref().unwrap().len() == 11);
        assert_eq!(companies.count(), 250);
        let shared = register
            .windows(2)
            .filter(|pair| !pair[0].entry.emails.is_empty() && pair[0].entry.emails == pair[1].entry.emails);
        assert!(shared.count() > 100);
    }

    #[test]
    fn letters_of_names_are_taken_by_the_rules() {
        for (surname, code) in
            [("Rossi", "RSS"), ("D'Amico", "DMC"), ("Fo", "FOX"), ("De Luca", "DLC"), ("Leone", "LNE")]
        {
            assert_eq!(of_surname(surname), code, "{surname}");
        }
        for (given, code) in [
            ("Alessandra", "LSN"),
            ("Nicolò", "NCL"),
            ("Mario", "MRA"),
            ("Gian Luca", "GLC"),
            ("Anna", "NNA"),
        ] {
            assert_eq!(of_given_name(given), code, "{given}");
        }
    }

    #[test]
    fn a_whole_code_is_the_known_one() {
        let person = Person {
            given: "Mario",
            surname: "Rossi",
            woman: false,
            born: NaiveDate::from_ymd_opt(1945, 3, 12).unwrap(),
            birthplace: "F205",
        };
        assert_eq!(codice_fiscale(&person), "RSSMRA45C12F205C");
    }
}
