//! `scandir`: a directory's entries, with what the directory itself says of them.

use super::directory;
use super::status::{follow_flag, stat_result};
use super::{OrRaise, directory::given};
use crate::io::unflushed;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::host::fs::{self, Directory, DirectoryEntry, FileStatus, HERE};
use stitch_runtime::host::{HostError, HostResult};
use stitch_runtime::object::argument::{Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::path::{PathOrDescriptor, PathOrHere};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[method("scandir", "(path=None)", scan)
    .doc("An iterator over the entries of a directory, which closes itself at its end.")];

/// What is left of a directory.
#[repr(C)]
struct Scan {
    header: Header,
    /// What errors tell.
    given: Value,
    state: Option<Box<State>>,
}

struct State {
    directory: Directory,
    /// In front of the entries' names, with a slash.
    prefix: Vec<u8>,
    /// Where entries are looked for that were found through a descriptor.
    fd: Option<i32>,
    is_bytes: bool,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for Scan {
    const SPEC: &'static TypeSpec = &SCAN;
}

static SCAN: TypeSpec = TypeSpec {
    name: "ScandirIterator",
    module: "posix",
    doc: "An iterator over the entries of a directory.",
    layout: Some(Layout::of::<Scan>(1).finalized_by(|object| {
        // SAFETY: a dead iterator, whose state is its alone.
        unsafe { (*object.cast::<Scan>()).state = None };
    })),
    slots: Slots { iter: Some(|_, scan| Ok(scan)), next: Some(next), ..Slots::NONE },
    methods: &[
        method("__enter__", "($self, /)", |this: This<Scan>| this.value()).doc("The iterator itself."),
        method("__exit__", "($self, /, *args)", |mut this: This<Scan>, _: Rest| this.state = None)
            .doc("Closes the directory."),
        method("close", "($self, /)", |mut this: This<Scan>| this.state = None).doc("Closes the directory."),
    ],
    ..TypeSpec::NEW
};

fn scan(vm: &mut Vm, path: PathOrHere) -> PyResult {
    let given = given(&path);
    let directory = directory::open(&path).or_raise_about(vm, given)?;
    let (prefix, fd, is_bytes) = match &path.0 {
        None => (b".".to_vec(), None, false),
        Some(PathOrDescriptor::Path(path)) => (path.bytes().to_vec(), None, path.is_bytes),
        Some(PathOrDescriptor::Descriptor(fd, _)) => (Vec::new(), Some(*fd), false),
    };
    let mut prefix = prefix;
    if !prefix.is_empty() && prefix.last() != Some(&b'/') {
        prefix.push(b'/');
    }
    let class = vm.type_of_spec(&SCAN);
    let state = Some(Box::new(State { directory, prefix, fd, is_bytes }));
    vm.new_object(class, |header| Scan { header, given, state })
}

fn next(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    let mut this = This::<Scan>::of(vm, value).expect("the slot of a directory's iterator");
    let Some(state) = &mut this.state else { return Ok(None) };
    match state.directory.next_entry() {
        Ok(Some(entry)) => {
            let path = [&state.prefix[..], &entry.name].concat();
            let (fd, is_bytes) = (state.fd, state.is_bytes);
            new_entry(vm, entry, &path, fd, is_bytes).map(Some)
        }
        Ok(None) => {
            this.state = None;
            Ok(None)
        }
        Err(error) => {
            let given = this.given;
            this.state = None;
            Err(vm.raise_os(&error, Some(given)))
        }
    }
}

#[repr(C)]
pub struct DirEntry {
    header: Header,
    name: Value,
    path: Value,
    /// What `stat` gave, of the entry and of what it leads to; unbound: not asked for yet.
    status: Value,
    own_status: Value,
    inode: u64,
    /// Where the path begins; `HERE` for the current directory.
    dir: i32,
    kind: u8,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for DirEntry {
    const SPEC: &'static TypeSpec = &DIR_ENTRY;
}

pub static DIR_ENTRY: TypeSpec = TypeSpec {
    name: "DirEntry",
    module: "posix",
    doc: "A name in a directory, and what there is under it.",
    layout: Some(Layout::of::<DirEntry>(4)),
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<DirEntry>| {
            out.push_str("<DirEntry ");
            vm.write_repr(out, this.name)?;
            out.push('>' as u32);
            Ok(())
        }),
        ..Slots::NONE
    },
    methods: &[
        method("is_dir", FOLLOWING, |vm: &mut Vm, this: This<DirEntry>, follows: Option<bool>| {
            is_kind(vm, this, follows.unwrap_or(true), libc::S_IFDIR)
        })
        .doc("Is it a directory?"),
        method("is_file", FOLLOWING, |vm: &mut Vm, this: This<DirEntry>, follows: Option<bool>| {
            is_kind(vm, this, follows.unwrap_or(true), libc::S_IFREG)
        })
        .doc("Is it a regular file?"),
        method("is_symlink", "($self, /)", |vm: &mut Vm, this: This<DirEntry>| is_kind(vm, this, false, libc::S_IFLNK))
            .doc("Is it a symbolic link?"),
        method("is_junction", "($self, /)", |_: This<DirEntry>| false).doc("Is it a junction? Never, on this system."),
        method("stat", FOLLOWING, |vm: &mut Vm, this: This<DirEntry>, follows: Option<bool>| {
            stat(vm, this, follows.unwrap_or(true))
        })
        .doc("What os.stat gives of it; kept for the next time."),
        method("inode", "($self, /)", |vm: &mut Vm, this: This<DirEntry>| vm.new_int_from_u64(this.inode))
            .doc("The number of its inode."),
        method("__fspath__", "($self, /)", |this: This<DirEntry>| this.path).doc("Its path."),
    ],
    class_methods: &[CLASS_GETITEM],
    getters: &[
        field("name", |this: This<DirEntry>| this.name).doc("Its name in the directory."),
        field("path", |this: This<DirEntry>| this.path).doc("The name behind the path that was scanned."),
    ],
    ..TypeSpec::NEW
};

const FOLLOWING: &str = "($self, /, *, follow_symlinks=True)";

fn new_entry(vm: &mut Vm, entry: DirectoryEntry, path: &[u8], fd: Option<i32>, is_bytes: bool) -> PyResult {
    let name = vm.fs_name(&entry.name, is_bytes)?;
    let path = vm.fs_name(path, is_bytes)?;
    let class = vm.type_of_spec(&DIR_ENTRY);
    vm.new_object(class, |header| DirEntry {
        header,
        name,
        path,
        status: Value::UNBOUND,
        own_status: Value::UNBOUND,
        inode: entry.inode,
        dir: fd.unwrap_or(HERE),
        kind: entry.kind,
    })
}

fn look(vm: &mut Vm, this: This<DirEntry>, follows: bool) -> PyResult<HostResult<FileStatus>> {
    let path = vm.fs_c_string(this.path)?;
    Ok(fs::status_at(this.dir, &path, follow_flag(follows)))
}

fn stat(vm: &mut Vm, mut this: This<DirEntry>, follows: bool) -> PyResult {
    // Of what is no link there is nothing to follow.
    let follows = follows && !matches!(this.kind, kind if kind != libc::DT_LNK && kind != libc::DT_UNKNOWN);
    let kept = if follows { this.status } else { this.own_status };
    if !kept.is_unbound() {
        return Ok(kept);
    }
    unflushed::settle_at(vm, this.path);
    let status = look(vm, this, follows)?.or_raise_about(vm, this.path)?;
    let result = stat_result(vm, &status)?;
    if follows {
        this.status = result;
    } else {
        this.own_status = result;
    }
    vm.barrier(this.pointer());
    Ok(result)
}

/// What there was once and is no more is of no kind.
fn is_kind(vm: &mut Vm, this: This<DirEntry>, follows: bool, kind: u32) -> PyResult<bool> {
    let known = match this.kind {
        libc::DT_DIR => Some(libc::S_IFDIR),
        libc::DT_REG => Some(libc::S_IFREG),
        libc::DT_LNK if !follows => Some(libc::S_IFLNK),
        libc::DT_LNK | libc::DT_UNKNOWN => None,
        _ => Some(0),
    };
    if let Some(known) = known {
        return Ok(known == kind);
    }
    match look(vm, this, follows)? {
        Ok(status) => Ok(status.st_mode & libc::S_IFMT == kind),
        Err(HostError { errno: libc::ENOENT, .. }) => Ok(false),
        Err(error) => Err(vm.raise_os(&error, Some(this.path))),
    }
}
