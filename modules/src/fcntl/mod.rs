//! `fcntl`: what the system does with open files beside reading and writing them.

use crate::posix::OrRaise;
use stitch_runtime::host::HostResult;
use stitch_runtime::host::descriptor;
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::buffer::{BytesLike, WritableBytes};
use stitch_runtime::object::integer::IntView;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::path::OpenFile;
use stitch_runtime::{PyResult, Value, Vm};

macro_rules! constants {
    ($($name:ident)* ; $($own:ident = $number:expr),* $(,)?) => {
        const CONSTANTS: &[(&str, Constant)] = &[
            $((stringify!($name), Constant::Int(libc::$name as i64)),)*
            $((stringify!($own), Constant::Int($number)),)*
        ];
    };
}

// Those of their own are in the system's headers, but not in the crate's.
constants! {
    FD_CLOEXEC F_ADD_SEALS F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_GETFL F_GETLEASE F_GETLK F_GETOWN F_GETPIPE_SZ F_GET_SEALS F_NOTIFY
    F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW F_RDLCK F_SEAL_FUTURE_WRITE F_SEAL_GROW F_SEAL_SEAL F_SEAL_SHRINK F_SEAL_WRITE
    F_SETFD F_SETFL F_SETLEASE F_SETLK F_SETLKW F_SETOWN F_SETPIPE_SZ F_UNLCK F_WRLCK LOCK_EX LOCK_NB LOCK_SH LOCK_UN
    ;
    DN_ACCESS = 1, DN_MODIFY = 2, DN_CREATE = 4, DN_DELETE = 8, DN_RENAME = 16, DN_ATTRIB = 32,
    DN_MULTISHOT = 0x8000_0000, FASYNC = 0x2000, FICLONE = 0x4004_9409, FICLONERANGE = 0x4020_940d,
    F_EXLCK = 4, F_SHLCK = 8, F_GETLK64 = libc::F_GETLK as i64, F_SETLK64 = libc::F_SETLK as i64,
    F_SETLKW64 = libc::F_SETLKW as i64, F_GETOWN_EX = 16, F_SETOWN_EX = 15, F_GETSIG = 11, F_SETSIG = 10,
    F_OWNER_TID = 0, F_OWNER_PID = 1, F_OWNER_PGRP = 2, F_GET_RW_HINT = 1035, F_SET_RW_HINT = 1036,
    F_GET_FILE_RW_HINT = 1037, F_SET_FILE_RW_HINT = 1038, F_DUPFD_QUERY = 1027,
    LOCK_MAND = 32, LOCK_READ = 64, LOCK_WRITE = 128, LOCK_RW = 192,
    RWH_WRITE_LIFE_NOT_SET = 0, RWH_WRITE_LIFE_NONE = 1, RWH_WRITE_LIFE_SHORT = 2, RWH_WRITE_LIFE_MEDIUM = 3,
    RWH_WRITE_LIFE_LONG = 4, RWH_WRITE_LIFE_EXTREME = 5,
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "fcntl",
    doc: "What the system does with open files beside reading and writing them.",
    functions: &[
        method("fcntl", "(fd, cmd, arg=0, /)", |vm: &mut Vm, fd: OpenFile, command: i32, argument: Option<Value>| {
            match argument {
                Some(argument) if !vm.is_index(argument) => {
                    let memory = copied(vm, argument, "fcntl")?;
                    in_copy(vm, memory, |memory| descriptor::control_in_memory(fd.0, command, memory))
                }
                argument => {
                    let number = number_of(vm, argument)?;
                    let result = vm.wait_for(|| descriptor::control(fd.0, command, number))?.or_raise(vm)?;
                    Ok(vm.new_int(result.into()))
                }
            }
        })
        .doc("Does something with an open file, with a number or with memory, which is given back."),
        method("ioctl", "(fd, request, arg=0, mutate_flag=True, /)", control_device)
            .doc("Does something with a device, with a number or with memory."),
        method("flock", "(fd, operation, /)", |vm: &mut Vm, fd: OpenFile, operation: i32| {
            vm.wait_for(|| descriptor::lock(fd.0, operation))?.or_raise(vm)
        })
        .doc("Locks or unlocks an open file as a whole."),
        method("lockf", "(fd, cmd, len=0, start=0, whence=0, /)", lock_part)
            .doc("Locks or unlocks a part of an open file for this process."),
    ],
    constants: CONSTANTS,
    ..ModuleSpec::NEW
};

