//! A file that was handed over and waits for the words it belongs to: stored at once, so that an error in a form loses nothing.
use sea_orm::entity::prelude::*;

use crate::attachment::Scan;

/// One file.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The draft it belongs to.
    pub submission_id: Option<Uuid>,
    /// The citizen who is writing an answer.
    pub follower_id: Option<Uuid>,
    /// The app that handed it over.
    pub app_key_id: Option<Uuid>,
    /// Order.
    pub position: i32,
    /// File name made safe.
    pub name: String,
    /// What the bytes are, found by looking at them.
    pub media_type: String,
    /// Length in bytes.
    pub size: i64,
    /// SHA-256 of the bytes (table `blob`).
    pub hash: Vec<u8>,
    /// What the virus scanner said.
    pub scan: Scan,
    /// Where a photo was taken, degrees north (WGS 84); taken out of the photo.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
