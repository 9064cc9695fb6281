//! The rules: for each occasion a way, for all kinds or for one. With nine occasions and as many kinds a table of both would be read
//! by nobody, least of all on a phone: one kind at a time, the rules for all first.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    io_service, request_kind,
    update_rule::{self, Occasion, Way},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{HERE, words};
use crate::{
    actions::{
        self,
        io::account,
        progress::settings::{self, Edits, Means, Missing},
    },
    app::App,
    domain::progress::{self, OCCASIONS, ways},
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Query, address},
        session::{Administrator, Operator},
        templates,
        words::capital,
    },
};

/// Context of `pages/updates.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    /// Code of the kind whose rules are shown; '' for all.
    kind: String,
    kind_name: String,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    /// For all kinds only.
    services: Vec<Choice>,
    service: String,
    seen_service: String,
    /// The service that was chosen sends nothing now.
    silent: bool,
    quiet: Option<Quiet>,
    errors: Flaws,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// One occasion.
#[derive(Serialize)]
struct Row {
    name: String,
    label: String,
    when: &'static str,
    ways: Vec<Choice>,
    value: String,
    /// What is set, whatever was typed since.
    seen: String,
    /// What is set cannot be done now, and what is done instead.
    warning: Option<&'static str>,
}

/// Between which hours IO waits, as `21:00`.
#[derive(Serialize)]
struct Quiet {
    from: String,
    until: String,
}

/// The query.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/updates`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    page(&app, &me, StatusCode::OK, asked, Typed::default()).await
}

/// The form: the kind, the service, a way by the name of each occasion, and what the page showed (`seen_…`).
type Fields = BTreeMap<String, String>;

/// `POST /desk/admin/updates`.
pub async fn save(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let of = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let code = of("kind").to_owned();
    let kinds = store::organisation::kinds(&app.desk.db.read, me.row.organisation_id).await?;
    let kind = of_code(&kinds, &code)?.map(|kind| kind.id);
    // Only what was touched, so that two open pages do not undo each other.
    let mut edits = Edits::default();
    for occasion in OCCASIONS {
        let name = words::code(occasion);
        let (typed, seen) = (of(&name), of(&format!("seen_{name}")));
        if typed == seen {
            continue;
        }
        let way = match typed {
            "" if kind.is_some() => None,
            way => Some(words::read(way).ok_or(Error::Unreadable)?),
        };
        edits.rules.push(((kind, occasion, way), words::read(seen)));
    }
    if kind.is_none() && of("service") != of("seen_service") {
        edits.service = Some((service(of("service"))?, service(of("seen_service"))?));
    }
    let (status, errors) = match settings::save_edits(&app.desk, &me.cx, &edits).await {
        // What stands there now is said beside each.
        Err(actions::Error::Conflict(_)) => (StatusCode::CONFLICT, Flaws::new()),
        saved => match judged(saved)? {
            Ok(()) => {
                let asked = [("kind", code.as_str()), ("done", "saved")];
                let asked: Vec<_> = asked.into_iter().filter(|(_, value)| !value.is_empty()).collect();
                return Ok(Redirect::to(&address(HERE, &asked)).into_response());
            }
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[("rules", "form")])),
        },
    };
    page(&app, &me, status, Asked { kind: code, done: None }, Typed { fields, errors }).await
}

/// The id of a service; '' for none.
fn service(typed: &str) -> Result<Option<Uuid>> {
    match typed {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Error::Unreadable),
    }
}

/// The kind of a code; `None` for all of them.
fn of_code<'a>(kinds: &'a [request_kind::Model], code: &str) -> Result<Option<&'a request_kind::Model>> {
    if code.is_empty() {
        return Ok(None);
    }
    kinds.iter().find(|kind| kind.code == code).map(Some).ok_or(Error::NotFound)
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    fields: Fields,
    errors: Flaws,
}

impl Typed {
    /// What was chosen in a field, where it was touched. `there` is what is set now, and `words` says it: whoever has not seen it is
    /// told, and may save over it then.
    fn chosen(&mut self, name: &str, there: &str, words: &str) -> Option<String> {
        let typed = self.fields.get(name)?.clone();
        let seen = self.fields.get(&format!("seen_{name}")).map(String::as_str).unwrap_or_default();
        if typed == seen {
            return None;
        }
        if there != seen && there != typed {
            let words =
                format!("Intanto qualcun altro ha scelto «{words}». Se salvi adesso, vale la tua scelta.");
            self.errors.entry(name.to_owned().into()).or_insert(words);
        }
        Some(typed)
    }
}

