//! The heap: non-moving, generational by sticky mark bits, mark-region, with conservative roots.
//!
//! ```text
//!   chunk (4 MiB, aligned)  =  128 blocks
//!   block (32 KiB, aligned) =  [ meta: mark bits | start bits | line marks ] [ lines of 128 B … ]
//!   hole                    =  a run of free lines; the bump cursor allocates into one hole at a time
//! ```
//!
//! The lines of a hole get fresh a step at a time, as they are allocated from. A collection gives those that hold nothing
//! alive back, and their blocks are the next to be allocated from, so that the same few stay in the cache. Blocks with
//! little room are passed over until a full collection.
//!
//! An object that is marked is old. A minor collection marks from the roots and from the old objects that were written
//! to (the barrier logs them once: `Header::UNLOGGED`), and traverses young objects only; a full one clears all marks
//! first. Native stacks are scanned conservatively, interior pointers included; where objects start in fresh lines is
//! found by walking their headers from the nearest start that is known, only where a candidate points there.

mod block;
mod collect;
mod cycles;
mod farewell;
mod heap;
mod large;
mod limit;
mod stack;
#[cfg(test)]
mod tests;
mod walk;

pub use farewell::{Farewell, WeakReference};
pub use heap::{Bump, Heap, HeapConfig, RootSource, Stack};
pub use large::Fill;
pub use stack::{clear_dead_stack, native_stack_pointer, save_registers, with_registers_on_stack};

use crate::object::header::Header;

/// Bytes that a value or header is aligned to.
pub const GRANULE: usize = 16;
/// Objects above this go to the large-object space.
pub const LARGE_BYTES: usize = 8 << 10;

/// A heap object's address.
pub type Object = *mut Header;
