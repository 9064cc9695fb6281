//! Only our administrators, and nothing of a key on any page.

use riscontro::stand_in::ready;

use super::{COMPLETE, HERE, SERVICES, house, with};

#[tokio::test]
async fn services_are_the_business_of_our_administrators_alone() {
    let (app, io, _) = house().await;
    let mut giulia = app.operator().await;
    let mut theirs = app.stranger().await;
    let mut nobody = app.browser();
    let path = format!("{SERVICES}/{}", io.service);
    for page in [
        HERE,
        &format!("{SERVICES}/models"),
        &format!("{SERVICES}/new"),
        &path,
        &format!("{path}/sheet"),
        &format!("{path}/review"),
        &format!("{path}/delete"),
    ] {
        assert_eq!(nobody.get(page).await.status, 303, "{page}");
        assert_eq!(giulia.get(page).await.status, 403, "{page}");
    }
    assert!(!theirs.get(HERE).await.words().contains(ready::SERVICE_NAME));
    for page in [&path, &format!("{path}/sheet"), &format!("{path}/review"), &format!("{path}/delete")] {
        assert_eq!(theirs.get(page).await.status, 404, "{page}");
    }
    let keys = [("act", "fetch"), ("version", "0")];
    let sending = [("version", "0"), ("sends", "")];
    let sheet = with(COMPLETE, &[("version", "0")]);
    let making = [("version", "0")];
    let acts: [(&str, &[(&str, &str)]); 10] = [
        ("sheet", &sheet),
        ("make", &making),
        ("review", &[]),
        ("publish", &[]),
        ("unpublish", &[]),
        ("delete", &[]),
        ("refresh", &[]),
        ("keys", &keys),
        ("test", &sending),
        ("resume", &[]),
    ];
    for (act, fields) in acts {
        let act = format!("{path}/{act}");
        assert_eq!(nobody.post(&act, fields).await.status, 401, "{act}");
        assert_eq!(giulia.post(&act, fields).await.status, 403, "{act}");
        assert_eq!(theirs.post(&act, fields).await.status, 404, "{act}");
    }
    let logo = format!("{path}/logo");
    for (browser, status) in [(&mut nobody, 401), (&mut giulia, 403), (&mut theirs, 404)] {
        assert_eq!(browser.post_files(&logo, &[], &[("logo", "l.png", b"x")]).await.status, status);
    }
    assert_eq!(giulia.post(HERE, &[]).await.status, 403);
    assert_eq!(giulia.post(&format!("{SERVICES}/import"), &[]).await.status, 403);
    assert!(io.stand_in.calls().is_empty(), "IO has heard of nobody");
    assert!(app.io_row(io.service).await.sends);
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_markup_or_breaks_a_page() {
    const SCRIPT: &str = "<script>alert(1)</script>\u{202e}\u{0}\"'><img src=x onerror=alert(2)>";
    let (_app, io, mut admin) = house().await;
    let fields: Vec<(&str, &str)> = COMPLETE.iter().map(|(name, _)| (*name, SCRIPT)).collect();
    let token = uuid::Uuid::now_v7().to_string();
    for act in ["make", "save"] {
        let chosen =
            [("token", token.as_str()), ("act", act), ("scope", "LOCAL"), ("suitable_for_minors", "")];
        let page = admin.post(&format!("{SERVICES}/new"), &with(&fields, &chosen)).await;
        assert!([303, 422].contains(&page.status), "{act}: {}", page.status);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
    }
    for page in [HERE.to_owned(), format!("{SERVICES}/{token}"), format!("{SERVICES}/{token}/sheet")] {
        let page = admin.get(&page).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>alert") && !page.body.contains('\u{202e}'), "{}", page.body);
    }
    let path = format!("{SERVICES}/{}", io.service);
    let many = "x,".repeat(300);
    for (field, value) in
        [("authorized_cidrs", many.as_str()), ("version", "x"), ("topic_id", "99999999999"), ("token", "x")]
    {
        let page =
            admin.post(&format!("{path}/sheet"), &with(COMPLETE, &[("version", "0"), (field, value)])).await;
        assert!(page.status < 500, "{field}");
    }
    for fields in [[("act", "burn"), ("version", "0")], [("act", "use"), ("version", "no")]] {
        assert_eq!(admin.post(&format!("{path}/keys"), &fields).await.status, 422);
    }
    let keys = [
        ("act", "keep"),
        ("version", "0"),
        ("primary_key", "due righe\r\nX-Evil: 1"),
        ("secondary_key", "èèèèèèèèè"),
    ];
    let refused = admin.post(&format!("{path}/keys"), &keys).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.body.contains("X-Evil"), "keys are not given back");
    let page = admin.get(&path).await;
    for key in ready::USE_KEYS.into_iter().chain(ready::MANAGE_KEYS) {
        assert!(!page.body.contains(key));
    }
}
