//! IO in the story: a service that sends, citizens who are told on it, and what becomes of that, good and bad. Written, carried and
//! settled by the same actions as real notifications; only IO itself is made up, as the stand-in would answer.
//!
//! Two notifications wait when the story ends. The server starts the stand-in beside a demo ([`stand_in_beside`]), so that they are
//! sent, taken and delivered before the eyes of whoever looks on.

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use entity::io_message::State;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{cast::Case, play::Play};
use crate::{
    actions::{
        Cx,
        io::{
            account::{self, Settings},
            carry::{self, Load},
            message::{self, Written},
            service::{self, Imported, Seen},
            service_keys::{self, Pair},
        },
        progress::settings::save_rules,
    },
    app::App,
    domain::{
        calendar::rome_date,
        io::{
            call::{Failure, Profile, Progress, Report},
            cta::{Button, Cta},
            message::{Content, Message},
            recipient::Recipient,
            sheet::{Sheet, life},
        },
        number::Number,
    },
    stand_in::{self, Clock, StandIn, ready},
    store::{self, io_message::carry::Except},
};

/// Where the stand-in of a demo listens, which is where `riscontro io-stand-in` does, too.
pub const STAND_IN: &str = "127.0.0.1:7072";

/// What becomes of the notifications of the story, in turn.
const FATES: [Fate; 12] = [
    Fate::Arrives,
    Fate::NotOnIo,
    Fate::Arrives,
    Fate::Off,
    Fate::Arrives,
    Fate::Lost,
    Fate::Arrives,
    Fate::TakenBack,
    Fate::Rejected,
    Fate::Arrives,
    Fate::Failed,
    Fate::Arrives,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is in the inbox.
    Arrives,
    /// The citizen is not on IO.
    NotOnIo,
    /// The citizen has turned the service off.
    Off,
    /// The line broke, nobody knows; an operator sends it again.
    Lost,
    /// The operator thinks again.
    TakenBack,
    /// IO takes it, and the citizen has left meanwhile.
    Rejected,
    /// IO takes it and gives it up.
    Failed,
}

/// What the story knows of IO.
#[derive(Clone, Copy, Debug)]
pub(super) struct Io {
    service: Uuid,
    told: usize,
    /// The last work order whose citizen was told.
    last: Option<Uuid>,
}

impl Io {
    /// The organisation has a service on IO that sends.
    pub(super) async fn open(app: &App, cx: &Cx) -> Result<Self> {
        let desk = &app.desk;
        let settings = Settings {
            base_url: base_url(),
            manage_key: ready::MANAGE_KEYS[0].to_owned(),
            undo_seconds: 10,
            quiet: Some((21 * 60, 8 * 60)),
            ..Settings::default()
        };
        account::save(desk, cx, settings, rand::random()).await?;
        let seen = Seen {
            remote_id: ready::SERVICE.to_owned(),
            lifecycle: life::Lifecycle::Approved,
            reason: None,
            published: Some(true),
            sheet: Sheet::read(&ready::sheet()).ok().context("the sheet of the stand-in is none")?,
        };
        let (Imported::New(service) | Imported::Known(service)) = service::import(desk, cx, &seen).await?;
        let [primary, secondary] = ready::USE_KEYS.map(|key| Some(key.into()));
        service_keys::keep(desk, cx, service, &Pair { primary, secondary }, [rand::random(), rand::random()])
            .await?;
        let row = store::io_service::by_id(&desk.db.read, cx.organisation, service).await?;
        let version = row.context("the demo has no service")?.version;
        service_keys::set_sending(desk, cx, (service, version), true, None).await?;
        Ok(Self { service, told: 0, last: None })
    }
}

