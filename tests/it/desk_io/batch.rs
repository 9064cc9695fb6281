//! The people of several work orders are written to, each about theirs.

use chrono::Duration;
use riscontro::stand_in::ready;

use super::new::says;
use crate::support::{app::TestApp, browser::Browser, io::Io, letter::letter};

const BATCH: &str = "/desk/io/batch";

const REGISTER: &str = "nome;codice utente;codice fiscale;indirizzo;email\n\
    Verdi Anna;UT-1;VRDNNA80A41A000P;via Solferino 12;anna@libero.example\n\
    Mair Jonas;UT-2;MRAJNS88C03A000U;via Solferino 14;jonas@libero.example\n\
    Bar Centrale;UT-3;00743110157;via Roma 2;bar@libero.example\n\
    Conti Chiara;UT-4;;via Roma 4;chiara@libero.example\n";

const SUBJECT: &str = "La tua richiesta {numero} va avanti";
const BODY: &str = "Per la tua richiesta {numero} ({tipologia}) la squadra passa questa settimana: ti rispondiamo entro il \
    {entro}. Segui tutto su https://ente.example/segui.";

/// Letters of two people, a company, somebody without a code and somebody unknown: 2026/000001 to 5.
async fn house() -> (TestApp, Io, Browser) {
    let app = TestApp::start().await;
    app.register(REGISTER).await;
    for name in ["anna", "jonas", "bar", "chiara", "ignoto"] {
        app.mail_in(letter(&format!("{name}@libero.example"), &format!("Da {name}")).raw()).await;
    }
    let io = app.io().await;
    let giulia = app.operator().await;
    (app, io, giulia)
}

/// What is typed for all five.
fn typed(io: &Io, act: &str) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("service", io.service.to_string()),
        ("subject", SUBJECT.to_owned()),
        ("body", BODY.to_owned()),
        ("act", act.to_owned()),
    ];
    fields.extend((1..=5).map(|n| ("order", format!("2026-00000{n}"))));
    fields
}

async fn post(desk: &mut Browser, fields: &[(&str, String)]) -> crate::support::browser::Page {
    super::new::post(desk, BATCH, fields).await
}

#[tokio::test]
async fn each_reads_a_text_of_their_own_and_gets_it_once() {
    let (app, io, mut giulia) = house().await;
    let queue = giulia.get("/desk/queue").await;
    assert!(queue.body.contains("name=\"order\" value=\"2026-000001\"") && queue.body.contains(BATCH));
    let page = post(&mut giulia, &typed(&io, "")[4..]).await;
    assert_eq!(page.status, 200);
    says(
        &page,
        &[
            "IO non serve per avvisi a tutti",
            "Al massimo 100",
            "{numero}",
            "Da anna",
            "Non si possono raggiungere",
        ],
    );
    assert!(!page.words().contains("Invia 2 notifiche"), "nobody sends what they have not read");

    let mut fields = typed(&io, "preview");
    fields.push(("token", page.field("token")));
    let preview = post(&mut giulia, &fields).await;
    assert_eq!(preview.status, 200, "{}", preview.words());
    says(
        &preview,
        &[
            "La tua richiesta 2026/000001 va avanti",
            "La tua richiesta 2026/000002 va avanti",
            "ti rispondiamo entro il",
            "IO raggiunge solo le persone",
            "nel registro non c'è il suo codice fiscale",
            "il contribuente non è stato riconosciuto",
            "Invia 2 notifiche",
        ],
    );
    assert_eq!(preview.field("token"), page.field("token"));
    assert!(giulia.get("/desk/io").await.words().contains("Nessuna notifica"));

    fields.retain(|(name, _)| *name != "act");
    fields.push(("act", "send".to_owned()));
    let unread = post(&mut giulia, &fields).await;
    assert_eq!(unread.status, 409, "nobody has read it");
    fields.push(("seen", preview.field("seen")));
    let mut other = fields.clone();
    other.iter_mut().find(|(name, _)| *name == "subject").unwrap().1 =
        "La tua richiesta {numero} è ferma".to_owned();
    let unread = post(&mut giulia, &other).await;
    assert_eq!(unread.status, 409);
    says(
        &unread,
        &["non sono quelli dell’anteprima", "La tua richiesta 2026/000001 è ferma", "Invia 2 notifiche"],
    );
    for _ in 0..2 {
        assert_eq!(post(&mut giulia, &fields).await.location.as_deref(), Some("/desk/io?done=io_batch"));
    }
    // The browser's back button, and another text: it was sent already.
    other.retain(|(name, _)| *name != "seen");
    other.push(("seen", unread.field("seen")));
    let late = post(&mut giulia, &other).await;
    assert_eq!(late.status, 409);
    says(&late, &["già state inviate con un altro testo"]);
    assert_ne!(late.field("token"), page.field("token"));
    app.io_passes(&io, Duration::seconds(9)).await;
    assert_eq!(io.stand_in.messages().len(), 0, "each can still be taken back");
    app.io_passes(&io, Duration::seconds(1)).await;
    let mut sent: Vec<(String, String)> = io
        .stand_in
        .messages()
        .into_iter()
        .map(|message| (message.fiscal_code, message.content["subject"].as_str().unwrap().to_owned()))
        .collect();
    sent.sort();
    assert_eq!(
        sent,
        [
            (ready::ON_GERMAN.to_owned(), "La tua richiesta 2026/000002 va avanti".to_owned()),
            (ready::ON.to_owned(), "La tua richiesta 2026/000001 va avanti".to_owned()),
        ]
    );
    let thread = giulia.get("/desk/work-orders/2026-000001").await.words();
    assert_eq!(thread.matches("la squadra passa questa settimana").count(), 1, "{thread}");
}

