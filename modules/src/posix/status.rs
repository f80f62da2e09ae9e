//! What files and file systems are: `stat`, `statvfs` and what is like them.

use super::OrRaise;
use crate::io::unflushed::{self, Touched};
use stitch_runtime::host::HostResult;
use stitch_runtime::host::fs::{self, FileStatus, FileSystemStatus};
use stitch_runtime::object::argument::{Index, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::path::{DirectoryDescriptor, Path, PathOrDescriptor};
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{NamedItems, field_values, fields_around, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("stat", "(path, *, dir_fd=None, follow_symlinks=True)", stat)
        .doc("What there is at a path or open as a descriptor."),
    method("lstat", "(path, *, dir_fd=None)", |vm: &mut Vm, path: Path, dir: DirectoryDescriptor| {
        unflushed::settle(vm, Touched::Path(dir.0, path.c_str()));
        let status = fs::status_at(dir.0, path.c_str(), libc::AT_SYMLINK_NOFOLLOW).or_raise_about(vm, path.given)?;
        stat_result(vm, &status)
    })
    .doc("As stat, of a symbolic link itself."),
    method("fstat", "(fd)", |vm: &mut Vm, fd: i32| {
        unflushed::settle(vm, Touched::Descriptor(fd));
        let status = vm.wait_for(|| fs::status(fd))?.or_raise(vm)?;
        stat_result(vm, &status)
    })
    .doc("What is open as a descriptor."),
    method("statvfs", "(path)", |vm: &mut Vm, path: PathOrDescriptor| {
        let status = match &path {
            PathOrDescriptor::Path(path) => vm.wait_for(|| fs::file_system_at(path.c_str()))?,
            PathOrDescriptor::Descriptor(fd, _) => vm.wait_for(|| fs::file_system(*fd))?,
        };
        let status = status.or_raise_about(vm, path.given())?;
        statvfs_result(vm, &status)
    })
    .doc("About the file system that a path is on."),
    method("fstatvfs", "(fd, /)", |vm: &mut Vm, fd: i32| {
        let status = vm.wait_for(|| fs::file_system(fd))?.or_raise(vm)?;
        statvfs_result(vm, &status)
    })
    .doc("About the file system that an open file is on."),
    method("major", "(device, /)", |vm: &mut Vm, device: Value| -> PyResult<i64> {
        Ok(device_of(vm, device)?.map_or(-1, |device| i64::from(libc::major(device))))
    })
    .doc("The major number of a device."),
    method("minor", "(device, /)", |vm: &mut Vm, device: Value| -> PyResult<i64> {
        Ok(device_of(vm, device)?.map_or(-1, |device| i64::from(libc::minor(device))))
    })
    .doc("The minor number of a device."),
    method("makedev", "(major, minor, /)", |vm: &mut Vm, major: Index, minor: Index| -> PyResult<i64> {
        if major.0 == -1 && minor.0 == -1 {
            return Ok(-1);
        }
        // One alone may be −1: all bits.
        let number = |number: i64| if number == -1 { Some(u32::MAX) } else { u32::try_from(number).ok() };
        match (number(major.0), number(minor.0)) {
            (Some(major), Some(minor)) => Ok(libc::makedev(major, minor) as i64),
            _ if major.0 < -1 || minor.0 < -1 => Err(vm.raise_overflow("can't convert negative int to unsigned")),
            _ => Err(vm.raise_overflow("Python int too large to convert to C unsigned int")),
        }
    })
    .doc("A device of these numbers."),
];

/// The number of a device; `None`: -1, which stands for none.
fn device_of(vm: &mut Vm, device: Value) -> PyResult<Option<u64>> {
    let device = vm.index(device)?;
    match vm.int_to_i64(device) {
        Some(-1) => Ok(None),
        Some(device) if device >= 0 => Ok(Some(device as u64)),
        Some(_) => Err(vm.raise_overflow("can't convert negative int to unsigned")),
        None => Err(vm.raise_overflow("int too big to convert")),
    }
}

pub static STAT_RESULT: TypeSpec = TypeSpec {
    named_items: Some(NamedItems { n_items: 10, n_unnamed: 3 }),
    new: Some(
        method(
            "__new__",
            "($type, /, sequence, dict={})",
            |vm: &mut Vm, _: Value, sequence: Value, dict: Option<Value>| {
                let mut values = field_values(vm, &STAT_RESULT, sequence, dict)?;
                // The times that are not given are those that the items have.
                for at in 7..10 {
                    if values[at + 3].is_none() {
                        values[at + 3] = values[at];
                    }
                }
                vm.new_struct_sequence(&STAT_RESULT, &values)
            },
        )
        .doc("Of a sequence of the items, maybe with fields behind them, and a dict of further fields."),
    ),
    ..struct_sequence(
        "stat_result",
        "os",
        "What there is at a path. Times are in seconds and in nanoseconds.",
        STAT_FIELDS,
    )
};
const STAT_FIELDS: &[GetSetRow] = &fields_around(
    [
        "st_mode",
        "st_ino",
        "st_dev",
        "st_nlink",
        "st_uid",
        "st_gid",
        "st_size",
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
    7,
    3,
);

pub static STATVFS_RESULT: TypeSpec = TypeSpec {
    named_items: Some(NamedItems { n_items: 10, n_unnamed: 0 }),
    ..struct_sequence("statvfs_result", "os", "About a file system.", STATVFS_FIELDS)
};
const STATVFS_FIELDS: &[GetSetRow] = &fields_around(
    [
        "f_bsize",
        "f_frsize",
        "f_blocks",
        "f_bfree",
        "f_bavail",
        "f_files",
        "f_ffree",
        "f_favail",
        "f_flag",
        "f_namemax",
        "f_fsid",
    ],
    11,
    0,
);

/// The flag for a call that looks at what a symbolic link leads to, or at itself.
pub fn follow_flag(follows: bool) -> i32 {
    if follows { 0 } else { libc::AT_SYMLINK_NOFOLLOW }
}

fn stat(vm: &mut Vm, path: PathOrDescriptor, dir: DirectoryDescriptor, follows: Option<bool>) -> PyResult {
    let follows = follows.unwrap_or(true);
    match &path {
        PathOrDescriptor::Path(path) => unflushed::settle(vm, Touched::Path(dir.0, path.c_str())),
        PathOrDescriptor::Descriptor(fd, _) => unflushed::settle(vm, Touched::Descriptor(*fd)),
    }
    let status = match &path {
        PathOrDescriptor::Path(path) => status_of(path, dir.0, follows),
        PathOrDescriptor::Descriptor(..) if dir.is_given() => {
            return Err(vm.raise_value("stat: can't specify dir_fd without matching path"));
        }
        PathOrDescriptor::Descriptor(..) if !follows => {
            return Err(vm.raise_value("stat: cannot use fd and follow_symlinks together"));
        }
        PathOrDescriptor::Descriptor(fd, _) => fs::status(*fd),
    };
    let status = status.or_raise_about(vm, path.given())?;
    stat_result(vm, &status)
}

pub fn status_of(path: &Path, dir: i32, follows: bool) -> HostResult<FileStatus> {
    fs::status_at(dir, path.c_str(), follow_flag(follows))
}

pub fn stat_result(vm: &mut Vm, status: &FileStatus) -> PyResult {
    let times = [
        (status.st_atime, status.st_atime_nsec),
        (status.st_mtime, status.st_mtime_nsec),
        (status.st_ctime, status.st_ctime_nsec),
    ];
    let mut values = [Value::NONE; 19];
    let numbers = [
        u64::from(status.st_mode),
        status.st_ino,
        status.st_dev,
        status.st_nlink,
        u64::from(status.st_uid),
        u64::from(status.st_gid),
    ];
    for (value, number) in values.iter_mut().zip(numbers) {
        *value = vm.new_int_from_u64(number);
    }
    values[6] = vm.new_int(status.st_size);
    for (at, (seconds, nanoseconds)) in times.into_iter().enumerate() {
        values[7 + at] = vm.new_int(seconds);
        values[10 + at] = Value::float(seconds as f64 + 1e-9 * nanoseconds as f64);
        values[13 + at] = vm.new_int_from_i128(i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds));
    }
    values[16] = vm.new_int(status.st_blksize);
    values[17] = vm.new_int(status.st_blocks);
    values[18] = vm.new_int_from_u64(status.st_rdev);
    vm.new_struct_sequence(&STAT_RESULT, &values)
}

fn statvfs_result(vm: &mut Vm, status: &FileSystemStatus) -> PyResult {
    let numbers = [
        status.f_bsize,
        status.f_frsize,
        status.f_blocks,
        status.f_bfree,
        status.f_bavail,
        status.f_files,
        status.f_ffree,
        status.f_favail,
        status.f_flag,
        status.f_namemax,
        status.f_fsid,
    ];
    let mut values = [Value::NONE; 11];
    for (value, number) in values.iter_mut().zip(numbers) {
        *value = vm.new_int_from_u64(number);
    }
    vm.new_struct_sequence(&STATVFS_RESULT, &values)
}
