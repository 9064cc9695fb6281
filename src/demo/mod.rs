//! A believable desk for whoever wants to look at the product before connecting a mailbox: an invented organisation, its
//! taxpayers, its open portal, six weeks of mail and forms and of work on them. The same seed gives the same content.
//!
//! A story is invented (`cast`, `story`, `door`; the words are in `letters`, `answers`, `phrases`, `dispute`) and then
//! played (`play`, `desk`, `sending`, `notices`, `post`) through the same actions as real data, with the story's own time:
//! mails are raw bytes that are kept, read and received in batches, forms are filled in (`filling`) and sent one by one,
//! operators answer by the desk's actions, citizens' answers find their thread by the Message-ID of the delivery or come by
//! the personal link. So a demo is also a rehearsal, and `--work-orders 100000` a fair load: whatever the number, about two
//! hundred stories are rich and the rest are short letters.
//!
//! Refused: fixtures in SQL, which would grow old with the schema, and names of real people, streets and providers.

mod answers;
mod cast;
mod desk;
mod dispute;
mod door;
mod files;
mod filling;
pub mod io;
mod letters;
mod mail;
mod names;
mod notices;
mod people;
mod phrases;
mod places;
mod play;
mod portal;
mod post;
mod sending;
mod stage;
mod story;
mod times;
mod topic;

use anyhow::Result;
use chrono::{DateTime, Datelike, Duration, Utc};
use rand::SeedableRng;

use crate::{
    actions,
    app::{App, FirstStart},
    domain::calendar::rome_date,
};
use cast::Case;
use mail::Letter;
use play::Play;
use times::Span;

/// Days of the story: as long as a complaint may take and a little longer, so that some are late.
const DAYS: u64 = 45;
/// Mails that share a commit, as at the intake.
const BATCH: usize = 64;
/// Mails further apart than this do not.
const WINDOW: Duration = Duration::hours(1);

/// Taxpayers of a small demo; for load, one more for every five work orders.
const TAXPAYERS: u64 = 300;

/// Chances that the same seed repeats on every machine (the standard generator of `rand` does not promise that).
type Dice = rand::rngs::Xoshiro256PlusPlus;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// So many work orders.
    pub work_orders: u64,
    /// The same seed gives the same people and the same letters.
    pub seed: u64,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Who can sign in, the administrator first.
    pub accounts: Vec<FirstStart>,
    /// Address of the portal.
    pub portal: String,
    /// Taxpayers of the register.
    pub taxpayers: usize,
    /// Work orders.
    pub work_orders: u64,
}

/// Fills an empty database. `progress` is told how many work orders there are.
///
/// # Errors
/// The database is in use (one sentence, with the remedy), or cannot be written.
pub async fn fill(app: &App, options: &Options, mut progress: impl FnMut(u64)) -> Result<Summary> {
    stage::refuse_what_is_in_use(app).await?;
    let end = app.clock.now();
    let span = Span::before(end, DAYS);
    let taxpayers = usize::try_from(TAXPAYERS + options.work_orders / 5)?;
    let register = people::register(&mut dice(options.seed, 0), taxpayers);
    let (stage, accounts) = stage::set(app, span.start(), &register).await?;
    // A server that is started meanwhile leaves the mailbox alone.
    let mailbox = stage.mailbox.id;
    actions::mailbox::lease(&app.desk, mailbox, app.process, end).await?;

    let year = rome_date(end).year();
    let organisation = stage.organisation;
    // Of no case: what the town is told, and who reports without a name.
    let mut dice = dice(options.seed, options.work_orders + 1);
    let programme = notices::programme(span.start(), end, &mut dice);
    let io = io::Io::open(app, &actions::Cx::system(organisation, span.start())).await?;
    let mut play = Play::new(app, stage, io, (span.start(), end), programme);
    let arrivals = (0..options.work_orders).map(|index| {
        let mut case = Case::invent(options, index, &register, year);
        let date = arrival(&span, &mut case.dice, index, options.work_orders);
        let letter = case.first_letter(date);
        (case, letter)
    });
    let mut arrivals = arrivals.peekable();
    let mut opened = 0;
    while let Some(batch) = next_batch(&mut arrivals) {
        if let Some((_, first)) = batch.first() {
            Box::pin(play.go_on(first.date)).await?;
        }
        opened += batch.len() as u64;
        // On the heap: the story does everything that the desk does.
        Box::pin(play.arrive(batch)).await?;
        progress(opened);
    }
    Box::pin(play.finish(&mut dice)).await?;
    actions::mailbox::release(&app.desk, mailbox, app.process).await?;
    let portal = app.desk.portal_url(&portal::portal_of(app, organisation).await?);
    Ok(Summary { accounts, portal, taxpayers, work_orders: opened })
}

/// When the `index`-th of `total` letters is written: in order, unevenly.
fn arrival(span: &Span, dice: &mut Dice, index: u64, total: u64) -> DateTime<Utc> {
    const UNEVEN: u64 = 1_000;
    let within = rand::RngExt::random_range(dice, 0..UNEVEN);
    span.at(index * UNEVEN + within, total * UNEVEN)
}

