//! Everybody whom something concerns is told of it, once, however many they are and whenever the program is killed.

use std::collections::BTreeMap;

use chrono::Duration;
use entity::{
    errand::{Model, State, Work},
    event::Verb,
    follower::{self, Role, ToldBy},
    language::{Language, Words},
    work_order::Status,
};
use riscontro::{
    actions::{self, Error, circular, notice, tracking::Target},
    store::{self, errand::Load},
    worker,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::support::{app::TestApp, letter::letter};

/// More than one page of anything.
const TOWN: usize = 2_503;
const BATCH: usize = 200;

impl TestApp {
    /// A town follows it, without a letter to each.
    pub(crate) async fn town_follows(&self, target: Target, people: usize) {
        let (work_order_id, notice_id) = match target {
            Target::WorkOrder(id) => (Some(id), None),
            Target::Notice(id) => (None, Some(id)),
        };
        let row = |n: usize| follower::Model {
            id: Uuid::now_v7(),
            organisation_id: self.organisation(),
            work_order_id,
            notice_id,
            role: Role::Follower,
            name: String::new(),
            address: format!("c{n}@libero.example"),
            fiscal_code: String::new(),
            phone: String::new(),
            language: Language::It,
            told_by: ToldBy::Mail,
            chose_at: None,
            generation: 0,
            confirmed_at: Some(self.now()),
            created_at: self.now(),
            seen_at: None,
        };
        let rows: Vec<follower::Model> = (0..people).map(row).collect();
        let tx = self.app.desk.db.begin().await.unwrap();
        for rows in rows.chunks(500) {
            store::follower::insert(&tx, rows.to_vec()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub(crate) async fn strike_is_announced(&self) -> Uuid {
        let form = notice::Form {
            title: Words::plain("Sciopero"),
            text: Words::plain("Mercoledì la raccolta non passa."),
            starts_at: self.now(),
            ..notice::Form::default()
        };
        self.publish(&form).await
    }

    async fn strike_is_over(&self, id: Uuid) -> Result<(), Error> {
        notice::restore(&self.app.desk, &self.cx(), id, 1, &Words::default()).await
    }

    /// A process takes up everything that is due and writes the letters of circulars, but carries none; gives how many
    /// letters each batch had. Killed after so many batches, with what it has taken up in its hands.
    pub(crate) async fn batches(&self, process: Uuid, most: usize) -> Vec<usize> {
        let (desk, mut written) = (&self.app.desk, Vec::new());
        while written.len() < most {
            let claimed =
                actions::errand::claim(desk, Load::Circulars, process, self.now(), 1_000).await.unwrap();
            if claimed.is_empty() {
                break;
            }
            for one in claimed.iter().filter(|one| one.work == Work::Circular) {
                let before = self.letters_to_be().await.len();
                circular::carry_on(desk, one, process, self.now()).await.unwrap();
                written.push(self.letters_to_be().await.len() - before);
            }
        }
        written
    }

    /// One process dies between two batches, another is slow in the middle of one, a third brings it to its end.
    async fn is_told_in_spite_of_crashes(&self, people: usize) {
        let (first, second, third) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        assert_eq!(self.batches(first, 2).await, [BATCH; 2], "and then it is killed");
        let (desk, lease) = (&self.app.desk, actions::errand::LEASE + Duration::seconds(1));
        let in_hand = actions::errand::claim(desk, Load::Circulars, second, self.now(), 1_000).await.unwrap();
        let in_hand = in_hand.into_iter().find(|one| one.work == Work::Circular).unwrap();
        assert!(self.batches(third, usize::MAX).await.is_empty(), "what the second has is nobody else's");
        self.pass(lease);
        assert_eq!(self.batches(third, 1).await, [BATCH]);
        // What the second writes now, the third has written.
        circular::carry_on(desk, &in_hand, second, self.now()).await.unwrap();
        assert_eq!(self.letters_to_be().await.len(), 3 * BATCH);
        self.pass(lease);
        self.batches(third, usize::MAX).await;
        let each = self.letters_each().await;
        assert_eq!((each.len(), each.values().max()), (people, Some(&1)));
        assert_eq!(self.circulars().await[0].state, State::Done);
    }

    /// A circular whose words have come to grief.
    async fn circular_says(&self, data: serde_json::Value) {
        let mut circular = self.circulars().await.remove(0).into_active_model();
        circular.data = Set(data);
        let tx = self.app.desk.db.begin().await.unwrap();
        circular.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn circulars(&self) -> Vec<Model> {
        self.errands().await.into_iter().filter(|errand| errand.work == Work::Circular).collect()
    }

    async fn letters_to_be(&self) -> Vec<String> {
        let letters = self.errands().await.into_iter();
        let letters = letters.filter(|errand| matches!(errand.work, Work::Restored | Work::Update));
        letters.map(|errand| errand.recipient).collect()
    }

    /// How many letters each address gets.
    async fn letters_each(&self) -> BTreeMap<String, usize> {
        let mut each = BTreeMap::new();
        for address in self.letters_to_be().await {
            *each.entry(address).or_default() += 1;
        }
        each
    }

    async fn told(&self, work_order: Uuid) -> Vec<serde_json::Value> {
        let db = &self.app.desk.db.read;
        let history = store::event::history(db, self.organisation(), work_order, 100).await.unwrap();
        history.into_iter().filter(|event| event.verb == Verb::Told).map(|event| event.data).collect()
    }
}

#[tokio::test]
async fn a_town_that_follows_a_notice_is_told_to_the_last_of_its_people() {
    let app = TestApp::start().await;
    let id = app.strike_is_announced().await;
    app.town_follows(Target::Notice(id), TOWN).await;
    app.strike_is_over(id).await.unwrap();
    assert!(app.letters_to_be().await.is_empty(), "who presses the button does not wait for a town");
    assert_eq!(app.circulars().await.len(), 1);

    let batches = app.batches(Uuid::now_v7(), usize::MAX).await;
    assert!(batches.iter().all(|letters| *letters <= BATCH), "{batches:?}");
    let each = app.letters_each().await;
    assert_eq!(each.len(), TOWN);
    assert!(each.values().all(|letters| *letters == 1));
    assert_eq!(app.circulars().await[0].state, State::Done);
    let db = &app.app.desk.db.read;
    let history = store::notice::history(db, app.organisation(), id).await.unwrap();
    assert_eq!((history[0].verb.as_str(), &history[0].data), ("told", &json!({ "told": { "to": TOWN } })));
    assert_eq!(history[1].verb, "restored");
}

#[tokio::test]
async fn killed_between_two_batches_or_in_one_the_rest_of_a_town_is_told_and_nobody_twice() {
    let app = TestApp::start().await;
    let id = app.strike_is_announced().await;
    app.town_follows(Target::Notice(id), 900).await;
    app.strike_is_over(id).await.unwrap();
    app.is_told_in_spite_of_crashes(900).await;
}

#[tokio::test]
async fn killed_while_telling_that_a_notice_was_changed_the_rest_hears_it_and_nobody_twice() {
    let app = TestApp::start().await;
    let id = app.strike_is_announced().await;
    app.town_follows(Target::Notice(id), 900).await;
    let form = notice::Form {
        title: Words::plain("Sciopero rinviato"),
        text: Words::plain("Giovedì la raccolta non passa."),
        starts_at: app.now(),
        tell: true,
        ..notice::Form::default()
    };
    notice::change(&app.app.desk, &app.cx(), id, 1, &form).await.unwrap();
    assert!(app.letters_to_be().await.is_empty(), "who presses the button does not wait for a town");
    app.is_told_in_spite_of_crashes(900).await;
}

#[tokio::test]
async fn killed_while_telling_news_of_a_request_the_rest_hears_it_and_nobody_twice() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Cassonetto").raw()).await;
    app.errands_out().await;
    app.town_follows(Target::WorkOrder(app.order("2026/000001").await.id), 900).await;
    app.set_status("2026/000001", Status::Closed).await;
    app.is_told_in_spite_of_crashes(900).await;
}

#[tokio::test]
async fn everybody_who_follows_a_request_hears_what_became_of_it_and_history_says_how_many() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Cassonetto").raw()).await;
    let order = app.order("2026/000001").await.id;
    app.set_status("2026/000001", Status::InProgress).await;
    assert!(app.circulars().await.is_empty(), "nobody follows it");
    app.town_follows(Target::WorkOrder(order), TOWN).await;
    app.set_status("2026/000001", Status::Closed).await;
    assert_eq!((app.circulars().await.len(), app.letters_to_be().await.len()), (1, 0));
    let batches = app.batches(Uuid::now_v7(), usize::MAX).await;
    assert!(batches.iter().all(|letters| *letters <= BATCH), "{batches:?}");
    let each = app.letters_each().await;
    assert_eq!((each.len(), each.values().max()), (TOWN, Some(&1)));
    assert_eq!(app.told(order).await, [json!({ "news": "closed", "followers": TOWN })]);
}

#[tokio::test]
async fn those_who_follow_the_requests_that_a_notice_explains_are_told_and_who_follows_two_once() {
    let app = TestApp::start().await;
    let desk = &app.app.desk;
    for from in ["anna@libero.example", "bruno@libero.example", "carla@libero.example"] {
        app.mail_in(letter(from, "Non passate").raw()).await;
    }
    app.errands_out().await;
    let id = app.strike_is_announced().await;
    let mut orders = Vec::new();
    for number in ["2026/000001", "2026/000002", "2026/000003"] {
        orders.push(app.order(number).await.id);
        notice::link(desk, &app.cx(), id, orders[orders.len() - 1]).await.unwrap();
    }
    // The same people, again and again: c0 to c449, of whom c0 to c29 follow the notice, too.
    app.town_follows(Target::WorkOrder(orders[0]), 450).await;
    app.town_follows(Target::WorkOrder(orders[1]), 420).await;
    app.town_follows(Target::Notice(id), 30).await;
    app.strike_is_over(id).await.unwrap();
    let batches = app.batches(Uuid::now_v7(), usize::MAX).await;
    assert!(batches.iter().all(|letters| *letters <= BATCH), "{batches:?}");
    let each = app.letters_each().await;
    assert_eq!((each.len(), each.values().max()), (453, Some(&1)), "with the three who wrote");
    assert!(each.contains_key("carla@libero.example"));
    for order in orders {
        assert_eq!(app.told(order).await, [json!({ "notice": id, "title": "Sciopero" })], "noted once");
    }
    let unlinked = notice::unlink(desk, &app.cx(), id, app.order("2026/000003").await.id).await;
    assert!(matches!(unlinked, Err(Error::NotFound)), "Carla was told");
}

#[tokio::test]
async fn who_presses_restore_twice_at_once_ends_it_once() {
    let app = TestApp::start().await;
    let id = app.strike_is_announced().await;
    app.follows(Target::Notice(id), "marco@libero.example").await;
    let (one, two) = tokio::join!(app.strike_is_over(id), app.strike_is_over(id));
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    won.unwrap();
    assert!(matches!(lost, Err(Error::Conflict(_))), "{lost:?}");
    assert_eq!(app.circulars().await.len(), 1);
    assert_eq!(app.errands_out().await.len(), 1);
}

#[tokio::test]
async fn a_request_that_a_notice_explains_in_the_instant_of_its_end_is_told_of_the_end() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Non passate").raw()).await;
    app.errands_out().await;
    let order = app.order("2026/000001").await;
    let id = app.strike_is_announced().await;
    let (desk, cx) = (app.app.desk.clone(), app.cx());

    let opening = desk.db.begin().await.unwrap();
    let explaining =
        notice::concerning(&opening, app.organisation(), order.kind_id, None, app.now()).await.unwrap();
    let restoring = {
        let desk = desk.clone();
        tokio::spawn(async move { notice::restore(&desk, &cx, id, 1, &Words::default()).await })
    };
    // Time for the other to go as far as it can: it waits until this request is written down.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!restoring.is_finished());
    notice::link_new(&opening, &cx, &explaining[0], order.id).await.unwrap();
    opening.commit().await.unwrap();
    restoring.await.unwrap().unwrap();
    let told = app.errands_out().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].mail.to[0].address, "anna@libero.example");

    let late = desk.db.begin().await.unwrap();
    let explaining = notice::concerning(&late, app.organisation(), order.kind_id, None, app.now()).await;
    assert!(explaining.unwrap().is_empty(), "it is over");
}

