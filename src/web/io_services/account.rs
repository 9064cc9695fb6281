//! Where IO is, with which key, and when nobody is disturbed; and the services of the organisation.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use entity::{io_account::Model, io_service::Lifecycle};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{
    HERE,
    answer::{Done, said},
    keys,
    overview::Service,
};
use crate::{
    actions::{
        self,
        io::account::{self, Settings},
    },
    app::{
        App,
        io_services::{Import, Trouble},
    },
    store,
    web::{
        error::Result,
        flaws::{Flaws, judged, named},
        frame::{Frame, Hall, Notice, Tone},
        request::{Form, Query},
        session::{Administrator, Operator},
        templates,
    },
};

/// Context of `pages/io_account.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    form: Fields,
    key_kept: bool,
    key_ending: Option<String>,
    errors: Flaws,
    trial: Option<Trial>,
    trouble: Option<String>,
    services: Vec<Service>,
    remote: bool,
}

#[derive(Serialize)]
struct Trial {
    ok: bool,
    words: String,
}

/// The settings as they stand on the page. The key comes in and never goes out.
#[derive(Clone, Deserialize, Serialize)]
pub struct Fields {
    version: i32,
    base_url: String,
    #[serde(default, skip_serializing)]
    manage_key: String,
    undo_seconds: String,
    #[serde(default)]
    quiet_from: String,
    #[serde(default)]
    quiet_until: String,
    #[serde(default, skip_serializing)]
    test: String,
}

impl Fields {
    fn of(account: &Model) -> Self {
        let time = |minutes: Option<i32>| {
            minutes.map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60)).unwrap_or_default()
        };
        Self {
            version: account.version,
            base_url: account.base_url.clone(),
            manage_key: String::new(),
            undo_seconds: account.undo_seconds.to_string(),
            quiet_from: time(account.quiet_from),
            quiet_until: time(account.quiet_until),
            test: String::new(),
        }
    }

    /// What the desk takes. What is no number or no time becomes -1, which the desk refuses.
    fn settings(&self) -> Settings {
        let none = self.quiet_from.trim().is_empty() && self.quiet_until.trim().is_empty();
        Settings {
            version: self.version,
            base_url: self.base_url.clone(),
            manage_key: self.manage_key.clone(),
            undo_seconds: self.undo_seconds.trim().parse().unwrap_or(-1),
            quiet: (!none).then(|| (minutes(&self.quiet_from), minutes(&self.quiet_until))),
        }
    }
}

/// Minutes of the day of `21:00`.
fn minutes(typed: &str) -> i32 {
    let read = || {
        let (hours, minutes) = typed.trim().split_once(':')?;
        let two = |digits: &str, below: i32| {
            let short = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<i32>().ok().filter(|number| short && *number < below)
        };
        Some(two(hours, 24)? * 60 + two(minutes, 60)?)
    };
    read().unwrap_or(-1)
}

/// What an import has brought, as the address says it: numbers only.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Found {
    imported: usize,
    known: usize,
    without_keys: usize,
    left_out: usize,
    of_one_name: usize,
}

impl From<Import> for Found {
    fn from(import: Import) -> Self {
        let Import { new, known, without_keys, left_out, of_one_name } = import;
        Self { imported: new, known, without_keys, left_out, of_one_name }
    }
}

impl Found {
    fn notices(self) -> Vec<Notice> {
        let mut words = match (self.imported, self.known) {
            (0, 0) => "Su IO non c’è nessun servizio dell’ente.".to_owned(),
            (new, known) => format!("Importazione finita: servizi nuovi {new}, aggiornati {known}."),
        };
        if self.imported > 0 {
            words.push_str(" L’invio è spento: lo accendi tu, servizio per servizio.");
        }
        let mut notices = vec![Notice::new(Tone::Success, words)];
        if self.without_keys > 0 {
            let words = match self.without_keys {
                1 => "Di un servizio IO non ha dato le chiavi: riprova dalla sua pagina.".to_owned(),
                n => format!("Di {n} servizi IO non ha dato le chiavi: riprova dalla loro pagina."),
            };
            notices.push(Notice::new(Tone::Warning, words));
        }
        if self.left_out > 0 {
            let words = match self.left_out {
                1 => "Un altro servizio è di troppo, e qui non c’è.".to_owned(),
                n => format!("Altri {n} servizi sono troppi per essere tenuti qui."),
            };
            notices.push(Notice::new(Tone::Warning, words));
        }
        if self.of_one_name > 0 {
            let words = match self.of_one_name {
                1 => "Un servizio ha lo stesso nome di un altro: IO ne approva uno solo.".to_owned(),
                n => format!("{n} servizi hanno lo stesso nome di un altro: IO ne approva uno solo."),
            };
            notices.push(Notice::new(Tone::Warning, words));
        }
        notices
    }
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
    imported: Option<usize>,
    #[serde(default)]
    known: usize,
    #[serde(default)]
    without_keys: usize,
    #[serde(default)]
    left_out: usize,
    #[serde(default)]
    of_one_name: usize,
}

/// `GET /desk/admin/io`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let done: Option<Done> = serde_json::from_value(asked.done.into()).ok();
    let mut notices: Vec<Notice> = done.map(Done::notice).into_iter().collect();
    if let Some(imported) = asked.imported {
        let Asked { known, without_keys, left_out, of_one_name, .. } = asked;
        notices.extend(Found { imported, known, without_keys, left_out, of_one_name }.notices());
    }
    page(&app, &me, StatusCode::OK, Visit { notices, ..Visit::default() }).await
}

