//! Standard descriptors that were closed when the process began. Rust's runtime opens those before `main`, so they are looked at
//! earlier; who opens the standard streams closes them again.

use super::descriptor;
use std::sync::atomic::{AtomicU8, Ordering};

/// A bit for each of them.
static CLOSED: AtomicU8 = AtomicU8::new(0);

// SAFETY: the section holds functions of this type, which the loader calls before anything else of the program; this one needs
// nothing of Rust's runtime.
#[used]
#[unsafe(link_section = ".init_array")]
static NOTE: extern "C" fn() = note;

extern "C" fn note() {
    let closed = (0..3).filter(|&fd| descriptor::control(fd, libc::F_GETFD, 0).is_err());
    CLOSED.store(closed.fold(0, |bits, fd| bits | 1 << fd), Ordering::Relaxed);
}

/// Has a standard descriptor that was closed at the beginning be closed again.
pub fn close_again(fd: i32) {
    let bit = 1 << fd;
    if CLOSED.fetch_and(!bit, Ordering::Relaxed) & bit != 0 {
        _ = descriptor::close(fd);
    }
}
