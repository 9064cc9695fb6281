//! Reads buttons back out of a text: for the preview, and for sheets that somebody else wrote.
//!
//! The app reads YAML; what is read here is the part of it in which buttons are written, in the three ways of writing a value.
//! Whatever else is there is taken for broken: better a warning too many than a button that is not there.

use super::{Button, Cta, MOST};

/// What stands before a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Front<'a> {
    /// Nothing: all of it is text.
    None(&'a str),
    /// Buttons, and the text after them.
    Buttons(Cta, &'a str),
    /// Something that the app would not read: no buttons are shown. With the text after it.
    Broken(&'a str),
}

impl<'a> Front<'a> {
    /// The text itself.
    #[must_use]
    pub fn text(&self) -> &'a str {
        match self {
            Self::None(text) | Self::Buttons(_, text) | Self::Broken(text) => text,
        }
    }
}

/// Divides a text from what stands before it.
#[must_use]
pub fn split(markdown: &str) -> Front<'_> {
    let Some(after) = markdown.strip_prefix("---").and_then(line_end) else { return Front::None(markdown) };
    let mut read = 0;
    for line in after.split_inclusive('\n') {
        if line.trim_end() == "---" {
            let text = after[read + line.len()..].trim_start_matches(['\r', '\n']);
            return buttons(&after[..read]).map_or(Front::Broken(text), |cta| Front::Buttons(cta, text));
        }
        read += line.len();
    }
    // Never closed: a divider that somebody put first.
    Front::None(markdown)
}

fn line_end(text: &str) -> Option<&str> {
    text.strip_prefix('\n').or_else(|| text.strip_prefix("\r\n"))
}

/// Where the lines before have led.
#[derive(Default)]
struct Place {
    language: Option<bool>,
    slot: Option<(usize, usize)>,
    field: Option<usize>,
}

fn buttons(front: &str) -> Option<Cta> {
    let mut cta = Cta::default();
    let mut place = Place::default();
    let mut seen: Vec<(bool, usize, String, String)> = Vec::new();
    for line in front.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        let (key, value) = line[indent..].split_once(':')?;
        let value = value.trim();
        if indent == 0 {
            let language = ["it", "en"].iter().position(|known| *known == key)?;
            place = Place { language: Some(language == 0), ..Place::default() };
            value.is_empty().then_some(())?;
        } else if let Some(number) = key.strip_prefix("cta_") {
            let language = place.language?;
            let number: usize = number.parse().ok().filter(|number| (1..=MOST).contains(number))?;
            let aligned = place.slot.is_none_or(|(indented, _)| indented == indent);
            (value.is_empty() && aligned).then_some(())?;
            (!seen.iter().any(|(of, at, ..)| (*of, *at) == (language, number))).then_some(())?;
            (place.slot, place.field) = (Some((indent, number)), None);
            seen.push((language, number, String::new(), String::new()));
        } else {
            let (slot, _) = place.slot?;
            (indent > slot && place.field.is_none_or(|field| field == indent)).then_some(())?;
            place.field = Some(indent);
            let (.., text, action) = seen.last_mut()?;
            let target = match key {
                "text" => text,
                "action" => action,
                _ => return None,
            };
            target.is_empty().then_some(())?;
            *target = scalar(value)?;
        }
    }
    seen.sort_by_key(|(language, number, ..)| (!*language, *number));
    for (language, _, text, action) in seen {
        if text.is_empty() || action.is_empty() {
            return None;
        }
        if language { &mut cta.it } else { &mut cta.en }.push(Button { text, action });
    }
    (!cta.is_empty()).then_some(cta)
}

/// A value in double quotes, in single quotes, or bare.
fn scalar(value: &str) -> Option<String> {
    if let Some(inner) = value.strip_prefix('"') {
        let mut out = String::new();
        let mut rest = inner.chars();
        loop {
            match rest.next()? {
                '"' => return rest.as_str().trim().is_empty().then_some(out),
                '\\' => out.push(rest.next().filter(|c| matches!(c, '"' | '\\' | '/'))?),
                c => out.push(c),
            }
        }
    }
    if let Some(inner) = value.strip_prefix('\'') {
        let inner = inner.strip_suffix('\'')?;
        let lone = inner.replace("''", "").contains('\'');
        return (!lone).then(|| inner.replace("''", "'"));
    }
    let special = value.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`', '-', '?', '#', ',']);
    let ambiguous = value.contains(": ") || value.contains(" #") || value.ends_with(':');
    (!value.is_empty() && !special && !ambiguous).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn button(text: &str, action: &str) -> Button {
        Button { text: text.to_owned(), action: action.to_owned() }
    }

    #[test]
    fn buttons_that_others_wrote_are_read() {
        let markdown = "---\r\nit:\r\n  cta_1:\r\n    text: 'Vai all''avviso'\r\n    action: ioit://profile\r\n---\r\nCiao";
        let cta = Cta { it: vec![button("Vai all'avviso", "ioit://profile")], en: vec![] };
        assert_eq!(split(markdown), Front::Buttons(cta, "Ciao"));
        assert_eq!(split("Ciao --- a tutti"), Front::None("Ciao --- a tutti"));
        assert_eq!(split("---\nCiao"), Front::None("---\nCiao"));
        assert_eq!(split("----\nCiao"), Front::None("----\nCiao"));
    }

    #[test]
    fn trap_10_what_the_app_would_not_read_is_broken() {
        for front in [
            "it:\n    cta_1:\n        text: \"a\"",
            "it:\n    cta_1:\n    text: \"a\"\n    action: \"b\"",
            "it:\n\tcta_1:\n\t\ttext: \"a\"\n\t\taction: \"b\"",
            "it:\n    cta_1:\n        text: \"a\n        action: \"b\"",
            "it:\n    cta_1:\n        text: a: b\n        action: \"b\"",
            "it:\n    cta_3:\n        text: \"a\"\n        action: \"b\"",
            "it:\n    cta_1:\n        text: \"a\"\n         action: \"b\"",
            "it:\n  cta_1:\n    text: a\n    action: b\n   cta_2:\n    text: a\n    action: b",
            "it:",
            "",
            "title: x",
        ] {
            assert_eq!(split(&format!("---\n{front}\n---\n\nCiao")), Front::Broken("Ciao"), "{front}");
        }
    }

    proptest! {
        #[test]
        fn what_we_write_we_read(texts in prop::collection::vec("[ -~àè\"\\\\':#]{0,12}[a-z]", 1..5)) {
            let buttons: Vec<Button> = texts.iter().map(|text| button(text, "iohandledlink://https://a.example/\"b\"")).collect();
            let (it, en) = buttons.split_at(buttons.len().min(2));
            let cta = Cta { it: it.to_vec(), en: en.to_vec() };
            let markdown = format!("{}Testo", cta.front_matter());
            prop_assert_eq!(split(&markdown), Front::Buttons(cta, "Testo"));
        }

        #[test]
        fn whatever_stands_there_is_read_without_harm(markdown in "---\n[ite:cta_12 \n\"'\\\\-]{0,80}") {
            let _ = split(&markdown).text();
        }
    }
}
