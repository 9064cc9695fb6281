//! A message as the citizen sees it: in the app, and in the mail that is sent on (facts 5.7 and §6).
//!
//! As unforgiving as the app: tables, crossed-out words and HTML vanish, a button with a wrong indent is not there.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// Characters of the text that the mail carries.
const MAIL_LENGTH: usize = 134;

/// A button under the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub action: String,
}

/// Buttons, and the text without their lines.
pub fn parts(markdown: &str) -> (Vec<Button>, &str) {
    let Some((front, text)) = front_matter(markdown) else { return (Vec::new(), markdown) };
    let buttons = ["cta_1", "cta_2"].iter().filter_map(|name| button(front, name)).collect();
    (buttons, text)
}

/// The lines between the first `---`, which are the very first bytes, and the next.
fn front_matter(markdown: &str) -> Option<(&str, &str)> {
    let rest = markdown.strip_prefix("---\n")?;
    let (front, text) = rest.split_once("\n---\n")?;
    Some((front, text))
}

/// A button of the Italian block: others fall back on it.
fn button(front: &str, name: &str) -> Option<Button> {
    let mut lines = front.lines().skip_while(|line| line.trim_end() != "it:").skip(1);
    let italian: Vec<&str> = lines.by_ref().take_while(|line| line.starts_with(' ')).collect();
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let at = italian.iter().position(|line| line.trim() == format!("{name}:"))?;
    let of_button: Vec<&str> =
        italian[at + 1..].iter().copied().take_while(|line| depth(line) > depth(italian[at])).collect();
    let value = |key: &str| {
        let line =
            of_button.iter().find_map(|line| line.trim_start().strip_prefix(key)?.strip_prefix(": "))?;
        unquoted(line.trim())
    };
    let (text, action) = (value("text")?, value("action")?);
    let target = action.strip_prefix("iohandledlink://");
    let known = target.is_some_and(|target| {
        ["https://", "http://", "mailto:", "tel:", "sms:"].iter().any(|scheme| target.starts_with(scheme))
    });
    let inside = ["ioit://", "iosso://"].iter().any(|scheme| action.starts_with(scheme));
    (known || inside).then_some(Button { text, action })
}

/// A YAML scalar: in double quotes with escapes, in single quotes, or bare.
fn unquoted(value: &str) -> Option<String> {
    if value.starts_with('"') {
        // JSON's strings are YAML's, but for a few escapes that nobody writes.
        return serde_json::from_str(value).ok();
    }
    if let Some(inner) = value.strip_prefix('\'') {
        return inner.strip_suffix('\'').map(|inner| inner.replace("''", "'"));
    }
    let special = value.is_empty()
        || value.contains(": ")
        || value.contains(" #")
        || value.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@']);
    (!special).then(|| value.to_owned())
}

/// The text as the app draws it, as HTML that can do nothing.
pub fn drawn(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut hidden = 0_usize;
    let events = Parser::new_ext(text, options).filter_map(|event| match event {
        Event::Start(Tag::Table(_) | Tag::Strikethrough | Tag::HtmlBlock) => {
            hidden += 1;
            None
        }
        Event::End(TagEnd::Table | TagEnd::Strikethrough | TagEnd::HtmlBlock) => {
            hidden = hidden.saturating_sub(1);
            None
        }
        _ if hidden > 0 => None,
        Event::Html(tag) | Event::InlineHtml(tag) => tag.starts_with("<br").then_some(Event::HardBreak),
        // One line's end is a line's end (trap 8).
        Event::SoftBreak => Some(Event::HardBreak),
        // Nothing is fetched from elsewhere: of a picture, its words.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if dest_url.starts_with("https://") || dest_url.starts_with("http://") {
                dest_url
            } else {
                "#".into()
            };
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        other => Some(other),
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page
}

/// The text of the mail: what follows the last `---`, without its form and its links.
pub fn mailed(markdown: &str) -> String {
    let last = markdown.rsplit("---").next().unwrap_or_default();
    let mut plain = String::new();
    for event in Parser::new(last) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => plain.push(' '),
            _ => {}
        }
    }
    let words = plain.split_whitespace();
    let words: Vec<&str> =
        words.map(|word| if word.contains("://") { "[link rimosso]" } else { word }).collect();
    words.join(" ").chars().take(MAIL_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "---\nit:\n    cta_1:\n        text: \"Vai alla \\\"segnalazione\\\"\"\n        action: \"iohandledlink://https://ente.example/s/1\"\n---\n\nLa tua **segnalazione**\nè stata presa in carico.";

    #[test]
    fn a_button_is_there_or_not() {
        let (buttons, text) = parts(MESSAGE);
        let button = Button {
            text: "Vai alla \"segnalazione\"".to_owned(),
            action: "iohandledlink://https://ente.example/s/1".to_owned(),
        };
        assert_eq!(buttons, [button]);
        assert_eq!(
            drawn(text),
            "<p>La tua <strong>segnalazione</strong><br />\nè stata presa in carico.</p>\n"
        );
        for broken in [
            MESSAGE.replace("it:", "en:"),
            MESSAGE.replace("        action", "action"),
            MESSAGE.replace("iohandledlink://https://", "iohandledlink://"),
            MESSAGE.replace("segnalazione\\\"\"", "segnalazione\\\""),
        ] {
            assert!(parts(&broken).0.is_empty(), "{broken}");
        }
    }

    #[test]
    fn what_the_app_does_not_draw_is_not_drawn() {
        let text = "~~via~~ <b>grassetto</b><br>sotto\n\n| a |\n|---|\n| b |\n\n[x](javascript:alert(1)) ![foto](https://x.example/p.png)";
        let drawn = drawn(text);
        assert_eq!(drawn, "<p> grassetto<br />\nsotto</p>\n<p><a href=\"#\">x</a> foto</p>\n");
    }

    #[test]
    fn the_mail_starts_after_the_last_line() {
        assert_eq!(mailed(MESSAGE), "La tua segnalazione è stata presa in carico.");
        assert_eq!(mailed("Prima\n\n---\n\nDopo https://x.example"), "Dopo [link rimosso]");
        assert_eq!(mailed(&"à".repeat(200)).chars().count(), MAIL_LENGTH);
    }
}
