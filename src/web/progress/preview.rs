//! A text as it will be read, with an example in it: the letter, or the notification in the app and in the mail into which IO
//! forwards it. And advice, which stops nobody.

use chrono::{DateTime, Utc};
use entity::{language::Language, update_text::Medium};
use serde::Serialize;

use crate::{
    actions::progress::{BODY, example, settings::Which},
    domain::{
        io::{
            cta::{self, Button, Cta},
            lint::{self, Circumstances},
            message::Content,
            preview, text,
        },
        progress::template::Placeholder,
    },
    wording::{PERSONAL_URL, Text, updates},
};

/// The preview of one text.
#[derive(Debug, Serialize)]
pub struct Preview {
    subject: String,
    /// The letter's words; of a notification what IO forwards by mail.
    words: String,
    io: Option<InApp>,
    advice: Vec<String>,
}

/// The notification in the app.
#[derive(Debug, Serialize)]
struct InApp {
    html: String,
    button: String,
    /// How long the title is for IO, with the example in it, and how long the text is for us: with less than IO takes, what is filled
    /// in fits, too.
    counters: [Counter; 2],
}

#[derive(Debug, Serialize)]
struct Counter {
    label: &'static str,
    units: usize,
    words: String,
    fits: bool,
}

/// How a text reads at an office of this name.
pub fn of(which: Which, typed: &Text, organisation: &str, now: DateTime<Utc>) -> Preview {
    let (_, medium, language) = which;
    let read = example(typed, (medium, language), organisation, now);
    let subject = read.subject.lines().collect::<Vec<_>>().join(" ");
    let mut advice = of_title(typed);
    match medium {
        Medium::Mail => {
            let content = Content { subject: subject.clone(), ..Content::default() };
            let title = hints(&content, language, now).into_iter().filter(|hint| hint.field == "subject");
            advice.extend(title.map(|hint| hint.words.into_owned()));
            if !typed.body.contains(&Placeholder::Link.braced()) {
                advice.push(
                    "Manca {collegamento}: chi legge non trova la sua pagina, dove può rispondere e scegliere come essere avvisato."
                        .to_owned(),
                );
            }
            Preview { subject, words: read.body, io: None, advice }
        }
        Medium::Io => {
            let content = notification(language, subject, read.body);
            advice.extend(hints(&content, language, now).into_iter().map(|hint| hint.words.into_owned()));
            let markdown = content.markdown();
            Preview {
                words: preview::forwarded(&markdown).trim().to_owned(),
                io: Some(InApp {
                    html: preview::drawn(&markdown),
                    button: updates::button(language),
                    counters: [
                        counter("Titolo", &content.subject, &text::SUBJECT),
                        counter("Testo, come lo scrivi", &typed.body, &(0..=BODY)),
                    ],
                }),
                subject: content.subject,
                advice,
            }
        }
    }
}

/// As it goes to who sent the request: with the button that opens their page.
fn notification(language: Language, subject: String, body: String) -> Content {
    let action = cta::action(PERSONAL_URL).unwrap_or_default();
    let button = Button { text: updates::button(language), action };
    Content { subject, body, cta: Cta { it: vec![button], en: Vec::new() }, ..Content::default() }
}

/// What an operator types freely has no place where everybody who looks at the telephone reads it.
fn of_title(typed: &Text) -> Vec<String> {
    use Placeholder::{Asked, Office, Place, Steps};
    let free = [Asked, Office, Place, Steps].map(Placeholder::braced);
    let said = free.iter().filter(|braced| typed.subject.contains(braced.as_str()));
    said.map(|braced| {
        format!(
            "{braced} nel titolo: lo scrive un operatore, e il titolo si legge anche sullo schermo bloccato. Lascialo nel testo."
        )
    })
    .collect()
}

/// The guide of IO is about Italian words; of other languages it knows what can be seen without reading.
fn hints(content: &Content, language: Language, now: DateTime<Utc>) -> Vec<crate::domain::io::Remark> {
    let circumstances = Circumstances { now, trial: false, most_cents: None };
    let mut hints = lint::lint_content(content, &circumstances);
    hints.retain(|hint| language == Language::It || !hint.words.contains("si dà del tu"));
    hints
}

fn counter(label: &'static str, words: &str, limits: &std::ops::RangeInclusive<usize>) -> Counter {
    let standing = text::standing(words, limits);
    Counter { label, units: text::units(words), words: standing.words(), fits: standing.fits() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{actions::progress::settings::all_texts, domain::progress::template};
    use entity::update_rule::Occasion;

    fn read(which: Which, subject: &str, body: &str) -> Preview {
        let text = Text { subject: subject.to_owned(), body: body.to_owned() };
        of(which, &text, "Ambiente Servizi", "2026-03-02T08:00:00Z".parse().unwrap())
    }

    #[test]
    fn the_programs_own_texts_need_no_advice() {
        for (occasion, medium) in all_texts() {
            for language in Language::ALL {
                let text = updates::standard(language, medium, occasion);
                let found = read((occasion, medium, language), &text.subject, &text.body);
                assert_eq!(found.advice, Vec::<String>::new(), "{occasion:?} {medium:?} {language:?}");
                let fits = found.io.is_none_or(|io| io.counters.iter().all(|counter| counter.fits));
                assert!(fits, "{occasion:?} {language:?}");
                assert!(
                    template::unknown(&found.subject, &template::of(occasion)).is_empty(),
                    "{}",
                    found.subject
                );
            }
        }
    }

    #[test]
    fn what_must_not_be_read_on_a_locked_screen_is_named() {
        let mail = (Occasion::Appointment, Medium::Mail, Language::It);
        let found = read(mail, "Appuntamento in {dove}, chiama il 333 123 4567", "Vedi {collegamento}");
        assert_eq!(found.advice.len(), 2, "{:?}", found.advice);
        let found = read(mail, "Appuntamento", "A presto");
        assert_eq!(found.advice.len(), 1);
        assert!(found.advice[0].contains("{collegamento}"));
    }

    #[test]
    fn a_notification_is_shown_as_the_app_draws_it() {
        let io = (Occasion::TakenUp, Medium::Io, Language::It);
        let found = read(io, "Presa in carico", "**{numero}** <script>x</script>\n\nTocca {collegamento}");
        let drawn = found.io.unwrap();
        assert!(drawn.html.contains("<strong>2026/000123</strong>"), "{}", drawn.html);
        assert!(!drawn.html.contains("<script"), "{}", drawn.html);
        assert!(drawn.html.contains("Tocca Vedi la richiesta"), "{}", drawn.html);
        assert!(!drawn.counters[0].fits || drawn.counters[0].units >= 10);
    }
}
