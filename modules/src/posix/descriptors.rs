//! Open files by their descriptors.

use super::{OrRaise, raise_errno};
use crate::io::unflushed::{self, Touched};
use stitch_runtime::host::{HostResult, descriptor, fs};
use stitch_runtime::object::argument::{Index, method};
use stitch_runtime::object::buffer::{BytesLike, WritableBytes};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::path::{DirectoryDescriptor, OpenFile, Path};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method(
        "open",
        "(path, flags, mode=511, *, dir_fd=None)",
        |vm: &mut Vm, path: Path, flags: i32, mode: Option<i32>, dir: DirectoryDescriptor| {
            let (flags, mode) = (flags | libc::O_CLOEXEC, mode.unwrap_or(0o777) as u32);
            vm.audit("open", |vm| vm.new_tuple(&[path.given, Value::NONE, Value::small_int(flags.into())]))?;
            unflushed::settle(vm, Touched::Path(dir.0, path.c_str()));
            vm.wait_for(|| fs::open_at(dir.0, path.c_str(), flags, mode))?.or_raise_about(vm, path.given)
        },
    )
    .doc("Opens a file; gives its descriptor, which other programs do not inherit."),
    method("close", "(fd)", |vm: &mut Vm, fd: i32| {
        match descriptor::close(fd) {
            // It is closed all the same.
            Err(error) if error.errno == libc::EINTR => Ok(()),
            closed => closed.or_raise(vm),
        }
    })
    .doc("Closes a descriptor."),
    method("closerange", "(fd_low, fd_high, /)", |first: i32, end: i32| {
        let first = first.max(0);
        if first < end && descriptor::close_range(first as u32, end as u32 - 1).is_err() {
            (first..end).for_each(|fd| drop(descriptor::close(fd)));
        }
    })
    .doc("Closes all descriptors from one to before another, errors ignored."),
    method("read", "(fd, length, /)", |vm: &mut Vm, fd: i32, len: Index| {
        unflushed::settle(vm, Touched::Descriptor(fd));
        read_up_to(vm, len.0, |buffer| descriptor::read(fd, buffer))
    })
    .doc("At most so many bytes of an open file; none at its end."),
    method("readinto", "(fd, buffer, /)", |vm: &mut Vm, fd: i32, mut buffer: WritableBytes| {
        let read = vm.wait_for(|| descriptor::read(fd, &mut buffer))?;
        buffer.finish(vm)?;
        read.or_raise(vm)
    })
    .doc("Reads into a buffer; gives how many bytes there were."),
    method("pread", "(fd, length, offset, /)", |vm: &mut Vm, fd: i32, len: Index, offset: Index| {
        read_up_to(vm, len.0, |buffer| descriptor::read_at(fd, buffer, offset.0))
    })
    .doc("Reads at an offset; the position stays."),
    method("write", "(fd, data, /)", |vm: &mut Vm, fd: i32, data: BytesLike| {
        vm.wait_for(|| descriptor::write(fd, &data))?.or_raise(vm)
    })
    .doc("Writes bytes; gives how many were written."),
    method("pwrite", "(fd, buffer, offset, /)", |vm: &mut Vm, fd: i32, data: BytesLike, offset: Index| {
        vm.wait_for(|| descriptor::write_at(fd, &data, offset.0))?.or_raise(vm)
    })
    .doc("Writes at an offset; the position stays."),
    method("lseek", "(fd, position, whence, /)", |vm: &mut Vm, fd: i32, offset: Index, whence: i32| {
        descriptor::seek(fd, offset.0, whence).or_raise(vm)
    })
    .doc("Moves the position; gives the new one, from the beginning."),
    method("dup", "(fd, /)", |vm: &mut Vm, fd: i32| descriptor::duplicate_from(fd, 0).or_raise(vm))
        .doc("One more descriptor of the same open file, not inherited."),
    method("dup2", "(fd, fd2, inheritable=True)", |vm: &mut Vm, fd: i32, target: i32, is_inheritable: Option<bool>| {
        if fd < 0 || target < 0 {
            return Err(raise_errno(vm, libc::EBADF));
        }
        let copied = match is_inheritable.unwrap_or(true) || fd == target {
            true => descriptor::duplicate_to(fd, target),
            false => descriptor::duplicate_to_with(fd, target, libc::O_CLOEXEC),
        };
        copied.or_raise(vm)
    })
    .doc("Has another descriptor stand for the same open file."),
    method("pipe", "()", |vm: &mut Vm| pipe(vm, libc::O_CLOEXEC)).doc("The reading and the writing end of a pipe."),
    method("pipe2", "(flags, /)", |vm: &mut Vm, flags: i32| pipe(vm, flags))
        .doc("The ends of a pipe that is opened with flags."),
    method("fsync", "(fd)", |vm: &mut Vm, fd: OpenFile| vm.wait_for(|| descriptor::sync(fd.0))?.or_raise(vm))
        .doc("Has what was written be on the disk."),
    method("fdatasync", "(fd)", |vm: &mut Vm, fd: OpenFile| vm.wait_for(|| descriptor::sync_data(fd.0))?.or_raise(vm))
        .doc("As fsync, but for what no reader needs."),
    method("sync", "()", fs::sync_all).doc("Has all that was written be on the disks."),
    method("ftruncate", "(fd, length, /)", |vm: &mut Vm, fd: i32, len: Index| {
        vm.wait_for(|| fs::truncate_descriptor(fd, len.0))?.or_raise(vm)
    })
    .doc("Gives an open file so many bytes."),
    method("isatty", "(fd, /)", |fd: i32| stitch_runtime::host::terminal::is_terminal(fd)).doc("Is it a terminal?"),
    // Nothing here waits for input in a way that something else could hook into.
    method("_is_inputhook_installed", "()", || false).doc("Does something run while input is waited for?"),
    method("_inputhook", "()", || ()).doc("Runs it."),
    method("get_blocking", "(fd, /)", |vm: &mut Vm, fd: i32| descriptor::is_blocking(fd).or_raise(vm))
        .doc("Does who reads wait for something to come?"),
    method("set_blocking", "(fd, blocking, /)", |vm: &mut Vm, fd: i32, is_blocking: bool| {
        descriptor::set_blocking(fd, is_blocking).or_raise(vm)
    })
    .doc("Sets whether who reads waits."),
    method("get_inheritable", "(fd, /)", |vm: &mut Vm, fd: i32| descriptor::is_inheritable(fd).or_raise(vm))
        .doc("Do programs inherit it that this one starts?"),
    method("set_inheritable", "(fd, inheritable, /)", |vm: &mut Vm, fd: i32, is_inheritable: bool| {
        descriptor::set_inheritable(fd, is_inheritable).or_raise(vm)
    })
    .doc("Sets whether programs inherit it."),
    method("lockf", "(fd, command, length, /)", |vm: &mut Vm, fd: i32, command: i32, len: Index| {
        vm.wait_for(|| descriptor::lock_part(fd, command, len.0))?.or_raise(vm)
    })
    .doc("Locks or unlocks a part of an open file."),
    method(
        "posix_fadvise",
        "(fd, offset, length, advice, /)",
        |vm: &mut Vm, fd: i32, offset: Index, len: Index, advice: i32| {
            vm.wait_for(|| descriptor::advise(fd, offset.0, len.0, advice))?.or_raise(vm)
        },
    )
    .doc("Tells the system how a part of a file will be used."),
    method("posix_fallocate", "(fd, offset, length, /)", |vm: &mut Vm, fd: i32, offset: Index, len: Index| {
        vm.wait_for(|| descriptor::allocate(fd, offset.0, len.0))?.or_raise(vm)
    })
    .doc("Has a part of a file have room on the disk."),
    method("device_encoding", "(fd)", |fd: i32| stitch_runtime::host::terminal::is_terminal(fd).then_some("UTF-8"))
        .doc("How a terminal's text is encoded; None of what is no terminal."),
    method("memfd_create", "(name, flags=MFD_CLOEXEC)", |vm: &mut Vm, name: Path, flags: Option<u32>| {
        fs::make_memory_file(name.c_str(), flags.unwrap_or(libc::MFD_CLOEXEC)).or_raise(vm)
    })
    .doc("Opens a file that lies in memory and has no path."),
];

