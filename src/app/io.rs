//! Who speaks to IO.

use uuid::Uuid;

use super::App;
pub use crate::channel::io::{KeyPair, Keys, Managed, Management, Topic, Which};
use crate::{
    channel::io::{Institution, Service},
    domain::io::call::Failure,
};

impl App {
    /// The line of a service that sends.
    ///
    /// # Errors
    /// The address of IO in the settings is none, or keys could be read on the way.
    pub fn io_service(&self, base_url: &str, organisation: Uuid, keys: Keys) -> Result<Service, Failure> {
        Ok(self.institution(base_url, organisation)?.service(keys))
    }

    /// The line to all services of an organisation.
    ///
    /// # Errors
    /// As [`App::io_service`].
    pub fn io_management(
        &self,
        base_url: &str,
        organisation: Uuid,
        keys: Keys,
    ) -> Result<Management, Failure> {
        Ok(self.institution(base_url, organisation)?.management(keys))
    }

    fn institution(&self, base_url: &str, organisation: Uuid) -> Result<Institution, Failure> {
        let calls = self.config.io.calls_per_second;
        self.io.institution(base_url, organisation, calls).map_err(|unfit| Failure::Misconfigured {
            what: format!("L'indirizzo di IO nelle impostazioni non va bene: {unfit}"),
            remedy: "Correggilo in Amministrazione, Servizi IO.",
        })
    }
}
