//! What a citizen gets to see of a text: in the mail into which IO forwards it, and in the app.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{cta, text};

mod app;
mod plain;

pub use app::drawn;

/// Characters (UTF-16 units) of a text that the forwarded mail shows.
pub const FORWARDED: usize = 134;
/// What the forwarded mail shows for an address.
const LINK: &str = "[link rimosso]";

/// The words of the forwarded mail: plain text after the last `---`, its first 134 characters, without addresses, and with an
/// invisible space after each full stop so that no program makes a link of what is left (`prepareBody` in
/// `EmailNotification/utils.ts` of pagopa/io-messages).
#[must_use]
pub fn forwarded(markdown: &str) -> String {
    let last = markdown.rsplit("---").next().unwrap_or(markdown);
    let plain = plain::plain(last);
    let mut shown = units_cut(&plain, FORWARDED);
    if text::units(&plain) > FORWARDED {
        shown.push_str("...");
    }
    without_links(&shown).replace('.', ".\u{200b}")
}

/// The words without their buttons and Markdown, with signs where there are references to them (`&#42;`): as the app draws them, for
/// a thread.
#[must_use]
pub fn plain(markdown: &str) -> String {
    let body = match cta::split(markdown) {
        cta::Front::Buttons(_, body) => body,
        _ => markdown,
    };
    plain::dereferenced(&plain::plain(body)).trim().to_owned()
}

/// The first `limit` units, whatever they divide: so does IO. Half a character is left out.
fn units_cut(text: &str, limit: usize) -> String {
    let units: Vec<u16> = text.encode_utf16().take(limit).collect();
    char::decode_utf16(units).filter_map(Result::ok).collect()
}

/// Every `something://…` up to the end of its last `.ending` (`\w*:\/\/[^\s]*\.[\w?/=&%-+#]*`).
fn without_links(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let after = &rest[at + 3..];
        let run = &after[..after.find(char::is_whitespace).unwrap_or(after.len())];
        let scheme = rest[..at].trim_end_matches(is_word).len();
        let Some(dot) = run.rfind('.') else {
            out.push_str(&rest[..at + 3]);
            rest = after;
            continue;
        };
        let ending = run[dot + 1..].find(|c| !is_word(c) && !"?/=&%'()*+#".contains(c));
        let end = ending.map_or(run.len(), |ending| dot + 1 + ending);
        out.push_str(&rest[..scheme]);
        out.push_str(LINK);
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// What the app leaves out, or does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Undrawn {
    /// A table: gone with all that is in it.
    Table,
    /// Words struck through: gone.
    Strikethrough,
    /// HTML, but for `<br>`: gone.
    Html,
    /// A link to a mail address or telephone number in the text: does nothing. Buttons can.
    DeadLink,
}

impl Undrawn {
    /// What to do about it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Table => "L'app non mostra le tabelle: spariscono con il loro contenuto. Usa un elenco.",
            Self::Strikethrough => "L'app non mostra il testo barrato: sparisce. Scrivilo senza ~~.",
            Self::Html => "L'app non mostra il codice HTML: sparisce. Si può usare solo <br>.",
            Self::DeadLink => {
                "Nel testo i collegamenti a mail e telefono non funzionano: scrivi il numero, o usa un pulsante."
            }
        }
    }
}

