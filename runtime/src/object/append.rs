//! Strings and bytes that were made by appending, so that `s += t` in a loop is linear.
//!
//! ```text
//!   s   | header | hash | len | width … | text | buffer |
//!                                          |       |
//!                                          |       v
//!                                          |   | header | capacity | used |
//!                                          `-> | 'a' 'p' 'p' 'e' 'n' 'd' 'e' 'd' … room |
//! ```
//!
//! An appended object's text begins where its buffer's does, and is `len` long; the buffer may hold more behind it, and room.
//! Whoever's text ends where the buffer's does (`used`) can be appended to in place: the sum is a new object on the same
//! buffer, and the old one stays what it was. For anyone else a new buffer is made, with a copy.
//!
//! Bytes of a buffer below `used` never change. A buffer has room for half as much again as the first text in it, so no object
//! keeps more than that alive.

use super::header::Header;
use super::layout::{BytesObject, StrObject};
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What texts that were appended to each other lie in: `capacity` bytes follow, of which `used` are taken.
#[repr(C)]
pub struct AppendBuffer {
    pub header: Header,
    capacity: usize,
    used: usize,
    /// So that code points of four bytes are aligned, and vectors.
    _padding: usize,
}

/// What follows the struct of an object whose header says `TRACE_APPENDED`. The buffer is the object's last word.
#[repr(C)]
pub(super) struct Tail {
    text: *const u8,
    buffer: Value,
}

#[repr(C)]
pub(super) struct AppendedStr {
    pub string: StrObject,
    pub tail: Tail,
}

#[repr(C)]
pub(super) struct AppendedBytes {
    pub bytes: BytesObject,
    pub tail: Tail,
}

const _: () = assert!(size_of::<AppendedStr>() == 48 && size_of::<AppendedBytes>() == 48);

/// Sums of fewer operands, and shorter ones, are plain: most are kept, and not appended to.
const MIN_APPENDS: u8 = 4;
const MIN_BYTES: usize = 128;

/// Is a string of so many bytes, the result of so many concatenations, likely to be appended to again?
#[inline]
pub(super) fn is_worth_a_buffer(n_appends: u8, n_bytes: usize) -> bool {
    n_appends >= MIN_APPENDS && n_bytes >= MIN_BYTES
}

/// Has the object of string or bytes layout its text in a buffer?
#[inline(always)]
fn tail_of<T>(object: &T) -> Option<&Tail> {
    let object = std::ptr::from_ref(object);
    // SAFETY: `T` is `StrObject` or `BytesObject`, which have a header first; behind those with `TRACE_APPENDED`, which only
    // `str_append` and `bytes_concat` give, comes the tail.
    unsafe {
        let is_appended = (*object.cast::<Header>()).trace == Header::TRACE_APPENDED;
        is_appended.then(|| &*object.add(1).cast::<Tail>())
    }
}

/// Where the data of a `StrObject` or `BytesObject` begin.
#[inline(always)]
pub(super) fn text_of<T>(object: &T) -> *const u8 {
    match tail_of(object) {
        None => std::ptr::from_ref(object).wrapping_add(1).cast(),
        Some(tail) => tail.text,
    }
}

/// Room behind a text, in a buffer.
pub(super) struct Room {
    /// Where the buffer's text begins.
    pub text: *mut u8,
    /// A new buffer: the text is to be copied.
    pub is_fresh: bool,
    buffer: *mut AppendBuffer,
}

impl Room {
    /// The tail of an object that has the text up to `used`, which is written. No allocation may lie between.
    pub fn taken(self, used: usize) -> Tail {
        // SAFETY: the buffer is alive: the stack refers to it, or the object that is appended to.
        unsafe {
            debug_assert!(used <= (*self.buffer).capacity);
            (*self.buffer).used = used;
        }
        Tail { text: self.text, buffer: Value::object(self.buffer) }
    }
}

impl Vm {
    /// Room for `n_new` bytes behind the `n_old` of a text: that of `own`, where it has a buffer with so much, or else in a
    /// new buffer.
    pub(super) fn room_behind(&mut self, own: Option<Value>, n_old: usize, n_new: usize) -> PyResult<Room> {
        // SAFETY: the callers pass an object of string or bytes layout; both begin with a header, and are of one size.
        if let Some(tail) = own.and_then(|own| unsafe { tail_of(&*own.as_ptr::<BytesObject>()) }) {
            let buffer = tail.buffer.as_ptr::<AppendBuffer>();
            // SAFETY: the tail's buffer is alive as its object is.
            let (used, capacity) = unsafe { ((*buffer).used, (*buffer).capacity) };
            if used == n_old && capacity - used >= n_new {
                return Ok(Room { text: tail.text.cast_mut(), is_fresh: false, buffer });
            }
        }
        let (n_bytes, shape) = (n_old + n_new, BuiltinType::AppendBuffer.shape());
        let size_bytes = (size_of::<AppendBuffer>() + n_bytes + n_bytes / 2).next_multiple_of(16);
        let buffer = self.allocate_text(shape, 0, size_bytes)?.cast::<AppendBuffer>();
        // SAFETY: fresh memory of that size.
        unsafe {
            (*buffer).capacity = size_bytes - size_of::<AppendBuffer>();
            (*buffer).used = n_old;
        }
        Ok(Room { text: buffer.wrapping_add(1).cast(), is_fresh: true, buffer })
    }

    /// The value itself, or, of a string or bytes object that has its text in a buffer, one that has it behind itself.
    pub(super) fn with_own_text(&mut self, exact: Value) -> PyResult {
        if !exact.is_object() {
            return Ok(exact);
        }
        // SAFETY: an object has a header; only strings and bytes are appended, and the shape says which it is.
        unsafe {
            if (*exact.as_ptr::<Header>()).trace != Header::TRACE_APPENDED {
                Ok(exact)
            } else if self.is_a::<StrObject>(exact) {
                self.str_plain(exact)
            } else {
                self.new_bytes((*exact.as_ptr::<BytesObject>()).data())
            }
        }
    }
}
