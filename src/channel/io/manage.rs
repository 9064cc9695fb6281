//! Calls with the keys that manage: sheets of services, their review and publication, their logos and keys ("Guida tecnica",
//! Publishing a Service; Service APIs).

use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    Institution, Keys,
    answer::Answer,
    line::{self, Call, unclear},
    send::logo,
    wire::{self, Managed, Topic},
};
use crate::domain::io::{
    call::Failure,
    sheet::{Sheet, life::Publication, merge},
};

/// Services on a page. IO refuses a hundred, though its description allows them.
const PAGE: usize = 99;
/// Most services that are read. An institution has some dozens; more pages than these are a list that never ends.
const MOST: usize = 2000;

/// The title with which the API says that there is nothing under an id (`ResponseErrorNotFound` in pagopa/io-services-cms). Other
/// refusals are about the request.
const NOT_FOUND: &str = "Not found";

/// The keys of a service.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// The first.
    pub primary: SecretString,
    /// The second, worth the same.
    pub secondary: SecretString,
}

/// One of two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first.
    Primary,
    /// The second.
    Secondary,
}

/// All services of an institution, with the keys that manage.
#[derive(Clone, Debug)]
pub struct Management {
    institution: Institution,
    keys: Keys,
}

impl Management {
    pub(super) fn new(institution: Institution, keys: Keys) -> Self {
        Self { institution, keys }
    }

    /// All services, two thousand at most, in IO's order. One that cannot be read is left out.
    ///
    /// # Errors
    /// The list was not given to its end.
    pub async fn services(&self) -> Result<Vec<Managed>, Failure> {
        let mut services: Vec<Managed> = Vec::new();
        let mut seen = 0;
        while seen < MOST {
            let mut call = Call::new(Method::GET, &["manage", "services"]);
            call.query = vec![("limit", PAGE.to_string()), ("offset", seen.to_string())];
            let page: wire::Page = self.call(call).await?.json(false)?;
            // Pages may be short, and their `count` is their own: only an empty one is the last.
            if page.value.is_empty() {
                break;
            }
            seen += page.value.len();
            for service in page.value.iter().filter_map(Managed::read) {
                // A list that changes between two pages shows a service twice.
                if services.iter().all(|known| known.id != service.id) {
                    services.push(service);
                }
            }
        }
        Ok(services)
    }

    /// A service as its sheet stands now, published or not.
    ///
    /// # Errors
    /// There is none, or nobody knows.
    pub async fn service(&self, id: &str) -> Result<Managed, Failure> {
        managed(&self.call(Call::new(Method::GET, &["manage", "services", id])).await?, false)
    }

    /// A new service, as a draft. Its keys work after some seconds.
    ///
    /// # Errors
    /// It was not made, or nobody knows: then it is to be looked for among [`Management::services`].
    pub async fn create(&self, sheet: &Sheet) -> Result<Managed, Failure> {
        let mut call = Call::new(Method::POST, &["manage", "services"]).body(sheet.written());
        call.once = true;
        Ok(as_sent(managed(&self.call(call).await?, true)?, sheet))
    }

    /// Changes a sheet: what was changed between `base`, the sheet as somebody was shown it, and `ours` is put into what IO has
    /// now. It becomes a draft; what is published stays until the next approval.
    ///
    /// # Errors
    /// It was not changed. [`Failure::Outdated`]: it is with the reviewers, or gone.
    pub async fn update(&self, id: &str, base: &Sheet, ours: &Sheet) -> Result<Managed, Failure> {
        let theirs = self.service(id).await?.sheet;
        let sheet = merge(base, ours, &theirs);
        let call = Call::new(Method::PUT, &["manage", "services", id]).body(sheet.written());
        Ok(as_sent(managed(&self.call(call).await?, false)?, &sheet))
    }

    /// Sends a draft to the reviewers. `auto_publish` as [`crate::domain::io::sheet::life::auto_publish`] says it.
    ///
    /// # Errors
    /// It was not sent. [`Failure::Outdated`]: it is no draft any more.
    pub async fn review(&self, id: &str, auto_publish: bool) -> Result<(), Failure> {
        let body = json!({ "auto_publish": auto_publish });
        self.call(Call::new(Method::PUT, &["manage", "services", id, "review"]).body(body)).await.map(drop)
    }

