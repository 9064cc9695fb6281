//! The tables as types: one file per table, no logic. `origin` holds the types of JSON columns that several tables share.

pub mod attachment;
pub mod blob;
pub mod communication;
pub mod contact;
pub mod counter;
pub mod delivery;
pub mod event;
pub mod incoming_mail;
pub mod installation;
pub mod login_throttle;
pub mod mail_log;
pub mod mailbox;
pub mod mailbox_grant;
pub mod operator;
pub mod organisation;
pub mod origin;
pub mod participant;
pub mod request_kind;
pub mod session;
pub mod taxpayer;
pub mod work_order;
