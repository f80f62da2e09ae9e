//! What several built-in types have in common.

use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::vm::Vm;

/// `list[int]` and the like: a parameterized class stands for itself, since nothing looks at its parameters.
pub const CLASS_GETITEM: NativeRow = native("__class_getitem__", "($self, item, /)", |vm, args| {
    let module = vm.import_dotted("_generic")?;
    let name = vm.intern("GenericAlias");
    let class = vm.get_attr(module, name)?;
    vm.call(class, args)
})
.doc("The class with these parameters.");

pub fn add_class_getitem(vm: &mut Vm, ty: BuiltinType) {
    vm.add_class_methods(ty, &[CLASS_GETITEM]);
}
