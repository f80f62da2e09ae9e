//! Modes in which files are opened.

use stitch_runtime::{PyResult, Vm};

/// What a mode of `FileIO` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FileMode {
    pub reads: bool,
    pub writes: bool,
    pub creates: bool,
    pub appends: bool,
}

const MALFORMED: &str = "Must have exactly one of create/read/write/append mode and at most one plus";

impl FileMode {
    /// The mode, and the flags by which the system opens such a file.
    pub fn parse(vm: &mut Vm, text: &str) -> PyResult<(FileMode, i32)> {
        let (mut mode, mut flags) = (FileMode::default(), 0);
        let (mut has_action, mut has_plus) = (false, false);
        for letter in text.chars() {
            let is_repeated = match letter {
                'r' | 'w' | 'a' | 'x' => std::mem::replace(&mut has_action, true),
                '+' => std::mem::replace(&mut has_plus, true),
                'b' => false,
                _ => return Err(vm.raise_value(&format!("invalid mode: {text}"))),
            };
            if is_repeated {
                return Err(vm.raise_value(MALFORMED));
            }
            match letter {
                'r' => mode.reads = true,
                'w' => (mode.writes, flags) = (true, libc::O_CREAT | libc::O_TRUNC),
                'a' => (mode.writes, mode.appends, flags) = (true, true, libc::O_CREAT | libc::O_APPEND),
                'x' => (mode.writes, mode.creates, flags) = (true, true, libc::O_CREAT | libc::O_EXCL),
                _ => {}
            }
        }
        if !has_action {
            return Err(vm.raise_value(MALFORMED));
        }
        if has_plus {
            (mode.reads, mode.writes) = (true, true);
        }
        flags |= match (mode.reads, mode.writes) {
            (true, true) => libc::O_RDWR,
            (true, false) => libc::O_RDONLY,
            _ => libc::O_WRONLY,
        };
        Ok((mode, flags | libc::O_CLOEXEC))
    }

    /// As the attribute `mode` has it.
    pub fn name(self) -> &'static str {
        match self {
            FileMode { creates: true, reads: true, .. } => "xb+",
            FileMode { creates: true, .. } => "xb",
            FileMode { appends: true, reads: true, .. } => "ab+",
            FileMode { appends: true, .. } => "ab",
            FileMode { reads: true, writes: true, .. } => "rb+",
            FileMode { reads: true, .. } => "rb",
            _ => "wb",
        }
    }
}
