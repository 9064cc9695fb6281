//! Files: handed over before the request they belong to, or together with it, and read back.

use axum::{
    Json,
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::StatusCode,
    response::Response,
};
use entity::{attachment::Scan, language::Language, upload};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    door::{Caller, Speaker},
    input::{self, AcceptLanguage, At, ById, ByNumber, OfRequest, Org, Spoken, is_media},
    problem::{BodyRefusals, FieldError, Problem, Refusals, Result},
    requests,
};
use crate::{
    actions::{
        self,
        submission::{self, Owner},
    },
    app::App,
    domain::{
        correspondence,
        files::{MOST, Prepared, Refusal},
    },
    store,
    web::{
        attachment::to_save,
        limit::{Limits, Room},
    },
    wording,
};

/// The part of a form that holds the words, in JSON.
const WORDS: &str = "request";
/// The part that holds a file: alone, and beside words.
const FILE: &str = "file";
const FILES_PART: &str = "files";

/// A file as it came.
#[derive(Debug)]
pub struct Raw {
    name: String,
    declared: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Words in JSON, or in a form (`multipart/form-data`) with files beside them.
#[derive(Debug)]
pub struct WithFiles<T> {
    /// The words.
    pub words: T,
    /// The files, in order.
    pub files: Vec<Raw>,
    /// Their place in memory, until they are stored.
    pub room: Option<Room>,
}

impl<T: DeserializeOwned> FromRequest<App> for WithFiles<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        if is_media(request.headers(), "application/json") {
            let input::Json(words) = input::Json::from_request(request, app).await?;
            return Ok(Self { words, files: Vec::new(), room: None });
        }
        let (words, files, room) = read_form(request, app, FILES_PART).await?;
        let words =
            words.ok_or_else(|| Problem::field(WORDS, "The form lacks the part request, in JSON."))?;
        Ok(Self { words: input::parse(&words)?, files, room: Some(room) })
    }
}

/// The words, the files, and their place in memory.
type Parts = (Option<Vec<u8>>, Vec<Raw>, Room);

async fn read_form(request: Request, app: &App, of_files: &str) -> Result<Parts> {
    if !is_media(request.headers(), "multipart/form-data") {
        return Err(Problem::bad_media("application/json or multipart/form-data"));
    }
    let room = room_for(&request)?;
    let form = Multipart::from_request(request, app).await;
    let mut form = form.map_err(|_| Problem::malformed("The form does not say its boundary."))?;
    let (mut words, mut files) = (None, Vec::new());
    while let Some(part) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let declared = part.content_type().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|error| broken(&error))?;
        match name.as_str() {
            WORDS if bytes.len() > input::JSON_BYTES => {
                return Err(Problem::too_large(format!(
                    "The part request has at most {} KB.",
                    input::JSON_BYTES >> 10
                )));
            }
            WORDS => words = Some(bytes.to_vec()),
            name if name == of_files && files.len() >= MOST => {
                return Err(Problem::field(name, format!("Send at most {MOST} files.")));
            }
            name if name == of_files => {
                // RFC 7578 §4.2: what has no file name is a field, and a field is no file.
                let file_name = file_name.ok_or_else(|| {
                    Problem::field(name, "Send each file as a part with a filename in Content-Disposition.")
                })?;
                files.push(Raw { name: file_name, declared, bytes: bytes.to_vec() });
            }
            other => {
                let words = format!("The form takes the parts request and {of_files}, and no other.");
                return Err(Problem::field(other, words));
            }
        }
    }
    Ok((words, files, room))
}

/// Room for what the app is about to send.
fn room_for(request: &Request) -> Result<Room> {
    let known = request.extensions();
    let (limits, caller) = (known.get::<Limits>(), known.get::<Caller>());
    let (limits, caller) = limits.zip(caller).ok_or_else(Problem::no_key)?;
    limits.room(&caller.asker(), request.headers()).map_err(Problem::too_many)
}

fn broken(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("Send fewer files, or smaller ones."),
        _ => Problem::malformed("The form breaks off, or is no multipart/form-data."),
    }
}

/// Stores files that came along with the words of a request, as far as each can be taken. When the words are refused afterwards,
/// [`forget`] them.
pub async fn keep(app: &App, caller: &Caller, files: Vec<Raw>, language: Language) -> Result<Vec<Uuid>> {
    let mut kept = Vec::new();
    for file in look_at(app, files, language).await? {
        match add(app, caller, file).await {
            Ok(row) => kept.push(row.id),
            Err(problem) => {
                forget(app, caller, &kept).await;
                return Err(problem);
            }
        }
    }
    Ok(kept)
}

/// Files of something that was not taken. What stays behind after a crash is forgotten after a while.
pub async fn forget(app: &App, caller: &Caller, files: &[Uuid]) {
    let owner = Owner::App(caller.key.id);
    for file in files {
        if let Err(error) = submission::remove_file(&app.desk, &caller.hall.cx, owner, *file).await {
            tracing::debug!(%error, "a file of a refused request stays for now");
        }
    }
}

