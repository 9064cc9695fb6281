//! Buttons under a message or on a service sheet.
//!
//! They are written before the text, as its very first bytes, between two lines `---` ("Guida tecnica", Markdown Guide; the
//! app's `ctas.ts`). Whatever is wrong there makes them vanish without a word, so nothing here is left to the reader's
//! goodwill: two at most, always in Italian (to which the app falls back), both values in quotes.

use std::fmt::Write as _;

use url::Url;

mod read;

pub use read::{Front, split};

use super::Remark;

/// Most buttons in a language.
pub const MOST: usize = 2;
/// Before an address that the telephone itself opens.
pub(super) const HANDLED: &str = "iohandledlink://";
/// Routes inside the app, and single sign-on.
const INNER: [&str; 2] = ["ioit://", "iosso://"];

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub text: String,
    /// What it opens, as [`action`] makes it.
    pub action: String,
}

/// The buttons of a text. No button in either language: nothing is written before the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cta {
    /// In Italian, and for all who have no button in their language.
    pub it: Vec<Button>,
    /// In English.
    pub en: Vec<Button>,
}

/// Why a button opens nothing. The message is for whoever typed the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing that a telephone opens.
    #[error(
        "Scrivi che cosa apre il pulsante: un indirizzo che comincia con https://, tel:, mailto: o sms:."
    )]
    Unreadable,
    /// It could be read, and changed, on the way.
    #[error("L'indirizzo del pulsante deve cominciare con https://.")]
    InClear,
    /// A telephone number that only works in the right town.
    #[error("Scrivi il numero di telefono con il prefisso internazionale, per esempio tel:+390301234567.")]
    Number,
}

/// What a button must say to open `typed`: `https://…` becomes `iohandledlink://https://…`, and so do `mailto:`, `tel:` and
/// `sms:`. What is written so already stays.
///
/// # Errors
/// The app would open nothing.
pub fn action(typed: &str) -> Result<String, Unfit> {
    let typed = typed.trim();
    if typed.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Unfit::Unreadable);
    }
    if let Some(route) = INNER.iter().find_map(|scheme| typed.strip_prefix(scheme)) {
        return if route.is_empty() { Err(Unfit::Unreadable) } else { Ok(typed.to_owned()) };
    }
    let plain = typed.strip_prefix(HANDLED).unwrap_or(typed);
    let (scheme, rest) = plain.split_once(':').ok_or(Unfit::Unreadable)?;
    match scheme.to_ascii_lowercase().as_str() {
        // Adding the slashes for whoever left them out would be guessing.
        "https" if rest.starts_with("//") && is_plain(plain) => {}
        "http" => return Err(Unfit::InClear),
        "mailto" if crate::domain::mail::is_address(rest.split('?').next().unwrap_or_default()) => {}
        "tel" | "sms" if is_number(rest) => {}
        "tel" | "sms" => return Err(Unfit::Number),
        _ => return Err(Unfit::Unreadable),
    }
    Ok(format!("{HANDLED}{plain}"))
}

/// An address without a name and a password in it.
fn is_plain(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.username().is_empty() && url.password().is_none())
}

fn is_number(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl Cta {
    /// Whether there is no button.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.it.is_empty() && self.en.is_empty()
    }

    /// What goes before the text; nothing without buttons.
    #[must_use]
    pub fn front_matter(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let mut out = "---\n".to_owned();
        for (language, buttons) in [("it", &self.it), ("en", &self.en)] {
            if buttons.is_empty() {
                continue;
            }
            out.push_str(language);
            out.push_str(":\n");
            for (number, button) in (1..).zip(buttons) {
                let (text, action) = (quoted(&button.text), quoted(&button.action));
                let _ = writeln!(out, "    cta_{number}:\n        text: {text}\n        action: {action}");
            }
        }
        out.push_str("---\n\n");
        out
    }

    /// All for which the app would show no button.
    #[must_use]
    pub fn flaws(&self) -> Vec<Remark> {
        let mut found = Vec::new();
        let mut say = |words: String| found.push(Remark::new("cta", words));
        if self.it.is_empty() && !self.en.is_empty() {
            say("Scrivi il pulsante anche in italiano: senza, chi usa un'altra lingua non lo vede."
                .to_owned());
        }
        for buttons in [&self.it, &self.en] {
            if buttons.len() > MOST {
                say(format!("I pulsanti possono essere al massimo {MOST}."));
            }
            for button in buttons {
                if button.text.trim().is_empty() || button.text.chars().any(char::is_control) {
                    say("Scrivi che cosa c'è sul pulsante, su una riga.".to_owned());
                }
                match action(&button.action) {
                    Ok(action) if action == button.action => {}
                    Ok(action) => say(format!("L'indirizzo del pulsante va scritto così: {action}")),
                    Err(unfit) => say(unfit.to_string()),
                }
            }
        }
        found
    }
}

