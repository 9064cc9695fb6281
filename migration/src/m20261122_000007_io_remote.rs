//! Remote content on IO: how IO finds it, and which notification announces what.

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
        crate::run(manager, IO_REMOTE).await
    }
}

// A notification that never left may be thrown away, and what it would have announced goes with it.
const IO_REMOTE: &str = "
CREATE TABLE io_remote (
    io_service_id {uuid} PRIMARY KEY REFERENCES io_service (id),
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    configuration_id text,
    offered boolean NOT NULL,
    documents boolean NOT NULL,
    precondition text NOT NULL,
    precondition_title text NOT NULL,
    precondition_text text NOT NULL,
    header_name text NOT NULL,
    key {bytes} NOT NULL,
    key_told boolean NOT NULL,
    previous_key {bytes},
    previous_until {time},
    told_version integer,
    told_url text,
    last_error text,
    version integer NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX io_remote_of_organisation ON io_remote (organisation_id, io_service_id);
CREATE TABLE io_remote_message (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    io_service_id {uuid} NOT NULL REFERENCES io_remote (io_service_id),
    io_message_id {uuid} NOT NULL REFERENCES io_message (id) ON DELETE CASCADE,
    communication_id {uuid} NOT NULL REFERENCES communication (id),
    has_text boolean NOT NULL,
    has_document boolean NOT NULL,
    files {json} NOT NULL,
    precondition text NOT NULL,
    created_at {time} NOT NULL
);
CREATE UNIQUE INDEX io_remote_message_one ON io_remote_message (organisation_id, io_message_id)
";
