//! A text as the app draws it, as HTML for our own pages.
//!
//! As unforgiving as the app (`IOMarkdown/renderRules.tsx` of pagopa/io-app): what it has no rule for is not there, so that an
//! operator sees the hole before the citizen does. Pictures are fetched from nowhere; of them the words are shown.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use crate::domain::io::cta::{self, Front};

/// Levels of lists, quotes and the like that are drawn inside one another; no letter needs more, and a page must not either.
const DEEPEST: usize = 12;

/// The HTML of a text, without its buttons. It can do nothing: no markup that was typed, no script, no picture, links over `https`
/// and `http` only.
#[must_use]
pub fn drawn(markdown: &str) -> String {
    let front = cta::split(markdown);
    let body = match &front {
        Front::Buttons(_, body) => *body,
        _ => markdown,
    };
    let (mut hidden, mut depth) = (0_usize, 0_usize);
    let parser = Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let events = parser.filter_map(|event| {
        match &event {
            Event::Start(tag) => {
                depth += 1;
                hidden += usize::from(hidden > 0 || is_undrawn(tag) || depth > DEEPEST);
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if hidden > 0 {
                    hidden -= 1;
                    return None;
                }
            }
            _ => {}
        }
        if hidden > 0 { None } else { shown(event) }
    });
    let mut html = String::with_capacity(body.len() * 2);
    push_html(&mut html, events);
    html
}

fn is_undrawn(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Table(_) | Tag::Strikethrough | Tag::HtmlBlock)
}

fn shown(event: Event<'_>) -> Option<Event<'_>> {
    Some(match event {
        // One line's end is a line's end ("Guida tecnica", Markdown Guide, since version 7.0).
        Event::SoftBreak => Event::HardBreak,
        Event::Html(tag) | Event::InlineHtml(tag) => {
            return tag.trim_start().to_ascii_lowercase().starts_with("<br").then_some(Event::HardBreak);
        }
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let leads = ["https://", "http://"].iter().any(|scheme| dest_url.starts_with(scheme));
            let dest_url = if leads { dest_url } else { "#".into() };
            Event::Start(Tag::Link { link_type, dest_url, title: "".into(), id })
        }
        other => other,
    })
}

/// The page has its own title, and so has the preview in it.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_drawn_as_the_app_draws_it() {
        for (markdown, drawn_as) in [
            ("Ciao **mondo**,\na capo", "<p>Ciao <strong>mondo</strong>,<br />\na capo</p>\n"),
            ("# Titolo\n\n- a\n- b", "<h4>Titolo</h4>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("prima ~~via~~ dopo", "<p>prima  dopo</p>\n"),
            ("a | b\n--|--\n1 | 2\n\nresta", "<p>resta</p>\n"),
            ("uno<br>due", "<p>uno<br />\ndue</p>\n"),
            ("![un cassonetto](https://spia.example/p.gif)", "<p>un cassonetto</p>\n"),
            (
                "[qui](https://ente.example/a?b=1&c=2)",
                "<p><a href=\"https://ente.example/a?b=1&amp;c=2\">qui</a></p>\n",
            ),
            (
                "---\nit:\n    cta_1:\n        text: \"a\"\n        action: \"ioit://b\"\n---\n\nciao",
                "<p>ciao</p>\n",
            ),
        ] {
            assert_eq!(drawn(markdown), drawn_as, "{markdown}");
        }
    }

    #[test]
    fn nothing_in_a_text_runs_or_is_fetched() {
        let hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) \
            [b](data:text/html;base64,PHNjcmlwdD4=) ![c](https://spia.example/p.gif \"\\\" onload=x\") <javascript:alert(2)>";
        let html = drawn(hostile);
        for forbidden in
            ["<script", "<img", "javascript:alert(1)", "href=\"j", "data:text", "onload", "onerror"]
        {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_drawn_in_balance(markdown in "(\\PC|[>*_~|<\\[\\]()`#\n -]){0,300}") {
            let html = drawn(&markdown);
            for tag in ["p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code"] {
                let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
                prop_assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{} in {}", tag, html);
            }
            prop_assert!(!html.contains("<script") && !html.contains("<img"));
        }
    }
}
