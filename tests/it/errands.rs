//! Letters that belong to no thread: links that were asked for, news for those who follow.

use chrono::Duration;
use entity::{
    errand::{Model, State},
    follower,
    language::Language,
    mailbox::{Exit, Security},
    work_order::Status,
};
use riscontro::{
    actions::{
        self, Cx,
        errand::{Errand, Parcel},
        tracking::{self, Target},
    },
    channel::email::compose::compose,
    domain::{link, thread},
    store::{self, errand::Load},
    worker,
};
use uuid::Uuid;

use crate::support::{
    app::{BOX, LetterOut, TestApp},
    letter::letter,
    smtp_sink::{self, SmtpSink},
};

impl TestApp {
    pub(crate) fn cx(&self) -> Cx {
        Cx::system(self.organisation(), self.now())
    }

    /// Everything that waits leaves, errands and letters; gives the letters that left since the last call.
    pub(crate) async fn errands_out(&self) -> Vec<LetterOut> {
        worker::errand::run_due(&self.app).await.unwrap();
        self.letters_out().await
    }

    /// The same, and of the letters those to an address: whoever wrote the request is told of it, too.
    pub(crate) async fn errands_out_to(&self, address: &str) -> Vec<LetterOut> {
        let mut letters = self.errands_out().await;
        letters.retain(|letter| letter.mail.to[0].address == address);
        letters
    }

    pub(crate) async fn errands(&self) -> Vec<Model> {
        use sea_orm::{EntityTrait, QueryOrder};
        let all = entity::errand::Entity::find().order_by_asc(entity::errand::Column::Id);
        all.all(&self.app.desk.db.read).await.unwrap()
    }

    pub(crate) async fn ask_to_follow(&self, target: Target, address: &str) {
        tracking::follow(&self.app.desk, &self.cx(), target, address, Language::It).await.unwrap();
    }

    /// The follower whose link stands in a letter.
    pub(crate) async fn follower_in(&self, letter: &LetterOut) -> follower::Model {
        let (_, link) = letter.mail.text.split_once("/segui/").unwrap();
        let link: String = link.chars().take_while(char::is_ascii_alphanumeric).collect();
        let (id, generation) = link::follower_of(&self.app.desk.keys, &link).unwrap();
        let found = store::follower::by_id(&self.app.desk.db.read, self.organisation(), id).await;
        let follower = found.unwrap().unwrap();
        assert_eq!(follower.generation, generation);
        follower
    }

    /// Somebody asks to follow, gets the link and confirms.
    pub(crate) async fn follows(&self, target: Target, address: &str) -> follower::Model {
        self.ask_to_follow(target, address).await;
        let letters = self.errands_out().await;
        let letter = letters.iter().find(|letter| letter.mail.to[0].address == address).unwrap();
        let follower = self.follower_in(letter).await;
        tracking::confirm(&self.app.desk, &self.cx(), &follower).await.unwrap();
        follower
    }

    pub(crate) async fn set_status(&self, number: &str, status: Status) {
        let order = self.order(number).await;
        let change = actions::work_order::Change { status: Some(status), ..Default::default() };
        actions::work_order::change(&self.app.desk, &self.cx(), order.id, change).await.unwrap();
    }

    /// A work order that Anna opened by mail; her acknowledgement has left.
    async fn anna_wrote(&self) -> Uuid {
        self.mail_in(letter("Anna Verdi <anna@libero.example>", "Cassonetto di via Solferino").raw()).await;
        self.errands_out().await;
        self.order("2026/000001").await.id
    }

    async fn ask_link(&self, address: &str) {
        let number = "2026/000001".parse().unwrap();
        tracking::send_link_again(&self.app.desk, &self.cx(), number, address, Language::It).await.unwrap();
    }

