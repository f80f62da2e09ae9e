//! Built-in classes' methods and the `builtins` and `sys` modules: one file a type, each a table of rows and the
//! functions it names.

mod async_generator;
mod async_throw;
mod attributes;
pub(crate) mod bytearray;
pub(crate) mod bytes;
mod class;
mod code;
pub(crate) mod codec;
mod complex;
mod construct;
mod descriptor;
mod dict;
pub(crate) mod exception;
pub(crate) mod exception_fields;
mod float;
pub(crate) mod frame;
mod frame_locals;
mod function;
mod functions;
mod generator;
pub(crate) mod generics;
mod group;
pub(crate) mod imp;
mod integer;
mod interactive;
mod iterator;
pub(crate) mod library_importer;
mod list;
mod make_function;
pub(crate) mod marshal;
mod math;
pub(crate) mod memoryview;
mod missing_name;
mod module;
pub(crate) mod module_spec;
mod named;
mod namespace;
mod native_function;
mod numbers;
mod object;
mod print;
mod property;
mod protocol;
mod proxy;
mod range;
mod receiver;
mod reduce;
mod set;
mod singleton;
mod site;
mod sort;
pub mod specs;
pub mod types {
    //! Specifications of built-in types, for types that derive from them.
    pub use super::bytearray::BYTEARRAY;
    pub use super::memoryview::MEMORYVIEW;
    pub use super::specs::*;
}
pub mod streams;
mod string;
mod super_object;
mod sys;
mod template;
mod traceback;
mod tuple;
mod unraisable;
mod view;

pub use construct::{Constructors, install as install_constructors};
pub use generics::new_alias;

pub(crate) use frame::LiveFrame;
pub(crate) use list::LIST_ITEMS;
pub use module::{Library, LibrarySource, MODULES};
pub use protocol::CLASS_GETITEM;
pub use string::is_identifier;
pub use sys::ShownSource;
pub(crate) use sys::{FLAGS, HIDDEN_FLAGS};

use crate::object::layout::TypeObject;
use crate::object::native::NativeRow;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;

/// Types without a layout in the VM's table that `builtins` has under their own name.
const NAMED_TYPES: [&TypeSpec; 2] = [&bytearray::BYTEARRAY, &memoryview::MEMORYVIEW];

/// Fills the built-in classes and the module `builtins`. The classes and exceptions exist.
pub fn install(vm: &mut Vm) {
    functions::install(vm);
    let names = [vm.intern("all"), vm.intern("any")];
    vm.quantifiers = names.map(|name| vm.dict_get_name(vm.builtins, name).unwrap_or(Value::NONE));
}

impl Vm {
    /// Adds a table of methods to a built-in class.
    pub fn add_methods(&mut self, ty: BuiltinType, rows: &[NativeRow]) {
        let class = self.class(ty);
        for &row in rows {
            self.add_method(class, row);
        }
    }

    /// Adds class methods: natives that get the class as `$self`.
    pub fn add_class_methods(&mut self, ty: BuiltinType, rows: &[NativeRow]) {
        for &row in rows {
            self.add_class_method(self.class(ty), row);
        }
    }

    pub fn add_static_methods(&mut self, ty: BuiltinType, rows: &[NativeRow]) {
        for &row in rows {
            self.add_static_method(self.class(ty), row);
        }
    }

    pub(crate) fn add_class_method(&mut self, class: *mut TypeObject, row: NativeRow) {
        let method = self.new_native_method(row, BuiltinType::NativeClassMethod, class);
        self.set_class_entry(class, row.name, method);
    }

    pub(crate) fn add_static_method(&mut self, class: *mut TypeObject, row: NativeRow) {
        let function = self.new_native_method(row, BuiltinType::NativeFunction, class);
        let method = self.new_method_wrapper(BuiltinType::StaticMethod, function);
        self.set_class_entry(class, row.name, method);
    }

    /// What `builtins` has under a name; None where that was deleted.
    pub fn builtin(&mut self, name: &str) -> Value {
        let name = self.intern(name);
        self.dict_get_name(self.builtins, name).unwrap_or(Value::NONE)
    }

    /// Writes into a class's dict while the VM is being built.
    pub fn set_class_entry(&mut self, class: *mut TypeObject, name: &str, value: Value) {
        let name = self.intern(name);
        // SAFETY: a live class with its dict.
        let dict = unsafe { (*class).dict };
        self.dict_set_name(dict, name, value);
    }

    /// Adds read-only computed attributes.
    pub fn add_getters(&mut self, ty: BuiltinType, rows: &[(&'static str, crate::object::layout::Getter)]) {
        let class = self.class(ty);
        for &(name, getter) in rows {
            self.add_getset(class, crate::object::spec::getter(name, getter));
        }
    }

    /// Adds native functions to a module's dict.
    pub fn add_functions(&mut self, dict: Value, module: &'static str, rows: &[NativeRow]) {
        for &row in rows {
            let function = self.new_module_function(row, module);
            let name = self.intern(row.name);
            self.dict_set_name(dict, name, function);
        }
    }
}
