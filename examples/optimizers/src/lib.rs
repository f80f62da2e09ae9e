//! Optimizers of a third party: what can be done with stitch's public API alone.
//!
//! [`Arithmetic`] is a small one that is of use: from a hot place on it does what a function's code does with whole numbers, in
//! Rust, and leaves the rest to the machine. [`Behaving`] makes executors that do one thing each, right or wrong.

mod arithmetic;
mod behaving;
mod executable;

pub use arithmetic::Arithmetic;
pub use behaving::{Behaving, Behaviour, Calls};
pub use executable::CLOSURES;
