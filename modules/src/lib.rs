//! Native modules of the standard library, on the runtime's API: each a folder or file with one `MODULE`.

mod abc;
mod array;
mod ast;
mod binascii;
mod bisect;
mod collections;
mod contextvars;
mod errno;
mod functools;
mod gc;
mod hashes;
mod heapq;
mod itertools;
mod opcode;
mod operator;
mod random;
mod statistics;
mod structs;
mod symtable;
mod text;
mod thread;
mod tokenize;
mod unicodedata;
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
    &operator::MODULE,
    &functools::MODULE,
    &heapq::MODULE,
    &bisect::MODULE,
    &random::MODULE,
    &text::MODULE,
    &errno::MODULE,
    &statistics::MODULE,
    &contextvars::MODULE,
    &binascii::MODULE,
    &thread::MODULE,
    &unicodedata::MODULE,
    &gc::MODULE,
    &weakref::MODULE,
    &opcode::MODULE,
    &symtable::MODULE,
    &tokenize::MODULE,
];

/// Python source above the native modules, for `Machine::add_frozen_modules`.
pub static FROZEN: &[FrozenModule] =
    &[FrozenModule { name: "hashlib", text: include_str!("hashlib.py"), is_package: false }];
