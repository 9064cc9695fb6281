//! How a request ends, and how it does not: closed, contested, withdrawn.

use chrono::Duration;
use entity::{language::Language, work_order::Status};

use crate::support::{app::TestApp, letter::letter};

#[tokio::test]
async fn what_is_closed_and_not_solved_is_opened_again_once_per_closure() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.contest_days = 10).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let mut browser = app.browser();
    let contest = format!("{}/contesta", held.here);
    assert!(!browser.get(&held.here).await.body.contains("/contesta"), "it is open");
    app.status(&held, Status::Closed).await;
    let page = browser.get(&held.here).await;
    assert!(
        page.words().contains("Non è risolto?") && page.words().contains("12/03/2026"),
        "{}",
        page.words()
    );
    assert!(!page.body.contains("/risposta"), "one way to open it again: {}", page.body);
    let silent = browser.post(&contest, &[("text", " ")]).await;
    assert_eq!(silent.status, 422, "a reason is asked for");
    for _ in 0..2 {
        let said = browser.post(&contest, &[("text", "Il cassonetto è ancora pieno.")]).await;
        assert_eq!(said.location, Some(format!("{}?fatto=contesta", held.here)), "pressed twice");
    }
    let words = browser.get(&held.here).await.words();
    assert_eq!(words.matches("Il cassonetto è ancora pieno.").count(), 1, "{words}");
    let order = app.state_of(&held).await;
    assert_eq!((order.status, order.contests), (Status::InProgress, 1));
    let again = browser.post(&contest, &[("text", "E due.")]).await;
    assert_eq!(again.status, 409, "once per closure");
    assert!(again.words().contains("Nel frattempo la richiesta è cambiata"));
    assert!(!browser.get(&held.here).await.words().contains("E due."));
    app.status(&held, Status::Closed).await;
    assert_eq!(browser.post(&contest, &[("text", "Di nuovo.")]).await.status, 303, "a new closure");
    assert_eq!(app.state_of(&held).await.contests, 2);
    app.status(&held, Status::Closed).await;
    app.pass(Duration::days(11));
    let late = browser.get(&held.here).await;
    assert!(!late.body.contains("/contesta") && late.body.contains("/risposta"), "too late");
    assert!(late.words().contains("se ci scrivi da qui la riapriamo"), "{}", late.words());
    assert_eq!(browser.post(&contest, &[("text", "Tardi.")]).await.status, 409);
}

#[tokio::test]
async fn an_answer_that_closes_says_so_with_the_way_to_object_and_comes_before_the_end() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.contest_days = 10).await;
    let held = app.report_in(Language::De, &[("email", "anna@libero.example")]).await;
    app.confirm(&held).await;
    app.letters_out().await;
    app.closes(&held, "anna@libero.example", "Wir haben geleert.").await;
    let letters = app.letters_out().await;
    assert_eq!(letters.len(), 1, "one button, one letter");
    let (raw, text) = (&letters[0].raw, &letters[0].mail.text);
    assert!(raw.contains("<html lang=3D\"de\">"), "{raw}");
    for said in
        ["Wir haben geleert.", "Mit dieser Antwort ist Ihr Anliegen abgeschlossen.", "bis zum 12.03.2026"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let link = text.split("/sportello/ente").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    let page = app.browser().get(&format!("/sportello/ente{link}?lang=it")).await.words();
    assert!(page.contains("Non è risolto?") && page.contains("Wir haben geleert."), "{page}");
    assert!(!page.contains("[link personale]") && !page.contains("nur für Sie bestimmt"), "{page}");
    let (_, steps) = page.split_once("Richiesta ricevuta e registrata").unwrap();
    let (answered, closed) = (steps.find("Ti abbiamo risposto").unwrap(), steps.find("Chiusa").unwrap());
    assert!(answered < closed, "{steps}");
}

#[tokio::test]
async fn an_answer_that_closes_what_came_by_mail_says_so_and_names_no_page() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Non passate").raw()).await;
    app.letters_out().await;
    let order = app.order("2026/000001").await.id;
    app.replies(order, ("anna@libero.example", "Siamo passati."), Some(Status::Closed)).await;
    let letters = app.letters_out().await;
    let text = &letters[0].mail.text;
    assert!(text.contains("Con questa risposta la tua richiesta è chiusa."), "{text}");
    assert!(!text.contains("link personale") && !text.contains("/segui/"), "{text}");
}

