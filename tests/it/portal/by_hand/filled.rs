//! Everything goes well.

use entity::language::Language;
use riscontro::wording::{Value, say, say_with};

use super::{KINDS, SUMMARY, Visitor, held, title};
use crate::support::citizen::Citizen;

#[tokio::test]
async fn each_form_is_filled_from_the_first_page_to_the_answer_of_the_desk() {
    let mut visitor = Visitor::new().await;
    let mut desk = visitor.house.administrator().await;
    for (n, kind) in KINDS.into_iter().enumerate() {
        let citizen = visitor.citizen(kind, n).await;
        let receipt = visitor.send_whole(kind, &citizen).await;
        let number = format!("2026/{:06}", n + 1);
        let page = visitor.open(&receipt).await;
        let words = page.words();
        assert!(words.contains("Richiesta inviata") && words.contains(&number), "{kind}: {words}");
        let until = if kind == "disruption" { "entro" } else { "Risposta entro il" };
        assert!(words.contains(until), "{kind}: {words}");

        let order = desk.get(&format!("/desk/work-orders/{}", number.replace('/', "-"))).await.words();
        assert!(order.contains(&format!("Numero {n}. Il contenitore è pieno da giorni.")), "{kind}: {order}");

        let letters = visitor.house.errands_out().await;
        assert_eq!(letters.len(), 1, "{kind}");
        let letter = &letters[0].mail;
        assert_eq!(letter.to[0].address, Citizen::address(n));
        assert!(letter.text.contains(&number) && letter.text.contains("/segui/"), "{}", letter.text);
        assert!(!letter.text.contains("contenitore") && !letter.text.contains("Anna"), "{}", letter.text);

        let tracking = page.links("/segui/").remove(0);
        let tracked = visitor.open(&tracking).await.words();
        assert!(tracked.contains(&number), "{kind}: {tracked}");
    }
}

#[tokio::test]
async fn nothing_is_kept_of_who_only_looks() {
    let mut visitor = Visitor::new().await;
    for kind in KINDS {
        visitor.open(&format!("/sportello/ente/{kind}")).await;
        let ahead = visitor.browser.get(&format!("/sportello/ente/{kind}/3")).await;
        assert_eq!(ahead.location.as_deref(), Some(format!("/sportello/ente/{kind}/1").as_str()));
    }
    let citizen = visitor.citizen("disruption", 1).await;
    let unread = visitor.fill("/sportello/ente/disruption", &citizen, &[("privacy", "")], &[]).await;
    assert_eq!((unread.status, visitor.submissions().await), (422, 0));
    assert!(title(&unread).starts_with("Errore:"), "{}", title(&unread));
    let read = visitor.fill("/sportello/ente/disruption", &citizen, &[], &[]).await;
    assert_eq!((read.status, visitor.submissions().await), (303, 1));
}

#[tokio::test]
async fn the_steps_are_counted_in_words_and_lead_back() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("information", 1).await;
    let summary = visitor.at_step("information", SUMMARY, &citizen).await;
    let page = visitor.open(&summary).await;
    assert!(page.words().contains("Passo 4 di 4: Riepilogo"), "{}", page.words());
    for (step, field, typed) in [(2, "title", "Segnalazione 1"), (3, "surname", "Prova1")] {
        let back = page.links(&format!("/information/{step}?b=")).remove(0);
        assert_eq!(held(&visitor.open(&back).await, field), typed);
        // Who came back from the summary to change something returns there.
        let changed = visitor.fill(&back, &citizen, &[(field, "Cambiato")], &[]).await;
        assert_eq!(changed.location.as_deref(), Some(summary.as_str()));
        assert!(visitor.open(&summary).await.words().contains("Cambiato"));
    }
}

#[tokio::test]
async fn a_citizen_is_served_in_three_languages() {
    let mut visitor = Visitor::new().await;
    for (n, language) in Language::ALL.into_iter().enumerate() {
        let tag = language.tag();
        let first = visitor.open(&format!("/sportello/ente/complaint?lang={tag}")).await;
        assert!(first.body.contains(&format!("<html lang=\"{tag}\"")));
        let citizen = visitor.citizen("complaint", n).await;
        let receipt = visitor.send_whole("complaint", &citizen).await;
        let words = visitor.open(&receipt).await.words();
        assert!(words.contains(&say(language, "sent-title-accepted")), "{tag}: {words}");
        let number = Value::from(format!("2026/{:06}", n + 1));
        let letter = visitor.house.errands_out().await.remove(0);
        assert_eq!(letter.mail.subject, say_with(language, "letter-received-subject", &[("number", number)]));
    }
}

