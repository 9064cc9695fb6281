//! HTML brought into order before it is cleaned: every element closed where it must be, tables made of rows and cells,
//! and nothing but the elements and attributes that may stay.
//!
//! This is what keeps the sanitiser fast. html5ever follows the rules for broken HTML that browsers agree on, and some
//! of them cost time and memory with the square of the letter: deep nesting, formatting that crosses paragraphs, words
//! that stand in a table but in no cell, tags with ten thousand attributes. HTML in order has none of that. Nor has
//! it to be right: whether something is dangerous is not decided here.

use super::super::html::token::{self, Piece, Tag};

/// Deepest nesting; elements further in are left out, their words are not.
const MAX_DEPTH: usize = 100;
/// Levels that a table needs for itself: its body, a row and a cell.
const TABLE_DEPTH: usize = 4;
/// Elements of one letter; further ones are left out, their words are not. A page of a book has a hundred.
const MAX_ELEMENTS: usize = 50_000;
/// Attributes of one element that are looked at.
const MAX_ATTRIBUTES: usize = 50;

/// Longest value of an attribute in bytes; a longer one is left out. Addresses of tracked links have two thousand.
const MAX_VALUE: usize = 4 * 1024;
/// Longest text in bytes that is one for the sanitiser, which looks from each `&` to the end of its text when it writes.
const MAX_RUN: usize = 4 * 1024;
/// Longest character reference in bytes (`&CounterClockwiseContourIntegral;`).
const MAX_REFERENCE: usize = 34;

/// Attributes that may stay.
const ATTRIBUTES: &[&str] =
    &["align", "alt", "colspan", "dir", "href", "lang", "rowspan", "src", "start", "title"];

/// How an element stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// Has no content.
    Void,
    Inline,
    Link,
    Block,
    Paragraph,
    List,
    Item,
    Table,
    Rows,
    Row,
    Cell,
}

/// The elements that may stay, and those whose content the sanitiser takes away with them.
const ELEMENTS: &[(&str, Sort)] = &[
    ("a", Sort::Link),
    ("abbr", Sort::Inline),
    ("b", Sort::Inline),
    ("bdi", Sort::Inline),
    ("bdo", Sort::Inline),
    ("blockquote", Sort::Block),
    ("br", Sort::Void),
    ("button", Sort::Inline),
    ("center", Sort::Block),
    ("cite", Sort::Inline),
    ("code", Sort::Inline),
    ("dd", Sort::Item),
    ("del", Sort::Inline),
    ("dfn", Sort::Inline),
    ("div", Sort::Block),
    ("dl", Sort::List),
    ("dt", Sort::Item),
    ("em", Sort::Inline),
    ("figcaption", Sort::Block),
    ("figure", Sort::Block),
    ("h1", Sort::Block),
    ("h2", Sort::Block),
    ("h3", Sort::Block),
    ("h4", Sort::Block),
    ("h5", Sort::Block),
    ("h6", Sort::Block),
    ("hr", Sort::Void),
    ("i", Sort::Inline),
    ("img", Sort::Void),
    ("ins", Sort::Inline),
    ("kbd", Sort::Inline),
    ("li", Sort::Item),
    ("mark", Sort::Inline),
    ("math", Sort::Inline),
    ("object", Sort::Inline),
    ("ol", Sort::List),
    ("p", Sort::Paragraph),
    ("pre", Sort::Block),
    ("q", Sort::Inline),
    ("s", Sort::Inline),
    ("samp", Sort::Inline),
    ("select", Sort::Inline),
    ("small", Sort::Inline),
    ("strike", Sort::Inline),
    ("strong", Sort::Inline),
    ("sub", Sort::Inline),
    ("sup", Sort::Inline),
    ("svg", Sort::Inline),
    ("table", Sort::Table),
    ("tbody", Sort::Rows),
    ("td", Sort::Cell),
    ("tfoot", Sort::Rows),
    ("th", Sort::Cell),
    ("thead", Sort::Rows),
    ("time", Sort::Inline),
    ("tr", Sort::Row),
    ("tt", Sort::Inline),
    ("u", Sort::Inline),
    ("ul", Sort::List),
    ("var", Sort::Inline),
    ("wbr", Sort::Void),
];

type Element = (&'static str, Sort);

/// The HTML in order. Linear in its length.
#[must_use]
pub(super) fn in_order(html: &str) -> String {
    let mut order = Order { written: String::with_capacity(html.len()), ..Order::default() };
    for piece in token::pieces(html) {
        match piece {
            Piece::Words(words) => order.words(words),
            Piece::Tag(tag) => {
                let element = ELEMENTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(tag.name));
                match element {
                    Some(element) if tag.closing => order.end(*element),
                    Some(element) => order.start(*element, &tag),
                    None => {}
                }
            }
        }
    }
    order.close(0);
    order.written
}

