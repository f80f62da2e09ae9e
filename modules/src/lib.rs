//! Native modules of the standard library, on the runtime's API: each a folder or file with one `MODULE`.

mod abc;
mod accounts;
mod array;
mod ast;
mod atexit;
mod binascii;
mod bisect;
mod bz2;
mod cjk;
mod cmath;
mod collections;
mod contextvars;
mod csv;
mod ctypes;
mod datetime;
mod decimal;
mod elementtree;
mod errno;
mod faulthandler;
mod fcntl;
mod functools;
mod gc;
mod hashing;
mod heapq;
mod io;
mod itertools;
mod jit;
mod json;
mod locale;
mod lsprof;
mod lzma;
mod mmap;
mod multiprocessing;
mod opcode;
mod operator;
mod pickle;
mod posix;
mod pyexpat;
mod queue;
mod random;
mod resource;
mod select;
mod shared_memory;
mod signal;
mod socket;
mod sqlite;
mod sre;
mod ssl;
mod stat;
mod statistics;
mod structs;
mod subprocess;
mod suggestions;
mod symtable;
mod sysconfig;
mod syslog;
mod termios;
mod text;
mod thread;
mod time;
mod tokenize;
mod tracemalloc;
mod unicodedata;
mod unit;
mod uuid;
mod warnings;
mod weakref;
mod zlib;
mod zstd;

use stitch_runtime::object::module::ModuleSpec;

pub use io::STREAMS;

/// What `import` finds here, for `Machine::add_modules`.
pub static MODULES: &[&ModuleSpec] = &[
    &abc::MODULE,
    &array::MODULE,
    &atexit::MODULE,
    &ast::MODULE,
    &bz2::MODULE,
    &lsprof::MODULE,
    &lzma::MODULE,
    &cjk::MODULE,
    &cjk::CN,
    &cjk::HK,
    &cjk::ISO2022,
    &cjk::JP,
    &cjk::KR,
    &cjk::TW,
    &cmath::MODULE,
    &collections::MODULE,
    &structs::MODULE,
    &faulthandler::MODULE,
    &sysconfig::DATA,
    &sysconfig::MODULE,
    &hashing::MODULE,
    &hashing::MD5,
    &hashing::SHA1,
    &hashing::SHA2,
    &hashing::SHA3,
    &hashing::keyed::MODULE,
    &itertools::MODULE,
    &jit::PACKAGE,
    &jit::MODULE,
    &json::MODULE,
    &operator::MODULE,
    &functools::MODULE,
    &heapq::MODULE,
    &io::MODULE,
    &bisect::MODULE,
    &random::MODULE,
    &sre::MODULE,
    &text::MODULE,
    &errno::MODULE,
    &statistics::MODULE,
    &contextvars::MODULE,
    &csv::MODULE,
    &ctypes::MODULE,
    &datetime::MODULE,
    &decimal::MODULE,
    &elementtree::MODULE,
    &binascii::MODULE,
    &thread::MODULE,
    &unicodedata::MODULE,
    &uuid::MODULE,
    &gc::MODULE,
    &warnings::MODULE,
    &weakref::MODULE,
    &pickle::MODULE,
    &posix::MODULE,
    &pyexpat::MODULE,
    &queue::MODULE,
    &resource::MODULE,
    &accounts::USERS,
    &accounts::GROUPS,
    &locale::MODULE,
    &mmap::MODULE,
    &multiprocessing::MODULE,
    &shared_memory::MODULE,
    &syslog::MODULE,
    &select::MODULE,
    &signal::MODULE,
    &socket::MODULE,
    &sqlite::MODULE,
    &ssl::MODULE,
    &subprocess::MODULE,
    &suggestions::MODULE,
    &fcntl::MODULE,
    &termios::MODULE,
    &stat::MODULE,
    &time::MODULE,
    &opcode::MODULE,
    &symtable::MODULE,
    &tokenize::MODULE,
    &tracemalloc::MODULE,
    &zlib::MODULE,
    &zstd::MODULE,
];