#[tokio::test]
async fn a_request_is_withdrawn_after_a_question() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[]).await;
    let mut browser = app.browser();
    let path = format!("{}/ritira", held.here);
    let page = browser.get(&path).await;
    assert!(page.words().contains("Vuoi ritirare la richiesta 2026/000001?"));
    assert_eq!(app.state_of(&held).await.status, Status::New, "asking changes nothing");
    for _ in 0..2 {
        let gone = browser.post(&path, &[("text", "Risolto da solo.")]).await;
        assert_eq!(gone.location, Some(format!("{}?fatto=ritira", held.here)), "pressed twice");
    }
    assert_eq!(app.state_of(&held).await.status, Status::Closed);
    let page = browser.get(&held.here).await.words();
    assert!(page.contains("Hai ritirato la richiesta") && page.contains("Risolto da solo."), "{page}");
    assert_eq!(page.matches("Risolto da solo.").count(), 1, "{page}");
    assert!(!page.contains("Non è risolto?") && !page.contains("Abbiamo concluso il lavoro"), "{page}");
    assert!(!browser.get(&held.here).await.body.contains("/contesta"), "there is nothing to contest");
    assert_eq!(browser.get(&path).await.location.as_deref(), Some(held.here.as_str()));
    for (language, words) in
        [("it", "Ritirata da te"), ("en", "Withdrawn by you"), ("de", "Von Ihnen zurückgezogen")]
    {
        let page = browser.get(&format!("{}?lang={language}", held.here)).await.words();
        assert!(page.contains(words), "{words}: {page}");
    }
    app.pass(Duration::hours(1));
    app.status(&held, Status::InProgress).await;
    app.status(&held, Status::Closed).await;
    let page = browser.get(&format!("{}?lang=it", held.here)).await.words();
    assert!(page.contains("Abbiamo concluso il lavoro"), "closed anew, by operators: {page}");
    assert_eq!(browser.post(&path, &[("text", "")]).await.status, 409, "others have closed it");
}

#[tokio::test]
async fn a_second_withdrawal_in_other_words_loses_none_of_them() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.contest_days = 10).await;
    let held = app.report(&[]).await;
    let mut browser = app.browser();
    let path = format!("{}/ritira", held.here);
    assert_eq!(browser.post(&path, &[("text", "Risolto.")]).await.status, 303);
    assert_eq!(
        browser.post(&path, &[("text", "")]).await.status,
        303,
        "pressed again, with nothing new to say"
    );
    let other = browser.post(&path, &[("text", "Anzi, ritirate anche il secchio.")]).await;
    assert_eq!(other.status, 409);
    assert!(other.words().contains("Hai già ritirato questa richiesta"), "{}", other.words());
    let typed = "Anzi, ritirate anche il secchio.</textarea>";
    assert!(other.body.contains(typed) && other.body.contains("/risposta"), "it waits where it can be sent");
    assert_eq!(app.state_of(&held).await.status, Status::Closed, "nothing was opened again");
    assert_eq!(browser.get(&held.here).await.words().matches("Risolto.").count(), 1);

    app.pass(Duration::days(40));
    let late = browser.post(&path, &[("text", "E il coperchio.")]).await;
    assert_eq!(late.status, 409);
    let words = late.words();
    assert!(
        words.contains("Quello che hai scritto non è partito") && words.contains("E il coperchio."),
        "{words}"
    );
}

#[tokio::test]
async fn words_that_came_too_late_wait_in_the_one_form_that_takes_them() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.contest_days = 10).await;
    let held = app.report(&[]).await;
    let mut browser = app.browser();
    app.status(&held, Status::Closed).await;
    let closed = browser.post(&format!("{}/ritira", held.here), &[("text", "Ci ripenso.")]).await;
    assert_eq!(closed.status, 409);
    assert!(closed.body.contains("/contesta") && !closed.body.contains("/risposta"), "{}", closed.body);
    assert_eq!(closed.body.matches("Ci ripenso.").count(), 1, "{}", closed.body);
}
