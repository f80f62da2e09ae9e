//! The fast backend: micro-ops to Cranelift IR to machine code.
//!
//! `backend` is what the VM plugs in. `compiler` turns one superblock into position-independent bytes, with the help of
//! `lower`, which gives each micro-op its Cranelift IR; `stencil` links them from code that was cut before. `process` holds the code that lives longer than any trace: the
//! shim, the thunks and the templates of the cold exits. Nothing of Cranelift exists before the first compilation.

mod backend;
mod compiler;
mod isa;
mod lower;
mod process;
mod stencil;

pub use backend::{Choice, CraneliftBackend};
