//! A notification on IO, and exactly what is known of its fate.
use sea_orm::entity::prelude::*;

/// What is known of a notification.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Written, or taken back before it left.
    Draft,
    /// Waits for its turn.
    Queued,
    /// The call that sends it is under way, or was when its process died: whoever finds it so must not send it again.
    Sending,
    /// IO took it and gave it an id: it has not arrived yet.
    Accepted,
    /// It is in the citizen's inbox.
    Processed,
    /// IO took it and then did not deliver it: the citizen left, or turned the service off, meanwhile.
    Rejected,
    /// It did not leave, or IO could not process it.
    Failed,
    /// Nobody knows whether IO took it. Never sent again by itself.
    Uncertain,
    /// The citizen is not on IO.
    NotOnIo,
    /// The citizen is on IO and has turned this service off.
    ServiceOff,
}

/// Why there is a notification.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An operator wrote it.
    Single,
    /// Progress of a work order, by a rule or at an operator's word.
    Update,
    /// Sent again, as it was.
    Repeat,
    /// Corrects one that was sent.
    Correction,
    /// Reminds of the deadline of another one.
    Reminder,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "io_message")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// In the name of which service.
    pub io_service_id: Uuid,
    /// Why.
    pub purpose: Purpose,
    /// The work order it is about.
    pub work_order_id: Option<Uuid>,
    /// The communication of the thread that it tells; when it does not arrive, that may go by another way.
    pub communication_id: Option<Uuid>,
    /// The taxpayer it was looked up from.
    pub taxpayer_id: Option<Uuid>,
    /// To whom: codice fiscale of a person, in capitals.
    pub fiscal_code: String,
    /// Title.
    pub subject: String,
    /// Text, with the front-matter of its buttons.
    pub markdown: String,
    /// The notification on the telephone says nothing, and no mail is sent on; `None`: as the service's sheet says.
    pub secure: Option<bool>,
    /// By when something is to be done.
    pub due_at: Option<DateTimeUtc>,
    /// What is to be paid, in euro cents.
    pub amount_cents: Option<i64>,
    /// Number of the pagoPA notice.
    pub notice_number: Option<String>,
    /// It cannot be paid after `due_at`.
    pub invalid_after_due: bool,
    /// A name that no other notification of the organisation may have: one event, one update.
    pub once: Option<String>,
    /// The notification that this one repeats, corrects or reminds of.
    pub follows_id: Option<Uuid>,
    /// The operator who wrote it; none when a rule did.
    pub author_id: Option<Uuid>,
    /// What is known of it.
    pub state: State,
    /// Attempts begun to send it.
    pub attempts: i32,
    /// Times that IO was asked what became of it.
    pub looks: i32,
    /// When something is to be done about it; none when nothing is.
    pub next_at: Option<DateTimeUtc>,
    /// Process that has it in hand.
    pub lease_owner: Option<Uuid>,
    /// Until when nobody else may.
    pub lease_until: Option<DateTimeUtc>,
    /// The id that IO gave it.
    pub remote_id: Option<String>,
    /// Why it is not where it should be, in plain words.
    pub last_error: Option<String>,
    /// What became of the push on the telephone, if IO says so.
    pub push_state: Option<String>,
    /// What became of the mail into which IO forwards it, if IO says so.
    pub mail_state: Option<String>,
    /// Whether the citizen opened it, if IO says so.
    pub read_state: Option<String>,
    /// Whether it was paid, if IO says so.
    pub payment_state: Option<String>,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When IO took it.
    pub accepted_at: Option<DateTimeUtc>,
    /// When its fate was known.
    pub settled_at: Option<DateTimeUtc>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
