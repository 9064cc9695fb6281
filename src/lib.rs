//! Riscontro: the desk at which a waste-management operator answers its citizens.
//!
//! The house, in reading order. Arrows point inward only; `tests/it/tidy.rs` holds the table of who may import whom.
//!
//! - [`config`]: what the owner may set.

pub mod config;