#[tokio::test]
async fn what_a_mail_causes_for_apps_and_followers_need_not_wait_for_the_clock() {
    let app = TestApp::start().await;
    let woken = async || {
        let wait = std::time::Duration::from_millis(1);
        tokio::time::timeout(wait, app.app.desk.wake.errands.notified()).await.is_ok()
    };
    assert!(!woken().await, "nothing has happened yet");
    app.mail_in(letter("anna@libero.example", "Cassonetto").raw()).await;
    assert!(woken().await);
}

#[tokio::test]
async fn a_link_that_somebody_waits_for_does_not_stand_in_line_behind_the_letters_to_a_town() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Cassonetto").raw()).await;
    let order = app.order("2026/000001").await.id;
    app.errands_out().await;
    let id = app.strike_is_announced().await;
    app.town_follows(Target::Notice(id), 500).await;
    app.strike_is_over(id).await.unwrap();
    app.batches(Uuid::now_v7(), usize::MAX).await;
    app.pass(actions::errand::LEASE + Duration::seconds(1));
    // All five hundred letters are due, and have been for minutes.
    app.ask_to_follow(Target::WorkOrder(order), "marco@libero.example").await;
    let (desk, me) = (&app.app.desk, Uuid::now_v7());
    let first = actions::errand::claim(desk, Load::Letters, me, app.now(), 4).await.unwrap();
    assert_eq!(first.iter().map(|errand| errand.work).collect::<Vec<_>>(), [Work::Follow]);
    let next = actions::errand::claim(desk, Load::Circulars, me, app.now(), 4).await.unwrap();
    assert!(next.len() == 4 && next.iter().all(|errand| errand.work == Work::Restored));
}

