//! Something is wrong with what was typed, by mistake or on purpose: it is said where and how, and nothing is lost.

use entity::language::Language;
use riscontro::wording::say;

use super::{KINDS, SUMMARY, Visitor, astray, held, photo, title};
use crate::support::html;

/// Part of everything that is typed to do harm.
const MARK: &str = "xqz";

#[tokio::test]
async fn an_error_says_where_and_keeps_everything_that_was_typed() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let data = visitor.at_step("disruption", 2, &citizen).await;
    let long = "o".repeat(130);
    let wrong =
        [("details", ""), ("title", long.as_str()), ("place", "Via «Già» & C. 12"), ("what", "abandoned")];
    let refused = visitor.fill(&data, &citizen, &wrong, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(title(&refused).starts_with("Errore:"), "{}", title(&refused));
    for field in ["title", "details"] {
        assert!(refused.body.contains(&format!("<a href=\"#{field}\">")), "{field}: {}", refused.body);
        assert!(refused.body.contains(&format!("id=\"{field}\"")));
    }
    assert!(refused.words().contains("accorcialo a 120 caratteri"), "{}", refused.words());
    // On the page with the errors, and for who closes it and comes back by the link.
    let again = visitor.open(&data).await;
    for page in [&refused, &again] {
        for (field, typed) in
            [("title", long.as_str()), ("place", "Via «Già» & C. 12"), ("what", "abandoned")]
        {
            assert_eq!(held(page, field), typed);
        }
    }
    let mended = visitor.send(&again, &citizen, &[], &[]).await;
    assert_eq!(mended.status, 303, "{}", mended.body);
}

#[tokio::test]
async fn files_survive_an_error_and_arrive_at_the_desk() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let data = visitor.at_step("disruption", 2, &citizen).await;
    let files = [photo("cassonetto.jpg"), photo("strada.jpg")];
    let refused = visitor.fill(&data, &citizen, &[("details", "")], &files).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("cassonetto.jpg") && refused.words().contains("strada.jpg"));
    assert_eq!(astray(&refused), [] as [String; 0]);

    let remove = |page: &crate::support::browser::Page, name: &str| {
        let item = page.body.split("<li>").find(|item| item.contains(name)).unwrap().to_owned();
        item.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let button = remove(&refused, "strada.jpg");
    for _ in 0..2 {
        // The second press finds nothing to take away, and that is no error.
        let removed = visitor.fill(&data, &citizen, &[("action", &button)], &[]).await;
        assert_eq!(removed.location.as_deref(), Some(data.as_str()), "{}", removed.body);
    }
    let kept = visitor.fill(&data, &citizen, &[("action", "keep")], &[photo("davanti.jpg")]).await;
    assert_eq!(kept.location.as_deref(), Some(data.as_str()));
    // The same one chosen again is one file.
    visitor.fill(&data, &citizen, &[("action", "keep")], &[photo("davanti.jpg")]).await;

    let contacts = visitor.fill(&data, &citizen, &[], &[]).await.location.unwrap();
    let summary = visitor.fill(&contacts, &citizen, &[], &[]).await.location.unwrap();
    let sent = visitor.fill(&summary, &citizen, &[], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let mut desk = visitor.house.administrator().await;
    let order = desk.get("/desk/work-orders/2026-000001").await.words();
    assert!(order.contains("davanti.jpg") && !order.contains("strada.jpg"), "{order}");
    assert!(order.matches("cassonetto.jpg").count() >= 1, "{order}");
}

#[tokio::test]
async fn files_that_cannot_be_taken_are_named_and_the_others_are_kept() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("complaint", 1).await;
    let data = visitor.at_step("complaint", 2, &citizen).await;
    let page = ("foto.jpg".to_owned(), b"<!doctype html><script>alert(1)</script>".to_vec());
    let refused = visitor.fill(&data, &citizen, &[], &[page, photo("buona.jpg")]).await;
    assert_eq!(refused.status, 422);
    let words = refused.words();
    assert!(words.contains("«foto.jpg»") && words.contains("buona.jpg"), "{words}");
    let many: Vec<_> =
        (0..12).map(|n| (format!("{n}.txt"), format!("file numero {n}").into_bytes())).collect();
    let refused = visitor.fill(&data, &citizen, &[("action", "keep")], &many).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains(&say(Language::It, "site-files-too-much")), "{}", refused.words());
    assert_eq!(refused.body.matches("value=\"remove:").count(), 10, "as many as there may be");
}

