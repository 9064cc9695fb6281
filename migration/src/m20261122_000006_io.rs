//! IO: services and their keys, the archive of notifications with every call that was made for them; and by which way
//! citizens are told of progress, in which words.

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
        crate::run(manager, IO).await
    }
}

// Who stood here before this step had no way to choose but silence, which holds; mail was what everybody had, and counts as no choice. A notification is found by its fate when its time has come (one partial index, as for letters), and listed newest first.
const IO: &str = "
CREATE TABLE io_account (
    organisation_id {uuid} PRIMARY KEY REFERENCES organisation (id),
    base_url text NOT NULL,
    manage_key {bytes},
    undo_seconds integer NOT NULL,
    quiet_from integer,
    quiet_until integer,
    version integer NOT NULL
);
CREATE TABLE io_service (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    remote_id text,
    name text NOT NULL,
    sheet {json} NOT NULL,
    lifecycle text NOT NULL,
    reason text NOT NULL,
    published boolean NOT NULL,
    primary_key {bytes},
    secondary_key {bytes},
    key_in_use text NOT NULL,
    sends boolean NOT NULL,
    updates boolean NOT NULL,
    stopped text,
    stopped_until {time},
    test_codes {json},
    checked_at {time},
    version integer NOT NULL,
    created_at {time} NOT NULL
);
CREATE UNIQUE INDEX io_service_updates ON io_service (organisation_id) WHERE updates;
CREATE UNIQUE INDEX io_service_remote_id ON io_service (organisation_id, remote_id);
CREATE TABLE io_message (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    io_service_id {uuid} NOT NULL REFERENCES io_service (id),
    purpose text NOT NULL,
    work_order_id {uuid} REFERENCES work_order (id),
    communication_id {uuid} REFERENCES communication (id),
    taxpayer_id {uuid} REFERENCES taxpayer (id),
    fiscal_code text NOT NULL,
    subject text NOT NULL,
    markdown text NOT NULL,
    secure boolean,
    due_at {time},
    amount_cents bigint,
    notice_number text,
    invalid_after_due boolean NOT NULL,
    once text,
    follows_id {uuid} REFERENCES io_message (id),
    author_id {uuid} REFERENCES operator (id),
    state text NOT NULL,
    attempts integer NOT NULL,
    looks integer NOT NULL,
    next_at {time},
    lease_owner {uuid},
    lease_until {time},
    remote_id text,
    last_error text,
    push_state text,
    mail_state text,
    read_state text,
    payment_state text,
    created_at {time} NOT NULL,
    accepted_at {time},
    settled_at {time}
);
CREATE UNIQUE INDEX io_message_once ON io_message (organisation_id, once) WHERE once IS NOT NULL;
CREATE INDEX io_message_due ON io_message (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX io_message_newest ON io_message (organisation_id, id);
CREATE INDEX io_message_of_service ON io_message (organisation_id, io_service_id, id);
CREATE INDEX io_message_of_state ON io_message (organisation_id, state, id);
CREATE INDEX io_message_of_recipient ON io_message (organisation_id, fiscal_code, id);
CREATE INDEX io_message_of_work_order ON io_message (organisation_id, work_order_id, id);
CREATE TABLE io_call (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    io_message_id {uuid} NOT NULL REFERENCES io_message (id),
    call text NOT NULL,
    author_id {uuid} REFERENCES operator (id),
    words text NOT NULL,
    at {time} NOT NULL
);
CREATE INDEX io_message_of_communication ON io_message (organisation_id, communication_id) WHERE communication_id IS NOT NULL;
CREATE INDEX io_message_following ON io_message (organisation_id, follows_id) WHERE follows_id IS NOT NULL;
CREATE INDEX io_call_of_message ON io_call (organisation_id, io_message_id, id);
CREATE TABLE update_rule (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    kind_id {uuid} REFERENCES request_kind (id),
    occasion text NOT NULL,
    way text NOT NULL
);
CREATE UNIQUE INDEX update_rule_of_all ON update_rule (organisation_id, occasion) WHERE kind_id IS NULL;
CREATE UNIQUE INDEX update_rule_of_kind ON update_rule (organisation_id, kind_id, occasion) WHERE kind_id IS NOT NULL;
CREATE TABLE update_text (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    occasion text NOT NULL,
    medium text NOT NULL,
    language text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    version integer NOT NULL
);
CREATE UNIQUE INDEX update_text_one ON update_text (organisation_id, occasion, medium, language);
ALTER TABLE communication ADD COLUMN occasion text;
ALTER TABLE follower ADD COLUMN chose_at {time};
CREATE INDEX errand_asked ON errand (next_attempt_at) WHERE state IN ('pending', 'sending') AND work IN ('resume', 'confirm', 'link', 'follow', 'citizen_code')
";
