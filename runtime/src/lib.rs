//! The virtual machine of stitch.

pub mod bytecode;
