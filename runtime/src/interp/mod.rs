//! Tier 1: the adaptive interpreter.

pub mod code;
pub mod frame;
