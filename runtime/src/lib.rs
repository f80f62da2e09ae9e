//! The stitch VM: a Python 3.14 runtime around a tracing JIT of micro-ops. Modules in reading order:

pub mod backend;
pub mod builtins;
pub mod bytecode;
pub mod config;
pub mod debug;
pub mod embed;
pub mod exec;
pub mod foreign;
pub mod gc;
pub mod host;
pub mod interp;
pub mod object;
pub mod opt;
pub mod optimizer;
pub mod signals;
pub mod thread;
pub mod trace;
pub mod uop;
pub mod value;
pub mod vm;
pub mod watch;

pub use value::Value;
pub use vm::{PyResult, Raised, Vm};
