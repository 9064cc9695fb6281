//! What the tracking page says of the way by which its visitor is told.

use entity::{follower::ToldBy, work_order::Status};
use riscontro::stand_in::ready;

use super::{ANNA, whom::belongs_to};
use crate::support::app::TestApp;

const IO: &str = "id=\"tell-io\" name=\"told_by\" value=\"io\"";

#[tokio::test]
async fn who_is_told_on_io_reads_so_and_keeps_it() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    let here = app.letter_link(&held).await;
    let mut anna = app.browser();
    assert!(!anna.get(&here).await.body.contains(IO), "nobody knows a code of hers");
    belongs_to(&app, held.order, ANNA, ready::ON).await;
    let page = anna.get(&here).await;
    assert!(page.body.contains(&format!("{IO} checked")), "she is told there first");
    let by_number = anna.get(&held.here).await;
    assert!(!by_number.body.contains(IO), "number and code do not tell whom the register knows");
    let guessed = anna.post(&format!("{}/avvisi", held.here), &[("told_by", "io")]).await;
    assert_eq!(guessed.status, 422);
    let path = format!("{here}/avvisi");
    assert_eq!(anna.post(&path, &[("told_by", "io")]).await.status, 303);
    assert_eq!(app.follower_of(&held).await.told_by, ToldBy::Io);
    app.becomes(held.order, Status::InProgress).await;
    assert_eq!(app.on_io(&io).await.len(), 1);
    assert_eq!(anna.post(&path, &[("told_by", "mail")]).await.status, 303);
    let page = anna.get(&here).await;
    assert!(page.body.contains(IO) && !page.body.contains(&format!("{IO} checked")), "what she has chosen");
}

#[tokio::test]
async fn whose_request_it_is_not_is_offered_nobody_elses_app() {
    let app = TestApp::start().await;
    app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    belongs_to(&app, held.order, "madre@libero.example", ready::ON).await;
    let here = app.letter_link(&held).await;
    let mut anna = app.browser();
    assert!(!anna.get(&here).await.body.contains(IO));
    assert_eq!(anna.post(&format!("{here}/avvisi"), &[("told_by", "io")]).await.status, 422);
}
