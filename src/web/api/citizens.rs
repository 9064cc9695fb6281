//! A citizen lets an app speak: a code by mail, a token for the code.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use entity::language::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    door::{Caller, Speaker},
    input::{self, AcceptLanguage, LanguageTag, Org, Spoken},
    problem::{BodyRefusals, Problem, Refusals, Result},
};
use crate::{actions::citizen, app::App, web::limit::Limits};

/// Who is to get a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeFor {
    /// The citizen's email address.
    #[schema(format = Email, max_length = 254, example = "anna@esempio.it")]
    email: String,
    /// Language of the letter; without it that of `Accept-Language`.
    #[serde(default, deserialize_with = "input::language")]
    #[schema(value_type = LanguageTag, required = false, example = "it")]
    language: Option<Language>,
}

/// A code was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeAsked {
    /// Names the asking when the code is shown.
    id: Uuid,
    /// Until when the code can be shown.
    expires_at: DateTime<Utc>,
}

/// A code is shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeShown {
    /// The asking.
    id: Uuid,
    /// The code, with or without its space.
    #[schema(max_length = 20, example = "1234 5678")]
    code: String,
}

/// A token for a code.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenOut {
    /// To be sent as `X-Citizen-Token`. It is shown once.
    #[schema(example = "ct_…")]
    token: String,
    /// Until when it holds.
    expires_at: DateTime<Utc>,
}

/// Asks for a code.
///
/// It goes by mail to the address if its holder has sent something to this organisation before; the answer is the same if
/// not. Good for a quarter of an hour and five attempts.
#[utoipa::path(
    post,
    operation_id = "askCode", path = "/{org}/citizens/codes", tag = "Citizens", params(Org, AcceptLanguage),
    request_body = CodeFor,
    responses((status = 202, body = CodeAsked), Refusals, BodyRefusals)
)]
pub async fn ask(
    State(app): State<App>,
    caller: Caller,
    limits: Limits,
    Spoken(spoken): Spoken,
    input::Json(asked): input::Json<CodeFor>,
) -> Result<(StatusCode, Json<CodeAsked>)> {
    let cx = &caller.hall.cx;
    limits.asks(cx.organisation, &caller.asker(), &asked.email).map_err(Problem::too_many)?;
    let language = asked.language.unwrap_or(spoken);
    let asked = citizen::ask(&app.desk, cx, caller.key.id, &asked.email, language).await?;
    Ok((StatusCode::ACCEPTED, Json(CodeAsked { id: asked.id, expires_at: asked.expires_at })))
}

/// Shows a code for a token.
///
/// The token holds for ninety days, with this key alone.
#[utoipa::path(
    post,
    operation_id = "showCode", path = "/{org}/citizens/tokens", tag = "Citizens", params(Org, AcceptLanguage),
    request_body = CodeShown,
    responses((status = 201, body = TokenOut), Refusals, BodyRefusals)
)]
pub async fn redeem(
    State(app): State<App>,
    caller: Caller,
    Spoken(language): Spoken,
    input::Json(shown): input::Json<CodeShown>,
) -> Result<(StatusCode, Json<TokenOut>)> {
    let code = (shown.id, shown.code.as_str());
    let by = (caller.key.id, language);
    let granted = citizen::redeem(&app.desk, &caller.hall.cx, by, code, rand::random()).await?;
    Ok((StatusCode::CREATED, Json(TokenOut { token: granted.token, expires_at: granted.expires_at })))
}

/// Forgets the citizen's token.
///
/// The one that comes along: the citizen leaves the app.
#[utoipa::path(
    delete,
    operation_id = "forgetToken", path = "/{org}/citizens/tokens/current", tag = "Citizens",
    params(Org),
    responses((status = 204, description = "It is gone"), Refusals)
)]
pub async fn leave(State(app): State<App>, speaker: Speaker) -> Result<StatusCode> {
    let token = speaker.token.ok_or_else(Problem::no_citizen)?;
    citizen::leave(&app.desk, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
