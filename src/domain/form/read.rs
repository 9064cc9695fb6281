//! What the answers say: who sends them, where the thing is, and how they read as a letter.

use entity::{
    form::{Field, Form, Need, What},
    language::Language,
    request_kind,
    submission::Answers,
};

use crate::domain::{fiscal_code, mail, place, text};

/// Longest subject, in characters.
const SUBJECT: usize = 200;

/// What the answers say about who sends them and where the thing is. Declared, not proven.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// Name and surname, or company.
    pub name: String,
    /// Email address, lower case; empty when none was given.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Codice fiscale or partita IVA, upper case, checked; empty when none was given.
    pub fiscal_code: String,
    /// Codice utente and codice utenza, upper case.
    pub codes: Vec<String>,
    /// Where the thing is: address, and position (degrees north, degrees east).
    pub place: Option<(String, Option<(f64, f64)>)>,
}

/// Reads them out of the answers.
#[must_use]
pub fn declared(form: &Form, answers: &Answers) -> Declared {
    let line = |name: &str| text::typed_line(answers.get(name));
    let contact = |name: &str| text::typed_line(contact(form, answers, name));
    let codes = form.fields.iter().filter(|field| matches!(field.what, What::UserCode | What::PremisesCode));
    let place = form.fields.iter().find(|field| field.what == What::Place).and_then(|field| {
        let address = line(&field.name);
        let part = |part: &str| answers.get(&format!("{}{part}", field.name));
        (!address.is_empty()).then(|| (address, place::position(part("_lat"), part("_lon"))))
    });
    Declared {
        name: text::one_line(&format!("{} {}", contact("name"), contact("surname"))),
        email: mail::folded(&contact("email")),
        phone: contact("phone"),
        fiscal_code: fiscal_code::parse(&contact("fiscal_code"))
            .map(|code| code.as_str().to_owned())
            .unwrap_or_default(),
        codes: codes
            .map(|field| line(&field.name).to_ascii_uppercase())
            .filter(|code| !code.is_empty())
            .collect(),
        place,
    }
}

/// What was said about the citizen, as far as the form asks: what it does not ask is not looked at, because nobody checks it.
fn contact<'a>(form: &Form, answers: &'a Answers, name: &str) -> &'a str {
    let need = match name {
        "name" | "surname" => form.contacts.name,
        "fiscal_code" => form.contacts.fiscal_code,
        "email" => form.contacts.email,
        "postal_address" => form.contacts.postal_address,
        "phone" => form.contacts.phone,
        _ => Need::Hidden,
    };
    if need == Need::Hidden { "" } else { answers.get(name) }
}

/// Subject and text of the communication that the answers become: question and answer, line by line, questions in the language
/// of the desk, answers in the citizen's own words.
#[must_use]
pub fn letter(
    form: &Form,
    kind: &request_kind::Model,
    answers: &Answers,
    language: Language,
) -> (String, String) {
    let title = text::typed_line(answers.get("title"));
    let subject = if title.is_empty() { kind.name.clone() } else { title };
    let mut words = String::new();
    let details = text::typed(answers.get("details"));
    if !details.is_empty() {
        words.push_str(&details);
        words.push_str("\n\n");
    }
    for (question, answer) in lines(form, answers, Language::It) {
        if answer != details && answer != subject {
            words.extend([&question, ": ", &answer, "\n"]);
        }
    }
    for (question, name) in ABOUT {
        let answer = text::typed(contact(form, answers, name)).replace('\n', ", ");
        if !answer.is_empty() {
            words.extend([question, ": ", &answer, "\n"]);
        }
    }
    if language != Language::It {
        words.extend(["Lingua: ", language.tag(), "\n"]);
    }
    (text::shortened(&subject, SUBJECT), words.trim_end().to_owned())
}

/// What is said about the citizen, at the end of the letter.
const ABOUT: [(&str, &str); 6] = [
    ("Nome", "name"),
    ("Cognome", "surname"),
    ("Codice fiscale o partita IVA", "fiscal_code"),
    ("Email", "email"),
    ("Indirizzo", "postal_address"),
    ("Telefono", "phone"),
];

