//! Whether a form can be put before citizens: what an administrator builds is data, and a form that nobody could fill in, or
//! whose answers would overwrite each other, must not be stored.

use std::collections::HashSet;

use entity::{
    form::{Contacts, Field, Form, Need, What},
    language::{Language, Words},
};

use super::text;

/// Most fields of a form.
pub const FIELDS: usize = 40;
/// Most answers of a choice.
pub const OPTIONS: usize = 40;
/// Longest title, question or answer, in characters.
pub const LINE: usize = 200;
/// Longest summary or hint, in characters.
pub const TEXT: usize = 600;
/// Longest name of a field, in bytes.
const NAME: usize = 40;

/// Names that the form's own steps use for other things.
const TAKEN: &[&str] = &[
    "name",
    "surname",
    "fiscal_code",
    "email",
    "postal_address",
    "phone",
    "told_by",
    "privacy",
    "terms",
    "website",
    "action",
    "b",
    "step",
    "language",
    "files",
    "file",
    "remove",
    "position",
    "token",
    "org",
    "code",
];

/// Where something is wrong with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The title in a language.
    Title(Language),
    /// The summary in a language.
    Summary(Language),
    /// The list of fields.
    Fields,
    /// The contacts.
    Contacts,
    /// The name of the field at this place, from 0.
    Name(usize),
    /// Its question in a language.
    Label(usize, Language),
    /// Its help in a language.
    Hint(usize, Language),
    /// Its answers.
    Options(usize),
}

/// What is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is said in Italian.
    Missing,
    /// More characters than this.
    TooLong(usize),
    /// Control characters, or marks that turn the direction of writing.
    Unprintable,
    /// More than this many.
    TooMany(usize),
    /// Fewer than this many.
    TooFew(usize),
    /// There is another like it.
    Twice,
    /// Not a name that a field can have.
    BadName,
    /// Who asks for an address to be reached must ask for one.
    Unreachable,
}

/// All that is wrong with a form.
#[must_use]
pub fn faults(form: &Form) -> Vec<(Part, Fault)> {
    let mut found = Vec::new();
    words(&mut found, &form.title, Some(LINE), LINE, Part::Title);
    words(&mut found, &form.summary, None, TEXT, Part::Summary);
    if form.fields.is_empty() {
        found.push((Part::Fields, Fault::TooFew(1)));
    }
    if form.fields.len() > FIELDS {
        found.push((Part::Fields, Fault::TooMany(FIELDS)));
    }
    let mut names = HashSet::new();
    for (place, field) in form.fields.iter().enumerate() {
        names_of(&mut found, &mut names, place, field);
        words(&mut found, &field.label, Some(LINE), LINE, |language| Part::Label(place, language));
        words(&mut found, &field.hint, None, TEXT, |language| Part::Hint(place, language));
        options(&mut found, place, field);
    }
    for what in [What::Place, What::Files, What::UserCode, What::PremisesCode] {
        // The engine keeps one place, one set of files and one code of a sort for each submission.
        let mut alike = form.fields.iter().enumerate().filter(|(_, field)| field.what == what).skip(1);
        found.extend(alike.next().map(|(place, _)| (Part::Name(place), Fault::Twice)));
    }
    if is_unreachable(&form.contacts) {
        found.push((Part::Contacts, Fault::Unreachable));
    }
    found
}

/// One of two addresses must be given, and neither is asked for.
fn is_unreachable(contacts: &Contacts) -> bool {
    contacts.reachable && contacts.email == Need::Hidden && contacts.postal_address == Need::Hidden
}

fn words(
    found: &mut Vec<(Part, Fault)>,
    words: &Words,
    required: Option<usize>,
    longest: usize,
    part: impl Fn(Language) -> Part,
) {
    if required.is_some() && words.it.trim().is_empty() {
        found.push((part(Language::It), Fault::Missing));
    }
    for (language, text) in [(Language::It, &words.it), (Language::En, &words.en), (Language::De, &words.de)]
    {
        if text.chars().count() > longest {
            found.push((part(language), Fault::TooLong(longest)));
        }
        if !is_printable(text) {
            found.push((part(language), Fault::Unprintable));
        }
    }
}

