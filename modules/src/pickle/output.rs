//! A pickle that is being written, in frames from protocol 4 on.
//!
//! ```text
//!   | PROTO 4 | FRAME, length | instructions … | FRAME, length | … | long bytes, between frames | FRAME …
//! ```

use super::opcode::FRAME;

/// A frame is ended when it has so many bytes.
const FRAME_TARGET: usize = 64 << 10;
/// Shorter ones are not worth a frame.
const FRAME_MIN: usize = 4;
const FRAME_HEADER: usize = 9;

#[derive(Default)]
pub struct Output {
    pub bytes: Vec<u8>,
    has_frames: bool,
    /// Where the frame's header is.
    frame_start: Option<usize>,
}

impl Output {
    pub fn start(&mut self, has_frames: bool) {
        self.bytes.clear();
        self.has_frames = has_frames;
        self.frame_start = None;
    }
    /// No frames from here on.
    pub fn finish(&mut self) {
        self.end_frame();
        self.has_frames = false;
    }
    #[inline]
    fn begin(&mut self) {
        if self.has_frames && self.frame_start.is_none() {
            self.frame_start = Some(self.bytes.len());
            self.bytes.extend_from_slice(&[0xFE; FRAME_HEADER]);
        }
    }
    #[inline]
    pub fn write(&mut self, data: &[u8]) {
        self.begin();
        self.bytes.extend_from_slice(data);
    }
    /// Short data behind the instruction that they belong to.
    #[inline]
    pub fn write_short(&mut self, header: &[u8; 2], data: &[u8]) {
        self.begin();
        self.bytes.reserve(header.len() + data.len() + 1);
        self.bytes.extend_from_slice(header);
        self.bytes.extend_from_slice(data);
    }
    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.begin();
        self.bytes.push(byte);
    }
    /// Long data behind the instruction that they belong to, in no frame.
    pub fn write_long(&mut self, header: &[u8], data: &[u8]) {
        if !self.has_frames || data.len() < FRAME_TARGET {
            self.write(header);
            self.bytes.extend_from_slice(data);
            return;
        }
        self.end_frame();
        self.bytes.extend_from_slice(header);
        self.bytes.extend_from_slice(data);
    }
    fn end_frame(&mut self) {
        let Some(start) = self.frame_start.take() else { return };
        let len = self.bytes.len() - start - FRAME_HEADER;
        if len >= FRAME_MIN {
            self.bytes[start] = FRAME;
            self.bytes[start + 1..start + FRAME_HEADER].copy_from_slice(&(len as u64).to_le_bytes());
        } else {
            self.bytes.drain(start..start + FRAME_HEADER);
        }
    }
    /// Between objects: a frame may end.
    #[inline]
    pub fn may_end_frame(&mut self) {
        if let Some(start) = self.frame_start
            && self.bytes.len() - start - FRAME_HEADER >= FRAME_TARGET
        {
            self.end_frame();
        }
    }
}
