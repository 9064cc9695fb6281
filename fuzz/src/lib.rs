//! The entrances that the targets go through: the same file as the short run's.

#[path = "../../tests/it/fuzz/entrances.rs"]
pub mod entrances;
