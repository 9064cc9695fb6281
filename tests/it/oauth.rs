//! Mailboxes that sign in by OAuth 2.0: from the administrator's page over the provider's consent to a mail that is read and a
//! letter that leaves, with servers that ask the provider whose each token is.

mod bounds;
mod consent;
mod house;
mod renewal;
