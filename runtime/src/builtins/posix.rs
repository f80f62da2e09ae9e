//! `_stitch_host`: what the frozen modules `os`, `posixpath` and `io` need of the operating system.

use crate::host::{self, HostError, PathKind};
use crate::object::argument::{FilePath, Index, Str, method};
use crate::object::buffer::BytesLike;
use crate::object::module::ModuleSpec;
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const FUNCTIONS: &[NativeRow] = &[
    method("getcwd", "()", |vm: &mut Vm| host::current_directory().map_err(|error| vm.raise_host(&error, None)))
        .doc("The current directory."),
    method("chdir", "(path, /)", |vm: &mut Vm, path: FilePath| on_path(vm, &path, host::change_directory))
        .doc("Changes the current directory."),
    method("mkdir", "(path, /)", |vm: &mut Vm, path: FilePath| on_path(vm, &path, host::make_directory))
        .doc("Makes a directory."),
    method("rmdir", "(path, /)", |vm: &mut Vm, path: FilePath| on_path(vm, &path, host::remove_directory))
        .doc("Removes an empty directory."),
    method("remove", "(path, /)", |vm: &mut Vm, path: FilePath| on_path(vm, &path, host::remove_file))
        .doc("Removes a file."),
    method("rename", "(from, to, /)", |vm: &mut Vm, from: FilePath, to: FilePath| {
        on_path(vm, &from, |from| host::rename(from, &to.0))
    })
    .doc("Gives a file another name."),
    method("listdir", "(path, /)", listdir).doc("The names in a directory."),
    method("path_kind", "(path, /)", |path: FilePath| match host::path_kind(&path.0) {
        PathKind::Missing => 0i64,
        PathKind::File => 1,
        PathKind::Directory => 2,
        PathKind::Other => 3,
    })
    .doc("0: there is nothing, 1: a file, 2: a directory, 3: something else."),
    method("is_link", "(path, /)", |path: FilePath| host::is_link(&path.0)).doc("Is it a symbolic link?"),
    method("getsize", "(path, /)", |vm: &mut Vm, path: FilePath| -> PyResult<i64> {
        Ok(on_path(vm, &path, host::file_size)? as i64)
    })
    .doc("The size of a file in bytes."),
    method("realpath", "(path, /)", |path: FilePath| host::real_path(&path.0).ok())
        .doc("The path without symbolic links; None where it leads nowhere."),
    method("read_file", "(path, /)", |vm: &mut Vm, path: FilePath| {
        let data = on_path(vm, &path, host::read_file)?;
        vm.new_bytes(&data)
    })
    .doc("The bytes of a file."),
    method("write_file", "(path, data, mode, /)", |vm: &mut Vm, path: FilePath, data: BytesLike, mode: Str| {
        let mode = mode.text().chars().next().unwrap_or('w');
        on_path(vm, &path, |path| host::write_file(path, &data, mode))
    })
    .doc("Writes bytes to a file, which is opened by a mode of one letter."),
    method("environment", "()", environment).doc("The variables of the environment."),
    method("getpid", "()", || i64::from(host::process_id())).doc("The number of the process."),
    method("urandom", "(size, /)", urandom).doc("So many bytes that nobody can foretell."),
    method("decode_utf8", "(data, /)", |vm: &mut Vm, data: BytesLike| {
        super::codec::decode(vm, &data, Value::UNBOUND, Value::UNBOUND)
    })
    .doc("The text of bytes in UTF-8."),
];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_stitch_host",
    doc: "What the frozen modules need of the host.",
    functions: FUNCTIONS,
    ..ModuleSpec::NEW
};

fn on_path<T>(vm: &mut Vm, path: &FilePath, act: impl FnOnce(&str) -> Result<T, HostError>) -> PyResult<T> {
    act(&path.0).map_err(|error| vm.raise_host(&error, Some(&path.0)))
}

fn listdir(vm: &mut Vm, path: FilePath) -> PyResult {
    let names = on_path(vm, &path, host::list_directory)?;
    let list = vm.new_list(&[])?;
    for name in names {
        let name = vm.new_str(&name);
        vm.list_push(list.as_ptr(), name)?;
    }
    Ok(list)
}

fn environment(vm: &mut Vm) -> PyResult {
    let dict = vm.new_dict();
    for (name, value) in host::environment() {
        let name = vm.new_str(&name);
        let value = vm.new_str(&value);
        vm.dict_set(dict, name, value)?;
    }
    Ok(dict)
}

fn urandom(vm: &mut Vm, size: Index) -> PyResult {
    match usize::try_from(size.0) {
        Ok(size) => vm.new_bytes_with(size, host::entropy),
        Err(_) => Err(vm.raise_value("negative argument not allowed")),
    }
}
