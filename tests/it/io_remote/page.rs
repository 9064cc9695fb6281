//! An operator attaches a letter to a notification, and cannot attach what was not written to its reader.

use chrono::Duration;
use riscontro::{
    actions::reply::{self, Draft},
    stand_in::ready,
    store,
};
use uuid::Uuid;

use super::{ANSWER, HERE, World};
use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    letter::letter,
};

const NEW: &str = "/desk/io/new";
const ABOUT: &str = "/desk/io/new?work_order=2026-000001";
const FIELD: &str = "Allega la comunicazione";
const TEXT: &str = "C’è una risposta alla tua richiesta: aprila da questo messaggio. La comunicazione resta da noi, e la leggi quando vuoi.";

/// What an operator sends, some of it otherwise. The page gives the token, and what a draft says now.
async fn send(desk: &mut Browser, service: Uuid, path: &str, changed: &[(&str, &str)]) -> Page {
    let token = desk.get(ABOUT).await.field("token");
    let service = service.to_string();
    let seen = if path == NEW { String::new() } else { desk.get(path).await.field("version") };
    let mut fields = vec![
        ("token", &*token),
        ("version", &*seen),
        ("service", &service),
        ("recipient", ready::ON),
        ("work_order", "2026-000001"),
        ("subject", "Abbiamo risposto alla tua richiesta"),
        ("body", TEXT),
        ("act", "send"),
    ];
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    desk.post(path, &fields).await
}

fn place(sent: &Page) -> String {
    assert_eq!(sent.status, 303, "{}", sent.words());
    sent.location.as_ref().unwrap().split('?').next().unwrap().to_owned()
}

fn choices(page: &Page) -> Vec<&str> {
    let field = page.body.split("<select").find(|part| part.contains("name=\"attach\"")).unwrap();
    let field = field.split("</select>").next().unwrap();
    field.split("<option value=\"").skip(1).map(|option| option.split('"').next().unwrap()).collect()
}

/// The letter that is chosen when the page opens.
fn chosen(page: &Page) -> Option<&str> {
    choices(page).into_iter().find(|id| page.body.contains(&format!("<option value=\"{id}\" selected>")))
}

impl World {
    /// An operator writes to somebody about the first work order; gives the letter's id.
    async fn writes_to(&self, address: &str, text: &str) -> String {
        let order = self.app.order("2026/000001").await;
        let (desk, cx, token) = (&self.app.app.desk, self.app.cx(), Uuid::now_v7());
        let draft = Draft {
            token,
            seen: store::communication::newest(&desk.db.read, cx.organisation, order.id).await.unwrap(),
            to: vec![address.to_owned()],
            text: text.to_owned(),
            files: Vec::new(),
            status: None,
        };
        reply::reply(desk, &cx, order.id, draft).await.unwrap();
        token.to_string()
    }

    async fn none_was_written(&self, desk: &mut Browser) {
        assert!(desk.get("/desk/io").await.words().contains("Nessuna notifica"));
        self.app.io_passes(&self.io, Duration::minutes(1)).await;
        assert!(self.io.stand_in.messages().is_empty());
    }
}

#[tokio::test]
async fn an_operator_attaches_a_letter_and_its_citizen_opens_it_and_reads_the_document() {
    let world = World::start().await;
    world.offer(&[("documents", "on")]).await;
    let answer = world.answered(ANSWER, &[]).await.id.to_string();
    let mut giulia = world.app.operator().await;
    let form = giulia.get(ABOUT).await;
    assert_eq!((choices(&form), chosen(&form)), (vec!["", &*answer], Some("")), "nothing goes by itself");
    assert!(form.words().contains("02/03/2026 9:00 · Re: Mancato ritiro [2026/000001] · Gentile signora"));
    assert!(!giulia.get(NEW).await.body.contains(FIELD), "about nothing there is nothing to attach");
    let asked = [("attach", &*answer), ("act", "preview")];
    let preview = send(&mut giulia, world.io.service, NEW, &asked).await;
    assert_eq!(chosen(&preview), Some(&*answer), "what was chosen stays");

    let path = place(&send(&mut giulia, world.io.service, NEW, &[("attach", &answer)]).await);
    let page = giulia.get(&path).await;
    let said = "Comunicazione allegata Re: Mancato ritiro [2026/000001] 02/03/2026 9:00 · testo e documento";
    assert!(page.words().contains(said), "{}", page.words());
    assert_eq!(page.links("#c-"), [format!("/desk/work-orders/2026-000001#c-{answer}")]);
    let id = world.carried().await;
    let opening = world.io.stand_in.open(&id).await.unwrap();
    assert_eq!(opening.faults, Vec::<String>::new());
    assert!(opening.details.unwrap()["markdown"].as_str().unwrap().starts_with("Gentile signora,"));
    let [document] = &opening.attachments[..] else { panic!("{:?}", opening.attachments) };
    assert!(document.is_pdf);
    assert_eq!(document.name, "comunicazione-2026-000001.pdf");
}

