//! The first house: organisation, people, register, mailboxes, ledger, work orders, outbox, log.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // SQLite wraps no migration by itself; a half-made schema helps nobody.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, PEOPLE).await?;
        crate::run(manager, MAIL).await?;
        crate::run(manager, WORK).await?;
        crate::run(manager, OUTBOX).await
    }
}

const PEOPLE: &str = "
CREATE TABLE installation (
    name text PRIMARY KEY,
    value text NOT NULL
);
CREATE TABLE organisation (
    id {uuid} PRIMARY KEY,
    name text NOT NULL,
    patron_day text,
    demo boolean NOT NULL,
    created_at {time} NOT NULL
);
CREATE TABLE operator (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    login text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    must_change_password boolean NOT NULL,
    role text NOT NULL,
    active boolean NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX operator_name ON operator (organisation_id, name);
CREATE TABLE session (
    token_hash text PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    operator_id {uuid} NOT NULL REFERENCES operator (id) ON DELETE CASCADE,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
);
CREATE INDEX session_operator ON session (operator_id);
CREATE INDEX session_expiry ON session (expires_at);
CREATE TABLE login_throttle (
    key text PRIMARY KEY,
    failures integer NOT NULL,
    blocked_until {time} NOT NULL
);
CREATE INDEX login_throttle_age ON login_throttle (blocked_until);
CREATE TABLE taxpayer (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    code text,
    name text NOT NULL,
    name_folded text NOT NULL,
    fiscal_code text,
    address text NOT NULL,
    generic boolean NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE UNIQUE INDEX taxpayer_code ON taxpayer (organisation_id, code) WHERE code IS NOT NULL;
CREATE UNIQUE INDEX taxpayer_generic ON taxpayer (organisation_id) WHERE generic;
CREATE INDEX taxpayer_fiscal_code ON taxpayer (organisation_id, fiscal_code) WHERE fiscal_code IS NOT NULL;
CREATE INDEX taxpayer_name ON taxpayer (organisation_id, name_folded, id);
CREATE INDEX taxpayer_address ON taxpayer (organisation_id, lower(address));
CREATE TABLE contact (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    taxpayer_id {uuid} NOT NULL REFERENCES taxpayer (id),
    address text NOT NULL,
    origin text NOT NULL,
    created_at {time} NOT NULL
);
CREATE UNIQUE INDEX contact_once ON contact (organisation_id, taxpayer_id, address);
CREATE INDEX contact_address ON contact (organisation_id, address, taxpayer_id);
CREATE TABLE request_kind (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    code text NOT NULL,
    name text NOT NULL,
    position integer NOT NULL,
    limit_days integer,
    limit_hours integer,
    survey_limit_days integer,
    CHECK ((limit_days IS NULL) <> (limit_hours IS NULL))
);
CREATE UNIQUE INDEX request_kind_code ON request_kind (organisation_id, code)
";

const MAIL: &str = "
CREATE TABLE mailbox (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    address text NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    imap_host text NOT NULL,
    imap_port integer NOT NULL,
    imap_security text NOT NULL,
    imap_user text NOT NULL,
    imap_secret {bytes},
    imap_folder text NOT NULL,
    maildir_path text NOT NULL,
    after text NOT NULL,
    after_folder text NOT NULL,
    exit text NOT NULL,
    smtp_host text NOT NULL,
    smtp_port integer NOT NULL,
    smtp_security text NOT NULL,
    smtp_user text NOT NULL,
    smtp_secret {bytes},
    exit_path text NOT NULL,
    acknowledge boolean NOT NULL,
    sub_addressing boolean NOT NULL,
    paused boolean NOT NULL,
    uid_validity bigint,
    last_uid bigint NOT NULL,
    lease_owner {uuid},
    lease_until {time},
    last_success_at {time},
    last_error text,
    failing_since {time},
    exit_error text,
    version integer NOT NULL,
    created_at {time} NOT NULL
);
CREATE UNIQUE INDEX mailbox_address ON mailbox (organisation_id, address);
CREATE TABLE blob (
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    hash {bytes} NOT NULL,
    bytes {bytes} NOT NULL,
    PRIMARY KEY (organisation_id, hash)
);
CREATE TABLE incoming_mail (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    mailbox_id {uuid} NOT NULL REFERENCES mailbox (id),
    source_key text NOT NULL,
    raw_hash {bytes} NOT NULL,
    size bigint NOT NULL,
    received_at {time} NOT NULL,
    stored_at {time} NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at {time} NOT NULL,
    last_error text,
    outcome text,
    filed boolean NOT NULL,
    FOREIGN KEY (organisation_id, raw_hash) REFERENCES blob (organisation_id, hash),
    CHECK ((state = 'handled') = (outcome IS NOT NULL))
);
CREATE UNIQUE INDEX incoming_mail_source ON incoming_mail (organisation_id, mailbox_id, source_key);
CREATE INDEX incoming_mail_pending ON incoming_mail (organisation_id, mailbox_id, id) WHERE state = 'pending';
CREATE INDEX incoming_mail_unfiled ON incoming_mail (organisation_id, mailbox_id, id) WHERE state = 'handled' AND NOT filed;
CREATE INDEX incoming_mail_quarantine ON incoming_mail (organisation_id, id) WHERE state = 'quarantined';
CREATE INDEX incoming_mail_raw ON incoming_mail (organisation_id, raw_hash)
";

const WORK: &str = "
CREATE TABLE counter (
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (organisation_id, year)
) {keyed};
CREATE TABLE work_order (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    year integer NOT NULL,
    number integer NOT NULL,
    kind_id {uuid} NOT NULL REFERENCES request_kind (id),
    status text NOT NULL,
    assignee_id {uuid} REFERENCES operator (id),
    taxpayer_id {uuid} NOT NULL REFERENCES taxpayer (id),
    identified text NOT NULL,
    subject text NOT NULL,
    subject_folded text NOT NULL,
    mailbox_id {uuid} REFERENCES mailbox (id),
    sender_address text NOT NULL,
    received_at {time} NOT NULL,
    due_at {time} NOT NULL,
    survey boolean NOT NULL,
    closed_at {time},
    follows_id {uuid} REFERENCES work_order (id),
    created_at {time} NOT NULL,
    CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX work_order_number ON work_order (organisation_id, year, number);
CREATE INDEX work_order_due ON work_order (organisation_id, due_at, id);
CREATE INDEX work_order_status ON work_order (organisation_id, status, due_at, id);
CREATE INDEX work_order_open ON work_order (organisation_id, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX work_order_open_assignee ON work_order (organisation_id, assignee_id, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX work_order_open_kind ON work_order (organisation_id, kind_id, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX work_order_taxpayer ON work_order (organisation_id, taxpayer_id, created_at);
CREATE INDEX work_order_sender ON work_order (organisation_id, sender_address, created_at);
CREATE INDEX work_order_follows ON work_order (organisation_id, follows_id, created_at) WHERE follows_id IS NOT NULL;
CREATE TABLE participant (
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    work_order_id {uuid} NOT NULL REFERENCES work_order (id),
    address text NOT NULL,
    PRIMARY KEY (work_order_id, address)
) {keyed};
CREATE TABLE communication (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    work_order_id {uuid} NOT NULL REFERENCES work_order (id),
    direction text NOT NULL,
    channel text NOT NULL,
    automatic boolean NOT NULL,
    from_name text NOT NULL,
    from_address text NOT NULL,
    recipients {json} NOT NULL,
    copies {json} NOT NULL,
    reply_address text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text,
    author_id {uuid} REFERENCES operator (id),
    mailbox_id {uuid} REFERENCES mailbox (id),
    incoming_mail_id {uuid} UNIQUE REFERENCES incoming_mail (id),
    message_id text,
    \"references\" text NOT NULL,
    answers_id {uuid} REFERENCES communication (id),
    at {time} NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX communication_thread ON communication (organisation_id, work_order_id, created_at, id);
CREATE INDEX communication_message_id ON communication (organisation_id, message_id) WHERE message_id IS NOT NULL;
CREATE TABLE attachment (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    communication_id {uuid} NOT NULL REFERENCES communication (id),
    position integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    hash {bytes} NOT NULL,
    content_id text,
    FOREIGN KEY (organisation_id, hash) REFERENCES blob (organisation_id, hash)
);
CREATE UNIQUE INDEX attachment_position ON attachment (organisation_id, communication_id, position);
CREATE TABLE event (
    seq {seq},
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    work_order_id {uuid} NOT NULL REFERENCES work_order (id),
    actor_id {uuid} REFERENCES operator (id),
    verb text NOT NULL,
    at {time} NOT NULL,
    data {json} NOT NULL
);
CREATE INDEX event_history ON event (organisation_id, work_order_id, seq)
";

const OUTBOX: &str = "
CREATE TABLE delivery (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    work_order_id {uuid} NOT NULL REFERENCES work_order (id),
    communication_id {uuid} NOT NULL REFERENCES communication (id),
    mailbox_id {uuid} NOT NULL REFERENCES mailbox (id),
    recipient text NOT NULL,
    automatic boolean NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    repeats integer NOT NULL,
    next_attempt_at {time} NOT NULL,
    lease_owner {uuid},
    lease_until {time},
    last_error text,
    created_at {time} NOT NULL,
    settled_at {time}
);
CREATE UNIQUE INDEX delivery_once ON delivery (organisation_id, communication_id, recipient);
CREATE INDEX delivery_waiting ON delivery (next_attempt_at) WHERE state IN ('pending', 'sending');
CREATE INDEX delivery_recipient ON delivery (organisation_id, recipient, created_at) WHERE automatic
";
