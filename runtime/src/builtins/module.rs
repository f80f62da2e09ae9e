//! Modules that are part of the program: native ones, made at their first import, and frozen Python sources.

use super::{math, posix, sys, time};
use crate::object::layout::ModuleObject;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

type Make = fn(&mut Vm) -> PyResult;

const NATIVE: &[(&str, Make)] =
    &[("builtins", make_builtins), ("sys", sys::make), ("math", math::make), ("time", time::make), ("_stitch_host", posix::make)];

macro_rules! frozen {
    ($($name:literal)*) => {
        const FROZEN: &[(&str, &str)] = &[$(($name, include_str!(concat!("frozen/", $name, ".py"))),)*];
    };
}

frozen! {
    "__future__" "_random" "abc" "bisect" "collections" "contextlib" "copy" "dataclasses" "enum" "functools" "gc" "heapq" "io"
    "itertools" "keyword" "operator" "os" "posixpath" "random" "string" "types" "typing" "warnings"
}

/// Makes the native module of this name; `None` where there is none.
pub fn native_module(vm: &mut Vm, name: &str) -> Option<PyResult> {
    let (_, make) = NATIVE.iter().find(|row| row.0 == name)?;
    Some(make(vm))
}

/// The frozen source of this name.
pub fn frozen_source(name: &str) -> Option<&'static str> {
    FROZEN.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// Names of the modules that are part of the program.
pub fn module_names() -> impl Iterator<Item = &'static str> {
    NATIVE.iter().map(|row| row.0).chain(FROZEN.iter().map(|row| row.0))
}

fn make_builtins(vm: &mut Vm) -> PyResult {
    let name = vm.intern("builtins");
    let dict = vm.builtins;
    Ok(vm.make(BuiltinType::Module, |header| ModuleObject { header, dict, name }))
}
