//! The program starts, or says in one sentence why not.

use riscontro::{app::App, config::Config};
use sea_orm::ConnectionTrait;

use crate::support::{app::TestApp, letter::letter};

/// Why the house cannot be opened on this data.
async fn refused(app: &TestApp) -> String {
    format!("{:#}", App::build((*app.app.config).clone()).await.expect_err("must not start"))
}

#[tokio::test]
async fn a_second_start_finds_everything_as_it_was() {
    let mut app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "prima").raw()).await;
    app.restart().await;
    assert!(app.app.first_start().await.unwrap().is_none(), "the password is printed once");
    app.mail_in(letter("bruno@libero.example", "dopo").raw()).await;
    assert_eq!(app.order("2026/000002").await.subject, "dopo");
}

#[tokio::test]
async fn the_key_file_is_private_and_another_key_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::start().await;
    let key = app.data.path().join("riscontro.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::write(&key, "0".repeat(64)).unwrap();
    assert!(refused(&app).await.contains("the key file does not belong to this database"));
    std::fs::remove_file(&key).unwrap();
    assert!(refused(&app).await.contains("is missing"));
    assert!(!key.exists(), "no new key is left behind that could be taken for the right one");
    std::fs::write(&key, "not a key").unwrap();
    assert!(refused(&app).await.contains("is damaged"));
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let app = TestApp::start().await;
    let tx = app.app.desk.db.begin().await.unwrap();
    tx.execute_unprepared(
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_future', 0)",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let words = refused(&app).await;
    assert!(words.contains("newer version") && words.contains("m20991231_000001_future"), "{words}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let app = TestApp::start_with(|_| ()).await;
    let mut config = (*app.app.config).clone();
    config.database.url = "postgres://nobody@127.0.0.1:1/nothing".to_owned().into();
    let words = format!("{:#}", App::build(config).await.expect_err("must not start"));
    assert!(words.contains("database.url") && words.contains("refused"), "{words}");
}

#[test]
fn a_key_that_does_not_exist_is_an_error_that_names_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let load = |text: &str| {
        let file = folder.path().join("riscontro.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(Some(&file)).map(drop).map_err(|error| format!("{error:#}"))
    };
    assert_eq!(load("[mail]\npoll_seconds = 5\n"), Ok(()));
    assert!(load("[mail]\npol_seconds = 5\n").unwrap_err().contains("pol_seconds"));
    assert!(load("[mial]\n").unwrap_err().contains("mial"));
    assert!(load("[mail]\npoll_seconds = \"often\"\n").unwrap_err().contains("mail.poll_seconds"));
    assert!(load("[server]\naddress = \"localhost\"\n").unwrap_err().contains("server.address"));
    assert!(
        Config::load(Some(&folder.path().join("none.toml"))).unwrap_err().to_string().contains("none.toml")
    );
}
