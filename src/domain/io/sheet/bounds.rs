//! What we refuse of a sheet before anything else: more than anybody writes. IO itself sets no bounds to most fields.

use super::{Sheet, check, differ::label};
use crate::domain::io::{Remark, text::units};

/// Longest text of several lines, in UTF-16 units.
const LONG: usize = 10_000;
/// Longest line.
const LINE: usize = 500;
/// Most lines of a list.
const LINES: usize = 200;

/// Fields that are larger than any sheet.
#[must_use]
pub fn bounds(sheet: &Sheet) -> Vec<Remark> {
    let metadata = &sheet.metadata;
    let line = |text: &Option<String>| text.as_deref().map_or(0, units);
    let texts = [
        ("name", units(&sheet.name), LINE),
        ("description", units(&sheet.description), LONG),
        ("organization", units(&sheet.organization.name), LINE),
        ("organization_fiscal_code", units(&sheet.organization.fiscal_code), LINE),
        ("department_name", line(&sheet.organization.department_name), LINE),
        ("privacy_url", line(&metadata.privacy_url), LINE),
        ("tos_url", line(&metadata.tos_url), LINE),
        ("web_url", line(&metadata.web_url), LINE),
        ("app_ios", line(&metadata.app_ios), LINE),
        ("app_android", line(&metadata.app_android), LINE),
        ("support_url", line(&metadata.support_url), LINE),
        ("phone", line(&metadata.phone), LINE),
        ("email", line(&metadata.email), LINE),
        ("pec", line(&metadata.pec), LINE),
        ("address", line(&metadata.address), LINE),
        ("cta", line(&metadata.cta), LONG),
    ];
    // Whoever has to shorten a text is told once, and how far: the reviewers take less.
    let reviewed = check::too_long(sheet);
    let words = |field, most| {
        let stricter = reviewed.iter().find(|remark| remark.field == field);
        stricter
            .cloned()
            .unwrap_or_else(|| Remark::new(field, format!("{}: al massimo {most} caratteri.", label(field))))
    };
    let too_long = texts.into_iter().filter(|(_, length, most)| length > most);
    let mut flaws: Vec<Remark> = too_long.map(|(field, _, most)| words(field, most)).collect();
    for (field, list) in [
        ("authorized_recipients", &sheet.authorized_recipients),
        ("authorized_cidrs", &sheet.authorized_cidrs),
    ] {
        if list.len() > LINES || list.iter().any(|text| units(text) > LINE) {
            let words = format!("{}: al massimo {LINES} righe, una voce per riga.", label(field));
            flaws.push(Remark::new(field, words));
        }
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_any_sheet_is_refused_by_field() {
        let mut sheet = Sheet { name: "n".repeat(LINE), ..Sheet::default() };
        sheet.authorized_cidrs = vec!["203.0.113.7".to_owned(); LINES];
        assert_eq!(bounds(&sheet), []);
        sheet.name.push('n');
        sheet.metadata.pec = Some("p".repeat(LINE + 1));
        sheet.authorized_cidrs.push(String::new());
        let fields: Vec<_> = bounds(&sheet).into_iter().map(|flaw| flaw.field).collect();
        assert_eq!(fields, ["name", "pec", "authorized_cidrs"]);
    }
}
