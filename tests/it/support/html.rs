//! A page as a browser reads it: tags, attributes, forms. Enough of the standard to find out what would run, and small enough to
//! be believed.

/// A tag of a page.
#[derive(Debug)]
pub struct Tag {
    /// Its name, lower case; of an end tag with a slash before it.
    pub name: String,
    /// Its attributes: names lower case, values with entities read.
    pub attributes: Vec<(String, String)>,
    /// What stands between it and the next tag, as it is written.
    pub text: String,
}

/// A form of a page.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where it is sent; empty: the page itself.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// `text`, `email`, `hidden`, `checkbox`, `radio`, `file`, `submit`, `textarea`, `select` …
    pub kind: String,
    /// What it holds.
    pub value: String,
    /// It is ticked.
    pub checked: bool,
    /// What can be chosen.
    pub options: Vec<String>,
}

impl Tag {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Elements whose content is text, whatever it looks like.
const RAW: [&str; 6] = ["script", "style", "textarea", "title", "noscript", "iframe"];

/// The tags of a page, in order.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        if let Some(last) = tags.last_mut() {
            last.text.push_str(&rest[..at]);
        }
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let name_at = usize::from(rest.starts_with('/'));
        if !rest[name_at..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            if let Some(last) = tags.last_mut() {
                last.text.push('<');
            }
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        if RAW.contains(&tag.name.as_str()) && tag.name != "noscript" {
            let end = format!("</{}", tag.name);
            let at = rest.to_ascii_lowercase().find(&end).unwrap_or(rest.len());
            tags.push(Tag { text: rest[..at].to_owned(), ..tag });
            rest = &rest[at..];
        } else {
            tags.push(tag);
        }
    }
    tags
}

/// One tag, and what comes after it. `rest` begins behind the `<`.
fn tag(rest: &str) -> (Tag, &str) {
    let space = |c: char| c.is_ascii_whitespace();
    let end = rest[1..].find(|c: char| space(c) || matches!(c, '/' | '>')).map_or(rest.len(), |at| at + 1);
    let mut tag = Tag { name: rest[..end].to_ascii_lowercase(), attributes: Vec::new(), text: String::new() };
    let mut rest = &rest[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| space(c) || c == '/');
        if rest.is_empty() {
            return (tag, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        let end = rest[1..]
            .find(|c: char| space(c) || matches!(c, '/' | '>' | '='))
            .map_or(rest.len(), |at| at + 1);
        // The first character belongs to the name whatever it is.
        let end = if rest.is_char_boundary(end) { end } else { rest.len() };
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start_matches(space);
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            rest = after.trim_start_matches(space);
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (raw, after) = match quote {
                Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
                None => rest.split_at(rest.find(|c: char| space(c) || c == '>').unwrap_or(rest.len())),
            };
            value = read(raw);
            rest = after;
        }
        tag.attributes.push((name, value));
    }
}

/// A text with its entities read.
pub fn read(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        read.push_str(before);
        rest = after;
        let known = after.split_once(';').and_then(|(name, after)| Some((entity(name)?, after)));
        match known {
            Some((sign, after)) => {
                read.push(sign);
                rest = after;
            }
            None => read.push('&'),
        }
    }
    read.push_str(rest);
    read
}

fn entity(name: &str) -> Option<char> {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    });
    match (name, number) {
        (_, Some(number)) => char::from_u32(number),
        ("amp", _) => Some('&'),
        ("lt", _) => Some('<'),
        ("gt", _) => Some('>'),
        ("quot", _) => Some('"'),
        ("apos", _) => Some('\''),
        ("nbsp", _) => Some('\u{a0}'),
        ("colon", _) => Some(':'),
        ("Tab", _) => Some('\t'),
        ("NewLine", _) => Some('\n'),
        _ => None,
    }
}

