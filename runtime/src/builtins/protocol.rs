//! What several built-in types have in common.

use crate::object::argument::method;
use crate::object::native::NativeRow;

/// `list[int]` and the like, as a class method's row.
pub const CLASS_GETITEM: NativeRow =
    method("__class_getitem__", "($self, item, /)", super::generics::new_alias).doc("The class with these parameters.");
