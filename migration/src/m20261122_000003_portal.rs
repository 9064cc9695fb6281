//! The Sportello online: forms, drafts and files; who follows what; notices; the keys, webhooks and errands of the API.

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
        crate::run(manager, DOOR).await?;
        crate::run(manager, WORDS).await?;
        crate::run(manager, WORK).await
    }
}

const DOOR: &str = "
CREATE TABLE portal (
    organisation_id {uuid} PRIMARY KEY REFERENCES organisation (id),
    slug text NOT NULL,
    host text,
    open boolean NOT NULL,
    colour text NOT NULL,
    phone text NOT NULL,
    admission text NOT NULL,
    anonymous text NOT NULL,
    listed boolean NOT NULL,
    contest_days integer NOT NULL,
    link_days integer NOT NULL,
    mailbox_id {uuid} REFERENCES mailbox (id),
    version integer NOT NULL
);
CREATE TABLE public_text (
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    page text NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    author_id {uuid} REFERENCES operator (id),
    updated_at {time} NOT NULL,
    PRIMARY KEY (organisation_id, page, language)
) {keyed};
CREATE TABLE ban (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    what text NOT NULL,
    value text NOT NULL,
    reason text NOT NULL,
    until {time},
    author_id {uuid} REFERENCES operator (id),
    created_at {time} NOT NULL
);
CREATE TABLE app_key (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    name text NOT NULL,
    prefix text NOT NULL,
    hash {bytes} NOT NULL,
    scopes {json} NOT NULL,
    per_minute integer NOT NULL,
    author_id {uuid} REFERENCES operator (id),
    created_at {time} NOT NULL,
    used_at {time},
    revoked_at {time}
);
CREATE TABLE citizen_token (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    app_key_id {uuid} NOT NULL REFERENCES app_key (id),
    address text NOT NULL,
    code_hash {bytes} NOT NULL,
    attempts integer NOT NULL,
    token_hash {bytes},
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
);
CREATE TABLE webhook (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    app_key_id {uuid} REFERENCES app_key (id),
    url text NOT NULL,
    secret {bytes} NOT NULL,
    active boolean NOT NULL,
    succeeded_at {time},
    failing_since {time},
    last_error text,
    created_at {time} NOT NULL
);
CREATE TABLE errand (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    work text NOT NULL,
    webhook_id {uuid} REFERENCES webhook (id) ON DELETE CASCADE,
    recipient text NOT NULL,
    data {json} NOT NULL,
    once text,
    state text NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at {time} NOT NULL,
    lease_owner {uuid},
    lease_until {time},
    last_error text,
    created_at {time} NOT NULL,
    settled_at {time}
);
ALTER TABLE request_kind ADD COLUMN published boolean NOT NULL DEFAULT false;
ALTER TABLE request_kind ADD COLUMN form {json};
CREATE UNIQUE INDEX portal_slug ON portal (slug);
CREATE UNIQUE INDEX portal_host ON portal (host) WHERE host IS NOT NULL;
INSERT INTO portal (organisation_id, slug, open, colour, phone, admission, anonymous, listed, contest_days, link_days, version) SELECT id, 'ente', demo, '#0066cc', '', 'at_once', 'moderated', false, 30, 180, 0 FROM organisation;
UPDATE request_kind SET published = true WHERE code IN ('complaint', 'information', 'rectification', 'disruption', 'repair', 'pickup');
CREATE UNIQUE INDEX ban_once ON ban (organisation_id, what, value);
CREATE UNIQUE INDEX app_key_hash ON app_key (hash);
CREATE INDEX app_key_list ON app_key (organisation_id, id);
CREATE UNIQUE INDEX citizen_token_hash ON citizen_token (token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX citizen_token_asked ON citizen_token (organisation_id, app_key_id, address, created_at);
CREATE INDEX citizen_token_expiry ON citizen_token (expires_at);
CREATE INDEX webhook_active ON webhook (organisation_id, active, id);
CREATE UNIQUE INDEX errand_once ON errand (organisation_id, once) WHERE once IS NOT NULL;
CREATE INDEX errand_waiting ON errand (next_attempt_at) WHERE state IN ('pending', 'sending');
CREATE INDEX errand_webhook ON errand (organisation_id, webhook_id, next_attempt_at)
    WHERE webhook_id IS NOT NULL AND state IN ('pending', 'sending');
CREATE INDEX errand_of ON errand (webhook_id);
CREATE INDEX errand_recipient ON errand (organisation_id, recipient, created_at)
";

const WORDS: &str = "
CREATE TABLE submission (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    kind_id {uuid} NOT NULL REFERENCES request_kind (id),
    state text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    app_key_id {uuid} REFERENCES app_key (id),
    fingerprint {bytes},
    answers {json} NOT NULL,
    step integer NOT NULL,
    address text NOT NULL,
    network text NOT NULL,
    work_order_id {uuid} REFERENCES work_order (id),
    follower_id {uuid},
    reason text,
    rating integer,
    rating_note text NOT NULL,
    received_at {time},
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    version integer NOT NULL
);
CREATE TABLE notice (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    state text NOT NULL,
    title {json} NOT NULL,
    text {json} NOT NULL,
    impact {json} NOT NULL,
    alternatives {json} NOT NULL,
    restored {json} NOT NULL,
    streets {json} NOT NULL,
    kinds {json} NOT NULL,
    starts_at {time} NOT NULL,
    ends_at {time},
    published_at {time},
    restored_at {time},
    author_id {uuid} REFERENCES operator (id),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    version integer NOT NULL
);
CREATE TABLE follower (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    work_order_id {uuid} REFERENCES work_order (id),
    notice_id {uuid} REFERENCES notice (id),
    role text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    fiscal_code text NOT NULL,
    phone text NOT NULL,
    language text NOT NULL,
    told_by text NOT NULL,
    generation integer NOT NULL,
    confirmed_at {time},
    created_at {time} NOT NULL,
    seen_at {time},
    CHECK ((work_order_id IS NULL) <> (notice_id IS NULL))
);
CREATE TABLE upload (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    submission_id {uuid} REFERENCES submission (id) ON DELETE CASCADE,
    follower_id {uuid} REFERENCES follower (id),
    app_key_id {uuid} REFERENCES app_key (id),
    position integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    hash {bytes} NOT NULL,
    scan text NOT NULL,
    latitude double precision,
    longitude double precision,
    created_at {time} NOT NULL,
    FOREIGN KEY (organisation_id, hash) REFERENCES blob (organisation_id, hash)
);
CREATE INDEX submission_waiting ON submission (organisation_id, state, received_at, id) WHERE state IN ('held', 'unconfirmed');
CREATE INDEX submission_idle ON submission (state, updated_at) WHERE state IN ('draft', 'unconfirmed');
CREATE INDEX submission_work_order ON submission (organisation_id, work_order_id) WHERE work_order_id IS NOT NULL;
CREATE INDEX upload_submission ON upload (organisation_id, submission_id, position) WHERE submission_id IS NOT NULL;
CREATE INDEX upload_follower ON upload (organisation_id, follower_id, position) WHERE follower_id IS NOT NULL;
CREATE INDEX upload_app ON upload (organisation_id, app_key_id, position) WHERE app_key_id IS NOT NULL;
CREATE INDEX upload_of ON upload (submission_id);
CREATE INDEX upload_age ON upload (created_at);
CREATE INDEX upload_blob ON upload (organisation_id, hash);
CREATE UNIQUE INDEX follower_order ON follower (organisation_id, work_order_id, address) WHERE work_order_id IS NOT NULL AND address <> '';
CREATE INDEX follower_of_order ON follower (organisation_id, work_order_id, id) WHERE work_order_id IS NOT NULL;
CREATE UNIQUE INDEX follower_notice ON follower (organisation_id, notice_id, address) WHERE notice_id IS NOT NULL;
CREATE INDEX follower_address ON follower (organisation_id, address, id) WHERE address <> '';
CREATE INDEX follower_fiscal_code ON follower (organisation_id, fiscal_code, id) WHERE fiscal_code <> '';
CREATE INDEX notice_list ON notice (organisation_id, id);
CREATE INDEX notice_current ON notice (organisation_id, state, starts_at, id)
";

const WORK: &str = "
CREATE TABLE place (
    work_order_id {uuid} PRIMARY KEY REFERENCES work_order (id),
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    kind_id {uuid} NOT NULL REFERENCES request_kind (id),
    address text NOT NULL,
    street text NOT NULL,
    latitude double precision,
    longitude double precision,
    created_at {time} NOT NULL
);
CREATE TABLE confirmed_address (
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    address text NOT NULL,
    confirmed_at {time} NOT NULL,
    PRIMARY KEY (organisation_id, address)
) {keyed};
CREATE TABLE notice_change (
    id {uuid} PRIMARY KEY,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    notice_id {uuid} NOT NULL REFERENCES notice (id),
    actor_id {uuid} REFERENCES operator (id),
    verb text NOT NULL,
    at {time} NOT NULL,
    data {json} NOT NULL
);
CREATE TABLE notice_work_order (
    notice_id {uuid} NOT NULL REFERENCES notice (id),
    work_order_id {uuid} NOT NULL REFERENCES work_order (id),
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    created_at {time} NOT NULL,
    told_at {time},
    PRIMARY KEY (notice_id, work_order_id)
) {keyed};
CREATE TABLE publication (
    work_order_id {uuid} PRIMARY KEY REFERENCES work_order (id),
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    title text NOT NULL,
    text text NOT NULL,
    address text NOT NULL,
    latitude double precision,
    longitude double precision,
    author_id {uuid} REFERENCES operator (id),
    published_at {time} NOT NULL
);
ALTER TABLE work_order ADD COLUMN contests integer NOT NULL DEFAULT 0;
CREATE INDEX work_order_contested ON work_order (organisation_id, due_at, id) WHERE contests > 0;
ALTER TABLE attachment ADD COLUMN scan text NOT NULL DEFAULT 'none';
ALTER TABLE communication ADD COLUMN submission_id {uuid} REFERENCES submission (id);
CREATE UNIQUE INDEX communication_submission ON communication (submission_id) WHERE submission_id IS NOT NULL;
CREATE INDEX attachment_blob ON attachment (organisation_id, hash);
CREATE INDEX delivery_held ON delivery (organisation_id, recipient, id) WHERE state = 'held';
CREATE INDEX place_street ON place (organisation_id, kind_id, street, created_at);
CREATE INDEX place_position ON place (organisation_id, kind_id, latitude) WHERE latitude IS NOT NULL;
CREATE INDEX notice_change_history ON notice_change (organisation_id, notice_id, id);
CREATE INDEX notice_work_order_order ON notice_work_order (organisation_id, work_order_id, notice_id);
CREATE INDEX publication_list ON publication (organisation_id, published_at, work_order_id)
";
