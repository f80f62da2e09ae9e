//! The stitch VM: a Python 3.14 runtime around a tracing JIT of micro-ops. Modules in reading order:

pub mod value;
pub mod gc;
pub mod object;
pub mod vm;
pub mod signals;
pub mod bytecode;
pub mod interp;
pub mod trace;
pub mod uop;
pub mod opt;
pub mod exec;
pub mod backend;
pub mod builtins;
pub mod host;
pub mod config;
pub mod debug;
pub mod embed;

pub use value::Value;
pub use vm::{PyResult, Raised, Vm};
