//! What several built-in types have in common.

use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// `list[int]` and the like, as a class method's row.
pub const CLASS_GETITEM: NativeRow =
    native("__class_getitem__", "($self, item, /)", class_getitem).doc("The class with these parameters.");

pub fn add_class_getitem(vm: &mut Vm, ty: BuiltinType) {
    vm.add_class_methods(ty, &[CLASS_GETITEM]);
}

/// A class with parameters.
pub fn class_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    super::generics::new_alias(vm, args[0], args[1])
}
