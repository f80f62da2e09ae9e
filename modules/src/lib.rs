//! Native modules of the standard library, on the runtime's API: each a folder or file with one `MODULE`.

mod abc;
mod accounts;
mod array;
mod ast;
mod binascii;
mod bisect;
mod collections;
mod contextvars;
mod errno;
mod fcntl;
mod functools;
mod gc;
mod hashes;
mod heapq;
mod io;
mod itertools;
mod locale;
mod mmap;
mod operator;
mod posix;
mod random;
mod resource;
mod select;
mod shared_memory;
mod signal;
mod socket;
mod stat;
mod statistics;
mod structs;
mod subprocess;
mod syslog;
mod termios;
mod text;
mod thread;
mod time;
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
    &io::MODULE,
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
    &posix::MODULE,
    &resource::MODULE,
    &accounts::USERS,
    &accounts::GROUPS,
    &locale::MODULE,
    &mmap::MODULE,
    &shared_memory::MODULE,
    &syslog::MODULE,
    &select::MODULE,
    &signal::MODULE,
    &socket::MODULE,
    &subprocess::MODULE,
    &fcntl::MODULE,
    &termios::MODULE,
    &stat::MODULE,
    &time::MODULE,
];

/// Python source above the native modules, for `Machine::add_frozen_modules`.
pub static FROZEN: &[FrozenModule] = &[
    FrozenModule { name: "hashlib", text: include_str!("hashlib.py"), is_package: false },
    FrozenModule { name: "io", text: include_str!("io/io.py"), is_package: false },
];
