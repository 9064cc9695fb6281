//! What operators look at together: work orders by the way they came, what citizens thought of the forms, what an app's
//! endpoint was sent.

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
        crate::run(manager, OVERVIEW).await
    }
}

// The way a work order came is the way of the words that opened it: its first communication.
const OVERVIEW: &str = "
ALTER TABLE work_order ADD COLUMN channel text NOT NULL DEFAULT 'email';
UPDATE work_order SET channel = opening.channel FROM communication AS opening
    WHERE opening.channel <> 'email' AND opening.id = (
        SELECT one.id FROM communication AS one
        WHERE one.organisation_id = work_order.organisation_id AND one.work_order_id = work_order.id
        ORDER BY one.created_at, one.id LIMIT 1
    );
CREATE INDEX work_order_open_channel ON work_order (organisation_id, channel, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX submission_rated ON submission (organisation_id, received_at, rating) WHERE rating IS NOT NULL;
CREATE INDEX errand_log ON errand (organisation_id, webhook_id, id) WHERE webhook_id IS NOT NULL
";
