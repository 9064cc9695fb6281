//! The address is the view: which notifications are shown, and the address that shows them. What makes no sense is left out, and the
//! page says so: a list that ignores a filter would pass for its answer.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use entity::{io_message::State, io_service};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::HERE;
use crate::{
    app::App,
    domain::{calendar::rome_end_of_day, io::fate, number::Number, text},
    store::{self, Seek, io_message::Filter},
    web::{
        error::Result,
        frame::Done,
        request::address,
        words::{capital, day},
    },
};

/// Most characters of a field: none of them means anything longer.
const TYPED_CHARS: usize = 40;
/// Most words of a title that are sought; more would not find anything else.
const MOST_WORDS: usize = 8;
/// Characters of a codice fiscale.
const CODE: usize = 16;

/// The query as it comes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    service: String,
    state: String,
    from: String,
    to: String,
    recipient: String,
    work_order: String,
    title: String,
    after: String,
    before: String,
    /// What the last act did.
    #[serde(deserialize_with = "crate::web::frame::done")]
    pub done: Option<Done>,
}

/// Which notifications are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    service: Option<Uuid>,
    state: Option<State>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    recipient: String,
    work_order: String,
    title: String,
}

/// What the form shows.
#[derive(Debug, Serialize)]
pub struct Fields {
    service: String,
    state: String,
    from: String,
    to: String,
    recipient: String,
    work_order: String,
    title: String,
}

/// An active filter.
#[derive(Debug, Serialize)]
pub struct Chip {
    label: String,
    remove_href: String,
}

impl Asked {
    /// Where the page begins.
    pub fn seek(&self) -> Seek<Uuid> {
        match (Uuid::try_parse(&self.after), Uuid::try_parse(&self.before)) {
            (Ok(id), _) => Seek::After(id),
            (Err(_), Ok(id)) => Seek::Before(id),
            (Err(_), Err(_)) => Seek::Start,
        }
    }

    /// What is asked for.
    pub fn view(&self) -> View {
        let typed = |text: &str| text::typed_line(text).chars().take(TYPED_CHARS).collect::<String>();
        View {
            service: self.service.parse().ok(),
            state: state_of(&self.state),
            from: day_of(&self.from),
            to: day_of(&self.to),
            recipient: typed(&self.recipient).split_whitespace().collect::<String>().to_uppercase(),
            work_order: typed(&self.work_order),
            title: typed(&self.title),
        }
    }

    /// What of the address cannot be a filter, in sentences.
    pub fn nonsense(&self, services: &[io_service::Model], filter: &Filter) -> Vec<String> {
        let view = self.view();
        let known = |id: Uuid| services.iter().any(|service| service.id == id);
        let left = |typed: &str, read: bool| !typed.trim().is_empty() && !read;
        let backwards = view.from.zip(view.to).is_some_and(|(from, to)| from > to);
        let odd = view.recipient.chars().count() > CODE
            || view.recipient.chars().any(|c| !c.is_ascii_alphanumeric());
        let page = |key: &str| !key.is_empty() && Uuid::try_parse(key).is_err();
        [
            (left(&self.service, view.service.is_some_and(known)), "Servizio", "non è tra quelli dell’ente."),
            (left(&self.state, view.state.is_some()), "Stato", "non esiste."),
            (left(&self.from, view.from.is_some()), "Dal", "non è un giorno che si possa cercare."),
            (left(&self.to, view.to.is_some()), "Fino al", "non è un giorno che si possa cercare."),
            (backwards, "Dal", "viene dopo «Fino al»."),
            (odd, "Codice fiscale", "si cerca intero o dall’inizio: lettere e cifre, al massimo 16."),
            (
                filter.work_order == Some(Uuid::nil()),
                "Ordine di lavoro",
                "non c’è con questo numero: si scrive come 2026/000123.",
            ),
            (page(&self.after) || page(&self.before), "Pagina", "non esiste: l’elenco comincia dalla prima."),
        ]
        .into_iter()
        .filter(|(wrong, _, _)| *wrong)
        .map(|(_, name, why)| format!("Questo filtro non è valido. {name}: {why}"))
        .collect()
    }
}

