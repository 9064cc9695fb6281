//! Sheets that are changed, here and elsewhere.

use chrono::Duration;
use entity::io_service::Lifecycle;
use riscontro::{
    actions::io::service::sheet_of,
    app::io::{Keys, Management},
    domain::io::sheet::Sheet,
    stand_in::{Service, ready},
};
use serde_json::json;

use super::{SERVICES, done, edit, house, id_of, says, send_again};
use crate::support::{app::TestApp, io::Io};

impl TestApp {
    fn io_line(&self, io: &Io) -> Management {
        let keys = Keys { first: ready::MANAGE_KEYS[0].to_owned().into(), second: None };
        self.app.io_management(&io.base_url, self.organisation(), keys).unwrap()
    }

    /// Somebody changes a sheet in the Area Riservata.
    async fn io_changed_elsewhere(&self, io: &Io, remote: &str, change: impl FnOnce(&mut Sheet)) {
        let line = self.io_line(io);
        let now = line.service(remote).await.unwrap().sheet;
        let mut changed = now.clone();
        change(&mut changed);
        line.update(remote, &now, &changed).await.unwrap();
    }
}

fn at_io(io: &Io, remote: &str) -> Service {
    io.stand_in.services().into_iter().find(|service| service.id == remote).unwrap()
}

#[tokio::test]
async fn trap_17_an_edit_resets_nothing_that_it_does_not_touch() {
    let (app, io, mut admin) = house().await;
    let path = app
        .io_made(
            &mut admin,
            &[("authorized_recipients", "vrdnna80a41a000p"), ("max_allowed_payment_amount", "1.234,56")],
        )
        .await;
    let remote = app.io_row(id_of(&path)).await.remote_id.unwrap();
    let before = at_io(&io, &remote).sheet;
    assert_eq!(
        (&before["suitable_for_minors"], &before["max_allowed_payment_amount"]),
        (&json!(true), &json!(123_456))
    );
    assert_eq!(before["authorized_recipients"], json!([ready::TEST_CODE, ready::ON]));
    // IO does not show for whom it is suitable; somebody else adds an address meanwhile.
    let form = admin.get(&format!("{path}/sheet")).await;
    app.io_changed_elsewhere(&io, &remote, |sheet| {
        sheet.authorized_cidrs.push("203.0.113.9".to_owned());
        sheet.suitable_for_minors = Some(true);
        sheet.metadata.web_url = Some("https://valleserena.example".to_owned());
    })
    .await;
    assert_eq!(done(&send_again(&mut admin, &path, &form, &[("phone", "030 7654321")]).await), "written");
    let after = at_io(&io, &remote).sheet;
    let mut expected = before.clone();
    expected["authorized_cidrs"] = json!(["127.0.0.1", "203.0.113.9"]);
    expected["metadata"]["web_url"] = json!("https://valleserena.example");
    expected["metadata"]["phone"] = json!("030 7654321");
    assert_eq!(after, expected);
    // A look that does not show it forgets nothing.
    assert_eq!(done(&admin.post(&format!("{path}/refresh"), &[]).await), "refreshed");
    assert_eq!(sheet_of(&app.io_row(id_of(&path)).await).suitable_for_minors, Some(true));
    assert_eq!(done(&edit(&mut admin, &path, &[("address", "Via Roma 1")]).await), "written");
    assert_eq!(at_io(&io, &remote).sheet["suitable_for_minors"], true);
}

