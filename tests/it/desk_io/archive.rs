//! The archive: what was sent to whom, what became of it, and what can be done about it.

use std::process::Command;

use chrono::Duration;
use riscontro::stand_in::{Door, Fault, ready};
use uuid::Uuid;

use super::new::{NEW, TEXT, fields, house, post, says, written};
use crate::support::{app::TestApp, browser::Browser, io::Io, letter::letter, skip_without};

const HERE: &str = "/desk/io";

/// Titles of the rows that an address lists.
async fn listed(desk: &mut Browser, question: &str) -> Vec<String> {
    let page = desk.get(&format!("{HERE}?{question}")).await;
    assert_eq!(page.status, 200, "{question}");
    let rows = page.body.split("class=\"records__title\">").skip(1);
    rows.map(|row| row.split('<').next().unwrap().trim().to_owned()).collect()
}

/// One of each fate, a minute apart; each title names it.
async fn one_of_each(app: &TestApp, io: &Io, desk: &mut Browser) {
    for (code, title) in [
        (ready::ON, "Una che arriva"),
        (ready::OFF, "Una per chi non la vuole"),
        (ready::ABSENT, "Una per chi non c'è"),
        (ready::FAILING, "Una che non riesce"),
    ] {
        written(desk, io, &[("recipient", code), ("subject", title)]).await;
        app.io_passes(io, Duration::seconds(30)).await;
        app.io_passes(io, Duration::seconds(30)).await;
    }
}

#[tokio::test]
async fn every_fate_is_said_in_words() {
    let (app, io, mut giulia) = house().await;
    one_of_each(&app, &io, &mut giulia).await;
    let page = giulia.get(HERE).await;
    says(
        &page,
        &["Una che arriva", "Consegnata", "Servizio disattivato", "Non è su IO", "Non riuscita", "VRDNNA••"],
    );
    assert!(!page.body.contains(ready::ON), "the list shows no whole code");
    for (state, title) in [
        ("processed", "Una che arriva"),
        ("service_off", "Una per chi non la vuole"),
        ("not_on_io", "Una per chi non c&#39;è"),
        ("failed", "Una che non riesce"),
    ] {
        assert_eq!(listed(&mut giulia, &format!("state={state}")).await, [title]);
    }
}

#[tokio::test]
async fn the_archive_is_filtered_by_service_period_person_and_work_order() {
    let (app, io, mut giulia) = house().await;
    app.mail_in(letter("nessuno@libero.example", "Cassonetto rotto").raw()).await;
    let second = app.io_service("Raccolta rifiuti", |_| {}).await.to_string();
    written(&mut giulia, &io, &[("subject", "Lunedì mattina")]).await;
    app.io_passes(&io, Duration::hours(13)).await;
    written(&mut giulia, &io, &[("subject", "Lunedì sera"), ("service", &second)]).await;
    app.io_passes(&io, Duration::hours(2)).await;
    // Half an hour after midnight in Rome, before midnight in London.
    app.io_passes(&io, Duration::minutes(30)).await;
    let order =
        [("subject", "Martedì notte"), ("work_order", "2026-000001"), ("recipient", ready::ON_GERMAN)];
    written(&mut giulia, &io, &order).await;

    let all = ["Martedì notte", "Lunedì sera", "Lunedì mattina"];
    for (question, expected) in [
        (String::new(), &all[..]),
        (format!("service={second}"), &all[1..2]),
        ("from=2026-03-03".to_owned(), &all[..1]),
        ("to=2026-03-02".to_owned(), &all[1..]),
        ("from=2026-03-02&to=2026-03-02".to_owned(), &all[1..]),
        (format!("recipient=+{}", ready::ON_GERMAN.to_lowercase()), &all[..1]),
        ("work_order=2026/000001".to_owned(), &all[..1]),
        ("work_order=2026%2F000077".to_owned(), &[]),
        ("work_order=boh".to_owned(), &[]),
        (format!("service={second}&state=draft"), &[]),
        (format!("service={}", Uuid::nil()), &[]),
        ("service=%00&state=x&from=ieri&after=boh".to_owned(), &all[..]),
    ] {
        assert_eq!(listed(&mut giulia, &question).await, expected, "{question}");
    }
    let page = giulia.get(&format!("{HERE}?recipient={}&to=2026-03-31", ready::ON_GERMAN)).await;
    says(&page, &["Destinatario: MRAJNS88C03A000U", "Fino al 31/03/2026"]);
    let export = page.links("export.xlsx");
    assert_eq!(export, [format!("{HERE}/export.xlsx?to=2026-03-31&recipient={}", ready::ON_GERMAN)]);
}

