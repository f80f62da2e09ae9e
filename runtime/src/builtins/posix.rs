//! `_stitch_host`: what the frozen modules `os`, `posixpath` and `io` need of the operating system.

use super::bytes::path_text;
use super::functions::text_argument;
use super::receiver::list_of;
use crate::host::{self, HostError, PathKind};
use crate::object::buffer::BytesLike;
use crate::object::module::ModuleSpec;
use crate::object::native::{NativeRow, native};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const FUNCTIONS: &[NativeRow] = &[
    native("getcwd", "()", |vm, _| match host::current_directory() {
        Ok(path) => Ok(vm.new_str(&path)),
        Err(error) => Err(vm.raise_host(&error, None)),
    }),
    native("chdir", "(path, /)", |vm, args| on_path(vm, args[0], host::change_directory)),
    native("mkdir", "(path, /)", |vm, args| on_path(vm, args[0], host::make_directory)),
    native("rmdir", "(path, /)", |vm, args| on_path(vm, args[0], host::remove_directory)),
    native("remove", "(path, /)", |vm, args| on_path(vm, args[0], host::remove_file)),
    native("rename", "(from, to, /)", |vm, args| {
        let to = path_text(vm, args[1])?;
        on_path(vm, args[0], |from| host::rename(from, &to))
    }),
    native("listdir", "(path, /)", listdir),
    native("path_kind", "(path, /)", |vm, args| {
        let path = path_text(vm, args[0])?;
        Ok(Value::small_int(match host::path_kind(&path) {
            PathKind::Missing => 0,
            PathKind::File => 1,
            PathKind::Directory => 2,
            PathKind::Other => 3,
        }))
    }),
    native("is_link", "(path, /)", |vm, args| Ok(Value::bool(host::is_link(&path_text(vm, args[0])?)))),
    native("getsize", "(path, /)", |vm, args| {
        let path = path_text(vm, args[0])?;
        match host::file_size(&path) {
            Ok(size) => Ok(vm.new_int(size as i64)),
            Err(error) => Err(vm.raise_host(&error, Some(&path))),
        }
    }),
    native("realpath", "(path, /)", |vm, args| {
        let path = path_text(vm, args[0])?;
        Ok(match host::real_path(&path) {
            Ok(real) => vm.new_str(&real),
            Err(_) => Value::NONE,
        })
    }),
    native("read_file", "(path, /)", |vm, args| {
        let path = path_text(vm, args[0])?;
        match host::read_file(&path) {
            Ok(data) => vm.new_bytes(&data),
            Err(error) => Err(vm.raise_host(&error, Some(&path))),
        }
    }),
    native("write_file", "(path, data, mode, /)", |vm, args| {
        let path = path_text(vm, args[0])?;
        let mode = text_argument(vm, args[2], "mode")?;
        let data = BytesLike::of(vm, args[1])?;
        match host::write_file(&path, &data, mode.chars().next().unwrap_or('w')) {
            Ok(()) => Ok(Value::NONE),
            Err(error) => Err(vm.raise_host(&error, Some(&path))),
        }
    }),
    native("environment", "()", environment),
    native("getpid", "()", |_, _| Ok(Value::small_int(host::process_id() as i64))),
    native("urandom", "(size, /)", |vm, args| {
        let size = vm.index_i64(args[0])?;
        if !(0..=1 << 30).contains(&size) {
            return Err(vm.raise_value("negative argument not allowed"));
        }
        let mut data = vec![0; size as usize];
        host::entropy(&mut data);
        vm.new_bytes(&data)
    }),
    native("collect", "(generation=2, /)", |vm, _| {
        vm.collect_garbage(true);
        Ok(Value::small_int(0))
    }),
    native("decode_utf8", "(data, /)", |vm, args| {
        let data = BytesLike::of(vm, args[0])?;
        super::string::codec::decode(vm, &data, Value::UNBOUND, Value::UNBOUND)
    }),
];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_stitch_host",
    doc: "What the frozen modules need of the host.",
    functions: FUNCTIONS,
    ..ModuleSpec::NEW
};

fn on_path(vm: &mut Vm, path: Value, act: impl FnOnce(&str) -> Result<(), HostError>) -> PyResult {
    let path = path_text(vm, path)?;
    match act(&path) {
        Ok(()) => Ok(Value::NONE),
        Err(error) => Err(vm.raise_host(&error, Some(&path))),
    }
}

fn listdir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let path = path_text(vm, args[0])?;
    let names = match host::list_directory(&path) {
        Ok(names) => names,
        Err(error) => return Err(vm.raise_host(&error, Some(&path))),
    };
    let list = vm.new_list(&[])?;
    for name in names {
        let name = vm.new_str(&name);
        vm.list_push(list_of(list), name)?;
    }
    Ok(list)
}

fn environment(vm: &mut Vm, _args: &[Value]) -> PyResult {
    let dict = vm.new_dict();
    for (name, value) in host::environment() {
        let name = vm.new_str(&name);
        let value = vm.new_str(&value);
        vm.dict_set(dict, name, value)?;
    }
    Ok(dict)
}