#[tokio::test]
async fn a_wrong_codice_fiscale_is_explained_and_omocodia_is_none() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("complaint", 1).await;
    let contacts = visitor.at_step("complaint", 3, &citizen).await;
    for (typed, problem) in [
        ("", "problem-missing"),
        ("RSSMRA45C12F205", "problem-fiscal-code-length"),
        ("CSTNGL22I10D086I", "problem-fiscal-code-month"),
        ("CNTCHR83T32D969H", "problem-fiscal-code-day"),
        ("FOXDRA26C24H872A", "problem-fiscal-code-check"),
        ("12345678901", "problem-vat-check"),
    ] {
        let refused = visitor.fill(&contacts, &citizen, &[("fiscal_code", typed)], &[]).await;
        assert_eq!(refused.status, 422, "{typed}");
        assert!(refused.words().contains(&say(Language::It, problem)), "{typed}: {}", refused.words());
        assert_eq!(held(&refused, "fiscal_code"), typed);
    }
    let omocodia = visitor.fill(&contacts, &citizen, &[("fiscal_code", "rssmra45c12f2lri")], &[]).await;
    assert_eq!(omocodia.status, 303, "{}", omocodia.body);
}

#[tokio::test]
async fn who_cannot_be_reached_is_asked_for_one_of_two_addresses() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("complaint", 1).await;
    let contacts = visitor.at_step("complaint", 3, &citizen).await;
    let neither = visitor.fill(&contacts, &citizen, &[("email", ""), ("postal_address", "")], &[]).await;
    assert_eq!(neither.status, 422);
    assert!(neither.words().contains(&say(Language::It, "problem-email-or-postal")), "{}", neither.words());
    let by_post = visitor.fill(&contacts, &citizen, &[("email", "")], &[]).await;
    assert_eq!(by_post.status, 303, "{}", by_post.body);
}

#[tokio::test]
async fn a_company_that_has_no_first_name_can_complain() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("complaint", 1).await;
    let contacts = visitor.at_step("complaint", 3, &citizen).await;
    let company = [("name", ""), ("surname", "Bar Centrale s.r.l."), ("fiscal_code", "00743110157")];
    let sent = visitor.fill(&contacts, &citizen, &company, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.words());
    // A person has a first name, too.
    let person = [("name", ""), ("surname", "Bianchi")];
    assert_eq!(visitor.fill(&contacts, &citizen, &person, &[]).await.status, 422);
}

#[tokio::test]
async fn who_gives_no_codice_fiscale_cannot_be_told_on_io() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("complaint", 1).await;
    let contacts = visitor.at_step("complaint", 3, &citizen).await;
    let company = [("fiscal_code", "00743110157"), ("told_by", "io")];
    let refused = visitor.fill(&contacts, &citizen, &company, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains(&say(Language::It, "problem-no-fiscal-code")), "{}", refused.words());
    let person = visitor.fill(&contacts, &citizen, &[("told_by", "io")], &[]).await;
    assert_eq!(person.status, 303, "{}", person.body);
}

#[tokio::test]
async fn the_summary_is_not_sent_without_its_tick_nor_before_the_other_steps() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let summary = visitor.at_step("disruption", SUMMARY, &citizen).await;
    let refused = visitor.fill(&summary, &citizen, &[("terms", "")], &[]).await;
    assert_eq!((refused.status, visitor.orders().await), (422, 0));
    assert!(refused.body.contains("<a href=\"#terms\">"));

    // Somebody sends the last step of a form of which nothing was answered.
    let data = visitor.at_step("disruption", 2, &citizen).await;
    let jumped = visitor.browser.post(&data.replace("/2?", "/4?"), &[("terms", "on")]).await;
    assert!(matches!(jumped.status, 303 | 422), "{}", jumped.status);
    assert_eq!(visitor.orders().await, 0);
}

#[tokio::test]
async fn what_fills_a_field_that_nobody_sees_waits_for_a_person_and_is_not_lost() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let summary = visitor.at_step("disruption", SUMMARY, &citizen).await;
    let trapped = visitor.fill(&summary, &citizen, &[("website", "x")], &[]).await;
    assert_eq!((trapped.status, visitor.orders().await), (303, 0));
    let receipt = visitor.browser.get(&trapped.location.unwrap()).await;
    assert!(receipt.words().contains("lo legge una persona"), "{}", receipt.words());
    let waiting = visitor.house.administrator().await.get("/desk/submissions").await;
    assert!(waiting.words().contains("Segnalazione di disservizio"), "{}", waiting.words());
}

