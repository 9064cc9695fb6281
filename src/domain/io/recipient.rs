//! Whom IO can reach: natural persons, by their codice fiscale.
//!
//! IO looks at the shape of a code and not at its check character (`FiscalCode` in pagopa/ts-commons, `strings.ts`), and so do
//! we: a code that IO would take must not be refused here. That the check character does not fit is said as a hint.

use std::fmt;

use crate::domain::fiscal_code;

/// The code that IO adds to the recipients of every new service, for trials ("Guida tecnica", `authorized_recipients`). What is
/// sent to it goes by mail to whoever owns the service. Nobody promises any more that it works.
pub const SANDBOX: &str = "AAAAAA00A00A000A";

/// What is said of a code whose check character or date does not fit.
pub const DOUBT: &str =
    "L'ultima lettera del codice fiscale non corrisponde alle altre: forse c'è un errore di battitura.";

const LETTERS: usize = 6;
const MONTHS: &[u8] = b"ABCDEHLMPRST";
/// Letters that stand for digits where two people would have the same code.
const OMOCODE_LETTERS: &[u8] = b"LMNPQRSTUV";

/// A codice fiscale that IO accepts, in capitals. Never shown by `Debug`: it must not get into logs.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Recipient(String);

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(…)")
    }
}

/// Why IO reaches nobody by a code. The message is for whoever typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing but spaces.
    #[error("Scrivi il codice fiscale della persona a cui mandare il messaggio.")]
    Empty,
    /// A partita IVA, or the code of a body; provisional codes of persons look the same.
    #[error(
        "È un codice di 11 cifre, di un'impresa o di un ente: IO raggiunge solo le persone. Si può scrivere al legale \
         rappresentante, con il suo codice fiscale personale."
    )]
    Company,
    /// So many characters.
    #[error("Il codice ha {0} caratteri: il codice fiscale di una persona ne ha 16.")]
    Length(usize),
    /// Sixteen characters that are no code.
    #[error("Il codice fiscale non è scritto bene: controlla lettere e cifre.")]
    Shape,
}

impl Recipient {
    /// Reads a code as somebody typed it: spaces and small letters are forgiven.
    ///
    /// # Errors
    /// Nobody can be reached by it.
    pub fn read(typed: &str) -> Result<Self, Unfit> {
        let code: String = typed.split_whitespace().collect::<String>().to_ascii_uppercase();
        match code.chars().count() {
            0 => Err(Unfit::Empty),
            16 if is_personal(&code) => Ok(Self(code)),
            16 => Err(Unfit::Shape),
            length if is_company(&code, length) => Err(Unfit::Company),
            length => Err(Unfit::Length(length)),
        }
    }

    /// The code, as IO wants it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the code of trials.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.0 == SANDBOX
    }

    /// Whether the check character or the date in it does not fit: nearly always a slip of the finger.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        !self.is_sandbox() && fiscal_code::parse(&self.0).is_err()
    }
}

/// Eleven digits, with or without the country before them.
fn is_company(code: &str, length: usize) -> bool {
    let digits = code.strip_prefix("IT").filter(|_| length == 13).unwrap_or(code);
    digits.len() == 11 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$`
pub(super) fn is_personal(code: &str) -> bool {
    code.len() == 16
        && code.bytes().enumerate().all(|(place, byte)| match place {
            0..LETTERS | 11 | 15 => byte.is_ascii_uppercase(),
            8 => MONTHS.contains(&byte),
            _ => byte.is_ascii_digit() || OMOCODE_LETTERS.contains(&byte),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_reached_and_companies_are_not() {
        for code in ["RSSMRA45C12F205C", "RSSMRAQRCMNFNLRG", "SPNDNL80R13C555X", SANDBOX] {
            assert_eq!(Recipient::read(code).map(|read| read.as_str().to_owned()), Ok(code.to_owned()));
        }
        assert_eq!(Recipient::read(" rss mra 45c12 f205c ").unwrap().as_str(), "RSSMRA45C12F205C");
        for (typed, why) in [
            ("", Unfit::Empty),
            (" \u{a0}", Unfit::Empty),
            ("00743110157", Unfit::Company),
            ("IT 00743110157", Unfit::Company),
            ("RSSMRA45C12F205", Unfit::Length(15)),
            ("RSSMRA45I12F205C", Unfit::Shape),
            ("RSSMRA4OC12F205C", Unfit::Shape),
            ("RSSMRÀ45C12F205C", Unfit::Shape),
            ("1234567890123456", Unfit::Shape),
        ] {
            assert_eq!(Recipient::read(typed), Err(why), "{typed:?}");
        }
    }

    #[test]
    fn a_check_character_that_does_not_fit_is_a_doubt_and_no_refusal() {
        assert!(Recipient::read("RSSMRA45C12F205A").unwrap().is_doubtful());
        assert!(!Recipient::read("RSSMRA45C12F205C").unwrap().is_doubtful());
        assert!(!Recipient::read(SANDBOX).unwrap().is_doubtful());
    }

    #[test]
    fn a_code_does_not_show_itself() {
        assert_eq!(format!("{:?}", Recipient::read("RSSMRA45C12F205C").unwrap()), "Recipient(…)");
    }
}
