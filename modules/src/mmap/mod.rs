//! `mmap`: files as memory.

mod methods;

use crate::posix::OrRaise;
use stitch_runtime::host::map::Mapping;
use stitch_runtime::host::{descriptor, fs, process};
use stitch_runtime::object::argument::{ClassOf, Index, This, method};
use stitch_runtime::object::buffer::{Export, ExportCount, Request};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::item::slice::SliceRange;
use stitch_runtime::object::layout::SliceObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

macro_rules! constants {
    ($($name:ident)*) => {
        const CONSTANTS: &[(&str, Constant)] = &[
            $((stringify!($name), Constant::Int(libc::$name as i64)),)*
            ("ACCESS_DEFAULT", Constant::Int(0)),
            ("ACCESS_READ", Constant::Int(1)),
            ("ACCESS_WRITE", Constant::Int(2)),
            ("ACCESS_COPY", Constant::Int(3)),
        ];
    };
}

constants! {
    MADV_DODUMP MADV_DOFORK MADV_DONTDUMP MADV_DONTFORK MADV_DONTNEED MADV_FREE MADV_HUGEPAGE MADV_HWPOISON MADV_MERGEABLE
    MADV_NOHUGEPAGE MADV_NORMAL MADV_RANDOM MADV_REMOVE MADV_SEQUENTIAL MADV_UNMERGEABLE MADV_WILLNEED MAP_32BIT MAP_ANON
    MAP_ANONYMOUS MAP_DENYWRITE MAP_EXECUTABLE MAP_NORESERVE MAP_POPULATE MAP_PRIVATE MAP_SHARED MAP_STACK PROT_EXEC
    PROT_READ PROT_WRITE
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "mmap",
    doc: "Files as memory.",
    constants: CONSTANTS,
    types: &[&MMAP],
    exec: Some(|vm, module| {
        let page = process::setting(libc::_SC_PAGESIZE).or_raise(vm)?.unwrap_or(4096);
        let error = Value::object(vm.exceptions.OSError);
        let page = Value::small_int(page);
        for (name, value) in [("PAGESIZE", page), ("ALLOCATIONGRANULARITY", page), ("error", error)] {
            vm.set_module_entry(module, name, value);
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// What may be done with the memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Access {
    Default,
    Read,
    Write,
    Copy,
}

#[repr(C)]
struct Mmap {
    header: Header,
    exports: ExportCount,
    /// `None`: closed.
    mapping: Option<Mapping>,
    position: usize,
    /// Where the memory begins in the file.
    offset: i64,
    /// A descriptor of its own; −1: there is no file.
    fd: i32,
    access: Access,
    /// May the memory be written to?
    is_writable: bool,
    is_shared: bool,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Mmap {
    const SPEC: &'static TypeSpec = &MMAP;
}

static MMAP: TypeSpec = TypeSpec {
    name: "mmap",
    module: "mmap",
    doc: "A file, or a part of it, as memory that can be changed in place.",
    is_base: true,
    is_weakly_referable: true,
    layout: Some(Layout::of::<Mmap>(0).finalized_by(|object| {
        // SAFETY: a dead object, whose memory is its alone: views keep it alive.
        unsafe { (*object.cast::<Mmap>()).close() };
    })),
    slots: Slots {
        len: Some(|vm, value| {
            let this = Mmap::at(vm, value);
            Ok(this.open(vm)?.len())
        }),
        get_item: Some(get_item),
        set_item: Some(set_item),
        buffer: Some(export),
        repr: slot(|_: &mut Vm, out: &mut Text, this: This<Mmap>| {
            match &this.mapping {
                None => out.push_str("<mmap.mmap closed=True>"),
                Some(mapping) => out.push_str(&format!(
                    "<mmap.mmap closed=False, access={}, length={}, pos={}, offset={}>",
                    ["ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"][this.access as usize],
                    mapping.len(),
                    this.position,
                    this.offset
                )),
            }
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, fileno, length, flags=MAP_SHARED, prot=PROT_WRITE|PROT_READ, access=ACCESS_DEFAULT, offset=0, *, trackfd=True)",
            new,
        )
        .doc("Maps a file's descriptor, or memory of no file (-1)."),
    ),
    methods: methods::METHODS,
    getters: &[getter("closed", |vm, value| Ok(Value::bool(Mmap::at(vm, value).mapping.is_none()))).doc("Is it closed?")],
    ..TypeSpec::NEW
};

impl Mmap {
    fn at(vm: &Vm, value: Value) -> This<Mmap> {
        This::of(vm, value).expect("the slots of mapped memory get that")
    }

    fn close(&mut self) {
        self.mapping = None;
        if self.fd >= 0 {
            _ = descriptor::close(self.fd);
            self.fd = -1;
        }
    }

    fn open(&self, vm: &mut Vm) -> PyResult<&Mapping> {
        match &self.mapping {
            Some(mapping) => Ok(mapping),
            None => Err(vm.raise_value("mmap closed or invalid")),
        }
    }

    /// The memory as it is now. It is copied from and to, and not held: others may write to it at any time.
    fn memory(&self, vm: &mut Vm) -> PyResult<&[u8]> {
        let mapping = self.open(vm)?;
        // SAFETY: mapped as long as it is not closed, which no Python code can do while the slice is looked at.
        Ok(unsafe { std::slice::from_raw_parts(mapping.as_ptr(), mapping.len()) })
    }

    fn memory_mut(&mut self, vm: &mut Vm) -> PyResult<&mut [u8]> {
        if !self.is_writable {
            self.open(vm)?;
            return Err(vm.raise_type("mmap can't modify a readonly memory map."));
        }
        let mapping = self.open(vm)?;
        // SAFETY: as above, of memory that may be written to.
        Ok(unsafe { std::slice::from_raw_parts_mut(mapping.as_ptr(), mapping.len()) })
    }
}

#[expect(clippy::too_many_arguments, reason = "those of the Python function")]
fn new(
    vm: &mut Vm,
    class: ClassOf<Mmap>,
    fileno: i32,
    len: Index,
    flags: Option<i32>,
    protection: Option<i32>,
    access: Option<i32>,
    offset: Option<i64>,
    tracks: Option<bool>,
) -> PyResult {
    let (len, offset) = (len.0, offset.unwrap_or(0));
    vm.audit("mmap.__new__", |vm| {
        let [fileno, access] = [fileno, access.unwrap_or(0)].map(|number| Value::small_int(number.into()));
        let (len, offset) = (vm.new_int(len), vm.new_int(offset));
        vm.new_tuple(&[fileno, len, access, offset])
    })?;
    if len < 0 {
        return Err(vm.raise_overflow("memory mapped length must be positive"));
    }
    if offset < 0 {
        return Err(vm.raise_overflow("memory mapped offset must be positive"));
    }
    let is_by_flags = flags.is_some() || protection.is_some();
    let (access, flags, protection) = match access.unwrap_or(0) {
        0 => {
            let protection = protection.unwrap_or(libc::PROT_READ | libc::PROT_WRITE);
            (Access::Default, flags.unwrap_or(libc::MAP_SHARED), protection)
        }
        _ if is_by_flags => return Err(vm.raise_value("mmap can't specify both access and flags, prot.")),
        1 => (Access::Read, libc::MAP_SHARED, libc::PROT_READ),
        2 => (Access::Write, libc::MAP_SHARED, libc::PROT_READ | libc::PROT_WRITE),
        3 => (Access::Copy, libc::MAP_PRIVATE, libc::PROT_READ | libc::PROT_WRITE),
        _ => return Err(vm.raise_value("mmap invalid access parameter.")),
    };
    let mut len = len as usize;
    let (mut flags, mut fd) = (flags, -1);
    if fileno == -1 {
        flags |= libc::MAP_ANONYMOUS;
    } else {
        let status = fs::status(fileno).or_raise(vm)?;
        if status.st_mode & libc::S_IFMT == libc::S_IFREG {
            if len == 0 {
                if status.st_size == 0 {
                    return Err(vm.raise_value("cannot mmap an empty file"));
                }
                if offset >= status.st_size {
                    return Err(vm.raise_value("mmap offset is greater than file size"));
                }
                len = (status.st_size - offset) as usize;
            } else if offset > status.st_size || status.st_size - offset < len as i64 {
                return Err(vm.raise_value("mmap length is greater than file size"));
            }
        }
        if tracks.unwrap_or(true) {
            fd = descriptor::duplicate_from(fileno, 0).or_raise(vm)?;
        }
    }
    let mapping = match Mapping::new(len, protection, flags, fileno, offset) {
        Ok(mapping) => mapping,
        Err(error) => {
            if fd >= 0 {
                _ = descriptor::close(fd);
            }
            return Err(vm.raise_os(&error, None));
        }
    };
    vm.new_object(class.class, |header| Mmap {
        header,
        exports: ExportCount::NONE,
        mapping: Some(mapping),
        position: 0,
        offset,
        fd,
        access,
        is_writable: protection & libc::PROT_WRITE != 0 && access != Access::Read,
        is_shared: flags & libc::MAP_SHARED != 0,
    })
}

fn export(vm: &mut Vm, value: Value, request: Request) -> PyResult<Export> {
    let this = Mmap::at(vm, value);
    let mapping = this.open(vm)?;
    let (at, len) = (mapping.as_ptr(), mapping.len());
    if request.wants_writable() && !this.is_writable {
        return Err(vm.raise_buffer("Object is not writable."));
    }
    let mut export = Export::items(value, at, len, "B", 1);
    export.is_readonly = !this.is_writable;
    // SAFETY: the count lies in the owner.
    Ok(unsafe { export.counted_by(&this.exports) })
}

fn index_of(vm: &mut Vm, this: This<Mmap>, key: Value) -> PyResult<usize> {
    let index = vm.index_i64(key)?;
    let len = this.open(vm)?.len() as i64;
    let index = if index < 0 { index + len } else { index };
    if (0..len).contains(&index) { Ok(index as usize) } else { Err(vm.raise_index("mmap index out of range")) }
}

fn get_item(vm: &mut Vm, value: Value, key: Value) -> PyResult {
    let this = Mmap::at(vm, value);
    if let Some(range) = slice_of(vm, this, key)? {
        let memory = this.memory(vm)?;
        let picked: Vec<u8> = range.positions().filter_map(|at| memory.get(at).copied()).collect();
        return vm.new_bytes(&picked);
    }
    if !vm.is_index(key) {
        return Err(vm.raise_type("mmap indices must be integers"));
    }
    let at = index_of(vm, this, key)?;
    Ok(Value::small_int(this.memory(vm)?[at].into()))
}

fn slice_of(vm: &mut Vm, this: This<Mmap>, key: Value) -> PyResult<Option<SliceRange>> {
    let Some(key) = This::<SliceObject>::of(vm, key) else { return Ok(None) };
    // What runs when a bound is asked for may close the memory or give it another size.
    vm.slice_indices(key, 0)?;
    let len = this.open(vm)?.len();
    vm.slice_indices(key, len).map(Some)
}

fn set_item(vm: &mut Vm, value: Value, key: Value, item: Option<Value>) -> PyResult<()> {
    let mut this = Mmap::at(vm, value);
    let Some(item) = item else { return Err(vm.raise_type("mmap object doesn't support item deletion")) };
    if let Some(range) = slice_of(vm, this, key)? {
        let bytes = stitch_runtime::object::buffer::copied_bytes(vm, item)?;
        if bytes.len() != range.count {
            return Err(vm.raise_index("mmap slice assignment is wrong size"));
        }
        let memory = this.memory_mut(vm)?;
        for (at, byte) in range.positions().zip(bytes) {
            if let Some(to) = memory.get_mut(at) {
                *to = byte;
            }
        }
        return Ok(());
    }
    if !vm.is_index(key) {
        return Err(vm.raise_type("mmap indices must be integers"));
    }
    let at = index_of(vm, this, key)?;
    if !vm.is_index(item) {
        return Err(vm.raise_type("mmap item value must be an int"));
    }
    let byte = vm.index_i64(item)?;
    let Ok(byte) = u8::try_from(byte) else { return Err(vm.raise_value("mmap item value must be in range(0, 256)")) };
    if let Some(to) = this.memory_mut(vm)?.get_mut(at) {
        *to = byte;
    }
    Ok(())
}
