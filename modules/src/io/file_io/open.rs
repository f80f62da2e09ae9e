//! How files are opened.

use super::{FileMode, ThisFile};
use crate::io::unflushed::{self, Touched};
use crate::posix::OrRaise;
use stitch_runtime::host::{HostError, descriptor, fs};
use stitch_runtime::object::argument::{OrNone, Str};
use stitch_runtime::{PyResult, Value, Vm};

/// Opens what is not a descriptor already, unless it is a folder.
pub fn init(
    vm: &mut Vm,
    mut this: ThisFile,
    file: Value,
    mode: Option<Str>,
    closes_fd: Option<bool>,
    opener: OrNone<Value>,
) -> PyResult<()> {
    if this.fd >= 0 && this.closes_fd {
        super::close(vm, this)?;
    }
    this.fd = -1;
    if file.is_bool() {
        vm.warn(vm.exceptions.RuntimeWarning, "bool is used as a file descriptor")?;
    }
    let given = if vm.is_int_like(file) { Some(vm.c_int(file)?) } else { None };
    if given.is_some_and(|fd| fd < 0) {
        return Err(vm.raise_value("negative file descriptor"));
    }
    let path = if given.is_none() { Some(vm.fs_c_string(file)?) } else { None };
    let mode_text = mode.map_or_else(|| "r".to_string(), Str::text);
    let (mode, flags) = FileMode::parse(vm, &mode_text)?;
    vm.audit("open", |vm| {
        let mode = vm.new_str(&mode_text);
        vm.new_tuple(&[file, mode, Value::small_int(flags.into())])
    })?;
    let closes_fd = closes_fd.unwrap_or(true);
    let fd = match (given, path) {
        (Some(fd), _) => fd,
        (None, _) if !closes_fd => return Err(vm.raise_value("Cannot use closefd=False with file name")),
        (None, path) => match (opener.0, path) {
            (Some(opener), _) => open_by(vm, opener, file, flags)?,
            (None, Some(path)) => {
                unflushed::settle(vm, Touched::Path(libc::AT_FDCWD, &path));
                vm.wait_for(|| fs::open_at(libc::AT_FDCWD, &path, flags, 0o666))?.or_raise_about(vm, file)?
            }
            (None, None) => return Err(vm.raise_value("negative file descriptor")),
        },
    };
    let opened = examine(vm, this, file, fd);
    if opened.is_err() && given.is_none() {
        _ = descriptor::close(fd);
    }
    opened?;
    (this.fd, this.mode, this.closes_fd, this.seekable) = (fd, mode, closes_fd, None);
    if mode.appends {
        this.seekable = Some(descriptor::seek(fd, 0, libc::SEEK_END).is_ok());
    }
    Ok(())
}

/// What the caller's function opens.
fn open_by(vm: &mut Vm, opener: Value, file: Value, flags: i32) -> PyResult<i32> {
    let flags = Value::small_int(flags.into());
    let fd = vm.call(opener, &[file, flags])?;
    if !vm.is_int_like(fd) {
        return Err(vm.raise_type("expected integer from opener"));
    }
    let fd = vm.c_int(fd)?;
    if fd < 0 {
        return Err(vm.raise_value(&format!("opener returned {fd}")));
    }
    descriptor::set_inheritable(fd, false).or_raise(vm)?;
    Ok(fd)
}

/// Refuses folders and what is not open; notes what the file is called, and how it is best read.
fn examine(vm: &mut Vm, mut this: ThisFile, file: Value, fd: i32) -> PyResult<()> {
    let status = fs::status(fd).or_raise(vm)?;
    if status.st_mode & libc::S_IFMT == libc::S_IFDIR {
        return Err(vm.raise_os(&HostError::of(libc::EISDIR), Some(file)));
    }
    if status.st_blksize > 1 {
        this.block_bytes = status.st_blksize;
    }
    let name = vm.intern("name");
    vm.set_attr(this.value(), name, file)
}
