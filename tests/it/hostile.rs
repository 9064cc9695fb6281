//! The porter at a hostile server, end to end: whatever it does, once it behaves again each of its mails has been handled
//! exactly once and the mailbox goes on.
//!
//! Rows are those of helpdesk-lessons §2, A to C: how other systems lost mail here, or had it twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use entity::{
    incoming_mail::{Outcome, State},
    mailbox::{After, Security},
};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use riscontro::actions::mailbox::Form;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    hostile_imap::{Damage, HostileImap, Whim, whim::Class},
    letter::letter,
    porter::{imap_form, until, until_within},
};

/// For what the porter tries several times, with pauses.
const LONG: Duration = Duration::from_secs(150);

/// A house that loses patience with a silent server after a second.
async fn house() -> TestApp {
    TestApp::start_with(|config| {
        config.mail.timeout_seconds = 1;
        config.mail.poll_seconds = 1;
        config.mail.max_bytes = 3_000_000;
    })
    .await
}

impl TestApp {
    async fn watch_hostile(&self, server: &HostileImap, user: &str, change: impl FnOnce(&mut Form)) -> Uuid {
        let mut form = imap_form("127.0.0.1", server.port, Security::Insecure, user, HostileImap::PASSWORD);
        form.acknowledge = false;
        change(&mut form);
        self.add(&form).await
    }

    async fn rows_of(&self, mailbox: Uuid) -> Vec<entity::incoming_mail::Model> {
        entity::incoming_mail::Entity::find()
            .filter(entity::incoming_mail::Column::MailboxId.eq(mailbox))
            .order_by_asc(entity::incoming_mail::Column::Id)
            .all(&self.app.desk.db.read)
            .await
            .unwrap()
    }

    async fn all_orders(&self) -> Vec<entity::work_order::Model> {
        let orders = entity::work_order::Entity::find().order_by_asc(entity::work_order::Column::Number);
        orders.all(&self.app.desk.db.read).await.unwrap()
    }

    /// How many work orders each subject has.
    async fn counted(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for order in self.all_orders().await {
            *counted.entry(order.subject).or_default() += 1;
        }
        counted
    }
}

fn mail(subject: &str) -> Vec<u8> {
    let sender = format!("{}@libero.example", subject.replace(' ', "-"));
    letter(&sender, subject).says("Il bidone non passa.\n").raw()
}

fn sized(subject: &str, bytes: usize) -> Vec<u8> {
    let line = "Non passa da giorni, e nessuno risponde al telefono.\n";
    letter("lunga@libero.example", subject).says(&line.repeat(bytes / line.len())).raw()
}

fn subject_of(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap().trim().to_owned()
}

/// A server and the mailbox that watches it.
struct Watched {
    server: HostileImap,
    mailbox: Uuid,
    name: String,
}

async fn watched(app: &TestApp, name: &str, mails: usize) -> Watched {
    let server = HostileImap::start().await;
    for number in 0..mails {
        server.deliver(&mail(&format!("{name} {number}")));
    }
    let mailbox = app.watch_hostile(&server, name, |_| ()).await;
    Watched { server, mailbox, name: name.to_owned() }
}

/// Lets the porter suffer for a while, then has all servers behave, delivers one mail more to each and sees that
/// everything that is on the servers was handled once.
async fn suffer_and_recover(app: &TestApp, all: &[Watched]) {
    let porter = app.porter();
    let spent = async || all.iter().all(|one| one.server.waiting().is_empty());
    let began = std::time::Instant::now();
    while !spent().await && began.elapsed() < Duration::from_secs(12) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let played: usize = all.iter().map(|one| one.server.behave()).sum();
    assert!(played >= all.len(), "only {played} whims have happened");
    porter.stop().await;

    let porter = app.porter();
    for one in all {
        one.server.deliver(&mail(&format!("{} ultima", one.name)));
    }
    let missing = async || {
        let counted = app.counted().await;
        let wanted = all.iter().flat_map(|one| one.server.mails());
        wanted
            .map(|mail| subject_of(&mail.raw))
            .filter(|subject| !counted.contains_key(subject))
            .collect::<Vec<_>>()
    };
    until(async || missing().await.is_empty(), || "all mails".to_owned()).await;
    porter.stop().await;

    let twice: Vec<_> = app.counted().await.into_iter().filter(|(_, times)| *times != 1).collect();
    assert_eq!(twice, [], "work orders that were opened more than once");
    assert!(!app.counted().await.contains_key("non richiesta"), "nobody had asked for that one");
    for one in all {
        every_mail_has_one_row(app, one).await;
    }
}

