//! How much one may ask for.

use super::{ALL, base, client, key, open_portal};
use crate::support::app::TestApp;

#[tokio::test]
async fn a_key_spends_its_measure_and_gets_it_back() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let other = client(&app, &ALL).await;
    let client = other.with_key(&key(&app, &ALL, 2).await.key);
    let kinds = format!("{base}/kinds");
    let first = client.get(&kinds).await;
    assert_eq!(
        (
            first.header("ratelimit-limit"),
            first.header("ratelimit-remaining"),
            first.header("ratelimit-reset")
        ),
        ("2", "1", "30")
    );
    assert_eq!(first.header("ratelimit-policy"), "\"key\";q=2;w=60");
    client.get(&kinds).await;
    let refused = client.get(&kinds).await;
    assert_eq!(refused.problem(), (429, "too-many".to_owned()));
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(other.get(&kinds).await.status, 200, "another app has its own");
    app.pass(chrono::Duration::seconds(30));
    assert_eq!(client.get(&kinds).await.status, 200);
}
