//! One text is written: with its placeholders, a preview of what citizens will read, and the way back to the program's own.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    preview::{self, Preview},
    texts::path_of,
    words,
};
use crate::{
    actions::{
        self,
        progress::settings::{self, Which, all_texts},
    },
    app::App,
    domain::progress::template,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Path, Query},
        session::{Administrator, Operator},
        templates,
        words::capital,
    },
    wording::Text,
};

/// What is said when somebody else was faster. What they wrote is shown beside it.
const CHANGED: &str = "Intanto qualcun altro ha cambiato questo testo: il suo è qui sotto. Il tuo non è andato perso: se lo salvi \
                       adesso, prende il posto del suo.";

/// Context of `pages/update_text.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    medium: &'static str,
    language: &'static str,
    io: bool,
    /// The organisation has a text of its own.
    own: bool,
    placeholders: Vec<Placeholder>,
    form: Fields,
    preview: Preview,
    /// The preview was asked for: nothing is saved.
    unsaved: bool,
    /// What somebody else saved meanwhile.
    theirs: Option<Theirs>,
    errors: Flaws,
}

#[derive(Serialize)]
struct Placeholder {
    braced: String,
    words: &'static str,
}

#[derive(Serialize)]
struct Theirs {
    subject: String,
    body: String,
}

/// The form.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Fields {
    subject: String,
    body: String,
    /// The version that was on the page; '' for the program's own.
    version: String,
    /// Which button.
    #[serde(skip_serializing)]
    act: String,
}

impl Fields {
    fn of(text: Text, version: Option<i32>) -> Self {
        let version = version.map(|version| version.to_string()).unwrap_or_default();
        Self { subject: text.subject, body: text.body, version, act: String::new() }
    }

    fn text(&self) -> Text {
        Text { subject: self.subject.clone(), body: self.body.clone() }
    }
}

/// Which text an address means.
type Named = (String, String, String);

fn which((occasion, medium, language): &Named) -> Result<Which> {
    let which = || Some((words::read(occasion)?, words::read(medium)?, words::read(language)?));
    let which: Which = which().ok_or(Error::NotFound)?;
    all_texts()
        .find(|(occasion, medium)| (*occasion, *medium) == (which.0, which.1))
        .ok_or(Error::NotFound)?;
    Ok(which)
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/updates/texts/{occasion}/{medium}/{language}`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let visit = Visit { done: asked.done, ..Visit::default() };
    page(&app, &me, StatusCode::OK, which(&named)?, visit).await
}

/// `POST` to the same.
pub async fn save(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(path): Path<Named>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let which = which(&path)?;
    let version = match fields.version.as_str() {
        "" => None,
        version => Some(version.parse().map_err(|_| Error::Unreadable)?),
    };
    let saved = match fields.act.as_str() {
        "preview" => {
            let (db, organisation) = (&app.desk.db.read, me.row.organisation_id);
            let flaws = settings::flaws(db, organisation, which, &fields.text()).await?;
            let visit =
                Visit { typed: Some(fields), unsaved: true, errors: named(flaws, &[]), ..Visit::default() };
            return page(&app, &me, StatusCode::OK, which, visit).await;
        }
        "reset" => settings::reset_text(&app.desk, &me.cx, which, version).await,
        _ => settings::save_text(&app.desk, &me.cx, which, fields.text(), version).await,
    };
    let (status, errors) = match saved {
        // Back to the text: whoever did not look at the preview finds the advice there.
        Ok(()) => return Ok(Redirect::to(&format!("{}?done=saved", path_of(which))).into_response()),
        Err(actions::Error::Conflict(_)) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), CHANGED.to_owned())]))
        }
        Err(error) => match judged::<()>(Err(error))? {
            Ok(()) => (StatusCode::OK, Flaws::new()),
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[])),
        },
    };
    let beaten = status == StatusCode::CONFLICT;
    // Whoever wanted the program's own text back had typed nothing.
    let typed = (fields.act != "reset").then_some(fields);
    page(&app, &me, status, which, Visit { typed, beaten, errors, ..Visit::default() }).await
}

#[derive(Default)]
struct Visit {
    done: Option<Done>,
    typed: Option<Fields>,
    unsaved: bool,
    /// Somebody else saved meanwhile.
    beaten: bool,
    errors: Flaws,
}

async fn page(app: &App, me: &Operator, status: StatusCode, which: Which, visit: Visit) -> Result<Response> {
    let hall = Hall::enter(app, me).await?;
    let (occasion, medium, language) = which;
    let (there, version) = settings::text(&app.desk.db.read, hall.organisation.id, which).await?;
    let own = version.is_some();
    let stored = Fields::of(there, version);
    let theirs = visit.beaten.then(|| Theirs { subject: stored.subject.clone(), body: stored.body.clone() });
    let form = match visit.typed {
        // Whoever has seen the other text may save over it.
        Some(typed) if visit.beaten => Fields { version: stored.version, ..typed },
        Some(typed) => typed,
        None => stored,
    };
    let io = medium == entity::update_text::Medium::Io;
    let placeholder = |one: template::Placeholder| Placeholder {
        braced: one.braced(),
        words: match one {
            template::Placeholder::Link if io => {
                "nome del pulsante che apre la pagina personale, per chi ce l’ha"
            }
            one => one.words(),
        },
    };
    let page = Page {
        frame: hall.frame("admin", visit.done),
        path: path_of(which),
        title: capital(words::occasion(occasion)),
        medium: words::medium(medium),
        language: language.tag(),
        io,
        own,
        placeholders: template::of(occasion).into_iter().map(placeholder).collect(),
        preview: preview::of(which, &form.text(), &hall.organisation.name, me.cx.now),
        form,
        unsaved: visit.unsaved,
        theirs,
        errors: visit.errors,
    };
    Ok((status, templates::render("pages/update_text.html", page)?).into_response())
}