async fn page(
    app: &App,
    me: &Operator,
    status: StatusCode,
    asked: Asked,
    mut typed: Typed,
) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, me.row.organisation_id);
    let hall = Hall::enter(app, me).await?;
    let all = store::organisation::kinds(db, organisation).await?;
    let kind = of_code(&all, &asked.kind)?;
    let rules = store::update::rules(db, organisation).await?;
    let services = store::io_service::all(db, organisation).await?;
    let chosen = services.iter().find(|service| service.updates);
    let account = account::of(db, organisation).await?;
    let means = Means::of(db, organisation).await?;
    let mut rows: Vec<Row> =
        OCCASIONS.into_iter().map(|occasion| row(&rules, kind, occasion, means)).collect();
    for row in &mut rows {
        let there = words::read(&row.seen).map_or("come per tutte", words::way);
        if let Some(value) = typed.chosen(&row.name, &row.seen, there) {
            row.value = value;
        }
    }
    let seen_service = chosen.map(|service| service.id.to_string()).unwrap_or_default();
    let there = chosen.map_or("nessun servizio", |service| &service.name);
    let service = typed.chosen("service", &seen_service, there).unwrap_or_else(|| seen_service.clone());
    let page = Page {
        frame: hall.frame("admin", asked.done),
        kind_name: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
        kinds: kinds(&all, &rules),
        rows,
        service,
        seen_service,
        silent: chosen.is_some_and(|service| !service.sends),
        services: choices(&services),
        quiet: account
            .quiet_from
            .zip(account.quiet_until)
            // The same hour twice is no time.
            .filter(|(from, until)| from != until)
            .map(|(from, until)| Quiet { from: hour(from), until: hour(until) }),
        errors: typed.errors,
        kind: asked.kind,
    };
    Ok((status, templates::render("pages/updates.html", page)?).into_response())
}

/// The rules for all, then each kind; one that has rules of its own says so.
fn kinds(kinds: &[request_kind::Model], rules: &[update_rule::Model]) -> Vec<Choice> {
    let all = Choice { value: String::new(), label: "Tutte le tipologie".to_owned() };
    let one = |kind: &request_kind::Model| {
        let own = rules.iter().filter(|rule| rule.kind_id == Some(kind.id)).count();
        let mark = match own {
            0 => String::new(),
            1 => " (una regola sua)".to_owned(),
            n => format!(" ({n} regole sue)"),
        };
        Choice { value: kind.code.clone(), label: format!("{}{mark}", kind.name) }
    };
    [all].into_iter().chain(kinds.iter().map(one)).collect()
}

fn row(
    rules: &[update_rule::Model],
    kind: Option<&request_kind::Model>,
    occasion: Occasion,
    means: Means,
) -> Row {
    let standard = progress::standard(occasion);
    let for_all = progress::set(rules, None, occasion).unwrap_or(standard);
    let set = progress::set(rules, kind.map(|kind| kind.id), occasion);
    let choice = |way: Way| {
        let mark = if kind.is_none() && way == standard { " (di serie)" } else { "" };
        Choice { value: words::code(way), label: format!("{}{mark}", capital(words::way(way))) }
    };
    let as_for_all = kind
        .map(|_| Choice { value: String::new(), label: format!("Come per tutte: {}", words::way(for_all)) });
    let holds = set.unwrap_or(for_all);
    let seen = set.map(words::code).unwrap_or_default();
    Row {
        name: words::code(occasion),
        label: capital(words::occasion(occasion)),
        when: words::when(occasion),
        value: seen.clone(),
        seen,
        warning: means.missing(holds).map(|missing| instead(holds, missing)),
        ways: as_for_all.into_iter().chain(ways(occasion).iter().copied().map(choice)).collect(),
    }
}

/// What happens while a way cannot be gone.
fn instead(way: Way, missing: Missing) -> &'static str {
    match (missing, way) {
        (Missing::Pec, _) => "L’ente non ha una casella PEC: intanto parte per posta elettronica ordinaria.",
        (Missing::Io, Way::Io) => "Nessun servizio di IO invia: intanto non si avvisa nessuno.",
        (Missing::Io, _) => "Nessun servizio di IO invia: intanto parte solo per posta elettronica.",
    }
}

/// The services in whose name may be told; the one that was chosen stays in the list when it stops sending.
fn choices(services: &[io_service::Model]) -> Vec<Choice> {
    let none = Choice { value: String::new(), label: "Nessuno: su IO non si avvisa".to_owned() };
    let one = |service: &io_service::Model| Choice {
        value: service.id.to_string(),
        label: if service.sends { service.name.clone() } else { format!("{} (ora non invia)", service.name) },
    };
    let may = services.iter().filter(|service| service.sends || service.updates);
    [none].into_iter().chain(may.map(one)).collect()
}

/// Minutes of the day as `21:00`.
fn hour(minutes: i32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