fn names_of(found: &mut Vec<(Part, Fault)>, names: &mut HashSet<String>, place: usize, field: &Field) {
    let name = &field.name;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let good = name.len() <= NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
        // A file field may be called what it holds: its files are no answer.
        && (!TAKEN.contains(&name.as_str()) || field.what == What::Files);
    if !good {
        found.push((Part::Name(place), Fault::BadName));
    }
    let beside: &[&str] = match field.what {
        What::Place => &["_lat", "_lon"],
        What::UserCode | What::PremisesCode => &["_missing"],
        _ => &[],
    };
    let all = beside.iter().map(|end| format!("{name}{end}")).chain([name.clone()]);
    // Counted, not sought: every name is to be kept, even after one was found twice.
    if all.filter(|name| !names.insert(name.clone())).count() > 0 {
        found.push((Part::Name(place), Fault::Twice));
    }
}

fn options(found: &mut Vec<(Part, Fault)>, place: usize, field: &Field) {
    if field.what != What::Choice {
        return;
    }
    let part = Part::Options(place);
    if field.options.len() < 2 {
        found.push((part, Fault::TooFew(2)));
    }
    if field.options.len() > OPTIONS {
        found.push((part, Fault::TooMany(OPTIONS)));
    }
    let mut values = HashSet::new();
    if !field.options.iter().all(|option| values.insert(&option.value)) {
        found.push((part, Fault::Twice));
    }
    if field.options.iter().any(|option| option.value.is_empty() || option.label.it.trim().is_empty()) {
        found.push((part, Fault::Missing));
    }
    let texts = || {
        field
            .options
            .iter()
            .flat_map(|option| [&option.value, &option.label.it, &option.label.en, &option.label.de])
    };
    if texts().any(|text| text.chars().count() > LINE) {
        found.push((part, Fault::TooLong(LINE)));
    }
    if !texts().all(|text| is_printable(text)) {
        found.push((part, Fault::Unprintable));
    }
}

/// No control characters, and none of the marks with which a text can be made to read otherwise than it is written.
#[must_use]
pub fn is_printable(words: &str) -> bool {
    !words.chars().any(|c| c.is_control() || text::turns_direction(c))
}

#[cfg(test)]
mod tests {
    use entity::form::Choice;

    use super::*;

    fn line(name: &str) -> Field {
        Field { name: name.to_owned(), label: Words::plain("Che cosa?"), ..Field::default() }
    }

    fn form(fields: Vec<Field>) -> Form {
        Form { title: Words::plain("Segnalazione"), fields, ..Form::default() }
    }

    #[test]
    fn a_form_that_nobody_could_fill_in_is_found_out() {
        assert_eq!(faults(&form(vec![line("what"), line("more")])), []);
        assert_eq!(faults(&form(vec![])), [(Part::Fields, Fault::TooFew(1))]);
        assert_eq!(faults(&form(vec![line("what"), line("what")])), [(Part::Name(1), Fault::Twice)]);
        for bad in ["", "Che", "1a", "a-b", "email", "b", "à", &"a".repeat(41)] {
            assert_eq!(faults(&form(vec![line(bad)])), [(Part::Name(0), Fault::BadName)], "{bad}");
        }
        let untitled = Form { title: Words::default(), ..form(vec![line("what")]) };
        assert_eq!(faults(&untitled), [(Part::Title(Language::It), Fault::Missing)]);
        let turned = Field { hint: Words::plain("a\u{202e}b"), ..line("what") };
        assert_eq!(faults(&form(vec![turned])), [(Part::Hint(0, Language::It), Fault::Unprintable)]);
    }

    #[test]
    fn answers_do_not_overwrite_each_other() {
        let place = Field { what: What::Place, ..line("where") };
        let position = line("where_lat");
        assert_eq!(faults(&form(vec![place.clone(), position])), [(Part::Name(1), Fault::Twice)]);
        let other = Field { what: What::Place, ..line("elsewhere") };
        assert_eq!(faults(&form(vec![place, other])), [(Part::Name(1), Fault::Twice)]);
    }

    #[test]
    fn a_choice_has_something_to_choose() {
        let option = |value: &str| Choice { value: value.to_owned(), label: Words::plain("Sì") };
        let choice = |options| form(vec![Field { what: What::Choice, options, ..line("which") }]);
        assert_eq!(faults(&choice(vec![option("a"), option("b")])), []);
        assert_eq!(faults(&choice(vec![option("a")])), [(Part::Options(0), Fault::TooFew(2))]);
        assert_eq!(faults(&choice(vec![option("a"), option("a")])), [(Part::Options(0), Fault::Twice)]);
    }

    #[test]
    fn who_must_be_reachable_is_asked_where() {
        let contacts = Contacts {
            email: Need::Hidden,
            postal_address: Need::Hidden,
            reachable: true,
            ..Contacts::default()
        };
        let form = Form { contacts, ..form(vec![line("what")]) };
        assert_eq!(faults(&form), [(Part::Contacts, Fault::Unreachable)]);
    }
}
