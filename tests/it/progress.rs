//! Citizens are told of progress: by the way that reaches them, once, in words of the organisation.

mod again;
mod choice;
mod fallback;
mod pages;
mod panel;
mod rules;
mod telling;
mod thread;
mod waiting;
mod whom;

use chrono::Duration;
use entity::{
    communication, contact, io_message, taxpayer,
    update_rule::{Occasion, Way},
    work_order::Status,
};
use riscontro::{
    actions::{
        self,
        progress::{
            Details,
            announce::{Announcement, announce},
            settings::save_rules,
        },
        reply,
        work_order::{self as orders, Change},
    },
    domain::{number::Number, text},
    stand_in::Message,
    store, worker,
};
use uuid::Uuid;

use crate::support::{app::TestApp, io::Io, letter::letter};

/// The address with which Anna writes.
const ANNA: &str = "anna@libero.example";

impl TestApp {
    /// A house that tells progress on IO, with an open portal under a name of its own.
    async fn tells_on_io(&self) -> Io {
        self.open_portal(|portal| portal.host = Some("rifiuti.example".to_owned())).await;
        let io = self.io().await;
        self.rules(&[], Some(io.service)).await;
        io
    }

    async fn rules(&self, rules: &[(Occasion, Way)], service: Option<Uuid>) {
        let rules: Vec<_> = rules.iter().map(|(occasion, way)| (None, *occasion, Some(*way))).collect();
        save_rules(&self.app.desk, &self.cx(), &rules, service).await.unwrap();
    }

    /// A rule from the time when the organisation had what it needs.
    async fn rule_of_before(&self, occasion: Occasion, way: Way) {
        let tx = self.app.desk.db.begin().await.unwrap();
        store::update::set_rule(&tx, self.organisation(), (None, occasion), Some(way)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Somebody stands in the register, with an address and a code.
    async fn registered(&self, address: &str, code: &str) -> Uuid {
        let tx = self.app.desk.db.begin().await.unwrap();
        let row = taxpayer::Model {
            id: Uuid::now_v7(),
            organisation_id: self.organisation(),
            code: None,
            name: "Verdi Anna".to_owned(),
            name_folded: text::fold("Verdi Anna"),
            fiscal_code: Some(code.to_owned()),
            address: String::new(),
            generic: false,
            created_at: self.now(),
            updated_at: self.now(),
        };
        let id = row.id;
        store::taxpayer::insert(&tx, row).await.unwrap();
        let contact = contact::Model {
            id: Uuid::now_v7(),
            organisation_id: self.organisation(),
            taxpayer_id: id,
            address: address.to_owned(),
            origin: contact::Origin::Register,
            unreachable_at: None,
            unreachable_words: None,
            created_at: self.now(),
        };
        store::taxpayer::insert_contact(&tx, contact).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Somebody of the register writes a mail, and it is acknowledged; gives the work order.
    async fn writes(&self, address: &str) -> Uuid {
        let raw = letter(address, "Cassonetto rotto").says("In via Roma 3 il coperchio non si chiude.").raw();
        self.mail_in(raw).await;
        let acknowledged = self.letters_out().await;
        assert_eq!(acknowledged.len(), 1);
        self.newest_order().await
    }

    async fn newest_order(&self) -> Uuid {
        let (db, organisation) = (&self.app.desk.db.read, self.organisation());
        let mut newest = None;
        for number in 1.. {
            match store::work_order::by_number(db, organisation, Number { year: 2026, number }).await.unwrap()
            {
                Some(order) => newest = Some(order.id),
                None => break,
            }
        }
        newest.unwrap()
    }

    /// An operator answers and closes with the same button.
    async fn answered_and_closed(&self, order: Uuid, to: &str) {
        let db = &self.app.desk.db.read;
        let seen = store::communication::newest(db, self.organisation(), order).await.unwrap();
        let draft = reply::Draft {
            token: Uuid::now_v7(),
            seen,
            to: vec![to.to_owned()],
            text: "Il coperchio è stato cambiato.".to_owned(),
            files: Vec::new(),
            status: Some(Status::Closed),
        };
        reply::reply(&self.app.desk, &self.operators_cx().await, order, draft).await.unwrap();
    }

    async fn becomes(&self, order: Uuid, status: Status) {
        let change = Change { status: Some(status), ..Change::default() };
        orders::change(&self.app.desk, &self.operators_cx().await, order, change).await.unwrap();
    }

    async fn announces(&self, order: Uuid, occasion: Occasion, details: Details) -> actions::Result<()> {
        let announcement = Announcement { token: Uuid::now_v7(), occasion, details };
        announce(&self.app.desk, &self.operators_cx().await, order, announcement).await
    }

    /// What waits for IO goes there; gives what citizens found in the app since the last call.
    async fn on_io(&self, io: &Io) -> Vec<Message> {
        let before: Vec<String> = io.stand_in.messages().into_iter().map(|message| message.id).collect();
        worker::io::carry_due(&self.app).await.unwrap();
        let mut after = io.stand_in.messages();
        after.retain(|message| !before.contains(&message.id));
        after
    }

    /// The updates of a work order that stand in its thread, with what is known of each on IO.
    async fn updates(&self, order: Uuid) -> Vec<(communication::Model, Option<io_message::Model>)> {
        let (db, organisation) = (&self.app.desk.db.read, self.organisation());
        let thread = store::communication::thread(db, organisation, order, None, 50).await.unwrap();
        let mut found = Vec::new();
        for row in thread.rows.into_iter().filter(|row| row.occasion.is_some()) {
            let told = store::io_message::of_communications(db, organisation, &[row.id]).await.unwrap();
            found.push((row, told.into_iter().next()));
        }
        found.sort_by_key(|(row, _)| row.id);
        found
    }

    async fn a_day_passes(&self, io: &Io) {
        self.io_passes(io, Duration::days(1)).await;
    }
}
