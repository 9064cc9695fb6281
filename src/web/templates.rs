//! The pages' templates: one minijinja environment, built once.
//!
//! Undefined is strict: a name that the page's context does not hold is an error, not a hole in the page. `None`
//! prints as nothing. A debug build reads `templates/` from the checkout and notices edits; a release build carries
//! them (`build.rs`). Each page says at its top which context it wants and which forms it sends.

use std::{borrow::Cow, sync::LazyLock};

use axum::response::Html;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Rome;
use entity::language::Language;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, escape_formatter,
    syntax::SyntaxConfig,
    value::{Kwargs, Serde},
};
use serde::Serialize;

use super::assets;
use crate::{app::letters::escape_into, wording};

#[cfg(embedded_templates)]
include!(concat!(env!("OUT_DIR"), "/templates.rs"));

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(environment);

/// Renders the template at `name` (a path below `templates/`, such as `pages/queue.html`).
pub fn render(name: &str, context: impl Serialize) -> Result<Html<String>, Error> {
    let template = ENVIRONMENT.get_template(name)?;
    template.render(Value::from(Serde(context))).map(Html)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let layout = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(layout.expect("the standard delimiters do not collide"));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(write_value);
    load_templates(&mut environment);
    environment.add_function("asset", asset);
    environment.add_filter("date", date);
    environment.add_filter("datetime", date_and_time);
    environment.add_filter("filesize", file_size);
    environment.add_function("t", text);
    environment.add_function("day", day);
    environment.add_function("moment", moment);
    environment
}

#[cfg(not(embedded_templates))]
fn load_templates(environment: &mut Environment<'static>) {
    environment.set_loader(minijinja::path_loader(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")));
}

#[cfg(embedded_templates)]
fn load_templates(environment: &mut Environment<'static>) {
    environment.set_loader(|name| {
        let found = TEMPLATES.binary_search_by_key(&name, |&(path, _)| path);
        Ok(found.ok().map(|at| TEMPLATES[at].1))
    });
}

/// The engine's own escaping also turns `/` into `&#x2f;`, which buys nothing in text and quoted attributes and makes
/// every number and address unreadable in the source of the page.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => {
            out.write_str(&escape_html(text))?;
            Ok(())
        }
        None if value.is_none() => Ok(()),
        _ => escape_formatter(out, state, value),
    }
}

fn escape_html(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 32);
    escape_into(&mut escaped, text);
    Cow::Owned(escaped)
}

fn asset(name: &str) -> Result<String, Error> {
    assets::address(name)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("assets/build.mjs makes no {name}")))
}

/// A text of the portal in the citizen's language: `t(lang, 'site-home-title', name=value)`.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands them over")]
fn text(lang: &str, key: &str, values: Kwargs) -> Result<String, Error> {
    let mut named = Vec::new();
    for name in values.args() {
        let value: Value = values.get(name)?;
        let value = match value.as_i64() {
            Some(number) => wording::Value::from(number),
            None => wording::Value::from(value.to_string()),
        };
        named.push((Cow::Owned(name.to_owned()), value));
    }
    values.assert_all_used()?;
    Ok(wording::say_named(language(lang), key, named))
}

fn language(tag: &str) -> Language {
    Language::of_tag(tag).unwrap_or_default()
}

/// A date (or an instant, in Italy's time) as it is written in a language: `21/11/2026`, in German `21.11.2026`.
fn day(lang: &str, value: &str) -> Result<String, Error> {
    Ok(in_language(lang, date(value)?))
}

/// The same with the time of day.
fn moment(lang: &str, value: &str) -> Result<String, Error> {
    Ok(in_language(lang, date_and_time(value)?))
}

fn in_language(lang: &str, date: String) -> String {
    if language(lang) == Language::De { date.replace('/', ".") } else { date }
}

/// `21/11/2026`, from a date or, in Italy's time, from an instant.
fn date(text: &str) -> Result<String, Error> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.format("%d/%m/%Y").to_string());
    }
    Ok(instant(text)?.with_timezone(&Rome).format("%d/%m/%Y").to_string())
}

/// `21/11/2026 9:12`, in Italy's time.
fn date_and_time(text: &str) -> Result<String, Error> {
    Ok(instant(text)?.with_timezone(&Rome).format("%d/%m/%Y %-H:%M").to_string())
}

fn instant(text: &str) -> Result<DateTime<Utc>, Error> {
    text.parse()
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("not a date or an instant: {text}")))
}

