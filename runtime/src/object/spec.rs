//! What a built-in type is, in one static value.

use super::slots::Slots;
use super::types::BuiltinType;

/// The specification of a built-in type.
pub struct TypeSpec {
    /// As `__name__` gives it.
    pub name: &'static str,
    /// As `__doc__` gives it.
    pub doc: &'static str,
    pub base: BuiltinType,
    /// May Python classes derive from it?
    pub is_base: bool,
    /// `__hash__` is None.
    pub is_unhashable: bool,
    pub slots: Slots,
}

impl TypeSpec {
    /// A type of which nothing is said yet.
    pub const NEW: TypeSpec = TypeSpec {
        name: "",
        doc: "",
        base: BuiltinType::Object,
        is_base: false,
        is_unhashable: false,
        slots: Slots::NONE,
    };
}
