//! `_stitch_host`: what the frozen module `io` needs of the operating system.

use crate::host::{self, HostError, PathKind};
use crate::object::argument::{FilePath, Str, method};
use crate::object::buffer::BytesLike;
use crate::object::module::ModuleSpec;
use crate::object::native::NativeRow;
use crate::vm::{PyResult, Vm};

const FUNCTIONS: &[NativeRow] = &[
    method("path_kind", "(path, /)", |path: FilePath| match host::path_kind(&path.0) {
        PathKind::Missing => 0i64,
        PathKind::File => 1,
        PathKind::Directory => 2,
        PathKind::Other => 3,
    })
    .doc("0: there is nothing, 1: a file, 2: a directory, 3: something else."),
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
];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_stitch_host",
    doc: "What the frozen module io needs of the host.",
    functions: FUNCTIONS,
    ..ModuleSpec::NEW
};

fn on_path<T>(vm: &mut Vm, path: &FilePath, act: impl FnOnce(&str) -> Result<T, HostError>) -> PyResult<T> {
    act(&path.0).map_err(|error| vm.raise_host(&error, Some(&path.0)))
}
