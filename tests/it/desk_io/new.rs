//! An operator writes to one person on IO.

use chrono::Duration;
use riscontro::stand_in::ready;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    io::Io,
    letter::letter,
};

pub const NEW: &str = "/desk/io/new";
/// Nobody's markup.
const SCRIPT: &str = "<script>alert(1)</script>";

/// A text that IO takes and that reads well.
pub const TEXT: &str = "La tua segnalazione del 2 marzo è stata presa in carico: la squadra passa entro venerdì 6 marzo. \
    Segui tutto su https://ente.example/segui.";

const REGISTER: &str = "nome;codice utente;codice fiscale;indirizzo;email\n\
    Verdi Anna;UT-1;VRDNNA80A41A000P;via Solferino 12;anna@libero.example\n\
    Bar Centrale;UT-2;00743110157;via Roma 2;bar@libero.example\n\
    Conti Chiara;UT-3;;via Roma 4;chiara@libero.example\n";

/// The fields of a notification to Anna Verdi, some of them otherwise. The page gives the token.
pub async fn fields(
    desk: &mut Browser,
    io: &Io,
    changed: &[(&'static str, &str)],
) -> Vec<(&'static str, String)> {
    let form = desk.get(NEW).await;
    assert_eq!(form.status, 200, "{}", form.words());
    let mut fields = vec![
        ("token", form.field("token")),
        ("service", io.service.to_string()),
        ("recipient", ready::ON.to_owned()),
        ("subject", "La tua segnalazione è stata presa in carico".to_owned()),
        ("body", TEXT.to_owned()),
        ("act", "send".to_owned()),
    ];
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed.iter().map(|(name, value)| (*name, (*value).to_owned())));
    fields
}

/// A house in which an operator stays signed in for days, with IO beside it.
pub async fn house() -> (TestApp, Io, Browser) {
    let app = TestApp::start_with(|config| config.login.session_hours = 24 * 30).await;
    let (io, giulia) = (app.io().await, app.operator().await);
    (app, io, giulia)
}

pub async fn post(desk: &mut Browser, path: &str, fields: &[(&str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    desk.post(path, &fields).await
}

/// Writes a notification; gives where its page is.
pub async fn written(desk: &mut Browser, io: &Io, changed: &[(&'static str, &str)]) -> String {
    let fields = fields(desk, io, changed).await;
    let made = post(desk, NEW, &fields).await;
    assert_eq!(made.status, 303, "{}", made.words());
    let location = made.location.unwrap();
    assert!(location.ends_with("?done=io_written"), "{location}");
    location.split('?').next().unwrap().to_owned()
}

pub fn says(page: &Page, words: &[&str]) {
    let said = page.words().replace("&#39;", "'");
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[tokio::test]
async fn a_notification_leaves_when_the_time_to_take_it_back_is_over() {
    let (app, io, mut giulia) = house().await;
    let path = written(&mut giulia, &io, &[]).await;
    let page = giulia.get(&format!("{path}?done=io_written")).await;
    says(
        &page,
        &["Notifica in coda", "Parte tra 10 secondi", "Annulla l’invio", "IO non è ancora stata chiamata"],
    );

    app.io_passes(&io, Duration::seconds(9)).await;
    assert_eq!(io.stand_in.messages().len(), 0, "it can still be taken back");
    app.io_passes(&io, Duration::seconds(1)).await;
    let messages = io.stand_in.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].fiscal_code.as_str(), messages[0].secure), (ready::ON, false));
    assert_eq!(messages[0].content["subject"], "La tua segnalazione è stata presa in carico");
    assert_eq!(messages[0].content["markdown"], TEXT);
    says(
        &giulia.get(&path).await,
        &["Presa in carico da IO", &messages[0].id, "È su IO e riceve questo servizio"],
    );

    app.io_passes(&io, Duration::seconds(10)).await;
    let page = giulia.get(&path).await;
    says(&page, &["Consegnata", "È nella posta della persona", "Scrivi un’errata corrige", "Tentativi 1"]);
    assert!(!page.body.contains("/take-back"), "nothing can be taken back any more");
    let late = giulia.post(&format!("{path}/take-back"), &[]).await;
    assert_eq!(late.status, 409);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_beside_what_was_typed() {
    let (_app, io, mut giulia) = house().await;
    let fields = fields(
        &mut giulia,
        &io,
        &[
            ("service", ""),
            ("recipient", "00743110157"),
            ("subject", "Ticket 12"),
            ("body", ""),
            ("q", SCRIPT),
            ("due_date", "domani"),
            ("amount", "12.50"),
            ("notice_number", "123"),
            ("button_1_text", "Apri"),
            ("button_1_link", "http://ente.example"),
            ("remind_days", "31"),
        ],
    )
    .await;
    let page = post(&mut giulia, NEW, &fields).await;
    assert_eq!(page.status, 422);
    says(
        &page,
        &[
            "Controlla i dati",
            "Scegli un servizio",
            "IO raggiunge solo le persone",
            "almeno 10 caratteri: ne manca 1",
            "Scrivi il testo del messaggio",
            "Scrivi la scadenza come giorno",
            "con la virgola prima dei centesimi",
            "ha 18 cifre",
            "pulsante deve cominciare con https://",
            "giorni da 1 a 30",
        ],
    );
    assert_eq!(page.field("subject"), "Ticket 12");
    assert_eq!(page.field("amount"), "12.50");
    assert_eq!(page.field("button_1_link"), "http://ente.example");
    assert!(!page.body.contains(SCRIPT), "{}", page.body);
    assert!(giulia.get("/desk/io").await.words().contains("Nessuna notifica"));
}

#[tokio::test]
async fn a_button_pressed_twice_sends_once() {
    let (app, io, mut giulia) = house().await;
    let mut fields = fields(&mut giulia, &io, &[("remind_days", "3"), ("due_date", "31/03/2026")]).await;
    let first = post(&mut giulia, NEW, &fields).await;
    let second = post(&mut giulia, NEW, &fields).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location, second.location);
    fields.iter_mut().find(|(name, _)| *name == "subject").unwrap().1 = "Un altro titolo".to_owned();
    let other = post(&mut giulia, NEW, &fields).await;
    assert_eq!(other.status, 409);
    says(&other, &["già stato inviato con un altro testo"]);
    assert_eq!(other.field("subject"), "Un altro titolo");
    assert_ne!(other.field("token"), fields[0].1, "who means another one may send it");
    // The words are the same, the money is not.
    fields.iter_mut().find(|(name, _)| *name == "subject").unwrap().1 =
        "La tua segnalazione è stata presa in carico".to_owned();
    for (name, value) in [("amount", "84,50"), ("notice_number", "302000000000000017")] {
        fields.push((name, value.to_owned()));
    }
    assert_eq!(post(&mut giulia, NEW, &fields).await.status, 409);
    app.io_passes(&io, Duration::minutes(1)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
}

#[tokio::test]
async fn what_is_taken_back_in_time_does_not_leave_and_can_be_written_otherwise() {
    let (app, io, mut giulia) = house().await;
    app.mail_in(letter("nessuno@libero.example", "Cassonetto rotto").raw()).await;
    let path = written(&mut giulia, &io, &[("work_order", "2026-000001")]).await;
    let back = giulia.post(&format!("{path}/take-back"), &[]).await;
    assert_eq!(back.location.as_deref(), Some(&*format!("{path}?done=io_taken_back")));
    app.io_passes(&io, Duration::hours(1)).await;
    assert_eq!(io.stand_in.calls().len(), 0);
    says(&giulia.get(&path).await, &["Bozza", "Ritirata prima dell'invio. 02/03/2026 9:00 · Giulia Ferrari"]);

    let edit = format!("{path}/edit");
    let form = giulia.get(&edit).await;
    assert_eq!((form.field("recipient"), form.status), (ready::ON.to_owned(), 200));
    let version = form.field("version");
    let mut fields = fields(
        &mut giulia,
        &io,
        &[("subject", "Un titolo più chiaro"), ("body", "corto"), ("version", &version)],
    )
    .await;
    assert_eq!(post(&mut giulia, &edit, &fields).await.status, 422);
    fields.iter_mut().find(|(name, _)| *name == "body").unwrap().1 = format!("Riscritta. {TEXT}");
    assert_eq!(post(&mut giulia, &edit, &fields).await.status, 303);
    says(&giulia.get("/desk/work-orders/2026-000001").await, &["Un titolo più chiaro", "Riscritta."]);
    app.io_passes(&io, Duration::seconds(10)).await;
    assert_eq!(io.stand_in.messages()[0].content["subject"], "Un titolo più chiaro");
    assert_eq!(post(&mut giulia, &edit, &fields).await.status, 409, "it has left");

    let thrown =
        written(&mut giulia, &io, &[("work_order", "2026-000001"), ("subject", "Da buttare via")]).await;
    assert_eq!(giulia.post(&format!("{thrown}/delete"), &[]).await.status, 409, "no draft yet");
    giulia.post(&format!("{thrown}/take-back"), &[]).await;
    assert_eq!(giulia.post(&format!("{thrown}/delete"), &[]).await.status, 303);
    assert_eq!(giulia.get(&thrown).await.status, 404);
    let thread = giulia.get("/desk/work-orders/2026-000001").await;
    assert!(!thread.words().contains("Da buttare via"), "nobody was told");
    let again = written(&mut giulia, &io, &[]).await;
    giulia.post(&format!("{again}/take-back"), &[]).await;
    assert_eq!(super::drafts::sent(&mut giulia, &again).await.status, 303);
    app.io_passes(&io, Duration::seconds(10)).await;
    assert_eq!(io.stand_in.messages().len(), 2);
}

#[tokio::test]
async fn somebody_is_found_in_the_register_and_a_company_is_refused_in_words() {
    let (app, io, mut giulia) = house().await;
    app.register(REGISTER).await;
    let searched = |q: &'static str| [("q", q), ("act", "search"), ("subject", "Resta quello che c’era")];
    let fields = fields(&mut giulia, &io, &searched("verdi")).await;
    let page = post(&mut giulia, NEW, &fields).await;
    assert_eq!((page.status, page.field("subject").as_str()), (200, "Resta quello che c’era"));
    says(&page, &["Verdi Anna", ready::ON]);
    let anna = page.field("pick");
    let page = giulia.post(NEW, &[("pick", &anna), ("subject", "Resta"), ("body", TEXT)]).await;
    assert_eq!((page.field("recipient"), page.field("taxpayer")), (ready::ON.to_owned(), anna.clone()));

    let link = format!("{NEW}?taxpayer={anna}");
    assert!(giulia.get(&format!("/desk/taxpayers/{anna}")).await.body.contains(&link), "from her own page");
    assert_eq!(giulia.get(&link).await.field("recipient"), ready::ON);
    let path = written(&mut giulia, &io, &[("taxpayer", &anna)]).await;
    says(&giulia.get(&path).await, &["Verdi Anna"]);
    says(&giulia.get("/desk/io").await, &["Verdi Anna"]);
    let path = written(&mut giulia, &io, &[("taxpayer", &anna), ("recipient", ready::ON_GERMAN)]).await;
    assert!(!giulia.get(&path).await.words().contains("Verdi Anna"), "the code is somebody else's");

    for (q, why) in
        [("bar centrale", "IO raggiunge solo le persone"), ("UT-3", "Nel registro non c’è il codice fiscale")]
    {
        let page = giulia.post(NEW, &[("q", q), ("act", "search")]).await;
        says(&page, &[why]);
        assert!(!page.body.contains("name=\"pick\""), "{q} cannot be chosen");
    }
    let bar = giulia.get("/desk/taxpayers?q=bar").await.links("/desk/taxpayers/")[0].clone();
    let bar = bar.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    assert!(!giulia.get(&format!("/desk/taxpayers/{bar}")).await.body.contains("Scrivi su IO"));
    let page = giulia.get(&format!("{NEW}?taxpayer={bar}")).await;
    says(&page, &["Bar Centrale", "IO raggiunge solo le persone"]);
    assert_eq!(giulia.post(NEW, &[("pick", &bar)]).await.field("recipient"), "");
    says(
        &giulia.post(NEW, &[("q", " \u{202e} "), ("act", "search")]).await,
        &["Nessuno nel registro corrisponde"],
    );
}

#[tokio::test]
async fn from_a_work_order_the_form_knows_whom_to_write_to_and_what_for() {
    let (app, io, mut giulia) = house().await;
    app.register(REGISTER).await;
    app.mail_in(letter("Anna <anna@libero.example>", "Rettifica della bolletta").raw()).await;
    app.mail_in(letter("Ignoto <ignoto@libero.example>", "Cassonetto").raw()).await;
    let page = giulia.get(&format!("{NEW}?work_order=2026-000001")).await;
    assert_eq!(
        (page.field("recipient"), page.field("subject")),
        (ready::ON.to_owned(), "La tua richiesta 2026/000001".to_owned())
    );
    says(
        &page,
        &[
            "Riguarda l’ordine di lavoro 2026/000001 Rettifica della bolletta",
            "Avviso di pagamento",
            "Sollecito",
        ],
    );
    says(
        &giulia.get(&format!("{NEW}?work_order=2026-000002")).await,
        &["Il contribuente non è stato riconosciuto"],
    );
    assert_eq!(giulia.get(&format!("{NEW}?work_order=2026-000009")).await.status, 404);

    let overdue = giulia.get(&format!("{NEW}?work_order=2026-000001&text=overdue")).await;
    assert_eq!(overdue.field("subject"), "TARI: sollecito di pagamento");
    says(&overdue, &["non risulta ancora pagato"]);
    let due = giulia.get(&format!("{NEW}?work_order=2026-000001&text=payment")).await;
    let body = format!("{TEXT} {TEXT}");
    let path = written(
        &mut giulia,
        &io,
        &[
            ("work_order", "2026-000001"),
            ("taxpayer", &due.field("taxpayer")),
            ("subject", &due.field("subject")),
            ("body", &body),
            ("due_date", "31/03/2026"),
            ("amount", "1.084,50"),
            ("notice_number", "3020 0000 0000 0000 17"),
            ("invalid_after_due", "on"),
            ("secure", "on"),
            ("button_1_text", "Vai alla richiesta"),
            ("button_1_link", "https://ente.example/a"),
        ],
    )
    .await;
    says(
        &giulia.get(&path).await,
        &[
            "Avviso pagoPA di 1.084,50 €",
            "dopo la scadenza non si può più pagare",
            "Vai alla richiesta",
            "Nessuna mail: il canale è sicuro",
        ],
    );
    says(&giulia.get("/desk/work-orders/2026-000001").await, &["TARI: avviso di pagamento"]);
    app.io_passes(&io, Duration::seconds(10)).await;
    let message = io.stand_in.messages().remove(0);
    let content = &message.content;
    assert_eq!(content["payment_data"]["amount"], 108_450);
    assert_eq!(content["payment_data"]["notice_number"], "302000000000000017");
    assert_eq!(content["payment_data"]["invalid_after_due_date"], true);
    assert!(content["due_date"].as_str().unwrap().starts_with("2026-03-31T21:59:59"), "{content}");
    assert!(message.secure);
    assert!(content["markdown"].as_str().unwrap().starts_with("---\nit:\n"), "{content}");
}

#[tokio::test]
async fn a_service_on_trial_writes_to_its_test_codes_and_one_that_is_off_to_nobody() {
    let (app, io, mut giulia) = house().await;
    let trial = app.io_service_on_trial("Prove", &[ready::TEST_CODE]).await.to_string();
    let off = app.io_service("Non ancora attivo", |service| service.sends = false).await.to_string();
    let page = giulia.post(NEW, &[("service", &*trial)]).await;
    says(&page, &["Il servizio è in prova", ready::TEST_CODE, "Non ancora attivo: l'invio non è attivo"]);
    let fields = |service: &str, recipient: &str| {
        [("service", service.to_owned()), ("recipient", recipient.to_owned())]
    };
    for (service, recipient, status) in
        [(&trial, ready::ON, 422), (&trial, ready::TEST_CODE, 303), (&off, ready::ON, 422)]
    {
        let changed = fields(service, recipient);
        let changed: Vec<(&str, &str)> =
            changed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let form = super::new::fields(&mut giulia, &io, &changed).await;
        assert_eq!(post(&mut giulia, NEW, &form).await.status, status, "{service} {recipient}");
    }
}

#[tokio::test]
async fn the_preview_is_what_the_citizen_sees_and_saves_nothing() {
    let (_app, io, mut giulia) = house().await;
    let body = format!(
        "Gentile utente, **grave** ~~via~~\n\n| a | b |\n|---|---|\n| perso | perso |\n\n{SCRIPT} resta [qui](javascript:alert(1))"
    );
    let fields =
        fields(&mut giulia, &io, &[("body", &body), ("subject", "AVVISO PER TUTTI"), ("act", "preview")])
            .await;
    let page = post(&mut giulia, NEW, &fields).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<strong>grave</strong>"), "{}", page.body);
    let drawn = page.body.split("io-app__body").nth(1).unwrap().split("</section>").next().unwrap();
    for gone in ["perso", "via", "script", "javascript"] {
        assert!(!drawn.contains(gone), "{gone}: {drawn}");
    }
    says(
        &page,
        &[
            "Consigli",
            "si dà del tu",
            "non mostra le tabelle",
            "in minuscolo",
            "la notifica parte anche così",
        ],
    );
    assert!(giulia.get("/desk/io").await.words().contains("Nessuna notifica"));
}
