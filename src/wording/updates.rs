//! Updates of progress: the words for those that an organisation has not written itself, as templates, and how days and hours
//! stand in them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{language::Language, update_rule::Occasion, update_text::Medium};

use super::{Text, Value, say, say_named};
use crate::domain::{calendar, progress::template};

/// The program's own words, with placeholders.
#[must_use]
pub fn standard(language: Language, medium: Medium, occasion: Occasion) -> Text {
    let medium = match medium {
        Medium::Mail => "mail",
        Medium::Io => "io",
    };
    let key = format!("update-{medium}-{}", key(occasion));
    let values = || template::ALL.map(|one| (one.name().into(), Value::from(one.braced())));
    Text {
        subject: say_named(language, &format!("{key}-subject"), values()),
        body: say_named(language, &key, values()),
    }
}

fn key(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Received => "received",
        Occasion::TakenUp => "taken-up",
        Occasion::Forwarded => "forwarded",
        Occasion::InformationNeeded => "information-needed",
        Occasion::Appointment => "appointment",
        Occasion::Resolved => "resolved",
        Occasion::ResolvedWithSteps => "resolved-with-steps",
        Occasion::Reopened => "reopened",
        Occasion::DeadlineMoved => "deadline-moved",
    }
}

/// What stands on the button of a notification.
#[must_use]
pub fn button(language: Language) -> String {
    say(language, "update-button")
}

/// A day, as it is written in a language.
#[must_use]
pub fn day(language: Language, date: NaiveDate) -> String {
    match language {
        Language::It => super::day(date).to_string(),
        Language::En => date.format("%-d %B %Y").to_string(),
        Language::De => date.format("%d.%m.%Y").to_string(),
    }
}

/// A day and an hour in Italy.
#[must_use]
pub fn moment(language: Language, at: DateTime<Utc>) -> String {
    let local = calendar::rome(at);
    let hour = local.format("%H:%M");
    let day = day(language, local.date());
    match language {
        Language::It => format!("{day}, ore {hour}"),
        Language::En => format!("{day}, {hour}"),
        Language::De => format!("{day}, {hour} Uhr"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        io::{message, text},
        progress::OCCASIONS,
    };
    use sea_orm::Iterable;

    #[test]
    fn every_occasion_has_words_in_every_language() {
        for language in [Language::It, Language::En, Language::De] {
            for medium in Medium::iter() {
                for occasion in
                    OCCASIONS.into_iter().filter(|one| (medium, *one) != (Medium::Mail, Occasion::Received))
                {
                    let words = standard(language, medium, occasion);
                    assert!(!words.subject.starts_with("update-"), "{words:?}");
                    assert_eq!(
                        template::unknown(&words.body, &template::of(occasion)),
                        Vec::<String>::new(),
                        "{occasion:?}"
                    );
                    assert_eq!(
                        template::unknown(&words.subject, &template::of(occasion)),
                        Vec::<String>::new(),
                        "{occasion:?}"
                    );
                }
            }
        }
    }

    /// The shortest that they can become: nothing but what every request has.
    #[test]
    fn what_goes_to_io_fits_its_rules_whatever_is_left_out() {
        for language in [Language::It, Language::En, Language::De] {
            for occasion in OCCASIONS {
                let words = standard(language, Medium::Io, occasion);
                let mut values = vec![
                    (template::Placeholder::Number, "2026/000001".to_owned()),
                    (template::Placeholder::Kind, "Altro".to_owned()),
                    (template::Placeholder::Received, "01.01.2026".to_owned()),
                ];
                // What an occasion cannot be without.
                let own = match occasion {
                    Occasion::DeadlineMoved => Some(template::Placeholder::Due),
                    Occasion::Forwarded => Some(template::Placeholder::Office),
                    Occasion::InformationNeeded => Some(template::Placeholder::Asked),
                    Occasion::ResolvedWithSteps => Some(template::Placeholder::Steps),
                    Occasion::Appointment => Some(template::Placeholder::When),
                    _ => None,
                };
                values.extend(own.map(|own| (own, "01.02.2026".to_owned())));
                let content = message::Content {
                    subject: template::fill(&words.subject, &values),
                    body: template::fill(&words.body, &values),
                    ..message::Content::default()
                };
                assert_eq!(
                    message::check(&content),
                    vec![],
                    "{language:?} {occasion:?}: {}",
                    text::units(&content.body)
                );
            }
        }
    }
}
