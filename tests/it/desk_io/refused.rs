//! What must not leave is refused, field by field, and not only advised against.

use chrono::Duration;
use riscontro::stand_in::ready;

use super::new::{NEW, TEXT, fields, house, post, says, written};
use crate::support::letter::letter;

#[tokio::test]
async fn a_notification_that_asks_for_money_says_how_much_and_for_which_notice() {
    let (app, io, mut giulia) = house().await;
    app.mail_in(letter("Anna <anna@libero.example>", "Rettifica della bolletta").raw()).await;
    for text in ["payment", "overdue"] {
        let ready = giulia.get(&format!("{NEW}?work_order=2026-000001&text={text}")).await;
        let subject = ready.field("subject");
        let body = format!("Puoi pagarlo da questo messaggio. {TEXT}");
        let changed = [("subject", &*subject), ("body", &*body), ("work_order", "2026-000001")];
        let typed = fields(&mut giulia, &io, &changed).await;
        let page = post(&mut giulia, NEW, &typed).await;
        assert_eq!(page.status, 422, "{text}");
        says(&page, &["scrivi l'importo dell'avviso", "scrivi il numero dell'avviso pagoPA"]);
        let paid = [&changed[..], &[("amount", "84,50"), ("notice_number", "302000000000000017")]].concat();
        written(&mut giulia, &io, &paid).await;
    }
}

#[tokio::test]
async fn what_io_refuses_and_the_rules_forbid_does_not_leave() {
    let (_app, io, mut giulia) = house().await;
    let payment = ("notice_number", "302000000000000017");
    for (changed, words) in [
        // The service may ask for 10,000 euro.
        (vec![("amount", "10.000,01"), payment], "al massimo 10.000,00 €"),
        (vec![("subject", "Avviso per VRDNNA80A41A000P")], "niente dati personali"),
        (vec![("subject", "Avviso per VRDNNA80A41A000X")], "schermo bloccato: non metterci"),
        (vec![("subject", "Scrivi ad anna@libero.example")], "schermo bloccato: non metterci"),
        (vec![("subject", "Chiama il 333 123 4567")], "schermo bloccato: non metterci"),
        (vec![("subject", "Rimborso IT60X0542811101000000123456")], "schermo bloccato: non metterci"),
        (vec![("due_date", "01/03/2026")], "La scadenza è già passata"),
    ] {
        let typed = fields(&mut giulia, &io, &changed).await;
        let page = post(&mut giulia, NEW, &typed).await;
        assert_eq!(page.status, 422, "{changed:?}");
        says(&page, &["Controlla i dati", words]);
        let preview = fields(&mut giulia, &io, &[&changed[..], &[("act", "preview")]].concat()).await;
        says(&post(&mut giulia, NEW, &preview).await, &["Così non parte"]);
    }
    // By the day of Rome: today is not over yet.
    written(&mut giulia, &io, &[("due_date", "02/03/2026")]).await;
    written(&mut giulia, &io, &[("amount", "10.000,00"), payment]).await;
}

#[tokio::test]
async fn what_is_wrong_is_listed_from_top_to_bottom() {
    let (_app, io, mut giulia) = house().await;
    let wrong =
        [("service", ""), ("recipient", ""), ("subject", "Ticket"), ("body", "Breve"), ("amount", "x")];
    let typed = fields(&mut giulia, &io, &wrong).await;
    let page = post(&mut giulia, NEW, &typed).await;
    let summary =
        page.body.split("Controlla i dati").nth(1).unwrap().split("</ul>").next().unwrap().to_owned();
    let order: Vec<_> =
        summary.split("href=\"#").skip(1).map(|link| link.split('"').next().unwrap()).collect();
    assert_eq!(order, ["service", "recipient", "subject", "body", "amount", "notice_number"]);
}

#[tokio::test]
async fn a_correction_goes_to_whom_the_wrong_words_went_and_stands_in_the_same_thread() {
    let (app, io, mut giulia) = house().await;
    app.mail_in(letter("nessuno@libero.example", "Ritiro").raw()).await;
    let about = [("subject", "Il ritiro è giovedì"), ("work_order", "2026-000001")];
    let path = written(&mut giulia, &io, &about).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    let id = path.rsplit('/').next().unwrap();
    let form = giulia.get(&format!("{NEW}?corrects={id}")).await;
    assert_eq!(form.field("work_order"), "2026-000001");
    let changed =
        [("corrects", id), ("subject", "Errata corrige: Il ritiro è giovedì"), ("work_order", "2026-000001")];
    let other = fields(&mut giulia, &io, &[&changed[..], &[("recipient", ready::ON_GERMAN)]].concat()).await;
    let page = post(&mut giulia, NEW, &other).await;
    assert_eq!(page.status, 422);
    says(&page, &["L'errata corrige va a chi ha ricevuto il messaggio sbagliato: VRDNNA80A41A000P"]);
    written(&mut giulia, &io, &changed).await;
    says(&giulia.get("/desk/work-orders/2026-000001").await, &["Errata corrige: Il ritiro è giovedì"]);
}

