//! stitch as a part of a Rust program: Python 3.14 with a JIT.
//!
//! ```
//! use stitch::Machine;
//!
//! let machine = Machine::new()?;
//! machine.function("shout", |text: String| text.to_uppercase())?;
//! machine.exec("def greet(name): return shout('hello ' + name)")?;
//! let greeting: String = machine.get("greet")?.call(("you",))?.extract()?;
//! assert_eq!(greeting, "HELLO YOU");
//! # Ok::<(), stitch::Error>(())
//! ```
//!
//! A [`Machine`] is one Python interpreter with a heap of its own. It stays on the thread that made it; others have machines of
//! their own, as many as wanted. What programs give is held by [`Object`]s, which keep it alive across collections and runs,
//! and may be dropped in any order, also after the machine. Rust closures become Python functions ([`Context::function`]),
//! and what they are called with is converted and checked ([`FromPython`], [`ToPython`]).
//!
//! Whatever goes wrong is an [`Error`]: an exception of the program with its traceback, or a misuse of this interface, such as
//! an object of another machine. All of the crate is safe code, and no misuse of it is undefined behaviour.
//!
//! Python code runs on the native stack of the thread that calls it; natives that nest deeply (a `repr` of lists in lists)
//! need some. RecursionError comes before the stack ends. [`on_large_stack`] runs something with as much as the command line
//! program has.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod arguments;
mod builder;
mod class;
mod context;
mod convert;
mod error;
mod function;
mod limits;
mod machine;
mod module;
mod object;

pub use arguments::{CallArguments, FromArguments, Given, Keywords, Rest};
pub use builder::{JitMode, MachineBuilder};
pub use class::{Class, ClassBuilder, Constructor, IntoValue, Method, MethodMut, Owned};
pub use context::Context;
pub use convert::{BigInt, Bytes, FromPython, ToPython};
pub use error::{Error, ErrorKind, Frame, Result};
pub use function::{Function, IntoResult};
pub use limits::Interrupter;
pub use machine::{Machine, on_large_stack};
pub use module::ModuleBuilder;
pub use object::{Iter, Object};