/// The number of an argument; one that fits into 32 bits without its sign is taken as that.
fn number_of(vm: &mut Vm, argument: Option<Value>) -> PyResult<i64> {
    let Some(argument) = argument else { return Ok(0) };
    let int = vm.index(argument)?;
    match vm.int_of(int) {
        IntView::Word(word) if i32::try_from(word).is_ok() => Ok(word),
        IntView::Word(word) if (0..1 << 32).contains(&word) => Ok(i64::from(word as u32 as i32)),
        _ => Err(vm.raise_overflow("signed integer is greater than maximum")),
    }
}

/// How much memory is copied at the most.
const MOST_BYTES: usize = 1024;

fn copied(vm: &mut Vm, argument: Value, function: &str) -> PyResult<Vec<u8>> {
    let bytes = match Str::of(vm, argument) {
        Some(text) => vm.fs_encode(text.value())?,
        None if vm.is_bytes_like(argument) => BytesLike::of(vm, argument)?.to_vec(),
        None => {
            let given = vm.class_name(argument);
            let message = format!("{function}() argument 3 must be int, str, or bytes-like object, not {given}");
            return Err(vm.raise_type(&message));
        }
    };
    if bytes.len() > MOST_BYTES {
        return Err(vm.raise_value(&format!("{function} argument 3 is too long")));
    }
    Ok(bytes)
}

/// Has the system change a copy of memory, which has room for what is longer than it should be.
fn in_copy(vm: &mut Vm, memory: Vec<u8>, mut call: impl FnMut(&mut [u8]) -> HostResult<i32>) -> PyResult {
    let len = memory.len();
    let mut room = [0u8; MOST_BYTES + 64];
    room[..len].copy_from_slice(&memory);
    vm.wait_for(|| call(&mut room))?.or_raise(vm)?;
    vm.new_bytes(&room[..len])
}

fn control_device(
    vm: &mut Vm,
    fd: OpenFile,
    request: Value,
    argument: Option<Value>,
    changes: Option<bool>,
) -> PyResult {
    let request = vm.index(request)?;
    let request = match vm.int_of(request) {
        IntView::Word(word) => u64::from(word as u32),
        _ => return Err(vm.raise_overflow("Python int too large to convert to C unsigned int")),
    };
    let argument = match argument {
        Some(argument) if !vm.is_index(argument) => argument,
        argument => {
            let number = number_of(vm, argument)?;
            let result = vm.wait_for(|| descriptor::device_control(fd.0, request, number))?.or_raise(vm)?;
            return Ok(vm.new_int(result.into()));
        }
    };
    if changes.unwrap_or(true)
        && let Some(mut memory) = WritableBytes::of(vm, argument)?
    {
        // A device may write more than there is room for: it gets room, where that is little.
        let len = memory.len().min(MOST_BYTES);
        let mut room = [0u8; MOST_BYTES + 64];
        let is_short = memory.len() <= MOST_BYTES;
        if is_short {
            room[..len].copy_from_slice(&memory);
        }
        let result = vm.wait_for(|| {
            let target = if is_short { &mut room[..] } else { &mut memory[..] };
            descriptor::device_control_in_memory(fd.0, request, target)
        })?;
        if is_short {
            memory.copy_from_slice(&room[..len]);
        }
        memory.finish(vm)?;
        let result = result.or_raise(vm)?;
        return Ok(vm.new_int(result.into()));
    }
    let memory = copied(vm, argument, "ioctl")?;
    in_copy(vm, memory, |memory| descriptor::device_control_in_memory(fd.0, request, memory))
}

fn lock_part(
    vm: &mut Vm,
    fd: OpenFile,
    command: i32,
    len: Option<i64>,
    start: Option<i64>,
    whence: Option<i32>,
) -> PyResult<()> {
    let kind = match command {
        libc::LOCK_UN => libc::F_UNLCK,
        command if command & libc::LOCK_SH != 0 => libc::F_RDLCK,
        command if command & libc::LOCK_EX != 0 => libc::F_WRLCK,
        _ => return Err(vm.raise_value("unrecognized lockf argument")),
    };
    let lock = libc::flock {
        l_type: kind as libc::c_short,
        l_whence: whence.unwrap_or(0) as libc::c_short,
        l_start: start.unwrap_or(0),
        l_len: len.unwrap_or(0),
        l_pid: 0,
    };
    let waits = command & libc::LOCK_NB == 0;
    vm.wait_for(|| descriptor::lock_record(fd.0, waits, &lock))?.or_raise(vm)
}
