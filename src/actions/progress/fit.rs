//! Whether a text of an organisation can be told, whatever it is filled with: with the longest values that are to be expected it is no
//! longer than IO takes, with the shortest still long enough, and it never loses its title.
//!
//! Lengths are UTF-16 units, as IO counts them (`io::text`). What operators type counts at its worst: as much as they may type, each
//! character escaped.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{language::Language, organisation, request_kind, update_text::Medium};

use super::{announce::LONG, settings::Which, words::ROOM};
use crate::{
    actions::Flaw,
    domain::{
        form_rules::is_printable,
        io::{
            escape::escape,
            lint,
            text::{self, units},
            unfit,
        },
        progress::template::{self, FREE, Placeholder, Values, always, fill},
    },
    wording::{Text, updates},
};

/// Longest title as it is typed.
const SUBJECT: usize = 150;
/// Longest text as it is typed, in UTF-16 units: IO takes ten thousand, and what is filled in needs room.
pub const BODY: usize = 5_000;

/// What is wrong with a text, by the fields `subject` and `body`.
#[must_use]
pub fn flaws(
    which: Which,
    words: &Text,
    organisation: &organisation::Model,
    kinds: &[request_kind::Model],
) -> Vec<Flaw> {
    let typed = [("subject", &words.subject, SUBJECT), ("body", &words.body, BODY)];
    let mut flaws: Vec<Flaw> =
        typed.iter().flat_map(|(field, words, most)| of_typed(which, field, words, *most)).collect();
    flaws.extend(of_title(which, &words.subject));
    let strange = (which.1 == Medium::Io).then(|| unfit::strange_link(&words.body)).flatten();
    flaws.extend(strange.map(|remark| Flaw::new(remark.field, remark.words)));
    if flaws.is_empty() {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
        flaws.extend(of_filled(which, words, &organisation.name, &names));
    }
    flaws
}

/// Of what was typed into a field.
fn of_typed(which: Which, field: &'static str, words: &str, most: usize) -> Vec<Flaw> {
    let name = name(which, field);
    let mut flaws = Vec::new();
    let one_line = field == "subject" && words.contains('\n');
    if words.trim().is_empty() {
        flaws.push(Flaw::new(field, format!("{name} è vuoto: scrivilo, o torna a quello di serie.")));
    } else if units(words) > most {
        flaws.push(Flaw::new(field, format!("{name} ha {} caratteri: al massimo {most}.", units(words))));
    } else if one_line || !words.lines().all(is_printable) {
        flaws.push(Flaw::new(field, format!("{name} ha caratteri che non si possono usare: riscrivilo.")));
    }
    let unknown = template::unknown(words, &template::of(which.0));
    if !unknown.is_empty() {
        let words = format!("{name} ha segnaposti che qui non esistono: {}.", unknown.join(", "));
        flaws.push(Flaw::new(field, words));
    }
    flaws
}

/// What a field is called on the page.
fn name((_, medium, _): Which, field: &str) -> &'static str {
    match (field, medium) {
        ("body", _) => "Il testo",
        (_, Medium::Io) => "Il titolo",
        (_, Medium::Mail) => "L’oggetto",
    }
}

/// Of what may be filled into a title: it is one line, which goes with what has nothing to say, and on IO everybody reads it who looks
/// at the telephone.
fn of_title((occasion, medium, _): Which, subject: &str) -> Vec<Flaw> {
    if medium == Medium::Io && lint::is_sensitive(subject) {
        return vec![Flaw::new("subject", unfit::SENSITIVE)];
    }
    let named = template::of(occasion).into_iter().filter(|one| subject.contains(&one.braced()));
    let flaw = |one: Placeholder| {
        let words = if medium == Medium::Io && FREE.contains(&one) {
            "nel titolo no: lo scrive un operatore, e il titolo si legge anche sullo schermo bloccato. Lascialo nel testo."
        } else if !always(occasion).contains(&one) {
            "nel titolo no: quando non c’è niente da dire il titolo resterebbe vuoto. Lascialo nel testo."
        } else {
            return None;
        };
        Some(Flaw::new("subject", format!("{} {words}", one.braced())))
    };
    named.filter_map(flaw).collect()
}

/// Of the text with the longest and with the shortest values.
fn of_filled(which: Which, words: &Text, organisation: &str, kinds: &[&str]) -> Vec<Flaw> {
    let (_, medium, _) = which;
    let longest = kinds.iter().max_by_key(|name| units(name)).copied().unwrap_or_default();
    let shortest = kinds.iter().min_by_key(|name| units(name)).copied().unwrap_or_default();
    let (long, short) = (long(which, organisation, longest), short(which, organisation, shortest));
    let fields = [
        ("subject", &words.subject, *text::SUBJECT.start(), *text::SUBJECT.end()),
        ("body", &words.body, *text::MARKDOWN.start(), text::MARKDOWN.end() - ROOM),
    ];
    let mut flaws = Vec::new();
    for (field, words, least, most) in fields {
        let name = name(which, field);
        let (longest, shortest) = (units(&fill(words, &long)), units(&fill(words, &short)));
        if medium == Medium::Io && longest > most {
            flaws.push(Flaw::new(
                field,
                format!(
                    "{name} con i valori più lunghi arriva a {longest} caratteri: IO ne prende al massimo {most}."
                ),
            ));
        }
        if medium == Medium::Io && shortest < least {
            flaws.push(Flaw::new(
                field,
                format!(
                    "{name}, con i valori più corti e senza le righe che possono mancare, ha {shortest} caratteri: IO ne vuole almeno {least}."
                ),
            ));
        } else if shortest == 0 {
            flaws.push(Flaw::new(
                field,
                format!("{name} può restare vuoto: aggiungi una riga senza segnaposti che possono mancare."),
            ));
        }
    }
    flaws
}

