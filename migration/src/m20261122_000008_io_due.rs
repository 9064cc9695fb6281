//! What waits for IO is found without reading the notifications themselves.

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
        crate::run(manager, IO_DUE).await
    }
}

// Fifty thousand may wait for a service that rests, or for hands that are full: whoever looks for work passes them by in the index.
const IO_DUE: &str = "
DROP INDEX io_message_due;
CREATE INDEX io_message_due ON io_message (next_at, organisation_id, io_service_id, state, purpose, created_at) WHERE next_at IS NOT NULL
";