#[tokio::test]
async fn letters_come_in_the_language_that_was_asked_for_in_the_form() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let contacts = visitor.at_step("disruption", 3, &citizen).await;
    let summary = visitor.fill(&contacts, &citizen, &[("language", "de")], &[]).await.location.unwrap();
    let sent = visitor.fill(&summary, &citizen, &[], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let number = Value::from("2026/000001");
    let letter = visitor.house.errands_out().await.remove(0);
    assert_eq!(letter.mail.subject, say_with(Language::De, "letter-received-subject", &[("number", number)]));
}

#[tokio::test]
async fn a_complaint_asks_what_the_law_wants_and_says_where_codes_are_found() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("complaint", 1).await;
    let data = visitor.at_step("complaint", 2, &citizen).await;
    let page = visitor.open(&data).await.words();
    for asked in ["Codice utente", "Codice utenza", "Indirizzo dell’utenza", "Dettagli"] {
        assert!(page.contains(asked), "{asked}: {page}");
    }
    assert!(page.contains("È stampato in alto sull’avviso di pagamento."), "{page}");
    assert_eq!(page.matches("Non ho il codice a portata di mano").count(), 2, "{page}");
    let contacts = visitor.at_step("complaint", 3, &citizen).await;
    let page = visitor.open(&contacts).await;
    for (asked, purpose) in [
        ("name", "given-name"),
        ("surname", "family-name"),
        ("email", "email"),
        ("postal_address", "street-address"),
        ("phone", "tel"),
    ] {
        let at = page.body.find(&format!("name=\"{asked}\"")).unwrap_or_else(|| panic!("no {asked}"));
        let tag = page.body[..at].rfind('<').unwrap();
        let tag = &page.body[tag..tag + page.body[tag..].find('>').unwrap()];
        assert!(tag.contains(&format!("autocomplete=\"{purpose}\"")), "WCAG 1.3.5: {tag}");
    }
}

#[tokio::test]
async fn who_says_how_easy_it_was_is_thanked_once_and_who_forgets_the_number_keeps_the_words() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let receipt = visitor.send_whole("disruption", &citizen).await;
    let forgotten = visitor.browser.post(&receipt, &[("note", "Il passo tre è lungo.")]).await;
    assert_eq!(forgotten.status, 422);
    assert!(title(&forgotten).starts_with("Errore:") && forgotten.body.contains("Il passo tre è lungo."));
    assert_eq!(visitor.kept(&receipt).await.rating, None);
    let rated = visitor.browser.post(&receipt, &[("rating", "4"), ("note", "Il passo tre è lungo.")]).await;
    assert_eq!(rated.status, 303, "{}", rated.body);
    let kept = visitor.kept(&receipt).await;
    assert_eq!((kept.rating, kept.rating_note.as_str()), (Some(4), "Il passo tre è lungo."));
    let page = visitor.open(&receipt).await;
    assert!(page.words().contains("Grazie: la tua valutazione"), "{}", page.words());
    assert!(!page.body.contains("name=\"rating\""));
}

#[cfg(feature = "pdf")]
#[tokio::test]
async fn the_receipt_can_be_kept_as_a_document() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let receipt = visitor.send_whole("disruption", &citizen).await;
    let link = visitor.open(&receipt).await.links("/ricevuta.pdf").remove(0);
    let document = visitor.browser.get(&link).await;
    assert_eq!((document.status, document.bytes.get(..5)), (200, Some(&b"%PDF-"[..])));
    assert_eq!(document.headers["content-disposition"], "attachment; filename=\"ricevuta-2026-000001.pdf\"");
}

#[tokio::test]
async fn the_summary_shows_the_position_and_the_language_that_will_be_sent() {
    let mut visitor = Visitor::new().await;
    let complaint = visitor.citizen("complaint", 2).await;
    let contacts = visitor.at_step("complaint", 3, &complaint).await;
    assert!(visitor.open(&contacts).await.words().contains("asterisco"), "here some have one");
    let citizen = visitor.citizen("disruption", 1).await;
    let data = visitor.at_step("disruption", 2, &citizen).await;
    let position = [("place_lat", "45.5392001"), ("place_lon", "10.2206")];
    let contacts = visitor.fill(&data, &citizen, &position, &[]).await.location.unwrap();
    let page = visitor.open(&contacts).await.words();
    assert!(!page.contains("asterisco"), "no question has one: {page}");
    let summary = visitor.fill(&contacts, &citizen, &[("language", "de")], &[]).await.location.unwrap();
    let page = visitor.open(&summary).await.words();
    assert!(page.contains("Position 45.53920, 10.22060"), "{page}");
    assert!(page.contains("In welcher Sprache sollen wir Ihnen schreiben? Deutsch"), "{page}");
}