    /// The mailbox sends through this server from now on; through a folder when there is none.
    async fn sends_through(&self, server: Option<&SmtpSink>) {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let mut mailbox = self.mailbox().await.into_active_model();
        mailbox.exit = Set(if server.is_some() { Exit::Smtp } else { Exit::Folder });
        if let Some(server) = server {
            mailbox.smtp_security = Set(Security::Insecure);
            (mailbox.smtp_host, mailbox.smtp_port) = (Set("localhost".to_owned()), Set(server.port.into()));
        }
        let tx = self.app.desk.db.begin().await.unwrap();
        mailbox.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn pause_mailbox(&self, paused: bool) {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let mut mailbox = self.mailbox().await.into_active_model();
        mailbox.paused = Set(paused);
        let tx = self.app.desk.db.begin().await.unwrap();
        mailbox.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn who_asks_to_follow_hears_nothing_until_the_address_is_confirmed() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    app.ask_to_follow(Target::WorkOrder(order), "Marco@Libero.example ").await;
    let asked = app.errands_out().await;
    assert_eq!(asked.len(), 1);
    let (mail, raw) = (&asked[0].mail, &asked[0].raw);
    assert_eq!(mail.to[0].address, "marco@libero.example");
    assert!(raw.contains("Auto-Submitted: auto-replied") && mail.reply_to.is_empty(), "{raw}");
    let id = mail.message_id.clone().unwrap();
    assert_eq!(thread::delivery_of(&app.app.desk.keys, &id), None, "an answer to it enters nobody's thread");

    app.set_status("2026/000001", Status::InProgress).await;
    assert!(app.errands_out_to("marco@libero.example").await.is_empty(), "not confirmed");

    let follower = app.follower_in(&asked[0]).await;
    tracking::confirm(&app.app.desk, &app.cx(), &follower).await.unwrap();
    app.set_status("2026/000001", Status::Closed).await;
    let told = app.errands_out_to("marco@libero.example").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].mail.text.contains("La richiesta è stata chiusa."), "{}", told[0].mail.text);
    for private in ["Anna", "Verdi", "anna@", "Solferino"] {
        assert!(!told[0].raw.contains(private), "{private} is nobody's business: {}", told[0].raw);
    }
    assert_eq!(app.follower_in(&told[0]).await.id, follower.id);
}

#[tokio::test]
async fn who_wants_to_hear_no_more_is_not_written_to_even_if_the_letter_was_waiting() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    let marco = app.follows(Target::WorkOrder(order), "marco@libero.example").await;
    app.set_status("2026/000001", Status::Closed).await;
    assert_eq!(app.batches(Uuid::now_v7(), 1).await, [1]);
    let by = follower::ToldBy::Nothing;
    tracking::tell_by(&app.app.desk, &app.cx(), &marco, by).await.unwrap();
    assert!(app.errands_out_to("marco@libero.example").await.is_empty());
    assert_eq!(app.errands().await.last().unwrap().state, State::Refused);
    app.set_status("2026/000001", Status::InProgress).await;
    assert!(app.errands_out_to("marco@libero.example").await.is_empty());
}

#[tokio::test]
async fn a_letter_that_may_have_left_before_a_crash_leaves_again_as_the_same_letter() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    app.ask_to_follow(Target::WorkOrder(order), "marco@libero.example").await;
    let (desk, dead) = (&app.app.desk, Uuid::now_v7());
    let claimed = actions::errand::claim(desk, Load::Letters, dead, app.now(), 10).await.unwrap();
    let Parcel::Letter(sent, _) = actions::errand::parcel(desk, &claimed[0], app.now()).await.unwrap() else {
        panic!("a letter")
    };
    assert!(app.errands_out().await.is_empty(), "while the lease lasts it is nobody else's");
    app.pass(actions::errand::LEASE + Duration::seconds(1));
    let again = app.errands_out().await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].raw.as_bytes(), compose(&sent).unwrap());
    // The dead one comes back to life and notes its end: too late, and harmless.
    let late = riscontro::domain::mail::SendOutcome::Retry("…".into());
    actions::errand::settle(desk, &claimed[0], dead, &late, app.now()).await.unwrap();
    assert!(app.errands_out().await.is_empty());
    assert_eq!(app.errands().await[0].state, State::Done);
}

#[tokio::test]
async fn what_a_killed_process_had_in_hand_is_taken_up_at_its_next_start() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    app.ask_to_follow(Target::WorkOrder(order), "marco@libero.example").await;
    let desk = &app.app.desk;
    actions::errand::claim(desk, Load::Letters, app.app.process, app.now(), 10).await.unwrap();
    actions::errand::take_up(desk, app.app.process, app.now()).await.unwrap();
    assert_eq!(app.errands_out().await.len(), 1);
}

