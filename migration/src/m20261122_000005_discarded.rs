//! What operators put aside is looked at again: newest first.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, DISCARDED).await
    }
}

// Its last change is the decision: nothing touches it afterwards.
const DISCARDED: &str = "
CREATE INDEX submission_discarded ON submission (organisation_id, updated_at, id) WHERE state = 'discarded'
";
