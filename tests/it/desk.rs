//! Operators at their pages: sign in, look, answer, decide. And people who should not be there.

mod doors;
mod health;
mod hostile;
mod queue;
mod register;
mod sign_in;
mod work_order;

use crate::support::browser::{Browser, Page};

const FIRST: &str = "/desk/work-orders/2026-000001";

async fn answer(
    browser: &mut Browser,
    page: &Page,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Page {
    let (id, seen, to) = (page.field("id"), page.field("seen"), page.field("to"));
    let mut all = vec![("id", id.as_str()), ("seen", seen.as_str())];
    if !fields.iter().any(|(name, _)| *name == "to") {
        all.push(("to", to.as_str()));
    }
    all.extend(fields);
    browser.post_files(&format!("{FIRST}/replies"), &all, files).await
}
