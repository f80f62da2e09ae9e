//! The native modules of the runtime itself, made at their first import, and what the library is to it.

use super::{codec, generics, imp, marshal, math, named, sys};
use crate::interp::handlers::names::mapping_get;
use crate::object::argument::This;
use crate::object::layout::{DictObject, ModuleObject};
use crate::object::module::ModuleSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Modules whose sources are in the program, given out one by one.
pub trait Library: Sync {
    /// A module's source; `None` where there is no such module.
    fn source(&self, name: &str) -> Option<LibrarySource>;
    /// Is the module a package? `None` where there is no such module.
    fn is_package(&self, name: &str) -> Option<bool>;
    /// What differs between libraries that differ.
    fn fingerprint(&self) -> &'static str;
    /// All modules, sorted.
    fn names(&self) -> Vec<&'static str>;
    /// A file that is no module; `None` where there is no such file.
    fn resource(&self, path: &str) -> Option<Vec<u8>>;
    /// The paths of all files that are no modules, sorted.
    fn resources(&self) -> Vec<&'static str>;
}

/// What a library has of a module.
pub struct LibrarySource {
    pub text: Vec<u8>,
    pub is_package: bool,
}

/// The native modules that the VM itself has.
pub static MODULES: &[&ModuleSpec] = &[
    &BUILTINS,
    &sys::MODULE,
    &math::MODULE,
    &generics::MODULE,
    &named::MODULE,
    &codec::MODULE,
    &marshal::MODULE,
    &imp::MODULE,
];

static BUILTINS: ModuleSpec = ModuleSpec {
    name: "builtins",
    doc: "What every program can name.",
    on_demand: super::site::NAMES,
    exec: Some(|vm, module| {
        // They were there before any module.
        if let Some(mut module) = This::<ModuleObject>::of(vm, module) {
            let (spec, package) = (vm.names.__spec__, vm.names.__package__);
            for name in [package, spec] {
                let value = vm.dict_get_name(module.dict, name).unwrap_or(Value::NONE);
                vm.dict_set_name(vm.builtins, name, value);
            }
            module.dict = vm.builtins;
            vm.barrier(module.pointer());
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

impl Vm {
    /// What has a name neither among these globals nor among the built-in ones yet: it is made, or there is none and NameError
    /// is raised.
    pub(crate) fn missing_name(&mut self, globals: Value, builtins: Value, name: Value) -> PyResult {
        if let Some(value) = self.name_of_spec(globals, name)? {
            return Ok(value);
        }
        if builtins == self.builtins
            && let Some(value) = self.make_on_demand(&BUILTINS, builtins, name)?
        {
            return Ok(value);
        }
        if builtins != self.builtins
            && let Some(value) = self.name_in_other_builtins(globals, name)?
        {
            return Ok(value);
        }
        Err(self.raise_name(name))
    }

    /// What the globals' `__builtins__` has under a name, where that is no plain dict.
    pub(crate) fn name_in_other_builtins(&mut self, globals: Value, name: Value) -> PyResult<Option<Value>> {
        match self.dict_get_name(globals, self.names.__builtins__) {
            Some(mapping) if !self.is_exactly::<DictObject>(mapping) && !self.is_a::<ModuleObject>(mapping) => {
                mapping_get(self, mapping, name)
            }
            _ => Ok(None),
        }
    }

    /// A module with `__name__`, `__doc__`, `__package__` and `__spec__` set, the last to None.
    pub fn new_module(&mut self, name: &str) -> Value {
        let dict = self.new_dict();
        let name_value = self.intern(name);
        let names = self.names;
        self.dict_set_name(dict, names.__name__, name_value);
        self.dict_set_name(dict, names.__doc__, Value::NONE);
        let package = self.intern(name.rsplit_once('.').map_or("", |(package, _)| package));
        self.dict_set_name(dict, names.__package__, package);
        self.dict_set_name(dict, names.__spec__, Value::NONE);
        self.make(BuiltinType::Module, |header| ModuleObject { header, dict, name: name_value })
    }

    /// A module that has nothing yet.
    pub fn unnamed_module(&mut self) -> Value {
        let dict = self.new_dict();
        let name = self.intern("?");
        self.make(BuiltinType::Module, |header| ModuleObject { header, dict, name })
    }

    /// The dict of a module object.
    pub fn module_dict(&self, module: Value) -> Value {
        This::<ModuleObject>::expect(self, module).dict
    }

    /// Sets an attribute of a module that is being made.
    pub fn set_module_entry(&mut self, module: Value, name: &str, value: Value) {
        let name = self.intern(name);
        let dict = self.module_dict(module);
        self.dict_set_name(dict, name, value);
    }
}
