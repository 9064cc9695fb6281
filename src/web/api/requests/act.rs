//! What a citizen does with a request through an app.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
};
use entity::{
    communication::Channel,
    follower::{self, ToldBy},
    work_order,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RequestOut, ToldByName, own};
use crate::{
    actions::{
        self, Cx,
        tracking::{self, Answer, Files},
    },
    app::App,
    store,
    web::api::{
        door::Speaker,
        files::{self, FilePart, WithFiles},
        input::{self, At, ByNumber, IdempotencyHeader, IdempotencyKey, Org},
        problem::{BodyRefusals, Problem, Refusals, Result},
        requests::create::submission_id,
    },
    wording,
};

/// Longest text, in characters.
const TEXT: usize = 10_000;

/// A citizen's words.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextIn {
    /// The words, plain.
    #[schema(max_length = 10000, example = "È il cassonetto davanti al numero 14.")]
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

/// What every act answers.
#[derive(utoipa::IntoResponses)]
#[response(status = 200, description = "The request as it stands now")]
#[expect(dead_code, reason = "stands in the document for what `done` gives")]
pub struct Now(#[to_schema] RequestOut);

/// The request that the address names, of the citizen who speaks: looked for before the body is read.
#[derive(Debug)]
pub struct Own {
    cx: Cx,
    order: work_order::Model,
    author: follower::Model,
}

impl FromRequestParts<App> for Own {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let speaker = Speaker::from_request_parts(parts, app).await?;
        let At(at) = At::<ByNumber>::from_request_parts(parts, app).await?;
        let (order, author) = own(app, &speaker, &at.number).await?;
        Ok(Self { cx: speaker.caller.hall.cx, order, author })
    }
}

impl Own {
    fn speaking(&self) -> (&follower::Model, Channel) {
        (&self.author, Channel::App)
    }

    /// The words, if they are not longer than the document allows: what is longer is refused before anybody looks at it.
    fn said<'a>(&self, words: &'a TextIn) -> Result<&'a str> {
        if words.text.chars().count() <= TEXT {
            return Ok(&words.text);
        }
        let limit = [("n", wording::Value::from(TEXT))];
        Err(Problem::field("text", wording::say_with(self.author.language, "problem-too-long", &limit)))
    }

    /// Whether there is an answer under this id.
    async fn has_said(&self, app: &App, token: Uuid) -> Result<bool> {
        let said = store::communication::by_id(&app.desk.db.read, self.cx.organisation, token).await?;
        Ok(said.is_some())
    }

    /// The request as it stands now. `stale`: what a conflict means here, for whoever writes the app.
    async fn done(&self, app: &App, outcome: actions::Result<()>, stale: &str) -> Result<Json<RequestOut>> {
        outcome.map_err(|error| match error {
            actions::Error::Conflict(_) => Problem::conflict(stale),
            error => error.into(),
        })?;
        let (db, organisation) = (&app.desk.db.read, self.cx.organisation);
        let order = store::work_order::by_id(db, organisation, self.order.id).await?;
        let author = store::follower::by_id(db, organisation, self.author.id).await?;
        let (order, author) = order.zip(author).ok_or_else(Problem::not_found)?;
        let kinds = store::organisation::kinds(db, organisation).await?;
        Ok(Json(RequestOut::new(order, &author, &kinds)))
    }
}

/// Answers.
///
/// In JSON, or as a form with the words in the part `request` and up to ten `files`; one of both is needed. An answer to a
/// closed request opens it again where the organisation's rules say so.
#[utoipa::path(
    post,
    operation_id = "answer", path = "/{org}/requests/{number}/answers", tag = "Requests",
    params(Org, ByNumber, IdempotencyHeader),
    request_body(content((TextIn = "application/json"), (TextForm = "multipart/form-data"))),
    responses((status = 201, body = RequestOut, description = "The request as it stands now"), Refusals, BodyRefusals)
)]
pub async fn answer(
    State(app): State<App>,
    own: Own,
    IdempotencyKey(key): IdempotencyKey,
    WithFiles { words, files, room: _room }: WithFiles<TextIn>,
) -> Result<(StatusCode, Json<RequestOut>)> {
    const STALE: &str = "The request was closed too long ago to be answered: send a new one.";
    let said = own.said(&words)?;
    let files = files::look_at(&app, files, own.author.language).await?;
    let token = answer_id(&app, own.author.id, &key);
    let answer = Answer { token, words: said, files: Files::Along(files) };
    let answered = tracking::answer(&app.desk, &own.cx, own.speaking(), answer).await;
    if matches!(answered, Err(actions::Error::Conflict(_))) && own.has_said(&app, token).await? {
        return Err(Problem::key_reused());
    }
    Ok((StatusCode::CREATED, own.done(&app, answered, STALE).await?))
}

fn answer_id(app: &App, follower: Uuid, key: &str) -> Uuid {
    submission_id(&app.desk.keys, follower, &format!("answer {key}"))
}

/// Says that it is closed and not solved.
///
/// Puts a closed request back to work, once per closure.
#[utoipa::path(
    post,
    operation_id = "contest", path = "/{org}/requests/{number}/contest", tag = "Requests", params(Org, ByNumber),
    request_body = TextIn, responses(Now, Refusals, BodyRefusals)
)]
pub async fn contest(
    State(app): State<App>,
    own: Own,
    input::Json(words): input::Json<TextIn>,
) -> Result<Json<RequestOut>> {
    const STALE: &str = "The request is not closed, or was closed too long ago: read it to see which.";
    let contested = tracking::contest(&app.desk, &own.cx, own.speaking(), own.said(&words)?).await;
    own.done(&app, contested, STALE).await
}

/// Withdraws the request.
///
/// It is closed, with the citizen's words if there are any.
#[utoipa::path(
    post,
    operation_id = "withdraw", path = "/{org}/requests/{number}/withdrawal", tag = "Requests", params(Org, ByNumber),
    request_body = TextIn, responses(Now, Refusals, BodyRefusals)
)]
pub async fn withdraw(
    State(app): State<App>,
    own: Own,
    input::Json(words): input::Json<TextIn>,
) -> Result<Json<RequestOut>> {
    const STALE: &str = "The request is closed already: by the organisation, or by a withdrawal in other words. Read it to see \
                         which; what is left to say is an answer.";
    let withdrawn = tracking::withdraw(&app.desk, &own.cx, own.speaking(), own.said(&words)?).await;
    own.done(&app, withdrawn, STALE).await
}

/// Sets how the citizen is told of changes.
#[utoipa::path(
    put,
    operation_id = "setToldBy", path = "/{org}/requests/{number}/told-by", tag = "Requests", params(Org, ByNumber),
    request_body = ToldByIn, responses(Now, Refusals, BodyRefusals)
)]
pub async fn tell_by(
    State(app): State<App>,
    own: Own,
    input::Json(wish): input::Json<ToldByIn>,
) -> Result<Json<RequestOut>> {
    const STALE: &str = "The request has changed meanwhile: read it again.";
    let told = match tracking::tell_by(&app.desk, &own.cx, &own.author, wish.by).await {
        // The way that cannot be taken stands in `by` here.
        Err(actions::Error::Rejected(flaws)) => {
            let by = |flaw: actions::Flaw| actions::Flaw { field: "by".into(), ..flaw };
            Err(actions::Error::Rejected(flaws.into_iter().map(by).collect()))
        }
        told => told,
    };
    own.done(&app, told, STALE).await
}
