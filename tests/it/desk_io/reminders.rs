//! A deadline is said again some days before, if the first was heard.

use chrono::Duration;
use entity::io_message::ActiveModel;
use riscontro::{
    stand_in::{Door, Fault, Group, Message, NEW_INSTITUTION, ready},
    store,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::new::{NEW, fields, house, post, says, written};
use crate::support::{app::TestApp, browser::Browser, io::Io};

/// A notice that is due on Friday 6 March, reminded of two days before: on Wednesday at ten.
const DUE: &[(&str, &str)] = &[
    ("due_date", "06/03/2026"),
    ("remind_days", "2"),
    ("subject", "TARI: avviso di pagamento"),
    ("amount", "84,50"),
    ("notice_number", "302000000000000017"),
];

async fn reminded(desk: &mut Browser, io: &Io, changed: &[(&'static str, &str)]) -> String {
    let other = |name: &str| changed.iter().any(|(changed, _)| *changed == name);
    let rest: Vec<_> = DUE.iter().copied().filter(|(name, _)| !other(name)).collect();
    written(desk, io, &[&rest, changed].concat()).await
}

/// From Monday at nine to a minute before Wednesday at ten; the first has had its time.
async fn wednesday(app: &TestApp, io: &Io) {
    app.io_passes(io, Duration::seconds(10)).await;
    app.io_passes(io, Duration::seconds(10)).await;
    app.io_passes(io, Duration::hours(49) - Duration::seconds(80)).await;
}

#[tokio::test]
async fn a_reminder_comes_at_ten_some_days_before() {
    let (app, io, mut giulia) = house().await;
    let path = reminded(&mut giulia, &io, &[]).await;
    says(&giulia.get(&path).await, &["Promemoria: TARI: avviso di pagamento", "parte il 04/03/2026 10:00"]);
    wednesday(&app, &io).await;
    assert_eq!(io.stand_in.messages().len(), 1);
    app.io_passes(&io, Duration::minutes(1)).await;
    let messages = io.stand_in.messages();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1].content["subject"], "Promemoria: TARI: avviso di pagamento");
    let text = messages[1].content["markdown"].as_str().unwrap();
    assert!(text.starts_with("Ti ricordiamo la scadenza del 06/03/2026."), "{text}");
    assert_eq!(messages[1].content["due_date"], messages[0].content["due_date"]);
    assert_eq!(messages[1].content["payment_data"]["amount"], 8450, "it asks for money, too");
}

#[tokio::test]
async fn nobody_is_reminded_of_what_they_never_heard() {
    let (app, io, mut giulia) = house().await;
    for code in [ready::ABSENT, ready::OFF, ready::FAILING] {
        reminded(&mut giulia, &io, &[("recipient", code)]).await;
    }
    let back = reminded(&mut giulia, &io, &[]).await;
    giulia.post(&format!("{back}/take-back"), &[]).await;
    wednesday(&app, &io).await;
    let before = io.stand_in.calls().len();
    app.io_passes(&io, Duration::hours(1)).await;
    assert_eq!(io.stand_in.calls().len(), before, "IO is not even asked");

    let page = giulia.get(&back).await;
    let reminder = page
        .links("/desk/io/messages/")
        .into_iter()
        .find(|link| link.rsplit('/').next() != back.rsplit('/').next() && !link.ends_with("/edit"));
    let reminder = reminder.unwrap();
    let called_off = giulia.get(&reminder).await;
    says(&called_off, &["Bozza", "Promemoria annullato. La notifica che ricorda è stata ritirata."]);
    assert!(!called_off.body.contains("/edit"), "a reminder says what its first says");
    let ordered = giulia.post(&format!("{reminder}/send"), &[]).await;
    assert_eq!(ordered.status, 422);
    says(&ordered, &["La notifica che ricorda è stata ritirata"]);
}

#[tokio::test]
async fn nobody_is_reminded_of_what_is_paid_or_was_wrong() {
    let (app, io, mut giulia) = house().await;
    let [paid, wrong] = [reminded(&mut giulia, &io, &[]).await, reminded(&mut giulia, &io, &[]).await];
    wednesday(&app, &io).await;
    let id: Uuid = paid.rsplit('/').next().unwrap().parse().unwrap();
    let row = store::io_message::by_id(&app.app.desk.db.read, app.organisation(), id).await.unwrap().unwrap();
    let tx = app.app.desk.db.begin().await.unwrap();
    let known = ActiveModel { payment_state: Set(Some("paid".to_owned())), ..Default::default() };
    assert!(store::io_message::change(&tx, (app.organisation(), id), &[row.state], known).await.unwrap());
    tx.commit().await.unwrap();
    let correction = wrong.rsplit('/').next().unwrap().to_owned();
    written(&mut giulia, &io, &[("corrects", &correction), ("subject", "Errata corrige: TARI")]).await;
    app.io_passes(&io, Duration::hours(1)).await;
    let titles: Vec<_> =
        io.stand_in.messages().into_iter().map(|message| message.content["subject"].clone()).collect();
    assert_eq!(titles, ["TARI: avviso di pagamento", "TARI: avviso di pagamento", "Errata corrige: TARI"]);
}

#[tokio::test]
async fn a_first_that_came_when_it_was_sent_again_is_reminded_of() {
    let (app, io, mut giulia) = house().await;
    let path = reminded(&mut giulia, &io, &[("recipient", ready::ABSENT)]).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    io.stand_in.citizen(ready::ABSENT, riscontro::stand_in::Citizen::default());
    assert_eq!(giulia.post(&format!("{path}/repeat"), &[]).await.status, 303);
    wednesday(&app, &io).await;
    app.io_passes(&io, Duration::hours(1)).await;
    assert_eq!(io.stand_in.messages().len(), 2, "the repetition and the reminder");
}

#[tokio::test]
async fn nobody_is_reminded_of_a_deadline_that_is_over() {
    let (app, io, mut giulia) = house().await;
    reminded(&mut giulia, &io, &[]).await;
    wednesday(&app, &io).await;
    io.stand_in.plan(Door::Any, usize::MAX, Fault::Gateway(401));
    app.io_passes(&io, Duration::hours(1)).await;
    io.stand_in.forget_plans();
    app.io_passes(&io, Duration::days(3)).await;
    app.io_passes(&io, Duration::hours(1)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
}

/// An account that IO tells what was paid, and a service whose messages it tells it of.
async fn premium(app: &TestApp, io: &Io) {
    let more = [Group::ApiMessageReadAdvanced, Group::ApiMessageWriteAdvanced];
    let groups = [NEW_INSTITUTION.as_slice(), &more].concat();
    assert!(io.stand_in.groups(ready::INSTITUTION, &groups));
    app.io_passes(io, Duration::seconds(10)).await;
    for message in io.stand_in.messages() {
        io.stand_in.change_message(&message.id, |message| message.advanced = true);
    }
}

#[tokio::test]
async fn where_io_tells_what_was_paid_it_is_asked_before_the_reminder() {
    let (app, io, mut giulia) = house().await;
    let paid = reminded(&mut giulia, &io, &[("subject", "TARI: primo avviso")]).await;
    let unpaid = reminded(&mut giulia, &io, &[]).await;
    premium(&app, &io).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    says(&giulia.get(&paid).await, &["Consegnata", "non risulta pagato"]);
    app.io_passes(&io, Duration::hours(49) - Duration::seconds(80)).await;
    let is_first = |message: &Message| message.content["subject"] == "TARI: primo avviso";
    let first = io.stand_in.messages().into_iter().find(is_first).unwrap();
    io.stand_in.change_message(&first.id, |message| message.paid = true);
    app.io_passes(&io, Duration::minutes(1)).await;
    assert_eq!(io.stand_in.messages().len(), 3, "one reminder");
    let [paid, unpaid] = [giulia.get(&paid).await, giulia.get(&unpaid).await];
    assert!(!paid.body.contains("non risulta pagato") && unpaid.body.contains("non risulta pagato"));
}

#[tokio::test]
async fn where_io_tells_what_was_read_it_is_asked_again_at_night() {
    let (app, io, mut giulia) = house().await;
    let path = written(&mut giulia, &io, &[]).await;
    premium(&app, &io).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    says(&giulia.get(&path).await, &["Consegnata", "non ancora letta"]);
    let calls = io.stand_in.calls().len();
    app.io_passes(&io, Duration::hours(12)).await;
    assert_eq!(io.stand_in.calls().len(), calls, "not by day");
    let id = io.stand_in.messages().remove(0).id;
    io.stand_in.change_message(&id, |message| message.read = true);
    for _ in 0..12 {
        app.io_passes(&io, Duration::hours(1)).await;
    }
    let page = giulia.get(&path).await;
    says(&page, &["Consegnata", "letta"]);
    assert!(!page.body.contains("non ancora letta"));
    let calls = io.stand_in.calls().len();
    app.io_passes(&io, Duration::days(30)).await;
    assert_eq!(io.stand_in.calls().len(), calls, "nothing more to learn");
}

#[tokio::test]
async fn a_reminder_needs_a_deadline_that_leaves_time_for_it() {
    let (_app, io, mut giulia) = house().await;
    for (due, days, words) in [
        ("", "2", "Per il promemoria serve una scadenza"),
        ("06/03/2026", "5", "Quel giorno è già passato"),
        ("06/03/2026", "tre", "giorni da 1 a 30"),
        ("06/03/2026", "-1", "giorni da 1 a 30"),
    ] {
        let fields = fields(&mut giulia, &io, &[("due_date", due), ("remind_days", days)]).await;
        let page = post(&mut giulia, NEW, &fields).await;
        assert_eq!(page.status, 422, "{due} {days}");
        says(&page, &[words]);
    }
    // A draft that is written otherwise is reminded of otherwise.
    let path = reminded(&mut giulia, &io, &[]).await;
    giulia.post(&format!("{path}/take-back"), &[]).await;
    let form = giulia.get(&format!("{path}/edit")).await;
    assert_eq!(form.field("remind_days"), "2");
    let version = form.field("version");
    let changed = [("due_date", "10/03/2026"), ("remind_days", "1"), ("version", &*version)];
    let fields = fields(&mut giulia, &io, &changed).await;
    assert_eq!(post(&mut giulia, &format!("{path}/edit"), &fields).await.status, 303);
    let page = giulia.get(&path).await;
    says(&page, &["parte il 09/03/2026 10:00"]);
    assert!(!page.words().contains("04/03/2026"), "the old one is gone");
}

#[tokio::test]
async fn the_pages_say_that_the_reminder_of_a_mistake_will_not_leave() {
    let (app, io, mut giulia) = house().await;
    let path = reminded(&mut giulia, &io, &[]).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let links = giulia.get(&path).await.links("/desk/io/messages/");
    let reminder = links.into_iter().find(|link| !link.contains(&*id)).unwrap();
    for passed in [0, 10, 10] {
        app.io_passes(&io, Duration::seconds(passed)).await;
        says(&giulia.get(&path).await, &["parte il 04/03/2026 10:00"]);
        says(&giulia.get(&reminder).await, &["Parte il 04/03/2026 10:00"]);
    }
    let correction = [("corrects", &*id), ("subject", "Errata corrige: TARI")];
    let correction = written(&mut giulia, &io, &correction).await;
    for page in [&path, &reminder] {
        let page = giulia.get(page).await;
        says(&page, &["Non partirà. Quello che ricorda è stato corretto da un'altra notifica."]);
        assert!(!page.words().contains("04/03/2026 10:00"), "{}", page.words());
    }
    giulia.post(&format!("{correction}/take-back"), &[]).await;
    says(&giulia.get(&path).await, &["parte il 04/03/2026 10:00"]);
}
