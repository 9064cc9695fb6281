//! The same form twice: pressed again, gone on with later, opened with a link that is old, forged or somebody else's.

use chrono::Duration;
use entity::language::Language;
use riscontro::{actions::submission, store, wording::say};

use super::{SUMMARY, Visitor, held, step_form};
use crate::support::{app::BOX, html};

#[tokio::test]
async fn a_second_press_finds_the_first_receipt() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("complaint", 1).await;
    let summary = visitor.at_step("complaint", SUMMARY, &citizen).await;
    let page = visitor.open(&summary).await;
    let first = visitor.send(&page, &citizen, &[], &[]).await;
    let second = visitor.send(&page, &citizen, &[], &[]).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location, second.location);
    assert_eq!((visitor.orders().await, visitor.house.errands_out().await.len()), (1, 1));
    // An older step of another tab, and the link of a letter, lead there too.
    for step in 1..=SUMMARY {
        let older = summary.replace("/4?", &format!("/{step}?"));
        assert_eq!(visitor.browser.get(&older).await.location, first.location);
        assert_eq!(visitor.browser.post(&older, &[("title", "Altro")]).await.location, first.location);
    }
    assert_eq!(visitor.kept(&summary).await.answers.get("title"), "Segnalazione 1");
}

#[tokio::test]
async fn two_presses_at_the_same_instant_are_one_request_and_two_people_are_two() {
    let mut visitor = Visitor::new().await;
    let mut pages = Vec::new();
    for n in [1, 2] {
        let citizen = visitor.citizen("disruption", n).await;
        let summary = visitor.at_step("disruption", SUMMARY, &citizen).await;
        pages.push(step_form(&visitor.open(&summary).await).action);
    }
    let press = |at: String| {
        let mut browser = visitor.house.browser();
        async move { browser.post(&at, &[("terms", "on"), ("action", "next")]).await }
    };
    let (one, again, other) =
        tokio::join!(press(pages[0].clone()), press(pages[0].clone()), press(pages[1].clone()));
    assert_eq!([one.status, again.status, other.status], [303; 3]);
    assert_eq!(one.location, again.location);
    assert_ne!(one.location, other.location);
    assert_eq!(visitor.orders().await, 2);
}

#[tokio::test]
async fn who_goes_back_finds_what_was_typed_even_where_it_was_wrong() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let contacts = visitor.at_step("disruption", 3, &citizen).await;
    let back = visitor.fill(&contacts, &citizen, &[("action", "back"), ("email", "anna(at)casa")], &[]).await;
    let data = back.location.expect("the step before");
    assert!(data.contains("/disruption/2?b="), "{data}");
    assert_eq!(held(&visitor.open(&data).await, "title"), "Segnalazione 1");
    assert_eq!(held(&visitor.open(&contacts).await, "email"), "anna(at)casa");
}

#[tokio::test]
async fn who_saves_goes_on_later_by_a_link_that_carries_no_word_of_theirs() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("pickup", 1).await;
    let data = visitor.at_step("pickup", 2, &citizen).await;
    let resume = |address| [("action", "resume"), ("resume-address", address), ("items", "Un pianoforte")];
    let refused = visitor.fill(&data, &citizen, &resume("anna(at)casa"), &[]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(held(&refused, "resume-address"), "anna(at)casa");
    let saved = visitor.fill(&data, &citizen, &resume("anna@libero.example"), &[]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let told = visitor.open(saved.location.unwrap().trim_end_matches("#resume")).await;
    assert!(told.words().contains("Abbiamo salvato."), "{}", told.words());

    let letters = visitor.house.errands_out().await;
    assert_eq!(letters.len(), 1);
    let letter = &letters[0].mail;
    assert_eq!(letter.to[0].address, "anna@libero.example");
    assert!(!letter.text.contains("pianoforte"), "{}", letter.text);
    let (_, link) = letter.text.split_once("/pickup/").expect("a link to the draft");
    let link = format!("/sportello/ente/pickup/{}", link.split_whitespace().next().unwrap());
    visitor.browser = visitor.house.browser();
    assert_eq!(held(&visitor.open(&link).await, "items"), "Un pianoforte");
}

#[tokio::test]
async fn another_language_keeps_what_was_typed_and_the_letter_is_written_in_it() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("pickup", 1).await;
    let data = visitor.at_step("pickup", 2, &citizen).await;
    let tags = html::tags(&visitor.open(&data).await.body);
    let mut buttons = tags.iter().filter(|tag| tag.name == "button" && tag.get("form") == Some("the-step"));
    assert_eq!(buttons.next().and_then(|first| first.get("value")), Some("next"), "Enter goes on");
    let german = buttons.find(|button| button.get("value") == Some("language:de")).expect("a button");
    let pressed = [("action", "language:de"), ("items", "Un pianoforte")];
    let switched = visitor.browser.post(german.get("formaction").expect("its address"), &pressed).await;
    assert_eq!(switched.status, 303, "{}", switched.body);
    let page = visitor.open(&switched.location.unwrap()).await;
    assert!(page.body.contains("<html lang=\"de\""), "{}", page.body);
    assert_eq!(held(&page, "items"), "Un pianoforte");

    let resume = [("action", "resume"), ("resume-address", "anna@libero.example")];
    assert_eq!(visitor.send(&page, &citizen, &resume, &[]).await.status, 303);
    assert_eq!(visitor.kept(&data).await.language, Language::It, "it was begun in Italian");
    let letters = visitor.house.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].mail.subject, say(Language::De, "letter-resume-subject"));
}

