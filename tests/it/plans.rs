//! Each list walks an index in its own order: no page reads a whole table, and none is sorted after the fact (law 7).

use chrono::Duration;
use entity::{incoming_mail::Outcome, work_order::Status};
use riscontro::store::{
    Seek,
    incoming_mail::{Filter, page_query, pending_query, unfiled_query},
    mail_log::{of_communications_query, of_deliveries_query},
    work_order::{AssigneeFilter, QueueFilter, StatusFilter, queue_page},
};
use sea_orm::{ConnectionTrait, DatabaseBackend, QueryTrait, Statement};
use uuid::Uuid;

use crate::support::app::TestApp;

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
}

fn filters() -> Vec<(&'static str, QueueFilter)> {
    let open = QueueFilter::default();
    vec![
        ("open", open.clone()),
        ("mine", QueueFilter { assignee: AssigneeFilter::One(Uuid::nil()), ..open.clone() }),
        ("nobody's", QueueFilter { assignee: AssigneeFilter::Nobody, ..open.clone() }),
        ("one kind", QueueFilter { kind: Some(Uuid::nil()), ..open.clone() }),
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
            let plan = app.plan(query).await;
            assert!(plan.contains("work_order_"), "{name}, {from:?}: no index of ours\n{plan}");
            for dear in ["SCAN", "TEMP B-TREE", "Seq Scan", "Sort"] {
                // PostgreSQL may finish an order that the index gives by due date alone; that is bounded by equal dates.
                assert!(
                    !plan.contains(dear) || plan.contains("Incremental Sort"),
                    "{name}, {from:?}: {dear}\n{plan}"
                );
            }
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