#[tokio::test]
async fn nobody_types_the_mark_of_somebody_elses_page() {
    let (_app, io, mut giulia) = house().await;
    for link in ["https://link-personale.invalid/", "[link personale]"] {
        let button = [("button_1_text", "Vai"), ("button_1_link", link)];
        let typed = fields(&mut giulia, &io, &button).await;
        let page = post(&mut giulia, NEW, &typed).await;
        assert_eq!(page.status, 422, "{link}");
        says(&page, &["La pagina personale si apre solo dagli aggiornamenti"]);
    }
    let body = format!("{TEXT} https://link-personale.invalid/");
    let typed = fields(&mut giulia, &io, &[("body", &body)]).await;
    assert_eq!(post(&mut giulia, NEW, &typed).await.status, 422);
}

#[tokio::test]
async fn a_link_in_the_text_opens_what_the_app_can_open() {
    let (_app, io, mut giulia) = house().await;
    for link in [
        "[qui](javascript:alert(1))",
        "[qui](java&#115;cript:alert(1))",
        "[qui](JavaScript:alert(1))",
        "[qui]( vbscript:x )",
        "[qui](data:text/html;base64,PHNjcmlwdD4=)",
        "[qui](iohandledlink://javascript:alert(1))",
        "[qui](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "[qui][1]\n\n[1]: javascript:alert(1)",
    ] {
        let body = format!("{TEXT} {link}");
        for (act, status) in [("send", 422), ("preview", 200)] {
            let typed = fields(&mut giulia, &io, &[("body", &*body), ("act", act)]).await;
            let page = post(&mut giulia, NEW, &typed).await;
            assert_eq!(page.status, status, "{act} {link}");
            says(&page, &["Un collegamento del testo apre", "https://"]);
        }
    }
    let links =
        ["https://a.example/x", "http://a.example", "mailto:a@b.example", "tel:+39030", "ioit://profile"];
    for link in links.into_iter().chain(["iohandledlink://https://a.example", "pagina", "#sotto"]) {
        written(&mut giulia, &io, &[("body", &format!("{TEXT} [qui]({link})"))]).await;
    }
    written(
        &mut giulia,
        &io,
        &[("body", &format!("{TEXT} Nota: javascript:alert(1) non è un collegamento"))],
    )
    .await;
}

#[tokio::test]
async fn a_code_with_a_wrong_last_letter_is_asked_about_once() {
    let (app, io, mut giulia) = house().await;
    let (slip, other) = ("VRDNNA80A41A000Q", "VRDNNA80A41A000R");
    let typed = fields(&mut giulia, &io, &[("recipient", "vrdnna80a41a000q")]).await;
    let asked = post(&mut giulia, NEW, &typed).await;
    assert_eq!(asked.status, 422);
    says(&asked, &["L'ultima lettera del codice fiscale non corrisponde", "Il codice è giusto così"]);
    assert_eq!(asked.field("sure"), slip);
    written(&mut giulia, &io, &[("recipient", slip), ("sure", slip)]).await;
    let typed = fields(&mut giulia, &io, &[("recipient", other), ("sure", slip)]).await;
    assert_eq!(post(&mut giulia, NEW, &typed).await.status, 422, "it was said of another code");

    let typed = fields(&mut giulia, &io, &[("recipient", slip), ("act", "save")]).await;
    let path = post(&mut giulia, NEW, &typed).await.location.unwrap();
    let path = path.split('?').next().unwrap();
    let asked = super::drafts::sent(&mut giulia, path).await;
    assert_eq!(asked.status, 422);
    says(&asked, &["Modifica la notifica", "Il codice è giusto così"]);
    let version = asked.field("version");
    let sure = [("recipient", slip), ("sure", slip), ("version", &*version)];
    let typed = fields(&mut giulia, &io, &sure).await;
    assert_eq!(post(&mut giulia, &format!("{path}/edit"), &typed).await.status, 303);

    super::stands_in_the_register(&app, other).await;
    written(&mut giulia, &io, &[("recipient", other)]).await;
}
