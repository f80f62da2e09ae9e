//! Native modules of the standard library, on the runtime's API: each a folder or file with one `MODULE`.

mod abc;
mod array;
mod ast;
mod binascii;
mod bisect;
mod collections;
mod contextvars;
mod csv;
mod errno;
mod functools;
mod gc;
mod hashes;
mod heapq;
mod itertools;
mod json;
mod operator;
mod random;
mod sre;
mod statistics;
mod structs;
mod text;
mod thread;
mod unicodedata;
mod unit;
mod weakref;

use stitch_runtime::builtins::FrozenModule;
use stitch_runtime::object::module::ModuleSpec;

/// What `import` finds here, for `Machine::add_modules`.
pub static MODULES: &[&ModuleSpec] = &[
    &abc::MODULE,
    &array::MODULE,
    &ast::MODULE,
    &collections::MODULE,
    &structs::MODULE,
    &hashes::MODULE,
    &itertools::MODULE,
    &json::MODULE,
    &operator::MODULE,
    &functools::MODULE,
    &heapq::MODULE,
    &bisect::MODULE,
    &random::MODULE,
    &sre::MODULE,
    &text::MODULE,
    &errno::MODULE,
    &statistics::MODULE,
    &contextvars::MODULE,
    &csv::MODULE,
    &binascii::MODULE,
    &thread::MODULE,
    &unicodedata::MODULE,
    &gc::MODULE,
    &weakref::MODULE,
];

/// Python source above the native modules, for `Machine::add_frozen_modules`.
pub static FROZEN: &[FrozenModule] =
    &[FrozenModule { name: "hashlib", text: include_str!("hashlib.py"), is_package: false }];