/// A value in quotes, as YAML reads it (1.2, §7.3.1).
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    let plain: String = escaped.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{plain}\"")
}

/// A text without the lines that name a button which is not there.
#[must_use]
pub fn without_buttons(body: &str, cta: &Cta) -> String {
    let names = |line: &&str| cta.it.iter().any(|button| line.contains(&button.text));
    body.lines().filter(|line| !names(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn button(text: &str, typed: &str) -> Button {
        Button { text: text.to_owned(), action: action(typed).unwrap_or_else(|_| typed.to_owned()) }
    }

    #[test]
    fn trap_10_buttons_are_written_as_the_app_reads_them() {
        let cta = Cta {
            it: vec![
                button("Vai alla \"segnalazione\"", "https://ente.example/s/1?a=b"),
                button("Chiama", "tel:+390301234567"),
            ],
            en: vec![button("See your report", "https://ente.example/s/1")],
        };
        assert_eq!(cta.flaws(), []);
        insta::assert_snapshot!(cta.front_matter(), @r#"
        ---
        it:
            cta_1:
                text: "Vai alla \"segnalazione\""
                action: "iohandledlink://https://ente.example/s/1?a=b"
            cta_2:
                text: "Chiama"
                action: "iohandledlink://tel:+390301234567"
        en:
            cta_1:
                text: "See your report"
                action: "iohandledlink://https://ente.example/s/1"
        ---
        "#);
        assert!(cta.front_matter().starts_with("---\n") && cta.front_matter().ends_with("\n---\n\n"));
        assert_eq!(Cta::default().front_matter(), "");
    }

    #[test]
    fn trap_10_a_button_opens_what_the_app_can_open() {
        for (typed, written) in [
            (" https://ente.example/a ", "iohandledlink://https://ente.example/a"),
            ("iohandledlink://https://ente.example/a", "iohandledlink://https://ente.example/a"),
            ("mailto:ufficio@ente.example", "iohandledlink://mailto:ufficio@ente.example"),
            ("sms:+393331234567", "iohandledlink://sms:+393331234567"),
            ("ioit://profile", "ioit://profile"),
            ("iosso://https://ente.example/", "iosso://https://ente.example/"),
        ] {
            assert_eq!(action(typed).as_deref(), Ok(written), "{typed}");
        }
        for (typed, why) in [
            ("", Unfit::Unreadable),
            ("ente.example/a", Unfit::Unreadable),
            ("https:ente.example", Unfit::Unreadable),
            ("https://", Unfit::Unreadable),
            ("https://a:b@ente.example", Unfit::Unreadable),
            ("https://ente.example/a b", Unfit::Unreadable),
            ("iohandledlink://ente.example/a", Unfit::Unreadable),
            ("javascript:alert(1)", Unfit::Unreadable),
            ("ioit://", Unfit::Unreadable),
            ("http://ente.example/a", Unfit::InClear),
            ("iohandledlink://http://ente.example/a", Unfit::InClear),
            ("tel:0301234567", Unfit::Number),
            ("mailto:ufficio", Unfit::Unreadable),
        ] {
            assert_eq!(action(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn trap_10_buttons_that_would_vanish_are_refused() {
        let one = button("Vai", "https://ente.example");
        let flaws = |it: Vec<Button>, en: Vec<Button>| Cta { it, en }.flaws().len();
        assert_eq!(flaws(vec![one.clone(), one.clone()], vec![]), 0);
        assert_eq!(flaws(vec![], vec![one.clone()]), 1);
        assert_eq!(flaws(vec![one.clone(), one.clone(), one.clone()], vec![]), 1);
        assert_eq!(flaws(vec![button(" ", "https://ente.example")], vec![]), 1);
        assert_eq!(flaws(vec![button("a\nb", "x")], vec![]), 2);
        let without = Button { action: "https://ente.example".to_owned(), ..one };
        assert_eq!(flaws(vec![without], vec![]), 1, "the scheme of the app is missing");
    }
}
