//! The methods of mapped memory: those of a file, and of bytes.

use super::{Access, Mmap};
use crate::posix::OrRaise;
use stitch_runtime::host::fs;
use stitch_runtime::object::argument::{Index, OrNone, Rest, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const METHODS: &[NativeRow] = &[
    method("close", "($self, /)", |vm: &mut Vm, this: This<Mmap>| close(vm, this)).doc("Gives the memory back."),
    method("__enter__", "($self, /)", |vm: &mut Vm, this: This<Mmap>| -> PyResult {
        this.open(vm)?;
        Ok(this.value())
    })
    .doc("The memory itself."),
    method("__exit__", "($self, /, *exc)", |vm: &mut Vm, this: This<Mmap>, _: Rest| close(vm, this))
        .doc("Gives the memory back."),
    method(
        "find",
        "($self, view, start=None, end=None, /)",
        |vm: &mut Vm, this: This<Mmap>, view: BytesLike, start: OrNone<Index>, end: OrNone<Index>| {
            search(vm, this, &view, start, end, false)
        },
    )
    .doc("Where some bytes come first, from the position on; -1: nowhere."),
    method(
        "rfind",
        "($self, view, start=None, end=None, /)",
        |vm: &mut Vm, this: This<Mmap>, view: BytesLike, start: OrNone<Index>, end: OrNone<Index>| {
            search(vm, this, &view, start, end, true)
        },
    )
    .doc("Where some bytes come last, from the position on; -1: nowhere."),
    method("flush", "($self, offset=0, size=-1, /)", flush).doc("Has what was written be in the file."),
    method("madvise", "($self, option, start=0, length=None, /)", advise)
        .doc("Tells the system how the memory will be used."),
    method(
        "move",
        "($self, dest, src, count, /)",
        |vm: &mut Vm, mut this: This<Mmap>, to: Index, from: Index, count: Index| {
            let memory = this.memory_mut(vm)?;
            let ends = [from.0.checked_add(count.0), to.0.checked_add(count.0)];
            let fits = |end: Option<i64>| end.is_some_and(|end| end <= memory.len() as i64);
            if to.0 < 0 || from.0 < 0 || count.0 < 0 || !ends.into_iter().all(fits) {
                return Err(vm.raise_value("source, destination, or count out of range"));
            }
            memory.copy_within(from.0 as usize..(from.0 + count.0) as usize, to.0 as usize);
            Ok(())
        },
    )
    .doc("Copies bytes to another place in the memory."),
    method("read", "($self, n=None, /)", |vm: &mut Vm, mut this: This<Mmap>, n: OrNone<Index>| {
        let (start, memory) = (this.position, this.memory(vm)?);
        let rest = memory.len().saturating_sub(start);
        let n = n.0.and_then(|n| usize::try_from(n.0).ok()).map_or(rest, |n| n.min(rest));
        let bytes = vm.new_bytes(memory.get(start..start + n).unwrap_or_default())?;
        this.position += n;
        Ok::<Value, stitch_runtime::Raised>(bytes)
    })
    .doc("So many bytes, or all, from the position on."),
    method("read_byte", "($self, /)", |vm: &mut Vm, mut this: This<Mmap>| {
        let byte = this.memory(vm)?.get(this.position).copied();
        match byte {
            Some(byte) => {
                this.position += 1;
                Ok(i64::from(byte))
            }
            None => Err(vm.raise_value("read byte out of range")),
        }
    })
    .doc("The byte at the position."),
    method("readline", "($self, /)", |vm: &mut Vm, mut this: This<Mmap>| {
        let (start, memory) = (this.position, this.memory(vm)?);
        let rest = memory.get(start..).unwrap_or_default();
        let len = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
        let line = vm.new_bytes(&rest[..len])?;
        this.position += len;
        Ok::<Value, stitch_runtime::Raised>(line)
    })
    .doc("The bytes up to the end of a line."),
    method("resize", "($self, newsize, /)", resize).doc("Gives the memory, and the file, another size."),
    method(
        "seek",
        "($self, pos, whence=0, /)",
        |vm: &mut Vm, mut this: This<Mmap>, offset: Index, whence: Option<i32>| {
            let len = this.open(vm)?.len() as i64;
            let start = match whence.unwrap_or(0) {
                0 => 0,
                1 => this.position as i64,
                2 => len,
                _ => return Err(vm.raise_value("unknown seek type")),
            };
            match start.checked_add(offset.0) {
                Some(position) if (0..=len).contains(&position) => {
                    this.position = position as usize;
                    Ok(position)
                }
                _ => Err(vm.raise_value("seek out of range")),
            }
        },
    )
    .doc("Moves the position; gives the new one."),
    method("seekable", "($self, /)", |_: This<Mmap>| true).doc("Can the position be moved? Always."),
    method("size", "($self, /)", |vm: &mut Vm, this: This<Mmap>| -> PyResult {
        this.open(vm)?;
        let status = fs::status(this.fd).or_raise(vm)?;
        Ok(vm.new_int(status.st_size))
    })
    .doc("How many bytes the file has."),
    method("tell", "($self, /)", |vm: &mut Vm, this: This<Mmap>| -> PyResult<usize> {
        this.open(vm)?;
        Ok(this.position)
    })
    .doc("The position."),
    method("write", "($self, bytes, /)", |vm: &mut Vm, mut this: This<Mmap>, data: BytesLike| {
        let start = this.position;
        let memory = this.memory_mut(vm)?;
        let Some(room) = memory.get_mut(start..).and_then(|rest| rest.get_mut(..data.len())) else {
            return Err(vm.raise_value("data out of range"));
        };
        room.copy_from_slice(&data);
        this.position += data.len();
        Ok(data.len())
    })
    .doc("Writes bytes at the position; gives how many."),
    method("write_byte", "($self, byte, /)", |vm: &mut Vm, mut this: This<Mmap>, byte: Index| {
        let Ok(byte) = u8::try_from(byte.0) else {
            return Err(vm.raise_overflow("unsigned byte integer is greater than maximum"));
        };
        let start = this.position;
        match this.memory_mut(vm)?.get_mut(start) {
            Some(to) => *to = byte,
            None => return Err(vm.raise_value("write byte out of range")),
        }
        this.position += 1;
        Ok(())
    })
    .doc("Writes a byte at the position."),
];

fn close(vm: &mut Vm, mut this: This<Mmap>) -> PyResult<()> {
    if vm.check_resizable(&this.exports).is_err() {
        vm.clear_exception();
        return Err(vm.raise_buffer("cannot close exported pointers exist"));
    }
    Mmap::close(&mut this);
    Ok(())
}

fn search(
    vm: &mut Vm,
    this: This<Mmap>,
    wanted: &[u8],
    start: OrNone<Index>,
    end: OrNone<Index>,
    from_end: bool,
) -> PyResult<i64> {
    let memory = this.memory(vm)?;
    let len = memory.len() as i64;
    let bound = |bound: Option<Index>, default: i64| {
        let bound = bound.map_or(default, |bound| bound.0);
        (if bound < 0 { bound.saturating_add(len) } else { bound }).clamp(0, len) as usize
    };
    let (start, end) = (bound(start.0, this.position as i64), bound(end.0, len));
    let Some(part) = memory.get(start..end) else { return Ok(-1) };
    if wanted.len() > part.len() {
        return Ok(-1);
    }
    if wanted.is_empty() {
        return Ok(if from_end { end } else { start } as i64);
    }
    let found = if from_end {
        part.windows(wanted.len()).rposition(|window| window == wanted)
    } else {
        part.windows(wanted.len()).position(|window| window == wanted)
    };
    Ok(found.map_or(-1, |at| (start + at) as i64))
}

fn flush(vm: &mut Vm, this: This<Mmap>, offset: Option<Index>, size: Option<Index>) -> PyResult<()> {
    let mapping = this.open(vm)?;
    let offset = offset.map_or(0, |offset| offset.0);
    let size = match size.map(|size| size.0) {
        None | Some(-1) => mapping.len() as i64 - offset,
        Some(size) => size,
    };
    if size < 0 || offset < 0 || offset.checked_add(size).is_none_or(|end| end > mapping.len() as i64) {
        return Err(vm.raise_value("flush values out of range"));
    }
    if matches!(this.access, Access::Read | Access::Copy) || !this.is_shared {
        return Ok(());
    }
    mapping.flush(offset as usize, size as usize).or_raise(vm)
}

fn advise(vm: &mut Vm, this: This<Mmap>, advice: i32, start: Option<Index>, len: OrNone<Index>) -> PyResult<()> {
    let mapping = this.open(vm)?;
    let start = start.map_or(0, |start| start.0);
    let whole = mapping.len() as i64;
    if !(0..whole).contains(&start) {
        return Err(vm.raise_value("madvise start out of bounds"));
    }
    let len = len.0.map_or(whole, |len| len.0);
    if len < 0 {
        return Err(vm.raise_value("madvise length invalid"));
    }
    if start.checked_add(len).is_none() {
        return Err(vm.raise_overflow("madvise length too large"));
    }
    mapping.advise(start as usize, len.min(whole - start) as usize, advice).or_raise(vm)
}

fn resize(vm: &mut Vm, mut this: This<Mmap>, len: Index) -> PyResult<()> {
    this.open(vm)?;
    if vm.check_resizable(&this.exports).is_err() {
        vm.clear_exception();
        return Err(vm.raise_buffer("mmap can't resize with extant buffers exported."));
    }
    if !matches!(this.access, Access::Default | Access::Write) {
        return Err(vm.raise_type("mmap can't resize a readonly or copy-on-write memory map."));
    }
    if this.fd < 0 && this.is_shared && len.0 > this.open(vm)?.len() as i64 {
        return Err(vm.raise_value("mmap: can't expand a shared anonymous mapping on Linux"));
    }
    let end = len.0.checked_add(this.offset).filter(|_| len.0 >= 0);
    let Some(end) = end else { return Err(vm.raise_value("new size out of range")) };
    if this.fd >= 0 {
        vm.wait_for(|| fs::truncate_descriptor(this.fd, end))?.or_raise(vm)?;
    }
    match &mut this.mapping {
        Some(mapping) => mapping.resize(len.0 as usize).or_raise(vm),
        None => Ok(()),
    }
}