/// The ledger has one row, with its outcome, for each mail of the server as it is numbered now.
async fn every_mail_has_one_row(app: &TestApp, watched: &Watched) {
    let stored = app.mailbox_row(watched.mailbox).await;
    let ledger = app.rows_of(watched.mailbox).await;
    assert!(
        ledger.iter().all(|row| row.state == State::Handled && row.outcome.is_some()),
        "{}: {ledger:?}",
        watched.name
    );
    let keys: BTreeSet<String> = ledger.iter().map(|row| row.source_key.clone()).collect();
    assert_eq!(keys.len(), ledger.len());
    for mail in watched.server.mails() {
        let key = format!("{}:{}", stored.uid_validity.unwrap(), mail.uid);
        assert!(keys.contains(&key), "{} has no row {key}", watched.name);
    }
    assert_eq!(stored.last_error, None, "{}", watched.name);
}

/// Rows 1, 4, 7, 14, 20: thirty rows of whims, side by side.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_whims_of_the_server_every_mail_is_handled_once() {
    let app = house().await;
    let mut all = Vec::new();
    for seed in 0..30 {
        let mut random = SmallRng::seed_from_u64(seed);
        let one = watched(&app, &format!("seme{seed}"), 6).await;
        let mut whims: Vec<Whim> = (0..random.random_range(2..5)).map(|_| Whim::any(&mut random)).collect();
        // two empty answers in a row are how a damaged store speaks, and are believed
        let first_nil = whims.iter().position(|whim| *whim == Whim::Nil);
        let mut at = 0..;
        whims.retain(|whim| at.next() == first_nil || *whim != Whim::Nil);
        for whim in whims {
            one.server.play(whim);
        }
        all.push(one);
    }
    suffer_and_recover(&app, &all).await;
}

/// Rows 1, 14.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_dropped_three_times_at_any_byte_class_loses_and_doubles_nothing() {
    let app = house().await;
    let mut all = Vec::new();
    for class in Class::ALL {
        let one = watched(&app, &format!("{class:?}").to_lowercase(), 4).await;
        for after in [0, 5, 50] {
            one.server.play(Whim::Drop(class, after));
        }
        all.push(one);
    }
    suffer_and_recover(&app, &all).await;
}

/// Row 7, and 12: no window of days or of numbers; and somebody tidies the mailbox up meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn after_ten_days_of_outage_five_thousand_mails_come_once_and_in_order() {
    const WAITING: usize = 5_000;
    const REMOVED: u32 = 50;
    let app = house().await;
    let server = HostileImap::start().await;
    let mailbox = app.watch_hostile(&server, "reclami", |_| ()).await;
    server.deliver_at(&mail("prima"), app.now());
    let porter = app.porter();
    app.wait_for_orders(1).await;
    porter.stop().await;

    let failed = app.now();
    app.pass(chrono::Duration::days(10));
    let apart = chrono::Duration::days(10) / i32::try_from(WAITING).unwrap();
    let arrival = |number: usize| failed + apart * i32::try_from(number).unwrap();
    for number in 0..WAITING {
        server.deliver_at(&mail(&format!("durante {number}")), arrival(number));
    }
    let last = server.mails().last().unwrap().uid;
    for _ in 0..REMOVED {
        server.deliver_at(&mail("rimossa"), app.now());
    }

    let porter = app.porter();
    until_within(LONG, async || app.rows_of(mailbox).await.len() > 300, || "the beginning".to_owned()).await;
    (last + 1..=last + REMOVED).for_each(|uid| server.expunge(uid));
    let handled = async || {
        let ledger = app.rows_of(mailbox).await;
        ledger.len() > WAITING && ledger.iter().all(|row| row.outcome.is_some())
    };
    until_within(LONG * 2, handled, || "5,000 mails".to_owned()).await;
    porter.stop().await;

    let orders = app.all_orders().await;
    let subjects: Vec<&str> = orders.iter().map(|order| order.subject.as_str()).collect();
    let expected: Vec<String> =
        ["prima".to_owned()].into_iter().chain((0..WAITING).map(|n| format!("durante {n}"))).collect();
    assert!(subjects == expected, "{} work orders, or in another order", subjects.len());
    let received: Vec<_> = app.rows_of(mailbox).await.into_iter().map(|row| row.received_at).collect();
    // the server's dates have whole seconds
    let late = (0..WAITING).find(|n| (received[n + 1] - arrival(*n)).num_seconds().abs() > 1);
    assert_eq!(late, None, "the legal terms run from when the server received it");
}

