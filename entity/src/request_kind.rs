//! What is asked, and the time the organisation has to answer: data of the organisation, never constants.
use sea_orm::entity::prelude::*;

/// One kind of request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_kind")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Stable word for the kind (`complaint`, `information`, …).
    pub code: String,
    /// Name on the page.
    pub name: String,
    /// Order on the page; the first is what new mail from a person starts as.
    pub position: i32,
    /// Limit in working days, counted from the day after receipt.
    pub limit_days: Option<i32>,
    /// Limit in clock hours, where the rule counts hours.
    pub limit_hours: Option<i32>,
    /// Limit in working days when the place must be visited first.
    pub survey_limit_days: Option<i32>,
    /// Citizens find its form on the portal.
    pub published: bool,
    /// Its form; `None`: the standard form of its code (`domain::form::standard`).
    pub form: Option<crate::form::Form>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
