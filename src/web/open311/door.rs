//! Who comes in, by the address, the format at its end, and the key in the query or in the form.

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use entity::language::Language;
use serde::Deserialize;

use super::answer::{Format, split};
use crate::{
    app::App,
    web::{
        api::{
            door::{self, Admitted},
            input::Spoken,
            problem::{Problem, Result},
            scopes,
        },
        limit::{Limits, Standing},
        request::Peer,
    },
};

/// Somebody who was let in.
#[derive(Debug)]
pub struct Visit {
    /// What the address ends in, without its format.
    pub word: String,
    /// Where, and with which key.
    pub admitted: Admitted,
    /// Language of what the citizen reads.
    pub language: Language,
    /// The counters.
    pub limits: Limits,
    format: Format,
    standing: Option<Standing>,
}

/// The key of an app that reads, if it has one. `jurisdiction_id` is taken and not needed: the address says which.
#[derive(Debug, Default, Deserialize)]
struct Key {
    api_key: Option<String>,
}

/// Organisation, and what stands behind the last slash.
type Ends = Path<(String, String)>;

impl Visit {
    /// Lets somebody in who shows a key, or none. Whoever shows one must have been given it for this.
    ///
    /// # Errors
    /// The refusal, in the format that was asked for.
    pub async fn enter(
        parts: &mut Parts,
        app: &App,
        key: Option<&str>,
    ) -> std::result::Result<Self, Response> {
        let nothing = || Format::Json.refuse(&Problem::not_found());
        let Path((org, file)) = Ends::from_request_parts(parts, app).await.map_err(|_| nothing())?;
        let (word, format) = split(&file).ok_or_else(nothing)?;
        let Ok(peer) = Peer::from_request_parts(parts, app).await;
        let Ok(Spoken(language)) = Spoken::from_request_parts(parts, app).await;
        let limits = Limits::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let (admitted, standing) = door::admit(app, &limits, peer, &org, key).await;
        match admitted.and_then(for_this) {
            Ok(admitted) => Ok(Self { word: word.to_owned(), admitted, language, limits, format, standing }),
            Err(problem) => Err(dressed(format.refuse(&problem), standing)),
        }
    }

    /// The answer, or the refusal.
    pub fn end(&self, answered: Result<impl FnOnce(Format) -> Response>) -> Response {
        let answer = match answered {
            Ok(written) => written(self.format),
            Err(problem) => self.format.refuse(&problem),
        };
        dressed(answer, self.standing)
    }
}

fn for_this(admitted: Admitted) -> Result<Admitted> {
    if let Some(key) = &admitted.key {
        door::has(key, scopes::OPEN311)?;
    }
    Ok(admitted)
}

fn dressed(mut answer: Response, standing: Option<Standing>) -> Response {
    if let Some(standing) = standing {
        standing.write(answer.headers_mut());
    }
    answer
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Response> {
        let Query(Key { api_key }) = Query::from_request_parts(parts, app).await.unwrap_or_default();
        Self::enter(parts, app, api_key.as_deref()).await
    }
}
