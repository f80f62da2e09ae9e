//! The header of every heap object.
//!
//! ```text
//!   0        4     5       6          8
//!   | shape  | gc  | trace | size/16  |   size 0: in the large-object space
//! ```

/// First word of every heap object.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Header {
    /// Class and layout; ids below `FIRST_INSTANCE_SHAPE` are the exact built-in types.
    pub shape: u32,
    pub gc: u8,
    /// Which words are values: the first `trace` words after the header, or one of the special forms below.
    pub trace: u8,
    pub size_granules: u16,
}

impl Header {
    /// Old and not yet remembered: a store into the object must log it.
    pub const UNLOGGED: u8 = 1;
    /// Its finalizer runs when it dies.
    pub const FINALIZABLE: u8 = 2;
    /// Its finalizer ran, or is about to.
    pub const FINALIZED: u8 = 4;
    /// The word after the header is a count; that many values follow.
    pub const TRACE_COUNTED: u8 = 255;
    /// A generator: values, then its frame.
    pub const TRACE_GENERATOR: u8 = 254;
    /// As `TRACE_COUNTED`, and the object's last word is a value.
    pub const TRACE_COUNTED_AND_LAST: u8 = 253;
    /// From here on: so many values more after the header, and the object's last word is a value.
    pub const TRACE_AND_LAST: u8 = 200;
    /// A string or bytes object whose text lies in a buffer (`object::append`): its last word is a value.
    pub const TRACE_APPENDED: u8 = 199;
    /// Most values of a `trace` count.
    pub const TRACE_MAX: u8 = 198;

    /// What `trace` is with a value in the last word, too.
    pub const fn and_last(trace: u8) -> u8 {
        match trace {
            Header::TRACE_COUNTED => Header::TRACE_COUNTED_AND_LAST,
            n => {
                assert!(n < Header::TRACE_COUNTED_AND_LAST - Header::TRACE_AND_LAST);
                Header::TRACE_AND_LAST + n
            }
        }
    }

    /// In the header's word: `FINALIZABLE`.
    pub const FINALIZABLE_WORD: u64 = (Header::FINALIZABLE as u64) << 32;

    /// The header as one word, for compiled code.
    pub const fn word(shape: u32, trace: u8, size_bytes: usize) -> u64 {
        let granules = size_bytes.div_ceil(16) as u64;
        shape as u64 | (trace as u64) << 40 | granules << 48
    }
}
