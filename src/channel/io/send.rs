//! Calls with the keys of a service: who can be written to, a message, what became of it.

use data_encoding::BASE64;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Institution, Keys,
    line::{self, Call, unclear},
    pace::Turn,
    remote,
    wire::{self, Created},
};
use crate::domain::io::{
    call::{Failure, NO_REMOTE_CONTENT, Profile, Report},
    due_date,
    message::Message,
    recipient::Recipient,
    sheet::check::is_organisation_code,
};

/// The title with which the API says that somebody is not on IO.
const NOT_FOUND: &str = "Profile not found";

/// A service, with its keys.
#[derive(Clone, Debug)]
pub struct Service {
    institution: Institution,
    keys: Keys,
}

impl Service {
    pub(super) fn new(institution: Institution, keys: Keys) -> Self {
        Self { institution, keys }
    }

    /// Whether a citizen can be written to now: to be asked before each message ("Guida tecnica", Get a User Profile Using POST).
    ///
    /// # Errors
    /// Nobody knows; the failure says what to do.
    pub async fn profile(&self, recipient: &Recipient) -> Result<Profile, Failure> {
        let call = Call::new(Method::POST, &["profiles"]).body(json!({ "fiscal_code": recipient.as_str() }));
        match line::call(&self.institution, &self.keys, &call).await {
            Ok(answer) => answer.json::<wire::Profile>(false).map(Profile::from),
            Err(Failure::Refused { title }) if title == NOT_FOUND => Ok(Profile::NotOnIo),
            Err(failure) => Err(failure),
        }
    }

    /// Waits until one more call fits into the budget of the institution: what is written down before a call that counts is
    /// written down after the waiting.
    ///
    /// # Errors
    /// IO has asked all of them to wait.
    pub async fn turn(&self) -> Result<Turn, Failure> {
        self.institution.turn().await
    }

    /// Hands a message over ("Guida tecnica", Submit a Message). That IO takes it does not mean that it arrives.
    ///
    /// # Errors
    /// It was not taken, or nobody knows ([`Failure::Unknown`]): IO would not recognise a second one.
    pub async fn submit(&self, message: &Message) -> Result<Created, Failure> {
        let turn = self.turn().await?;
        self.submit_now(message, turn).await
    }

    /// The same, when its turn has come.
    ///
    /// # Errors
    /// As [`Service::submit`].
    pub async fn submit_now(&self, message: &Message, turn: Turn) -> Result<Created, Failure> {
        let mut call = Call::new(Method::POST, &["messages"]).body(written(message));
        call.once = true;
        let answer = line::call_now(&self.institution, &self.keys, &call, turn).await;
        let answer = answer.map_err(|failure| about(message, failure))?;
        if let Some(created) = answer.json::<Created>(true).ok().filter(|created| wire::is_id(&created.id)) {
            return Ok(created);
        }
        // A body that was lost on the way is no reason not to know the id.
        let place = answer.headers.get("location").filter(|_| answer.status.as_u16() == 201);
        let id = place.and_then(|place| place.to_str().ok()?.rsplit('/').next()).filter(|id| wire::is_id(id));
        let unsaid = || unclear("IO ha risposto senza dire se ha preso il messaggio.".to_owned(), true);
        id.map(|id| Created { id: id.to_owned() }).ok_or_else(unsaid)
    }

    /// What became of a message that this service has sent ("Guida tecnica", Get Message).
    ///
    /// # Errors
    /// IO does not say; the message is as it was.
    pub async fn look(&self, recipient: &Recipient, id: &str) -> Result<Report, Failure> {
        let call = Call::new(Method::GET, &["messages", recipient.as_str(), id]);
        let answer = line::call(&self.institution, &self.keys, &call).await?;
        answer.json::<wire::Status>(false).map(Report::from)
    }

    /// Sets the logo of the organisation, which all its services show that have none of their own ("Guida tecnica", Upload
    /// Organization Logo).
    ///
    /// # Errors
    /// It was not taken.
    pub async fn organisation_logo(&self, fiscal_code: &str, png: &[u8]) -> Result<(), Failure> {
        if !is_organisation_code(fiscal_code) {
            return Err(Failure::Refused { title: "Bad parameters".to_owned() });
        }
        let call = Call::new(Method::PUT, &["organizations", fiscal_code, "logo"]).body(logo(png));
        line::call(&self.institution, &self.keys, &call).await.map(drop)
    }
}

/// Key, address and account were good for the profile a moment ago: what IO does not permit then is what this message carries, and no
/// reason to stop the others (facts 1.8: all these refusals have one title).
fn about(message: &Message, failure: Failure) -> Failure {
    match failure {
        Failure::Misconfigured { .. } if message.content.remote.is_some() => {
            Failure::Refused { title: NO_REMOTE_CONTENT.to_owned() }
        }
        failure => failure,
    }
}

/// A picture as IO takes it: base64, without a `data:` before it.
pub(super) fn logo(png: &[u8]) -> Value {
    json!({ "logo": BASE64.encode(png) })
}

fn written(message: &Message) -> Value {
    let content = &message.content;
    let mut body = json!({ "subject": content.subject, "markdown": content.markdown() });
    // The plural here, the singular in a sheet.
    if let Some(secure) = content.secure {
        body["require_secure_channels"] = secure.into();
    }
    if let Some(due) = content.due_date {
        body["due_date"] = due_date::written(due).into();
    }
    if let Some(payment) = &content.payment {
        body["payment_data"] = json!({
            "amount": payment.cents,
            "notice_number": payment.notice_number,
            "invalid_after_due_date": payment.invalid_after_due_date,
        });
    }
    let mut written = json!({ "fiscal_code": message.recipient.as_str() });
    if let Some(remote) = &content.remote {
        body["third_party_data"] = remote::announced(remote);
        if remote.has_documents {
            written["feature_level_type"] = "ADVANCED".into();
        }
    }
    written["content"] = body;
    written
}
