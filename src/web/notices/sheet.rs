//! The form of a notice as it stands on the page.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::Rome;
use entity::{
    language::Words,
    notice::{Ids, Lines, Model},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{actions::notice::Form, web::flaws::Flaws};

/// What was typed, or is stored.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Sheet {
    title_it: String,
    title_en: String,
    title_de: String,
    text_it: String,
    text_en: String,
    text_de: String,
    impact_it: String,
    impact_en: String,
    impact_de: String,
    alternatives_it: String,
    alternatives_en: String,
    alternatives_de: String,
    streets: String,
    /// Ids of kinds.
    pub kinds: Vec<Uuid>,
    starts: String,
    ends: String,
    /// A tick: who follows is told of the change.
    tell: String,
    /// The notice that was on the page.
    pub version: i32,
    /// Which button.
    #[serde(skip_serializing)]
    pub act: String,
}

/// Names of the action's fields, and of the page's.
pub const FIELDS: &[(&str, &str)] = &[
    ("title", "title_it"),
    ("text", "text_it"),
    ("impact", "impact_it"),
    ("alternatives", "alternatives_it"),
    ("restored", "restored_it"),
    ("starts_at", "starts"),
    ("ends_at", "ends"),
];

impl Sheet {
    /// A notice of something that begins now.
    pub fn blank(now: DateTime<Utc>) -> Self {
        Self { starts: written(now), ..Self::default() }
    }

    /// The stored one.
    pub fn stored(row: &Model) -> Self {
        let [title_it, title_en, title_de] = parts(&row.title);
        let [text_it, text_en, text_de] = parts(&row.text);
        let [impact_it, impact_en, impact_de] = parts(&row.impact);
        let [alternatives_it, alternatives_en, alternatives_de] = parts(&row.alternatives);
        Self {
            title_it,
            title_en,
            title_de,
            text_it,
            text_en,
            text_de,
            impact_it,
            impact_en,
            impact_de,
            alternatives_it,
            alternatives_en,
            alternatives_de,
            streets: row.streets.0.join("\n"),
            kinds: row.kinds.0.clone(),
            starts: written(row.starts_at),
            ends: row.ends_at.map(written).unwrap_or_default(),
            // Of each change anew: a letter that nobody meant to send cannot be called back.
            tell: String::new(),
            version: row.version,
            act: String::new(),
        }
    }

    /// What the desk takes. The error: what only this page can see to be wrong.
    pub fn form(&self) -> Result<Form, Flaws> {
        let mut flaws = Flaws::new();
        let starts_at = moment(&self.starts);
        let ends_at = if self.ends.trim().is_empty() { Some(None) } else { moment(&self.ends).map(Some) };
        for (name, wrong) in [("starts", starts_at.is_none()), ("ends", ends_at.is_none())] {
            if wrong {
                flaws.insert(name.into(), "Scrivi giorno e ora, per esempio 2026-11-30T08:00.".to_owned());
            }
        }
        let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at) else { return Err(flaws) };
        Ok(Form {
            title: words(&self.title_it, &self.title_en, &self.title_de),
            text: words(&self.text_it, &self.text_en, &self.text_de),
            impact: words(&self.impact_it, &self.impact_en, &self.impact_de),
            alternatives: words(&self.alternatives_it, &self.alternatives_en, &self.alternatives_de),
            streets: self.streets.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
            kinds: self.kinds.clone(),
            starts_at,
            ends_at,
            tell: !self.tell.is_empty(),
        })
    }
}

/// The notice as it would be: for the preview, which is drawn from rows like the pages of the portal.
pub fn described(before: Model, form: Form) -> Model {
    Model {
        title: form.title,
        text: form.text,
        impact: form.impact,
        alternatives: form.alternatives,
        streets: Lines(form.streets),
        kinds: Ids(form.kinds),
        starts_at: form.starts_at,
        ends_at: form.ends_at,
        ..before
    }
}

/// Three typed texts together.
pub fn words(it: &str, en: &str, de: &str) -> Words {
    Words { it: it.to_owned(), en: en.to_owned(), de: de.to_owned() }
}

fn parts(words: &Words) -> [String; 3] {
    [words.it.clone(), words.en.clone(), words.de.clone()]
}

/// As browsers want it in a field for day and hour, in Italy's time.
fn written(at: DateTime<Utc>) -> String {
    at.with_timezone(&Rome).format("%Y-%m-%dT%H:%M").to_string()
}

/// Out of such a field. An hour that summer time skips is none; of one that it repeats the first counts.
fn moment(typed: &str) -> Option<DateTime<Utc>> {
    let typed = typed.trim().replace(' ', "T");
    let read = |format| NaiveDateTime::parse_from_str(&typed, format).ok();
    let local = read("%Y-%m-%dT%H:%M").or_else(|| read("%Y-%m-%dT%H:%M:%S"))?;
    Rome.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_one_of_italy() {
        let at = |typed: &str| moment(typed).map(|at| at.to_rfc3339());
        assert_eq!(at("2026-03-02T09:00").as_deref(), Some("2026-03-02T08:00:00+00:00"));
        assert_eq!(at(" 2026-07-02 09:00:30").as_deref(), Some("2026-07-02T07:00:30+00:00"));
        assert_eq!(at("2026-10-25T02:30").as_deref(), Some("2026-10-25T00:30:00+00:00"));
        for none in ["", "2026-03-29T02:30", "ieri", "2026-13-01T00:00"] {
            assert_eq!(at(none), None, "{none}");
        }
        assert_eq!(written("2026-03-02T08:00:00Z".parse().unwrap()), "2026-03-02T09:00");
    }
}
