//! The error number that belongs to the program, one in each thread: other calls of the C library do not touch it.

use std::cell::Cell;
use stitch_runtime::host::library;

thread_local! {
    static ERRNO: Cell<i32> = const { Cell::new(0) };
}

/// Exchanges it for the C library's.
pub fn exchange() {
    ERRNO.set(library::swap_errno(ERRNO.get()));
}

pub fn get() -> i32 {
    ERRNO.get()
}

/// Gives what it was.
pub fn set(errno: i32) -> i32 {
    ERRNO.replace(errno)
}
