//! The names in a directory.

use super::OrRaise;
use stitch_runtime::host::HostResult;
use stitch_runtime::host::fs::Directory;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::path::{PathOrDescriptor, PathOrHere};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] =
    &[method("listdir", "(path=None)", list).doc("The names in a directory, in no order.")];

/// Begins to read a directory.
pub fn open(path: &PathOrHere) -> HostResult<Directory> {
    match &path.0 {
        None => Directory::open(c"."),
        Some(PathOrDescriptor::Path(path)) => Directory::open(path.c_str()),
        Some(PathOrDescriptor::Descriptor(fd, _)) => Directory::of_descriptor(*fd),
    }
}

/// The file that an error tells of.
pub fn given(path: &PathOrHere) -> Value {
    path.0.as_ref().map_or(Value::NONE, PathOrDescriptor::given)
}

fn list(vm: &mut Vm, path: PathOrHere) -> PyResult {
    let as_bytes = matches!(&path.0, Some(PathOrDescriptor::Path(path)) if path.is_bytes);
    let mut directory = open(&path).or_raise_about(vm, given(&path))?;
    let names = vm.new_list(&[])?;
    while let Some(entry) = directory.next_entry().or_raise_about(vm, given(&path))? {
        let name = vm.fs_name(&entry.name, as_bytes)?;
        vm.list_push(names.as_ptr(), name)?;
    }
    Ok(names)
}