#[tokio::test]
async fn a_letter_to_somebody_else_is_not_offered_and_cannot_be_forged_in() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await;
    let theirs = world.writes_to("ditta@appalti.example", "Passate voi da via Solferino?").await;
    let (desk, cx, note) = (&world.app.app.desk, world.app.cx(), Uuid::now_v7());
    reply::note(desk, &cx, answer.work_order_id, note, "Signora difficile.").await.unwrap();
    world.app.mail_in(letter("Anna <anna@libero.example>", "Un'altra cosa").raw()).await;
    let other = world.app.order("2026/000002").await;
    let thread = async |order| {
        store::communication::thread(&desk.db.read, cx.organisation, order, None, 10).await.unwrap().rows
    };
    let came_in = thread(answer.work_order_id).await[0].id;
    let elsewhere = thread(other.id).await[0].id;

    let mut giulia = world.app.operator().await;
    let mine = answer.id.to_string();
    assert_eq!(choices(&giulia.get(ABOUT).await), ["", &*mine]);
    let refused = send(&mut giulia, world.io.service, NEW, &[("attach", &theirs)]).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.words().contains("Questa comunicazione non era per chi ha scritto"),
        "{}",
        refused.words()
    );
    for id in [note, came_in, elsewhere, Uuid::now_v7()] {
        let id = id.to_string();
        assert_eq!(send(&mut giulia, world.io.service, NEW, &[("attach", &id)]).await.status, 404, "{id}");
    }
    assert_eq!(send(&mut giulia, world.io.service, NEW, &[("attach", "' OR 1=1 --")]).await.status, 404);
    let unbound = [("attach", &*mine), ("work_order", "")];
    assert_eq!(send(&mut giulia, world.io.service, NEW, &unbound).await.status, 404);
    // The right letter, to the wrong person.
    let astray = [("attach", &*mine), ("recipient", ready::ON_GERMAN)];
    let refused = send(&mut giulia, world.io.service, NEW, &astray).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("Non risulta che questo codice fiscale sia"), "{}", refused.words());
    assert_eq!(chosen(&refused), Some(&*mine));
    world.none_was_written(&mut giulia).await;
}

#[tokio::test]
async fn while_nobody_knows_for_certain_who_wrote_nothing_is_attached() {
    let world = World::start().await;
    world.offer(&[]).await;
    world.app.mail_in(letter("Ignota <ignota@libero.example>", "Mancato ritiro").raw()).await;
    let answer = world.writes_to("ignota@libero.example", ANSWER).await;
    let mut giulia = world.app.operator().await;
    let form = giulia.get(ABOUT).await;
    assert!(form.words().contains("collega prima il contribuente"), "{}", form.words());
    assert!(!form.body.contains("name=\"attach\""));
    // A code that was typed into a form may be anybody's, whatever its owner is said to wish.
    let order = world.app.order("2026/000001").await;
    let declared = entity::follower::Model {
        id: Uuid::now_v7(),
        organisation_id: order.organisation_id,
        work_order_id: Some(order.id),
        notice_id: None,
        role: entity::follower::Role::Author,
        name: "Ignota".to_owned(),
        address: order.sender_address.clone(),
        fiscal_code: ready::ON.to_owned(),
        phone: String::new(),
        language: entity::language::Language::It,
        told_by: entity::follower::ToldBy::Io,
        chose_at: Some(world.app.now()),
        generation: 0,
        confirmed_at: Some(world.app.now()),
        created_at: world.app.now(),
        seen_at: None,
    };
    let tx = world.app.app.desk.db.begin().await.unwrap();
    store::follower::insert(&tx, vec![declared]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!giulia.get(ABOUT).await.body.contains("name=\"attach\""));
    assert_eq!(send(&mut giulia, world.io.service, NEW, &[("attach", &answer)]).await.status, 422);
    world.none_was_written(&mut giulia).await;
}

