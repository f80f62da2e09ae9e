//! Functions of other languages, called by System V's convention for x86-64: those that Python calls, and those that call Python.
//!
//! ```text
//!   Call { registers, stack words } ── `Call::make` ──► the function ──► its results, in the same structure
//!
//!   an address that C calls: stub ── context ──► `Entry` ──► handler(context, &mut Arrival)
//! ```
//!
//! Neither needs code for a signature: which argument goes to which register is for the caller to say (`Placement`), and all
//! registers are loaded always. Only the stubs are made while the program runs, 32 bytes each, in an arena of code memory.

mod call;
mod entry;
mod placement;

pub use call::Call;
pub use entry::{Arrival, Context, Stubs};
pub use placement::{Class, Place, Placement};
