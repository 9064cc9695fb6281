//! A banned sender is kept out wherever they come back, is told so kindly, and nobody else is.

use entity::{ban::What, portal::Anonymous};
use riscontro::{
    actions::{Cx, ban, submission},
    domain::link,
};

use super::networks::{Somebody, is_taken};
use crate::support::{app::TestApp, browser::Page};

const BANNED: &str = "Da qui ora non possiamo ricevere richieste";

async fn house(phone: &str) -> TestApp {
    let house = TestApp::start().await;
    house
        .open_portal(|portal| {
            phone.clone_into(&mut portal.phone);
            portal.anonymous = Anonymous::Moderated;
        })
        .await;
    house
}

fn why() -> ban::Form {
    ban::Form { value: String::new(), reason: "spam".to_owned(), until: None }
}

impl TestApp {
    async fn ban(&self, value: &str) {
        let cx = Cx::system(self.organisation(), self.now());
        ban::add(&self.app.desk, &cx, &ban::Form { value: value.to_owned(), ..why() }).await.unwrap();
    }

    /// Bans the network from which the form of this link was sent.
    async fn ban_network_of(&self, link: &str) {
        let id = link::draft_of(&self.app.desk.keys, link.split_once("b=").unwrap().1).unwrap();
        let cx = Cx::system(self.organisation(), self.now());
        ban::add_sender(&self.app.desk, &cx, id, What::Network, &why()).await.unwrap();
    }
}

fn is_refused(page: &Page) -> bool {
    page.status == 422 && page.words().contains(BANNED)
}

#[tokio::test]
async fn a_network_is_banned_by_where_a_form_is_sent_from_and_not_by_where_it_was_begun() {
    let house = house("800 123456").await;
    let mut spammer = Somebody::at(&house, "203.0.113.9");
    let mut elsewhere = Somebody::at(&house, "198.51.100.7");
    // Begun at home, sent from the network that is then banned.
    let summary = elsewhere.fills("").await;
    assert!(is_taken(&spammer.sends(&summary).await));
    let before = spammer.begins().await;
    house.ban_network_of(&summary).await;

    let begun = spammer.post("/sportello/ente/disruption/1", &[("privacy", "on")]).await;
    assert!(is_refused(&begun), "{}", begun.words());
    assert!(begun.words().contains("telefonaci al numero 800 123456"), "{}", begun.words());
    let begun_elsewhere = elsewhere.begins().await;
    let saved = spammer.post(&begun_elsewhere, &[("title", "Comprate qui")]).await;
    assert!(is_refused(&saved), "{}", saved.words());
    let uploaded = spammer.post_body(&begun_elsewhere, "multipart/form-data; boundary=x", "--x--\r\n").await;
    assert!(is_refused(&uploaded));
    assert!(is_refused(&spammer.post(&format!("{begun_elsewhere}&auto-save=1"), &[("title", "x")]).await));
    assert_eq!(elsewhere.get(&begun_elsewhere).await.field("title"), "", "nothing of it is kept");
    let summary = elsewhere.goes_on(&begun_elsewhere, "").await;
    assert!(is_refused(&spammer.sends(&summary).await));

    let summary = elsewhere.goes_on(&before, "anna@libero.example").await;
    assert!(is_taken(&elsewhere.sends(&summary).await), "who went elsewhere is not there any more");
}

#[tokio::test]
async fn a_network_that_is_banned_between_the_door_and_the_desk_is_refused_at_the_desk() {
    let house = house("").await;
    let mut elsewhere = Somebody::at(&house, "198.51.100.7");
    let summary = elsewhere.fills("").await;
    assert!(is_taken(&elsewhere.sends(&summary).await));
    house.ban_network_of(&summary).await;
    let mut citizen = Somebody::at(&house, "203.0.113.9");
    let summary = citizen.fills("").await;
    let id = link::draft_of(&house.app.desk.keys, summary.split_once("b=").unwrap().1).unwrap();
    let peer: std::net::IpAddr = "198.51.100.7".parse().unwrap();
    let network = riscontro::domain::network::network(&house.app.desk.keys, peer);
    let cx = Cx::system(house.organisation(), house.now());
    let refused = submission::submit(&house.app.desk, &cx, id, &network, false).await.unwrap_err();
    let riscontro::actions::Error::Rejected(flaws) = refused else { panic!("{refused:?}") };
    assert!(flaws[0].message.starts_with(BANNED) && flaws[0].message.contains("per posta"), "{flaws:?}");
}

#[tokio::test]
async fn a_domain_is_banned_with_all_below_it_and_with_nothing_that_only_ends_alike() {
    let house = house("800 123456").await;
    house.ban("spam.example").await;
    for (email, taken) in [
        ("a@spam.example", false),
        ("a@POSTA.Spam.example", false),
        ("a@uno.due.spam.example", false),
        ("a@\u{ff53}pam.example", false),
        ("a@spa\u{ad}m.example", false),
        ("a@notspam.example", true),
        ("a@spam.example.org", true),
        ("spam.example@libero.example", true),
    ] {
        let mut citizen = Somebody::at(&house, "203.0.113.9");
        let summary = citizen.fills(email).await;
        let sent = citizen.sends(&summary).await;
        assert_eq!((is_taken(&sent), is_refused(&sent)), (taken, !taken), "{email}: {}", sent.words());
        assert!(taken || sent.words().contains("800 123456"));
    }
    house.ban("anna@libero.example").await;
    let mut anna = Somebody::at(&house, "203.0.113.9");
    let summary = anna.fills("Anna@Libero.example").await;
    assert!(is_refused(&anna.sends(&summary).await));
}

#[tokio::test]
async fn a_domain_is_banned_however_its_letters_are_written() {
    for banned in [
        "caffè.example",
        "xn--caff-8oa.example",
        "XN--CAFF-8OA.example",
        "spam@caffè.example",
        "spam@xn--caff-8oa.example",
    ] {
        let house = house("").await;
        house.ban(banned).await;
        for email in [
            "spam@caffè.example",
            "spam@xn--caff-8oa.example",
            "Spam@XN--CAFF-8oa.Example",
            "spam@caffe\u{300}.example",
        ] {
            let mut citizen = Somebody::at(&house, "203.0.113.9");
            let summary = citizen.fills(email).await;
            assert!(is_refused(&citizen.sends(&summary).await), "{banned}: {email}");
        }
        let mut other = Somebody::at(&house, "203.0.113.9");
        let summary = other.fills("spam@caffe.example").await;
        assert!(is_taken(&other.sends(&summary).await), "{banned}");
    }
}