/// What of a text the app leaves out, each once ("Guida tecnica", Markdown Guide; `IOMarkdown/renderRules.tsx` of pagopa/io-app).
#[must_use]
pub fn undrawn(markdown: &str) -> Vec<Undrawn> {
    let front = cta::split(markdown);
    let mut found: Vec<Undrawn> =
        Parser::new_ext(front.text(), Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
            .filter_map(|event| match event {
                Event::Start(Tag::Table(_)) => Some(Undrawn::Table),
                Event::Start(Tag::Strikethrough) => Some(Undrawn::Strikethrough),
                Event::Html(html) | Event::InlineHtml(html) if !is_line_break(&html) => Some(Undrawn::Html),
                Event::Start(Tag::Link { dest_url, .. })
                    if ["mailto:", "tel:", "sms:"].iter().any(|scheme| dest_url.starts_with(scheme)) =>
                {
                    Some(Undrawn::DeadLink)
                }
                _ => None,
            })
            .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn is_line_break(html: &str) -> bool {
    html.split('>').all(|tag| matches!(tag.trim().trim_end_matches('/').trim(), "" | "<br"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trap_09_the_forwarded_mail_begins_after_the_last_divider() {
        let buttons = "---\nit:\n    cta_1:\n        text: \"a\"\n        action: \"b\"\n---\n\n";
        assert_eq!(forwarded(&format!("{buttons}La tua segnalazione")), "\n\nLa tua segnalazione");
        assert_eq!(forwarded("La notizia.\n\n---\n\nCordiali saluti"), "\n\nCordiali saluti");
        assert_eq!(forwarded("La notizia a---b"), "b", "even inside a word");
    }

    #[test]
    fn the_forwarded_mail_shows_134_characters_and_no_address() {
        assert_eq!(forwarded(&"a".repeat(134)), "a".repeat(134));
        assert_eq!(forwarded(&"a".repeat(135)), format!("{}.\u{200b}.\u{200b}.\u{200b}", "a".repeat(134)));
        // The length is taken before addresses go.
        let long = format!("Vedi https://ente.example/{} e {}", "p".repeat(20), "a".repeat(100));
        assert_eq!(
            forwarded(&long),
            format!("Vedi [link rimosso] e {}.\u{200b}.\u{200b}.\u{200b}", "a".repeat(85))
        );
        for (markdown, shown) in [
            ("Vedi https://ente.example/a?b=1#c, grazie.", "Vedi [link rimosso], grazie.\u{200b}"),
            ("Vedi [la pagina](https://ente.example/a) ora", "Vedi la pagina ora"),
            ("Vedi http://localhost/a e ftp://x.y", "Vedi http://localhost/a e [link rimosso]"),
            ("Scrivi a ente.example", "Scrivi a ente.\u{200b}example"),
        ] {
            assert_eq!(forwarded(markdown), shown, "{markdown}");
        }
        assert_eq!(forwarded(&format!("{}🗑", "a".repeat(133))).encode_utf16().count(), 133 + 6);
    }

    #[test]
    fn what_people_typed_reads_the_same_in_the_forwarded_mail() {
        let typed = "*grave* e [qui](https://x.y) `a` <b> # > 1. --- fine";
        let shown = forwarded(&super::super::escape::escape(typed));
        let decoded = ["&#42;|*", "&#91;|[", "&#93;|]", "&#96;|`", "&lt;|<"]
            .iter()
            .filter_map(|pair| pair.split_once('|'))
            .fold(shown, |shown, (reference, sign)| shown.replace(reference, sign));
        assert_eq!(decoded, "*grave* e [qui]([link rimosso] `a` <b> # > 1.\u{200b} — fine");
    }

    #[test]
    fn trap_09_what_the_app_does_not_draw_is_named() {
        assert_eq!(
            undrawn(
                "Ciao **mondo**<br>\n\n> nota\n\n- a\n- b\n\n![x](https://a.example/b.png)\n\n---\n\n`x`"
            ),
            []
        );
        assert_eq!(undrawn("a | b\n--|--\n1 | 2"), [Undrawn::Table]);
        assert_eq!(undrawn("~~no~~ <b>a</b>\n\n<div>\nx\n</div>"), [Undrawn::Strikethrough, Undrawn::Html]);
        assert_eq!(undrawn("[chiama](tel:+39030) o [scrivi](mailto:a@b.example)"), [Undrawn::DeadLink]);
        assert_eq!(undrawn("[chiama](https://a.example)"), []);
    }

    proptest! {
        #[test]
        fn any_text_has_a_preview(markdown in "\\PC{0,300}") {
            let _ = (forwarded(&markdown), undrawn(&markdown));
        }
    }
}
