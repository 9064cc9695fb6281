//! The keys of a service.

use entity::io_service::KeyInUse;
use riscontro::stand_in::{Door, Fault, ready};

use super::{SERVICES, done, house, says};
use crate::support::{app::TestApp, browser::Browser, io::Io};

impl TestApp {
    /// The keys that are kept, opened.
    async fn io_keys(&self, io: &Io) -> (KeyInUse, [Option<String>; 2]) {
        let row = self.io_row(io.service).await;
        let open = |key: Option<Vec<u8>>| key.map(|key| self.app.desk.keys.open(&key).unwrap());
        (row.key_in_use, [open(row.primary_key), open(row.secondary_key)])
    }
}

async fn act(admin: &mut Browser, io: &Io, fields: &[(&str, &str)]) -> crate::support::browser::Page {
    let path = format!("{SERVICES}/{}", io.service);
    let version = admin.get(&path).await.field("version");
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    admin.post(&format!("{path}/keys"), &all).await
}

fn at_io(io: &Io) -> [String; 2] {
    io.stand_in.services()[0].keys.clone()
}

#[tokio::test]
async fn keys_are_renewed_without_a_moment_in_which_none_works() {
    let (app, io, mut admin) = house().await;
    for (now, next) in [("primary", "secondary"), ("secondary", "primary")] {
        let refused = act(&mut admin, &io, &[("act", "renew"), ("which", now)]).await;
        assert_eq!(refused.status, 409, "the one in use");
        says(&refused, &["è in uso: passa prima all’altra"]);
        assert_eq!(done(&act(&mut admin, &io, &[("act", "use"), ("which", next)]).await), "key_chosen");
        assert_eq!(done(&act(&mut admin, &io, &[("act", "renew"), ("which", now)]).await), "key_renewed");
        let (in_use, kept) = app.io_keys(&io).await;
        assert_eq!(kept, at_io(&io).map(Some));
        assert_eq!(serde_json::to_value(in_use).unwrap(), next);
    }
    assert!(!at_io(&io).iter().any(|key| ready::USE_KEYS.contains(&key.as_str())), "both are new");
    let page = admin.get(&format!("{SERVICES}/{}", io.service)).await;
    for key in at_io(&io) {
        assert!(!page.body.contains(&key), "{key}");
        says(&page, &[&format!("finisce con {}", &key[key.len() - 4..])]);
    }
}

#[tokio::test]
async fn a_renewal_that_ends_in_silence_leaves_no_dead_key_behind() {
    let (app, io, mut admin) = house().await;
    let renew = [("act", "renew"), ("which", "secondary")];
    // Done, and the answer is lost: the keys are read again.
    io.stand_in.plan(Door::Manage, 1, Fault::Drop);
    assert_eq!(act(&mut admin, &io, &renew).await.status, 409);
    assert_eq!(app.io_keys(&io).await.1, at_io(&io).map(Some));
    // Neither can the keys be read: whatever is not certain is not used.
    io.stand_in.plan(Door::Manage, 2, Fault::Drop);
    assert_eq!(act(&mut admin, &io, &renew).await.status, 409);
    assert_eq!(app.io_keys(&io).await.1, [Some(ready::USE_KEYS[0].to_owned()), None]);
    let refused = act(&mut admin, &io, &[("act", "use"), ("which", "secondary")]).await;
    assert_eq!(refused.status, 409);
    says(&refused, &["leggi prima le chiavi da IO"]);
    assert_eq!(done(&act(&mut admin, &io, &[("act", "fetch")]).await), "keys_read");
    assert_eq!(app.io_keys(&io).await.1, at_io(&io).map(Some));
    // Certainly not done: what was there is there.
    let before = at_io(&io);
    io.stand_in.plan(Door::Manage, 1, Fault::TooMany(1));
    assert_eq!(act(&mut admin, &io, &renew).await.status, 409);
    assert_eq!(app.io_keys(&io).await.1, before.map(Some));
}

#[tokio::test]
async fn whoever_gives_no_key_that_manages_pastes_those_of_the_service() {
    let (app, io, mut admin) = house().await;
    let keep = |primary: &'static str, secondary: &'static str| {
        [("act", "keep"), ("primary_key", primary), ("secondary_key", secondary)]
    };
    let mistaken = act(&mut admin, &io, &keep(ready::MANAGE_KEYS[0], "")).await;
    assert_eq!(mistaken.status, 422);
    says(&mistaken, &["È la chiave di gestione: qui serve la chiave d’uso del servizio."]);
    says(&act(&mut admin, &io, &keep("corta", "")).await, &["Non è una chiave"]);
    says(&act(&mut admin, &io, &keep("", "")).await, &["Incolla almeno una chiave."]);
    let [first, second] = ready::USE_KEYS;
    for (primary, secondary, field) in
        [(first, first, "secondary_key"), ("", first, "secondary_key"), (second, "", "primary_key")]
    {
        let twice = act(&mut admin, &io, &keep(primary, secondary)).await;
        assert_eq!(twice.status, 422, "{primary} {secondary}");
        says(&twice, &["È uguale all’altra chiave"]);
        assert!(twice.body.contains(&format!("id=\"{field}-error\"")), "{}", twice.body);
    }
    assert!(io.stand_in.calls().is_empty(), "all that can be seen here");
    assert_eq!(app.io_keys(&io).await.1, ready::USE_KEYS.map(|key| Some(key.to_owned())));
}

#[tokio::test]
async fn pasted_keys_are_tried_before_they_are_kept() {
    let (app, io, mut admin) = house().await;
    let [first, second] = ready::USE_KEYS;
    let keep = |primary: &'static str, secondary: &'static str| {
        [("act", "keep"), ("primary_key", primary), ("secondary_key", secondary)]
    };
    for (keys, words) in [
        (keep("una-chiave-scaduta", ""), "IO non accetta la chiave primaria: copiala di nuovo"),
        (keep(second, "una-chiave-scaduta"), "IO non accetta la chiave secondaria: copiala di nuovo"),
    ] {
        let refused = act(&mut admin, &io, &keys).await;
        assert_eq!(refused.status, 422);
        says(&refused, &[words]);
        assert!(!refused.body.contains("una-chiave-scaduta"), "keys are not given back");
    }
    assert_eq!(app.io_keys(&io).await.1, [first, second].map(|key| Some(key.to_owned())));

    let kept = act(&mut admin, &io, &keep(second, first)).await;
    assert_eq!(done(&kept), "keys_kept");
    says(&admin.get(kept.location.as_deref().unwrap()).await, &["Le abbiamo provate, e IO le accetta."]);
    assert_eq!(app.io_keys(&io).await.1, [second, first].map(|key| Some(key.to_owned())));
    let asked = io.stand_in.calls();
    assert_eq!(asked.len(), 5, "one call for each that is tried");
    assert!(asked.iter().all(|call| call.method == "POST" && call.path.ends_with("/profiles")), "{asked:?}");
    assert!(io.stand_in.messages().is_empty());

    // Whether it is good nobody knows while IO does not answer: it is kept, and said.
    io.stand_in.plan(Door::Profiles, 1, Fault::BadGateway);
    let untried = act(&mut admin, &io, &keep("una-chiave-nuova", "")).await;
    assert_eq!(done(&untried), "keys_untried");
    says(
        &admin.get(untried.location.as_deref().unwrap()).await,
        &["Chiavi salvate, ma la prova con IO non è riuscita: la prima notifica dirà se valgono."],
    );
    assert_eq!(app.io_keys(&io).await.1[0].as_deref(), Some("una-chiave-nuova"));
}