/// `POST /desk/admin/io`: saved, or only tried.
pub async fn save(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let settings = fields.settings();
    if let Err(flaws) = judged(account::check(&settings))? {
        return refused(&app, &me, fields, named(flaws, NAMES)).await;
    }
    if fields.test == "on" {
        let trial = Some(tried(&app, &me, &settings).await?);
        return page(&app, &me, StatusCode::OK, Visit { form: Some(fields), trial, ..Visit::default() })
            .await;
    }
    match account::save(&app.desk, &me.cx, settings, rand::random()).await {
        Ok(()) => Ok(Done::Settings.on(HERE)),
        Err(actions::Error::Conflict(words)) => {
            // Pressed again, it holds: what was typed is not to be typed twice.
            let version = account::of(&app.desk.db.read, me.row.organisation_id).await?.version;
            let form = Some(Fields { version, ..fields });
            let trouble = Some(format!("{words} Se salvi di nuovo, vale quello che c’è nel modulo."));
            page(&app, &me, StatusCode::CONFLICT, Visit { form, trouble, ..Visit::default() }).await
        }
        Err(error) => match judged::<()>(Err(error))? {
            Ok(()) => Ok(Done::Settings.on(HERE)),
            Err(flaws) => refused(&app, &me, fields, named(flaws, NAMES)).await,
        },
    }
}

const NAMES: &[(&str, &str)] = &[("quiet", "quiet_from")];

/// The line as it would be after saving.
async fn tried(app: &App, me: &Operator, settings: &Settings) -> Result<Trial> {
    let organisation = me.row.organisation_id;
    let typed = Some(settings.manage_key.trim()).filter(|key| !key.is_empty()).map(str::to_owned);
    let stored = account::of(&app.desk.db.read, organisation).await?;
    let elsewhere = account::is_elsewhere(&stored, &settings.base_url);
    let was_typed = typed.is_some();
    // A key goes to the server that it was given for, and to no other.
    let kept = stored.manage_key.filter(|_| !elsewhere).and_then(|key| app.desk.keys.open(&key).ok());
    let outcome = match typed.or(kept) {
        None if elsewhere => Err(account::MOVED.to_owned()),
        None => Err("Scrivi la chiave di gestione.".to_owned()),
        Some(key) => app.try_io(organisation, settings.base_url.trim(), SecretString::from(key)).await,
    };
    let mut trial = match outcome {
        Ok(0) => Trial { ok: true, words: "IO risponde. L’ente non ha ancora servizi.".to_owned() },
        Ok(1) => Trial { ok: true, words: "IO risponde. L’ente ha un servizio.".to_owned() },
        Ok(services) => Trial { ok: true, words: format!("IO risponde. L’ente ha {services} servizi.") },
        Err(words) => Trial { ok: false, words },
    };
    trial.words.push_str(" Niente è stato salvato.");
    if was_typed && trial.ok {
        trial.words.push_str(" La chiave che hai provato va scritta di nuovo prima di salvare.");
    }
    Ok(trial)
}

/// The page, with why something was not done.
pub async fn troubled(app: &App, me: &Operator, trouble: Trouble) -> Result<Response> {
    let (status, words) = said(trouble)?;
    page(app, me, status, Visit { trouble: Some(words), ..Visit::default() }).await
}

async fn refused(app: &App, me: &Operator, form: Fields, errors: Flaws) -> Result<Response> {
    let visit = Visit { form: Some(form), errors, ..Visit::default() };
    page(app, me, StatusCode::UNPROCESSABLE_ENTITY, visit).await
}

#[derive(Default)]
struct Visit {
    notices: Vec<Notice>,
    form: Option<Fields>,
    errors: Flaws,
    trial: Option<Trial>,
    trouble: Option<String>,
}

async fn page(app: &App, me: &Operator, status: StatusCode, visit: Visit) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, me.row.organisation_id);
    let mut hall = Hall::enter(app, me).await?;
    // The list says it of each, with the button.
    hall.stopped.clear();
    let mut frame = hall.frame("admin", None);
    frame.notices.extend(visit.notices);
    let account = account::of(db, organisation).await?;
    let waiting = store::io_service::waiting(db, organisation).await?;
    let mut services = Vec::new();
    for row in store::io_service::all(db, organisation).await? {
        if row.lifecycle != Lifecycle::Deleted {
            let waits = waiting.get(&row.id).copied().unwrap_or_default();
            services.push(Service::of(row, waits, app.clock.now()));
        }
    }
    let page = Page {
        frame,
        form: visit.form.unwrap_or_else(|| Fields::of(&account)),
        key_kept: account.manage_key.is_some(),
        key_ending: account.manage_key.and_then(|key| keys::ending(app, &key)),
        errors: visit.errors,
        trial: visit.trial,
        trouble: visit.trouble,
        services,
        remote: app.config.io.remote,
    };
    Ok((status, templates::render("pages/io_account.html", page)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        assert_eq!(["21:00", " 8:05 ", "00:00", "23:59"].map(minutes), [1260, 485, 0, 1439]);
        for none in ["", "24:00", "8", "8:60", "-1:00", "08:000", "+8:00", "8:0x"] {
            assert_eq!(minutes(none), -1, "{none}");
        }
    }
}