/// The name of a state in an address.
pub fn state_value(state: State) -> String {
    serde_json::to_value(state).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn state_of(code: &str) -> Option<State> {
    serde_json::from_value(Value::from(code)).ok()
}

/// As browsers send a day, in years that somebody may mean.
fn day_of(typed: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok()?;
    (2000..2200).contains(&day.year()).then_some(day)
}

impl View {
    /// The address at `path` that asks for this, with something more.
    pub fn href(&self, path: &str, more: Option<(&'static str, String)>) -> String {
        let fields = self.fields();
        let mut question = vec![
            ("service", fields.service),
            ("state", fields.state),
            ("from", fields.from),
            ("to", fields.to),
            ("recipient", fields.recipient),
            ("work_order", fields.work_order),
            ("title", fields.title),
        ];
        question.retain(|(_, value)| !value.is_empty());
        question.extend(more);
        address(path, &question)
    }

    /// What the form shows.
    pub fn fields(&self) -> Fields {
        let written = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Fields {
            service: self.service.map(|id| id.to_string()).unwrap_or_default(),
            state: self.state.map(state_value).unwrap_or_default(),
            from: written(self.from),
            to: written(self.to),
            recipient: self.recipient.clone(),
            work_order: self.work_order.clone(),
            title: self.title.clone(),
        }
    }

    /// The filters that are on, each with the address without it.
    pub fn chips(&self, services: &[io_service::Model]) -> Vec<Chip> {
        let all = || self.clone();
        let service = self.service.map(|id| {
            let known = services.iter().find(|service| service.id == id);
            known.map_or_else(|| "Servizio: nessuno".to_owned(), |known| format!("Servizio: {}", known.name))
        });
        let typed = |name: &str, value: &str| (!value.is_empty()).then(|| format!("{name}: {value}"));
        let found = [
            (service, Self { service: None, ..all() }),
            (self.state.map(|state| format!("Stato: {}", fate::words(state))), Self { state: None, ..all() }),
            (self.from.map(|from| format!("Dal {}", day(from))), Self { from: None, ..all() }),
            (self.to.map(|to| format!("Fino al {}", day(to))), Self { to: None, ..all() }),
            (typed("Destinatario", &self.recipient), Self { recipient: String::new(), ..all() }),
            (typed("Ordine di lavoro", &self.work_order), Self { work_order: String::new(), ..all() }),
            (typed("Titolo", &self.title), Self { title: String::new(), ..all() }),
        ];
        let chip = |(label, without): (Option<String>, Self)| {
            Some(Chip { label: label?, remove_href: without.href(HERE, None) })
        };
        found.into_iter().filter_map(chip).collect()
    }

    /// The same for the archive. A number that is none, or no work order's, is the number of nothing.
    pub async fn filter(&self, app: &App, organisation: Uuid) -> Result<Filter> {
        let work_order = match self.work_order.as_str() {
            "" => None,
            typed => Some(numbered(app, organisation, typed).await?.unwrap_or_default()),
        };
        let whole = self.recipient.chars().count() >= CODE;
        let code = |wanted: bool| (wanted && !self.recipient.is_empty()).then(|| self.recipient.clone());
        let mut filter = Filter {
            service: self.service,
            state: self.state,
            recipient: code(whole),
            code_begins: code(!whole),
            words: self.title.split_whitespace().take(MOST_WORDS).map(str::to_owned).collect(),
            floor: None,
            work_order,
            from: self.from.and_then(|day| day.checked_sub_days(Days::new(1))).map(morning_after),
            until: self.to.map(morning_after),
        };
        if filter.code_begins.is_some() || !filter.words.is_empty() {
            filter.floor = store::io_message::floor(&app.desk.db.read, organisation, &filter).await?;
        }
        Ok(filter)
    }
}

/// The first moment of the next day in Italy.
fn morning_after(day: NaiveDate) -> DateTime<Utc> {
    rome_end_of_day(day) + TimeDelta::seconds(1)
}

async fn numbered(app: &App, organisation: Uuid, typed: &str) -> Result<Option<Uuid>> {
    let Ok(number) = typed.parse::<Number>() else { return Ok(None) };
    let order = store::work_order::by_number(&app.desk.db.read, organisation, number).await?;
    Ok(order.map(|order| order.id))
}

/// A state in the form's list.
#[derive(Debug, Serialize)]
pub struct Choice {
    value: String,
    label: String,
}

impl Choice {
    /// An entry of a list.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// The states, from the first to the last.
pub fn states() -> Vec<Choice> {
    use sea_orm::Iterable;
    State::iter().map(|state| Choice::new(state_value(state), capital(fate::words(state)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(query: &str) -> View {
        serde_urlencoded::from_str::<Asked>(query).unwrap().view()
    }

    #[test]
    fn a_view_is_its_address() {
        let service = Uuid::from_u128(7);
        for query in [
            String::new(),
            format!("service={service}&state=not_on_io"),
            "from=2026-03-02&to=2026-03-31&recipient=VRDNNA80A41A000P".to_owned(),
            "state=uncertain&work_order=2026%2F000123&title=ritiro+gioved%C3%AC".to_owned(),
        ] {
            let address = view(&query).href(HERE, None);
            assert_eq!(address.split_once('?').map_or("", |(_, query)| query), query);
        }
        assert_eq!(view("recipient=+vrd+nna80a41a000p").recipient, "VRDNNA80A41A000P");
    }

    #[test]
    fn nonsense_is_left_out() {
        let nonsense = "service=x&state=gone&from=ieri&to=9999-01-01&recipient=+&work_order=%00";
        assert_eq!(view(nonsense), View::default());
        assert_eq!(view(&format!("work_order={}", "9".repeat(1000))).work_order.len(), TYPED_CHARS);
    }

    #[test]
    fn a_day_begins_and_ends_in_italy() {
        let at = |day: &str| morning_after(day.parse().unwrap()).to_rfc3339();
        assert_eq!(
            (at("2026-03-01"), at("2026-03-29")),
            ("2026-03-01T23:00:00+00:00".into(), "2026-03-29T22:00:00+00:00".into())
        );
    }
}
