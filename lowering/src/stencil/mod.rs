//! Copy-and-patch: superblocks linked from stencils, without a compiler.
//!
//! ```text
//!   superblock ── per micro-op ──► piece: op, inputs, result, exit ──► its key (all numbers blank) and its numbers
//!                                                                            │
//!                      key ──► stencil: machine code with holes   ◄── table ─┘  cut once per process, by the same
//!                                 │                                            `lower` that whole superblocks go through
//!      code of the executor  ◄── copied, the holes filled with the numbers
//! ```
//!
//! Values live in homes between micro-ops: those that snapshots show in the home that they have anyway (`places`), the others
//! in homes above. So a stencil loads its inputs from homes and stores its result to one, exits find everything in its
//! place, and the collector sees all of it.
//!
//! A stencil is the code of a superblock of one micro-op (`piece`). It is compiled twice, with different numbers in all
//! the holes, and where the two differ, there the holes are (`cut`). `link` puts copies one behind the other: what is
//! rarely run comes behind all of them.

mod cut;
mod link;
mod piece;
mod places;
mod table;
mod x64;

pub use cut::Sample;
pub use link::StencilCompiler;
pub use table::StencilTable;
