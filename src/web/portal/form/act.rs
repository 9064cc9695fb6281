//! A step is sent. Whatever button was pressed, what was typed is saved and files are stored first; then the button decides:
//! on, back, only the files, the position of a photo, the link by mail. Where all is well the answer leads to a page (303), so
//! that nobody sends a step twice by looking at it again.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use entity::{communication::Channel, language::Language, portal::Anonymous, submission::Answers, upload};
use uuid::Uuid;

use super::{
    fields,
    page::{self, Wrong},
    posted::{Posted, has_parts},
    sheet::{Draft, STEPS, Sheet},
};
use crate::{
    actions::{self, ban, submission},
    app::App,
    domain::{form, link, mail},
    store::{self, upload::Owner},
    web::{
        error::Result,
        limit::{Letter, Limits, Room, Wait},
        portal::handed,
    },
    wording::{self, say},
};

/// Name of the field that no citizen sees: programs that fill everything fill this, too, and so do some browsers. What is sent with
/// it waits for an operator.
pub const TRAP: &str = "website";
/// Name of every button.
const ACTION: &str = "action";

/// What a button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    /// On to the next step; also what Enter does, and a browser without buttons.
    Next,
    /// To the step before.
    Back,
    /// Only store the files.
    Keep,
    /// Take a file away.
    Remove(Uuid),
    /// The place is where this photo was taken; `None`: forget the position.
    Position(Option<Uuid>),
    /// Send the link by mail, to go on later.
    Resume,
    /// The same step in another language.
    Speak(Language),
    /// The page saves by itself.
    AutoSave,
}

impl Action {
    fn of(sheet: &Sheet, posted: &Posted) -> Self {
        if sheet.saves_itself {
            return Self::AutoSave;
        }
        let pressed = posted.typed(ACTION);
        match pressed.split_once(':').unwrap_or((&pressed, "")) {
            ("back", _) => Self::Back,
            ("keep", _) => Self::Keep,
            ("resume", _) => Self::Resume,
            ("language", tag) => Language::of_tag(tag).map_or(Self::Keep, Self::Speak),
            ("remove", id) => id.parse().map_or(Self::Keep, Self::Remove),
            ("position", id) => Self::Position(id.parse().ok()),
            _ => Self::Next,
        }
    }
}

/// `POST /{code}/{step}`.
pub async fn take(
    State(app): State<App>,
    sheet: Sheet,
    limits: Limits,
    request: Request,
) -> Result<Response> {
    let _room = match admitted(&sheet, &limits, request.headers()) {
        Ok(room) => room,
        Err(wait) => return sheet.hall.wait(wait),
    };
    if let Some(refused) = banned(&app, &sheet).await? {
        return page::wrong(&app, &sheet, refused).await;
    }
    let posted = if sheet.saves_itself {
        Posted::saved(&app, request).await?
    } else {
        Posted::read(&app, request).await?
    };
    match (sheet.step, &sheet.draft) {
        (1, _) => first(&app, sheet, &posted).await,
        (_, None) => Ok(sheet.to(1)),
        (_, Some(draft)) => {
            let id = draft.row.id;
            step(&app, sheet, id, &limits, posted).await
        }
    }
}

/// May this be sent at all? Gives room for its files, to be held until they are stored.
fn admitted(sheet: &Sheet, limits: &Limits, head: &HeaderMap) -> std::result::Result<Option<Room>, Wait> {
    let (organisation, network) = (sheet.hall.organisation.id, &sheet.hall.network);
    if sheet.saves_itself {
        limits.saves(organisation, network)?;
    } else {
        limits.sends(organisation, network)?;
    }
    has_parts(head).then(|| limits.room(network, head)).transpose()
}

/// Nothing is taken from a banned network, nor in the name of a banned address: said before files and words are sent in vain.
async fn banned(app: &App, sheet: &Sheet) -> Result<Option<Wrong>> {
    let (hall, db) = (&sheet.hall, &app.desk.db.read);
    let email = form::declared(&sheet.form, &sheet.answers()).email;
    let banned = ban::holds(db, &hall.cx, &email, &hall.network).await?;
    Ok(banned.then(|| Wrong::at("form", ban::words(&hall.portal, hall.language))))
}