#[derive(Default)]
struct Order {
    written: String,
    open: Vec<Element>,
    elements: usize,
    /// Bytes of text since the last tag.
    run: usize,
}

impl Order {
    fn words(&mut self, words: &str) {
        if !words.trim().is_empty() {
            self.open_a_cell();
        }
        // a `<` that begins no tag comes alone; it costs as much as one
        let mut rest = words;
        if words == "<" {
            self.elements += 1;
            rest = if self.elements < MAX_ELEMENTS { "&lt;" } else { " " };
        }
        while !rest.is_empty() {
            let (run, after) = rest.split_at(end_of_run(rest));
            if self.run + run.len() > MAX_RUN {
                self.written.push_str("<!---->");
                self.run = 0;
            }
            self.run += run.len();
            self.written.push_str(run);
            rest = after;
        }
    }

    fn start(&mut self, element: Element, tag: &Tag<'_>) {
        let room = if element.1 == Sort::Table { MAX_DEPTH - TABLE_DEPTH } else { MAX_DEPTH };
        if self.elements >= MAX_ELEMENTS || self.open.len() >= room || !self.make_place(element) {
            return;
        }
        self.run = 0;
        self.written.extend(["<", element.0]);
        for (name, value) in tag.attributes().take(MAX_ATTRIBUTES) {
            let kept = ATTRIBUTES.iter().find(|one| one.eq_ignore_ascii_case(name));
            if let Some(name) = kept.filter(|_| value.len() <= MAX_VALUE) {
                self.written.extend([" ", name, "=\""]);
                self.written.push_str(&value.replace('"', "&quot;"));
                self.written.push('"');
            }
        }
        self.written.push('>');
        self.elements += 1;
        if element.1 != Sort::Void {
            self.open.push(element);
        }
    }

    /// Closes and opens what must be before the element; says whether it has a place at all.
    fn make_place(&mut self, (_, sort): Element) -> bool {
        match sort {
            Sort::Rows | Sort::Row | Sort::Cell => {
                let Some(table) = self.last(|sort| sort == Sort::Table) else { return false };
                self.return_to_table(table, sort);
                return true;
            }
            Sort::Link => self.close_in_cell(|sort| sort == Sort::Link, |_| false),
            Sort::Item => self.close_in_cell(|sort| sort == Sort::Item, |sort| sort == Sort::List),
            Sort::Block | Sort::Paragraph | Sort::List | Sort::Table => {
                self.close_in_cell(|sort| sort == Sort::Paragraph, |sort| sort == Sort::Item);
            }
            Sort::Void | Sort::Inline => {}
        }
        self.open_a_cell();
        true
    }

    /// Closes what is open in the table up to where a row or a cell may stand.
    fn return_to_table(&mut self, table: usize, sort: Sort) {
        let inside = &self.open[table + 1..];
        let kept = inside.iter().take_while(|(_, open)| match sort {
            Sort::Cell => matches!(open, Sort::Rows | Sort::Row),
            Sort::Row => *open == Sort::Rows,
            _ => false,
        });
        self.close(table + 1 + kept.count());
        if sort == Sort::Cell && self.open.last().is_some_and(|(_, open)| *open != Sort::Row) {
            self.open_plainly(("tr", Sort::Row));
        }
    }

    /// What stands in a table stands in a cell.
    fn open_a_cell(&mut self) {
        if self.open.last().is_some_and(|(_, sort)| matches!(sort, Sort::Table | Sort::Rows)) {
            self.open_plainly(("tr", Sort::Row));
        }
        if self.open.last().is_some_and(|(_, sort)| *sort == Sort::Row) {
            self.open_plainly(("td", Sort::Cell));
        }
    }

    fn open_plainly(&mut self, element: Element) {
        self.elements += 1;
        self.run = 0;
        self.written.extend(["<", element.0, ">"]);
        self.open.push(element);
    }

    fn end(&mut self, (name, sort): Element) {
        if self.elements >= MAX_ELEMENTS {
            return; // words that follow a closed cell would open another
        }
        let of_table = matches!(sort, Sort::Table | Sort::Rows | Sort::Row | Sort::Cell);
        let wall = |open: Sort| open == Sort::Table || (open == Sort::Cell && !of_table);
        let level = self.open.iter().rposition(|(open, own)| *open == name || wall(*own));
        if let Some(level) = level.filter(|level| self.open[*level].0 == name) {
            self.close(level);
        }
    }

