//! The operators' side of the portal: setting it up, letting in what waits, telling of disruptions. And people who should not
//! be there.

mod doors;
mod kinds;
mod notices;
mod organisations;
mod ratings;
mod settings;
mod submissions;
mod webhooks;
mod work_order;

use entity::{communication::Channel, language::Language, submission::Answers};
use riscontro::{
    actions::submission::{self, Sent},
    store,
};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
};

const PORTAL: &str = "/desk/admin/portal";

/// What nobody may make of our pages.
const SCRIPT: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

/// The form of disruptions as an administrator may make it: a line, and a place that may be left out.
const QUESTIONS: &[(&str, &str)] = &[
    ("title_it", "Segnala un disservizio"),
    ("fields-0-sort", "line"),
    ("fields-0-name", "what"),
    ("fields-0-label_it", "Che cosa succede?"),
    ("fields-0-required", "on"),
    ("fields-1-sort", "place"),
    ("fields-1-name", "where"),
    ("fields-1-label_it", "Dove?"),
    ("contacts-name", "optional"),
    ("contacts-fiscal_code", "optional"),
    ("contacts-email", "optional"),
    ("contacts-postal_address", "hidden"),
    ("contacts-phone", "optional"),
    ("act", "save"),
];

impl TestApp {
    /// Gives disruptions a form of our own, through the administrator's page.
    async fn own_form(&self, admin: &mut Browser) {
        let path = format!("{PORTAL}/kinds/disruption");
        let saved = send(admin, &path, QUESTIONS).await;
        assert_eq!(saved.status, 303, "{}", saved.words());
    }

    /// A citizen sends that form.
    async fn sends(&self, answers: &[(&str, &str)], channel: Channel, network: &str) -> (Uuid, Sent) {
        let (desk, cx) = (&self.app.desk, self.cx());
        let kinds = store::organisation::kinds(&desk.db.read, self.organisation()).await.unwrap();
        let kind = kinds.iter().find(|kind| kind.code == "disruption").unwrap().id;
        let draft = submission::begin(desk, &cx, kind, Language::It, channel, network).await.unwrap();
        let formal = [("privacy", "on"), ("terms", "on")];
        let answers =
            answers.iter().chain(&formal).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        submission::save(desk, &cx, draft.id, Answers(answers.collect()), 4).await.unwrap();
        (draft.id, submission::submit(desk, &cx, draft.id, network, false).await.unwrap())
    }
}

/// Sends a form of a page with the mark of what the page showed: `trace`, `version` or `seen`, whichever it has.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.words());
    let marks: Vec<(&str, String)> = ["trace", "version", "seen"]
        .into_iter()
        .filter(|name| page.body.contains(&format!("name=\"{name}\"")))
        .map(|name| (name, page.field(name)))
        .collect();
    let mut all: Vec<(&str, &str)> = marks.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend(fields);
    browser.post(path, &all).await
}

fn says(page: &Page, words: &[&str]) {
    let said = page.words();
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// Nothing of what was typed became markup.
fn is_harmless(page: &Page) {
    for begun in ["<script>alert", "<img src=x"] {
        assert!(!page.body.contains(begun), "{}", page.body);
    }
}
