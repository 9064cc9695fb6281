//! Codice fiscale and partita IVA.
//!
//! Written here because no crate accepts omocodes: when two people would share a code, digits of one are replaced by
//! letters, and the check character is computed anew on what results. Such codes are as valid as any other. Two codes
//! that differ only by that substitution belong to **different people**, so nothing here undoes it.
//!
//! What is checked: shape, date of birth, check character. What is not: that the letters fit a name, nor that the
//! place code exists (suppressed towns and foreign states stay valid). Numbers get the check digit alone: the
//! narrower rule on the tax office's digits holds for partite IVA, but not for the provisional codes of persons.

use chrono::NaiveDate;
use thiserror::Error;

/// A code that passed every check, in capitals and without spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FiscalCode {
    /// Codice fiscale of a person: 16 characters.
    Person(String),
    /// Partita IVA, codice fiscale of a body, or provisional code of a person: 11 digits.
    Number(String),
}

impl FiscalCode {
    /// The code as it is stored and compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Person(code) | Self::Number(code) => code,
        }
    }
}

/// What is wrong with a code. The message is shown to operators and written into import reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FiscalCodeError {
    /// Nothing but spaces.
    #[error("Il codice manca.")]
    Empty,
    /// Neither 16 nor 11 characters.
    #[error("Il codice ha {0} caratteri: un codice fiscale ne ha 16, una partita IVA 11.")]
    Length(usize),
    /// A letter is expected at this position, counted from 1.
    #[error("Al posto {0} del codice fiscale va una lettera.")]
    LetterExpected(usize),
    /// A digit, or a letter that stands for one in an omocode, is expected at this position, counted from 1.
    #[error("Al posto {0} del codice fiscale va una cifra.")]
    DigitExpected(usize),
    /// Something else than digits in an 11-character code.
    #[error("Un codice di 11 caratteri è fatto di sole cifre.")]
    NumberExpected,
    /// The ninth character names no month.
    #[error("La lettera {0} al posto 9 del codice fiscale non indica un mese.")]
    Month(char),
    /// No such day in that month.
    #[error("La data di nascita scritta nel codice fiscale non esiste.")]
    BirthDate,
    /// The last character does not follow from the others.
    #[error("L'ultimo carattere non corrisponde agli altri: forse c'è un errore di battitura.")]
    Check,
    /// Zeros pass the arithmetic, but nobody has that number.
    #[error("Il codice è fatto di soli zeri.")]
    Zeros,
}

/// Letters that stand for the digits 0-9 in an omocode.
const OMOCODE_LETTERS: &[u8; 10] = b"LMNPQRSTUV";

/// Month letters, January first.
const MONTH_LETTERS: &[u8; 12] = b"ABCDEHLMPRST";

/// Added to the day of birth in the codes of women.
const WOMAN_DAYS: u32 = 40;

/// Value of the characters 0-9 and A-Z at odd positions (counted from 1); a letter of rank n counts as the digit n up
/// to 9, hence one table. At even positions the value is the rank itself.
const ODD_VALUES: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// Never more codes than this out of one text: a letter names two or three, a spreadsheet pasted into it is no evidence.
const MOST_IN_A_TEXT: usize = 16;

/// Checks a code as somebody typed it: spaces, small letters and the `IT` before a partita IVA are forgiven.
pub fn parse(text: &str) -> Result<FiscalCode, FiscalCodeError> {
    let code: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
    let code = code.strip_prefix("IT").filter(|number| is_number(number)).unwrap_or(&code);
    match code.chars().count() {
        0 => Err(FiscalCodeError::Empty),
        16 => check_person(code).map(|()| FiscalCode::Person(code.to_owned())),
        11 => check_number(code).map(|()| FiscalCode::Number(code.to_owned())),
        length => Err(FiscalCodeError::Length(length)),
    }
}

/// The valid codes that a text mentions, each once, in order of appearance, sixteen at most.
///
/// A code must be a word of its own: one spelt with spaces inside is left to the operator, because joining words would
/// make partite IVA out of telephone numbers. One pass over the text.
#[must_use]
pub fn find_in(text: &str) -> Vec<FiscalCode> {
    let mut found = Vec::new();
    for word in text.split(|character: char| !character.is_alphanumeric()) {
        if found.len() == MOST_IN_A_TEXT {
            break;
        }
        if let 11 | 13 | 16 = word.len()
            && let Ok(code) = parse(word)
            && !found.contains(&code)
        {
            found.push(code);
        }
    }
    found
}

/// The sixteenth character of a codice fiscale, from the first fifteen (capitals and digits, omocodes too).
#[must_use]
pub fn check_character(first_fifteen: &str) -> Option<char> {
    if first_fifteen.len() != 15 {
        return None;
    }
    let mut sum = 0;
    for (index, byte) in first_fifteen.bytes().enumerate() {
        let rank = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A',
            _ => return None,
        };
        // Positions count from 1: index 0 is odd.
        sum += if index % 2 == 0 { ODD_VALUES[usize::from(rank)] } else { u32::from(rank) };
    }
    char::from_u32(u32::from(b'A') + sum % 26)
}

