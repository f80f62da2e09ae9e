//! Files that profilers of the system read while the process writes them.

use super::map::Mapping;
use super::{HostError, HostResult};
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

/// A file that is only appended to.
pub struct ProfilerFile {
    file: File,
    /// Only kept, for who sees what is mapped.
    _marker: Option<Mapping>,
}

impl ProfilerFile {
    /// An empty one, for the user alone; a link is not followed, for the folder is everybody's.
    pub fn create(path: &str) -> HostResult<ProfilerFile> {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true).mode(0o600).custom_flags(libc::O_NOFOLLOW);
        Ok(ProfilerFile { file: options.open(path).map_err(HostError::from)?, _marker: None })
    }

    /// What cannot be written is left out: no program fails for that.
    pub fn append(&mut self, bytes: &[u8]) {
        _ = self.file.write_all(bytes);
    }

    /// Maps its first page to be executed, which nobody does.
    pub fn map_executable(&mut self) -> HostResult<()> {
        let protection = libc::PROT_READ | libc::PROT_EXEC;
        self._marker = Some(Mapping::new(4096, protection, libc::MAP_PRIVATE, self.file.as_raw_fd(), 0)?);
        Ok(())
    }
}
