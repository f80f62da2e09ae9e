//! Strings and bytes that were made by appending or by prepending, so that `s += t` and `s = t + s` in a loop are linear.
//!
//! ```text
//!   s   | header | hash | len | width … | text | buffer |
//!                                          |       |
//!                                          |       v
//!                                          |   | header | capacity | start | end |
//!                                          |     room … 'a' 'p' 'p' 'e' 'n' 'd' 'e' 'd' … room |
//!                                          `------------^
//! ```
//!
//! A grown object's text lies somewhere between its buffer's `start` and `end`. Whoever's text ends where the buffer's does can
//! be appended to in place, and whoever's begins where the buffer's does can be prepended to: the sum is a new object on the
//! same buffer, and the old one stays what it was. For anyone else a new buffer is made, with a copy.
//!
//! Bytes of a buffer from `start` to `end` never change. A buffer has room for half as much again as the first text in it, so no
//! object keeps more than that alive.

use super::header::Header;
use super::layout::{BytesObject, StrObject};
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What texts that grow lie in: `capacity` bytes follow, of which those from `start` to `end` are taken.
#[repr(C)]
pub struct AppendBuffer {
    pub header: Header,
    capacity: usize,
    start: usize,
    end: usize,
}

/// Where something is added to a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    Behind,
}

/// How often, one time after the other, something was added to a text.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Growth {
    before: u8,
    behind: u8,
}

impl Growth {
    pub(super) const NONE: Growth = Growth { before: 0, behind: 0 };
}

/// What is known of a sum before it is made.
pub(super) struct Sum {
    /// Where the shorter one is added to the longer.
    pub side: Side,
    pub growth: Growth,
    n_bytes: usize,
}

impl Sum {
    /// Of texts of so many bytes, which have grown so.
    #[inline]
    pub(super) fn of(left: (usize, Growth), right: (usize, Growth)) -> Sum {
        let n_bytes = left.0 + right.0;
        if left.0 >= right.0 {
            let growth = Growth { behind: left.1.behind.saturating_add(1), ..left.1 };
            Sum { side: Side::Behind, growth, n_bytes }
        } else {
            let growth = Growth { before: right.1.before.saturating_add(1), ..right.1 };
            Sum { side: Side::Before, growth, n_bytes }
        }
    }

    /// Will it grow on, by what is seen?
    #[inline]
    pub(super) fn is_worth_a_buffer(&self) -> bool {
        let n_times = match self.side {
            Side::Before => self.growth.before,
            Side::Behind => self.growth.behind,
        };
        n_times >= MIN_TIMES && self.n_bytes >= MIN_BYTES
    }
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

/// Sums that grew fewer times, and shorter ones, are plain: most are kept, and not added to.
const MIN_TIMES: u8 = 4;
const MIN_BYTES: usize = 128;
/// A multiple of the width of a code point: texts begin and end where one may.
const ALIGN: usize = 16;

/// Has the object of string or bytes layout its text in a buffer?
#[inline(always)]
fn tail_of<T>(object: &T) -> Option<&Tail> {
    let object = std::ptr::from_ref(object);
    // SAFETY: `T` is `StrObject` or `BytesObject`, which have a header first; behind those with `TRACE_APPENDED`, which only
    // `str_in_buffer` and `bytes_in_buffer` give, comes the tail.
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

/// Room for a sum, in a buffer.
pub(super) struct Room {
    /// Where the sum begins.
    pub sum: *mut u8,
    /// A new buffer: the old text is to be copied as well.
    pub is_fresh: bool,
    buffer: *mut AppendBuffer,
}

impl Room {
    /// The tail of the object that is the sum, of so many bytes, which are written. No allocation may lie between.
    pub fn taken(self, n_bytes: usize) -> Tail {
        // SAFETY: the buffer is alive: the stack refers to it, or the object that is added to.
        unsafe {
            let start = self.sum.offset_from_unsigned(text_in(self.buffer));
            debug_assert!(start + n_bytes <= (*self.buffer).capacity);
            (*self.buffer).start = start.min((*self.buffer).start);
            (*self.buffer).end = (start + n_bytes).max((*self.buffer).end);
        }
        Tail { text: self.sum, buffer: Value::object(self.buffer) }
    }
}

fn text_in(buffer: *mut AppendBuffer) -> *mut u8 {
    buffer.wrapping_add(1).cast()
}

impl Vm {
    /// Room for `n_new` bytes at a side of the `n_old` of a text: in the buffer of `own`, where it has one with so much room
    /// there, or else in a new one.
    pub(super) fn room_at(&mut self, side: Side, own: Option<Value>, n_old: usize, n_new: usize) -> PyResult<Room> {
        let mut grows_both_ways = false;
        // SAFETY: the callers pass an object of string or bytes layout; both begin with a header, and are of one size.
        if let Some(tail) = own.and_then(|own| unsafe { tail_of(&*own.as_ptr::<BytesObject>()) }) {
            let buffer = tail.buffer.as_ptr::<AppendBuffer>();
            // SAFETY: the tail's buffer is alive as its object is, whose text lies in it.
            let (AppendBuffer { capacity, start, end, .. }, at) =
                unsafe { (&*buffer, tail.text.offset_from_unsigned(text_in(buffer))) };
            let sum = match side {
                Side::Before => (at == *start && at >= n_new).then(|| at - n_new),
                Side::Behind => (at + n_old == *end && capacity - end >= n_new).then_some(at),
            };
            if let Some(sum) = sum {
                return Ok(Room { sum: text_in(buffer).wrapping_add(sum), is_fresh: false, buffer });
            }
            grows_both_ways = match side {
                Side::Before => end < capacity,
                Side::Behind => *start > 0,
            };
        }
        let (n_bytes, shape) = (n_old + n_new, BuiltinType::AppendBuffer.shape());
        let size_bytes = (size_of::<AppendBuffer>() + n_bytes + n_bytes / 2).next_multiple_of(ALIGN);
        let capacity = size_bytes - size_of::<AppendBuffer>();
        let start = match side {
            _ if grows_both_ways => (capacity - n_bytes) / 2 / ALIGN * ALIGN,
            Side::Before => capacity - n_bytes,
            Side::Behind => 0,
        };
        let buffer = self.allocate_text(shape, 0, size_bytes)?.cast::<AppendBuffer>();
        // SAFETY: fresh memory of that size.
        unsafe {
            (*buffer).capacity = capacity;
            (*buffer).start = start;
            (*buffer).end = start;
        }
        Ok(Room { sum: text_in(buffer).wrapping_add(start), is_fresh: true, buffer })
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