    /// Closes the last element of a sort, unless a wall stands before it.
    fn close_in_cell(&mut self, is: impl Fn(Sort) -> bool, wall: impl Fn(Sort) -> bool) {
        let wall = |sort| wall(sort) || matches!(sort, Sort::Table | Sort::Cell);
        if let Some(level) = self.last(|sort| is(sort) || wall(sort)).filter(|level| is(self.open[*level].1))
        {
            self.close(level);
        }
    }

    fn last(&self, is: impl Fn(Sort) -> bool) -> Option<usize> {
        self.open.iter().rposition(|(_, sort)| is(*sort))
    }

    /// Closes the elements from `level` inward.
    fn close(&mut self, level: usize) {
        while self.open.len() > level {
            let Some((name, _)) = self.open.pop() else { return };
            self.run = 0;
            self.written.extend(["</", name, ">"]);
        }
    }
}

/// How much of a text is taken at once: not half a character reference.
fn end_of_run(text: &str) -> usize {
    let end = text.floor_char_boundary(MAX_RUN);
    let last = text.as_bytes()[..end].iter().rposition(|byte| *byte == b'&');
    last.filter(|at| end < text.len() && *at > 0 && end - at < MAX_REFERENCE).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_in_order_stays_as_it_is() {
        let html = "<p>Buon<b>giorno</b> <a href=\"https://a.example/?b=1&amp;c\" title=\"x\">qui</a></p><ul><li>uno</li></ul>\
            <table><tbody><tr><td colspan=\"2\">x<table><tr><td>y</td></tr></table></td></tr></tbody></table><img src=\"cid:a\" alt=\"b\">";
        assert_eq!(in_order(html), html);
    }

    #[test]
    fn what_is_open_is_closed_and_what_crosses_does_not() {
        assert_eq!(in_order("<p>a<p>b<div>c"), "<p>a</p><p>b</p><div>c</div>");
        assert_eq!(
            in_order("<ul><li>a<li>b<ul><li>c</ul></ul>"),
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"
        );
        assert_eq!(in_order("<b><i>a</b>b</i></u>"), "<b><i>a</i></b>b");
        assert_eq!(in_order("<a href=x>a<a href=y>b"), "<a href=\"x\">a</a><a href=\"y\">b</a>");
        assert_eq!(in_order("1 < 2 <o:p>x</o:p><span style='a'>y</span>"), "1 &lt; 2 xy");
    }

    #[test]
    fn words_in_a_table_are_in_a_cell() {
        assert_eq!(in_order("<table>a<b>b</b>"), "<table><tr><td>a<b>b</b></td></tr></table>");
        assert_eq!(
            in_order("<table><tr><td>a<td>b<tr><th>c</table>d"),
            "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>d"
        );
        assert_eq!(
            in_order("<table> <tbody><td>a</tbody> <tr>b</table>"),
            "<table> <tbody><tr><td>a</td></tr></tbody> <tr><td>b</td></tr></table>"
        );
        assert_eq!(in_order("<td>a</td><tr>b"), "ab");
        assert_eq!(in_order("<p><table><tr><td></p>a</div>"), "<p></p><table><tr><td>a</td></tr></table>");
    }

    #[test]
    fn only_so_much_is_kept_and_no_word_is_lost() {
        let deep = in_order(&"<div>x".repeat(1_000));
        assert_eq!((deep.matches("<div>").count(), deep.matches('x').count()), (MAX_DEPTH, 1_000));
        let many = in_order(&"<b>x</b>".repeat(60_000));
        assert_eq!((many.matches("<b>").count(), many.matches('x').count()), (MAX_ELEMENTS, 60_000));
        let cells = in_order(&format!("<table>{}", "x</td>".repeat(60_000)));
        assert!(cells.matches("<td>").count() <= MAX_ELEMENTS && cells.matches('x').count() == 60_000);
        let tables = in_order(&"<table><tr><td>x".repeat(1_000));
        assert_eq!(tables.matches('x').count(), 1_000);
        let long = in_order(&"&egrave;".repeat(10_000));
        assert_eq!((long.replace("<!---->", "").len(), long.matches("&egrave;").count()), (80_000, 10_000));
        assert!(long.split("<!---->").all(|run| run.len() <= MAX_RUN));
        let attributes: String = (0..100_000).map(|n| format!(" a{n}=1")).collect();
        assert_eq!(in_order(&format!("<p title='\"'{attributes}>x")), "<p title=\"&quot;\">x</p>");
    }
}
