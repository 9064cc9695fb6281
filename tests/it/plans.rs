//! Each list walks an index in its own order: no page reads a whole table, and none is sorted after the fact (law 7).

use chrono::Duration;
use entity::{communication::Channel, incoming_mail::Outcome, work_order::Status};
use riscontro::store::{
    Seek,
    incoming_mail::{Filter, page_query, pending_query, unfiled_query},
    mail_log::{of_communications_query, of_deliveries_query},
    work_order::{AssigneeFilter, QueueFilter, StatusFilter, queue_page},
};
use sea_orm::{ConnectionTrait, DatabaseBackend, QueryTrait, Statement};
use uuid::Uuid;

use crate::support::{app::TestApp, letter::letter};

impl TestApp {
    /// How the database would answer, one step per line.
    async fn plan(&self, query: Statement) -> String {
        let db = &self.app.desk.db.read;
        let postgres = db.get_database_backend() == DatabaseBackend::Postgres;
        let (explain, column) =
            if postgres { ("EXPLAIN", "QUERY PLAN") } else { ("EXPLAIN QUERY PLAN", "detail") };
        // One connection for both: on an empty table PostgreSQL would read it whole, and be right.
        let tx = self.app.desk.db.begin().await.unwrap();
        if postgres {
            tx.execute_unprepared("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
                .await
                .unwrap();
        }
        let sql = format!("{explain} {}", query.sql);
        let asked = Statement { sql, ..query };
        let rows = tx.query_all_raw(asked).await.unwrap();
        tx.rollback().await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>().join("\n")
    }

    /// Lets PostgreSQL see what is in its tables, by which it chooses an index. SQLite looks at none of that here: it would find
    /// that a table of four rows is best read whole.
    async fn look_over(&self) {
        let tx = self.app.desk.db.begin().await.unwrap();
        if tx.get_database_backend() == DatabaseBackend::Postgres {
            tx.execute_unprepared("ANALYZE").await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

fn filters() -> Vec<(&'static str, QueueFilter)> {
    let open = QueueFilter::default();
    vec![
        ("open", open.clone()),
        ("mine", QueueFilter { assignee: AssigneeFilter::One(Uuid::nil()), ..open.clone() }),
        ("nobody's", QueueFilter { assignee: AssigneeFilter::Nobody, ..open.clone() }),
        ("one kind", QueueFilter { kind: Some(Uuid::nil()), ..open.clone() }),
        ("one channel", QueueFilter { channel: Some(Channel::Pec), ..open.clone() }),
        ("waiting", QueueFilter { status: StatusFilter::One(Status::Waiting), ..open.clone() }),
        ("closed", QueueFilter { status: StatusFilter::One(Status::Closed), ..open.clone() }),
        ("contested", QueueFilter { contested: true, ..open.clone() }),
        ("everything", QueueFilter { status: StatusFilter::All, ..open.clone() }),
        ("words", QueueFilter { text: Some("carta".into()), ..open }),
    ]
}

#[tokio::test]
async fn every_page_of_the_queue_walks_an_index_in_its_order() {
    let app = TestApp::start().await;
    let key = (app.now() + Duration::days(1), Uuid::nil());
    let backend = app.app.desk.db.read.get_database_backend();
    for (name, filter) in filters() {
        for from in [Seek::Start, Seek::After(key), Seek::Before(key)] {
            let query = queue_page(app.organisation(), &filter, &from, 50).build(backend);
            let plan = format!("{name}, {from:?}:\n{}", app.plan(query).await);
            // PostgreSQL may finish an order that the index gives by due date alone; that is bounded by equal dates.
            walks(&plan, "work_order_");
        }
    }
}

/// Which index each list of mails walks. Letters that became work are most of all mail: a page of them is soon full.
const MAILS: &[(Filter, &str)] = &[
    (Filter::All, "incoming_mail_list"),
    (Filter::Pending, "incoming_mail_pending"),
    (Filter::Quarantined, "incoming_mail_held"),
    (Filter::Outcome(Outcome::Opened), "incoming_mail_list"),
    (Filter::Outcome(Outcome::Joined), "incoming_mail_list"),
    (Filter::Outcome(Outcome::Duplicate), "incoming_mail_rare"),
    (Filter::Outcome(Outcome::Own), "incoming_mail_rare"),
    (Filter::Outcome(Outcome::Receipt), "incoming_mail_rare"),
    (Filter::Outcome(Outcome::Discarded), "incoming_mail_rare"),
];

#[tokio::test]
async fn every_page_of_the_mails_walks_its_index_in_its_order() {
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    for (filter, index) in MAILS {
        for from in [Seek::Start, Seek::After(Uuid::max()), Seek::Before(Uuid::nil())] {
            let query = page_query(app.organisation(), Uuid::nil(), *filter, &from, 50).build(backend);
            let plan = app.plan(query).await;
            assert!(plan.contains(index), "{filter:?}, {from:?}: not {index}\n{plan}");
            for dear in ["SCAN", "TEMP B-TREE", "Seq Scan", "Sort"] {
                assert!(!plan.contains(dear), "{filter:?}, {from:?}: {dear}\n{plan}");
            }
        }
    }
}

#[tokio::test]
async fn intake_finds_its_work_without_walking_over_what_is_done() {
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let (organisation, mailbox) = (app.organisation(), Uuid::nil());
    for (index, query) in [
        ("incoming_mail_pending", pending_query(organisation, mailbox, None, app.now(), 100).build(backend)),
        ("incoming_mail_unfiled", unfiled_query(organisation, mailbox, 100).build(backend)),
    ] {
        let plan = app.plan(query).await;
        assert!(plan.contains(index) && !plan.contains("SCAN"), "not {index}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");
    }
}

#[tokio::test]
async fn what_a_thread_says_of_its_mails_is_found_by_index() {
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let ids = [Uuid::nil(), Uuid::max()];
    for (index, query) in [
        ("mail_log_communication", of_communications_query(app.organisation(), &ids).build(backend)),
        ("mail_log_delivery", of_deliveries_query(app.organisation(), &ids).build(backend)),
    ] {
        let plan = app.plan(query).await;
        assert!(plan.contains(index) && !plan.contains("SCAN"), "{plan}");
    }
}

#[tokio::test]
async fn the_desk_finds_bans_and_what_a_notice_may_explain_by_index() {
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let (kinds, streets) = ([Uuid::nil(), Uuid::max()], ["solferino".to_owned(), "roma".to_owned()]);
    let organisation = app.organisation();
    for (index, query) in [
        ("ban_once", riscontro::store::ban::all_query(organisation).build(backend)),
        (
            "place_street",
            riscontro::store::suggestion::at_streets_query(organisation, &kinds, &streets, app.now(), 100)
                .build(backend),
        ),
    ] {
        let plan = app.plan(query).await;
        assert!(plan.contains(index) && !plan.contains("SCAN"), "not {index}\n{plan}");
    }
}

/// Four notices that explain four work orders between them, and a crowd that follows each: an empty table says nothing, any index
/// would do.
async fn towns_on_strike(app: &TestApp) -> (Vec<Uuid>, Vec<Uuid>) {
    use riscontro::actions::{self, tracking::Target};
    let (mut notices, mut orders) = (Vec::new(), Vec::new());
    for n in 1..=4 {
        app.mail_in(letter("anna@libero.example", "Non passate").raw()).await;
        orders.push(app.order(&format!("2026/00000{n}")).await.id);
        notices.push(app.strike_is_announced().await);
        app.town_follows(Target::WorkOrder(orders[n - 1]), 500).await;
        app.town_follows(Target::Notice(notices[n - 1]), 500).await;
        for order in &orders {
            actions::notice::link(&app.app.desk, &app.cx(), notices[n - 1], *order).await.unwrap();
        }
    }
    app.look_over().await;
    (notices, orders)
}

#[tokio::test]
async fn whom_a_circular_is_for_is_found_page_by_page_in_the_order_of_an_index() {
    use riscontro::store::{follower, notice};
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let (notices, orders) = towns_on_strike(&app).await;
    let (organisation, nil) = (app.organisation(), Uuid::nil());
    for (index, query) in [
        (
            "follower_of_order",
            follower::of_work_order_query(organisation, orders[1], nil, 200).build(backend),
        ),
        ("follower_notice", follower::of_notice_query(organisation, notices[1], "c2", 200).build(backend)),
        (
            "follower_of_order",
            notice::followers_query(organisation, notices[3], (orders[1], nil), 200).build(backend),
        ),
    ] {
        // PostgreSQL may finish an order that the index gives by work order alone; that is bounded by its followers.
        walks(&app.plan(query).await, index);
    }
}

#[tokio::test]
async fn what_the_desk_counts_and_looks_back_at_is_found_by_index() {
    use riscontro::store::{audience, rating, webhook};
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let (notices, _) = towns_on_strike(&app).await;
    let (organisation, id) = (app.organisation(), Uuid::nil());
    for (index, query) in [
        ("errand_log", webhook::messages_query(organisation, id, 5).build(backend)),
        ("submission_rated", rating::last_query(organisation, 20).build(backend)),
        ("submission_rated", backend.build(&rating::counts_query(organisation, app.now()))),
        ("follower_notice", backend.build(&audience::told_query(organisation, notices[3]))),
    ] {
        let plan = app.plan(query).await;
        assert!(plan.contains(index), "not {index}\n{plan}");
        // What is grouped or told apart is a handful of rows by then; the tables are never read whole.
        for dear in ["SCAN submission", "SCAN follower", "SCAN errand", "SCAN work_order", "Seq Scan"] {
            assert!(!plan.contains(dear), "{index}: {dear}\n{plan}");
        }
    }
}

/// No step reads a whole table or sorts. `PostgreSQL` may finish an order that the index gives by its first column alone.
fn walks(plan: &str, index: &str) {
    assert!(plan.contains(index), "not {index}\n{plan}");
    let steps = plan.replace("Incremental Sort", "").replace("Sort Key", "");
    for dear in ["SCAN", "TEMP B-TREE", "Seq Scan", "Sort"] {
        assert!(!steps.contains(dear), "{index}: {dear}\n{plan}");
    }
}

#[tokio::test]
async fn every_list_of_the_portal_and_of_the_apps_walks_an_index_in_its_order() {
    use entity::{notice::State, submission};
    use riscontro::store::{notice, publication, submission as sent};
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let (organisation, key) = (app.organisation(), (app.now(), Uuid::max()));
    for from in [Seek::Start, Seek::After(Uuid::max()), Seek::Before(Uuid::nil())] {
        walks(&app.plan(notice::page_query(organisation, &from, 20).build(backend)).await, "notice_list");
    }
    for state in [State::Published, State::Restored] {
        walks(&app.plan(notice::in_state(organisation, state).build(backend)).await, "notice_current");
    }
    for from in [Seek::Start, Seek::After(key), Seek::Before(key)] {
        let query = publication::list_query(organisation, &from, 20).build(backend);
        walks(&app.plan(query).await, "publication_list");
    }
    for state in [submission::State::Held, submission::State::Unconfirmed] {
        for after in [None, Some(key)] {
            let query = sent::waiting_query(organisation, state, after, 50).build(backend);
            walks(&app.plan(query).await, "submission_waiting");
        }
    }
    for before in [None, Some(key)] {
        let query = sent::discarded_query(organisation, before, 50).build(backend);
        walks(&app.plan(query).await, "submission_discarded");
    }
}

#[tokio::test]
async fn a_citizens_requests_are_found_by_who_the_citizen_is() {
    use riscontro::store::citizen_token::{Citizen, requests_of};
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let address = Citizen::Address("anna@libero.example".to_owned());
    let code = Citizen::FiscalCode { code: "RSSMRA85T10A562S".to_owned(), app_key: Uuid::nil() };
    for (citizen, index) in [(address, "follower_address"), (code, "follower_fiscal_code")] {
        for before in [None, Some(Uuid::max())] {
            let query = requests_of(app.organisation(), &citizen, before, 21).build(backend);
            walks(&app.plan(query).await, index);
        }
    }
}

#[tokio::test]
async fn what_is_known_of_a_place_is_found_by_its_street_or_its_position() {
    use riscontro::store::place::{around_query, at_street_query};
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let street = at_street_query(app.organisation(), Uuid::nil(), "solferino").build(backend);
    walks(&app.plan(street).await, "place_street");
    let around = around_query(app.organisation(), Uuid::nil(), (45.54, 10.22)).build(backend);
    let plan = app.plan(around).await;
    // The newest of a band of some hundred metres: sorted, but only what lies in it.
    assert!(
        plan.contains("place_position") && !plan.contains("SCAN") && !plan.contains("Seq Scan"),
        "{plan}"
    );
}

#[tokio::test]
async fn reports_are_found_by_when_they_were_published_and_by_their_numbers() {
    use riscontro::{domain::number::Number, store::report};
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let organisation = app.organisation();
    let filter =
        |open, kinds| report::Filter { kinds, open, from: app.now() - Duration::days(90), to: app.now() };
    for filter in
        [filter(None, Vec::new()), filter(Some(true), vec![Uuid::nil()]), filter(Some(false), Vec::new())]
    {
        let query = report::published_query(organisation, &filter, 1000).build(backend);
        walks(&app.plan(query).await, "publication_list");
    }
    let raws: Vec<Vec<u8>> = (0..400)
        .map(|n| letter(&format!("c{n}@libero.example"), &format!("Non passate {n}")).raw())
        .collect();
    app.mails_in(&raws.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
    app.look_over().await;
    let numbers = [(2025, 7), (2026, 1), (2026, 2)].map(|(year, number)| Number { year, number });
    let plan = app.plan(report::by_numbers(organisation, &numbers).build(backend)).await;
    assert!(
        plan.contains("work_order_number") && !plan.contains("SCAN") && !plan.contains("Seq Scan"),
        "{plan}"
    );
    let sent = report::sent_by(organisation, Uuid::nil(), &[Uuid::nil(), Uuid::max()]).build(backend);
    walks(&app.plan(sent).await, "submission_work_order");
}

#[tokio::test]
async fn every_page_of_the_archive_of_io_walks_an_index_in_its_order() {
    use entity::io_message::State;
    use riscontro::store::io_message::{Filter, following_query, newest_query, page_query};
    let app = TestApp::start().await;
    let backend = app.app.desk.db.read.get_database_backend();
    let (organisation, id) = (app.organisation(), Uuid::nil());
    let period =
        || Filter { from: Some(app.now()), until: Some(app.now() + Duration::days(1)), ..Filter::default() };
    for (index, filter) in [
        ("io_message_newest", Filter::default()),
        ("io_message_newest", period()),
        ("io_message_of_service", Filter { service: Some(id), ..Filter::default() }),
        ("io_message_of_state", Filter { state: Some(State::Failed), ..Filter::default() }),
        (
            "io_message_of_recipient",
            Filter { recipient: Some("VRDNNA80A41A000P".into()), ..Filter::default() },
        ),
        ("io_message_of_work_order", Filter { work_order: Some(id), ..Filter::default() }),
        (
            "io_message_newest",
            Filter { code_begins: Some("VRD".into()), floor: Some(id), ..Filter::default() },
        ),
        ("io_message_newest", Filter { words: vec!["ritiro".into()], floor: Some(id), ..Filter::default() }),
        ("io_message_of_", Filter { service: Some(id), state: Some(State::Queued), ..Filter::default() }),
    ] {
        for from in [Seek::Start, Seek::After(Uuid::max()), Seek::Before(Uuid::nil())] {
            let query = page_query(organisation, &filter, &from, 50).build(backend);
            walks(&app.plan(query).await, index);
        }
        walks(&app.plan(newest_query(organisation, &filter).build(backend)).await, index);
    }
    walks(&app.plan(following_query(organisation, id).build(backend)).await, "io_message_following");
}