    /// What citizens see of a service, and whether; `None` before the first approval.
    ///
    /// # Errors
    /// Nobody knows.
    pub async fn publication(&self, id: &str) -> Result<Option<(Publication, Sheet)>, Failure> {
        match self.release(Method::GET, id).await {
            Ok(answer) => {
                let unreadable = || unclear(UNREADABLE.to_owned(), false);
                wire::publication(&answer.json(false)?).map(Some).ok_or_else(unreadable)
            }
            Err(Failure::Refused { title }) if title == NOT_FOUND => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Lets citizens see the last approved sheet.
    ///
    /// # Errors
    /// They do not see it. Just after an approval IO may not know of it yet: [`Failure::Retry`].
    pub async fn publish(&self, id: &str) -> Result<(), Failure> {
        not_yet(self.release(Method::POST, id).await)
    }

    /// Hides a service from citizens.
    ///
    /// # Errors
    /// They still see it.
    pub async fn unpublish(&self, id: &str) -> Result<(), Failure> {
        not_yet(self.release(Method::DELETE, id).await)
    }

    /// Deletes a service, for ever.
    ///
    /// # Errors
    /// It is still there.
    pub async fn delete(&self, id: &str) -> Result<(), Failure> {
        self.call(Call::new(Method::DELETE, &["manage", "services", id])).await.map(drop)
    }

    /// Sets the logo of a service: a PNG that [`crate::domain::io::sheet::logo::check`] has looked at.
    ///
    /// # Errors
    /// It was not taken. For some seconds after a service was made IO answers as if the key were wrong: [`Failure::Retry`].
    pub async fn logo(&self, id: &str, png: &[u8]) -> Result<(), Failure> {
        let call = Call::new(Method::PUT, &["manage", "services", id, "logo"]).body(logo(png));
        match self.call(call).await {
            Err(Failure::KeyRefused) => Err(Failure::Retry {
                words: "IO non accetta ancora il logo di questo servizio: succede subito dopo la creazione."
                    .to_owned(),
            }),
            answer => answer.map(drop),
        }
    }

    /// The keys with which a service sends.
    ///
    /// # Errors
    /// They were not given.
    pub async fn keys(&self, id: &str) -> Result<KeyPair, Failure> {
        pair(&self.call(Call::new(Method::GET, &["manage", "services", id, "keys"])).await?)
    }

    /// Makes one of the keys of a service anew; the old one is worth nothing from then on. Without an outage: use the other one
    /// first ("Guida tecnica", Manage Key).
    ///
    /// # Errors
    /// Perhaps it was made, perhaps not: [`Management::keys`] tells.
    pub async fn renew_key(&self, id: &str, which: Which) -> Result<KeyPair, Failure> {
        let key = match which {
            Which::Primary => "primary",
            Which::Secondary => "secondary",
        };
        pair(&self.call(Call::new(Method::PUT, &["manage", "services", id, "keys", key])).await?)
    }

    /// The topics among which a service chooses one.
    ///
    /// # Errors
    /// They were not given.
    pub async fn topics(&self) -> Result<Vec<Topic>, Failure> {
        let topics: wire::Topics =
            self.call(Call::new(Method::GET, &["manage", "services", "topics"])).await?.json(false)?;
        Ok(topics.topics)
    }

    pub(super) async fn call(&self, call: Call<'_>) -> Result<Answer, Failure> {
        line::call(&self.institution, &self.keys, &call).await
    }

    async fn release(&self, method: Method, id: &str) -> Result<Answer, Failure> {
        self.call(Call::new(method, &["manage", "services", id, "release"])).await
    }
}

const UNREADABLE: &str = "IO ha dato una scheda che non si legge.";

fn managed(answer: &Answer, once: bool) -> Result<Managed, Failure> {
    let service: Value = answer.json(once)?;
    Managed::read(&service).ok_or_else(|| unclear(UNREADABLE.to_owned(), once))
}

/// With what IO has taken and does not show. Whoever changes this sheet later starts from it, and IO takes what is left out for
/// taken out.
fn as_sent(mut managed: Managed, sent: &Sheet) -> Managed {
    let shown = &mut managed.sheet.suitable_for_minors;
    *shown = shown.or(sent.suitable_for_minors);
    managed
}

fn pair(answer: &Answer) -> Result<KeyPair, Failure> {
    let pair: wire::Pair = answer.json(false)?;
    Ok(KeyPair { primary: pair.primary_key.into(), secondary: pair.secondary_key.into() })
}

/// That there is nothing to publish is a matter of time.
fn not_yet(answer: Result<Answer, Failure>) -> Result<(), Failure> {
    match answer {
        Err(Failure::Refused { title }) if title == NOT_FOUND => Err(Failure::Retry {
            words: "IO non ha ancora una versione approvata di questo servizio.".to_owned(),
        }),
        answer => answer.map(drop),
    }
}
