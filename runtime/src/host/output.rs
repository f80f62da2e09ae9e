//! Buffered standard output.

use std::io::{IsTerminal, Write};

const BUFFER_BYTES: usize = 32 << 10;

/// Standard output: buffered as a whole, by the line on a terminal. To be flushed before the process ends.
pub struct Output {
    buffer: Vec<u8>,
    is_terminal: bool,
    /// Where tests and embedders collect it instead of the process's standard output.
    captured: Option<Vec<u8>>,
}

impl Output {
    pub fn stdout() -> Output {
        Output { buffer: Vec::new(), is_terminal: std::io::stdout().is_terminal(), captured: None }
    }

    /// Keeps everything for `take_captured`.
    pub fn captured() -> Output {
        Output { buffer: Vec::new(), is_terminal: false, captured: Some(Vec::new()) }
    }

    pub fn take_captured(&mut self) -> Vec<u8> {
        self.flush();
        self.captured.as_mut().map(std::mem::take).unwrap_or_default()
    }

    #[inline]
    pub fn write(&mut self, data: &[u8]) {
        if self.buffer.len() + data.len() > BUFFER_BYTES {
            self.flush();
        }
        self.buffer.extend_from_slice(data);
        if self.is_terminal && data.contains(&b'\n') {
            self.flush();
        }
    }

    /// Errors (a closed pipe) are ignored: there is nobody left to tell.
    pub fn flush(&mut self) {
        if let Some(captured) = &mut self.captured {
            captured.append(&mut self.buffer);
            return;
        }
        if !self.buffer.is_empty() {
            let mut stdout = std::io::stdout().lock();
            let _ = stdout.write_all(&self.buffer);
            let _ = stdout.flush();
            self.buffer.clear();
        }
    }

    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }
}

impl Default for Output {
    fn default() -> Self {
        Output::stdout()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.flush();
    }
}