impl Play<'_> {
    /// Whoever is a person with a code hears on IO that their request is being looked after.
    pub(super) async fn tell_on_io(&mut self, case: &Case) -> Result<()> {
        // Whoever quarrels by certified mail is answered there.
        let told = Recipient::read(&case.fiscal_code).ok().filter(|_| !case.plot.dispute);
        let Some(recipient) = told else { return Ok(()) };
        let fate = FATES[self.io.told % FATES.len()];
        self.io.told += 1;
        self.io.last = Some(case.order);
        let cx = self.at_the_desk_for_io();
        let id = self.write_on_io(&cx, case.order, recipient).await?;
        if fate == Fate::TakenBack {
            return Ok(message::take_back(&self.app.desk, &cx, id).await?);
        }
        self.carry_on_io(&cx, fate).await?;
        if fate == Fate::Lost {
            let later = Cx { now: cx.now + Duration::minutes(20), ..cx };
            message::repeat(&self.app.desk, &later, id, true).await?;
            self.carry_on_io(&later, Fate::Arrives).await?;
        }
        Ok(())
    }

    /// Notifications that are still to leave when the story ends: for two people whom the stand-in knows. From here on progress is
    /// told on IO, too: during the story it was carried by nobody.
    pub(super) async fn leave_some_for_io(&self) -> Result<()> {
        save_rules(&self.app.desk, &self.at_the_desk_for_io(), &[], Some(self.io.service)).await?;
        let Some(order) = self.io.last else { return Ok(()) };
        for code in [ready::ON, ready::FAILING] {
            let recipient = Recipient::read(code).ok().context("a code of the stand-in is none")?;
            self.write_on_io(&self.at_the_desk_for_io(), order, recipient).await?;
        }
        Ok(())
    }

    fn at_the_desk_for_io(&self) -> Cx {
        let actor = self.stage.operators.first().copied();
        Cx { actor, ..Cx::system(self.stage.organisation, self.now) }
    }

    async fn write_on_io(&self, cx: &Cx, order: Uuid, recipient: Recipient) -> Result<Uuid> {
        let db = &self.app.desk.db.read;
        let order = store::work_order::by_id(db, cx.organisation, order).await?.context("no work order")?;
        let number = Number { year: order.year, number: order.number };
        let day = |at: DateTime<Utc>| rome_date(at).format("%d/%m/%Y").to_string();
        let body = format!(
            "La tua richiesta {number} del {} è stata presa in carico il {}.\n\n\
             Ti scriviamo quando c'è una novità, al più tardi entro il {}.",
            day(order.created_at),
            day(cx.now),
            day(order.due_at)
        );
        let button = Button {
            text: "Vedi la richiesta".to_owned(),
            action: "iohandledlink://https://valleserena.example/richieste".to_owned(),
        };
        let content = Content {
            subject: "La tua richiesta è stata presa in carico".to_owned(),
            body,
            cta: Cta { it: vec![button], en: Vec::new() },
            ..Content::default()
        };
        let written = Written {
            token: Uuid::now_v7(),
            service: self.io.service,
            message: Message { recipient, content },
            work_order: Some(order.id),
            taxpayer: Some(order.taxpayer_id),
            follows: None,
            remind_days: None,
            attach: None,
        };
        Ok(message::write(&self.app.desk, cx, &written).await?.id)
    }

    /// What is due is carried as the worker would carry it, to an IO that answers so.
    async fn carry_on_io(&self, cx: &Cx, fate: Fate) -> Result<()> {
        let (desk, owner) = (&self.app.desk, self.app.process);
        let mut now = cx.now + Duration::seconds(10);
        for row in carry::claim(desk, owner, now, &Except::default(), 10).await? {
            now += Duration::seconds(1);
            let mut load = carry::load(desk, row, false, now).await?;
            let unreachable = match fate {
                Fate::NotOnIo => Some(Profile::NotOnIo),
                Fate::Off => Some(Profile::ServiceOff),
                _ => None,
            };
            if let Some(profile) = unreachable {
                carry::not_begun(desk, &load, owner, &Ok(profile), now).await?;
            } else if carry::begin(desk, &mut load, owner, now).await? {
                carry::sent(desk, &load, owner, &answer(&load, fate), now).await?;
            }
        }
        now += Duration::seconds(10);
        for row in carry::claim(desk, owner, now, &Except::default(), 10).await? {
            let load = carry::load(desk, row, false, now).await?;
            let progress = match fate {
                Fate::Rejected => Progress::Rejected,
                Fate::Failed => Progress::Failed,
                _ => Progress::Processed,
            };
            let report = Report { progress, push: None, email: None, opened: None, paid: None };
            let state = carry::looked(desk, &load, owner, &Ok(report), now).await?;
            debug_assert_ne!(state, State::Accepted);
        }
        Ok(())
    }
}

