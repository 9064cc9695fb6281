//! A form of the portal as a sheet of plain fields, and back: names such as `title_it` and `fields-2-label_de`. Reading what
//! was typed never fails: what cannot be right is left for the rules to find.

use std::collections::BTreeMap;

use entity::{
    form::{Choice, Contacts, Field, Form, Need, What},
    language::{Language, Words},
};
use serde::Serialize;

use crate::domain::{form_rules::FIELDS, text};

/// Longest answer that a form may allow, in characters.
const LONGEST: u32 = 20_000;

/// What may be added, and what there is, with its name on the page.
const SORTS: [(What, &str, &str); 12] = [
    (What::Line, "line", "Riga di testo"),
    (What::Text, "text", "Testo lungo"),
    (What::Choice, "choice", "Scelta tra più risposte"),
    (What::Tick, "tick", "Casella da spuntare"),
    (What::Date, "date", "Data"),
    (What::Files, "files", "Foto e documenti"),
    (What::Amount, "amount", "Importo in euro"),
    (What::Iban, "iban", "IBAN"),
    (What::Count, "count", "Numero"),
    (What::Place, "place", "Luogo"),
    (What::UserCode, "user_code", "Codice utente"),
    (What::PremisesCode, "premises_code", "Codice utenza"),
];

/// Names of the contacts and what they are called.
const CONTACTS: [&str; 5] = ["name", "fiscal_code", "email", "postal_address", "phone"];

/// Values by name, as typed or as stored.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Sheet(BTreeMap<String, String>);

/// One question, for the page.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its place, from 0: the names of its fields begin with `fields-<place>-`.
    place: usize,
    sort: &'static str,
    choice: bool,
}

/// The questions of a form.
pub fn lines(form: &Form) -> Vec<Line> {
    let line = |(place, field): (usize, &Field)| Line {
        place,
        sort: SORTS.iter().find(|(what, ..)| *what == field.what).map_or("", |(.., label)| label),
        choice: field.what == What::Choice,
    };
    form.fields.iter().enumerate().map(line).collect()
}

/// The form with one more question at its end, not yet worded.
pub fn with_field(mut form: Form, what: What) -> Form {
    let is_free = |name: &String| !form.fields.iter().any(|field| field.name == *name);
    // One more than there are fields: one of these names is free.
    let name = (1..=form.fields.len() + 1).map(|n| format!("extra_{n}")).find(is_free).unwrap_or_default();
    form.fields.push(Field { name, what, ..Field::default() });
    form
}

fn need_code(need: Need) -> &'static str {
    match need {
        Need::Hidden => "hidden",
        Need::Optional => "optional",
        Need::Required => "required",
    }
}

fn need_of(code: &str) -> Need {
    match code {
        "hidden" => Need::Hidden,
        "required" => Need::Required,
        _ => Need::Optional,
    }
}

impl Sheet {
    /// What was typed; of two values for a name the last counts.
    pub fn typed(fields: Vec<(String, String)>) -> Self {
        Self(fields.into_iter().collect())
    }

    /// A value; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The sort of field that the administrator wants to add, when that was the button.
    pub fn added(&self) -> Option<What> {
        let asked = self.get("act") == "add";
        let sort = SORTS.iter().find(|(_, code, _)| *code == self.get("add_sort"));
        sort.filter(|_| asked).map(|(what, ..)| *what)
    }

    /// The sheet of a form.
    pub fn of(form: &Form) -> Self {
        let mut sheet = Self(BTreeMap::new());
        sheet.put_words("title", &form.title);
        sheet.put_words("summary", &form.summary);
        let contacts = &form.contacts;
        let needs =
            [contacts.name, contacts.fiscal_code, contacts.email, contacts.postal_address, contacts.phone];
        for (name, need) in CONTACTS.iter().zip(needs) {
            sheet.put(format!("contacts-{name}"), need_code(need));
        }
        sheet.put("contacts-reachable", if contacts.reachable { "on" } else { "" });
        for (place, field) in form.fields.iter().enumerate() {
            sheet.put_field(place, field);
        }
        sheet.put("add_sort", "line");
        sheet
    }

