//! Tier 1: the adaptive interpreter.
//!
//! `op` is the table of instructions with their handlers, `dispatch` runs them, `handlers` holds their meanings,
//! `build` makes code objects, `unwind` finds exception handlers, `generator` resumes generators.

pub mod attribute_cache;
pub mod build;
pub mod code;
pub mod code_cache;
pub mod compile;
pub mod constant;
pub mod dispatch;
pub mod drain;
pub mod frame;
pub mod generator;
pub(crate) mod handlers;
pub mod import;
pub mod import_watch;
pub(crate) mod importers;
mod library_place;
mod match_loop;
pub mod op;
mod threaded;
pub mod unwind;
