//! Lines of an `.ics` (RFC 5545 §3.1): folded ones put together, name, parameters and value told apart.

use std::borrow::Cow;

/// Longest line in bytes once put together; the rest of it is not read. Only descriptions are longer.
const MAX_LINE: usize = 16 * 1024;

/// The lines, put together where they were folded. Blank lines are left out.
pub(super) fn unfolded(ics: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let ics = ics.trim_start_matches('\u{feff}');
    let mut lines = ics.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
    std::iter::from_fn(move || {
        let first = lines.by_ref().find(|line| !line.trim().is_empty())?;
        let mut whole = Cow::Borrowed(first);
        while let Some(folded) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
            if whole.len() + folded.len() <= MAX_LINE {
                whole.to_mut().push_str(&folded[1..]);
            }
        }
        Some(whole)
    })
}

/// A line with its name.
pub(super) struct Line<'a> {
    /// Upper case.
    pub(super) name: String,
    /// Names as written, values without quotes.
    parameters: Vec<(&'a str, &'a str)>,
    /// As it stands.
    pub(super) value: &'a str,
}

/// Parameters of a line beyond this number are not read.
const MAX_PARAMETERS: usize = 50;
/// Longest name that we look for, and more.
const MAX_NAME: usize = 40;

impl<'a> Line<'a> {
    /// `None` when it has no colon.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let (name, mut rest) = line.split_at(line.find([':', ';'])?);
        let mut parameters = Vec::new();
        while let Some(parameter) = rest.strip_prefix(';') {
            let (parameter, after) = parameter.split_at(outside_quotes(parameter)?);
            if let Some((name, value)) =
                parameter.split_once('=').filter(|_| parameters.len() < MAX_PARAMETERS)
            {
                parameters.push((name.trim(), value.trim().trim_matches('"')));
            }
            rest = after;
        }
        let name = name.trim();
        let name = name.get(..MAX_NAME).unwrap_or(name).to_ascii_uppercase();
        Some(Self { name, parameters, value: rest.strip_prefix(':')? })
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    pub(super) fn says(&self, value: &str) -> bool {
        self.value.trim().eq_ignore_ascii_case(value)
    }

    /// The value as text (§3.3.11): what was escaped is itself again.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut rest = self.value.chars();
        while let Some(c) = rest.next() {
            match c {
                '\\' => match rest.next() {
                    Some('n' | 'N') => text.push('\n'),
                    Some(escaped) => text.push(escaped),
                    None => {}
                },
                c => text.push(c),
            }
        }
        text
    }
}

/// Where a parameter ends: the first `;` or `:` that is not inside quotes.
fn outside_quotes(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        !quoted && matches!(byte, b';' | b':')
    })
}
