//! Extended attributes of files.

use super::OrRaise;
use stitch_runtime::host::fs;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::path::{Path, PathOrDescriptor, PathOrHere};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("getxattr", "(path, attribute, *, follow_symlinks=True)", get).doc("The value of an extended attribute."),
    method("setxattr", "(path, attribute, value, flags=0, *, follow_symlinks=True)", set)
        .doc("Sets an extended attribute."),
    method("removexattr", "(path, attribute, *, follow_symlinks=True)", remove).doc("Removes an extended attribute."),
    method("listxattr", "(path=None, *, follow_symlinks=True)", list).doc("The names of a file's extended attributes."),
];

fn refuse(vm: &mut Vm, function: &str, path: &PathOrDescriptor, follows: bool) -> PyResult<()> {
    if matches!(path, PathOrDescriptor::Descriptor(..)) && !follows {
        return Err(vm.raise_value(&format!("{function}: cannot use fd and follow_symlinks together")));
    }
    Ok(())
}

fn get(vm: &mut Vm, path: PathOrDescriptor, name: Path, follows: Option<bool>) -> PyResult {
    let follows = follows.unwrap_or(true);
    refuse(vm, "getxattr", &path, follows)?;
    let value = fs::read_all(|buffer| match &path {
        PathOrDescriptor::Descriptor(fd, _) => fs::get_attribute_of_descriptor(*fd, name.c_str(), buffer),
        PathOrDescriptor::Path(path) if follows => fs::get_attribute(path.c_str(), name.c_str(), buffer),
        PathOrDescriptor::Path(path) => fs::get_attribute_of_link(path.c_str(), name.c_str(), buffer),
    });
    let value = value.or_raise_about(vm, path.given())?;
    vm.new_bytes(&value)
}

fn set(
    vm: &mut Vm,
    path: PathOrDescriptor,
    name: Path,
    value: BytesLike,
    flags: Option<i32>,
    follows: Option<bool>,
) -> PyResult<()> {
    let (flags, follows) = (flags.unwrap_or(0), follows.unwrap_or(true));
    refuse(vm, "setxattr", &path, follows)?;
    let set = match &path {
        PathOrDescriptor::Descriptor(fd, _) => fs::set_attribute_of_descriptor(*fd, name.c_str(), &value, flags),
        PathOrDescriptor::Path(path) if follows => fs::set_attribute(path.c_str(), name.c_str(), &value, flags),
        PathOrDescriptor::Path(path) => fs::set_attribute_of_link(path.c_str(), name.c_str(), &value, flags),
    };
    set.or_raise_about(vm, path.given())
}

fn remove(vm: &mut Vm, path: PathOrDescriptor, name: Path, follows: Option<bool>) -> PyResult<()> {
    let follows = follows.unwrap_or(true);
    refuse(vm, "removexattr", &path, follows)?;
    let removed = match &path {
        PathOrDescriptor::Descriptor(fd, _) => fs::remove_attribute_of_descriptor(*fd, name.c_str()),
        PathOrDescriptor::Path(path) if follows => fs::remove_attribute(path.c_str(), name.c_str()),
        PathOrDescriptor::Path(path) => fs::remove_attribute_of_link(path.c_str(), name.c_str()),
    };
    removed.or_raise_about(vm, path.given())
}

fn list(vm: &mut Vm, path: PathOrHere, follows: Option<bool>) -> PyResult {
    let follows = follows.unwrap_or(true);
    if let Some(path) = &path.0 {
        refuse(vm, "listxattr", path, follows)?;
    }
    let names = fs::read_all(|buffer| {
        let path = match &path.0 {
            Some(PathOrDescriptor::Descriptor(fd, _)) => return fs::list_attributes_of_descriptor(*fd, buffer),
            Some(PathOrDescriptor::Path(path)) => path.c_str(),
            None => c".",
        };
        if follows { fs::list_attributes(path, buffer) } else { fs::list_attributes_of_link(path, buffer) }
    });
    let names = names.or_raise_about(vm, super::directory::given(&path))?;
    let list = vm.new_list(&[])?;
    for name in names.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        let name: Value = vm.fs_decode(name);
        vm.list_push(list.as_ptr(), name)?;
    }
    Ok(list)
}
