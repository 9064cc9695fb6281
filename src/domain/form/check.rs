//! Whether the answers hold. Every problem names its field and, as a key of the texts, what is wrong with it.

use chrono::NaiveDate;
use entity::{
    form::{Field, Form, Need, What},
    submission::Answers,
};

use super::{lies_ahead, limit};
use crate::domain::{
    fiscal_code::{self, FiscalCode, FiscalCodeError},
    mail::{self, AddressFault},
    place, text,
};

/// Longest name, in characters.
const NAME: u32 = 100;
/// Digits of a telephone number (ITU-T E.164 allows fifteen; the shortest Italian ones have five).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 5..=15;
/// Largest count: nobody has more bins.
const COUNT: u32 = 999;
/// Largest amount, in cents: nine digits before the comma are a slip of the hand.
const AMOUNT_DIGITS: usize = 8;
/// Longest code of a taxpayer or of premises.
const CODE: usize = 30;

/// One thing wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the field.
    pub field: String,
    /// What is wrong: the rest of a key of the texts (`problem-missing`, `problem-too-long`, …).
    pub what: &'static str,
    /// The number that goes into the sentence as `$n`; 0 where there is none.
    pub n: u32,
}

impl Problem {
    fn new(field: &str, what: &'static str) -> Self {
        Self { field: field.to_owned(), what, n: 0 }
    }
}

/// What is wrong with the answers of the second step; `files`: how many were handed over; `today`: the day in Italy.
#[must_use]
pub fn check_fields(form: &Form, answers: &Answers, files: usize, today: NaiveDate) -> Vec<Problem> {
    form.fields.iter().filter_map(|field| check(field, answers, files, today)).collect()
}

fn check(field: &Field, answers: &Answers, files: usize, today: NaiveDate) -> Option<Problem> {
    let answer = visible(answers.get(&field.name));
    let wrong = |what| Some(Problem::new(&field.name, what));
    if field.what == What::Files {
        return if field.required && files == 0 { wrong("files-missing") } else { None };
    }
    if answer.is_empty() {
        let excused = matches!(field.what, What::UserCode | What::PremisesCode)
            && !answers.get(&format!("{}_missing", field.name)).is_empty();
        return match (field.required && !excused, field.what) {
            (false, _) => None,
            (true, What::UserCode | What::PremisesCode) => wrong("code-missing"),
            (true, What::Tick) => wrong("tick"),
            (true, _) => wrong("missing"),
        };
    }
    common(&field.name, answer, limit(field), field.what == What::Text).or_else(|| match field.what {
        What::Choice if field.options.iter().all(|option| option.value != answer) => wrong("choice"),
        What::Tick if answer != "on" => wrong("tick"),
        What::Date => date(answer, lies_ahead(field).then_some(today)).and_then(wrong),
        What::Amount if !is_amount(answer) => wrong("amount"),
        What::Iban if !is_iban(answer) => wrong("iban"),
        What::Count
            if answer.parse::<u32>().is_ok_and(|count| count > COUNT) || answer.parse::<u32>().is_err() =>
        {
            Some(Problem { n: COUNT, ..Problem::new(&field.name, "count") })
        }
        What::Place if place::street(answer).is_empty() && !answer.chars().any(char::is_alphabetic) => {
            wrong("place")
        }
        What::Place => position(field, answers),
        What::UserCode | What::PremisesCode if !is_code(answer) => wrong("user-code"),
        _ => None,
    })
}

/// An answer, or nothing where nobody sees any.
fn visible(answer: &str) -> &str {
    if text::is_blank(answer) { "" } else { answer.trim() }
}

/// `from`: the first day that will do.
fn date(answer: &str, from: Option<NaiveDate>) -> Option<&'static str> {
    let Ok(day) = answer.parse::<NaiveDate>() else { return Some("date") };
    from.is_some_and(|from| day < from).then_some("date-past")
}

