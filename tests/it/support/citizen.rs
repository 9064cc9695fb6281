//! A citizen at the portal: knows what to answer to every question, whatever form asks it, and reads the pages to find the
//! questions.

use std::collections::BTreeMap;

use entity::{
    app_key::Scope,
    form::{Form, Need, What},
    language::Language,
};
use riscontro::{
    actions::{Cx, app_key, installation, portal, public_text},
    app::App,
    domain::form,
    store,
};
use uuid::Uuid;

use super::html;

/// What a set tick says.
pub const TICKED: &str = "on";
/// Where a multipart body is cut.
pub const BOUNDARY: &str = "riscontro-citizen-boundary";

/// A file about to be handed over: name and bytes.
pub type File = (String, Vec<u8>);

/// What a citizen answers, by name of the question.
#[derive(Clone, Debug)]
pub struct Citizen {
    answers: BTreeMap<String, String>,
}

impl Citizen {
    /// The `n`-th citizen, who knows this form.
    pub fn new(form: &Form, n: usize) -> Self {
        let mut answers = BTreeMap::new();
        let mut say = |name: &str, answer: String| drop(answers.insert(name.to_owned(), answer));
        for field in &form.fields {
            let name = field.name.as_str();
            match field.what {
                What::Line => say(name, format!("Segnalazione {n}")),
                What::Text => say(name, format!("Numero {n}. Il contenitore è pieno da giorni.")),
                What::Choice => say(name, field.options[n % field.options.len()].value.clone()),
                What::Date => say(name, "2026-03-09".to_owned()),
                What::Amount => say(name, "12,50".to_owned()),
                What::Iban => say(name, "IT60X0542811101000000123456".to_owned()),
                What::Count => say(name, "2".to_owned()),
                What::Place => say(name, format!("Via dei Tigli {}", n % 200 + 1)),
                What::UserCode | What::PremisesCode => say(&format!("{name}_missing"), TICKED.to_owned()),
                What::Tick => say(name, TICKED.to_owned()),
                What::Files => {}
            }
        }
        say("name", "Anna".to_owned());
        say("surname", format!("Prova{n}"));
        say("email", Self::address(n));
        say("fiscal_code", "RSSMRA85T10A562S".to_owned());
        say("postal_address", "Via dei Tigli 1, 99010 Borgo".to_owned());
        say("phone", "030 123 456".to_owned());
        say("told_by", "mail".to_owned());
        for tick in ["privacy", "terms"] {
            say(tick, TICKED.to_owned());
        }
        // Nobody says what nobody asks.
        let asked = form::names(form);
        answers.retain(|name, _| asked.contains(name) && !is_hidden(form, name));
        Self { answers }
    }

    /// The same, with a word in everything that is only read.
    pub fn saying(mut self, word: &str) -> Self {
        for name in ["name", "surname", "postal_address"] {
            self.answers.entry(name.to_owned()).and_modify(|answer| *answer = format!("{answer} {word}"));
        }
        for answer in self.answers.values_mut().filter(|answer| answer.starts_with("Numero ")) {
            answer.push_str(word);
        }
        self
    }

    /// Where the `n`-th citizen reads mail.
    pub fn address(n: usize) -> String {
        format!("c{n}@libero.example")
    }

    /// The answers that a form of an app takes.
    pub fn answers(&self) -> BTreeMap<String, String> {
        let formal = ["privacy", "terms"];
        self.answers
            .iter()
            .filter(|(name, _)| !formal.contains(&name.as_str()))
            .map(|(name, answer)| (name.clone(), answer.clone()))
            .collect()
    }

    /// A page's form, filled in: what is known is answered, what is there stays, and the button of that value is pressed; none:
    /// Enter.
    pub fn fill(&self, form: &html::Form, button: Option<&str>) -> Vec<(String, String)> {
        let mut filled = Vec::new();
        for field in form.fields.iter().filter(|field| !field.name.is_empty()) {
            let known = self.answers.get(&field.name);
            let value = match field.kind.as_str() {
                "file" => continue,
                "submit" if button == Some(field.value.as_str()) => Some(&field.value),
                "checkbox" if known.is_some() || field.checked => Some(&field.value),
                "radio" if known.map_or(field.checked, |known| *known == field.value) => Some(&field.value),
                "submit" | "checkbox" | "radio" => None,
                "hidden" => Some(&field.value),
                _ => known.or(Some(&field.value)),
            };
            filled.extend(value.map(|value| (field.name.clone(), value.clone())));
        }
        filled
    }
}

/// A form may leave out a question about the citizen.
fn is_hidden(form: &Form, name: &str) -> bool {
    let contacts = &form.contacts;
    let need = match name {
        "name" | "surname" => contacts.name,
        "fiscal_code" => contacts.fiscal_code,
        "email" => contacts.email,
        "postal_address" => contacts.postal_address,
        "phone" => contacts.phone,
        _ => return false,
    };
    need == Need::Hidden
}

/// A form with files as browsers send it.
pub fn multipart(fields: &[(String, String)], files: &[(&str, &File)]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(head.bytes());
    }
    for (field, (name, bytes)) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// A form without files as browsers send it.
pub fn urlencoded(fields: &[(String, String)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}

/// Opens the portal (`/sportello/ente`), with the list of published reports.
pub async fn open_portal(app: &App, organisation: Uuid) {
    let cx = Cx::system(organisation, app.clock.now());
    let privacy = public_text::Form {
        page: portal::PRIVACY.to_owned(),
        language: Language::It,
        text: "Usiamo i dati per rispondere.".to_owned(),
        seen: None,
    };
    public_text::save(&app.desk, &cx, &privacy).await.unwrap();
    let row = store::portal::of(&app.desk.db.read, organisation).await.unwrap().unwrap();
    let owner = store::organisation::by_id(&app.desk.db.read, organisation).await.unwrap().unwrap();
    let named = owner.name != installation::UNNAMED;
    let settings = portal::Form {
        name: if named { owner.name } else { "Ambiente Servizi".to_owned() },
        slug: row.slug,
        host: String::new(),
        colour: row.colour,
        phone: row.phone,
        admission: row.admission,
        anonymous: row.anonymous,
        listed: true,
        contest_days: row.contest_days,
        link_days: row.link_days,
        mailbox: None,
        version: row.version,
    };
    portal::save(&app.desk, &cx, &settings).await.unwrap();
    portal::set_open(&app.desk, &cx, row.version + 1, true).await.unwrap();
}

/// The key of an app that may send and read.
pub async fn app_key(app: &App, organisation: Uuid, per_minute: i32) -> String {
    let cx = Cx::system(organisation, app.clock.now());
    let scopes = vec![Scope::Write, Scope::Read, Scope::Verified];
    let new = app_key::New { name: "App di prova".to_owned(), scopes, per_minute };
    app_key::create(&app.desk, &cx, new, rand::random()).await.unwrap().key
}

/// What is asked about a kind.
pub async fn form_of(app: &App, organisation: Uuid, code: &str) -> Form {
    let kinds = store::organisation::kinds(&app.desk.db.read, organisation).await.unwrap();
    form::of_kind(kinds.iter().find(|kind| kind.code == code).unwrap()).unwrap()
}
