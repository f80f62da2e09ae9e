//! What runs superblocks.

pub mod uops;
