//! The archive is searched by the beginning of a code, by a number, by words of the title; what cannot be a filter is told.

use chrono::Duration;
use entity::io_message::{Model, State};
use riscontro::{stand_in::ready, store};
use uuid::Uuid;

use super::new::{house, says, written};
use crate::support::{app::TestApp, browser::Browser, letter::letter};

const HERE: &str = "/desk/io";

async fn titles(desk: &mut Browser, question: &str) -> Vec<String> {
    let page = desk.get(&format!("{HERE}?{question}")).await;
    assert_eq!(page.status, 200, "{question}");
    let rows = page.body.split("class=\"records__title\">").skip(1);
    rows.map(|row| row.split('<').next().unwrap().trim().to_owned()).collect()
}

#[tokio::test]
async fn a_notification_is_found_by_what_one_remembers_of_it() {
    let (app, io, mut giulia) = house().await;
    app.mail_in(letter("nessuno@libero.example", "Cassonetto rotto").raw()).await;
    written(
        &mut giulia,
        &io,
        &[("subject", "Il RITIRO è giovedì: 100% carta"), ("work_order", "2026-000001")],
    )
    .await;
    app.pass(Duration::milliseconds(2));
    written(&mut giulia, &io, &[("subject", "Il ritiro è sospeso"), ("recipient", ready::ON_GERMAN)]).await;
    let (first, second) = ("Il RITIRO è giovedì: 100% carta", "Il ritiro è sospeso");
    for (question, expected) in [
        ("recipient=vrd", vec![first]),
        ("recipient=MRAJNS88", vec![second]),
        ("recipient=V%25", vec![]),
        ("work_order=2026/1", vec![first]),
        ("title=ritiro", vec![second, first]),
        ("title=GIOVED%C3%8C+ritiro", vec![first]),
        ("title=100%25", vec![first]),
        ("title=__", vec![]),
        ("title=ritiro&recipient=mra&state=queued", vec![second]),
    ] {
        assert_eq!(titles(&mut giulia, question).await, expected, "{question}");
    }
    let page = giulia.get(&format!("{HERE}?title=ritiro&recipient=mra")).await;
    assert_eq!(page.links("export.xlsx"), [format!("{HERE}/export.xlsx?recipient=MRA&title=ritiro")]);
    assert!(!page.words().contains("Cercato tra"), "all of them were searched");
}

#[tokio::test]
async fn a_filter_that_is_none_is_told() {
    let (_app, io, mut giulia) = house().await;
    written(&mut giulia, &io, &[]).await;
    for (question, words) in [
        ("service=x", "Servizio: non è tra quelli dell’ente"),
        ("service=00000000-0000-0000-0000-000000000000", "Servizio: non è tra quelli dell’ente"),
        ("state=spedita", "Stato: non esiste"),
        ("from=ieri", "Dal: non è un giorno"),
        ("to=9999-01-01", "Fino al: non è un giorno"),
        ("from=2026-03-05&to=2026-03-01", "Dal: viene dopo"),
        ("recipient=VRDNNA80A41A000PX", "Codice fiscale: si cerca intero o dall’inizio"),
        ("work_order=boh", "Ordine di lavoro: non c’è con questo numero"),
        ("work_order=2026/000077", "Ordine di lavoro: non c’è con questo numero"),
        ("after=boh", "Pagina: non esiste"),
    ] {
        says(&giulia.get(&format!("{HERE}?{question}")).await, &["Questo filtro non è valido", words]);
    }
    let page = giulia.get(&format!("{HERE}?service={}&state=queued&from=2026-03-02", io.service)).await;
    assert!(!page.words().contains("non è valido"), "{}", page.words());
}

/// Copies of a notification, written a millisecond apart.
async fn many(app: &TestApp, path: &str, count: usize) {
    let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    let row = store::io_message::by_id(&app.app.desk.db.read, app.organisation(), id).await.unwrap().unwrap();
    let copies = (1..=count).map(|n| Model {
        id: store::io_message::id_at(app.now() + Duration::milliseconds(i64::try_from(n).unwrap())),
        once: None,
        state: State::Processed,
        next_at: None,
        ..row.clone()
    });
    let copies: Vec<_> = copies.collect();
    let tx = app.app.desk.db.begin().await.unwrap();
    for some in copies.chunks(500) {
        store::io_message::insert(&tx, some.to_vec()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_export_says_when_there_is_more() {
    let (app, io, mut giulia) = house().await;
    let path = written(&mut giulia, &io, &[]).await;
    many(&app, &path, 9_999).await;
    says(&giulia.get(HERE).await, &["fino a 10.000 notifiche: le più recenti"]);
    let cut = |bytes: &[u8]| {
        super::archive::sheet(bytes).map(|sheet| sheet.contains("Sono le 10.000 notifiche più recenti"))
    };
    let full = giulia.get(&format!("{HERE}/export.xlsx")).await;
    assert!(!cut(&full.bytes).unwrap_or(false), "all of them");
    app.pass(Duration::minutes(1));
    many(&app, &path, 1).await;
    let more = giulia.get(&format!("{HERE}/export.xlsx")).await;
    assert!(cut(&more.bytes).unwrap_or(true), "one is left out");
}
