//! Words that people typed, put into a text for IO so that they read as they were typed.
//!
//! Signs that Markdown would take for its own become character references (`&#42;`). Not the backslash of Markdown: the mail
//! into which IO forwards a message takes Markdown out with patterns that know no backslash, and would leave half of `\*a\*`
//! standing; a reference comes through both. Three hyphens become a dash, wherever they stand: that mail keeps only what comes
//! after the last three (`prepareBody` of pagopa/io-messages cuts the text there, even in the middle of a word).

/// What `typed` becomes so that the app shows it letter by letter. Lines stay lines; spaces before them go, because four of
/// them would make a frame of code.
#[must_use]
pub fn escape(typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> = typed.split('\n').map(|line| escape_line(&dashed(line.trim_start()))).collect();
    lines.join("\n")
}

/// The same on one line, for the middle of a sentence.
#[must_use]
pub fn escape_inline(typed: &str) -> String {
    let line = crate::domain::text::one_line(typed);
    inline(&dashed(&line))
}

/// Rows of three hyphens and more as one dash.
fn dashed(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut hyphens = 0;
    for c in line.chars().map(Some).chain([None]) {
        if c == Some('-') {
            hyphens += 1;
            continue;
        }
        if hyphens >= 3 {
            out.push('—');
        } else {
            out.extend(std::iter::repeat_n('-', hyphens));
        }
        hyphens = 0;
        out.extend(c);
    }
    out
}

/// What means something only at the beginning of a line, then the rest.
fn escape_line(line: &str) -> String {
    let Some(first) = line.chars().next() else { return String::new() };
    let rest = &line[first.len_utf8()..];
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marks = match first {
        '#' | '>' => true,
        '+' => rest.is_empty() || rest.starts_with([' ', '\t']),
        // Also a row of signs under a line, which would make a title of it.
        '-' | '=' => {
            rest.starts_with([' ', '\t']) || rest.chars().all(|c| c == first || c == ' ' || c == '\t')
        }
        _ => false,
    };
    if marks {
        return format!("{}{}", reference(first), inline(rest));
    }
    if (1..=9).contains(&digits)
        && let Some(sign) = line[digits..].chars().next().filter(|sign| matches!(sign, '.' | ')'))
        && (line.len() == digits + 1 || line[digits + 1..].starts_with([' ', '\t']))
    {
        return format!("{}{}{}", &line[..digits], reference(sign), inline(&line[digits + 1..]));
    }
    inline(line)
}

/// Signs that mean something anywhere.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.clone().next();
        let in_a_word = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let marks = match c {
            '*' | '`' | '[' | ']' | '<' | '|' | '~' => true,
            // Inside a word it is a sign like any other, and addresses are full of them.
            '_' => !in_a_word,
            '\\' => !after.is_some_and(char::is_alphanumeric),
            '&' => after.is_some_and(|after| after == '#' || after.is_ascii_alphabetic()),
            _ => false,
        };
        if marks {
            out.push_str(&reference(c));
        } else {
            out.push(c);
        }
        before = Some(c);
    }
    // Two spaces at the end of a line would be a line break more.
    out.truncate(out.trim_end_matches([' ', '\t']).len());
    out
}

fn reference(c: char) -> String {
    match c {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        c => format!("&#{};", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    /// What another program reads, and whether it sees anything but lines of plain words.
    fn read(markdown: &str) -> (String, bool) {
        let mut shown = String::new();
        let mut plain = true;
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(text) => shown.push_str(&text),
                Event::SoftBreak => shown.push('\n'),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                _ => plain = false,
            }
        }
        (shown, plain)
    }

    #[test]
    fn trap_09_typed_words_read_as_they_were_typed() {
        for typed in [
            "*grave* e _urgente_, **subito**",
            "# non è un titolo",
            "#hashtag",
            "> non è una citazione",
            "+ non è un elenco",
            "- nemmeno questo",
            "* e questo",
            "12. dodici\n3) tre",
            "`rm -rf` ```codice```",
            "[qui](https://spia.example) ![x](https://spia.example/p.gif)",
            "<script>alert(1)</script> <br> <b>a</b> a<b",
            "a | b\n:-: | --",
            "~~tolto~~",
            "Titolo\n==",
            "Titolo\n--",
            "\\*a\\* &amp; &lt; &#42; R&D",
            "snake_case_in_un_nome e _in fuori_",
            "C:\\cartella\\",
            "1234567890. troppo lungo per un elenco",
            "  quattro spazi",
        ] {
            let (shown, plain) = read(&escape(typed));
            assert!(plain, "{typed} → {}", escape(typed));
            let expected: Vec<&str> = typed.lines().map(str::trim).collect();
            assert_eq!(shown, expected.join("\n"), "{typed} → {}", escape(typed));
        }
    }

    #[test]
    fn trap_09_nothing_that_people_type_cuts_the_forwarded_mail() {
        for (typed, escaped) in
            [("---", "—"), ("a---b", "a—b"), ("via ------- 3", "via — 3"), ("a--b", "a--b")]
        {
            assert_eq!(escape(typed), escaped);
        }
        assert_eq!(escape_inline("uno\n---\n*due*"), "uno — &#42;due&#42;");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_words(typed in "[-#*_\\[\\]()<>~`|=+&;:!.\\\\0-9a \n\t]{0,60}") {
            let escaped = escape(&typed);
            let (_, plain) = read(&escaped);
            prop_assert!(plain, "{:?} → {:?}", typed, escaped);
            prop_assert!(!escaped.contains("---"));
        }
    }
}
