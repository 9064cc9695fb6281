//! Markdown that an organisation writes, as HTML for its pages.
//!
//! What looks like HTML in it is shown as it was typed. The rest goes through the sanitiser of letters all the same: it takes
//! out links that do something, and pictures, which would tell strangers who reads.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use super::email::{clean, html::escape_into};

/// The HTML of a text. Headings begin below the page's own.
#[must_use]
pub fn html(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::Html(typed) | Event::InlineHtml(typed) => Event::Text(typed),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    });
    let mut written = String::with_capacity(text.len() * 2);
    push_html(&mut written, events);
    match clean::clean(&written) {
        // In a letter all headings stand below that of their message. A page's are its own.
        Some(cleaned) => cleaned.replace(" aria-level=\"4\"", ""),
        None => {
            let mut plain = String::with_capacity(text.len());
            escape_into(&mut plain, text);
            format!("<p>{plain}</p>")
        }
    }
}

/// A page has one title, and it is not in its text.
fn lower(level: HeadingLevel) -> HeadingLevel {
    if level == HeadingLevel::H1 { HeadingLevel::H2 } else { level }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_headings_lists_and_links() {
        insta::assert_snapshot!(
            html("# Uno\n\n## Due\n\nCiao **mondo**, [qui](https://ente.example/a?b=1&c=2).\n\n- a\n- b\n"),
            @r#"
        <h2>Uno</h2>
        <h2>Due</h2>
        <p>Ciao <strong>mondo</strong>, <a href="https://ente.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">qui</a>.</p>
        <ul>
        <li>a</li>
        <li>b</li>
        </ul>
        "#
        );
    }

    #[test]
    fn nothing_in_a_text_runs_or_is_fetched() {
        let hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) \
            [b](data:text/html;base64,PHNjcmlwdD4=) ![c](https://spia.example/p.gif) <https://ok.example> <style>p{}</style>";
        let shown = html(hostile);
        for forbidden in ["<script", "<img", "<style", "href=\"javascript", "href=\"data"] {
            assert!(!shown.contains(forbidden), "{forbidden} in {shown}");
        }
        assert!(shown.contains("&lt;script&gt;") && shown.contains("https://ok.example"), "{shown}");
    }

    #[test]
    fn a_text_made_to_be_deep_costs_no_more_than_its_length() {
        let deep = html(&">".repeat(60_000));
        assert!(deep.len() < 4_000_000);
        assert!(!html(&"*a **a ".repeat(8_000)).is_empty());
    }
}
