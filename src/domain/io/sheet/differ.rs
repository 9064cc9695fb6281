//! Where two sheets differ, in words: for whoever finds that somebody else was at the same sheet.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Sheet;
use crate::domain::{
    io::payment,
    text::{one_line, shortened},
};

/// Characters of a value that are shown.
const SHOWN: usize = 300;

/// One field, twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name on the page.
    pub field: &'static str,
    /// What we would write; empty for nothing.
    pub ours: String,
    /// What is there; empty for nothing.
    pub theirs: String,
}

/// What both `ours` and `theirs` have changed since `base`, and not to the same.
#[must_use]
pub fn clashes(base: &Sheet, ours: &Sheet, theirs: &Sheet) -> Vec<Difference> {
    let base = fields(base);
    compare(ours, theirs, |path, ours, theirs| {
        // IO does not always show this one: that it is missing is no change.
        let hidden = path == "suitable_for_minors" && theirs.is_none();
        base.get(path) != ours && base.get(path) != theirs && !hidden
    })
}

/// All that is not the same in two sheets.
#[must_use]
pub fn differences(ours: &Sheet, theirs: &Sheet) -> Vec<Difference> {
    compare(ours, theirs, |_, _, _| true)
}

fn compare(
    ours: &Sheet,
    theirs: &Sheet,
    counts: impl Fn(&str, Option<&Value>, Option<&Value>) -> bool,
) -> Vec<Difference> {
    let (ours, theirs) = (fields(ours), fields(theirs));
    let mut paths: Vec<&String> = ours.keys().chain(theirs.keys()).collect();
    paths.sort();
    paths.dedup();
    let differ = paths.into_iter().filter_map(|path| {
        let (ours, theirs) = (ours.get(path), theirs.get(path));
        (ours != theirs && counts(path, ours, theirs)).then(|| Difference {
            field: label(path),
            ours: shown(path, ours),
            theirs: shown(path, theirs),
        })
    });
    differ.collect()
}

/// Each field under its path.
fn fields(sheet: &Sheet) -> BTreeMap<String, Value> {
    let mut flat = BTreeMap::new();
    let Value::Object(written) = sheet.written() else { return flat };
    for (name, value) in written {
        match value {
            Value::Object(inner) => {
                let inner = inner.into_iter().map(|(field, value)| (format!("{name}.{field}"), value));
                flat.extend(inner);
            }
            value => drop(flat.insert(name, value)),
        }
    }
    flat
}

fn shown(path: &str, value: Option<&Value>) -> String {
    let words = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(yes)) => if *yes { "sì" } else { "no" }.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Some(Value::Number(cents)) if path == "max_allowed_payment_amount" => {
            cents.as_u64().map(payment::written).unwrap_or_default()
        }
        Some(other) => other.to_string(),
    };
    shortened(&one_line(&words), SHOWN)
}

/// The name of a field on the page, by its path or its name in the form.
pub(super) fn label(path: &str) -> &'static str {
    match path.strip_prefix("metadata.").unwrap_or(path) {
        "name" => "Nome del servizio",
        "description" => "Descrizione",
        "organization" | "organization.name" => "Nome dell’ente",
        "organization_fiscal_code" | "organization.fiscal_code" => "Codice fiscale dell’ente",
        "department_name" | "organization.department_name" => "Ufficio",
        "require_secure_channel" => "Messaggi riservati",
        "authorized_recipients" => "Destinatari autorizzati",
        "authorized_cidrs" => "Indirizzi autorizzati",
        "max_allowed_payment_amount" => "Importo massimo",
        "suitable_for_minors" => "Anche per chi ha da 14 a 17 anni",
        "scope" => "Ambito",
        "topic_id" => "Argomento",
        "privacy_url" => "Informativa sulla privacy",
        "tos_url" => "Termini d’uso",
        "web_url" => "Sito",
        "app_ios" => "App per iPhone",
        "app_android" => "App per Android",
        "support_url" => "Pagina di assistenza",
        "phone" => "Telefono",
        "email" => "Posta elettronica",
        "pec" => "PEC",
        "address" => "Indirizzo della sede",
        "cta" => "Pulsanti della scheda",
        _ => "Altro",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet::read(&super::super::tests::answer()).unwrap()
    }

    #[test]
    fn only_what_both_have_changed_is_a_clash() {
        let (mut ours, mut theirs) = (sheet(), sheet());
        ours.metadata.phone = Some("030 2".to_owned());
        theirs.metadata.pec = None;
        assert_eq!(clashes(&sheet(), &ours, &theirs), []);
        theirs.metadata.phone = None;
        let clash = Difference { field: "Telefono", ours: "030 2".to_owned(), theirs: String::new() };
        assert_eq!(clashes(&sheet(), &ours, &theirs), [clash]);
        theirs.metadata.phone.clone_from(&ours.metadata.phone);
        assert_eq!(clashes(&sheet(), &ours, &theirs), [], "of one mind");
    }

    #[test]
    fn what_io_hides_is_no_change() {
        let (mut base, mut ours) = (sheet(), sheet());
        base.suitable_for_minors = Some(true);
        ours.suitable_for_minors = Some(false);
        assert_eq!(clashes(&base, &ours, &sheet()), []);
    }

    #[test]
    fn differences_are_said_in_words() {
        let mut theirs = sheet();
        theirs.authorized_cidrs = vec!["203.0.113.7".to_owned(), "203.0.113.8".to_owned()];
        theirs.require_secure_channel = false;
        theirs.max_allowed_payment_amount = 150;
        let said: Vec<_> = differences(&sheet(), &theirs)
            .into_iter()
            .map(|d| format!("{}: {} / {}", d.field, d.ours, d.theirs))
            .collect();
        assert_eq!(
            said,
            [
                "Indirizzi autorizzati: 203.0.113.7/32 / 203.0.113.7, 203.0.113.8",
                "Importo massimo: 10.000,00 € / 1,50 €",
                "Messaggi riservati: sì / no",
            ]
        );
    }
}
