//! Modules that are part of the program: native ones, made at their first import, and frozen Python sources.

use super::{json, math, posix, sys, time};
use crate::object::layout::ModuleObject;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Python source that is part of the program.
#[derive(Clone, Copy)]
pub struct FrozenSource {
    pub text: &'static str,
    pub is_package: bool,
}

#[derive(Clone, Copy)]
pub enum ModuleSource {
    /// Makes the module object; called at its first import.
    Native(fn(&mut Vm) -> PyResult<Value>),
    /// Compiled and run as a module's body at its first import.
    Frozen(FrozenSource),
}

/// One module. `import` asks the VM's tables for a row by name.
#[derive(Clone, Copy)]
pub struct ModuleRow {
    pub name: &'static str,
    pub source: ModuleSource,
}

const fn native_row(name: &'static str, make: fn(&mut Vm) -> PyResult<Value>) -> ModuleRow {
    ModuleRow { name, source: ModuleSource::Native(make) }
}

macro_rules! rows {
    (native { $($native:literal = $make:expr;)* } frozen { $($frozen:literal)* }) => {
        /// The modules that the VM itself has.
        pub const MODULES: &[ModuleRow] = &[
            $(native_row($native, $make),)*
            $(ModuleRow {
                name: $frozen,
                source: ModuleSource::Frozen(FrozenSource { text: include_str!(concat!("frozen/", $frozen, ".py")), is_package: false }),
            },)*
        ];
    };
}

rows! {
    native {
        "builtins" = make_builtins;
        "sys" = sys::make;
        "math" = math::make;
        "time" = time::make;
        "_stitch_host" = posix::make;
        "_stitch_json" = json::make;
    }
    frozen {
        "__future__" "_generic" "abc" "array" "bisect" "collections" "contextlib"
        "copy" "dataclasses" "enum" "fractions" "functools" "gc" "heapq" "io" "itertools"
        "json" "keyword" "operator" "os" "posixpath" "random" "string" "struct" "types" "typing"
        "warnings"
    }
}

fn make_builtins(vm: &mut Vm) -> PyResult {
    let name = vm.intern("builtins");
    let dict = vm.builtins;
    Ok(vm.make(BuiltinType::Module, |header| ModuleObject { header, dict, name }))
}

impl Vm {
    /// A module with `__name__`, `__doc__`, `__package__`, `__loader__` and `__spec__` set.
    pub fn new_module(&mut self, name: &str) -> Value {
        let dict = self.new_dict();
        let name_value = self.intern(name);
        let names = self.names;
        self.dict_set_name(dict, names.__name__, name_value);
        self.dict_set_name(dict, names.__doc__, Value::NONE);
        let package = self.intern(name.rsplit_once('.').map_or("", |(package, _)| package));
        self.dict_set_name(dict, names.__package__, package);
        self.dict_set_name(dict, names.__loader__, Value::NONE);
        self.dict_set_name(dict, names.__spec__, Value::NONE);
        self.make(BuiltinType::Module, |header| ModuleObject { header, dict, name: name_value })
    }

    /// The dict of a module object.
    pub fn module_dict(&self, module: Value) -> Value {
        debug_assert!(self.has_layout(module, BuiltinType::Module));
        // SAFETY: callers pass a module.
        unsafe { (*module.as_ptr::<ModuleObject>()).dict }
    }

    /// Sets an attribute of a module that is being made.
    pub fn set_module_entry(&mut self, module: Value, name: &str, value: Value) {
        let name = self.intern(name);
        let dict = self.module_dict(module);
        self.dict_set_name(dict, name, value);
    }
}
