//! Changing what there is under names.

use super::OrRaise;
use super::status::follow_flag;
use crate::io::unflushed::{self, Touched};
use crate::time::{Rounding, Timestamp};
use stitch_runtime::host::HostResult;
use stitch_runtime::host::fs::{self, HERE};
use stitch_runtime::object::argument::{Index, Receiver, This, ThisFloat, method};
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::path::{DirectoryDescriptor, OpenFile, Path, PathOrDescriptor};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method(
        "mkdir",
        "(path, mode=511, *, dir_fd=None)",
        |vm: &mut Vm, path: Path, mode: Option<i32>, dir: DirectoryDescriptor| {
            fs::make_directory_at(dir.0, path.c_str(), mode.unwrap_or(0o777) as u32).or_raise_about(vm, path.given)
        },
    )
    .doc("Makes a directory."),
    method("rmdir", "(path, *, dir_fd=None)", |vm: &mut Vm, path: Path, dir: DirectoryDescriptor| {
        fs::unlink_at(dir.0, path.c_str(), libc::AT_REMOVEDIR).or_raise_about(vm, path.given)
    })
    .doc("Removes an empty directory."),
    method("unlink", "(path, *, dir_fd=None)", unlink).doc("Removes a name of a file."),
    method("remove", "(path, *, dir_fd=None)", unlink).doc("Removes a name of a file."),
    method("rename", RENAMING, rename).doc("Gives a file another name; what has it is replaced."),
    method("replace", RENAMING, rename).doc("Gives a file another name; what has it is replaced."),
    method(
        "link",
        "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)",
        |vm: &mut Vm,
         from: Path,
         to: Path,
         from_dir: DirectoryDescriptor,
         to_dir: DirectoryDescriptor,
         follows: Option<bool>| {
            let flags = if follows == Some(true) { libc::AT_SYMLINK_FOLLOW } else { 0 };
            fs::link_at(from_dir.0, from.c_str(), to_dir.0, to.c_str(), flags)
                .map_err(|error| vm.raise_os_of_two(&error, from.given, to.given))
        },
    )
    .doc("Gives a file one more name."),
    method(
        "symlink",
        "(src, dst, target_is_directory=False, *, dir_fd=None)",
        |vm: &mut Vm, text: Path, path: Path, _: Option<bool>, dir: DirectoryDescriptor| {
            fs::symlink_at(text.c_str(), dir.0, path.c_str())
                .map_err(|error| vm.raise_os_of_two(&error, text.given, path.given))
        },
    )
    .doc("Makes a symbolic link that leads to a path."),
    method("readlink", "(path, *, dir_fd=None)", |vm: &mut Vm, path: Path, dir: DirectoryDescriptor| {
        let text = fs::read_link_at(dir.0, path.c_str()).or_raise_about(vm, path.given)?;
        vm.fs_name(&text, path.is_bytes)
    })
    .doc("The path that a symbolic link leads to."),
    method("chmod", "(path, mode, *, dir_fd=None, follow_symlinks=(os.name != 'nt'))", change_mode)
        .doc("Sets who may do what with a file."),
    method("fchmod", "(fd, mode)", |vm: &mut Vm, fd: i32, mode: i32| {
        vm.wait_for(|| fs::change_mode(fd, mode as u32))?.or_raise(vm)
    })
    .doc("Sets who may do what with an open file."),
    method("chown", "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", change_owner)
        .doc("Sets the user and the group that own a file; -1 leaves one as it is."),
    method("fchown", "(fd, uid, gid)", |vm: &mut Vm, fd: i32, user: Uid, group: Gid| {
        vm.wait_for(|| fs::change_owner(fd, user.0, group.0))?.or_raise(vm)
    })
    .doc("Sets the owners of an open file."),
    method("lchown", "(path, uid, gid)", |vm: &mut Vm, path: Path, user: Uid, group: Gid| {
        fs::change_owner_at(HERE, path.c_str(), user.0, group.0, libc::AT_SYMLINK_NOFOLLOW)
            .or_raise_about(vm, path.given)
    })
    .doc("Sets the owners of a symbolic link itself."),
    method(
        "access",
        "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
        |path: Path, mode: i32, dir: DirectoryDescriptor, is_effective: Option<bool>, follows: Option<bool>| {
            let effective = if is_effective == Some(true) { libc::AT_EACCESS } else { 0 };
            fs::access_at(dir.0, path.c_str(), mode, effective | follow_flag(follows.unwrap_or(true))).is_ok()
        },
    )
    .doc("May this process do that with a file?"),
    method("chdir", "(path)", |vm: &mut Vm, path: PathOrDescriptor| {
        match &path {
            PathOrDescriptor::Path(path) => fs::enter_directory(path.c_str()),
            PathOrDescriptor::Descriptor(fd, _) => fs::enter_descriptor(*fd),
        }
        .or_raise_about(vm, path.given())
    })
    .doc("Sets the current directory."),
    method("fchdir", "(fd)", |vm: &mut Vm, fd: OpenFile| vm.wait_for(|| fs::enter_descriptor(fd.0))?.or_raise(vm))
        .doc("Sets the current directory to an open one."),
    method("chroot", "(path)", |vm: &mut Vm, path: Path| fs::change_root(path.c_str()).or_raise_about(vm, path.given))
        .doc("Makes a directory the root of all paths of this process."),
    method("getcwd", "()", |vm: &mut Vm| {
        let path = fs::current_directory_bytes().or_raise(vm)?;
        vm.fs_name(&path, false)
    })
    .doc("The current directory."),
    method("getcwdb", "()", |vm: &mut Vm| {
        let path = fs::current_directory_bytes().or_raise(vm)?;
        vm.fs_name(&path, true)
    })
    .doc("The current directory in bytes."),
    method("umask", "(mask, /)", |mask: i32| i64::from(fs::set_umask(mask as u32)))
        .doc("Sets what new files are not allowed; gives what it was before."),
    method(
        "mkfifo",
        "(path, mode=438, *, dir_fd=None)",
        |vm: &mut Vm, path: Path, mode: Option<i32>, dir: DirectoryDescriptor| {
            vm.wait_for(|| fs::make_fifo_at(dir.0, path.c_str(), mode.unwrap_or(0o666) as u32))?.or_raise(vm)
        },
    )
    .doc("Makes a pipe with a name."),
    method(
        "mknod",
        "(path, mode=384, device=0, *, dir_fd=None)",
        |vm: &mut Vm, path: Path, mode: Option<i32>, device: Option<Index>, dir: DirectoryDescriptor| {
            let (mode, device) = (mode.unwrap_or(0o600) as u32, device.map_or(0, |device| device.0 as u64));
            vm.wait_for(|| fs::make_node_at(dir.0, path.c_str(), mode, device))?.or_raise(vm)
        },
    )
    .doc("Makes a file, a pipe with a name or a device."),
    method("truncate", "(path, length)", |vm: &mut Vm, path: PathOrDescriptor, len: Index| {
        match &path {
            PathOrDescriptor::Path(path) => unflushed::settle(vm, Touched::Path(HERE, path.c_str())),
            PathOrDescriptor::Descriptor(fd, _) => unflushed::settle(vm, Touched::Descriptor(*fd)),
        }
        match &path {
            PathOrDescriptor::Path(path) => vm.wait_for(|| fs::truncate(path.c_str(), len.0))?,
            PathOrDescriptor::Descriptor(fd, _) => vm.wait_for(|| fs::truncate_descriptor(*fd, len.0))?,
        }
        .or_raise_about(vm, path.given())
    })
    .doc("Gives a file so many bytes."),
    method("utime", "(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)", set_times)
        .doc("Sets when a file was read and changed last."),
    method("fspath", "(path)", |vm: &mut Vm, path: Value| vm.fs_path(path))
        .doc("A str or bytes, or what an object's __fspath__ gives."),
];

