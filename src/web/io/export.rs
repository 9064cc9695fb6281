//! The archive as a spreadsheet: what the filters show, up to a bound, read page by page and written as it comes.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{io_message::Model, io_service, operator};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    list::{Beside, Order, name_of},
    view::Asked,
    words,
};
use crate::{
    app::App,
    document::{self, Cell, Column},
    domain::{
        calendar::{rome, rome_date, rome_end_of_day},
        io::fate,
    },
    store::{self, Seek, io_message::Filter},
    web::{
        error::{Error, Result},
        request::Query,
        session::Operator,
        words::{capital, count},
    },
};

/// Most rows of a sheet: more than a year of a large operator's notifications, less than what a page may take.
pub const MOST: usize = 10_000;
/// Rows that are read at a time.
const STEP: usize = 500;
/// Media type of a spreadsheet.
const XLSX: HeaderValue =
    HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

const COLUMNS: [Column; 19] = [
    Column { name: "Scritta il", width: 17 },
    Column { name: "Servizio", width: 28 },
    Column { name: "Stato", width: 20 },
    Column { name: "Codice fiscale", width: 19 },
    Column { name: "Contribuente", width: 26 },
    Column { name: "Titolo", width: 44 },
    Column { name: "Genere", width: 15 },
    Column { name: "Ordine di lavoro", width: 16 },
    Column { name: "Scadenza", width: 17 },
    Column { name: "Importo", width: 12 },
    Column { name: "Numero avviso", width: 21 },
    Column { name: "Si paga", width: 20 },
    Column { name: "Tentativi", width: 10 },
    Column { name: "Identificativo su IO", width: 30 },
    Column { name: "Presa in carico da IO", width: 20 },
    Column { name: "Esito il", width: 17 },
    Column { name: "Letta", width: 18 },
    Column { name: "Pagata", width: 18 },
    Column { name: "Che cosa è successo", width: 60 },
];

/// `GET /desk/io/export.xlsx`.
pub async fn download(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let organisation = operator.row.organisation_id;
    let filter = asked.view().filter(&app, organisation).await?;
    let services = store::io_service::all(&app.desk.db.read, organisation).await?;
    let people = store::operator::all(&app.desk.db.read, organisation).await?;
    // The sheet is made on a thread of its own; it takes rows as they are read, and ends when no more come.
    let (rows, read) = mpsc::channel::<Vec<Vec<Cell>>>(2);
    let (cut, was_cut) = std::sync::mpsc::channel();
    let sheet = tokio::task::spawn_blocking(move || {
        let mut read = read;
        let rows = std::iter::from_fn(|| read.blocking_recv()).flatten();
        document::sheet("Notifiche IO", &COLUMNS, rows, || was_cut.recv().ok())
    });
    let archive = Archive { app: &app, organisation, filter: &filter, services: &services, people: &people };
    let count = archive.hand_over(rows, cut).await?;
    let sheet = sheet.await.map_err(|error| Error::Internal(error.into()))?;
    let sheet = sheet.map_err(|error| Error::Internal(error.into()))?;
    tracing::info!(%organisation, operator = %operator.row.id, rows = count, "the archive of IO notifications was exported");
    let name = format!("attachment; filename=\"notifiche-io-{}.xlsx\"", rome_date(operator.cx.now));
    let name = HeaderValue::try_from(name).map_err(|error| Error::Internal(error.into()))?;
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, name)], sheet).into_response())
}

/// What is exported.
struct Archive<'a> {
    app: &'a App,
    organisation: Uuid,
    filter: &'a Filter,
    services: &'a [io_service::Model],
    people: &'a [operator::Model],
}

impl Archive<'_> {
    /// Reads it page by page; gives how many rows there were, and tells `cut` when there are more.
    async fn hand_over(
        &self,
        rows: mpsc::Sender<Vec<Vec<Cell>>>,
        cut: std::sync::mpsc::Sender<String>,
    ) -> Result<usize> {
        let (mut from, mut handed) = (Seek::Start, 0);
        loop {
            let db = &self.app.desk.db.read;
            let page = store::io_message::page(db, self.organisation, self.filter, &from, STEP).await?;
            let Some(last) = page.rows.last() else { return Ok(handed) };
            from = Seek::After(last.id);
            let beside = Beside::read(self.app, self.organisation, &page.rows).await?;
            handed += page.rows.len();
            let lines = page.rows.iter().map(|row| self.line(row, &beside)).collect();
            if rows.send(lines).await.is_err() || !page.has_next {
                // A sheet that could not be written says why by itself.
                return Ok(handed);
            }
            if handed >= MOST {
                let most = count(i64::try_from(MOST).unwrap_or(i64::MAX));
                drop(
                    cut.send(format!(
                        "Sono le {most} notifiche più recenti: per le altre restringi i filtri."
                    )),
                );
                return Ok(handed);
            }
        }
    }

    fn line(&self, row: &Model, beside: &Beside) -> Vec<Cell> {
        let at = |at: Option<DateTime<Utc>>| at.map_or(Cell::Empty, moment);
        let cents = row.amount_cents.and_then(|cents| u64::try_from(cents).ok());
        let author = self.people.iter().find(|one| Some(one.id) == row.author_id);
        let kind = match (words::purpose(row.purpose), author) {
            ("", Some(author)) => format!("Scritta da {}", author.name),
            (purpose, _) => purpose.to_owned(),
        };
        vec![
            moment(row.created_at),
            Cell::text(name_of(self.services, row.io_service_id)),
            Cell::text(capital(fate::words(row.state))),
            Cell::text(row.fiscal_code.as_str()),
            Cell::text(beside.name(row).unwrap_or_default()),
            Cell::text(row.subject.as_str()),
            Cell::text(kind),
            Cell::text(beside.order(row).map(Order::number).unwrap_or_default()),
            row.due_at.map_or(Cell::Empty, due),
            cents.map_or(Cell::Empty, Cell::Cents),
            Cell::text(row.notice_number.clone().unwrap_or_default()),
            Cell::text(payable(row)),
            Cell::Count(row.attempts.unsigned_abs()),
            Cell::text(row.remote_id.clone().unwrap_or_default()),
            at(row.accepted_at),
            at(row.settled_at),
            Cell::text(row.read_state.as_deref().map(words::read).unwrap_or_default()),
            Cell::text(row.payment_state.as_deref().map(words::paid).unwrap_or_default()),
            Cell::text(row.last_error.clone().unwrap_or_default()),
        ]
    }
}

fn moment(at: DateTime<Utc>) -> Cell {
    Cell::Moment(rome(at))
}

/// Until when a notice can be paid; nothing without one.
fn payable(row: &Model) -> &'static str {
    match (&row.notice_number, row.invalid_after_due) {
        (None, _) => "",
        (Some(_), true) => "solo entro la scadenza",
        (Some(_), false) => "anche dopo",
    }
}

/// The day alone where it lasts until its end.
fn due(at: DateTime<Utc>) -> Cell {
    let day = rome_date(at);
    if rome_end_of_day(day) == at { Cell::Day(day) } else { moment(at) }
}
