//! Our words for the pages of the portal that an organisation may write itself: Markdown, in three languages. What only the
//! organisation can know is marked in them, in bold and square brackets, and stays marked until somebody completes it.

use entity::{
    form::{Field, Form, Need, What},
    language::Language,
    request_kind,
};

use super::{Value, say, say_with};
use crate::domain::form::of_kind;

/// What the page of a service's card begins with; the code of the kind follows.
pub const SERVICE: &str = "service/";

/// What every mark of something to complete begins with, in each language.
const TO_COMPLETE: [&str; 3] =
    ["[Da completare a cura", "[To be completed by", "[Von der Körperschaft zu ergänzen"];

/// Whether something that only the organisation can know is still marked in a text.
#[must_use]
pub fn is_unfinished(text: &str) -> bool {
    TO_COMPLETE.iter().any(|mark| text.contains(mark))
}

/// Whom and what a text is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Name of the organisation.
    pub organisation: &'a str,
    /// Telephone of the portal; empty when there is none.
    pub phone: &'a str,
    /// Whose card it is.
    pub kind: Option<&'a request_kind::Model>,
}

/// Our text of a page (`home`, `privacy`, `accessibility`, `legal`, `contacts`, `service/…`); `None` for others.
#[must_use]
pub fn text(language: Language, page: &str, about: &About<'_>) -> Option<String> {
    if page.starts_with(SERVICE) {
        let kind = about.kind?;
        return Some(card(language, kind, &of_kind(kind)?));
    }
    let phone =
        if about.phone.is_empty() { say(language, "site-to-complete-phone") } else { plain(about.phone) };
    let filled = source(language, page)?.replace("{organisation}", &plain(about.organisation));
    Some(filled.replace("{phone}", &phone))
}

macro_rules! sources {
    ($language:literal, $page:expr) => {
        match $page {
            "home" => Some(include_str!(concat!("pages/", $language, "/home.md"))),
            "privacy" => Some(include_str!(concat!("pages/", $language, "/privacy.md"))),
            "accessibility" => Some(include_str!(concat!("pages/", $language, "/accessibility.md"))),
            "legal" => Some(include_str!(concat!("pages/", $language, "/legal.md"))),
            "contacts" => Some(include_str!(concat!("pages/", $language, "/contacts.md"))),
            _ => None,
        }
    };
}

fn source(language: Language, page: &str) -> Option<&'static str> {
    match language {
        Language::It => sources!("it", page),
        Language::En => sources!("en", page),
        Language::De => sources!("de", page),
    }
}

/// Sections of a service's card (Designers Italia), with what the validator of public administrations calls them.
const SECTIONS: [(&str, Option<&str>); 8] = [
    ("card-addressed", Some("service-addressed")),
    ("card-description", Some("service-description")),
    ("card-how-to", Some("service-how-to")),
    ("card-needed", Some("service-needed")),
    ("card-achieved", Some("service-achieved")),
    ("card-times", Some("service-calendar-text")),
    ("card-costs", Some("service-cost")),
    ("card-conditions", None),
];

/// What the validator calls the section with this heading.
#[must_use]
pub fn element(language: Language, heading: &str) -> Option<&'static str> {
    SECTIONS.iter().find(|(key, _)| say(language, key) == heading).and_then(|(_, element)| *element)
}

/// The card of a service: what is needed and how long it takes come from its form and its kind.
fn card(language: Language, kind: &request_kind::Model, form: &Form) -> String {
    let section = |(key, _): (&str, Option<&str>)| {
        let words = match key {
            "card-needed" => needed(language, form),
            "card-times" => times(language, kind),
            _ => say(language, &format!("{key}-text")),
        };
        format!("## {}\n\n{words}\n", say(language, key))
    };
    SECTIONS.map(section).join("\n")
}

/// What is to be at hand: places, codes, amounts, not what one simply writes.
fn needed(language: Language, form: &Form) -> String {
    let looked_up = |field: &&Field| {
        let lookups = [What::Place, What::UserCode, What::PremisesCode, What::Iban, What::Amount, What::Date];
        field.required && lookups.contains(&field.what)
    };
    let labels = form.fields.iter().filter(looked_up).map(|field| plain(field.label.in_(language)));
    let code =
        (form.contacts.fiscal_code == Need::Required).then(|| say(language, "card-needed-fiscal-code"));
    let lines = labels.chain(code).chain([say(language, "card-needed-photos")]);
    let lines: Vec<String> = lines.map(|line| format!("- {line}")).collect();
    format!("{}\n\n{}", say(language, "card-needed-text"), lines.join("\n"))
}

fn times(language: Language, kind: &request_kind::Model) -> String {
    let (key, n) = match (kind.limit_days, kind.limit_hours) {
        (_, Some(hours)) => ("card-times-hours", hours),
        (Some(days), None) => ("card-times-days", days),
        (None, None) => return say(language, "card-times-text"),
    };
    say_with(language, key, &[("n", Value::from(n))])
}

/// Words that are no Markdown.
fn plain(words: &str) -> String {
    let mut written = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, '.' | ',' | '\'' | '-' | '/' | ':' | '(' | ')' | '?' | '%')
        {
            written.push('\\');
        }
        written.push(c);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: [&str; 5] = ["home", "privacy", "accessibility", "legal", "contacts"];

    #[test]
    fn every_page_names_the_organisation_and_says_what_it_must_complete() {
        for language in Language::ALL {
            let about = About { organisation: "Ambiente *Servizi*", phone: "", kind: None };
            for page in PAGES {
                let text = text(language, page, &about).unwrap();
                assert!(!text.contains('{'), "{page}");
                assert!(page == "contacts" || text.contains("Ambiente \\*Servizi\\*"), "{page}");
                assert_eq!(text.contains("**["), page != "home", "{page} of {}", language.tag());
                assert_eq!(is_unfinished(&text), page != "home", "{page} of {}", language.tag());
            }
        }
        assert!(text(Language::It, "altro", &About { organisation: "", phone: "", kind: None }).is_none());
    }

    #[test]
    fn the_pages_of_all_languages_have_the_same_sections() {
        let sections = |language, page| source(language, page).unwrap().matches("\n## ").count();
        for page in PAGES {
            let italian = sections(Language::It, page);
            for language in Language::ALL {
                assert_eq!(sections(language, page), italian, "{page} of {}", language.tag());
            }
        }
    }
}