/// A position is measured or comes from a map: half of one, or one on another planet, was made by somebody else.
fn position(field: &Field, answers: &Answers) -> Option<Problem> {
    let (lat, lon) =
        (answers.get(&format!("{}_lat", field.name)), answers.get(&format!("{}_lon", field.name)));
    if lat.trim().is_empty() && lon.trim().is_empty() || place::position(lat, lon).is_some() {
        return None;
    }
    let wrong = if place::position(lat, "0").is_none() { "_lat" } else { "_lon" };
    Some(Problem::new(&format!("{}{wrong}", field.name), "position"))
}

/// What holds for every answer: its length, and no characters that nobody sees.
fn common(name: &str, answer: &str, limit: u32, lines: bool) -> Option<Problem> {
    if answer.chars().count() > limit as usize {
        return Some(Problem { n: limit, ..Problem::new(name, "too-long") });
    }
    let hidden =
        |c: char| text::turns_direction(c) || c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'));
    answer.contains(hidden).then(|| Problem::new(name, "control"))
}

/// What is wrong with the answers of the third step.
#[must_use]
pub fn check_contacts(form: &Form, answers: &Answers) -> Vec<Problem> {
    let asked = &form.contacts;
    let mut problems = Vec::new();
    let mut check =
        |name: &'static str, need: Need, limit: u32, is: &dyn Fn(&str) -> Option<&'static str>| {
            let answer = visible(answers.get(name));
            let problem = match need {
                Need::Hidden => None,
                Need::Required if answer.is_empty() => Some(Problem::new(name, "missing")),
                _ if answer.is_empty() => None,
                _ => common(name, answer, limit, name == "postal_address")
                    .or_else(|| is(answer).map(|what| Problem::new(name, what))),
            };
            problems.extend(problem);
        };
    check("name", first_name(asked.name, answers), NAME, &is_name);
    check("surname", asked.name, NAME, &is_name);
    check("fiscal_code", asked.fiscal_code, super::LINE, &fiscal_code);
    check("email", asked.email, 254, &address);
    check("postal_address", asked.postal_address, 300, &|_| None);
    check("phone", asked.phone, 40, &phone);
    let given = |name: &str| !text::is_blank(answers.get(name));
    let reachable = given("email") || given("postal_address");
    if asked.reachable && !reachable && problems.iter().all(|problem| problem.field != "email") {
        problems.push(Problem::new("email", "email-or-postal"));
    }
    if answers.get("told_by") == "io" && !is_person(answers) {
        problems.push(Problem::new("told_by", "no-fiscal-code"));
    }
    problems
}

/// A company has one name, which stands where people have their surname.
fn first_name(need: Need, answers: &Answers) -> Need {
    let company = matches!(fiscal_code::parse(answers.get("fiscal_code")), Ok(FiscalCode::Number(_)));
    if company && need == Need::Required { Need::Optional } else { need }
}

/// IO knows people by their codice fiscale, and no companies.
fn is_person(answers: &Answers) -> bool {
    matches!(fiscal_code::parse(answers.get("fiscal_code")), Ok(FiscalCode::Person(_)))
}

fn is_name(answer: &str) -> Option<&'static str> {
    (!answer.chars().any(char::is_alphabetic)).then_some("name")
}

fn address(answer: &str) -> Option<&'static str> {
    Some(match mail::address_fault(&mail::folded(answer))? {
        AddressFault::Shape => "email",
        AddressFault::NoDot => "email-dot",
        AddressFault::Quoted => "email-quoted",
    })
}

fn fiscal_code(answer: &str) -> Option<&'static str> {
    let wrong = fiscal_code::parse(answer).err()?;
    Some(match wrong {
        FiscalCodeError::Empty | FiscalCodeError::Length(_) => "fiscal-code-length",
        FiscalCodeError::Month(_) => "fiscal-code-month",
        FiscalCodeError::BirthDate => "fiscal-code-day",
        FiscalCodeError::Check if answer.chars().any(char::is_alphabetic) => "fiscal-code-check",
        FiscalCodeError::Check | FiscalCodeError::Zeros => "vat-check",
        FiscalCodeError::LetterExpected(_)
        | FiscalCodeError::DigitExpected(_)
        | FiscalCodeError::NumberExpected => "fiscal-code-letters",
    })
}

