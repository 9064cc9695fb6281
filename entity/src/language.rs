//! The languages in which citizens are addressed.
use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};

/// A language. Italian is the source: what is missing elsewhere is said in Italian.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Italian.
    #[default]
    It,
    /// English.
    En,
    /// German, as spoken in South Tyrol.
    De,
}

impl Language {
    /// All of them, Italian first.
    pub const ALL: [Self; 3] = [Self::It, Self::En, Self::De];

    /// Its tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language of a tag, if it is one of ours; what follows a hyphen is not looked at.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// A text in all languages, stored as JSON. Empty means: as in Italian.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
pub struct Words {
    /// Italian.
    pub it: String,
    /// English.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub en: String,
    /// German.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub de: String,
}

impl Words {
    /// The text in a language, or in Italian.
    #[must_use]
    pub fn in_(&self, language: Language) -> &str {
        let asked = match language {
            Language::It => &self.it,
            Language::En => &self.en,
            Language::De => &self.de,
        };
        if asked.is_empty() { &self.it } else { asked }
    }

    /// The same words in every language.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { it: text.into(), ..Self::default() }
    }
}
