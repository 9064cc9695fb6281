//! The code that proves to an app who holds an address.
//!
//! It is made from the id of the asking and our key: the letter can be written, and written again after a crash, without
//! the code being stored anywhere in between.

use uuid::Uuid;

use super::keys::Keys;

/// Digits of a code: with five attempts an asking, and five askings an hour, guessing one takes centuries.
const DIGITS: u32 = 8;
const PURPOSE: &str = "citizen code";

/// The code of an asking, as it stands in the letter: `1234 5678`.
#[must_use]
pub fn code(keys: &Keys, asking: Uuid) -> String {
    let digits = digits(keys, asking);
    let (first, last) = digits.split_at(digits.len() / 2);
    format!("{first} {last}")
}

/// Whether `typed` is the code, with or without its space.
#[must_use]
pub fn is_code(keys: &Keys, asking: Uuid, typed: &str) -> bool {
    let typed: Vec<u8> = typed.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let right = digits(keys, asking);
    // No early return: the time taken must not tell how many digits were guessed.
    typed.len() == right.len()
        && typed.iter().zip(right.bytes()).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

fn digits(keys: &Keys, asking: Uuid) -> String {
    let signature = keys.sign(PURPOSE, asking.as_bytes());
    let (number, _) = signature.split_first_chunk::<8>().expect("a signature has ten bytes");
    let number = u64::from_be_bytes(*number) % 10_u64.pow(DIGITS);
    format!("{number:0width$}", width = DIGITS as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_of_one_asking_and_of_one_house() {
        let (keys, asking) = (Keys::new(&[1; 32]), Uuid::from_u128(7));
        let written = code(&keys, asking);
        assert_eq!((written.len(), written.as_bytes()[4]), (9, b' '));
        assert!(is_code(&keys, asking, &written) && is_code(&keys, asking, &written.replace(' ', "")));
        assert!(!is_code(&keys, Uuid::from_u128(8), &written));
        assert!(!is_code(&Keys::new(&[2; 32]), asking, &written));
        for wrong in ["", "1", "0000 0000", &written[..8], &format!("{written}0")] {
            assert!(!is_code(&keys, asking, wrong), "{wrong}");
        }
    }
}
