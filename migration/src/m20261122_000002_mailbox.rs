//! A mailbox that loses nothing: certified mail, proof of delivery, the log of every mail, other ways to sign in.

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
        crate::run(manager, MAILBOX).await?;
        crate::run(manager, LEDGER).await?;
        crate::run(manager, LETTERS).await
    }
}

const MAILBOX: &str = "
ALTER TABLE mailbox ADD COLUMN kind text NOT NULL DEFAULT 'ordinary';
ALTER TABLE mailbox ADD COLUMN sign_in text NOT NULL DEFAULT 'password';
ALTER TABLE mailbox ADD COLUMN authserv_id text NOT NULL DEFAULT '';
ALTER TABLE mailbox ADD COLUMN password_expires_on date;
ALTER TABLE mailbox ADD COLUMN numbering integer NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN refused boolean NOT NULL DEFAULT false;
ALTER TABLE mailbox ADD COLUMN warned_at {time};
ALTER TABLE mailbox ADD COLUMN reconcile_asked_at {time};
ALTER TABLE mailbox ADD COLUMN reconciled_at {time};
ALTER TABLE mailbox ADD COLUMN reconciled_mails bigint NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN reconciled_missing bigint NOT NULL DEFAULT 0;
ALTER TABLE operator ADD COLUMN email text NOT NULL DEFAULT '';
CREATE TABLE mailbox_grant (
    mailbox_id {uuid} PRIMARY KEY REFERENCES mailbox (id) ON DELETE CASCADE,
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    provider text NOT NULL,
    flow text NOT NULL,
    authorize_url text NOT NULL,
    token_url text NOT NULL,
    scope text NOT NULL,
    client_id text NOT NULL,
    client_secret {bytes},
    asked_state text,
    asked_verifier {bytes},
    asked_at {time},
    access_token {bytes},
    refresh_token {bytes},
    expires_at {time},
    granted_at {time},
    last_error text
)
";

// SQLite does not know that a partial index is the smaller one: between two that answer to the same columns it takes the one
// that was created last. So those of a few mails name one column more than the list of all.
const LEDGER: &str = "
ALTER TABLE incoming_mail ADD COLUMN imported boolean NOT NULL DEFAULT false;
CREATE TABLE mail_log (
    incoming_mail_id {uuid} PRIMARY KEY REFERENCES incoming_mail (id),
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    communication_id {uuid} REFERENCES communication (id),
    delivery_id {uuid} REFERENCES delivery (id),
    data {json} NOT NULL
);
CREATE INDEX mail_log_communication ON mail_log (organisation_id, communication_id) WHERE communication_id IS NOT NULL;
CREATE INDEX mail_log_delivery ON mail_log (organisation_id, delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX incoming_mail_set_aside ON incoming_mail (organisation_id, raw_hash)
    WHERE (state = 'quarantined' OR outcome = 'discarded');
DROP INDEX incoming_mail_pending;
DROP INDEX incoming_mail_unfiled;
CREATE INDEX incoming_mail_pending ON incoming_mail (organisation_id, mailbox_id, state, id) WHERE state = 'pending';
CREATE INDEX incoming_mail_unfiled ON incoming_mail (organisation_id, mailbox_id, state, id)
    WHERE state = 'handled' AND NOT filed;
CREATE INDEX incoming_mail_held ON incoming_mail (organisation_id, mailbox_id, state, id) WHERE state = 'quarantined';
CREATE INDEX incoming_mail_rare ON incoming_mail (organisation_id, mailbox_id, outcome, id)
    WHERE (outcome = 'duplicate' OR outcome = 'own' OR outcome = 'receipt' OR outcome = 'discarded');
CREATE INDEX incoming_mail_list ON incoming_mail (organisation_id, mailbox_id, id)
";

const LETTERS: &str = "
ALTER TABLE communication ADD COLUMN visible_text text;
ALTER TABLE communication ADD COLUMN origin {json};
ALTER TABLE delivery ADD COLUMN proof text;
ALTER TABLE delivery ADD COLUMN proof_at {time};
ALTER TABLE delivery ADD COLUMN proof_words text;
ALTER TABLE delivery ADD COLUMN pec_identifier text;
CREATE INDEX delivery_pec_identifier ON delivery (organisation_id, pec_identifier) WHERE pec_identifier IS NOT NULL;
ALTER TABLE contact ADD COLUMN unreachable_at {time};
ALTER TABLE contact ADD COLUMN unreachable_words text
";