fn phone(answer: &str) -> Option<&'static str> {
    let digits = answer.bytes().filter(u8::is_ascii_digit).count();
    let shaped = |c: char| c.is_ascii_digit() || " +-./()".contains(c);
    if !answer.chars().all(shaped) {
        Some("phone")
    } else if digits < *PHONE_DIGITS.start() {
        Some("phone-short")
    } else {
        (digits > *PHONE_DIGITS.end()).then_some("phone-long")
    }
}

/// Euro, with or without cents: `12`, `12,50`, `1.250,00`.
fn is_amount(answer: &str) -> bool {
    let answer = answer.trim_start_matches('€').trim();
    let (euro, cents) = answer.split_once(',').unwrap_or((answer, "00"));
    let euro = euro.replace('.', "");
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(&euro) && euro.len() <= AMOUNT_DIGITS && digits(cents) && cents.len() <= 2
}

fn is_code(answer: &str) -> bool {
    let shaped = |c: char| c.is_ascii_alphanumeric() || "-/._ ".contains(c);
    answer.len() <= CODE && answer.chars().all(shaped) && answer.chars().any(|c| c.is_ascii_alphanumeric())
}

/// ISO 13616: country, two check digits, and the rest; modulo 97 of the rearranged number is one.
fn is_iban(answer: &str) -> bool {
    let code: Vec<u8> =
        answer.bytes().filter(|byte| *byte != b' ').map(|byte| byte.to_ascii_uppercase()).collect();
    if !(15..=34).contains(&code.len())
        || !code.iter().all(u8::is_ascii_alphanumeric)
        || !code[..2].iter().all(u8::is_ascii_uppercase)
        || !code[2..4].iter().all(u8::is_ascii_digit)
        // Italian ones have 27 characters: a missing digit should not be left to luck.
        || code.starts_with(b"IT") && code.len() != 27
    {
        return false;
    }
    let rest = code[4..].iter().chain(&code[..4]).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    rest == 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::form::standard;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();

    fn answers(of: &[(&str, &str)]) -> Answers {
        Answers(
            of.iter()
                .map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned()))
                .collect::<BTreeMap<_, _>>(),
        )
    }

    fn found(problems: &[Problem]) -> Vec<String> {
        problems.iter().map(|problem| format!("{}: {}", problem.field, problem.what)).collect()
    }

    #[test]
    fn an_empty_complaint_lacks_what_the_law_asks_for() {
        let form = standard("complaint").unwrap();
        let nothing = Answers::default();
        assert_eq!(
            found(&check_fields(&form, &nothing, 0, TODAY)),
            [
                "service: missing",
                "user_code: code-missing",
                "premises: missing",
                "premises_code: code-missing",
                "title: missing",
                "details: missing"
            ]
        );
        assert_eq!(
            found(&check_contacts(&form, &nothing)),
            ["name: missing", "surname: missing", "fiscal_code: missing", "email: email-or-postal"]
        );
        let excused = answers(&[("user_code_missing", "on"), ("premises_code_missing", "on")]);
        assert!(
            !found(&check_fields(&form, &excused, 0, TODAY))
                .iter()
                .any(|problem| problem.contains("code-missing"))
        );
    }

    #[test]
    fn a_company_needs_no_first_name_and_is_not_on_io() {
        let form = standard("complaint").unwrap();
        let mut company = answers(&[
            ("surname", "Bar Centrale s.r.l."),
            ("fiscal_code", "00743110157"),
            ("email", "bar@esempio.example"),
        ]);
        assert_eq!(found(&check_contacts(&form, &company)), [] as [&str; 0]);
        company.0.insert("told_by".to_owned(), "io".to_owned());
        assert_eq!(found(&check_contacts(&form, &company)), ["told_by: no-fiscal-code"]);
        company.0.insert("fiscal_code".to_owned(), "RSSMRA45C12F205C".to_owned());
        assert_eq!(found(&check_contacts(&form, &company)), ["name: missing"]);
    }

    #[test]
    fn what_is_wrong_with_a_codice_fiscale_is_said() {
        for (typed, what) in [
            ("RSSMRA45C12F205C", None),
            ("rss mra 45c12 f2lri", None),
            ("RSSMRA45C12F205", Some("fiscal-code-length")),
            ("RSSMRA45C12F2LRI", None),
            ("FOXDRA26C24H872A", Some("fiscal-code-check")),
            ("CNTCHR83T32D969H", Some("fiscal-code-day")),
            ("CSTNGL22I10D086I", Some("fiscal-code-month")),
            ("12345678901", Some("vat-check")),
        ] {
            assert_eq!(fiscal_code(typed), what, "{typed}");
        }
    }

    #[test]
    fn an_answer_that_nobody_can_see_is_none() {
        let form = standard("disruption").unwrap();
        for blank in ["\u{200b}\u{2060}", "\u{feff} \u{a0}", "\u{202e}\u{202c}", "\u{ad}\u{3164}"] {
            let typed = answers(&[("title", blank), ("details", blank), ("name", blank)]);
            let missing = found(&check_fields(&form, &typed, 0, TODAY));
            assert!(missing.contains(&"title: missing".to_owned()), "{missing:?}");
            assert!(missing.contains(&"details: missing".to_owned()), "{missing:?}");
            let complaint = found(&check_contacts(&standard("complaint").unwrap(), &typed));
            assert!(complaint.contains(&"name: missing".to_owned()), "{complaint:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        for (typed, what) in [
            ("Anna@Libero.example", None),
            ("max@localhost", Some("email-dot")),
            ("\"max m\"@esempio.it", Some("email-quoted")),
            ("max@[127.0.0.1]", Some("email-quoted")),
            ("max", Some("email")),
        ] {
            assert_eq!(address(typed), what, "{typed}");
        }
    }

    #[test]
    fn a_day_that_is_wished_for_is_not_past() {
        let form = standard("pickup").unwrap();
        let wished = |day| {
            let all = found(&check_fields(&form, &answers(&[("preferred_date", day)]), 0, TODAY));
            all.into_iter().filter(|problem| problem.starts_with("preferred_date")).collect::<Vec<_>>()
        };
        assert_eq!(wished("2026-03-01"), ["preferred_date: date-past"]);
        assert_eq!(wished("2026-03-02"), [] as [&str; 0], "today");
        assert_eq!(wished("2026-02-30"), ["preferred_date: date"]);
        let since = Field { what: What::Date, name: "since".to_owned(), ..Field::default() };
        let other = Form { fields: vec![since], ..Form::default() };
        assert_eq!(check_fields(&other, &answers(&[("since", "2026-03-01")]), 0, TODAY), [], "what was");
    }

    #[test]
    fn shapes_are_checked() {
        assert!(is_iban("IT60 X054 2811 1010 0000 0123 456") && !is_iban("IT61X0542811101000000123456"));
        assert!(is_iban("DE89370400440532013000") && !is_iban("IT60X05428111010000001234"));
        for good in ["12", "12,50", "1.250,00", "€ 3"] {
            assert!(is_amount(good), "{good}");
        }
        for bad in ["", ",5", "12,345", "dodici", "999999999"] {
            assert!(!is_amount(bad), "{bad}");
        }
        let phones = ["+39 030 123-456", "030", "0301234567890123", "chiamami"].map(phone);
        assert_eq!(phones, [None, Some("phone-short"), Some("phone-long"), Some("phone")]);
    }

    #[test]
    fn hidden_characters_are_refused_and_lines_kept_where_there_are_lines() {
        assert!(common("a", "uno\r\ndue", 100, true).is_none());
        assert!(common("a", "uno\r\nBcc: due", 100, false).is_some());
        assert!(common("a", "uno\u{202e}due", 100, true).is_some());
        assert_eq!(common("a", "perché", 5, false).unwrap().n, 5);
    }
}
