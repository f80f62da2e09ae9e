//! The door to zlib: one stream, to compress or to decompress, in safe hands.

use libz_rs_sys as z;
use std::ffi::{CStr, c_int};

pub use z::{
    Z_BUF_ERROR, Z_DATA_ERROR, Z_FINISH, Z_MEM_ERROR, Z_NEED_DICT, Z_NO_FLUSH, Z_OK, Z_STREAM_END, Z_STREAM_ERROR,
    Z_SYNC_FLUSH, Z_VERSION_ERROR,
};

/// A stream and what it does.
pub struct Stream {
    /// Its address is known to zlib.
    raw: Box<z::z_stream>,
    deflates: bool,
    is_open: bool,
}

/// How a stream that compresses does it.
pub struct Options {
    pub level: c_int,
    pub method: c_int,
    pub wbits: c_int,
    pub mem_level: c_int,
    pub strategy: c_int,
}

/// No memory for the output.
pub struct OutOfMemory;

/// How output grows.
const FIRST_ROOM: usize = 16 << 10;
const MAX_ROOM: usize = 256 << 20;

/// The most that one step takes or gives.
const MAX_STEP: usize = u32::MAX as usize;

impl Stream {
    pub fn deflate(options: &Options) -> Result<Stream, c_int> {
        let mut raw = Box::new(z::z_stream::default());
        // SAFETY: a zeroed stream, as this function wants it.
        let code = unsafe {
            z::deflateInit2_(
                &raw mut *raw,
                options.level,
                options.method,
                options.wbits,
                options.mem_level,
                options.strategy,
                z::zlibVersion(),
                size_of::<z::z_stream>() as c_int,
            )
        };
        Stream::opened(raw, true, code)
    }

    pub fn inflate(wbits: c_int) -> Result<Stream, c_int> {
        let mut raw = Box::new(z::z_stream::default());
        // SAFETY: a zeroed stream, as this function wants it.
        let code =
            unsafe { z::inflateInit2_(&raw mut *raw, wbits, z::zlibVersion(), size_of::<z::z_stream>() as c_int) };
        Stream::opened(raw, false, code)
    }

    fn opened(raw: Box<z::z_stream>, deflates: bool, code: c_int) -> Result<Stream, c_int> {
        if code == Z_OK { Ok(Stream { raw, deflates, is_open: true }) } else { Err(code) }
    }

    /// The rest of a finished stream's memory is given back; whatever comes then is an error.
    pub fn close(&mut self) -> c_int {
        if !self.is_open {
            return Z_OK;
        }
        self.is_open = false;
        // SAFETY: opened, and only closed once.
        unsafe { if self.deflates { z::deflateEnd(&raw mut *self.raw) } else { z::inflateEnd(&raw mut *self.raw) } }
    }

    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> c_int {
        if !self.is_open {
            return Z_STREAM_ERROR;
        }
        let len = dictionary.len().min(MAX_STEP) as u32;
        // SAFETY: an open stream and that many bytes.
        unsafe {
            if self.deflates {
                z::deflateSetDictionary(&raw mut *self.raw, dictionary.as_ptr(), len)
            } else {
                z::inflateSetDictionary(&raw mut *self.raw, dictionary.as_ptr(), len)
            }
        }
    }

    pub fn copy(&mut self) -> Result<Stream, c_int> {
        if !self.is_open {
            return Err(Z_STREAM_ERROR);
        }
        let mut raw = Box::new(z::z_stream::default());
        // SAFETY: an open stream, and room for another one.
        let code = unsafe {
            if self.deflates {
                z::deflateCopy(&raw mut *raw, &raw mut *self.raw)
            } else {
                z::inflateCopy(&raw mut *raw, &raw const *self.raw)
            }
        };
        Stream::opened(raw, self.deflates, code)
    }

    /// What zlib says of the last error.
    pub fn message(&self) -> Option<String> {
        if self.raw.msg.is_null() {
            return None;
        }
        // SAFETY: zlib's messages are static.
        Some(unsafe { CStr::from_ptr(self.raw.msg) }.to_string_lossy().into_owned())
    }

    /// Takes some of the input and appends output to what there is, until the output has `limit` bytes, the input is used up,
    /// or something else is to be said. Gives how much input it took, and zlib's code.
    pub fn run(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        limit: usize,
        flush: c_int,
    ) -> Result<(usize, c_int), OutOfMemory> {
        let (mut taken, mut room) = (0, FIRST_ROOM);
        loop {
            if !self.is_open {
                return Ok((taken, Z_STREAM_ERROR));
            }
            let step = room.min(limit - out.len());
            out.try_reserve(step).map_err(|_| OutOfMemory)?;
            room = (room * 2).min(MAX_ROOM);
            let piece = &input[taken..][..(input.len() - taken).min(MAX_STEP)];
            let is_last = taken + piece.len() == input.len();
            self.raw.next_in = piece.as_ptr().cast_mut();
            self.raw.avail_in = piece.len() as u32;
            self.raw.next_out = out.spare_capacity_mut().as_mut_ptr().cast();
            self.raw.avail_out = step as u32;
            let how = if is_last { flush } else { Z_NO_FLUSH };
            // SAFETY: an open stream; input and room are as long as said, and zlib keeps no pointer to them that it uses later.
            let code = unsafe {
                if self.deflates { z::deflate(&raw mut *self.raw, how) } else { z::inflate(&raw mut *self.raw, how) }
            };
            taken += piece.len() - self.raw.avail_in as usize;
            let n_left = self.raw.avail_out as usize;
            // SAFETY: zlib wrote all of the room but what it says is left.
            unsafe { out.set_len(out.len() + step - n_left) };
            let may_go_on = code == Z_OK || code == Z_BUF_ERROR;
            let has_more = n_left == 0 || !is_last;
            if !may_go_on || !has_more || out.len() >= limit {
                return Ok((taken, code));
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.close();
    }
}

/// The CRC-32 of bytes, gone on with.
pub fn crc32(start: u32, data: &[u8]) -> u32 {
    // SAFETY: that many bytes.
    unsafe { z::crc32_z(start.into(), data.as_ptr(), data.len()) as u32 }
}

/// The Adler-32 checksum of bytes, gone on with.
pub fn adler32(start: u32, data: &[u8]) -> u32 {
    // SAFETY: that many bytes.
    unsafe { z::adler32_z(start.into(), data.as_ptr(), data.len()) as u32 }
}
