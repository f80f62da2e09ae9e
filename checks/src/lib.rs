//! Checks on random input, one `check` a boundary. The fuzz targets are a few lines over them; the tests of this crate run
//! them with fixed seeds.

pub mod exits;
pub mod passes;
pub mod programs;
pub mod superblocks;
