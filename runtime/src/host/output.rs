//! Buffered standard output, and standard error.

use std::io::{IsTerminal, Write};

const BUFFER_BYTES: usize = 32 << 10;

/// Where it goes.
enum Target {
    Stdout,
    Stderr,
    /// For tests and embedders, who take it from here.
    Captured(Vec<u8>),
}

/// When it goes there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Buffering {
    Whole,
    Lines,
    Nothing,
}

/// Standard output: buffered as a whole, by the line on a terminal. To be flushed before the process ends. Standard error is
/// not buffered. Either may be captured.
pub struct Output {
    buffer: Vec<u8>,
    buffering: Buffering,
    is_terminal: bool,
    target: Target,
}

impl Output {
    fn new(target: Target, buffering: Buffering, is_terminal: bool) -> Output {
        Output { buffer: Vec::new(), buffering, is_terminal, target }
    }

    pub fn stdout() -> Output {
        let is_terminal = std::io::stdout().is_terminal();
        let buffering = if is_terminal { Buffering::Lines } else { Buffering::Whole };
        Output::new(Target::Stdout, buffering, is_terminal)
    }

    pub fn stderr() -> Output {
        Output::new(Target::Stderr, Buffering::Nothing, std::io::stderr().is_terminal())
    }

    /// Keeps everything for `take_captured`.
    pub fn captured() -> Output {
        Output::new(Target::Captured(Vec::new()), Buffering::Whole, false)
    }

    /// What was written since it was taken last; nothing unless it is captured.
    pub fn take_captured(&mut self) -> Vec<u8> {
        self.flush();
        match &mut self.target {
            Target::Captured(bytes) => std::mem::take(bytes),
            Target::Stdout | Target::Stderr => Vec::new(),
        }
    }

    #[inline]
    pub fn write(&mut self, data: &[u8]) {
        if self.buffer.len() + data.len() > BUFFER_BYTES {
            self.flush();
        }
        self.buffer.extend_from_slice(data);
        if self.buffering != Buffering::Whole && (self.buffering == Buffering::Nothing || data.contains(&b'\n')) {
            self.flush();
        }
    }

    /// Errors (a closed pipe) are ignored: there is nobody left to tell.
    pub fn flush(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        let write_all = |to: &mut dyn Write, buffer: &[u8]| {
            let _ = to.write_all(buffer);
            let _ = to.flush();
        };
        match &mut self.target {
            Target::Stdout => write_all(&mut std::io::stdout().lock(), &self.buffer),
            Target::Stderr => write_all(&mut std::io::stderr().lock(), &self.buffer),
            Target::Captured(bytes) => bytes.extend_from_slice(&self.buffer),
        }
        self.buffer.clear();
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