#[tokio::test]
async fn a_batch_with_something_wrong_in_it_goes_to_nobody() {
    let (app, io, mut giulia) = house().await;
    for (name, value, words) in [
        (
            "body",
            "Per la richiesta {numreo} la squadra passa questa settimana, giovedì o al più tardi venerdì mattina.",
            "{numreo}",
        ),
        ("subject", "Breve", "almeno 10 caratteri"),
        ("body", "Breve", "almeno 80 caratteri"),
        ("service", "", "Scegli un servizio"),
    ] {
        for act in ["preview", "send"] {
            let mut fields = typed(&io, act);
            fields.iter_mut().find(|(field, _)| *field == name).unwrap().1 = value.to_owned();
            let page = post(&mut giulia, &fields).await;
            assert_eq!(page.status, 422, "{act}: {value}");
            says(&page, &[words]);
            assert!(!page.words().contains("Invia 2 notifiche"), "{act}: {value}");
        }
    }
    let mut unreachable = typed(&io, "send");
    unreachable.retain(|(name, value)| *name != "order" || value.ends_with(['3', '4', '5']));
    says(&post(&mut giulia, &unreachable).await, &["nessuna si può raggiungere"]);
    let page = post(&mut giulia, &typed(&io, "send")[..4]).await;
    assert_eq!(page.status, 422);
    says(&page, &["Scegli nella coda gli ordini di lavoro"]);
    let mut stranger = app.stranger().await;
    says(&post(&mut stranger, &typed(&io, "preview")).await, &["Scegli nella coda gli ordini di lavoro"]);
    app.io_passes(&io, Duration::hours(1)).await;
    assert_eq!(io.stand_in.calls().len(), 0);
}

#[tokio::test]
async fn no_more_are_written_to_than_can_be_read() {
    let app = TestApp::start().await;
    let letters: Vec<Vec<u8>> =
        (0..101).map(|n| letter(&format!("a{n}@libero.example"), "Buongiorno").raw()).collect();
    app.mails_in(&letters.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
    let (io, mut giulia) = (app.io().await, app.operator().await);
    let orders = |most: usize| -> Vec<(&str, String)> {
        let orders = (1..=most).map(|n| ("order", format!("2026-{n:06}")));
        [("service", io.service.to_string())].into_iter().chain(orders).collect()
    };
    assert_eq!(post(&mut giulia, &orders(100)).await.status, 200);
    let page = post(&mut giulia, &orders(101)).await;
    assert_eq!(page.status, 422);
    says(&page, &["più di 100 ordini di lavoro"]);
}

#[tokio::test]
async fn nobody_is_promised_an_answer_by_a_day_that_is_over() {
    let (app, io, _) = house().await;
    // The deadlines of all five pass.
    app.io_passes(&io, Duration::days(90)).await;
    let mut marco = app.administrator().await;
    let news = "La squadra è stata fermata dalla neve e passa la settimana prossima: non serve che tu faccia niente.";
    let mut fields = typed(&io, "preview");
    fields.iter_mut().find(|(name, _)| *name == "body").unwrap().1 =
        format!("{news}\n\nTi rispondiamo entro il {{entro}}.");
    let preview = post(&mut marco, &fields).await;
    assert_eq!(preview.status, 200, "{}", preview.words());
    says(&preview, &["senza la riga con {entro}: il termine è già passato", "Invia 2 notifiche"]);
    fields.retain(|(name, _)| *name != "act");
    fields.extend([
        ("act", "send".to_owned()),
        ("token", preview.field("token")),
        ("seen", preview.field("seen")),
    ]);
    assert_eq!(post(&mut marco, &fields).await.status, 303);
    app.io_passes(&io, Duration::minutes(1)).await;
    assert_eq!(io.stand_in.messages().len(), 2);
    for message in io.stand_in.messages() {
        assert_eq!(message.content["markdown"], news);
    }
    // A text of one paragraph has nothing left to say.
    let page = post(&mut marco, &typed(&io, "preview")).await;
    assert_eq!(page.status, 422);
    says(&page, &["il termine è già passato, e senza quella riga resta troppo poco"]);
}

#[tokio::test]
async fn a_batch_counts_what_was_typed_and_refuses_links_that_open_nothing() {
    let (_app, io, mut giulia) = house().await;
    for (body, words) in [
        ("a".repeat(25_000), "al massimo 10.000 caratteri: 15000 di troppo"),
        (format!("{BODY} [qui](javascript:alert(1))"), "Un collegamento del testo apre"),
    ] {
        let mut fields = typed(&io, "preview");
        fields.iter_mut().find(|(name, _)| *name == "body").unwrap().1 = body.clone();
        let page = post(&mut giulia, &fields).await;
        assert_eq!(page.status, 422);
        says(&page, &[words, "2026/000001"]);
        assert!(page.body.contains(&body[..20_000.min(body.len() - 30)]));
    }
}
