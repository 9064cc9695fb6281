//! How letters name a request to who did not send it: a number says nothing to a neighbour.

use entity::{language::Language, work_order::Status};
use riscontro::actions::tracking::{self, Target};

use crate::support::app::{LetterOut, TestApp};

impl TestApp {
    /// The only letter to Marco that waits.
    async fn letter_to_marco(&self) -> LetterOut {
        let mut letters = self.errands_out_to("marco@libero.example").await;
        assert_eq!(letters.len(), 1);
        letters.remove(0)
    }

    async fn ask_link_of(&self, address: &str, language: Language) {
        let number = "2026/000001".parse().unwrap();
        tracking::send_link_again(&self.app.desk, &self.cx(), number, address, language).await.unwrap();
    }
}

#[tokio::test]
async fn letters_to_a_neighbour_name_kind_street_and_day_and_nothing_else_of_a_request() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example"), ("name", "Anna")]).await;
    app.confirm(&held).await;
    app.errands_out().await;
    app.ask_to_follow(Target::WorkOrder(held.order), "marco@libero.example").await;
    let asked = app.letter_to_marco().await;
    let named = "la segnalazione 2026/000001 (Segnalare un disservizio, 02/03/2026).";
    assert!(asked.mail.text.contains(named), "{}", asked.mail.text);
    assert!(!asked.raw.contains("Solferino"), "the words of one citizen go to no address that another typed");

    let marco = app.follower_in(&asked).await;
    tracking::confirm(&app.app.desk, &app.cx(), &marco).await.unwrap();
    app.set_status("2026/000001", Status::Closed).await;
    let told = app.letter_to_marco().await;
    let named = "2026/000001 (Segnalare un disservizio, via Solferino, 02/03/2026)";
    assert!(told.mail.text.contains(named), "{}", told.mail.text);
    assert_eq!(told.mail.subject, "Aggiornamento sulla richiesta [2026/000001]");
    app.ask_link_of("marco@libero.example", Language::De).await;
    let link = app.letter_to_marco().await;
    assert!(link.mail.text.contains(", via Solferino, 02.03.2026)"), "{}", link.mail.text);
    for letter in [&asked, &told, &link] {
        for hidden in ["Solferino 12", "Castelverde", "Anna", "anna@"] {
            assert!(!letter.mail.text.contains(hidden), "{hidden}: {}", letter.mail.text);
        }
    }

    app.ask_link_of("anna@libero.example", Language::It).await;
    let hers = app.errands_out_to("anna@libero.example").await.pop().unwrap().mail.text;
    assert!(hers.contains("la richiesta 2026/000001:\n"), "she knows what she wrote: {hers}");
}

#[tokio::test]
async fn no_address_of_the_net_travels_to_neighbours_as_the_name_of_a_street() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    for (n, (place, street)) in [
        ("Via premi.example.com 3", None),
        ("Via vinci.subito Roma", None),
        ("V.le G.Verdi 3", Some("V.le G.Verdi")),
    ]
    .into_iter()
    .enumerate()
    {
        let held = app.report(&[("email", "anna@libero.example"), ("place", place)]).await;
        app.errands_out().await;
        let marco = format!("marco{n}@libero.example");
        app.follows(Target::WorkOrder(held.order), &marco).await;
        app.set_status(&format!("2026/{:06}", n + 1), Status::Closed).await;
        let told = app.errands_out_to(&marco).await.remove(0).mail.text;
        let between = street.map(|street| format!("{street}, ")).unwrap_or_default();
        let named = format!("(Segnalare un disservizio, {between}02/03/2026)");
        assert!(told.contains(&named), "{place}: {told}");
    }
}