fn pipe(vm: &mut Vm, flags: i32) -> PyResult {
    let ends = descriptor::pipe(flags).or_raise(vm)?;
    Ok(vm.new_tuple(&ends.map(|fd| Value::small_int(fd.into()))))
}

/// What is read at once where more is asked for than there is likely to be.
const LIKELY_BYTES: usize = 1 << 20;

/// At most so many bytes of what `read` reads.
pub fn read_up_to(vm: &mut Vm, len: i64, mut read: impl FnMut(&mut [u8]) -> HostResult<usize>) -> PyResult {
    let Ok(len) = usize::try_from(len) else { return Err(raise_errno(vm, libc::EINVAL)) };
    if len > LIKELY_BYTES {
        // Memory of the system's, which is there once it is written to.
        let mut buffer = Vec::new();
        if buffer.try_reserve_exact(len).is_err() {
            return Err(vm.raise_memory());
        }
        buffer.resize(len, 0);
        let n = vm.wait_for(|| read(&mut buffer))?.or_raise(vm)?;
        return vm.new_bytes(&buffer[..n]);
    }
    let mut few = [0u8; 512];
    let mut many = Vec::new();
    let buffer = if len <= few.len() {
        &mut few[..len]
    } else {
        many.resize(len, 0);
        &mut many[..]
    };
    let n = vm.wait_for(|| read(buffer))?.or_raise(vm)?;
    vm.new_bytes(&buffer[..n])
}
