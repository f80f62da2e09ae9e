//! Which struct is the memory of which built-in type: what `This<…>` rests on.

use super::header::Header;
use super::layout::*;
use super::spec::{Object, TypeSpec};
use super::types::BuiltinType;
use crate::builtins::specs::*;
use std::ops::{Deref, DerefMut};

macro_rules! memory {
    ($($name:ty = $spec:ident $(: $row:ident)? $(, $also:ident)*;)*) => {$(
        // SAFETY: the table of built-in types has the struct for these types; it is `#[repr(C)]` and begins with a header.
        unsafe impl Object for $name {
            const SPEC: &'static TypeSpec = &$spec;
            const ALSO: &'static [&'static TypeSpec] = &[$(&$also),*];
            $(const ROW: Option<BuiltinType> = Some(BuiltinType::$row);)?
        }
    )*};
}

memory! {
    Header = OBJECT;
    TypeObject = TYPE: Type;
    IntObject = INT: Int;
    FloatObject = FLOAT: Float;
    ComplexObject = COMPLEX: Complex;
    StrObject = STR: Str;
    TupleObject = TUPLE: Tuple;
    ListObject = LIST: List;
    DictObject = DICT: Dict;
    SetObject = SET: Set;
    FrozenSetObject = FROZEN_SET: FrozenSet;
    AnySet = SET, FROZEN_SET;
    CellObject = CELL: Cell;
    CodeObject = CODE: Code;
    FunctionObject = FUNCTION: Function;
    NativeFunction = NATIVE_FUNCTION, NATIVE_METHOD, NATIVE_CLASS_METHOD, SLOT_WRAPPER, BOUND_SLOT_WRAPPER;
    GetSetObject = GET_SET: GetSet;
    MemberObject = MEMBER: Member;
    BoundMethod = BOUND_METHOD: BoundMethod;
    MethodWrapper = STATIC_METHOD, CLASS_METHOD;
    PropertyObject = PROPERTY: Property;
    SuperObject = SUPER: Super;
    SliceObject = SLICE: Slice;
    RangeObject = RANGE: Range;
    RangeIter = RANGE_ITER: RangeIter;
    LongRangeIter = LONG_RANGE_ITER: LongRangeIter;
    SeqIter = LIST_ITER, LIST_REVERSE_ITER, TUPLE_ITER, STR_ITER, BYTES_ITER, SEQUENCE_ITER, SEQUENCE_REVERSE_ITER;
    CallIter = CALL_ITER: CallIter;
    DictView = DICT_KEYS, DICT_VALUES, DICT_ITEMS;
    DictIter = DICT_KEY_ITER, DICT_VALUE_ITER, DICT_ITEM_ITER, SET_ITER;
    EnumerateObject = ENUMERATE: Enumerate;
    ZipMapObject = ZIP, MAP, FILTER;
    ModuleObject = MODULE: Module;
    TracebackObject = TRACEBACK: Traceback;
    GeneratorObject = GENERATOR, COROUTINE, ASYNC_GENERATOR;
    AsyncStep = ASYNC_STEP: AsyncStep;
    AsyncValue = ASYNC_VALUE: AsyncValue;
    FrameObject = FRAME: Frame;
    NativeFunctionObject = NATIVE_FUNCTION: NativeFunction;
    NativeMethod = NATIVE_METHOD: NativeMethod;
    SlotWrapper = SLOT_WRAPPER: SlotWrapper;
    Generator = GENERATOR: Generator;
    Coroutine = COROUTINE: Coroutine;
    AsyncGenerator = ASYNC_GENERATOR: AsyncGenerator;
    ListIterator = LIST_ITER: ListIter;
    KeysView = DICT_KEYS: DictKeys;
    SetView = DICT_KEYS, DICT_ITEMS;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident: $memory:ty;)*) => {$(
        $(#[$doc])*
        #[repr(transparent)]
        pub struct $name($memory);
        impl Deref for $name {
            type Target = $memory;
            fn deref(&self) -> &$memory {
                &self.0
            }
        }
        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut $memory {
                &mut self.0
            }
        }
    )*};
}

kinds! {
    /// A `set`, whose entries have no values.
    SetObject: DictObject;
    /// A `frozenset`.
    FrozenSetObject: DictObject;
    /// A set or a frozenset.
    AnySet: DictObject;
    /// A function made in Rust that is no method.
    NativeFunctionObject: NativeFunction;
    /// A method made in Rust.
    NativeMethod: NativeFunction;
    /// The method of a built-in type that calls its slot.
    SlotWrapper: NativeFunction;
    /// A generator, no coroutine.
    Generator: GeneratorObject;
    /// A coroutine.
    Coroutine: GeneratorObject;
    /// An asynchronous generator.
    AsyncGenerator: GeneratorObject;
    /// The keys of a dict.
    KeysView: DictView;
    /// Keys or items of a dict, which are like sets.
    SetView: DictView;
    /// An iterator over a list.
    ListIterator: SeqIter;
}