#[tokio::test]
async fn nobody_is_flooded_through_our_forms() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    app.follows(Target::WorkOrder(order), "marco@libero.example").await;
    app.pass(Duration::hours(25));
    let mut letters = Vec::new();
    for _ in 0..8 {
        for _ in 0..12 {
            app.ask_link("marco@libero.example").await;
        }
        letters.push(app.errands_out().await.len());
        app.pass(Duration::minutes(61));
    }
    assert_eq!(letters, [5, 5, 5, 0, 0, 0, 0, 0], "five in an hour, fifteen in a day");
    app.ask_to_follow(Target::WorkOrder(order), "luca@libero.example").await;
    assert_eq!(app.errands_out().await.len(), 1, "others are not the poorer for it");
}

#[tokio::test]
async fn a_stranger_who_asks_for_a_link_gets_none_and_neither_do_we() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    app.ask_link("nessuno@libero.example").await;
    app.ask_to_follow(Target::WorkOrder(order), BOX).await;
    app.ask_to_follow(Target::WorkOrder(order), &BOX.replace('@', "+x@")).await;
    assert!(app.errands_out().await.is_empty());
    assert!(app.errands().await.is_empty());
}

#[tokio::test]
async fn the_same_thing_is_told_once_however_often_it_is_queued() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    let marco = app.follows(Target::WorkOrder(order), "marco@libero.example").await;
    let (cx, once) = (app.cx(), || Some("told/7".to_owned()));
    let mut written = Vec::new();
    for once in [once(), once(), None, None] {
        let tx = app.app.desk.db.begin().await.unwrap();
        let errand = Errand::Link { follower: marco.id };
        let queued = actions::errand::queue(&tx, &cx, errand, &marco.address, Language::De, once).await;
        written.push(queued.unwrap());
        tx.commit().await.unwrap();
    }
    assert_eq!(written, [true, false, true, true]);
    let out = app.errands_out().await;
    assert_eq!(out.len(), 3);
    assert!(out[0].mail.subject.starts_with("Der Link zu Ihrem Anliegen"), "{}", out[0].mail.subject);
}

#[tokio::test]
async fn letters_wait_for_a_mailbox_and_leave_when_there_is_one() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    app.pause_mailbox(true).await;
    app.ask_to_follow(Target::WorkOrder(order), "marco@libero.example").await;
    assert!(app.errands_out().await.is_empty());
    let waiting = app.errands().await.remove(0);
    assert_eq!((waiting.state, waiting.attempts), (State::Pending, 1));
    assert!(waiting.last_error.unwrap().contains("nessuna casella"));
    app.pause_mailbox(false).await;
    assert!(app.errands_out().await.is_empty(), "not before its time");
    app.pass(Duration::minutes(1));
    assert_eq!(app.errands_out().await.len(), 1);
}

#[tokio::test]
async fn a_server_that_never_takes_a_letter_is_given_up_after_days() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.sends_through(Some(&sink)).await;
    sink.greylist("marco@libero.example", 2);
    app.ask_to_follow(Target::WorkOrder(order), "marco@libero.example").await;
    for _ in 0..3 {
        worker::errand::run_due(&app.app).await.unwrap();
        app.pass(Duration::hours(4));
    }
    assert_eq!(app.errands().await[0].state, State::Done);
    assert_eq!((sink.letters().len(), sink.letters()[0].from.as_str()), (1, ""), "the return path is null");

    sink.greylist("luca@libero.example", 1000);
    app.ask_to_follow(Target::WorkOrder(order), "luca@libero.example").await;
    for _ in 0..40 {
        worker::errand::run_due(&app.app).await.unwrap();
        app.pass(Duration::hours(4));
    }
    let given_up = app.errands().await.pop().unwrap();
    assert_eq!(given_up.state, State::Refused);
    assert!(given_up.settled_at.unwrap() - given_up.created_at > Duration::days(4));
}

#[tokio::test]
async fn an_address_that_once_took_no_letter_may_ask_to_follow_again() {
    let app = TestApp::start().await;
    let order = app.anna_wrote().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.sends_through(Some(&sink)).await;
    sink.refuse("marco@libero.example");
    app.ask_to_follow(Target::WorkOrder(order), "marco@libero.example").await;
    worker::errand::run_due(&app.app).await.unwrap();
    assert_eq!(app.errands().await[0].state, State::Refused, "the mailbox was full, say");

    app.sends_through(None).await;
    for letters in [1, 0] {
        app.ask_to_follow(Target::WorkOrder(order), "marco@libero.example").await;
        assert_eq!(app.errands_out().await.len(), letters, "and what has come is not sent twice");
    }
}
