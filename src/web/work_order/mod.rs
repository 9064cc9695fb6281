//! The work order's page and what is done from it.

mod change;
mod citizen;
mod compose;
mod fate;
mod history;
mod origin;
mod outlook;
mod page;
mod panel;
mod publication;
mod text;
mod thread;
mod update;

use entity::work_order::Model;

pub use self::{
    change::{change, identify, renew_link, send_again},
    compose::{note, reply},
    page::show,
    publication::{publish, unpublish},
    text::shown as shown_text,
    update::tell,
};
use super::{
    error::{Error, Result},
    session::Operator,
};
use crate::{app::App, domain::number::Number, store};

/// The number that people say.
#[must_use]
pub fn number_of(order: &Model) -> Number {
    Number { year: order.year, number: order.number }
}

/// Where its page is.
#[must_use]
pub fn path_of(order: &Model) -> String {
    format!("/desk/work-orders/{}", number_of(order).slug())
}

/// The work order of an address, if the operator's organisation has it.
async fn find(app: &App, operator: &Operator, slug: &str) -> Result<Model> {
    let number = slug.parse().map_err(|_| Error::NotFound)?;
    let found = store::work_order::by_number(&app.desk.db.read, operator.row.organisation_id, number).await?;
    found.ok_or(Error::NotFound)
}