#[tokio::test]
async fn pages_of_the_archive_keep_its_filters() {
    let (app, io, mut giulia) = house().await;
    for n in 0..52 {
        let subject = format!("Notifica numero {n:02}");
        written(&mut giulia, &io, &[("subject", &subject)]).await;
        app.pass(Duration::milliseconds(2));
    }
    let first = giulia.get(&format!("{HERE}?state=queued")).await;
    let next = first.links("after=").remove(0);
    assert!(next.contains("state=queued"), "{next}");
    assert_eq!(
        listed(&mut giulia, next.split_once('?').unwrap().1).await,
        ["Notifica numero 01", "Notifica numero 00"]
    );
    let last = giulia.get(&next).await;
    let back = last.links("before=").remove(0);
    assert_eq!(listed(&mut giulia, back.split_once('?').unwrap().1).await.len(), 50);
}

#[tokio::test]
async fn what_may_have_arrived_is_sent_again_only_by_somebody_who_knows_that() {
    let (app, io, mut giulia) = house().await;
    io.stand_in.plan(Door::Messages, 1, Fault::Drop);
    let path = written(&mut giulia, &io, &[]).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    app.io_passes(&io, Duration::days(1)).await;
    assert_eq!(io.stand_in.messages().len(), 1, "it is not sent again by itself");
    says(
        &giulia.get(&path).await,
        &["Esito incerto", "Non si sa se IO l’ha ricevuta", "So che potrebbe riceverla due volte"],
    );
    let repeat = format!("{path}/repeat");
    let refused = giulia.post(&repeat, &[]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Conferma di sapere"]);
    let again = giulia.post(&repeat, &[("knowing", "on")]).await;
    assert_eq!(again.status, 303);
    let twice = giulia.post(&repeat, &[("knowing", "on")]).await;
    assert_eq!((twice.status, &twice.location), (303, &again.location), "where the first press led");
    app.io_passes(&io, Duration::seconds(10)).await;
    assert_eq!(io.stand_in.messages().len(), 2);
    let page = giulia.get(again.location.unwrap().split('?').next().unwrap()).await;
    says(&page, &["Rimandata", "Viene dopo"]);
    let before = giulia.get(&path).await;
    says(&before, &["Seguita da", "Rimandata. 03/03/2026"]);
    assert!(!before.body.contains("/repeat"), "it was sent again already");
}

#[tokio::test]
async fn what_was_sent_is_corrected_by_another_one() {
    let (app, io, mut giulia) = house().await;
    let path = written(&mut giulia, &io, &[("subject", "Il ritiro è giovedì")]).await;
    let id = path.rsplit('/').next().unwrap();
    assert!(!giulia.get(&path).await.body.contains("corrects="), "it can still be taken back");
    app.io_passes(&io, Duration::seconds(10)).await;
    assert_eq!(giulia.get(&path).await.links("corrects="), [format!("{NEW}?corrects={id}")]);
    let form = giulia.get(&format!("{NEW}?corrects={id}")).await;
    assert_eq!(form.field("subject"), "Errata corrige: Il ritiro è giovedì");
    assert_eq!((form.field("recipient"), form.field("corrects")), (ready::ON.to_owned(), id.to_owned()));
    says(
        &form,
        &["Nel messaggio «Il ritiro è giovedì» del 02/03/2026 c'era un errore: (da scrivere)", "Ci scusiamo"],
    );

    let unfinished = format!("Il dato giusto è questo: (da scrivere). {TEXT}");
    let correction = [("corrects", id), ("subject", "Errata corrige: Il ritiro è giovedì")];
    let [corrects, title] = correction;
    let fields_now = fields(&mut giulia, &io, &[corrects, title, ("body", &unfinished)]).await;
    let page = post(&mut giulia, NEW, &fields_now).await;
    assert_eq!(page.status, 422);
    says(&page, &["Completa il testo"]);
    let finished = format!("Il ritiro è venerdì. {TEXT}");
    let new = written(&mut giulia, &io, &[corrects, title, ("body", &finished)]).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    says(&giulia.get(&new).await, &["Errata corrige", "Viene dopo", "Il ritiro è giovedì"]);
    says(&giulia.get(&path).await, &["Seguita da", "Errata corrige: Il ritiro è giovedì"]);
}

#[tokio::test]
async fn only_operators_of_the_organisation_come_in() {
    let (app, io, mut giulia) = house().await;
    app.mail_in(letter("nessuno@libero.example", "Cassonetto rotto").raw()).await;
    let path = written(&mut giulia, &io, &[]).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let mut stranger = app.stranger().await;
    assert!(stranger.get(HERE).await.words().contains("Nessuna notifica"));
    for page in ["", "/edit"] {
        assert_eq!(stranger.get(&format!("{path}{page}")).await.status, 404, "{page}");
    }
    assert_eq!(stranger.get(&format!("{NEW}?corrects={id}")).await.status, 404);
    assert_eq!(stranger.get(&format!("{NEW}?work_order=2026-000001")).await.status, 404);
    for act in ["take-back", "send", "delete", "repeat", "edit"] {
        assert_eq!(stranger.post(&format!("{path}/{act}"), &[]).await.status, 404, "{act}");
    }
    let mut fields = fields(&mut giulia, &io, &[]).await;
    fields[0].1 = Uuid::now_v7().to_string();
    let borrowed = post(&mut stranger, NEW, &fields).await;
    assert_eq!(borrowed.status, 422, "the service is not theirs");
    let mut nobody = app.browser();
    for page in [HERE, NEW, &path, "/desk/io/export.xlsx"] {
        let sent_away = nobody.get(page).await;
        assert!(sent_away.location.is_some_and(|to| to.starts_with("/desk/login")), "{page}");
    }
}

/// The first sheet of a spreadsheet, as its XML says it.
pub fn sheet(bytes: &[u8]) -> Option<String> {
    const READ: &str = "import io,sys,zipfile\nbook=zipfile.ZipFile(sys.argv[1])\nsys.stdout.buffer.write(book.read('xl/worksheets/sheet1.xml'))";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let Ok(read) = Command::new("python3").args(["-c", READ]).arg(file.path()).output() else {
        skip_without("python3");
        return None;
    };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    Some(String::from_utf8(read.stdout).unwrap())
}

#[tokio::test]
async fn what_the_filters_show_is_exported_and_can_be_sorted_and_summed() {
    let (app, io, mut giulia) = house().await;
    let formula = "=HYPERLINK(\"https://evil.example\")";
    let due = [
        ("due_date", "31/03/2026"),
        ("amount", "1.084,50"),
        ("notice_number", "002000000000000017"),
        ("invalid_after_due", "on"),
    ];
    written(&mut giulia, &io, &[&[("subject", formula)], &due[..]].concat()).await;
    written(&mut giulia, &io, &[("subject", "Per un'altra persona"), ("recipient", ready::ABSENT)]).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    let file = giulia.get(&format!("{HERE}/export.xlsx?recipient={}", ready::ON)).await;
    assert_eq!((file.status, &file.bytes[..2]), (200, &b"PK"[..]));
    let named = file.headers["content-disposition"].to_str().unwrap();
    assert_eq!(named, "attachment; filename=\"notifiche-io-2026-03-02.xlsx\"");
    let Some(sheet) = sheet(&file.bytes) else { return };
    for there in [
        "Codice fiscale",
        ready::ON,
        "002000000000000017",
        "=HYPERLINK",
        "Scritta da Giulia Ferrari",
        "solo entro la scadenza",
    ] {
        assert!(sheet.contains(&format!("{there}</t>")) || there == "=HYPERLINK", "{there}: {sheet}");
    }
    // Nine in the morning of 2 March, 31 March, an amount, one attempt.
    for number in ["46083.375", "46112", "1084.5", "1"] {
        assert!(sheet.contains(&format!("<v>{number}</v>")), "{number}: {sheet}");
    }
    assert!(sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(!sheet.contains("<f>") && !sheet.contains(ready::ABSENT), "{sheet}");
}
