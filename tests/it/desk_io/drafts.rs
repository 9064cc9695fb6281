//! A notification is kept for later, found again, written otherwise by one person at a time, sent.

use chrono::Duration;

use super::new::{NEW, fields, house, post, says, written};
use crate::support::{
    browser::{Browser, Page},
    io::Io,
    letter::letter,
};

/// Keeps a draft; gives where its page is.
async fn kept(desk: &mut Browser, io: &Io, changed: &[(&'static str, &str)]) -> String {
    let typed = fields(desk, io, &[changed, &[("act", "save")]].concat()).await;
    let made = post(desk, NEW, &typed).await;
    assert_eq!(made.status, 303, "{}", made.words());
    let location = made.location.unwrap();
    assert!(location.ends_with("?done=io_saved"), "{location}");
    location.split('?').next().unwrap().to_owned()
}

/// Presses "Invia" on the page of a draft as it stands.
pub async fn sent(desk: &mut Browser, path: &str) -> Page {
    let version = desk.get(path).await.field("version");
    desk.post(&format!("{path}/send"), &[("version", &*version)]).await
}

/// The form of a draft as it stands, some of it otherwise.
async fn reworked(
    desk: &mut Browser,
    io: &Io,
    form: &Page,
    path: &str,
    changed: &[(&'static str, &str)],
) -> Page {
    let version = form.field("version");
    let typed = fields(desk, io, &[changed, &[("version", &*version)]].concat()).await;
    post(desk, &format!("{path}/edit"), &typed).await
}

#[tokio::test]
async fn a_draft_may_lack_anything_and_tells_nobody() {
    let (app, io, mut giulia) = house().await;
    app.mail_in(letter("nessuno@libero.example", "Cassonetto rotto").raw()).await;
    let half = [
        ("recipient", ""),
        ("subject", "Giovedì"),
        ("body", ""),
        ("amount", "84,50"),
        ("due_date", "31/03/2026"),
        ("remind_days", "3"),
        ("work_order", "2026-000001"),
    ];
    let path = kept(&mut giulia, &io, &half).await;
    app.io_passes(&io, Duration::days(1)).await;
    assert_eq!(io.stand_in.calls().len(), 0);
    says(&giulia.get("/desk/io?state=draft").await, &["Giovedì", "Bozza", "non ancora scelto"]);
    assert!(
        !giulia.get("/desk/work-orders/2026-000001").await.words().contains("Giovedì"),
        "nobody was told"
    );
    let form = giulia.get(&format!("{path}/edit")).await;
    for (name, value) in &half[1..6] {
        assert_eq!(form.field(name), *value, "{name}");
    }
    says(&form, &["Riguarda l’ordine di lavoro 2026/000001"]);

    let unready = sent(&mut giulia, &path).await;
    assert_eq!(unready.status, 422, "not ready");
    says(
        &unready,
        &["Scrivi il codice fiscale", "Il titolo deve avere almeno 10", "numero dell'avviso pagoPA"],
    );
    let whole = [("subject", "Il ritiro è giovedì mattina")];
    assert_eq!(reworked(&mut giulia, &io, &form, &path, &whole).await.status, 303);
    says(&giulia.get("/desk/work-orders/2026-000001").await, &["Il ritiro è giovedì mattina"]);
    app.io_passes(&io, Duration::seconds(10)).await;
    assert_eq!(io.stand_in.messages().len(), 1);

    let unread = fields(&mut giulia, &io, &[("act", "save"), ("due_date", "domani"), ("service", "")]).await;
    let page = post(&mut giulia, NEW, &unread).await;
    assert_eq!(page.status, 422, "it would be lost");
    says(&page, &["Scrivi la scadenza come giorno", "Scegli un servizio"]);
}

#[tokio::test]
async fn a_draft_is_kept_once_sent_from_its_page_or_thrown_away() {
    let (app, io, mut giulia) = house().await;
    let mut typed = fields(&mut giulia, &io, &[("act", "save"), ("subject", "Una bozza tenuta")]).await;
    let first = post(&mut giulia, NEW, &typed).await;
    assert_eq!(post(&mut giulia, NEW, &typed).await.location, first.location, "pressed twice");
    typed.retain(|(name, _)| *name != "act");
    typed.push(("act", "send".to_owned()));
    assert_eq!(post(&mut giulia, NEW, &typed).await.status, 409, "from the browser's back button");
    let path = first.location.unwrap().split('?').next().unwrap().to_owned();
    says(&giulia.get(&path).await, &["Bozza", "Modifica", "Elimina la bozza", "Salvata come bozza."]);
    assert_eq!(sent(&mut giulia, &path).await.status, 303);
    app.io_passes(&io, Duration::seconds(10)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
    let other = kept(&mut giulia, &io, &[("due_date", "31/03/2026"), ("remind_days", "3")]).await;
    assert_eq!(giulia.post(&format!("{other}/delete"), &[]).await.status, 303);
    assert_eq!(giulia.get(&other).await.status, 404);
}

#[tokio::test]
async fn who_saves_second_over_a_draft_sees_what_was_changed_first() {
    let (app, io, mut giulia) = house().await;
    let mut marco = app.administrator().await;
    let path = kept(&mut giulia, &io, &[("subject", "Il ritiro è giovedì")]).await;
    let edit = format!("{path}/edit");
    let (hers, his) = (giulia.get(&edit).await, marco.get(&edit).await);
    let first = [("subject", "Il ritiro è venerdì"), ("act", "save")];
    assert_eq!(reworked(&mut giulia, &io, &hers, &path, &first).await.status, 303);
    for act in ["save", "send"] {
        let second = [("subject", "Il ritiro è sabato"), ("act", act)];
        let beaten = reworked(&mut marco, &io, &his, &path, &second).await;
        assert_eq!(beaten.status, 409, "{act}");
        says(&beaten, &["Intanto qualcun altro ha cambiato questa bozza", "Titolo Il ritiro è venerdì"]);
        assert_eq!(beaten.field("subject"), "Il ritiro è sabato", "nothing typed is lost");
        says(&giulia.get(&path).await, &["Il ritiro è venerdì"]);
        if act == "send" {
            assert_eq!(reworked(&mut marco, &io, &beaten, &path, &second).await.status, 303, "knowing it");
        }
    }
    app.io_passes(&io, Duration::seconds(10)).await;
    assert_eq!(io.stand_in.messages()[0].content["subject"], "Il ritiro è sabato");
    assert_eq!(reworked(&mut giulia, &io, &hers, &path, &first).await.status, 409, "it has left");
    let written = written(&mut giulia, &io, &[]).await;
    giulia.post(&format!("{written}/take-back"), &[]).await;
    let form = giulia.get(&format!("{written}/edit")).await;
    assert_eq!(reworked(&mut giulia, &io, &form, &written, &[("act", "save")]).await.status, 303);
    says(&giulia.get(&written).await, &["Bozza", "Modificata."]);
}

#[tokio::test]
async fn a_draft_is_not_sent_by_who_has_not_seen_what_it_says_now() {
    let (app, io, mut giulia) = house().await;
    let mut marco = app.administrator().await;
    let path = kept(&mut giulia, &io, &[("subject", "Il ritiro è giovedì")]).await;
    let hers = giulia.get(&path).await.field("version");
    let form = marco.get(&format!("{path}/edit")).await;
    let changed = [("subject", "Il ritiro è venerdì"), ("act", "save")];
    assert_eq!(reworked(&mut marco, &io, &form, &path, &changed).await.status, 303);
    let send = format!("{path}/send");
    for seen in [&[("version", &*hers)][..], &[]] {
        let unseen = giulia.post(&send, seen).await;
        assert_eq!(unseen.status, 409);
        says(&unseen, &["Qualcuno ha cambiato questa bozza: rileggila", "Il ritiro è venerdì"]);
    }
    app.io_passes(&io, Duration::minutes(1)).await;
    assert_eq!(io.stand_in.messages().len(), 0);
    let unseen = giulia.post(&send, &[("version", &*hers)]).await;
    assert_eq!(giulia.post(&send, &[("version", &*unseen.field("version"))]).await.status, 303, "knowing it");
    assert_eq!(giulia.post(&send, &[("version", &*hers)]).await.status, 409, "it is no draft any more");
}

#[tokio::test]
async fn nothing_of_a_long_text_is_lost_without_a_word() {
    let (_app, io, mut giulia) = house().await;
    let long = "a".repeat(25_000);
    for (act, words) in [
        ("save", "La bozza tiene al massimo 20.000 caratteri: 5000 di troppo."),
        ("send", "al massimo 10.000 caratteri: 15000 di troppo"),
        ("preview", "15000 caratteri di troppo"),
    ] {
        let typed = fields(&mut giulia, &io, &[("body", &*long), ("act", act)]).await;
        let page = post(&mut giulia, NEW, &typed).await;
        assert_eq!(page.status, if act == "preview" { 200 } else { 422 }, "{act}");
        says(&page, &[words]);
        assert!(page.body.contains(&long), "{act}: it stands there as it was typed");
    }
    says(&giulia.get("/desk/io").await, &["Nessuna notifica"]);
    let path = kept(&mut giulia, &io, &[("body", &long[..20_000])]).await;
    assert!(giulia.get(&format!("{path}/edit")).await.body.contains(&long[..20_000]), "all of it");
}
