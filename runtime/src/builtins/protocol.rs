//! What several built-in types have in common.

use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::vm::Vm;

/// `__class_getitem__`, as a class method's row: `list[int]` and the like.
pub const fn class_getitem() -> NativeRow {
    native("__class_getitem__", "($self, item, /)", |vm, args| {
        let module = vm.import_dotted("_generic")?;
        let name = vm.intern("GenericAlias");
        let class = vm.get_attr(module, name)?;
        vm.call(class, args)
    })
    .doc("The class with parameters.")
}

/// Gives a built-in type `__class_getitem__`.
pub fn add_class_getitem(vm: &mut Vm, ty: BuiltinType) {
    vm.add_class_methods(ty, &[class_getitem()]);
}
