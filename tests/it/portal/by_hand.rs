//! Forms as citizens fill them whose browser has no JavaScript: open the page, answer what it asks, press the button.

mod again;
mod filled;
mod near;
mod wrong;

use riscontro::domain::link;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    citizen::{self, Citizen, File},
    html,
};

/// Every kind that citizens may send.
const KINDS: [&str; 6] = ["disruption", "complaint", "information", "rectification", "repair", "pickup"];
/// The last step.
const SUMMARY: u8 = 4;

/// A house whose portal is open, and somebody in front of it.
struct Visitor {
    house: TestApp,
    browser: Browser,
}

impl Visitor {
    async fn new() -> Self {
        let house = TestApp::start().await;
        citizen::open_portal(&house.app, house.organisation()).await;
        let browser = house.browser();
        Self { house, browser }
    }

    /// The `n`-th citizen, who knows what this kind asks.
    async fn citizen(&self, kind: &str, n: usize) -> Citizen {
        Citizen::new(&citizen::form_of(&self.house.app, self.house.organisation(), kind).await, n)
    }

    /// Opens a page of the portal, which says everything in words.
    async fn open(&mut self, at: &str) -> Page {
        let page = self.browser.get(at).await;
        assert_eq!(page.status, 200, "{at}\n{}", page.body);
        let words = page.words();
        let untold = words.split(' ').find(|word| {
            ["form-", "problem-", "sent-", "near-", "site-", "file-"].iter().any(|key| word.starts_with(key))
        });
        assert_eq!(untold, None, "a key without a text: {at}");
        // A piece of a page belongs to forms of the page that it is put into.
        if page.body.contains("<html") {
            assert_eq!(astray(&page), [] as [String; 0], "{at}");
        }
        page
    }

    /// Fills the step at `at` and presses a button ("next", unless `changed` says which `action`).
    async fn fill(&mut self, at: &str, citizen: &Citizen, changed: &[(&str, &str)], files: &[File]) -> Page {
        let page = self.open(at).await;
        self.send(&page, citizen, changed, files).await
    }

    /// The same on a page that is open already.
    async fn send(
        &mut self,
        page: &Page,
        citizen: &Citizen,
        changed: &[(&str, &str)],
        files: &[File],
    ) -> Page {
        let form = step_form(page);
        let mut fields = citizen.fill(&form, None);
        fields.retain(|(name, _)| changed.iter().all(|(other, _)| name != other));
        let mut fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(changed);
        let chooser = form.fields.iter().find(|field| field.kind == "file").map(|field| field.name.as_str());
        let files: Vec<(&str, &str, &[u8])> = files
            .iter()
            .map(|(name, bytes)| (chooser.expect("a field for files"), name.as_str(), bytes.as_slice()))
            .collect();
        self.browser.post_files(&form.action, &fields, &files).await
    }

    /// Fills everything before a step, and gives its address.
    async fn at_step(&mut self, kind: &str, step: u8, citizen: &Citizen) -> String {
        let mut at = format!("/sportello/ente/{kind}");
        for done in 1..step {
            let sent = self.fill(&at, citizen, &[], &[]).await;
            assert_eq!(sent.status, 303, "{kind}, step {done}: {}", sent.body);
            at = sent.location.expect("the next page");
        }
        assert!(at.contains(&format!("/{kind}/{step}?b=")) || step == 1, "{at}");
        at
    }

    /// Fills the whole form and gives the address of its receipt.
    async fn send_whole(&mut self, kind: &str, citizen: &Citizen) -> String {
        let summary = self.at_step(kind, SUMMARY, citizen).await;
        let sent = self.fill(&summary, citizen, &[], &[]).await;
        assert_eq!(sent.status, 303, "{kind}: {}", sent.body);
        let receipt = sent.location.expect("the receipt");
        assert!(receipt.starts_with("/sportello/ente/inviata?b="), "{receipt}");
        receipt
    }

    /// What was kept of the form behind an address.
    async fn kept(&self, at: &str) -> entity::submission::Model {
        let (_, link) = at.split_once("b=").expect("a personal link");
        let link: String = link.chars().take_while(char::is_ascii_alphanumeric).collect();
        let id: Uuid = link::draft_of(&self.house.app.desk.keys, &link).expect("a link of ours");
        let found =
            riscontro::store::submission::by_id(&self.house.app.desk.db.read, self.house.organisation(), id);
        found.await.unwrap().expect("a submission")
    }

    async fn submissions(&self) -> u64 {
        entity::submission::Entity::find().count(&self.house.app.desk.db.read).await.unwrap()
    }

    async fn orders(&self) -> u64 {
        entity::work_order::Entity::find().count(&self.house.app.desk.db.read).await.unwrap()
    }
}

/// The form of the step, among the others of its page.
fn step_form(page: &Page) -> html::Form {
    let forms = html::forms(&page.body);
    let of_step = |form: &html::Form| form.fields.iter().any(|field| field.name == "website");
    forms.into_iter().find(of_step).unwrap_or_else(|| panic!("no step on\n{}", page.body))
}

/// What a field of the step holds.
fn held(page: &Page, name: &str) -> String {
    let form = step_form(page);
    let field =
        form.fields.into_iter().find(|field| field.name == name && (field.kind != "radio" || field.checked));
    let value = field.unwrap_or_else(|| panic!("no field {name} on\n{}", page.body)).value;
    // The line break after <textarea> is none of its text (HTML, 13.2.6.4.7).
    value.strip_prefix('\n').map(str::to_owned).unwrap_or(value)
}

/// Descriptions and jumps that lead to nothing on the page: who cannot see it would not hear the hint or the error.
fn astray(page: &Page) -> Vec<String> {
    let tags = html::tags(&page.body);
    let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let named = |tag: &html::Tag| {
        let lists =
            ["aria-describedby", "aria-labelledby", "for", "form"].map(|name| tag.get(name).unwrap_or(""));
        let jump = tag.get("href").and_then(|to| to.strip_prefix('#')).unwrap_or("");
        lists.into_iter().chain([jump]).flat_map(str::split_whitespace).map(str::to_owned).collect::<Vec<_>>()
    };
    tags.iter().flat_map(named).filter(|id| !ids.contains(&id.as_str())).collect()
}

/// What stands in the title bar of the browser.
fn title(page: &Page) -> String {
    html::read(page.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap())
}

/// A photo as a phone makes it.
fn photo(name: &str) -> File {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(120, 90).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    (name.to_owned(), bytes.into_inner())
}