/// The letters that come together.
fn next_batch(
    arrivals: &mut std::iter::Peekable<impl Iterator<Item = (Case, Letter)>>,
) -> Option<Vec<(Case, Letter)>> {
    let first = arrivals.next()?;
    let until = first.1.date + WINDOW;
    let mut batch = vec![first];
    while batch.len() < BATCH
        && let Some(next) = arrivals.next_if(|(_, letter)| letter.date < until)
    {
        batch.push(next);
    }
    Some(batch)
}

/// The chances of one story: of its own, so that none changes another's.
fn dice(seed: u64, story: u64) -> Dice {
    // An odd multiplier takes different stories to different seeds.
    Dice::seed_from_u64(seed ^ story.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use entity::{
        communication, contact, delivery,
        follower::Role,
        incoming_mail,
        notice::State,
        operator, submission, taxpayer,
        work_order::{self, Identified},
    };
    use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

    use super::*;
    use crate::{app::Clock, config::Config, domain::fiscal_code, store};

    /// Saturday evening.
    const NOW: &str = "2026-11-21T20:00:00Z";

    async fn app() -> (App, tempfile::TempDir) {
        let data = tempfile::TempDir::new().unwrap();
        let mut config = Config::load(None).unwrap();
        config.data.dir = data.path().to_owned();
        config.database.url = String::new().into();
        let mut app = App::build(config).await.unwrap();
        app.clock = Clock::Set(Arc::new(Mutex::new(NOW.parse().unwrap())));
        (app, data)
    }

    #[tokio::test]
    async fn a_demo_shows_a_desk_at_work_and_leaves_nothing_to_be_sent() {
        let (app, _data) = app().await;
        let mut told = 0;
        let summary =
            fill(&app, &Options { work_orders: 60, seed: 42 }, |opened| told = opened).await.unwrap();
        assert_eq!((told, summary.work_orders, summary.taxpayers, summary.accounts.len()), (60, 60, 312, 3));
        let db = &app.desk.db.read;

        let orders =
            work_order::Entity::find().order_by_asc(work_order::Column::CreatedAt).all(db).await.unwrap();
        assert_eq!(orders.len(), 60, "every first letter opened one work order, every answer joined its own");
        for status in [
            work_order::Status::New,
            work_order::Status::InProgress,
            work_order::Status::Waiting,
            work_order::Status::Closed,
        ] {
            assert!(orders.iter().any(|order| order.status == status), "{status:?}");
        }
        for identified in
            [Identified::Address, Identified::Candidates, Identified::Unknown, Identified::Operator]
        {
            assert!(orders.iter().any(|order| order.identified == identified), "{identified:?}");
        }
        let now = app.clock.now();
        let open = || orders.iter().filter(|order| order.closed_at.is_none());
        assert!(
            open().any(|order| order.due_at < now)
                && open().any(|order| order.due_at > now + Duration::days(20))
        );
        let thread = communication::Entity::find()
            .filter(communication::Column::WorkOrderId.eq(orders[0].id))
            .filter(communication::Column::Occasion.is_null());
        assert_eq!(thread.count(db).await.unwrap(), 20);

        let mails = incoming_mail::Entity::find().all(db).await.unwrap();
        let outcome = |outcome| mails.iter().filter(|mail| mail.outcome == Some(outcome)).count();
        let forms = forms_of(db).await;
        assert!((10..=20).contains(&forms.len()), "about a quarter: {}", forms.len());
        assert_eq!(outcome(incoming_mail::Outcome::Opened), 60 - forms.len());
        assert_eq!(
            outcome(incoming_mail::Outcome::Opened) + outcome(incoming_mail::Outcome::Joined),
            mails.len()
        );
        assert!(mails.iter().all(|mail| mail.filed), "no mailbox is to be told anything");

        let letters = delivery::Entity::find().all(db).await.unwrap();
        let state = |state| letters.iter().filter(move |letter| letter.state == state);
        assert!(state(delivery::State::Refused).any(|letter| !letter.automatic));
        assert_eq!(state(delivery::State::Sending).count(), 0);
        let waiting: Vec<_> = state(delivery::State::Pending).collect();
        assert!(!waiting.is_empty() && waiting.len() < 8, "{}", waiting.len());
        assert!(waiting.iter().all(|letter| letter.last_error.is_some() && letter.next_attempt_at > now));
        let mailbox = &store::mailbox::all(db, orders[0].organisation_id).await.unwrap()[0];
        assert_eq!(mailbox.exit, entity::mailbox::Exit::Folder, "even these cannot leave the machine");
        assert!(mailbox.lease_owner.is_none());
        let errands = entity::errand::Entity::find().all(db).await.unwrap();
        assert!(!errands.is_empty() && errands.iter().all(|one| one.state == entity::errand::State::Done));
    }

    /// Submissions that have become work orders.
    async fn forms_of(db: &sea_orm::DatabaseConnection) -> Vec<submission::Model> {
        let all = submission::Entity::find().all(db).await.unwrap();
        all.into_iter().filter(|one| one.state == submission::State::Accepted).collect()
    }

    #[tokio::test]
    async fn the_portal_is_open_and_citizens_have_been_there() {
        let (app, _data) = app().await;
        let summary = fill(&app, &Options { work_orders: 150, seed: 42 }, |_| ()).await.unwrap();
        let db = &app.desk.db.read;
        let organisation = store::organisation::all(db).await.unwrap()[0].id;
        let portal = store::portal::of(db, organisation).await.unwrap().unwrap();
        assert!(portal.open && portal.listed && summary.portal.ends_with("/sportello/valle-serena"));

        let forms = forms_of(db).await;
        let by = |channel| forms.iter().filter(move |form| form.channel == channel).count();
        assert!(by(communication::Channel::Web) > by(communication::Channel::App));
        assert!(by(communication::Channel::App) > 0);
        let kinds: std::collections::HashSet<_> = forms.iter().map(|form| form.kind_id).collect();
        assert_eq!(kinds.len(), 6, "every kind that has a form");
        let followers = entity::follower::Entity::find().all(db).await.unwrap();
        for role in [Role::Author, Role::Follower] {
            let confirmed =
                |yes: bool| followers.iter().any(|one| one.role == role && one.confirmed_at.is_some() == yes);
            assert!(confirmed(true) && confirmed(false), "{role:?}");
        }
        let places = entity::place::Entity::find().all(db).await.unwrap();
        assert!(!places.is_empty() && places.iter().all(|place| place.latitude.is_some()));
        let letters = delivery::Entity::find().all(db).await.unwrap();
        assert!(letters.iter().any(|letter| letter.state == delivery::State::Held));
        let orders = work_order::Entity::find().all(db).await.unwrap();
        assert!(orders.iter().any(|order| order.contests > 0), "somebody is not content");

        let count =
            |state| entity::notice::Entity::find().filter(entity::notice::Column::State.eq(state)).count(db);
        assert_eq!(count(State::Published).await.unwrap(), 1);
        assert_eq!(count(State::Restored).await.unwrap(), 1);
        let linked = entity::notice_work_order::Entity::find().all(db).await.unwrap();
        let explaining: std::collections::HashSet<_> = linked.iter().map(|one| one.notice_id).collect();
        assert_eq!(explaining.len(), 2, "both explain something");
        assert_eq!(entity::publication::Entity::find().count(db).await.unwrap(), 3);
        let held = entity::submission::State::Held;
        assert_eq!(store::submission::waiting_count(db, organisation, held, 10).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn the_same_seed_fills_the_same_forms() {
        let mut all = Vec::new();
        for _ in 0..2 {
            let (app, _data) = app().await;
            fill(&app, &Options { work_orders: 40, seed: 3 }, |_| ()).await.unwrap();
            let mut forms = forms_of(&app.desk.db.read).await;
            forms.sort_by_key(|form| form.received_at);
            all.push(forms.into_iter().map(|form| (form.answers, form.received_at)).collect::<Vec<_>>());
        }
        assert!(!all[0].is_empty() && all[0] == all[1]);
    }

    #[tokio::test]
    async fn codes_are_right_addresses_are_reserved_and_one_operator_has_left() {
        let (app, _data) = app().await;
        fill(&app, &Options { work_orders: 1, seed: 7 }, |_| ()).await.unwrap();
        let db = &app.desk.db.read;
        for taxpayer in
            taxpayer::Entity::find().filter(taxpayer::Column::Generic.eq(false)).all(db).await.unwrap()
        {
            assert!(fiscal_code::parse(&taxpayer.fiscal_code.unwrap()).is_ok(), "{}", taxpayer.name);
        }
        let contacts = contact::Entity::find().all(db).await.unwrap();
        assert!(contacts.len() > 200 && contacts.iter().all(|contact| contact.address.ends_with(".example")));
        let gone =
            operator::Entity::find().filter(operator::Column::Active.eq(false)).count(db).await.unwrap();
        assert_eq!(gone, 1);
    }

    #[tokio::test]
    async fn a_database_in_use_is_left_as_it_is() {
        let (app, _data) = app().await;
        let options = Options { work_orders: 1, seed: 42 };
        fill(&app, &options, |_| ()).await.unwrap();
        let again = fill(&app, &options, |_| ()).await.unwrap_err().to_string();
        assert!(again.contains("holds a demo already") && again.contains("remove the folder"), "{again}");

        let (app, _data) = self::app().await;
        app.first_start().await.unwrap();
        let real = fill(&app, &options, |_| ()).await.unwrap_err().to_string();
        assert!(real.contains("Ente da configurare") && real.contains("RISCONTRO__DATA__DIR"), "{real}");
        assert_eq!(work_order::Entity::find().count(&app.desk.db.read).await.unwrap(), 0);
    }
}