async fn add(app: &App, caller: &Caller, file: Prepared) -> Result<upload::Model> {
    match submission::add_file(&app.desk, &caller.hall.cx, Owner::App(caller.key.id), file).await {
        // The one thing that can be wrong: the files of all its citizens together are too many.
        Err(actions::Error::Rejected(_)) => Err(Problem::uploads_full()),
        added => Ok(added?),
    }
}

/// Looks at every file; says of each one that is not taken why, in the citizen's language.
///
/// # Errors
/// The problem that names each of them.
pub async fn look_at(app: &App, files: Vec<Raw>, language: Language) -> Result<Vec<Prepared>> {
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.name.clone();
        match app.take_file(&file.name, &file.declared, file.bytes).await {
            Ok(prepared) => taken.push(prepared),
            Err(refusal) => refused.push(said(refusal, name, language)),
        }
    }
    if refused.is_empty() { Ok(taken) } else { Err(Problem::fields(refused)) }
}

fn said(refusal: Refusal, name: String, language: Language) -> FieldError {
    let values = [("name", name.into()), ("n", refusal.number().into())];
    FieldError { field: "files".to_owned(), message: wording::say_with(language, refusal.key(), &values) }
}

/// A file that waits for the request it belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upload {
    /// To be named in `uploads` of a request.
    id: Uuid,
    /// Its name, made safe.
    #[schema(example = "foto.jpg")]
    name: String,
    /// What it is, found by looking at it.
    #[schema(example = "image/jpeg")]
    media_type: String,
    /// Its length in bytes; photos are encoded anew, without place and camera.
    #[schema(example = 184_320)]
    size: i64,
    /// Whether a virus scanner has found it clean; `none`: there is none here, or it did not answer.
    #[schema(value_type = ScanState)]
    scan: Scan,
    /// Where a photo was taken, degrees north: to be offered to the citizen as the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 45.5392)]
    latitude: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 10.2206)]
    longitude: Option<f64>,
}

/// What the virus scanner said.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the document for entity::attachment::Scan")]
pub enum ScanState {
    /// It was not asked, or did not answer.
    None,
    /// Nothing found.
    Clean,
}

/// A file among others.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct FilePart(
    #[expect(dead_code, reason = "stands in the document for what is read part by part")] Vec<u8>,
);

/// A form with one file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "stands in the document for what is read part by part")]
pub struct UploadForm {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Hands a file over.
///
/// The first of two steps: the id goes into `uploads` of a request. A file that no request has taken after two weeks is
/// forgotten.
#[utoipa::path(
    post,
    operation_id = "upload", path = "/{org}/uploads", tag = "Files", params(Org, AcceptLanguage),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Upload), Refusals, BodyRefusals)
)]
pub async fn upload(
    State(app): State<App>,
    caller: Caller,
    Spoken(language): Spoken,
    request: Request,
) -> Result<(StatusCode, Json<Upload>)> {
    let (_, files, _room) = read_form(request, &app, FILE).await?;
    if files.len() != 1 {
        return Err(Problem::field("file", "Send one file, in the part file."));
    }
    let prepared = look_at(&app, files, language).await?;
    let prepared = prepared.into_iter().next().ok_or_else(Problem::not_found)?;
    let row = add(&app, &caller, prepared).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

impl From<upload::Model> for Upload {
    fn from(row: upload::Model) -> Self {
        let upload::Model { id, name, media_type, size, scan, latitude, longitude, .. } = row;
        Self { id, name, media_type, size, scan, latitude, longitude }
    }
}

/// Takes a file back.
///
/// As long as no request has taken it.
#[utoipa::path(
    delete,
    operation_id = "takeUploadBack", path = "/{org}/uploads/{id}", tag = "Files",
    params(Org, ById),
    responses((status = 204, description = "It is gone"), Refusals)
)]
pub async fn take_back(State(app): State<App>, caller: Caller, At(at): At<ById>) -> Result<StatusCode> {
    submission::remove_file(&app.desk, &caller.hall.cx, Owner::App(caller.key.id), at.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads a file.
///
/// One of the attachments that the communications of a request name.
#[utoipa::path(
    get,
    operation_id = "readAttachment", path = "/{org}/requests/{number}/attachments/{id}", tag = "Requests",
    params(Org, ByNumber, ById),
    responses((status = 200, description = "The bytes", content_type = "application/octet-stream", body = Vec<u8>), Refusals)
)]
pub async fn attachment(State(app): State<App>, speaker: Speaker, At(at): At<OfRequest>) -> Result<Response> {
    let (order, author) = requests::own(&app, &speaker, &at.number).await?;
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let file = store::attachment::by_id(db, organisation, at.id).await?.ok_or_else(Problem::not_found)?;
    let of = store::communication::by_id(db, organisation, file.communication_id).await?;
    of.filter(|of| of.work_order_id == order.id && correspondence::is_with(&author, of))
        .ok_or_else(Problem::not_found)?;
    let bytes = store::blob::bytes(db, organisation, &file.hash).await?;
    let bytes = bytes.ok_or_else(|| Problem::internal(&anyhow::anyhow!("a blob is missing")))?;
    Ok(to_save(&file.name, bytes))
}
