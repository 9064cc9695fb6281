//! The operators' and administrators' side of IO, at their pages, with the stand-in for IO behind them.

mod archive;
mod batch;
mod new;
mod reminders;
mod services;