#[tokio::test]
async fn whatever_is_typed_into_whatever_field_nothing_breaks_runs_or_is_mailed() {
    let mut visitor = Visitor::new().await;
    let poison = [
        format!("Anna\r\nBcc: vittima@altrove.example\r\n\r\n{MARK}"),
        format!("\u{202e}{MARK}\u{2066}\u{200f}"),
        format!("\u{0}\u{1}\u{7f}\u{85}{MARK}\u{feff}"),
        format!("\"><script>{MARK}()</script><img src=x onerror={MARK}()>' onfocus='{MARK}()"),
        format!("{{{{ {MARK} }}}}{{% if {MARK} %}}javascript:{MARK}()"),
        format!("{MARK}{}", "è".repeat(500_000)),
        format!("={MARK}|'/../../etc/passwd;DROP TABLE submission;--"),
    ];
    for kind in KINDS {
        let citizen = visitor.citizen(kind, 1).await;
        for typed in &poison {
            for step in [2, 3] {
                // The counters run on the house's clock: nobody is to be refused for being quick.
                visitor.house.pass(chrono::Duration::minutes(1));
                let at = visitor.at_step(kind, step, &citizen).await;
                let page = visitor.open(&at).await;
                let form = super::step_form(&page);
                let fields: Vec<(&str, &str)> = form
                    .fields
                    .iter()
                    .filter(|field| {
                        !matches!(field.kind.as_str(), "file" | "submit") && field.name != "website"
                    })
                    .map(|field| (field.name.as_str(), typed.as_str()))
                    .collect();
                let answer = visitor.browser.post(&form.action, &fields).await;
                assert!(matches!(answer.status, 303 | 413 | 422), "{kind} {step}: {}", answer.status);
                let shown = visitor.browser.get(&at).await;
                for page in [&answer, &shown] {
                    let runs = html::runs(&page.body, MARK);
                    assert!(runs.is_empty(), "{kind} {step}: {runs:?}");
                    assert!(!page.headers.iter().any(|(_, value)| value.as_bytes().contains(&b'\n')));
                }
                let kept = visitor.kept(&at).await;
                let hidden = |c: char| {
                    c.is_control() && !matches!(c, '\n' | '\t') || ('\u{202a}'..='\u{202e}').contains(&c)
                };
                for (name, answer) in &kept.answers.0 {
                    assert!(!answer.contains(hidden), "{kind} {name}: {answer:?}");
                    assert!(answer.len() <= 20_000, "{kind} {name}: {} bytes", answer.len());
                }
            }
        }
    }
    assert_eq!((visitor.orders().await, visitor.house.errands_out().await.len()), (0, 0));
}

#[tokio::test]
async fn nobody_wishes_for_a_day_that_is_past() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("pickup", 1).await;
    let data = visitor.at_step("pickup", 2, &citizen).await;
    let page = visitor.open(&data).await;
    assert!(page.body.contains("type=\"date\"") && page.body.contains("min=\"2026-03-02\""), "{}", page.body);
    assert!(page.words().contains("Da oggi in poi."), "{}", page.words());
    for (language, words) in [
        (Language::It, "La data è già passata"),
        (Language::En, "The date is in the past"),
        (Language::De, "Das Datum liegt in der Vergangenheit"),
    ] {
        let at = format!("{data}&lang={}", language.tag());
        let refused = visitor.fill(&at, &citizen, &[("preferred_date", "2026-03-01")], &[]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.words().contains(words), "{}", refused.words());
        assert_eq!(held(&refused, "preferred_date"), "2026-03-01", "it is not lost");
    }
    let today = visitor.fill(&data, &citizen, &[("preferred_date", "2026-03-02")], &[]).await;
    assert_eq!(today.status, 303, "{}", today.body);
    // Saved in time, sent too late.
    let contacts = visitor.fill(&today.location.unwrap(), &citizen, &[], &[]).await;
    visitor.house.pass(chrono::Duration::days(1));
    let late = visitor.fill(&contacts.location.unwrap(), &citizen, &[], &[]).await;
    assert_eq!(late.status, 422);
    assert!(late.body.contains("/pickup/2?b="), "it leads to the step: {}", late.body);
}

#[tokio::test]
async fn a_position_that_is_none_is_said_beside_its_place_and_can_be_taken_away() {
    let mut visitor = Visitor::new().await;
    let citizen = visitor.citizen("disruption", 1).await;
    let data = visitor.at_step("disruption", 2, &citizen).await;
    let refused = visitor.fill(&data, &citizen, &[("place_lat", "999"), ("place_lon", "10.2")], &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("La posizione non è valida"), "{}", refused.words());
    assert!(refused.body.contains("<a href=\"#place\">") && refused.body.contains("id=\"place-error\""));
    let forgotten = visitor.send(&refused, &citizen, &[("action", "position:none")], &[]).await;
    assert_eq!(forgotten.location.as_deref(), Some(data.as_str()), "{}", forgotten.body);
    assert_eq!(visitor.fill(&data, &citizen, &[], &[]).await.status, 303);
}
