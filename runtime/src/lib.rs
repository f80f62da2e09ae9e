//! The VM.

pub mod value;
#[macro_use]
pub mod uop;
pub mod opt;
pub mod backend;