/// Row 11, 19: the whole of it stays where it is, wherever handled mail goes, because only there can it be read.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_too_large_becomes_a_notice_and_is_left_where_it_is() {
    let app = house().await;
    let server = HostileImap::start().await;
    server.deliver(&mail("prima"));
    let huge = server.deliver(&sized("enorme", 4_000_000));
    server.deliver(&mail("dopo"));
    let set = |form: &mut Form| (form.after, form.after_folder) = (After::Move, "Fatti".to_owned());
    app.watch_hostile(&server, "reclami", set).await;
    let porter = app.porter();
    app.wait_for_orders(3).await;
    until(async || server.mails().len() == 1, || "the move".to_owned()).await;
    porter.stop().await;
    assert_eq!(app.subjects().await, ["prima", "enorme", "dopo"]);
    assert_eq!(server.mails()[0].uid, huge);
    let order = app.all_orders().await.remove(1);
    let thread = riscontro::store::communication::thread(
        &app.app.desk.db.read,
        app.organisation(),
        order.id,
        None,
        10,
    );
    let notice = thread.await.unwrap().rows.remove(0);
    assert!(notice.text.contains("dimensione massima"), "{}", notice.text);
}

/// Row 19.
#[tokio::test(flavor = "multi_thread")]
async fn a_huge_mail_that_is_said_to_be_small_is_cut_and_the_others_come_whole() {
    let app = house().await;
    let server = HostileImap::start().await;
    server.deliver(&mail("prima"));
    server.deliver(&sized("enorme", 12_000_000));
    server.deliver(&sized("lunga", 2_900_000));
    server.deliver(&mail("dopo"));
    server.play(Whim::Size(10));
    let mailbox = app.watch_hostile(&server, "reclami", |_| ()).await;
    let porter = app.porter();
    app.wait_for_orders(4).await;
    porter.stop().await;
    assert_eq!(app.subjects().await, ["prima", "enorme", "lunga", "dopo"]);
    let sizes: Vec<i64> = app.rows_of(mailbox).await.iter().map(|row| row.size).collect();
    assert!(sizes[1] < 2_000 && sizes[2] > 2_800_000, "{sizes:?}");
    assert_eq!(
        app.mailbox_row(mailbox).await.last_error,
        None,
        "the line was cut and opened again, without a fuss"
    );
}

