//! The form of a sheet: a sheet as fields, and fields put into a sheet. What the form does not show stays as it is.

use serde::{Deserialize, Serialize};

use crate::{
    actions::Flaw,
    domain::{
        io::{
            cta::{self, Button, Cta, Front},
            payment,
            sheet::{Scope, Sheet},
        },
        text::{typed, typed_line},
    },
};

/// What opens a page from the app, and is of no use to whoever reads the form.
const HANDLED: &str = "iohandledlink://";

/// The fields.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Fields {
    /// The version that was on the page; of a new service, empty.
    pub version: String,
    /// The id of a service to be.
    pub token: String,
    name: String,
    description: String,
    organization: String,
    organization_fiscal_code: String,
    department_name: String,
    scope: String,
    topic_id: String,
    privacy_url: String,
    tos_url: String,
    web_url: String,
    app_ios: String,
    app_android: String,
    support_url: String,
    phone: String,
    email: String,
    pec: String,
    address: String,
    cta_1_text: String,
    cta_1_action: String,
    cta_2_text: String,
    cta_2_action: String,
    require_secure_channel: String,
    suitable_for_minors: String,
    max_allowed_payment_amount: String,
    authorized_cidrs: String,
    authorized_recipients: String,
    /// Which button was pressed.
    #[serde(skip_serializing)]
    pub act: String,
}

impl Fields {
    /// A sheet as it stands in the form.
    pub fn of(sheet: &Sheet, version: String) -> Self {
        let metadata = &sheet.metadata;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let buttons = italian_buttons(sheet);
        let button = |number: usize| {
            let button = buttons.get(number);
            let action = button.map(|button| button.action.strip_prefix(HANDLED).unwrap_or(&button.action));
            (
                button.map(|button| button.text.clone()).unwrap_or_default(),
                action.unwrap_or_default().to_owned(),
            )
        };
        let [(cta_1_text, cta_1_action), (cta_2_text, cta_2_action)] = [button(0), button(1)];
        Self {
            version,
            token: String::new(),
            name: sheet.name.clone(),
            description: sheet.description.clone(),
            organization: sheet.organization.name.clone(),
            organization_fiscal_code: sheet.organization.fiscal_code.clone(),
            department_name: text(&sheet.organization.department_name),
            scope: written(&metadata.scope),
            topic_id: metadata.topic_id.map(|id| id.to_string()).unwrap_or_default(),
            privacy_url: text(&metadata.privacy_url),
            tos_url: text(&metadata.tos_url),
            web_url: text(&metadata.web_url),
            app_ios: text(&metadata.app_ios),
            app_android: text(&metadata.app_android),
            support_url: text(&metadata.support_url),
            phone: text(&metadata.phone),
            email: text(&metadata.email),
            pec: text(&metadata.pec),
            address: text(&metadata.address),
            cta_1_text,
            cta_1_action,
            cta_2_text,
            cta_2_action,
            require_secure_channel: if sheet.require_secure_channel { "on" } else { "" }.to_owned(),
            suitable_for_minors: sheet.suitable_for_minors.map(|yes| yes.to_string()).unwrap_or_default(),
            max_allowed_payment_amount: amount(sheet.max_allowed_payment_amount),
            authorized_cidrs: sheet.authorized_cidrs.join("\n"),
            authorized_recipients: sheet.authorized_recipients.join("\n"),
            act: String::new(),
        }
    }

    /// The number of the chosen topic, as typed.
    pub fn topic(&self) -> &str {
        &self.topic_id
    }

    /// The chosen scope, as IO writes it.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// What was typed, put into `base`; and what only this page can see to be wrong.
    pub fn sheet(&self, base: &Sheet) -> (Sheet, Vec<Flaw>) {
        let mut sheet = base.clone();
        let mut flaws = Vec::new();
        sheet.name = line(&base.name, &self.name);
        sheet.description = if typed(&base.description) == typed(&self.description) {
            base.description.clone()
        } else {
            typed(&self.description)
        };
        sheet.organization.name = line(&base.organization.name, &self.organization);
        sheet.organization.fiscal_code = line(&base.organization.fiscal_code, &self.organization_fiscal_code);
        keep(&mut sheet.organization.department_name, &self.department_name);
        sheet.require_secure_channel = self.require_secure_channel == "on";
        match self.suitable_for_minors.as_str() {
            "" => sheet.suitable_for_minors = None,
            answer => match answer.parse() {
                Ok(answer) => sheet.suitable_for_minors = Some(answer),
                Err(_) => flaws.push(Flaw::new("suitable_for_minors", "Scegli una delle risposte.")),
            },
        }
        sheet.authorized_cidrs = words(&self.authorized_cidrs);
        sheet.authorized_recipients = words(&self.authorized_recipients.to_uppercase());
        match self.max_allowed_payment_amount.trim() {
            "" | "0" | "0,00" => sheet.max_allowed_payment_amount = 0,
            typed => match payment::read_amount(typed) {
                Ok(cents) => sheet.max_allowed_payment_amount = cents,
                Err(unfit) => flaws.push(Flaw::new("max_allowed_payment_amount", unfit.to_string())),
            },
        }
        let metadata = &mut sheet.metadata;
        metadata.scope = match self.scope.as_str() {
            "LOCAL" | "" => Scope::Local,
            "NATIONAL" => Scope::National,
            other => {
                if other != written(&metadata.scope) {
                    flaws.push(Flaw::new("scope", "Scegli uno degli ambiti."));
                }
                metadata.scope.clone()
            }
        };
        metadata.topic_id = self.topic_id.trim().parse().ok();
        for (text, typed) in [
            (&mut metadata.privacy_url, &self.privacy_url),
            (&mut metadata.tos_url, &self.tos_url),
            (&mut metadata.web_url, &self.web_url),
            (&mut metadata.app_ios, &self.app_ios),
            (&mut metadata.app_android, &self.app_android),
            (&mut metadata.support_url, &self.support_url),
            (&mut metadata.phone, &self.phone),
            (&mut metadata.email, &self.email),
            (&mut metadata.pec, &self.pec),
            (&mut metadata.address, &self.address),
        ] {
            keep(text, typed);
        }
        self.put_buttons(base, &mut sheet, &mut flaws);
        (sheet, flaws)
    }

