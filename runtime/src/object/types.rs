//! The built-in types: one row each. Their numbers are the shape ids of their exact instances.

use super::append::AppendBuffer;
use super::dict::IndexObject;
use super::header::Header;
use super::layout::*;
use super::slots::table::SLOTS;
use super::slots::{Slots, unhashable};
use super::spec::TypeSpec;
use crate::builtins::specs::*;

/// Shape ids from here on belong to instances of Python classes.
pub const FIRST_INSTANCE_SHAPE: u32 = 256;

macro_rules! builtin_types {
    ($($name:ident = $spec:path, $layout:ty, values $trace:expr $(, attributes $attributes:ident)? $(, frees $free:path)?;)*) => {
        /// A built-in type, or the layout that a class inherits from it.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum BuiltinType { $($name,)* }
        impl BuiltinType {
            pub const ALL: &'static [BuiltinType] = &[$(BuiltinType::$name,)*];
            pub const COUNT: usize = Self::ALL.len();
            #[inline(always)]
            pub const fn shape(self) -> u32 { self as u32 }
            pub fn spec(self) -> &'static TypeSpec { match self { $(BuiltinType::$name => &$spec,)* } }
            /// Header, values and raw words of an instance.
            pub const fn size_bytes(self) -> usize { match self { $(BuiltinType::$name => size_of::<$layout>(),)* } }
            pub const fn trace(self) -> u8 { match self { $(BuiltinType::$name => $trace,)* } }
            /// Where subclasses' instances have their attributes.
            const fn attributes(self) -> Attributes {
                match self { $(BuiltinType::$name => one_or!(Attributes::Last $(, Attributes::$attributes)?),)* }
            }
            /// Frees what a dead object owns outside of the heap.
            pub fn free(self) -> Option<unsafe fn(*mut Header)> {
                match self { $(BuiltinType::$name => one_or!(None $(, Some($free))?),)* }
            }
        }
    };
}

impl BuiltinType {
    /// The type that it derives from; `object` from itself.
    pub fn base(self) -> BuiltinType {
        match self.spec().base {
            Some(base) => *Self::ALL.iter().find(|ty| std::ptr::eq(ty.spec(), base)).expect("a type of this table"),
            None => BuiltinType::Object,
        }
    }
    pub fn name(self) -> &'static str {
        self.spec().name
    }
    /// What the type and its bases can do.
    pub fn slots(self) -> Slots {
        let spec = self.spec();
        let mut slots = if self == BuiltinType::Object { Slots::NONE } else { self.base().slots() };
        for row in SLOTS.iter().filter(|row| (row.is_filled)(&spec.slots)) {
            (row.copy)(&mut slots, &spec.slots);
        }
        if spec.is_unhashable {
            slots.hash = Some(unhashable);
        }
        slots
    }
    /// Is the word behind the header room for the attributes of an instance? Else that of a subclass is its last word.
    pub const fn has_attributes(self) -> bool {
        !matches!(self.attributes(), Attributes::Last)
    }
    /// Have its instances slots in the object?
    pub const fn has_inline_slots(self) -> bool {
        matches!(self.attributes(), Attributes::Inline)
    }
}

/// Where instances of classes that derive from a type have their attributes.
enum Attributes {
    /// Behind what the type has.
    Last,
    /// Behind the header.
    First,
    /// There, and in slots that follow.
    Inline,
}

macro_rules! one_or {
    ($otherwise:expr) => {
        $otherwise
    };
    ($otherwise:expr, $one:expr) => {
        $one
    };
}

