//! What is wrong with a form, as the templates want it: a sentence by field.

use std::{borrow::Cow, collections::BTreeMap};

use crate::actions::{self, Flaw};

use super::error::Error;

/// Sentences by the name of the field.
pub type Flaws = BTreeMap<Cow<'static, str>, String>;

/// Puts flaws under the names that the page's form has: `names` are pairs of the action's name and the page's.
#[must_use]
pub fn named(flaws: Vec<Flaw>, names: &[(&'static str, &'static str)]) -> Flaws {
    let mut by_field = Flaws::new();
    for flaw in flaws {
        let page =
            names.iter().find(|(action, _)| *action == flaw.field).map(|(_, page)| Cow::Borrowed(*page));
        let field = page.unwrap_or(flaw.field);
        let sentences: &mut String = by_field.entry(field).or_default();
        if !sentences.is_empty() {
            sentences.push(' ');
        }
        sentences.push_str(&flaw.message);
    }
    by_field
}

/// What an action made of a form: done, or flaws to show beside what was typed. Everything else is a page of errors.
pub fn judged<T>(outcome: actions::Result<T>) -> Result<Result<T, Vec<Flaw>>, Error> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(actions::Error::Rejected(flaws)) => Ok(Err(flaws)),
        Err(error) => Err(error.into()),
    }
}