/// The privacy notice was read: the draft begins.
async fn first(app: &App, mut sheet: Sheet, posted: &Posted) -> Result<Response> {
    if !posted.has("privacy") {
        return page::wrong(app, &sheet, Wrong::at("privacy", say(sheet.hall.language, "problem-tick")))
            .await;
    }
    let (desk, cx) = (&app.desk, sheet.hall.cx);
    let row = match sheet.draft.take() {
        Some(draft) => draft.row,
        None => {
            let (kind, language) = (sheet.kind.id, sheet.hall.language);
            submission::begin(desk, &cx, kind, language, Channel::Web, &sheet.hall.network).await?
        }
    };
    let read = Answers([("privacy".to_owned(), "on".to_owned())].into());
    let link = link::draft(&desk.keys, row.id);
    let saved = submission::save(desk, &cx, row.id, read, 2).await;
    sheet.draft = Some(Draft { row, link });
    match saved {
        Ok(_) => Ok(sheet.to(2)),
        Err(actions::Error::Conflict(_)) => Ok(sheet.to_receipt()),
        Err(error) => Err(error.into()),
    }
}

async fn step(app: &App, sheet: Sheet, id: Uuid, limits: &Limits, mut posted: Posted) -> Result<Response> {
    let owner = Owner::Submission(id);
    let action = Action::of(&sheet, &posted);
    let mut answers = answers(&sheet, &posted);
    let refused = match (posted.files(), fields::files(&sheet.form)) {
        (Some(files), Some(_)) if sheet.step == 2 => {
            handed::keep(app, &sheet.hall, limits, owner, files).await?
        }
        _ => Vec::new(),
    };
    let files = store::upload::of(&app.desk.db.read, sheet.hall.organisation.id, owner).await?;
    if let Action::Position(photo) = action {
        answers.0.extend(position(&sheet, &files, photo));
    }
    if let (Action::Speak(language), 3) = (action, sheet.step) {
        // What the page proposed is not what its reader speaks.
        answers.0.insert("language".to_owned(), language.tag().to_owned());
    }
    let mut filled = sheet.answers();
    filled.0.extend(answers.0.clone());
    let mut wrong = match action {
        Action::Next => check(&sheet, &filled, files.len()),
        _ => Wrong::default(),
    };
    if let (false, Some(field)) = (refused.is_empty(), fields::files(&sheet.form)) {
        wrong.add(field.name.clone(), refused.join(" "));
    }
    let on = action == Action::Next && wrong.is_empty() && sheet.step < STEPS;
    let reached = i32::from(if on { sheet.step + 1 } else { sheet.step });
    match submission::save(&app.desk, &sheet.hall.cx, id, answers, reached).await {
        Ok(saved) => pressed(app, sheet, saved, (action, wrong), limits, &posted).await,
        // It was sent meanwhile: the second press of the button finds the first receipt.
        Err(actions::Error::Conflict(_)) if action == Action::AutoSave => {
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        Err(actions::Error::Conflict(_)) => Ok(sheet.to_receipt()),
        Err(error) => Err(error.into()),
    }
}

/// What the button leads to, once everything is saved.
async fn pressed(
    app: &App,
    mut sheet: Sheet,
    saved: entity::submission::Model,
    (action, wrong): (Action, Wrong),
    limits: &Limits,
    posted: &Posted,
) -> Result<Response> {
    let id = saved.id;
    let reached = sheet.reached();
    if let Some(draft) = &mut sheet.draft {
        draft.row = saved;
    }
    match action {
        Action::AutoSave => Ok(StatusCode::NO_CONTENT.into_response()),
        Action::Back => Ok(sheet.to(sheet.step - 1)),
        Action::Remove(file) => {
            match submission::remove_file(&app.desk, &sheet.hall.cx, Owner::Submission(id), file).await {
                // Pressed twice.
                Ok(()) | Err(actions::Error::NotFound) => Ok(sheet.to(sheet.step)),
                Err(error) => Err(error.into()),
            }
        }
        Action::Resume => resume(app, &sheet, id, limits, &posted.typed("resume-address")).await,
        _ if !wrong.is_empty() => page::wrong(app, &sheet, wrong).await,
        Action::Keep | Action::Position(_) => Ok(sheet.to(sheet.step)),
        Action::Speak(language) => Ok(sheet.again_in(language)),
        Action::Next if sheet.step == STEPS => send(app, &sheet, id, limits, posted.has(TRAP)).await,
        // Who came back from the summary to change something returns there.
        Action::Next if reached == STEPS => Ok(sheet.to(STEPS)),
        Action::Next => Ok(sheet.to(sheet.step + 1)),
    }
}

/// What was typed into the fields of this step. A box that is not ticked is not sent: it counts as emptied.
fn answers(sheet: &Sheet, posted: &Posted) -> Answers {
    let names = form::names(&sheet.form);
    let of_contacts = |name: &str| page::CONTACTS.contains(&name);
    let mut answers: Answers = Answers(
        names
            .into_iter()
            .filter(|name| match sheet.step {
                2 => !of_contacts(name) && !matches!(name.as_str(), "privacy" | "terms"),
                3 => of_contacts(name),
                _ => name == "terms",
            })
            .map(|name| {
                let typed = posted.typed(&name);
                (name, typed)
            })
            .collect(),
    );
    if sheet.step == 3
        && let Some(language) = Language::of_tag(&posted.typed("language"))
    {
        answers.0.insert("language".to_owned(), language.tag().to_owned());
    }
    answers
}

/// The position of a photo, as answers of the place.
fn position(sheet: &Sheet, files: &[upload::Model], photo: Option<Uuid>) -> Vec<(String, String)> {
    let Some(place) = fields::place(&sheet.form) else { return Vec::new() };
    let taken = files.iter().find(|file| Some(file.id) == photo);
    let at = taken.and_then(|file| file.latitude.zip(file.longitude));
    let (lat, lon) =
        at.map_or_else(Default::default, |(lat, lon)| (format!("{lat:.6}"), format!("{lon:.6}")));
    vec![(format!("{}_lat", place.name), lat), (format!("{}_lon", place.name), lon)]
}

/// What is wrong with the answers of this step.
fn check(sheet: &Sheet, answers: &Answers, files: usize) -> Wrong {
    let problems = match sheet.step {
        2 => form::check_fields(&sheet.form, answers, files, sheet.today()),
        3 => form::check_contacts(&sheet.form, answers),
        _ => Vec::new(),
    };
    let language = sheet.hall.language;
    let mut wrong = Wrong::default();
    for problem in problems {
        let words = wording::problem(language, &problem);
        wrong.add(problem.field, words);
    }
    if sheet.step == STEPS && answers.get("terms").is_empty() {
        wrong.add("terms".to_owned(), say(language, "problem-tick"));
    }
    // Said here already, and not only when everything else is done.
    if sheet.step == 3 && sheet.hall.portal.anonymous == Anonymous::Refused {
        let declared = form::declared(&sheet.form, answers);
        if declared.email.is_empty() && declared.name.is_empty() && wrong.is_empty() {
            wrong.add("email".to_owned(), say(language, "problem-anonymous"));
        }
    }
    wrong
}

/// Sends the link back to this draft. The page says the same whatever becomes of it.
async fn resume(app: &App, sheet: &Sheet, id: Uuid, limits: &Limits, address: &str) -> Result<Response> {
    let (organisation, network) = (sheet.hall.organisation.id, &sheet.hall.network);
    if mail::is_address(address) {
        match limits.letter(organisation, network, address) {
            Letter::Goes => {}
            Letter::Enough => return Ok(page::told(sheet)),
            Letter::Waits(wait) => return sheet.hall.wait(wait),
        }
    }
    match submission::ask_resume(&app.desk, &sheet.hall.cx, id, address, sheet.hall.language).await {
        Ok(()) => Ok(page::told(sheet)),
        Err(actions::Error::Rejected(_)) => {
            let words = say(sheet.hall.language, "problem-email");
            let mut wrong = Wrong::at("resume-address", words);
            address.clone_into(&mut wrong.resume);
            page::wrong(app, sheet, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends the whole.
async fn send(app: &App, sheet: &Sheet, id: Uuid, limits: &Limits, suspect: bool) -> Result<Response> {
    let hall = &sheet.hall;
    let email = form::declared(&sheet.form, &sheet.answers()).email;
    if let Err(wait) = limits.hands_in(hall.organisation.id, &hall.network, &email) {
        return hall.wait(wait);
    }
    match submission::submit(&app.desk, &hall.cx, id, &hall.network, suspect).await {
        // Whatever became of it, and whoever of two was faster, the receipt says.
        Ok(_) | Err(actions::Error::Conflict(_)) => Ok(sheet.to_receipt()),
        Err(actions::Error::Rejected(flaws)) => {
            let mut wrong = Wrong::default();
            for flaw in flaws {
                wrong.add(flaw.field.into_owned(), flaw.message);
            }
            page::wrong(app, sheet, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}
