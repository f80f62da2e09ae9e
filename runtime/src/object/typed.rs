//! Which struct is the memory of which built-in type: what `This<…>` rests on.

use super::header::Header;
use super::layout::*;
use super::spec::{Object, TypeSpec};
use crate::builtins::specs::*;
use std::ops::{Deref, DerefMut};

macro_rules! memory {
    ($($name:ty = $spec:ident $(, $also:ident)*;)*) => {$(
        // SAFETY: the table of built-in types has the struct for these types; it is `#[repr(C)]` and begins with a header.
        unsafe impl Object for $name {
            const SPEC: &'static TypeSpec = &$spec;
            const ALSO: &'static [&'static TypeSpec] = &[$(&$also),*];
        }
    )*};
}

memory! {
    Header = OBJECT;
    TypeObject = TYPE;
    IntObject = INT;
    FloatObject = FLOAT;
    ComplexObject = COMPLEX;
    StrObject = STR;
    TupleObject = TUPLE;
    ListObject = LIST;
    DictObject = DICT;
    SetObject = SET;
    FrozenSetObject = FROZEN_SET;
    AnySet = SET, FROZEN_SET;
    CellObject = CELL;
    CodeObject = CODE;
    FunctionObject = FUNCTION;
    NativeFunction = NATIVE_FUNCTION, NATIVE_METHOD, NATIVE_CLASS_METHOD, SLOT_WRAPPER, BOUND_SLOT_WRAPPER;
    GetSetObject = GET_SET;
    MemberObject = MEMBER;
    BoundMethod = BOUND_METHOD;
    MethodWrapper = STATIC_METHOD, CLASS_METHOD;
    PropertyObject = PROPERTY;
    SuperObject = SUPER;
    SliceObject = SLICE;
    RangeObject = RANGE;
    RangeIter = RANGE_ITER;
    LongRangeIter = LONG_RANGE_ITER;
    SeqIter = LIST_ITER, LIST_REVERSE_ITER, TUPLE_ITER, STR_ITER, BYTES_ITER, SEQUENCE_ITER, SEQUENCE_REVERSE_ITER;
    CallIter = CALL_ITER;
    DictView = DICT_KEYS, DICT_VALUES, DICT_ITEMS;
    DictIter = DICT_KEY_ITER, DICT_VALUE_ITER, DICT_ITEM_ITER, SET_ITER;
    EnumerateObject = ENUMERATE;
    ZipMapObject = ZIP, MAP, FILTER;
    ModuleObject = MODULE;
    TracebackObject = TRACEBACK;
    GeneratorObject = GENERATOR, COROUTINE, ASYNC_GENERATOR;
    AsyncStep = ASYNC_STEP;
    AsyncValue = ASYNC_VALUE;
    FrameObject = FRAME;
}

macro_rules! kinds_of_table {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[repr(transparent)]
        pub struct $name(DictObject);
        impl Deref for $name {
            type Target = DictObject;
            fn deref(&self) -> &DictObject {
                &self.0
            }
        }
        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut DictObject {
                &mut self.0
            }
        }
    )*};
}

kinds_of_table! {
    /// A `set`, whose entries have no values.
    SetObject;
    /// A `frozenset`.
    FrozenSetObject;
    /// A set or a frozenset.
    AnySet;
}
