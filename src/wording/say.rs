//! The texts of the portal, in the citizen's language: files of `texts/`, one folder a language, Italian as the source. What
//! a language lacks is said in Italian; a test keeps the folders equal.

use std::{borrow::Cow, collections::HashMap};

use entity::language::Language;
use fluent_templates::{Loader, fluent_bundle::FluentValue, static_loader};
use unic_langid::{LanguageIdentifier, langid};

static_loader! {
    static TEXTS = {
        locales: "./src/wording/texts",
        fallback_language: "it",
        // Marks of direction around each value would be carried into forms, letters and searches.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// A value that goes into a text.
pub type Value = FluentValue<'static>;

fn identifier(language: Language) -> LanguageIdentifier {
    match language {
        Language::It => langid!("it"),
        Language::En => langid!("en"),
        Language::De => langid!("de"),
    }
}

/// The text `key`. A key that does not exist gives itself: better a strange word than no page.
#[must_use]
pub fn say(language: Language, key: &str) -> String {
    TEXTS.try_lookup(&identifier(language), key).unwrap_or_else(|| key.to_owned())
}

/// The text `key` with values in it.
#[must_use]
pub fn say_with(language: Language, key: &str, values: &[(&'static str, Value)]) -> String {
    let named = values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone()));
    say_named(language, key, named)
}

/// The same, with values by name.
#[must_use]
pub fn say_named(
    language: Language,
    key: &str,
    values: impl IntoIterator<Item = (Cow<'static, str>, Value)>,
) -> String {
    let values: HashMap<Cow<'static, str>, Value> = values.into_iter().collect();
    TEXTS.try_lookup_with_args(&identifier(language), key, &values).unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    use super::*;

    /// The variables of each text, by key, of all files of a language.
    fn texts(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wording/texts").join(language.tag());
        let mut found = BTreeMap::new();
        for file in fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            for (key, variables) in read(&fs::read_to_string(&path).expect("a text")) {
                let twice = found.insert(key.clone(), variables);
                assert!(twice.is_none(), "{}: {key} stands twice", path.display());
            }
        }
        found
    }

    /// Keys begin a line; what belongs to one is indented below it.
    fn read(file: &str) -> Vec<(String, BTreeSet<String>)> {
        let mut found: Vec<(String, BTreeSet<String>)> = Vec::new();
        for line in file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let text = if line.starts_with([' ', '}']) {
                line
            } else {
                let (key, text) = line.split_once('=').unwrap_or_else(|| panic!("no key: {line}"));
                found.push((key.trim().to_owned(), BTreeSet::new()));
                text
            };
            let variables = text.split('$').skip(1).map(|after| {
                after
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
                    .collect::<String>()
            });
            found.last_mut().unwrap_or_else(|| panic!("a text without key: {line}")).1.extend(variables);
        }
        found
    }

    #[test]
    fn every_language_says_the_same_things_of_the_same_values() {
        let source = texts(Language::It);
        for language in [Language::En, Language::De] {
            let other = texts(language);
            let keys = |texts: &BTreeMap<String, BTreeSet<String>>| -> BTreeSet<String> {
                texts.keys().cloned().collect()
            };
            let (ours, theirs) = (keys(&source), keys(&other));
            let lacks: Vec<_> = ours.symmetric_difference(&theirs).collect();
            assert!(lacks.is_empty(), "{}: {lacks:?} in one of the two only", language.tag());
            for (key, variables) in &source {
                assert_eq!(variables, &other[key], "{}: {key}", language.tag());
            }
        }
    }

    #[test]
    fn every_text_can_be_said() {
        for language in Language::ALL {
            for (key, variables) in texts(language) {
                let values = variables.into_iter().map(|name| (Cow::Owned(name), Value::from(2)));
                let said = say_named(language, &key, values);
                assert!(said != key && !said.contains('{'), "{}: {key} says {said}", language.tag());
            }
        }
    }
}