#[tokio::test]
async fn who_changes_the_language_of_the_contacts_is_written_to_in_it() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("pickup", 1).await;
    let contacts = visitor.at_step("pickup", 3, &citizen).await;
    let pressed = [("action", "language:en"), ("language", "it"), ("surname", "Thaler")];
    let page = visitor.browser.post(&format!("{contacts}&lang=en"), &pressed).await;
    let page = visitor.open(&page.location.expect("the same step")).await;
    assert_eq!([held(&page, "language"), held(&page, "surname")], ["en", "Thaler"]);
}

#[tokio::test]
async fn the_summary_says_to_which_address_it_goes() {
    let mut visitor = Visitor::new().await;
    let organisations = store::organisation::all(&visitor.house.app.desk.db.read).await.unwrap();
    let recipient = format!("Destinatario: {}, {BOX}", organisations[0].name);
    for kind in ["complaint", "pickup"] {
        let citizen = visitor.citizen(kind, 1).await;
        let summary = visitor.at_step(kind, SUMMARY, &citizen).await;
        let words = visitor.open(&summary).await.words();
        assert!(words.contains(&recipient), "{words}");
    }
}

#[tokio::test]
async fn nobody_gets_ahead_of_the_steps() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let data = visitor.at_step("disruption", 2, &citizen).await;
    for step in [3, 4] {
        let ahead = visitor.browser.get(&data.replace("/2?", &format!("/{step}?"))).await;
        assert_eq!(ahead.location.as_deref(), Some(data.as_str()));
    }
    for nowhere in ["disruption/0", "disruption/5", "disruption/x", "activation", "termination/1"] {
        assert_eq!(visitor.browser.get(&format!("/sportello/ente/{nowhere}")).await.status, 404, "{nowhere}");
    }
}

#[tokio::test]
async fn a_link_that_opens_nothing_leads_on() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let data = visitor.at_step("disruption", 2, &citizen).await;
    let (_, link) = data.split_once("b=").unwrap();
    let forged = ["", "abc", "%00", &link[1..], &format!("{link}aa")]
        .map(|link| format!("/sportello/ente/disruption/2?b={link}"));
    let of_another_form = data.replace("disruption", "complaint");
    for wrong in forged.into_iter().chain([of_another_form]) {
        let page = visitor.browser.get(&wrong).await;
        assert_eq!(page.status, 404, "{wrong}");
        assert!(page.words().contains("Questo link non è più valido"), "{wrong}: {}", page.words());
        assert!(!page.words().contains("Segnalazione 1"));
        assert_eq!(visitor.browser.post(&wrong, &[("title", "x")]).await.status, 404, "{wrong}");
    }
    visitor.house.pass(Duration::days(submission::DRAFT_DAYS) + Duration::hours(1));
    submission::forget(&visitor.house.app.desk, visitor.house.now()).await.unwrap();
    let page = visitor.browser.get(&data).await;
    assert_eq!((page.status, visitor.submissions().await), (404, 0));
    let begin =
        page.links("/sportello/ente/disruption").into_iter().find(|to| !to.contains('?')).expect("a way on");
    visitor.open(&begin).await;
    for receipt in
        ["/sportello/ente/inviata?b=abc", "/sportello/ente/inviata", "/sportello/ente/ricevuta.pdf?b=abc"]
    {
        assert_eq!(visitor.browser.get(receipt).await.status, 404, "{receipt}");
    }
}

#[tokio::test]
async fn a_report_without_a_name_waits_for_an_operator_and_its_receipt_says_so() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let contacts = visitor.at_step("disruption", 3, &citizen).await;
    let nobody = [("name", ""), ("surname", ""), ("email", ""), ("phone", "")];
    let summary = visitor.fill(&contacts, &citizen, &nobody, &[]).await.location.unwrap();
    let sent = visitor.fill(&summary, &citizen, &[], &[]).await;
    let receipt = visitor.open(&sent.location.expect("the receipt")).await.words();
    assert!(
        receipt.contains("Richiesta ricevuta")
            && receipt.contains("che diventi una richiesta lo legge una persona"),
        "{receipt}"
    );
    assert_eq!((visitor.orders().await, visitor.house.errands_out().await.len()), (0, 0));
}
