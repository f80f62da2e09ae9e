//! What is written to the standard descriptors: it goes there, or is kept for tests and embedders.

use super::descriptor;

/// Standard output and error of one machine.
#[derive(Default)]
pub struct Output {
    /// What was written to either, where that is kept.
    kept: Option<[Vec<u8>; 2]>,
}

impl Output {
    /// Keeps everything from now on, for `take`.
    pub fn capture(&mut self) {
        self.kept = Some(Default::default());
    }

    /// What was kept of output and of error since it was taken last.
    pub fn take(&mut self) -> (Vec<u8>, Vec<u8>) {
        match &mut self.kept {
            Some([output, error]) => (std::mem::take(output), std::mem::take(error)),
            None => Default::default(),
        }
    }

    /// Does what is written to a descriptor never get there?
    pub fn is_kept(&self, fd: i32) -> bool {
        self.kept.is_some() && (fd == 1 || fd == 2)
    }

    /// Keeps what is written to a descriptor, where that is wanted.
    pub fn keep(&mut self, fd: i32, data: &[u8]) -> bool {
        match (&mut self.kept, fd) {
            (Some(kept), 1 | 2) => {
                kept[fd as usize - 1].extend_from_slice(data);
                true
            }
            _ => false,
        }
    }

    /// Writes to a descriptor for the VM itself. Errors (a closed pipe) are ignored: there is nobody left to tell.
    pub fn write(&mut self, fd: i32, data: &[u8]) {
        if self.keep(fd, data) {
            return;
        }
        let mut rest = data;
        while !rest.is_empty() {
            match descriptor::write(fd, rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.errno == libc::EINTR => {}
                Err(_) => return,
            }
        }
    }
}
