//! What a citizen does with a request through an app.

use axum::{Json, extract::State, http::StatusCode};
use entity::follower::ToldBy;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RequestOut, ToldByName, own};
use crate::{
    actions::{
        submission::{self, Owner},
        tracking,
    },
    app::App,
    store,
    web::api::{
        door::Speaker,
        files::{FilePart, WithFiles, look_at},
        input::{self, At, ByNumber, IdempotencyKey},
        problem::{BodyRefusals, Problem, Refusals, Result},
        requests::create::submission_id,
    },
};

/// Longest text of an answer, in characters.
const TEXT: usize = 10_000;

/// A citizen's words.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextIn {
    /// The words, plain.
    #[schema(min_length = 1, max_length = 10000)]
    text: String,
}

/// The same, with files beside it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "stands in the document for what is read part by part")]
pub struct TextForm {
    /// The words, in JSON.
    request: TextIn,
    /// Files.
    #[serde(default)]
    #[schema(max_items = 10, required = false)]
    files: Vec<FilePart>,
}

/// How a citizen wants to be told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldByIn {
    /// By which way.
    #[schema(value_type = ToldByName)]
    by: ToldBy,
}

fn text(words: &TextIn) -> Result<&str> {
    let text = words.text.trim();
    match text.chars().count() {
        0 => Err(Problem::field("text", "Write something.")),
        count if count > TEXT => Err(Problem::field("text", format!("Write at most {TEXT} characters."))),
        _ => Ok(text),
    }
}

async fn after(app: &App, speaker: &Speaker, number: &str) -> Result<Json<RequestOut>> {
    let (order, follower) = own(app, speaker, number).await?;
    let kinds = store::organisation::kinds(&app.desk.db.read, order.organisation_id).await?;
    Ok(Json(RequestOut::new(order, &follower, &kinds)))
}

/// Answers.
///
/// In JSON, or as a form with the words in the part `request` and up to ten `files`. An answer to a closed request opens it
/// again where the organisation's rules say so. Scope `requests:read`, and the citizen.
#[utoipa::path(
    post,
    operation_id = "answer", path = "/{org}/requests/{number}/answers", tag = "Requests",
    params(
        ("org" = String, Path, description = "The organisation"),
        ("number" = String, Path, description = "The number, with a hyphen: `2026-000123`"),
        ("Idempotency-Key" = String, Header, description = "A word made anew for each answer", min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    request_body(content((TextIn = "application/json"), (TextForm = "multipart/form-data"))),
    responses((status = 201, body = RequestOut, description = "The request as it stands now"), Refusals, BodyRefusals),
    security(("key" = [], "citizen" = []), ("key" = [], "fiscal_code" = []))
)]
pub async fn answer(
    State(app): State<App>,
    speaker: Speaker,
    At(at): At<ByNumber>,
    IdempotencyKey(key): IdempotencyKey,
    WithFiles { words, files }: WithFiles<TextIn>,
) -> Result<(StatusCode, Json<RequestOut>)> {
    let (_, follower) = own(&app, &speaker, &at.number).await?;
    let (cx, owner) = (&speaker.caller.hall.cx, Owner::Follower(follower.id));
    let token = answer_id(&app, follower.id, &key);
    let words = text(&words)?;
    // Repeated: its files are where they belong.
    if store::communication::by_id(&app.desk.db.read, cx.organisation, token).await?.is_none() {
        for file in look_at(&app, files, follower.language).await? {
            submission::add_file(&app.desk, cx, owner, file).await?;
        }
    }
    tracking::answer(&app.desk, cx, &follower, token, words).await?;
    Ok((StatusCode::CREATED, after(&app, &speaker, &at.number).await?))
}

fn answer_id(app: &App, follower: Uuid, key: &str) -> Uuid {
    submission_id(&app.desk.keys, follower, &format!("answer {key}"))
}

/// Says that it is closed and not solved.
///
/// Puts a closed request back to work, once per closure. Scope `requests:read`, and the citizen.
#[utoipa::path(
    post,
    operation_id = "contest", path = "/{org}/requests/{number}/contest", tag = "Requests",
    params(
        ("org" = String, Path, description = "The organisation"),
        ("number" = String, Path, description = "The number, with a hyphen: `2026-000123`"),
    ),
    request_body = TextIn,
    responses((status = 200, body = RequestOut, description = "The request as it stands now"), Refusals, BodyRefusals),
    security(("key" = [], "citizen" = []), ("key" = [], "fiscal_code" = []))
)]
pub async fn contest(
    State(app): State<App>,
    speaker: Speaker,
    At(at): At<ByNumber>,
    input::Json(words): input::Json<TextIn>,
) -> Result<Json<RequestOut>> {
    let (_, follower) = own(&app, &speaker, &at.number).await?;
    tracking::contest(&app.desk, &speaker.caller.hall.cx, &follower, text(&words)?).await?;
    after(&app, &speaker, &at.number).await
}

/// Withdraws the request.
///
/// Scope `requests:read`, and the citizen.
#[utoipa::path(
    post,
    operation_id = "withdraw", path = "/{org}/requests/{number}/withdrawal", tag = "Requests",
    params(
        ("org" = String, Path, description = "The organisation"),
        ("number" = String, Path, description = "The number, with a hyphen: `2026-000123`"),
    ),
    request_body = TextIn,
    responses((status = 200, body = RequestOut, description = "The request as it stands now"), Refusals, BodyRefusals),
    security(("key" = [], "citizen" = []), ("key" = [], "fiscal_code" = []))
)]
pub async fn withdraw(
    State(app): State<App>,
    speaker: Speaker,
    At(at): At<ByNumber>,
    input::Json(words): input::Json<TextIn>,
) -> Result<Json<RequestOut>> {
    let (_, follower) = own(&app, &speaker, &at.number).await?;
    tracking::withdraw(&app.desk, &speaker.caller.hall.cx, &follower, text(&words)?).await?;
    after(&app, &speaker, &at.number).await
}

/// Sets how the citizen is told of changes.
///
/// Scope `requests:read`, and the citizen.
#[utoipa::path(
    put,
    operation_id = "setToldBy", path = "/{org}/requests/{number}/told-by", tag = "Requests",
    params(
        ("org" = String, Path, description = "The organisation"),
        ("number" = String, Path, description = "The number, with a hyphen: `2026-000123`"),
    ),
    request_body = ToldByIn,
    responses((status = 200, body = RequestOut, description = "The request as it stands now"), Refusals, BodyRefusals),
    security(("key" = [], "citizen" = []), ("key" = [], "fiscal_code" = []))
)]
pub async fn tell_by(
    State(app): State<App>,
    speaker: Speaker,
    At(at): At<ByNumber>,
    input::Json(wish): input::Json<ToldByIn>,
) -> Result<Json<RequestOut>> {
    let (_, follower) = own(&app, &speaker, &at.number).await?;
    tracking::tell_by(&app.desk, &speaker.caller.hall.cx, &follower, wish.by).await?;
    after(&app, &speaker, &at.number).await
}