/// Row 14, and 8: the mailbox goes on behind a mail that nobody can have, and the mail is not passed over in silence.
#[tokio::test(flavor = "multi_thread")]
async fn mails_that_cannot_be_had_become_notices_and_hold_up_nobody() {
    let app = house().await;
    let mut all = Vec::new();
    for (name, damage) in [
        ("incomprensibile", Damage::Garbage),
        ("rifiutata", Damage::Refused),
        ("taciuta", Damage::Silence),
        ("gigante", Damage::Announces(1 << 30)),
        ("vuota", Damage::Nil),
    ] {
        let one = watched(&app, name, 5).await;
        for uid in [2, 3] {
            one.server.damage(uid, damage);
        }
        all.push(one);
    }
    let porter = app.porter();
    let last = async || {
        let counted = app.counted().await;
        all.iter().all(|one| counted.contains_key(&format!("{} 4", one.name)))
    };
    until_within(LONG, last, || "what is behind the damaged mails".to_owned()).await;
    porter.stop().await;
    for one in &all {
        let ledger = app.rows_of(one.mailbox).await;
        let outcomes: Vec<_> = ledger.iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, [Some(Outcome::Opened); 5], "{}: each of them is seen by somebody", one.name);
    }
    assert_eq!(app.all_orders().await.len(), 25);
}

/// Row 22: that the server was not told has nothing to do with what has come in.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_fails_brings_nothing_in_again() {
    let app = house().await;
    let server = HostileImap::start().await;
    for number in 0..5 {
        server.deliver(&mail(&format!("lettera {number}")));
    }
    for whim in [Whim::No("UID MOVE"), Whim::No("CREATE"), Whim::Bad("UID MOVE"), Whim::Bad("UID MOVE")] {
        server.play(whim);
    }
    let set = |form: &mut Form| (form.after, form.after_folder) = (After::Move, "Fatti".to_owned());
    app.watch_hostile(&server, "reclami", set).await;
    let porter = app.porter();
    until(async || server.mails().is_empty(), || "the move".to_owned()).await;
    porter.stop().await;
    assert_eq!(server.waiting(), []);
    assert_eq!(app.subjects().await, ["lettera 0", "lettera 1", "lettera 2", "lettera 3", "lettera 4"]);
    let moved: Vec<(String, u32)> =
        server.elsewhere().into_iter().map(|(folder, mail)| (folder, mail.uid)).collect();
    assert_eq!(moved, (1..=5).map(|uid| ("Fatti".to_owned(), uid)).collect::<Vec<_>>());
}

/// Rows 5, 6: what somebody has read in Outlook, or marked there, comes as well.
#[tokio::test(flavor = "multi_thread")]
async fn mail_that_somebody_has_read_or_marked_is_brought_like_any_other() {
    let app = house().await;
    let server = HostileImap::start().await;
    for (number, flag) in
        [(0, "\\Seen"), (1, "\\Flagged"), (2, "$Riscontro"), (3, "\\Deleted"), (4, "\\Answered")]
    {
        let uid = server.deliver(&mail(&format!("lettera {number}")));
        server.mark(uid, flag);
    }
    app.watch_hostile(&server, "reclami", |form| form.after = After::Flag).await;
    let porter = app.porter();
    app.wait_for_orders(5).await;
    until(
        async || server.mails().iter().all(|mail| mail.flags.contains("$Riscontro")),
        || "the marks".to_owned(),
    )
    .await;
    porter.stop().await;
    assert!(
        server.mails().iter().all(|mail| mail.flags.contains("\\Seen") == (mail.uid == 1)),
        "not ours to set"
    );
}

/// Row 3: whoever tries settings out has not said yet that they are right.
#[tokio::test(flavor = "multi_thread")]
async fn trying_the_settings_of_a_mailbox_changes_nothing_on_the_server() {
    let app = house().await;
    let server = HostileImap::start().await;
    for number in 0..105 {
        server.deliver(&mail(&format!("lettera {number}")));
    }
    let set = |form: &mut Form| {
        (form.after, form.after_folder, form.paused) = (After::Move, "Fatti".to_owned(), true);
    };
    let mailbox = app.watch_hostile(&server, "reclami", set).await;
    let before = server.mails();
    let trial = app.app.try_mailbox(&app.mailbox_row(mailbox).await).await;
    assert!(trial.incoming.as_ref().is_ok_and(|told| told.contains("105")), "{trial:?}");
    assert_eq!(server.mails(), before);
    let verbs: Vec<String> =
        server.heard().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(verbs, ["LOGIN", "CAPABILITY", "SELECT", "LOGOUT"]);
    assert!(app.rows_of(mailbox).await.is_empty());
}
