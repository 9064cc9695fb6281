//! IO beside the application: the stand-in, on a port of this machine, with a clock that the test moves together with the
//! house's; and a service of the organisation whose keys are there already.

use std::net::{Ipv4Addr, SocketAddr};

use chrono::Duration;
use entity::io_service::{Codes, KeyInUse, Lifecycle, Model};
use riscontro::{
    actions::{
        Cx,
        io::account::{self, Settings},
    },
    stand_in::{Clock, StandIn, ready},
    store, worker,
};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};
use uuid::Uuid;

use super::app::TestApp;

/// IO, as long as a test lasts.
pub struct Io {
    /// What is asked and arranged there.
    pub stand_in: StandIn,
    /// Where its API is.
    pub base_url: String,
    /// The service of [`ready::SERVICE`].
    pub service: Uuid,
    server: JoinHandle<()>,
}

impl Drop for Io {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl TestApp {
    /// IO begins, the organisation's account points at it, and its first service sends. Nobody is disturbed at night.
    pub async fn io(&self) -> Io {
        let stand_in = StandIn::new(Clock::held(self.now()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base_url = format!("http://{}/api/v1", listener.local_addr().unwrap());
        let router = stand_in.router().into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let settings = Settings {
            base_url: base_url.clone(),
            manage_key: ready::MANAGE_KEYS[0].to_owned(),
            undo_seconds: 10,
            quiet: Some((21 * 60, 8 * 60)),
            ..Settings::default()
        };
        let cx = Cx::system(self.organisation(), self.now());
        account::save(&self.app.desk, &cx, settings, [7; 24]).await.unwrap();
        let service = self.io_service(ready::SERVICE_NAME, |_| {}).await;
        Io { stand_in, base_url, service, server }
    }

    /// A further service with the keys of [`ready::SERVICE`], otherwise as `set` leaves it.
    pub async fn io_service(&self, name: &str, set: impl FnOnce(&mut Model)) -> Uuid {
        let keys = &self.app.desk.keys;
        let mut service = Model {
            id: Uuid::now_v7(),
            organisation_id: self.organisation(),
            remote_id: None,
            name: name.to_owned(),
            sheet: json!({ "name": name, "max_allowed_payment_amount": 1_000_000 }),
            lifecycle: Lifecycle::Approved,
            reason: String::new(),
            published: true,
            primary_key: Some(keys.seal([1; 24], ready::USE_KEYS[0])),
            secondary_key: Some(keys.seal([2; 24], ready::USE_KEYS[1])),
            key_in_use: KeyInUse::Primary,
            sends: true,
            stopped: None,
            stopped_until: None,
            test_codes: None,
            checked_at: None,
            updates: false,
            version: 0,
            created_at: self.now(),
        };
        if name == ready::SERVICE_NAME {
            service.remote_id = Some(ready::SERVICE.to_owned());
        }
        set(&mut service);
        let id = service.id;
        let tx = self.app.desk.db.begin().await.unwrap();
        assert!(store::io_service::insert(&tx, service).await.unwrap());
        tx.commit().await.unwrap();
        id
    }

    /// A service on trial: only these people get anything.
    pub async fn io_service_on_trial(&self, name: &str, codes: &[&str]) -> Uuid {
        let codes = Codes(codes.iter().map(|code| (*code).to_owned()).collect());
        self.io_service(name, |service| service.test_codes = Some(codes)).await
    }

    /// Both clocks go on, then everything that is due with IO is done.
    pub async fn io_passes(&self, io: &Io, time: Duration) {
        self.pass(time);
        io.stand_in.advance(time);
        worker::io::carry_due(&self.app).await.unwrap();
    }
}
