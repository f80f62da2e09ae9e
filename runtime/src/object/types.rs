//! The built-in types: one row each. Their numbers are the shape ids of their exact instances.

use super::dict::IndexObject;
use super::header::Header;
use super::layout::*;

/// Shape ids from here on belong to instances of Python classes.
pub const FIRST_INSTANCE_SHAPE: u32 = 256;

macro_rules! builtin_types {
    ($($name:ident = $text:literal, $layout:ty, values $trace:expr;)*) => {
        /// A built-in type, or the layout that a class inherits from it.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum BuiltinType { $($name,)* }
        impl BuiltinType {
            pub const ALL: &'static [BuiltinType] = &[$(BuiltinType::$name,)*];
            pub const COUNT: usize = Self::ALL.len();
            pub const fn shape(self) -> u32 { self as u32 }
            pub fn name(self) -> &'static str { match self { $(BuiltinType::$name => $text,)* } }
            /// Header, values and raw words of an instance.
            pub const fn size_bytes(self) -> usize { match self { $(BuiltinType::$name => size_of::<$layout>(),)* } }
            pub const fn trace(self) -> u8 { match self { $(BuiltinType::$name => $trace,)* } }
        }
    };
}

impl BuiltinType {
    /// Is the word behind the header room for the attributes of an instance?
    pub const fn has_attributes(self) -> bool {
        use BuiltinType::*;
        matches!(self, Object | Type | List | Dict | Set | FrozenSet | StaticMethod | ClassMethod | Property)
    }
}

builtin_types! {
    Object = "object", Instance, values 1;
    Type = "type", TypeObject, values 7;
    NoneType = "NoneType", Header, values 0;
    Ellipsis = "ellipsis", Header, values 0;
    NotImplemented = "NotImplementedType", Header, values 0;
    Bool = "bool", Header, values 0;
    Int = "int", IntObject, values 0;
    Float = "float", Header, values 0;
    Complex = "complex", ComplexObject, values 0;
    Str = "str", StrObject, values 0;
    Bytes = "bytes", BytesObject, values 0;
    Array = "value array", ValueArray, values Header::TRACE_COUNTED;
    Tuple = "tuple", TupleObject, values Header::TRACE_COUNTED;
    List = "list", ListObject, values 2;
    Dict = "dict", DictObject, values 3;
    Set = "set", DictObject, values 3;
    FrozenSet = "frozenset", DictObject, values 3;
    Cell = "cell", CellObject, values 1;
    Code = "code", CodeObject, values 6;
    Function = "function", FunctionObject, values 14;
    NativeFunction = "builtin_function_or_method", NativeFunction, values 2;
    NativeMethod = "method_descriptor", NativeFunction, values 2;
    GetSet = "getset_descriptor", GetSetObject, values 2;
    Member = "member_descriptor", MemberObject, values 2;
    BoundMethod = "method", BoundMethod, values 2;
    StaticMethod = "staticmethod", MethodWrapper, values 2;
    ClassMethod = "classmethod", MethodWrapper, values 2;
    Property = "property", PropertyObject, values 6;
    Super = "super", SuperObject, values 3;
    Slice = "slice", SliceObject, values 3;
    Range = "range", RangeObject, values 4;
    RangeIter = "range_iterator", RangeIter, values 0;
    LongRangeIter = "longrange_iterator", LongRangeIter, values 3;
    ListIter = "list_iterator", SeqIter, values 1;
    ListReverseIter = "list_reverseiterator", SeqIter, values 1;
    TupleIter = "tuple_iterator", SeqIter, values 1;
    StrIter = "str_iterator", SeqIter, values 1;
    BytesIter = "bytes_iterator", SeqIter, values 1;
    SequenceIter = "iterator", SeqIter, values 1;
    SequenceReverseIter = "reversed", SeqIter, values 1;
    CallIter = "callable_iterator", CallIter, values 2;
    DictKeys = "dict_keys", DictView, values 1;
    DictValues = "dict_values", DictView, values 1;
    DictItems = "dict_items", DictView, values 1;
    DictKeyIter = "dict_keyiterator", DictIter, values 1;
    DictValueIter = "dict_valueiterator", DictIter, values 1;
    DictItemIter = "dict_itemiterator", DictIter, values 1;
    SetIter = "set_iterator", DictIter, values 1;
    Enumerate = "enumerate", EnumerateObject, values 2;
    Zip = "zip", ZipMapObject, values 2;
    Map = "map", ZipMapObject, values 2;
    Filter = "filter", ZipMapObject, values 2;
    Module = "module", ModuleObject, values 2;
    TextStream = "TextIOWrapper", StreamObject, values 0;
    Traceback = "traceback", TracebackObject, values 2;
    Generator = "generator", GeneratorObject, values Header::TRACE_GENERATOR;
    Coroutine = "coroutine", GeneratorObject, values Header::TRACE_GENERATOR;
    AsyncGenerator = "async_generator", GeneratorObject, values Header::TRACE_GENERATOR;
    AsyncStep = "async_generator_asend", AsyncStep, values 2;
    AsyncValue = "async_generator_wrapped_value", AsyncValue, values 1;
    Frame = "frame", FrameObject, values 6;
    TableIndex = "table index", IndexObject, values 0;
}