const RENAMING: &str = "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)";

fn unlink(vm: &mut Vm, path: Path, dir: DirectoryDescriptor) -> PyResult<()> {
    fs::unlink_at(dir.0, path.c_str(), 0).or_raise_about(vm, path.given)
}

fn rename(
    vm: &mut Vm,
    from: Path,
    to: Path,
    from_dir: DirectoryDescriptor,
    to_dir: DirectoryDescriptor,
) -> PyResult<()> {
    unflushed::settle(vm, Touched::Path(from_dir.0, from.c_str()));
    unflushed::settle(vm, Touched::Path(to_dir.0, to.c_str()));
    fs::rename_at(from_dir.0, from.c_str(), to_dir.0, to.c_str())
        .map_err(|error| vm.raise_os_of_two(&error, from.given, to.given))
}

/// What a descriptor cannot go with.
fn refuse_with_descriptor(vm: &mut Vm, function: &str, dir: DirectoryDescriptor, follows: bool) -> PyResult<()> {
    if dir.is_given() {
        return Err(vm.raise_value(&format!("{function}: can't specify dir_fd without matching path")));
    }
    if !follows {
        return Err(vm.raise_value(&format!("{function}: cannot use fd and follow_symlinks together")));
    }
    Ok(())
}

fn change_mode(
    vm: &mut Vm,
    path: PathOrDescriptor,
    mode: i32,
    dir: DirectoryDescriptor,
    follows: Option<bool>,
) -> PyResult<()> {
    let (mode, follows) = (mode as u32, follows.unwrap_or(true));
    let changed = match &path {
        PathOrDescriptor::Path(path) => fs::change_mode_at(dir.0, path.c_str(), mode, follow_flag(follows)),
        PathOrDescriptor::Descriptor(fd, _) => {
            refuse_with_descriptor(vm, "chmod", dir, follows)?;
            fs::change_mode(*fd, mode)
        }
    };
    match changed {
        // A link has no mode of its own.
        Err(error) if error.errno == libc::EOPNOTSUPP && !follows => {
            Err(vm.raise_not_implemented("chmod: follow_symlinks unavailable on this platform"))
        }
        changed => changed.or_raise_about(vm, path.given()),
    }
}

