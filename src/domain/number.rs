//! The number of a work order: `2026/000123`, gapless per organisation and year.

use std::{fmt, str::FromStr};

/// Year and number in the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    /// Year of registration.
    pub year: i32,
    /// From 1.
    pub number: i32,
}

impl Number {
    /// The form for addresses of pages, where a slash would be a folder.
    #[must_use]
    pub fn slug(self) -> String {
        format!("{}-{:06}", self.year, self.number)
    }

    /// Numbers named in `text` (`2026/000123`), in order, at most ten.
    #[must_use]
    pub fn all_in(text: &str) -> Vec<Self> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        text.split(|c: char| !c.is_ascii_digit() && c != '/')
            .filter_map(|word| word.split_once('/'))
            .filter(|(year, number)| {
                year.len() == 4 && (6..=9).contains(&number.len()) && digits(year) && digits(number)
            })
            .filter_map(|(year, number)| {
                Some(Self { year: year.parse().ok()?, number: number.parse().ok()? })
            })
            .take(10)
            .collect()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:06}", self.year, self.number)
    }
}

/// Not a number of a work order.
#[derive(Debug, thiserror::Error)]
#[error("not a work-order number")]
pub struct NotANumber;

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (year, number) = text.trim().split_once(['/', '-']).ok_or(NotANumber)?;
        if year.len() != 4 || number.is_empty() || number.len() > 9 {
            return Err(NotANumber);
        }
        match (year.parse::<u16>(), number.parse::<u32>()) {
            (Ok(year), Ok(number)) if number > 0 => {
                Ok(Self { year: year.into(), number: i32::try_from(number).map_err(|_| NotANumber)? })
            }
            _ => Err(NotANumber),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back() {
        let number = Number { year: 2026, number: 123 };
        assert_eq!(number.to_string(), "2026/000123");
        assert_eq!(number.slug().parse::<Number>().unwrap(), number);
        assert_eq!("2026/123".parse::<Number>().unwrap(), number);
        for wrong in ["", "2026", "2026/", "2026/0", "26/000001", "2026/-1", "2026/9999999999", "abcd/000001"]
        {
            assert!(wrong.parse::<Number>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_found_in_a_subject() {
        let found =
            Number::all_in("Re: [2026/000123] via Roma 12/14, tel 059/123456, 20261/000001 e 2025/1234567");
        assert_eq!(found, [Number { year: 2026, number: 123 }, Number { year: 2025, number: 1_234_567 }]);
    }
}