#[tokio::test]
async fn two_people_at_one_field_are_told_of_each_other() {
    let (app, io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    let remote = app.io_row(id_of(&path)).await.remote_id.unwrap();
    let form = admin.get(&format!("{path}/sheet")).await;
    app.io_changed_elsewhere(&io, &remote, |sheet| {
        sheet.metadata.phone = Some("800 111".to_owned());
        sheet.metadata.pec = Some("ente@pec.example".to_owned());
    })
    .await;
    let clash = send_again(&mut admin, &path, &form, &[("phone", "800 222")]).await;
    assert_eq!(clash.status, 409);
    says(&clash, &["qualcuno ha cambiato gli stessi campi su IO", "Adesso: 800 111", "Nel modulo: 800 222"]);
    assert_eq!(clash.field("pec"), "ente@pec.example", "what is nobody's quarrel is taken over");
    assert_eq!(at_io(&io, &remote).sheet["metadata"]["phone"], "800 111");
    assert_eq!(done(&send_again(&mut admin, &path, &clash, &[]).await), "written");
    let now = at_io(&io, &remote).sheet;
    assert_eq!(
        (&now["metadata"]["phone"], &now["metadata"]["pec"]),
        (&json!("800 222"), &json!("ente@pec.example"))
    );

    // The same between two of ours.
    let late = send_again(&mut admin, &path, &form, &[("phone", "800 333")]).await;
    assert_eq!(late.status, 409);
    says(&late, &["da un altro amministratore", "Adesso: 800 222", "Nel modulo: 800 333"]);
    assert_eq!(at_io(&io, &remote).sheet, now);
}

#[tokio::test]
async fn a_sheet_that_went_to_the_reviewers_meanwhile_is_not_changed_and_nothing_typed_is_lost() {
    let (app, io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    let remote = app.io_row(id_of(&path)).await.remote_id.unwrap();
    let form = admin.get(&format!("{path}/sheet")).await;
    app.io_line(&io).review(&remote, true).await.unwrap();
    let refused = send_again(&mut admin, &path, &form, &[("address", "Via Nuova 7")]).await;
    assert_eq!(refused.status, 409);
    says(&refused, &["Su IO il servizio è in un altro stato (in revisione)"]);
    assert_eq!(refused.field("address"), "Via Nuova 7");
    assert_eq!(app.io_row(id_of(&path)).await.lifecycle, Lifecycle::Submitted);
    // Nor when we know it before IO is asked; and when the review is over, what came meanwhile is shown first.
    let refused = send_again(&mut admin, &path, &form, &[("address", "Via Nuova 7")]).await;
    assert_eq!(refused.status, 409);
    says(
        &refused,
        &["Scheda del servizio", "La scheda è in revisione: si modifica quando la revisione è finita."],
    );
    assert_eq!(refused.field("address"), "Via Nuova 7");
    app.review_goes_on(&io, Duration::hours(2)).await;
    let late = send_again(&mut admin, &path, &refused, &[]).await;
    assert_eq!((late.status, late.field("address").as_str()), (409, "Via Nuova 7"));
    assert_eq!(done(&send_again(&mut admin, &path, &late, &[]).await), "written");
}

#[tokio::test]
async fn trap_18_a_review_never_hides_what_citizens_see() {
    let (app, io, mut admin) = house().await;
    let path = app.io_imported(&mut admin, &io).await;
    assert!(at_io(&io, ready::SERVICE).publication.unwrap().published);
    assert_eq!(done(&edit(&mut admin, &path, &[("phone", "030 1")]).await), "written");
    let review = admin.get(&format!("{path}/review")).await;
    says(&review, &["La revisione è automatica", "I cittadini vedono già il servizio"]);
    assert!(!review.body.contains("name=\"publish\""), "there is nothing to choose");
    assert_eq!(done(&admin.post(&format!("{path}/review"), &[]).await), "submitted");
    app.review_goes_on(&io, Duration::hours(2)).await;
    let publication = at_io(&io, ready::SERVICE).publication.unwrap();
    assert!(publication.published && publication.sheet["metadata"]["phone"] == "030 1");
    says(&admin.get(&path).await, &["approvato", "pubblicato"]);
    // A name is read by a person.
    assert_eq!(done(&edit(&mut admin, &path, &[("name", "Segnalazioni e reclami")]).await), "written");
    says(&admin.get(&format!("{path}/review")).await, &["Cambia il nome: la revisione la fa una persona"]);
}

#[tokio::test]
async fn what_io_would_refuse_stands_beside_its_field() {
    let (app, io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    let calls = io.stand_in.calls().len();
    for (field, value, words) in [
        ("name", " ", "Scrivi il nome del servizio."),
        ("organization_fiscal_code", "123", "Il codice fiscale dell'ente ha 11 cifre."),
        ("authorized_cidrs", "10.0.0.300", "Gli indirizzi autorizzati si scrivono come"),
        ("authorized_recipients", "ROSSI", "codice fiscale scritto male"),
        ("max_allowed_payment_amount", "molto", "Scrivi l'importo in euro"),
        ("topic_id", "", "Scegli l'argomento del servizio."),
        ("cta_1_action", "http://valleserena.example", "deve cominciare con https://"),
    ] {
        let page = edit(&mut admin, &path, &[(field, value), ("address", "Via Roma 1")]).await;
        assert_eq!(page.status, 422, "{field}");
        says(&page, &[words]);
        assert_eq!(page.field("address"), "Via Roma 1", "what was typed stays");
    }
    let asked: Vec<_> =
        io.stand_in.calls().into_iter().skip(calls).map(|call| (call.method, call.path)).collect();
    assert!(asked.iter().all(|(method, path)| method == "GET" && path.ends_with("/topics")), "{asked:?}");
    assert!(asked.len() <= 1, "topics are kept: {asked:?}");
    // What only a reviewer would send back is said and saved.
    assert_eq!(done(&edit(&mut admin, &path, &[("phone", ""), ("authorized_cidrs", "")]).await), "written");
    let page = admin.get(&format!("{path}/sheet")).await;
    says(
        &page,
        &[
            "Serve per l’approvazione: Manca un contatto",
            "Attenzione: Senza indirizzi autorizzati chiunque abbia la chiave",
        ],
    );
}

#[tokio::test]
async fn a_form_opens_though_io_does_not_answer() {
    let (app, io, mut admin) = house().await;
    let path = app.io_imported(&mut admin, &io).await;
    io.stand_in.plan(riscontro::stand_in::Door::Manage, 1, riscontro::stand_in::Fault::BadGateway);
    let page = admin.get(&format!("{path}/sheet")).await;
    assert_eq!(page.status, 200);
    says(&page, &["L’elenco degli argomenti non c’è. IO non è disponibile (HTTP 502).", "Argomento n. 14"]);
    says(&admin.get(&format!("{path}/sheet")).await, &["Suolo, spazi e beni pubblici"]);
    assert!(app.io_row(id_of(&path)).await.sends);
}

#[tokio::test]
async fn a_logo_is_looked_at_before_it_goes() {
    let (app, io, mut admin) = house().await;
    let path = app.io_imported(&mut admin, &io).await;
    let png = |side: u32| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbaImage::new(side, side).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let whole = png(300);
    let cut = whole[..whole.len() / 2].to_vec();
    let mut broken = whole.clone();
    broken[whole.len() / 2] ^= 0xff;
    let logo = format!("{path}/logo");
    for (picture, words) in [
        (b"GIF89a".to_vec(), "Il logo deve essere un'immagine PNG."),
        (png(299), "questo è di 299 × 299"),
        (cut, "L'immagine è danneggiata"),
        (broken, "L'immagine è danneggiata"),
        (vec![0; 700 << 10], "Il logo deve essere un'immagine PNG."),
        (vec![0; 2 << 20], "troppo grande"),
    ] {
        let page = admin.post_files(&logo, &[("of", "service")], &[("logo", "logo.png", &picture)]).await;
        assert_eq!(page.status, 422, "{words}");
        says(&page, &[words]);
    }
    says(&admin.post_files(&logo, &[("of", "service")], &[]).await, &["Scegli il file del logo."]);
    let sent = admin.post_files(&logo, &[("of", "service")], &[("logo", "logo.png", &png(300))]).await;
    assert_eq!(done(&sent), "logo");
    assert_eq!(at_io(&io, ready::SERVICE).logo, Some(whole.len()));
    let calls = io.stand_in.calls().len();
    for of in [&[("of", "xx")][..], &[]] {
        let page = admin.post_files(&logo, of, &[("logo", "logo.png", &whole)]).await;
        assert_eq!(page.status, 422, "{of:?}");
    }
    assert_eq!(io.stand_in.calls().len(), calls, "whose it is is not guessed");
    let sent = admin.post_files(&logo, &[("of", "organisation")], &[("logo", "logo.png", &png(300))]).await;
    assert_eq!(done(&sent), "logo");
    let calls = io.stand_in.calls();
    assert!(calls.iter().any(|call| call.path.contains("/organizations/") && call.status == Some(202)));
    assert!(app.io_row(id_of(&path)).await.stopped.is_none());
}

#[tokio::test]
async fn what_is_no_answer_is_not_read_as_another() {
    let (app, io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    for (field, value, words) in [
        ("suitable_for_minors", "forse", "Scegli una delle risposte."),
        ("scope", "EUROPA", "Scegli uno degli ambiti."),
    ] {
        let page = edit(&mut admin, &path, &[(field, value)]).await;
        assert_eq!(page.status, 422, "{field}");
        says(&page, &[words]);
    }
    let version = app.io_row(id_of(&path)).await.version.to_string();
    let calls = io.stand_in.calls().len();
    for act in ["use", "renew"] {
        let page = admin.post(&format!("{path}/keys"), &[("act", act), ("version", &version)]).await;
        assert_eq!(page.status, 422, "{act}: which is not said");
    }
    assert_eq!(io.stand_in.calls().len(), calls);
}

#[tokio::test]
async fn addresses_that_mean_more_than_one_thinks_are_pointed_out() {
    let (app, _io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    for (typed, words) in [
        ("203.0.113.7/24", "203.0.113.7/24 vale per tutta la rete 203.0.113.0/24"),
        ("203.0.113.9\n0.0.0.0/0", "0.0.0.0/0 vale per qualunque computer"),
        ("", "Senza indirizzi autorizzati chiunque"),
    ] {
        assert_eq!(done(&edit(&mut admin, &path, &[("authorized_cidrs", typed)]).await), "written");
        says(&admin.get(&path).await, &[words]);
    }
    for typed in ["2001:db8::1", "2001:db8::/32", "203.0.113.7/33", "203.0.113"] {
        let page = edit(&mut admin, &path, &[("authorized_cidrs", typed)]).await;
        assert_eq!(page.status, 422, "{typed}");
        says(&page, &["senza IPv6"]);
    }
}

/// Facts 9.2, line by line; `metadata.token_name` must not be sent.
#[tokio::test]
async fn every_field_of_the_guide_is_in_the_form_and_what_is_missing_is_named() {
    let (_app, io, mut admin) = house().await;
    let form = admin.get(&format!("{SERVICES}/new")).await;
    for field in [
        "name",
        "description",
        "organization",
        "organization_fiscal_code",
        "department_name",
        "require_secure_channel",
        "authorized_recipients",
        "authorized_cidrs",
        "max_allowed_payment_amount",
        "suitable_for_minors",
        "scope",
        "topic_id",
        "privacy_url",
        "email",
        "pec",
        "phone",
        "support_url",
        "web_url",
        "app_ios",
        "app_android",
        "tos_url",
        "address",
        "cta_1_text",
        "cta_1_action",
        "cta_2_text",
        "cta_2_action",
    ] {
        assert!(form.body.contains(&format!("name=\"{field}\"")), "{field}");
        assert!(form.body.contains(&format!("for=\"{field}\"")), "{field} has no label");
    }
    let token = uuid::Uuid::now_v7().to_string();
    let draft = [
        ("token", token.as_str()),
        ("act", "save"),
        ("name", "Compostaggio domestico"),
        ("scope", "NATIONAL"),
    ];
    let kept = admin.post(&format!("{SERVICES}/new"), &draft).await;
    assert_eq!(done(&kept), "kept");
    let page = admin.get(&format!("{SERVICES}/{token}")).await;
    says(
        &page,
        &[
            "Scrivi la descrizione",
            "Scrivi il nome dell'ente",
            "ha 11 cifre",
            "Scegli l'argomento",
            "informativa sulla privacy",
            "Manca un contatto",
            "Senza indirizzi autorizzati",
            "ha ambito locale",
        ],
    );
    assert_eq!(io.stand_in.services().len(), 1);
}

#[tokio::test]
async fn each_sentence_about_a_sheet_names_its_field_and_none_is_said_twice() {
    let (app, _io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    let wrong = [("email", "ambiente"), ("pec", "ente.pec")];
    assert_eq!(done(&edit(&mut admin, &path, &wrong).await), "written");
    let page = admin.get(&path).await;
    says(&page, &["La mail non è scritta bene.", "La PEC non è scritta bene."]);

    let long = "x".repeat(501);
    let long = long.as_str();
    let page = edit(
        &mut admin,
        &path,
        &[("phone", long), ("department_name", long), ("address", long), ("name", long)],
    )
    .await;
    assert_eq!(page.status, 422);
    says(&page, &["Telefono: al massimo 500 caratteri.", "Ufficio: al massimo 500 caratteri."]);
    for (words, times) in [("L'indirizzo della sede", 2), ("Il nome", 2)] {
        // In the list above the form and beside the field.
        let said = page.words().replace("&#39;", "'");
        assert_eq!(
            said.matches(&format!("{words} può avere al massimo 100 caratteri: 401 di troppo.")).count(),
            times
        );
    }
    assert_eq!(page.words().matches("al massimo 500").count(), 4, "{}", page.words());
}

#[tokio::test]
async fn what_a_citizen_could_make_nothing_of_is_pointed_out_and_refused_to_nobody() {
    let (app, _io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    let odd = [
        ("phone", "numero verde"),
        ("web_url", "http://valleserena.example"),
        ("privacy_url", "http://valleserena.example/privacy"),
        ("app_ios", "https://valleserena.example/app"),
        ("app_android", "https://apps.apple.com/it/app/id1"),
    ];
    assert_eq!(done(&edit(&mut admin, &path, &odd).await), "written");
    let page = admin.get(&path).await;
    says(
        &page,
        &[
            "Da pensarci",
            "Nel telefono non c'è neanche una cifra",
            "L'indirizzo (sito) comincia con http://",
            "L'indirizzo (informativa sulla privacy) comincia con http://",
            "L'app per iPhone di solito sta su apps.apple.com",
            "L'app per Android di solito sta su play.google.com",
        ],
    );
    let sound = [
        ("phone", "800 123456"),
        ("authorized_cidrs", "203.0.113.7"),
        ("web_url", "https://valleserena.example"),
        ("privacy_url", "https://valleserena.example/privacy"),
        ("app_ios", "https://apps.apple.com/it/app/id1"),
        ("app_android", "https://play.google.com/store/apps/details?id=it.valleserena"),
    ];
    assert_eq!(done(&edit(&mut admin, &path, &sound).await), "written");
    let page = admin.get(&path).await.words();
    assert!(!page.contains("Da pensarci"), "{page}");
}
