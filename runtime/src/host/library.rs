//! Shared libraries, and the number of the last error.

use std::ffi::{CStr, c_void};

/// What the loader says of its last failure.
fn last_message() -> Vec<u8> {
    // SAFETY: gives a string of the thread's own, or null.
    let text = unsafe { libc::dlerror() };
    if text.is_null() {
        return Vec::new();
    }
    // SAFETY: not null, and ends in NUL; it is copied before the loader is asked again.
    unsafe { CStr::from_ptr(text) }.to_bytes().to_vec()
}

/// Loads a library (`None`: the program itself), or says why not. Its initializers run.
pub fn open(name: Option<&CStr>, mode: i32) -> Result<usize, Vec<u8>> {
    // SAFETY: the name ends in NUL. What a library does as it is loaded is the program's to answer for.
    let handle = unsafe { libc::dlopen(name.map_or(std::ptr::null(), CStr::as_ptr), mode) };
    if handle.is_null() { Err(last_message()) } else { Ok(handle as usize) }
}

/// The address of what a library has under a name, or why there is none.
///
/// # Safety
/// The handle is one of a library that is loaded.
pub unsafe fn symbol(handle: usize, name: &CStr) -> Result<usize, Vec<u8>> {
    last_message();
    // SAFETY: the caller's promise; the name ends in NUL.
    let address = unsafe { libc::dlsym(handle as *mut c_void, name.as_ptr()) };
    if !address.is_null() {
        return Ok(address as usize);
    }
    Err(last_message())
}

/// Gives a library back, or says why not.
///
/// # Safety
/// The handle is one of a library that is loaded; nothing of it is in use any more.
pub unsafe fn close(handle: usize) -> Result<(), Vec<u8>> {
    // SAFETY: the caller's promise.
    if unsafe { libc::dlclose(handle as *mut c_void) } == 0 { Ok(()) } else { Err(last_message()) }
}

/// Sets the thread's error number and gives what it was.
pub fn swap_errno(errno: i32) -> i32 {
    // SAFETY: the address of the thread's own number.
    unsafe { std::mem::replace(&mut *libc::__errno_location(), errno) }
}
