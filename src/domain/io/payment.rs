//! A notice to pay, on a message. The limits are those of `PaymentData` in IO's API; who may send notices at all, and how much
//! they may ask for, is between the organisation and the company behind IO.

use std::ops::RangeInclusive;

/// Euro cents of a payment.
pub const CENTS: RangeInclusive<u64> = 1..=9_999_999_999;
/// Most euro cents while a service may only try notices out ("Guida tecnica", Test Sending pagoPA Notices).
pub const TRIAL_CENTS: u64 = 10;
/// Digits of a notice number.
const NOTICE_DIGITS: usize = 18;

/// What there is to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Amount in euro cents.
    pub cents: u64,
    /// The notice number on the pagoPA notice, 18 digits.
    pub notice_number: String,
    /// Whether it cannot be paid any more when the deadline has passed. Needs a deadline.
    pub invalid_after_due_date: bool,
}

/// Why a payment cannot be sent. The message is for whoever typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// No amount as Italians write it.
    #[error("Scrivi l'importo in euro, con la virgola prima dei centesimi: per esempio 1.234,56.")]
    Unreadable,
    /// Nothing to pay, or more than IO takes.
    #[error("L'importo va da 0,01 a 99.999.999,99 euro.")]
    Amount,
    /// Not a notice number.
    #[error("Il numero dell'avviso pagoPA ha 18 cifre e comincia con 0, 1, 2 o 3.")]
    NoticeNumber,
}

/// Reads an amount in euro as Italians write it: `12`, `12,5`, `1.234,56`, `€ 10,00`. Returns cents.
///
/// # Errors
/// A sentence for whoever typed it. `12.50` is refused: whoever writes points for commas may mean either.
pub fn read_amount(typed: &str) -> Result<u64, Unfit> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
    let (euros, cents) = plain.split_once(',').unwrap_or((&plain, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = euros.split('.');
    let first = groups.next().unwrap_or_default();
    let grouped = euros.contains('.');
    let sound = is_number(first)
        && (!grouped || first.len() <= 3)
        && groups.all(|group| group.len() == 3 && is_number(group))
        && is_number(cents)
        && cents.len() <= 2;
    if !sound {
        return Err(Unfit::Unreadable);
    }
    let cents: u64 = format!("{cents:0<2}").parse().map_err(|_| Unfit::Amount)?;
    let euros: u64 = euros.replace('.', "").parse().map_err(|_| Unfit::Amount)?;
    let all = euros.checked_mul(100).and_then(|all| all.checked_add(cents)).ok_or(Unfit::Amount)?;
    if CENTS.contains(&all) { Ok(all) } else { Err(Unfit::Amount) }
}

/// Reads a notice number; the spaces with which notices print it are forgiven.
///
/// # Errors
/// It is none: `^[0123][0-9]{17}$`.
pub fn read_notice_number(typed: &str) -> Result<String, Unfit> {
    let number: String = typed.split_whitespace().collect();
    if is_notice_number(&number) { Ok(number) } else { Err(Unfit::NoticeNumber) }
}

/// Whether IO takes it for a notice number.
#[must_use]
pub fn is_notice_number(number: &str) -> bool {
    number.len() == NOTICE_DIGITS
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && number.starts_with(['0', '1', '2', '3'])
}

/// An amount for people: `1.234,56 €`.
#[must_use]
pub fn written(cents: u64) -> String {
    let euros = (cents / 100).to_string();
    let mut grouped = String::new();
    for (place, digit) in euros.char_indices() {
        if place > 0 && (euros.len() - place).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped},{:02} €", cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_italians_write_them() {
        for (typed, cents) in [
            ("1.234,56", 123_456),
            ("1234,56", 123_456),
            ("12", 1200),
            ("12,5", 1250),
            ("€ 0,10", 10),
            ("0,01", 1),
            ("1.234", 123_400),
            ("99.999.999,99", 9_999_999_999),
        ] {
            assert_eq!(read_amount(typed), Ok(cents), "{typed}");
        }
        for typed in
            ["", "dodici", "12.50", "1.23,4", "1,234", "1234.567,00", ",50", "-1", "1,2,3", "1e3", "+1"]
        {
            assert_eq!(read_amount(typed), Err(Unfit::Unreadable), "{typed}");
        }
        for typed in ["0", "0,00", "100.000.000,00", "99999999999999999999999"] {
            assert_eq!(read_amount(typed), Err(Unfit::Amount), "{typed}");
        }
        for (cents, shown) in [(1, "0,01 €"), (123_456, "1.234,56 €"), (9_999_999_999, "99.999.999,99 €")]
        {
            assert_eq!(written(cents), shown);
            assert_eq!(read_amount(shown), Ok(cents));
        }
    }

    #[test]
    fn a_notice_number_has_eighteen_digits_and_begins_low() {
        assert_eq!(read_notice_number("3020 0000 0000 0000 17").as_deref(), Ok("302000000000000017"));
        for wrong in
            ["", "30200000000000001", "3020000000000000170", "402000000000000017", "30200000000000001a"]
        {
            assert_eq!(read_notice_number(wrong), Err(Unfit::NoticeNumber), "{wrong}");
        }
        assert!(!is_notice_number("٣02000000000000017"));
    }
}
