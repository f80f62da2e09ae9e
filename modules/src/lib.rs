//! Native modules of the standard library, on the runtime's API: each a folder or file with one `MODULE`.

mod abc;
mod array;
mod ast;
mod binascii;
mod bisect;
mod bz2;
mod cmath;
mod collections;
mod contextvars;
mod errno;
mod functools;
mod gc;
mod hashes;
mod heapq;
mod itertools;
mod lzma;
mod operator;
mod random;
mod statistics;
mod structs;
mod text;
mod thread;
mod unicodedata;
mod warnings;
mod weakref;
mod zlib;

use stitch_runtime::object::module::ModuleSpec;

/// What `import` finds here, for `Machine::add_modules`.
pub static MODULES: &[&ModuleSpec] = &[
    &abc::MODULE,
    &array::MODULE,
    &ast::MODULE,
    &bz2::MODULE,
    &lzma::MODULE,
    &cmath::MODULE,
    &collections::MODULE,
    &structs::MODULE,
    &hashes::MD5,
    &hashes::SHA1,
    &hashes::SHA2,
    &hashes::SHA3,
    &hashes::BLAKE2,
    &hashes::HMAC,
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
    &warnings::MODULE,
    &weakref::MODULE,
    &zlib::MODULE,
];
