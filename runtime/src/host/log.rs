//! The system's log.

use std::ffi::{CStr, CString};

/// From now on entries begin with a name. The system keeps the pointer, so the name is leaked: programs open few logs.
pub fn open(name: Option<CString>, options: i32, facility: i32) {
    let name = name.map_or(std::ptr::null(), |name| name.into_raw().cast_const());
    // SAFETY: a string that ends in NUL and stays, or NULL.
    unsafe { libc::openlog(name, options, facility) };
}

pub fn write(priority: i32, text: &CStr) {
    // SAFETY: strings that end in NUL; the format takes one of them.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), text.as_ptr()) };
}

pub fn close() {
    // SAFETY: takes nothing.
    unsafe { libc::closelog() };
}

/// Sets which priorities are written; gives those that were.
pub fn set_mask(mask: i32) -> i32 {
    // SAFETY: a number.
    unsafe { libc::setlogmask(mask) }
}