/// The eleventh digit of a partita IVA or numeric code, from the first ten (Luhn).
#[must_use]
pub fn check_digit(first_ten: &str) -> Option<char> {
    if first_ten.len() != 10 {
        return None;
    }
    let mut sum = 0;
    for (index, character) in first_ten.chars().enumerate() {
        let digit = character.to_digit(10)?;
        sum += match digit * 2 {
            _ if index % 2 == 0 => digit,
            doubled if doubled > 9 => doubled - 9,
            doubled => doubled,
        };
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

fn is_number(code: &str) -> bool {
    code.len() == 11 && code.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_number(code: &str) -> Result<(), FiscalCodeError> {
    if !is_number(code) {
        return Err(FiscalCodeError::NumberExpected);
    }
    if code.bytes().all(|byte| byte == b'0') {
        return Err(FiscalCodeError::Zeros);
    }
    let expected = check_digit(&code[..10]);
    if code.chars().last() == expected { Ok(()) } else { Err(FiscalCodeError::Check) }
}

/// Errors come in reading order, so that the message points at the first thing to look at.
fn check_person(code: &str) -> Result<(), FiscalCodeError> {
    const LETTERS: [usize; 9] = [0, 1, 2, 3, 4, 5, 8, 11, 15];

    let characters: Vec<char> = code.chars().collect();
    for (index, character) in characters.iter().enumerate() {
        if LETTERS.contains(&index) {
            if !character.is_ascii_uppercase() {
                return Err(FiscalCodeError::LetterExpected(index + 1));
            }
        } else if digit(*character).is_none() {
            return Err(FiscalCodeError::DigitExpected(index + 1));
        }
    }
    check_birth_date(&characters)?;
    if characters.last().copied() == check_character(&code[..15]) {
        Ok(())
    } else {
        Err(FiscalCodeError::Check)
    }
}

/// The year has two digits. Read as 20xx: whatever day 19xx has, 20xx has too, and 29 February 2000 besides.
fn check_birth_date(characters: &[char]) -> Result<(), FiscalCodeError> {
    let number = |tens: usize| Some(digit(characters[tens])? * 10 + digit(characters[tens + 1])?);
    let (year, day) = number(6).zip(number(9)).ok_or(FiscalCodeError::BirthDate)?;
    let month = month(characters[8]).ok_or(FiscalCodeError::Month(characters[8]))?;
    let day = if day > WOMAN_DAYS { day - WOMAN_DAYS } else { day };
    let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(2000 + year, month, day));
    date.map(|_| ()).ok_or(FiscalCodeError::BirthDate)
}

fn month(letter: char) -> Option<u32> {
    (1..).zip(MONTH_LETTERS).find_map(|(month, of)| (char::from(*of) == letter).then_some(month))
}

/// A digit, or the letter that stands for it in an omocode.
fn digit(character: char) -> Option<u32> {
    let omocode =
        || (0..).zip(OMOCODE_LETTERS).find_map(|(digit, of)| (char::from(*of) == character).then_some(digit));
    character.to_digit(10).or_else(omocode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PERSONS: [&str; 11] = [
        "RCCMNL83S18D969H",
        "CNTCHR83T41D969D",
        "MRTNTN23M02D969P",
        "MRSMSR81D60Z611H",
        "FOXDRA26C24H872Y",
        "MAILCU91A25F839D",
        // one family of omocodes
        "RSSMRA45C12F205C",
        "RSSMRA45C12F20RX",
        "RSSMRA45C12F2L5N",
        "RSSMRA45C12F2LRI",
        "RSSMRAQRCMNFNLRG",
    ];
    const NUMBERS: [&str; 5] = ["00743110157", "12345678903", "07973780013", "03819031208", "02252620402"];

    #[test]
    fn valid_codes_are_accepted() {
        for code in PERSONS {
            assert_eq!(parse(code), Ok(FiscalCode::Person(code.to_owned())));
        }
        for code in NUMBERS {
            assert_eq!(parse(code), Ok(FiscalCode::Number(code.to_owned())));
        }
    }

    #[test]
    fn wrong_codes_are_refused_for_the_right_reason() {
        use FiscalCodeError::{BirthDate, Check, DigitExpected, Empty, Length, LetterExpected};
        use FiscalCodeError::{Month, NumberExpected, Zeros};
        for (code, reason) in [
            ("FOXDRA26C24H872A", Check),
            ("CNTCHR83T32D969H", BirthDate),
            ("CSTNGL22I10D086I", Month('I')),
            ("GLABNC72H25H501Y", Check),
            ("GLARSS72H25H501Y", Check),
            ("00743110158", Check),
            ("01234567890", Check),
            ("00000000000", Zeros),
            ("0074311015A", NumberExpected),
            ("", Empty),
            (" \t\n", Empty),
            ("RSSMRA45C12F205", Length(15)),
            ("1RSMRA45C12F205C", LetterExpected(1)),
            ("RSSMRAA5C12F205C", DigitExpected(7)),
            ("RSSMRA45C12F2O5C", DigitExpected(14)),
            ("RSSMRÀ45C12F205C", LetterExpected(6)),
            ("RSSMRA45C00F205C", BirthDate),
            ("RSSMRA45C40F205C", BirthDate),
            ("RSSMRA45C72F205C", BirthDate),
            ("RSSMRA45B30F205C", BirthDate),
        ] {
            assert_eq!(parse(code), Err(reason), "{code:?}");
        }
    }

    #[test]
    fn what_people_type_is_forgiven() {
        assert_eq!(parse(" rss mra 45c12 f205c\n").unwrap().as_str(), "RSSMRA45C12F205C");
        assert_eq!(parse("IT 03819031208").unwrap().as_str(), "03819031208");
        assert_eq!(parse("it03819031208").unwrap().as_str(), "03819031208");
    }

    #[test]
    fn a_surname_may_begin_with_it() {
        let code = format!("ITLMRA80A01H501{}", check_character("ITLMRA80A01H501").unwrap());
        assert_eq!(parse(&code).unwrap().as_str(), code);
    }

    #[test]
    fn every_omocode_letter_stands_for_a_digit() {
        for letter in "LMNPQRSTUV".chars() {
            let start = format!("RSSMRA45C12F20{letter}");
            assert!(parse(&format!("{start}{}", check_character(&start).unwrap())).is_ok(), "{letter}");
        }
        // Day 3L is 30 and 3N is 32.
        for (day, expected) in [("3L", true), ("3M", true), ("3N", false), ("TM", true), ("TN", false)] {
            let start = format!("RSSMRA45C{day}F205");
            let code = format!("{start}{}", check_character(&start).unwrap());
            assert_eq!(parse(&code).is_ok(), expected, "{day}");
        }
    }

    #[test]
    fn the_leap_day_of_either_century_is_a_date() {
        let born_on = |year_month_day: &str| {
            let start = format!("RSSMRA{year_month_day}F205");
            parse(&format!("{start}{}", check_character(&start).unwrap()))
        };
        assert!(born_on("00B29").is_ok(), "2000, not 1900");
        assert!(born_on("96B69").is_ok(), "a woman of 1996");
        assert_eq!(born_on("01B29"), Err(FiscalCodeError::BirthDate));
    }

    #[test]
    fn errors_are_said_in_words() {
        assert_eq!(
            parse("RSSMRA45C12F205").unwrap_err().to_string(),
            "Il codice ha 15 caratteri: un codice fiscale ne ha 16, una partita IVA 11."
        );
    }

    #[test]
    fn codes_are_found_in_a_letter() {
        let letter = "Buongiorno, sono Mario Rossi (C.F.: rssmra45c12f205c), P.IVA IT03819031208.\n\
            Tel. 06 1234567, pratica RSSMRA45C12F205C/2026 e codice sbagliato FOXDRA26C24H872A. \
            Delego l'inquilino,CNTCHR83T41D969D.";
        let found = find_in(letter);
        let codes: Vec<_> = found.iter().map(FiscalCode::as_str).collect();
        assert_eq!(codes, ["RSSMRA45C12F205C", "03819031208", "CNTCHR83T41D969D"]);
    }

    #[test]
    fn a_code_inside_a_longer_word_is_no_code() {
        assert_eq!(
            find_in("XRSSMRA45C12F205C RSSMRA45C12F205CX àRSSMRA45C12F205C 100743110157 0743 110157"),
            []
        );
    }

    #[test]
    fn a_long_list_is_cut() {
        let list: Vec<String> = (0..100)
            .map(|number| format!("{number:010}"))
            .map(|ten| format!("{ten}{}", check_digit(&ten).unwrap()))
            .collect();
        assert_eq!(find_in(&list.join(" ")).len(), MOST_IN_A_TEXT);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in any::<String>()) {
            let _ = parse(&text);
            let _ = find_in(&text);
        }

        #[test]
        fn one_mistyped_digit_is_noticed(ten in "[0-9]{9}[1-9]", at in 0usize..11, other in 1u32..10) {
            let good = format!("{ten}{}", check_digit(&ten).unwrap());
            prop_assert!(parse(&good).is_ok());
            let mut bad: Vec<char> = good.chars().collect();
            bad[at] = char::from_digit((bad[at].to_digit(10).unwrap() + other) % 10, 10).unwrap();
            prop_assert!(parse(&bad.into_iter().collect::<String>()).is_err());
        }

        #[test]
        fn every_code_is_found_where_it_is_written(
            person in proptest::sample::select(&PERSONS[..]), before in "[ ,;:(\n]{1,3}", after in "[ ,;:.)\n]{0,3}",
        ) {
            let text = format!("codice{before}{person}{after}");
            prop_assert_eq!(find_in(&text), [FiscalCode::Person(person.to_owned())]);
        }
    }
}