/// The longest of what is to be expected.
fn long((occasion, medium, language): Which, organisation: &str, kind: &str) -> Values {
    let (day, moment) = late(language);
    let typed = escape(&"*".repeat(LONG));
    let value = |one: Placeholder| match one {
        Placeholder::Number => "2026/000001".to_owned(),
        Placeholder::Kind => kind.to_owned(),
        Placeholder::Organisation => organisation.to_owned(),
        Placeholder::Received | Placeholder::Due | Placeholder::Until | Placeholder::Contest => day.clone(),
        Placeholder::When => moment.clone(),
        Placeholder::Office | Placeholder::Asked | Placeholder::Place | Placeholder::Steps => typed.clone(),
        Placeholder::Link if medium == Medium::Io => updates::button(language),
        Placeholder::Link => String::new(),
    };
    template::of(occasion).into_iter().map(|one| (one, value(one))).collect()
}

/// The shortest, with nothing that an occasion can be without.
fn short(which: Which, organisation: &str, kind: &str) -> Values {
    let (occasion, _, language) = which;
    let (day, moment) = soon(language);
    let value = |one: Placeholder| match one {
        Placeholder::Number => "2026/000001".to_owned(),
        Placeholder::Kind => kind.to_owned(),
        Placeholder::Organisation => organisation.to_owned(),
        Placeholder::When => moment.clone(),
        Placeholder::Received | Placeholder::Due => day.clone(),
        _ => "no".to_owned(),
    };
    always(occasion).into_iter().map(|one| (one, value(one))).collect()
}

/// A day and an hour that are as long as any.
fn late(language: Language) -> (String, String) {
    moments(language, NaiveDate::from_ymd_opt(2026, 9, 30))
}

/// A day and an hour that are as short as any.
fn soon(language: Language) -> (String, String) {
    moments(language, NaiveDate::from_ymd_opt(2026, 5, 1))
}

fn moments(language: Language, day: Option<NaiveDate>) -> (String, String) {
    let day = day.unwrap_or_default();
    let noon: DateTime<Utc> = day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
    (updates::day(language, day), updates::moment(language, noon))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::progress::settings::all_texts;
    use entity::update_rule::Occasion;

    const KINDS: [&str; 2] = ["Altro", "Riparazione delle attrezzature per la raccolta domiciliare"];

    fn found(which: Which, subject: &str, body: &str) -> Vec<(String, String)> {
        let words = Text { subject: subject.to_owned(), body: body.to_owned() };
        let mut flaws = of_typed(which, "body", body, BODY);
        flaws.extend(of_title(which, subject));
        flaws.extend(of_filled(which, &words, "Ambiente Servizi", &KINDS));
        flaws.into_iter().map(|flaw| (flaw.field.into_owned(), flaw.message)).collect()
    }

    #[test]
    fn the_programs_own_texts_can_always_be_told() {
        for (occasion, medium) in all_texts() {
            for language in Language::ALL {
                let text = updates::standard(language, medium, occasion);
                let found = found((occasion, medium, language), &text.subject, &text.body);
                assert_eq!(found, [], "{occasion:?} {medium:?} {language:?}");
            }
        }
    }

    #[test]
    fn a_text_is_judged_by_what_it_may_become() {
        let io = |occasion| (occasion, Medium::Io, Language::It);
        let body =
            "La tua richiesta è arrivata a chi può occuparsene, e ti scriviamo noi quando ci sono novità.";
        let title = |subject: &str| found(io(Occasion::TakenUp), subject, body);
        assert_eq!(title(&"a".repeat(120)), []);
        assert!(title(&"a".repeat(121))[0].1.contains("arriva a 121"));
        assert!(title(&"😀".repeat(61))[0].1.contains("arriva a 122"), "two units each");
        assert!(title(&format!("{}{{tipologia}}", "a".repeat(70)))[0].1.contains("arriva a 128"));
        assert!(title("{tipologia}")[0].1.contains("ha 5 caratteri"));
        assert!(title("Richiesta entro {entro}")[0].1.contains("resterebbe vuoto"));
        assert!(
            found(io(Occasion::Forwarded), "Inoltrata: {ufficio}", body)[0].1.contains("schermo bloccato")
        );
        let lines = format!("Ok.\n{body} {{entro}}");
        let short = found(io(Occasion::TakenUp), "Presa in carico", &lines);
        assert!(short[0].1.contains("ha 3 caratteri: IO ne vuole almeno 80"), "{short:?}");
        let asked = format!("{body}\n{{richiesta}}\n{{richiesta}}\n{{richiesta}}\n{{richiesta}}");
        assert!(
            found(io(Occasion::InformationNeeded), "Ci serve altro", &asked)[0].1.contains("al massimo 9000")
        );
        let mail = (Occasion::TakenUp, Medium::Mail, Language::It);
        assert!(found(mail, "Presa in carico", "Entro {entro}")[0].1.contains("può restare vuoto"));
    }
}
