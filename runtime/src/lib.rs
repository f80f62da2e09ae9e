//! x
pub mod backend;
