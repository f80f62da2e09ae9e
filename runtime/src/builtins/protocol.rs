//! What several built-in types have in common.

use crate::object::argument::method;
use crate::object::native::NativeRow;
use crate::object::types::BuiltinType;
use crate::vm::Vm;

/// `list[int]` and the like, as a class method's row.
pub const CLASS_GETITEM: NativeRow =
    method("__class_getitem__", "($self, item, /)", super::generics::new_alias).doc("The class with these parameters.");

pub fn add_class_getitem(vm: &mut Vm, ty: BuiltinType) {
    vm.add_class_methods(ty, &[CLASS_GETITEM]);
}