    /// The form that was typed. `before` is the one that the page showed, from which whatever the page does not say is kept.
    pub fn form(&self, before: &Form) -> Form {
        let mut fields: Vec<(f64, Field)> = Vec::new();
        // A few more than allowed, so that the rules see that there are too many.
        for place in 0..FIELDS + 10 {
            let name = |part: &str| format!("fields-{place}-{part}");
            let Some((what, ..)) = SORTS.iter().find(|(_, code, _)| *code == self.get(&name("sort"))) else {
                continue;
            };
            if self.get(&name("remove")) == "on" {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a place among a few dozen fields")]
            let order =
                self.get(&name("order")).trim().replace(',', ".").parse().unwrap_or((place + 1) as f64);
            fields.push((order, self.field(place, *what, before)));
        }
        fields.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let need = |name: &str| need_of(self.get(&format!("contacts-{name}")));
        Form {
            title: self.words("title"),
            summary: self.words("summary"),
            fields: fields.into_iter().map(|(_, field)| field).collect(),
            contacts: Contacts {
                name: need("name"),
                fiscal_code: need("fiscal_code"),
                email: need("email"),
                postal_address: need("postal_address"),
                phone: need("phone"),
                reachable: self.get("contacts-reachable") == "on",
            },
        }
    }

    fn field(&self, place: usize, what: What, before: &Form) -> Field {
        let name = |part: &str| format!("fields-{place}-{part}");
        let own = self.get(&name("name")).trim().to_owned();
        let known = before.fields.iter().find(|field| field.name == own);
        let max = self.get(&name("max")).trim();
        Field {
            max: max.parse::<u32>().map_or(known.map_or(0, |field| field.max), |max| max.min(LONGEST)),
            what,
            label: self.words(&name("label")),
            hint: self.words(&name("hint")),
            required: self.get(&name("required")) == "on",
            options: if what == What::Choice { options(self.get(&name("options"))) } else { Vec::new() },
            name: own,
        }
    }

    fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    fn put_words(&mut self, name: &str, words: &Words) {
        for (language, value) in
            [(Language::It, &words.it), (Language::En, &words.en), (Language::De, &words.de)]
        {
            self.put(format!("{name}_{}", language.tag()), value);
        }
    }

    fn put_field(&mut self, place: usize, field: &Field) {
        let name = |part: &str| format!("fields-{place}-{part}");
        let sort = SORTS.iter().find(|(what, ..)| *what == field.what).map_or("line", |(_, code, _)| code);
        self.put(name("sort"), sort);
        self.put(name("name"), &field.name);
        self.put(name("order"), (place + 1).to_string());
        self.put(name("max"), if field.max == 0 { String::new() } else { field.max.to_string() });
        self.put(name("required"), if field.required { "on" } else { "" });
        self.put_words(&name("label"), &field.label);
        self.put_words(&name("hint"), &field.hint);
        self.put(name("options"), written(&field.options));
    }

    fn words(&self, name: &str) -> Words {
        let value = |language: Language| text::one_line(self.get(&format!("{name}_{}", language.tag())));
        Words { it: value(Language::It), en: value(Language::En), de: value(Language::De) }
    }
}

/// One answer a line: `value = italiano | english | deutsch`.
fn written(options: &[Choice]) -> String {
    let line = |option: &Choice| {
        let mut words = vec![&option.label.it, &option.label.en, &option.label.de];
        while words.len() > 1 && words.last().is_some_and(|last| last.is_empty()) {
            words.pop();
        }
        let words = words.into_iter().map(String::as_str).collect::<Vec<_>>().join(" | ");
        format!("{} = {words}", option.value)
    };
    options.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The other way round. A line without a value gets one made from its words, which then stays when the words change.
fn options(typed: &str) -> Vec<Choice> {
    let code = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let line = |line: &str| {
        let (value, words) = match line.split_once('=') {
            Some((value, words)) if !value.trim().is_empty() && value.trim().chars().all(code) => {
                (value.trim().to_owned(), words)
            }
            _ => (String::new(), line),
        };
        let mut words = words.split('|').map(text::one_line);
        let mut next = || words.next().unwrap_or_default();
        let label = Words { it: next(), en: next(), de: next() };
        let value = if value.is_empty() { value_of(&label.it) } else { value };
        Choice { value, label }
    };
    typed.lines().filter(|typed| !typed.trim().is_empty()).map(line).collect()
}

fn value_of(words: &str) -> String {
    let folded = text::fold(words);
    let parts = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    text::shortened(&parts.collect::<Vec<_>>().join("_"), 60).replace('…', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_back_from_its_sheet() {
        let mut form = Form { title: Words::plain("Segnala"), ..Form::default() };
        form.contacts.email = Need::Required;
        for (what, ..) in SORTS {
            form = with_field(form, what);
        }
        form.fields[2].options = options("sì | yes | ja\nno = No, mai | | nie\n");
        form.fields[1].max = 600;
        form.fields[3].required = true;
        assert_eq!(Sheet::of(&form).form(&Form::default()), form);
        assert_eq!(form.fields[2].options[0].value, "si");
        assert_eq!(form.fields[2].options[1].label.de, "nie");
    }

    #[test]
    fn fields_are_put_in_order_and_taken_away() {
        let form = with_field(with_field(with_field(Form::default(), What::Line), What::Date), What::Tick);
        let mut sheet = Sheet::of(&form);
        sheet.put("fields-2-order", "0");
        sheet.put("fields-0-remove", "on");
        let names: Vec<String> = sheet.form(&form).fields.into_iter().map(|field| field.name).collect();
        assert_eq!(names, ["extra_3", "extra_2"]);
        sheet.put("act", "add");
        sheet.put("add_sort", "nothing of ours");
        assert_eq!(sheet.added(), None);
        sheet.put("add_sort", "place");
        assert_eq!(sheet.added(), Some(What::Place));
    }
}