fn change_owner(
    vm: &mut Vm,
    path: PathOrDescriptor,
    user: Uid,
    group: Gid,
    dir: DirectoryDescriptor,
    follows: Option<bool>,
) -> PyResult<()> {
    let follows = follows.unwrap_or(true);
    let changed = match &path {
        PathOrDescriptor::Path(path) => fs::change_owner_at(dir.0, path.c_str(), user.0, group.0, follow_flag(follows)),
        PathOrDescriptor::Descriptor(fd, _) => {
            refuse_with_descriptor(vm, "chown", dir, follows)?;
            fs::change_owner(*fd, user.0, group.0)
        }
    };
    changed.or_raise_about(vm, path.given())
}

/// The number of a user; -1 stands for none.
#[derive(Clone, Copy)]
pub struct Uid(pub u32);
/// The number of a group; -1 stands for none.
#[derive(Clone, Copy)]
pub struct Gid(pub u32);

macro_rules! owner_parameters {
    ($($type:ident $name:literal)*) => {$(
        impl stitch_runtime::object::argument::Parameter for $type {
            fn from_argument(
                vm: &mut Vm,
                argument: Value,
                _: stitch_runtime::object::argument::Place<'_>,
            ) -> PyResult<$type> {
                owner_of(vm, argument, $name).map($type)
            }
        }
    )*};
}
owner_parameters! { Uid "uid" Gid "gid" }

pub fn owner_of(vm: &mut Vm, value: Value, name: &str) -> PyResult<u32> {
    if !vm.is_index(value) {
        let message = format!("{name} should be integer, not {}", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    let int = vm.index(value)?;
    match vm.int_to_i64(int) {
        Some(-1) => Ok(u32::MAX),
        Some(word) if word < 0 => Err(vm.raise_overflow(&format!("{name} is less than minimum"))),
        Some(word) if word < i64::from(u32::MAX) => Ok(word as u32),
        _ => Err(vm.raise_overflow(&format!("{name} is greater than maximum"))),
    }
}

fn set_times(
    vm: &mut Vm,
    path: PathOrDescriptor,
    times: Option<Value>,
    ns: Option<Value>,
    dir: DirectoryDescriptor,
    follows: Option<bool>,
) -> PyResult<()> {
    let follows = follows.unwrap_or(true);
    let times = times.filter(|times| !times.is_none());
    let times = match (times, ns) {
        (Some(_), Some(_)) => {
            return Err(vm.raise_value("utime: you may specify either 'times' or 'ns' but not both"));
        }
        (Some(times), None) => {
            pair_of(vm, times, "utime: 'times' must be either a tuple of two ints or None", |vm, time| {
                if !vm.is_index(time) && ThisFloat::receive(vm, time).is_none() {
                    let message = format!("argument must be int or float, not {}", vm.class_name(time));
                    return Err(vm.raise_type(&message));
                }
                Timestamp::of(vm, time, Rounding::Floor)
            })?
        }
        (None, Some(ns)) => pair_of(vm, ns, "utime: 'ns' must be a tuple of two ints", Timestamp::of_nanoseconds)?,
        (None, None) => [libc::timespec { tv_sec: 0, tv_nsec: libc::UTIME_NOW }; 2],
    };
    let set: HostResult<()> = match &path {
        PathOrDescriptor::Path(path) => fs::set_times_at(dir.0, path.c_str(), &times, follow_flag(follows)),
        PathOrDescriptor::Descriptor(fd, _) => {
            refuse_with_descriptor(vm, "utime", dir, follows)?;
            fs::set_times(*fd, &times)
        }
    };
    set.or_raise_about(vm, path.given())
}

fn pair_of(
    vm: &mut Vm,
    pair: Value,
    misfit: &str,
    convert: impl Fn(&mut Vm, Value) -> PyResult<Timestamp>,
) -> PyResult<[libc::timespec; 2]> {
    let pair = This::<TupleObject>::of(vm, pair);
    match pair.as_ref().map(|pair| pair.items()) {
        Some(&[access, change]) => Ok([convert(vm, access)?.timespec(), convert(vm, change)?.timespec()]),
        _ => Err(vm.raise_type(misfit)),
    }
}