#[tokio::test]
async fn a_circular_that_cannot_be_carried_on_says_so_waits_longer_each_time_and_is_given_up() {
    let app = TestApp::start().await;
    let id = app.strike_is_announced().await;
    app.town_follows(Target::Notice(id), 3).await;
    app.strike_is_over(id).await.unwrap();
    app.circular_says(json!({ "language": "it", "work": "circular", "letters": 0, "circular": "?" })).await;
    let mut attempts = Vec::new();
    for minutes in [0, 1, 2, 3, 10] {
        app.pass(Duration::minutes(minutes));
        assert!(app.errands_out().await.is_empty());
        attempts.push(app.circulars().await[0].attempts);
    }
    assert_eq!(attempts, [1, 2, 2, 3, 3], "after a minute, after five");
    let waiting = app.circulars().await.remove(0);
    assert_eq!(waiting.state, State::Pending);
    assert!(waiting.last_error.unwrap().starts_with("Non si è potuto preparare"));
    for _ in 0..40 {
        worker::errand::run_due(&app.app).await.unwrap();
        app.pass(Duration::hours(4));
    }
    assert_eq!(app.circulars().await[0].state, State::Refused);
}

#[tokio::test]
async fn a_circular_about_nothing_is_given_up_at_once() {
    let app = TestApp::start().await;
    let id = app.strike_is_announced().await;
    app.strike_is_over(id).await.unwrap();
    let next = json!({ "of": "notice", "after": "" });
    let gone = json!({ "about": "restored", "notice": Uuid::now_v7(), "next": next });
    app.circular_says(json!({ "language": "it", "work": "circular", "letters": 0, "circular": gone })).await;
    assert!(app.errands_out().await.is_empty());
    let over = app.circulars().await.remove(0);
    assert_eq!((over.state, over.attempts), (State::Refused, 1));
    assert!(over.settled_at.is_some() && over.last_error.is_some());
}