#[tokio::test]
async fn a_draft_keeps_its_letter_and_does_not_take_it_to_another_person() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await.id.to_string();
    let mut giulia = world.app.operator().await;
    let path = place(&send(&mut giulia, world.io.service, NEW, &[("attach", &answer)]).await);
    giulia.post(&format!("{path}/take-back"), &[]).await;
    let edit = format!("{path}/edit");
    assert_eq!(chosen(&giulia.get(&edit).await), Some(&*answer));
    let astray = [("attach", &*answer), ("recipient", ready::ON_GERMAN)];
    let refused = send(&mut giulia, world.io.service, &edit, &astray).await;
    assert_eq!(refused.status, 422, "{}", refused.words());
    assert!(giulia.get(&path).await.words().contains("Comunicazione allegata"), "nothing has changed");

    place(&send(&mut giulia, world.io.service, &edit, &[("recipient", ready::ON_GERMAN)]).await);
    assert!(!giulia.get(&path).await.words().contains("Comunicazione allegata"));
    world.carried().await;
    let sent = &world.io.stand_in.messages()[0];
    assert_eq!(sent.fiscal_code, ready::ON_GERMAN);
    assert!(sent.content.get("third_party_data").is_none(), "{}", sent.content);
}

#[tokio::test]
async fn a_form_sent_twice_with_another_letter_is_not_taken_for_sent() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await.id.to_string();
    let mut giulia = world.app.operator().await;
    let token = giulia.get(ABOUT).await.field("token");
    let with = [("token", &*token), ("attach", &answer)];
    let first = place(&send(&mut giulia, world.io.service, NEW, &with).await);
    assert_eq!(place(&send(&mut giulia, world.io.service, NEW, &with).await), first);
    assert_eq!(send(&mut giulia, world.io.service, NEW, &with[..1]).await.status, 409);
    world.carried().await;
}

#[tokio::test]
async fn a_reminder_announces_the_same_letter() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await.id.to_string();
    let mut giulia = world.app.operator().await;
    let fields = [("attach", &*answer), ("due_date", "31/03/2026"), ("remind_days", "3")];
    let path = place(&send(&mut giulia, world.io.service, NEW, &fields).await);
    let linked = giulia.get(&path).await.links("/desk/io/messages/");
    let reminder = linked.iter().find(|link| **link != path && !link.contains("take-back")).unwrap();
    assert!(giulia.get(reminder).await.words().contains("Comunicazione allegata Re: Mancato ritiro"));
    for _ in 0..2 {
        world.app.io_passes(&world.io, Duration::minutes(1)).await;
    }
    world.app.io_passes(&world.io, Duration::days(27)).await;
    let messages = world.io.stand_in.messages();
    assert_eq!(messages.len(), 2, "{messages:?}");
    for message in messages {
        let opening = world.io.stand_in.open(&message.id).await.unwrap();
        assert_eq!(opening.faults, Vec::<String>::new());
        assert!(opening.details.is_some());
    }
}

#[tokio::test]
async fn only_a_service_that_offers_it_has_the_field() {
    let world = World::start().await;
    let answer = world.answered(ANSWER, &[]).await.id.to_string();
    let mut giulia = world.app.operator().await;
    assert!(!giulia.get(ABOUT).await.body.contains(FIELD), "no administrator has turned it on");
    let refused = send(&mut giulia, world.io.service, NEW, &[("attach", &answer)]).await;
    assert_eq!(refused.status, 422);

    // Saved, but IO has never heard of it.
    world.allow(&[]);
    world.offer(&[]).await;
    assert!(!giulia.get(ABOUT).await.body.contains(FIELD));
    world.allow(&[riscontro::stand_in::Group::ApiRemoteContentConfigurationWrite]);
    world.offer(&[]).await;
    assert!(giulia.get(ABOUT).await.body.contains(FIELD));

    let other = world.app.io_service("Calendario", |_| {}).await;
    let form = giulia.get(ABOUT).await.words();
    assert!(form.contains("Servizi che lo permettono: Segnalazioni, suggerimenti e reclami."), "{form}");
    let refused = send(&mut giulia, other, NEW, &[("attach", &answer)]).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.words().contains("Questo servizio non può allegare comunicazioni"),
        "{}",
        refused.words()
    );
    world.offer(&[("offered", "")]).await;
    assert!(!giulia.get(ABOUT).await.body.contains(FIELD), "ended");
}

#[tokio::test]
async fn where_the_module_is_off_there_is_neither_field_nor_link() {
    let app = TestApp::start().await;
    let io = app.io().await;
    app.register(super::REGISTER).await;
    app.mail_in(letter("Anna Verdi <anna@libero.example>", "Mancato ritiro").raw()).await;
    let mut admin = app.administrator().await;
    let mut giulia = app.operator().await;
    assert!(admin.get("/desk/admin/io").await.links(HERE).is_empty());
    assert!(!giulia.get(ABOUT).await.body.contains(FIELD));
    let forged = Uuid::now_v7().to_string();
    let refused = send(&mut giulia, io.service, NEW, &[("attach", &forged)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("non si possono più allegare"), "{}", refused.words());
    assert!(giulia.get("/desk/io").await.words().contains("Nessuna notifica"));

    let world = World::start().await;
    assert_eq!(world.app.administrator().await.get("/desk/admin/io").await.links(HERE), [HERE]);
}