/// Questions and answers of the second step, in order, as a person reads them; what was not answered is left out.
#[must_use]
pub fn lines(form: &Form, answers: &Answers, language: Language) -> Vec<(String, String)> {
    let line = |field: &Field| Some((field.label.in_(language).to_owned(), said(field, answers, language)?));
    form.fields.iter().filter_map(line).collect()
}

fn said(field: &Field, answers: &Answers, language: Language) -> Option<String> {
    let answer = text::typed(answers.get(&field.name));
    if answer.is_empty() {
        return None;
    }
    Some(match field.what {
        What::Files => return None,
        What::Tick => match language {
            Language::It => "sì".to_owned(),
            Language::En => "yes".to_owned(),
            Language::De => "ja".to_owned(),
        },
        What::Choice => {
            let chosen = field.options.iter().find(|option| option.value == answer)?;
            chosen.label.in_(language).to_owned()
        }
        What::Date => {
            let form = match language {
                Language::It => "%d/%m/%Y",
                Language::En => "%-d %B %Y",
                Language::De => "%d.%m.%Y",
            };
            answer.parse::<chrono::NaiveDate>().map_or(answer, |date| date.format(form).to_string())
        }
        What::Text => answer,
        _ => text::one_line(&answer),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::form::{check_contacts, check_fields, names, standard};

    const CODES: [&str; 6] = ["complaint", "information", "rectification", "disruption", "repair", "pickup"];

    fn kind(code: &str) -> request_kind::Model {
        request_kind::Model {
            id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            code: code.to_owned(),
            name: "Reclamo".to_owned(),
            position: 1,
            limit_days: Some(30),
            limit_hours: None,
            survey_limit_days: None,
            published: true,
            form: None,
        }
    }

    #[test]
    fn a_report_reads_as_a_letter() {
        let form = standard("disruption").unwrap();
        let of = [
            ("place", "Via Solferino 12, Brescia"),
            ("place_lat", "45.5392"),
            ("place_lon", "10.2206"),
            ("what", "missed_collection"),
            ("title", "Carta non ritirata"),
            ("details", "Da lunedì.\r\nAnche al civico 14."),
            ("name", "Anna"),
            ("surname", "Bianchi"),
            ("email", "Anna@Libero.example "),
        ];
        let answers =
            Answers(of.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect());
        let (subject, words) = letter(&form, &kind("disruption"), &answers, Language::De);
        insta::assert_snapshot!(format!("{subject}\n--\n{words}"), @r"
        Carta non ritirata
        --
        Da lunedì.
        Anche al civico 14.

        Luogo: Via Solferino 12, Brescia
        Tipo di disservizio: Mancata raccolta
        Nome: Anna
        Cognome: Bianchi
        Email: Anna@Libero.example
        Lingua: de
        ");
        let declared = declared(&form, &answers);
        assert_eq!(
            (declared.name.as_str(), declared.email.as_str()),
            ("Anna Bianchi", "anna@libero.example")
        );
        assert_eq!(declared.place, Some(("Via Solferino 12, Brescia".to_owned(), Some((45.5392, 10.2206)))));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_nothing_breaks_and_nothing_hidden_is_kept(
            code in 0..CODES.len(),
            typed in proptest::collection::vec(any::<String>(), 40),
        ) {
            let form = standard(CODES[code]).unwrap();
            let answers = Answers(names(&form).into_iter().zip(typed).collect::<BTreeMap<_, _>>());
            drop((check_fields(&form, &answers, 0, chrono::NaiveDate::MIN), check_contacts(&form, &answers)));
            let (subject, words) = letter(&form, &kind(CODES[code]), &answers, Language::En);
            prop_assert!(!subject.chars().any(char::is_control));
            let hidden = words.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t') || text::turns_direction(*c));
            prop_assert_eq!(hidden, None);
            prop_assert!(!declared(&form, &answers).name.contains('\n'));
        }
    }
}
