//! Citizens at the Sportello online: they look around, write, follow, answer. And people who try what they should not.

mod by_hand;
mod closing;
mod following;
mod forms;
mod letters;
mod links;
mod receipts;
mod shown;
mod site;
mod tracking;
mod twice;
mod wrong;

use entity::{communication::Channel, language::Language, portal, submission::Answers};
use riscontro::{
    actions::{
        Cx,
        installation::{self, Door, Start},
        submission::{self, Sent},
    },
    domain::link,
    store,
};
use sea_orm::ActiveModelTrait;
use uuid::Uuid;

use crate::support::app::TestApp;

/// A report that became a work order.
pub(crate) struct Held {
    pub(crate) submission: Uuid,
    pub(crate) order: Uuid,
    pub(crate) follower: Uuid,
    /// What it is about, in its own words.
    title: String,
    language: Language,
    /// The tracking page, as number and code open it.
    pub(crate) here: String,
}

impl TestApp {
    /// Opens the portal of the organisation, with other settings.
    pub(crate) async fn open_portal(&self, set: impl FnOnce(&mut portal::Model)) {
        let tx = self.app.desk.db.begin().await.unwrap();
        let before = store::portal::of(&tx, self.organisation()).await.unwrap().unwrap();
        let mut after = portal::Model { open: true, ..before.clone() };
        set(&mut after);
        let changed = portal::ActiveModel::from(after).reset_all();
        let changed = portal::ActiveModel {
            organisation_id: sea_orm::ActiveValue::NotSet,
            version: sea_orm::ActiveValue::NotSet,
            ..changed
        };
        assert!(store::portal::update(&tx, self.organisation(), before.version, changed).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Another organisation in the same house, with an open portal; gives its name in addresses.
    pub(crate) async fn second_organisation(&self) -> &'static str {
        let mail = self.data.path().join("mail-two");
        std::fs::create_dir_all(&mail).unwrap();
        let start = Start {
            name: "Altro gestore",
            demo: true,
            mail: &mail,
            address: "altro@gestore.example",
            login: "altro",
            password: "una-volta-sola-2026",
        };
        let door = Door { slug: "altro", host: None };
        let organisation = installation::add(&self.app.desk, self.now(), &start, &door).await.unwrap();
        crate::support::citizen::open_portal(&self.app, organisation).await;
        "altro"
    }

    /// A citizen's report, sent; gives the submission and what became of it.
    pub(crate) async fn send_report(&self, language: Language, answers: &[(&str, &str)]) -> (Uuid, Sent) {
        let (desk, cx) = (&self.app.desk, self.cx());
        let kinds = store::organisation::kinds(&desk.db.read, self.organisation()).await.unwrap();
        let kind = kinds.iter().find(|kind| kind.code == "disruption").unwrap().id;
        let draft = submission::begin(desk, &cx, kind, language, Channel::Web, "").await.unwrap();
        let usual = [
            ("place", "via Solferino 12, Castelverde"),
            ("what", "full_bins"),
            ("title", "Cassonetto di via Solferino pieno"),
            ("details", "È pieno da lunedì."),
            ("privacy", "on"),
            ("terms", "on"),
        ];
        let all = usual.iter().chain(answers).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        submission::save(desk, &cx, draft.id, Answers(all.collect()), 4).await.unwrap();
        (draft.id, submission::submit(desk, &cx, draft.id, "", false).await.unwrap())
    }

    /// A citizen's report that became a work order.
    pub(crate) async fn report(&self, answers: &[(&str, &str)]) -> Held {
        self.report_in(Language::It, answers).await
    }

    /// The same in a language.
    pub(crate) async fn report_in(&self, language: Language, answers: &[(&str, &str)]) -> Held {
        let (id, sent) = self.send_report(language, answers).await;
        let sent = match sent {
            Sent::Held => submission::admit(&self.app.desk, &self.cx(), id).await.unwrap(),
            sent => sent,
        };
        let Sent::Accepted { work_order, follower } = sent else { panic!("{sent:?}") };
        Held {
            submission: id,
            order: work_order.id,
            follower: follower.id,
            title: "Cassonetto di via Solferino pieno".to_owned(),
            language,
            here: format!("/sportello/ente/segui/{}", link::visit(&self.app.desk.keys, &follower)),
        }
    }

    /// The tracking page, as the letter to the address opens it.
    pub(crate) async fn letter_link(&self, held: &Held) -> String {
        let db = &self.app.desk.db.read;
        let follower = store::follower::by_id(db, self.organisation(), held.follower).await.unwrap().unwrap();
        format!("/sportello/ente/segui/{}", link::follower(&self.app.desk.keys, &follower))
    }

    /// The citizen confirms the address.
    pub(crate) async fn confirm(&self, held: &Held) {
        let path = format!("{}/conferma", self.letter_link(held).await);
        assert_eq!(self.browser().post(&path, &[]).await.status, 303);
    }

    /// An operator acts.
    pub(crate) async fn operators_cx(&self) -> Cx {
        let people = store::operator::all(&self.app.desk.db.read, self.organisation()).await.unwrap();
        Cx { actor: Some(people[0].id), ..self.cx() }
    }
}
