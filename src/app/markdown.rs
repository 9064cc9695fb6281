//! Texts that organisations write, ready for a page: `web` does not know `channel`, where the sanitiser lives.

use super::App;
use crate::channel::markdown;

impl App {
    /// Markdown as HTML that may stand in any page of ours.
    #[must_use]
    pub fn markdown(&self, text: &str) -> String {
        markdown::html(text)
    }
}
