//! gdb's interface for code that is made while a program runs: a list of object files at a known name, and a function that is
//! called whenever it changes, where gdb has put a breakpoint.

use super::Symbol;
use super::elf::object_file;
use std::ptr::null_mut;
use std::sync::{Mutex, PoisonError};

/// An object file in the list.
#[repr(C)]
struct Entry {
    next: *mut Entry,
    previous: *mut Entry,
    file: *const u8,
    file_bytes: u64,
}

/// What gdb reads.
#[repr(C)]
struct Descriptor {
    version: u32,
    action: u32,
    relevant: *mut Entry,
    first: *mut Entry,
}

const REGISTERED: u32 = 1;
const UNREGISTERED: u32 = 2;

/// The list is the process's: gdb knows it by this name. Changed only under `LOCK`.
#[unsafe(no_mangle)]
static mut __jit_debug_descriptor: Descriptor =
    Descriptor { version: 1, action: 0, relevant: null_mut(), first: null_mut() };

static LOCK: Mutex<()> = Mutex::new(());

/// Where gdb stops.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn __jit_debug_register_code() {
    // Not to be merged with another function that does nothing.
    std::hint::black_box(&raw const __jit_debug_descriptor);
}

/// An entry with its file; gdb forgets it when this is dropped.
pub struct Registered {
    entry: Box<Entry>,
    _file: Vec<u8>,
}

// SAFETY: the entry's pointers are followed only under `LOCK`, or by gdb, which stops all threads.
unsafe impl Send for Registered {}

/// Tells gdb of a piece of code.
pub fn register(symbol: &Symbol) -> Registered {
    let file = object_file(symbol);
    let mut entry =
        Box::new(Entry { next: null_mut(), previous: null_mut(), file: file.as_ptr(), file_bytes: file.len() as u64 });
    let _held = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: under `LOCK`; entries in the list are alive, for they leave it when they are dropped.
    unsafe {
        let descriptor = &raw mut __jit_debug_descriptor;
        entry.next = (*descriptor).first;
        if let Some(next) = entry.next.as_mut() {
            next.previous = &raw mut *entry;
        }
        (*descriptor).first = &raw mut *entry;
        tell(REGISTERED, &raw mut *entry);
    }
    Registered { entry, _file: file }
}

/// # Safety
/// Under `LOCK`.
unsafe fn tell(action: u32, entry: *mut Entry) {
    // SAFETY: the caller's promise. gdb reads the words behind the compiler's back.
    unsafe {
        let descriptor = &raw mut __jit_debug_descriptor;
        (&raw mut (*descriptor).action).write_volatile(action);
        (&raw mut (*descriptor).relevant).write_volatile(entry);
    }
    __jit_debug_register_code();
}

impl Drop for Registered {
    fn drop(&mut self) {
        let _held = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = &raw mut *self.entry;
        // SAFETY: as in `register`.
        unsafe {
            let descriptor = &raw mut __jit_debug_descriptor;
            match (*entry).previous.as_mut() {
                Some(previous) => previous.next = (*entry).next,
                None => (*descriptor).first = (*entry).next,
            }
            if let Some(next) = (*entry).next.as_mut() {
                next.previous = (*entry).previous;
            }
            tell(UNREGISTERED, entry);
        }
    }
}
