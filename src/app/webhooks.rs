//! Who carries messages to apps.

use super::App;
use crate::channel::webhook::Courier;

impl App {
    /// Somebody who carries messages to apps.
    ///
    /// # Errors
    /// The system gives no way to make a client.
    pub fn courier(&self) -> Result<Courier, reqwest::Error> {
        Courier::new(&self.trust, self.config.webhook.allow_private)
    }
}