builtin_types! {
    Object = OBJECT, Instance, values 1, attributes Inline;
    BaseException = BASE_EXCEPTION, Instance, values 1, attributes Inline;
    Type = TYPE, TypeObject, values 7, attributes First, frees TypeObject::free;
    NoneType = NONE_TYPE, Header, values 0;
    Ellipsis = ELLIPSIS, Header, values 0;
    NotImplemented = NOT_IMPLEMENTED, Header, values 0;
    Bool = BOOL, Header, values 0;
    Int = INT, IntObject, values 0, frees IntObject::free;
    Float = FLOAT, FloatObject, values 0;
    Complex = COMPLEX, ComplexObject, values 0;
    Str = STR, StrObject, values 0;
    Bytes = BYTES, BytesObject, values 0;
    Array = ARRAY, ValueArray, values Header::TRACE_COUNTED;
    Tuple = TUPLE, TupleObject, values Header::TRACE_COUNTED;
    List = LIST, ListObject, values 2, attributes First;
    Dict = DICT, DictObject, values 3, attributes First;
    Set = SET, DictObject, values 3, attributes First;
    FrozenSet = FROZEN_SET, DictObject, values 3, attributes First;
    Cell = CELL, CellObject, values 1;
    Code = CODE, CodeObject, values 6, frees CodeObject::free;
    Function = FUNCTION, FunctionObject, values 14;
    NativeFunction = NATIVE_FUNCTION, NativeFunction, values 2;
    NativeMethod = NATIVE_METHOD, NativeFunction, values 2;
    NativeClassMethod = NATIVE_CLASS_METHOD, NativeFunction, values 2;
    SlotWrapper = SLOT_WRAPPER, NativeFunction, values 2;
    BoundSlotWrapper = BOUND_SLOT_WRAPPER, NativeFunction, values 2;
    GetSet = GET_SET, GetSetObject, values 2;
    Member = MEMBER, MemberObject, values 2;
    BoundMethod = BOUND_METHOD, BoundMethod, values 2;
    StaticMethod = STATIC_METHOD, MethodWrapper, values 2, attributes First;
    ClassMethod = CLASS_METHOD, MethodWrapper, values 2, attributes First;
    Property = PROPERTY, PropertyObject, values 6, attributes First;
    Super = SUPER, SuperObject, values 3;
    Slice = SLICE, SliceObject, values 3;
    Range = RANGE, RangeObject, values 4;
    RangeIter = RANGE_ITER, RangeIter, values 0;
    LongRangeIter = LONG_RANGE_ITER, LongRangeIter, values 3;
    ListIter = LIST_ITER, SeqIter, values 1;
    ListReverseIter = LIST_REVERSE_ITER, SeqIter, values 1;
    TupleIter = TUPLE_ITER, SeqIter, values 1;
    StrIter = STR_ITER, SeqIter, values 1;
    BytesIter = BYTES_ITER, SeqIter, values 1;
    SequenceIter = SEQUENCE_ITER, SeqIter, values 1;
    SequenceReverseIter = SEQUENCE_REVERSE_ITER, SeqIter, values 1;
    CallIter = CALL_ITER, CallIter, values 2;
    DictKeys = DICT_KEYS, DictView, values 1;
    DictValues = DICT_VALUES, DictView, values 1;
    DictItems = DICT_ITEMS, DictView, values 1;
    DictKeyIter = DICT_KEY_ITER, DictIter, values 1;
    DictValueIter = DICT_VALUE_ITER, DictIter, values 1;
    DictItemIter = DICT_ITEM_ITER, DictIter, values 1;
    SetIter = SET_ITER, DictIter, values 1;
    Enumerate = ENUMERATE, EnumerateObject, values 2;
    Zip = ZIP, ZipMapObject, values 2;
    Map = MAP, ZipMapObject, values 2;
    Filter = FILTER, ZipMapObject, values 2;
    Module = MODULE, ModuleObject, values 2;
    Traceback = TRACEBACK, TracebackObject, values 6;
    Generator = GENERATOR, GeneratorObject, values Header::TRACE_GENERATOR;
    Coroutine = COROUTINE, GeneratorObject, values Header::TRACE_GENERATOR;
    AsyncGenerator = ASYNC_GENERATOR, GeneratorObject, values Header::TRACE_GENERATOR;
    AsyncStep = ASYNC_STEP, AsyncStep, values 2;
    AsyncValue = ASYNC_VALUE, AsyncValue, values 1;
    Frame = FRAME, FrameObject, values 8;
    Native = NATIVE, Header, values 0;
    TableIndex = TABLE_INDEX, IndexObject, values 0;
    AppendBuffer = APPEND_BUFFER, AppendBuffer, values 0;
}