    /// Italian buttons as typed, beside the English ones that are there. Untouched, they stay as somebody else has written them,
    /// readable for us or not.
    fn put_buttons(&self, base: &Sheet, sheet: &mut Sheet, flaws: &mut Vec<Flaw>) {
        let shown = Self::of(base, String::new());
        let of = |fields: &Self| {
            [
                fields.cta_1_text.trim().to_owned(),
                fields.cta_1_action.trim().to_owned(),
                fields.cta_2_text.trim().to_owned(),
                fields.cta_2_action.trim().to_owned(),
            ]
        };
        if of(&shown) == of(self) {
            return;
        }
        let mut cta = match cta::split(base.metadata.cta.as_deref().unwrap_or_default()) {
            Front::Buttons(cta, _) => cta,
            Front::None(_) | Front::Broken(_) => Cta::default(),
        };
        cta.it.clear();
        for (field, text, action) in [
            ("cta_1_text", &self.cta_1_text, &self.cta_1_action),
            ("cta_2_text", &self.cta_2_text, &self.cta_2_action),
        ] {
            if text.trim().is_empty() && action.trim().is_empty() {
                continue;
            }
            match cta::action(action) {
                Ok(action) => cta.it.push(Button { text: typed_line(text), action }),
                Err(unfit) => flaws.push(Flaw::new(field, unfit.to_string())),
            }
        }
        sheet.metadata.cta = Some(cta.front_matter()).filter(|front| !front.is_empty());
    }
}

fn italian_buttons(sheet: &Sheet) -> Vec<Button> {
    match cta::split(sheet.metadata.cta.as_deref().unwrap_or_default()) {
        Front::Buttons(cta, _) => cta.it,
        Front::None(_) | Front::Broken(_) => Vec::new(),
    }
}

/// As IO writes it.
fn written(scope: &Scope) -> String {
    match scope {
        Scope::Local => "LOCAL".to_owned(),
        Scope::National => "NATIONAL".to_owned(),
        Scope::Other(other) => other.clone(),
    }
}

fn amount(cents: u64) -> String {
    if cents == 0 { String::new() } else { payment::written(cents).trim_end_matches(" €").to_owned() }
}

/// What differs only in what nobody sees was not changed.
fn line(before: &str, now: &str) -> String {
    let now = typed_line(now);
    if typed_line(before) == now { before.to_owned() } else { now }
}

fn keep(text: &mut Option<String>, now: &str) {
    let now = line(text.as_deref().unwrap_or_default(), now);
    if text.is_some() || !now.is_empty() {
        *text = Some(now).filter(|now| !now.is_empty());
    }
}

/// One entry to a line; commas, semicolons and spaces will do.
fn words(list: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in list.split(|c: char| c.is_whitespace() || ",;".contains(c)).map(typed_line) {
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sheet() -> Sheet {
        Sheet::read(&json!({
            "name": "Raccolta ", "description": "Una riga.\nUn’altra.", "organization": {"name": "Ente", "fiscal_code": "00743110157"},
            "authorized_cidrs": ["203.0.113.7/32", "198.51.100.0/24"], "authorized_recipients": ["AAAAAA00A00A000A"],
            "max_allowed_payment_amount": 123_456, "suitable_for_minors": true, "require_secure_channel": true,
            "metadata": {"scope": "REGIONAL", "topic_id": 4, "group_id": "g", "phone": " 030 1",
                "cta": "---\nit:\n    cta_1:\n        text: \"Scrivi\"\n        action: \"iohandledlink://https://ente.example\"\nen:\n    cta_1:\n        text: \"Write\"\n        action: \"iohandledlink://https://ente.example\"\n---\n"},
            "tomorrow": 1
        }))
        .unwrap()
    }

    #[test]
    fn a_form_that_nobody_touched_changes_nothing() {
        let fields = Fields::of(&sheet(), String::new());
        assert_eq!(fields.sheet(&sheet()), (sheet(), vec![]));
        let mut as_browsers_send = fields;
        as_browsers_send.description = as_browsers_send.description.replace('\n', "\r\n");
        assert_eq!(as_browsers_send.sheet(&sheet()).0, sheet());
    }

    #[test]
    fn what_the_form_does_not_show_survives_what_it_changes() {
        let mut fields = Fields::of(&sheet(), String::new());
        fields.phone = String::new();
        fields.cta_1_text = "Apri".to_owned();
        fields.suitable_for_minors = String::new();
        fields.max_allowed_payment_amount = "10.00".to_owned();
        let (changed, flaws) = fields.sheet(&sheet());
        assert_eq!(flaws.iter().map(|flaw| &*flaw.field).collect::<Vec<_>>(), ["max_allowed_payment_amount"]);
        assert_eq!((changed.metadata.phone.as_deref(), changed.suitable_for_minors), (None, None));
        let cta = changed.metadata.cta.unwrap();
        assert!(cta.contains("\"Apri\"") && cta.contains("\"Write\""), "{cta}");
        assert_eq!(changed.metadata.other, sheet().metadata.other);
        assert_eq!((changed.metadata.scope, changed.other), (sheet().metadata.scope, sheet().other));
    }
}
