//! Markdown taken out of a text the way IO's own program does it, which is by patterns (the npm package `remove-markdown`): what
//! is no Markdown to a parser may still be taken out, and the other way round.

use crate::domain::form_rules::is_printable;

/// Bytes of the longest reference: `&#1114111;`.
const LONGEST: usize = 10;

/// A text without most of its Markdown.
pub(super) fn plain(markdown: &str) -> String {
    let lines: Vec<String> =
        markdown.split('\n').filter(|line| !is_rule(line)).map(|line| inline(led(line))).collect();
    lines.join("\n")
}

/// A text with signs in the place of the references to them that [`super::super::escape`] writes, and of others like them. One to a
/// sign that could make a text read otherwise than it is written stays as it is.
pub(super) fn dereferenced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (sign, length) = sign(rest).unwrap_or(('&', 1));
        out.push(sign);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The sign that a reference at the beginning of `text` stands for, and the length of the reference.
fn sign(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let sign = match &text[1..end] {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "nbsp" => '\u{a0}',
        number => char::from_u32(number.strip_prefix('#')?.parse().ok()?)?,
    };
    is_printable(sign.encode_utf8(&mut [0; 4])).then_some((sign, end + 1))
}

/// A line that divides.
fn is_rule(line: &str) -> bool {
    ['-', '_', '*'].into_iter().any(|sign| {
        let signs = line.chars().filter(|c| *c == sign).count();
        signs >= 3 && line.chars().all(|c| c == sign || c == ' ' || c == '\t')
    })
}

/// The line without what makes it a title, an item of a list or a quotation.
fn led(line: &str) -> &str {
    let text = line.trim_start();
    let hashes = text.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes) && text[hashes..].starts_with(' ') {
        return text[hashes..].trim_start();
    }
    if let Some(quoted) = text.strip_prefix('>') {
        return quoted.strip_prefix(' ').unwrap_or(quoted);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = match text.as_bytes().first() {
        Some(b'-' | b'+' | b'*') => &text[1..],
        Some(_) if digits > 0 && text[digits..].starts_with('.') => &text[digits + 1..],
        _ => return line,
    };
    if after.starts_with([' ', '\t']) { after.trim_start() } else { line }
}

fn inline(line: &str) -> String {
    let untagged = without_tags(line);
    let unlinked = without_targets(&untagged);
    let unmarked = ['*', '_', '`', '~'].into_iter().fold(unlinked, |text, sign| without_pairs(&text, sign));
    unmarked.replace("~~", "")
}

fn without_tags(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let Some((_, after)) = tag.split_once('>') else {
            out.push('<');
            out.push_str(tag);
            return out;
        };
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `[words](address)` and `![words](address)` as their words.
fn without_targets(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('[') {
        let inner = &rest[start + 1..];
        let found = inner.find(']').and_then(|end| {
            let target = inner[end + 1..].strip_prefix(['(', '['])?;
            Some((&inner[..end], &target[target.find([')', ']'])? + 1..]))
        });
        let Some((words, after)) = found else {
            out.push_str(&rest[..=start]);
            rest = inner;
            continue;
        };
        out.push_str(rest[..start].strip_suffix('!').unwrap_or(&rest[..start]));
        out.push_str(words);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Takes out signs that stand in pairs around words. An underscore counts only at the edge of a word.
fn without_pairs(text: &str, sign: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(start) = rest.find(sign) {
        let head = &rest[..start];
        let length = rest[start..].chars().take_while(|c| *c == sign).count();
        let mark = &rest[start..start + length];
        let inner = &rest[start + length..];
        let edge = head.chars().last().or(before);
        let in_a_word = sign == '_' && edge.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        out.push_str(head);
        let opens = !in_a_word && inner.chars().next().is_some_and(|c| !c.is_whitespace());
        match inner.find(mark).filter(|end| opens && *end > 0) {
            Some(end) => {
                out.push_str(&inner[..end]);
                rest = &inner[end + length..];
            }
            None => {
                out.push_str(mark);
                rest = inner;
            }
        }
        before = out.chars().last();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_their_signs_once() {
        for (text, words) in [
            ("Via Roma &lt;b>2&lt;/b> &#91;x&#93;", "Via Roma <b>2</b> [x]"),
            ("R&D & C; &amp;lt; &#38;gt;", "R&D & C; &lt; &gt;"),
            (
                "&#8238;a&#0;b&#10;c&#x2a; &#99999999999; &egrave;",
                "&#8238;a&#0;b&#10;c&#x2a; &#99999999999; &egrave;",
            ),
            ("&", "&"),
        ] {
            assert_eq!(dereferenced(text), words, "{text}");
        }
    }

    #[test]
    fn marks_go_and_words_stay() {
        for (markdown, words) in [
            ("# Titolo\ntesto", "Titolo\ntesto"),
            ("#tag", "#tag"),
            ("- uno\n2. due\n> tre", "uno\ndue\ntre"),
            ("**forte** e *piano*, _sotto_ e `codice`", "forte e piano, sotto e codice"),
            ("un_nome_con_segni 3 * 4", "un_nome_con_segni 3 * 4"),
            ("![foto](https://a/b.png) [qui](https://a) [x] y", "foto qui [x] y"),
            ("a <b>c</b> <br> 1 < 2", "a c  1 < 2"),
            ("~~via~~ così", "via così"),
            ("a\n***\nb", "a\nb"),
            ("[[x](y)", "[x"),
        ] {
            assert_eq!(plain(markdown), words, "{markdown}");
        }
    }
}