/// An id as IO makes them, or a line that broke.
fn answer(load: &Load, fate: Fate) -> std::result::Result<String, Failure> {
    if fate == Fate::Lost {
        return Err(Failure::Unknown { words: "IO non ha risposto in tempo.".to_owned() });
    }
    Ok(data_encoding::BASE32_NOPAD.encode(load.row.id.as_bytes()))
}

fn base_url() -> String {
    format!("http://{STAND_IN}/api/v1")
}

/// Starts IO's stand-in beside the server, if there is a demo here that looks for it; gives the address of its page.
///
/// # Errors
/// The database.
pub async fn stand_in_beside(app: &App) -> Result<Option<String>> {
    let db = &app.desk.db.read;
    let mut wanted = false;
    for organisation in store::organisation::all(db).await?.into_iter().filter(|one| one.demo) {
        wanted |= account::of(db, organisation.id).await?.base_url == base_url();
    }
    if !wanted {
        return Ok(None);
    }
    match TcpListener::bind(STAND_IN).await {
        Ok(listener) => {
            tokio::spawn(async move {
                if let Err(error) = stand_in::serve(listener, StandIn::new(Clock::MACHINE)).await {
                    tracing::error!(%error, "the stand-in for IO has stopped");
                }
            });
        }
        Err(error) => {
            tracing::warn!(%error, address = STAND_IN, "the stand-in for IO runs already, or cannot");
        }
    }
    Ok(Some(format!("http://{STAND_IN}/")))
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{Arc, Mutex},
    };

    use entity::io_message;
    use sea_orm::EntityTrait;

    use super::*;
    use crate::{
        config::Config,
        demo::{Options, fill},
        domain::io::{
            cta::{Front, split},
            fate,
            lint::{Circumstances, lint_content},
            message::check,
        },
    };

    #[tokio::test]
    async fn the_archive_knows_every_fate_and_two_notifications_are_still_to_leave() {
        let data = tempfile::TempDir::new().unwrap();
        let mut config = Config::load(None).unwrap();
        config.data.dir = data.path().to_owned();
        config.database.url = String::new().into();
        let mut app = App::build(config).await.unwrap();
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        app.clock = crate::app::Clock::Set(Arc::new(Mutex::new(now)));
        fill(&app, &Options { work_orders: 60, seed: 42 }, |_| ()).await.unwrap();

        let rows = io_message::Entity::find().all(&app.desk.db.read).await.unwrap();
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &rows {
            *states.entry(fate::words(row.state)).or_default() += 1;
            let waits = row.state == State::Queued;
            assert_eq!((row.next_at.is_some(), row.lease_owner), (waits, None), "{:?}", row.state);
            assert!(row.created_at <= now && row.work_order_id.is_some());
            let Front::Buttons(cta, body) = split(&row.markdown) else { panic!("{}", row.markdown) };
            let body = body.to_owned();
            let content = Content { subject: row.subject.clone(), body, cta, ..Content::default() };
            assert_eq!(check(&content), []);
            assert_eq!(lint_content(&content, &Circumstances { now, trial: false, most_cents: None }), []);
        }
        for state in [
            State::Processed,
            State::NotOnIo,
            State::ServiceOff,
            State::Uncertain,
            State::Draft,
            State::Rejected,
            State::Failed,
        ] {
            assert!(states.contains_key(fate::words(state)), "{state:?}: {states:?}");
        }
        assert_eq!(states[fate::words(State::Queued)], 2);
        assert!(states[fate::words(State::Processed)] * 3 > rows.len(), "most arrive: {states:?}");
        // The worker will find the way to the stand-in, with keys that open.
        let waiting = rows.into_iter().find(|row| row.state == State::Queued).unwrap();
        let load = carry::load(&app.desk, waiting, false, now).await.unwrap();
        assert!(load.message.is_ok() && load.keys.is_some());
        assert_eq!(load.base_url, "http://127.0.0.1:7072/api/v1");
    }
}
