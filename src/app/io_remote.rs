//! IO is told where it finds us.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use super::App;
use crate::{
    actions::{
        self, Cx,
        io::{
            account,
            remote::settings::{self, Untold},
        },
    },
    channel::io::{Keys, remote::Place},
    domain::io::call::Failure,
};

/// How often it is told anew when something has changed meanwhile.
const ROUNDS: usize = 3;
const DESCRIPTION: &str = "Comunicazioni e documenti che i cittadini aprono da un messaggio.";

impl App {
    /// Tells IO what stands in the settings of a service; whether IO knows it now. Why not stands in the settings.
    ///
    /// # Errors
    /// The database; `NotFound`; `Conflict` with words when the stored key cannot be opened.
    pub async fn tell_io_place(
        &self,
        organisation: Uuid,
        service: Uuid,
        now: DateTime<Utc>,
    ) -> actions::Result<bool> {
        let cx = Cx::system(organisation, now);
        for _ in 0..ROUNDS {
            let untold = settings::untold(&self.desk, organisation, service).await?;
            match self.tell(&untold).await {
                Ok(configuration) => {
                    if settings::told(&self.desk, &cx, &untold, &configuration).await? {
                        return Ok(true);
                    }
                }
                Err(failure) => {
                    let words = words(&failure);
                    tracing::warn!(%service, error = words, "IO could not be told where its remote content is");
                    settings::not_told(&self.desk, &cx, service, &words).await?;
                    return Ok(false);
                }
            }
        }
        Ok(false)
    }

    async fn tell(&self, untold: &Untold) -> Result<String, Failure> {
        let organisation = untold.row.organisation_id;
        let account = account::of(&self.desk.db.read, organisation)
            .await
            .map_err(|error| Failure::Retry { words: error.to_string() })?;
        let key = account.manage_key.as_deref().and_then(|sealed| self.desk.keys.open(sealed).ok());
        let first = key.map(SecretString::from).ok_or(Failure::KeyRefused)?;
        let line = self.io_management(&account.base_url, organisation, Keys { first, second: None })?;
        let place = Place {
            name: format!("Riscontro: {}", untold.service.name),
            description: DESCRIPTION.to_owned(),
            precondition: untold.row.precondition,
            base_url: untold.base_url.clone(),
            header_name: untold.row.header_name.clone(),
            key: untold.key.clone(),
        };
        line.tell_place(untold.row.configuration_id.as_deref(), &place).await
    }
}

/// The sentence for the administrator. The key here is another than that of a service.
fn words(failure: &Failure) -> String {
    match failure {
        Failure::KeyRefused => {
            "Manca la chiave di gestione, o IO non la accetta: scrivila in Amministrazione, Servizi IO."
                .to_owned()
        }
        other => other.words(),
    }
}
