//! The virtual machine of stitch.

pub mod bytecode;
pub mod config;
pub mod debug;