/// `812 byte`, `412 KB`, `2,4 MB`: thousands, as Italian file managers count.
fn file_size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} byte"),
        1_000..1_000_000 => format!("{} KB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            format!("{},{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use minijinja::context;

    use super::*;

    fn render_str(source: &str, context: Value) -> String {
        environment().render_named_str("test.html", source, context).unwrap_or_else(|e| e.to_string())
    }

    /// Every template below `templates/`, by name, with its text.
    fn sources() -> Vec<(String, String)> {
        fn collect(folder: &Path, root: &Path, found: &mut Vec<(String, String)>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    collect(&path, root, found);
                } else {
                    let name =
                        path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                    found.push((name, fs::read_to_string(&path).expect("a text")));
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut found = Vec::new();
        collect(&root, &root, &mut found);
        assert!(!found.is_empty());
        found
    }

    #[test]
    fn every_template_compiles() {
        for (name, _) in sources() {
            if let Err(e) = ENVIRONMENT.get_template(&name) {
                panic!("{name}: {e:#}");
            }
        }
    }

    #[test]
    fn the_sprite_holds_the_icons_in_use_and_no_other() {
        let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/icons.txt"));
        let list = list.expect("assets/icons.txt");
        let listed: BTreeSet<&str> = list.lines().filter(|line| line.starts_with("it-")).collect();
        let sources = sources();
        let used: BTreeSet<&str> = sources
            .iter()
            .flat_map(|(_, text)| text.split("icon('").skip(1))
            .filter_map(|rest| rest.split('\'').next())
            .collect();
        assert_eq!(used, listed);
    }

    #[test]
    fn every_text_that_a_template_wants_can_be_said() {
        for (name, source) in sources() {
            for after in source.split("t(lang, '").skip(1) {
                let (key, end) = after.split_once('\'').expect("a quote");
                // a key that is put together is looked up where its parts are known
                if end.starts_with(" ~") {
                    continue;
                }
                let call = end.split("}}").next().unwrap_or_default();
                let word = |part: &str| part.rsplit([' ', ',', '(']).next().unwrap_or_default().to_owned();
                let values = call.split('=').map(|part| (Cow::Owned(word(part)), wording::Value::from(2)));
                assert_ne!(wording::say_named(Language::It, key, values), key, "{name}");
            }
        }
    }

    #[test]
    fn a_text_is_said_in_the_language_of_the_page_and_escaped() {
        let context = context! { lang => "de", at => "2026-11-21T08:12:00Z", name => "<b>" };
        assert_eq!(render_str("{{ t(lang, 'language-name') }}", context.clone()), "Deutsch");
        assert_eq!(
            render_str("{{ moment(lang, at) }} {{ day('it', at) }}", context.clone()),
            "21.11.2026 9:12 21/11/2026"
        );
        let named = render_str("{{ t('it', 'site-brand', organisation=name) }}", context);
        assert!(named.contains("&lt;b&gt;"), "{named}");
    }

    #[test]
    fn what_people_typed_cannot_become_markup() {
        let typed = context! { typed => r#"<b title="x">R&D d'Este 2026/000123"# };
        insta::assert_snapshot!(
            render_str("{{ typed }}", typed),
            @"&lt;b title=&quot;x&quot;&gt;R&amp;D d&#39;Este 2026/000123"
        );
    }

    #[test]
    fn a_missing_name_is_an_error_and_none_is_nothing() {
        assert_eq!(render_str("[{{ x }}]", context! { x => None::<String> }), "[]");
        assert!(render_str("[{{ x }}]", context! {}).contains("undefined"));
    }

    #[test]
    fn instants_are_shown_in_the_time_of_italy() {
        let at = context! { winter => "2026-11-21T08:12:00Z", summer => "2026-07-31T22:30:00Z", day => "2026-10-04" };
        assert_eq!(render_str("{{ winter|datetime }}", at.clone()), "21/11/2026 9:12");
        assert_eq!(render_str("{{ summer|date }}", at.clone()), "01/08/2026");
        assert_eq!(render_str("{{ day|date }}", at), "04/10/2026");
    }

    #[test]
    fn sizes_are_rounded_for_reading() {
        let sizes = [812, 1_000, 411_700, 999_999, 2_449_000, 25_000_000].map(file_size);
        assert_eq!(sizes, ["812 byte", "1 KB", "412 KB", "1000 KB", "2,4 MB", "25,0 MB"]);
    }
}