#[tokio::test]
async fn news_that_is_more_than_anybody_reads_in_an_hour_comes_later_and_none_is_left_out() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Cassonetto").raw()).await;
    app.errands_out().await;
    let order = app.order("2026/000001").await.id;
    let id = app.strike_is_announced().await;
    for target in [Target::WorkOrder(order), Target::Notice(id)] {
        app.follows(target, "marco@libero.example").await;
    }
    app.pass(Duration::hours(25));
    for turn in 0..64 {
        let status = if turn % 2 == 0 { Status::Closed } else { Status::InProgress };
        app.set_status("2026/000001", status).await;
        app.batches(Uuid::now_v7(), 1).await;
    }
    app.strike_is_over(id).await.unwrap();
    let mut letters = Vec::new();
    for _ in 0..4 {
        app.pass(actions::errand::LEASE + Duration::seconds(1));
        letters.push(app.errands_out_to("marco@libero.example").await.len());
        app.pass(Duration::minutes(55));
    }
    assert_eq!(letters, [30, 30, 5, 0], "sixty-four and the end of the strike, thirty in an hour");
    let history = store::notice::history(&app.app.desk.db.read, app.organisation(), id).await.unwrap();
    assert_eq!(history[0].data, json!({ "told": { "to": 1 } }));
}