/// The forms of a page.
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    for tag in tags(page) {
        let get = |name: &str| tag.get(name).unwrap_or_default().to_owned();
        match tag.name.as_str() {
            "form" => {
                let method = tag.get("method").unwrap_or("get").to_ascii_lowercase();
                forms.push(Form { action: get("action"), method, fields: Vec::new() });
                open = true;
            }
            "/form" => open = false,
            "input" | "textarea" | "select" | "button" if open => {
                let kind = match tag.name.as_str() {
                    "input" => tag.get("type").unwrap_or("text").to_ascii_lowercase(),
                    "button" => "submit".to_owned(),
                    other => other.to_owned(),
                };
                let value = if kind == "textarea" { read(&tag.text) } else { get("value") };
                let checked = tag.get("checked").is_some();
                let field = Field { name: get("name"), kind, value, checked, options: Vec::new() };
                forms.last_mut().unwrap().fields.push(field);
            }
            "option" if open => {
                let field = forms.last_mut().unwrap().fields.last_mut().unwrap();
                if tag.get("selected").is_some() {
                    field.value = get("value");
                }
                field.options.push(get("value"));
            }
            _ => {}
        }
    }
    forms
}

/// What of `mark` would run in a browser, or stands where it could: the mark is part of everything a hostile test types.
pub fn runs(page: &str, mark: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in tags(page) {
        if tag.name.contains(mark)
            || matches!(tag.name.as_str(), "script" | "style") && tag.text.contains(mark)
        {
            found.push(format!("<{}> {}", tag.name, tag.text.chars().take(80).collect::<String>()));
        }
        for (name, value) in &tag.attributes {
            let address: String =
                value.chars().filter(|c| !c.is_ascii_whitespace() && !c.is_control()).collect();
            let address = address.to_ascii_lowercase();
            let leads = matches!(
                name.as_str(),
                "href" | "src" | "action" | "formaction" | "data" | "srcdoc" | "style"
            ) && (address.starts_with("javascript:")
                || address.starts_with("data:text")
                || matches!(name.as_str(), "srcdoc" | "style"));
            if name.contains(mark) || value.contains(mark) && (name.starts_with("on") || leads) {
                found.push(format!("<{} {name}={value:?}>", tag.name));
            }
        }
    }
    found
}

#[test]
fn what_would_run_is_found_and_what_is_only_written_is_not() {
    let bad = [
        "<p><script>xq()</script>",
        "<SCRIPT src=x>xq</SCRIPT>",
        "<img src=a onerror=xq()>",
        "<input value=\"\" autofocus onfocus=\"xq()\">",
        "<a href=\"java&#10;script:xq()\">",
        "<a href='javascript&colon;xq()'>",
        "<xq-el>",
        "<p xq>",
        "<style>xq</style>",
    ];
    for page in bad {
        assert_eq!(runs(page, "xq").len(), 1, "{page}");
    }
    let good = [
        "<p>&lt;script&gt;xq()&lt;/script&gt;",
        "<input value=\"&quot; onfocus=xq()\">",
        "<textarea><script>xq()</script></textarea>",
        "<a href=\"/x?q=javascript:xq()\">",
        "<!-- <script>xq</script> -->",
        "<title><b xq></title>",
        "<p>1 < 2 xq>",
    ];
    for page in good {
        assert_eq!(runs(page, "xq"), [] as [&str; 0], "{page}");
    }
}

#[test]
fn a_form_is_read_as_it_is_filled() {
    let page = "<form method=post action='/x?a=1&amp;b=2'><input name=a value='1 &lt; 2'><input type=checkbox name=t checked value=1>\
                <select name=s><option value=''><option value=x selected>X</select><textarea name=n>ciao &amp; via</textarea>\
                <button name=go value=on>Avanti</button></form><input name=outside>";
    let form = forms(page).remove(0);
    assert_eq!((form.action.as_str(), form.method.as_str()), ("/x?a=1&b=2", "post"));
    let read: Vec<_> =
        form.fields.iter().map(|f| (f.name.as_str(), f.kind.as_str(), f.value.as_str(), f.checked)).collect();
    assert_eq!(
        read,
        [
            ("a", "text", "1 < 2", false),
            ("t", "checkbox", "1", true),
            ("s", "select", "x", false),
            ("n", "textarea", "ciao & via", false),
            ("go", "submit", "on", false)
        ]
    );
    assert_eq!(form.fields[2].options, ["", "x"]);
}
