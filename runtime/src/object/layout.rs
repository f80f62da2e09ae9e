//! The layouts of built-in objects.
//!
//! Every object starts with its `Header`; then come the words that are values (so many as `Header::trace` says), then
//! raw words, which the collector does not look at. Objects that a Python class can extend have `attributes` first: an
//! overflow array or dict of what Python code set on them.

use super::append::{Growth, text_of};
use super::header::Header;
use crate::interp::code::Code;
use crate::interp::frame::Frame;
use crate::object::integer::BigInt;
use crate::object::native::NativeBinding;
use crate::value::Value;
use crate::vm::Vm;
use crate::{PyResult, Raised};

/// An instance of a class with inline slots; the shape says which name lies in which.
#[repr(C)]
pub struct Instance {
    pub header: Header,
    /// Unbound, a value array of further slots, or the real `__dict__`.
    pub attributes: Value,
    /// As many as the shape's `inline_slots`.
    pub slots: [Value; 0],
}

#[repr(C)]
pub struct IntObject {
    pub header: Header,
    /// The lowest 64 bits; of a `Big` unused.
    pub word: i64,
    pub rest: IntRest,
    pub form: IntForm,
}

/// What an `IntObject` holds beside its word.
#[repr(C)]
#[derive(Clone, Copy)]
pub union IntRest {
    /// The upper 64 bits of a `Wide`.
    pub high: i64,
    /// A `Big`'s digits, its own.
    pub big: *mut BigInt,
}

/// How an int in the heap is held: always in the first of these that holds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum IntForm {
    /// 64 bits, in the object.
    Word = 0,
    /// 128 bits, in the object.
    Wide = 1,
    /// Digits outside the heap.
    Big = 2,
}

/// An instance of a subclass of `float`; floats themselves are immediate.
#[repr(C)]
pub struct FloatObject {
    pub header: Header,
    pub value: f64,
}

#[repr(C)]
pub struct ComplexObject {
    pub header: Header,
    pub real: f64,
    pub imag: f64,
}

/// `len` code points of `width` bytes each: they follow, or lie in a buffer (`object::append`).
#[repr(C)]
pub struct StrObject {
    pub header: Header,
    /// 0: not computed yet.
    pub hash: i64,
    pub len: usize,
    pub width: u8,
    pub is_interned: bool,
    pub growth: Growth,
}

/// `bytes`; the data follows, or lies in a buffer (`object::append`).
#[repr(C)]
pub struct BytesObject {
    pub header: Header,
    /// 0: not computed yet.
    pub hash: i64,
    pub len: usize,
    pub growth: Growth,
}

/// A plain array of values, initialized as a whole: the storage of lists, dict entries and overflow slots.
#[repr(C)]
pub struct ValueArray {
    pub header: Header,
    pub capacity: usize,
    pub elements: [Value; 0],
}

#[repr(C)]
pub struct TupleObject {
    pub header: Header,
    pub len: usize,
    pub items: [Value; 0],
}

#[repr(C)]
pub struct ListObject {
    pub header: Header,
    pub attributes: Value,
    /// A `ValueArray`; unbound elements beyond `len`.
    pub items: Value,
    pub len: usize,
}

/// Dicts: insertion-ordered entries and, from nine on, an index of them by hash. Sets: see `dict/elements.rs`.
#[repr(C)]
pub struct DictObject {
    pub header: Header,
    pub attributes: Value,
    /// A `ValueArray` of (hash, key, value) triples; a deleted entry has an unbound key.
    pub entries: Value,
    /// Entry numbers by hash; unbound while there are few.
    pub index: Value,
    /// Entries used, deleted ones included.
    pub used: usize,
    pub len: usize,
    /// 0, or a number that no other dict has as long as this has these keys (`Vm::dict_keys_version`).
    pub keys_version: u32,
    /// Bit 0: executors depend on a value in here. Bit 1: an entry was removed since `bits` was made. Bit 2: a class's.
    pub flags: u32,
    /// One bit a hash, of all hashes that were added: what has another bit is not there.
    pub bits: u64,
    /// Cached hash of a frozenset; 0: none. Of a class's dict the address of the class, which outlives it.
    pub hash: i64,
}

#[repr(C)]
pub struct CellObject {
    pub header: Header,
    pub content: Value,
}

#[repr(C)]
pub struct CodeObject {
    pub header: Header,
    pub consts: Value,
    pub names: Value,
    pub localsplus_names: Value,
    pub name: Value,
    pub qualname: Value,
    pub filename: Value,
    pub code: *mut Code,
}

#[repr(C)]
pub struct FunctionObject {
    pub header: Header,
    pub code: Value,
    pub globals: Value,
    pub builtins: Value,
    pub defaults: Value,
    pub kwdefaults: Value,
    pub closure: Value,
    pub name: Value,
    pub qualname: Value,
    pub doc: Value,
    pub module: Value,
    pub dict: Value,
    pub annotations: Value,
    pub annotate: Value,
    pub type_params: Value,
}

/// A native function, a native method of a type (`owner` unbound) or one bound to an object.
#[repr(C)]
pub struct NativeFunction {
    pub header: Header,
    pub owner: Value,
    pub module: Value,
    pub binding: *const NativeBinding,
}

pub type Getter = fn(&mut Vm, Value) -> PyResult<Value>;
pub type Setter = fn(&mut Vm, Value, Option<Value>) -> Result<(), Raised>;

/// An attribute computed by native code.
#[repr(C)]
pub struct GetSetObject {
    pub header: Header,
    pub name: Value,
    pub class: Value,
    pub getter: Getter,
    pub setter: Option<Setter>,
    pub trace: Option<crate::trace::TraceRule>,
}

/// One name of `__slots__`, or a field of a built-in exception.
#[repr(C)]
pub struct MemberObject {
    pub header: Header,
    pub name: Value,
    pub class: Value,
    pub slot: usize,
    pub kind: MemberKind,
}

/// What may be in a slot that has a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum MemberKind {
    /// Of `__slots__`: AttributeError where it is not set.
    Slot,
    /// None where it is not set.
    Field,
    /// An int that fits in a word; 0 where it is not set.
    Index,
    ReadOnly,
}

#[repr(C)]
pub struct BoundMethod {
    pub header: Header,
    pub function: Value,
    pub owner: Value,
}

/// `staticmethod` and `classmethod`.
#[repr(C)]
pub struct MethodWrapper {
    pub header: Header,
    pub attributes: Value,
    pub function: Value,
}

#[repr(C)]
pub struct PropertyObject {
    pub header: Header,
    pub attributes: Value,
    pub getter: Value,
    pub setter: Value,
    pub deleter: Value,
    pub doc: Value,
    pub name: Value,
    /// The text is that of the function that reads the attribute.
    pub has_doc_of_getter: bool,
}

#[repr(C)]
pub struct SuperObject {
    pub header: Header,
    pub class: Value,
    pub owner: Value,
    pub owner_class: Value,
}

#[repr(C)]
pub struct SliceObject {
    pub header: Header,
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

#[repr(C)]
pub struct RangeObject {
    pub header: Header,
    pub start: Value,
    pub stop: Value,
    pub step: Value,
    pub len: Value,
}

#[repr(C)]
pub struct RangeIter {
    pub header: Header,
    pub next: i64,
    pub step: i64,
    pub remaining: i64,
}

/// A range iterator that does not fit in words.
#[repr(C)]
pub struct LongRangeIter {
    pub header: Header,
    pub next: Value,
    pub step: Value,
    pub remaining: Value,
}

/// Iterator over a list, tuple, str, bytes, reversed list, or anything with `__getitem__`.
#[repr(C)]
pub struct SeqIter {
    pub header: Header,
    /// Unbound once exhausted.
    pub sequence: Value,
    pub index: usize,
}

/// Iterator over a dict's keys, values or items, or a set.
#[repr(C)]
pub struct DictIter {
    pub header: Header,
    /// Unbound once exhausted.
    pub dict: Value,
    pub index: usize,
    /// `len` when the iteration began.
    pub expected_len: usize,
    /// The entry at which all keys that there were when the iteration began have been given: at more of them, keys changed
    /// meanwhile. A set's iterator ends there.
    pub limit: usize,
}

/// `dict.keys()`, `.values()`, `.items()`.
#[repr(C)]
pub struct DictView {
    pub header: Header,
    pub dict: Value,
}

#[repr(C)]
pub struct EnumerateObject {
    pub header: Header,
    pub iterator: Value,
    /// The next number once it is none that `count` can go on from; unbound: the number is `count`.
    pub wide: Value,
    /// The next number; `i64::MAX` for good once `wide` is in use.
    pub count: i64,
}

/// `zip`, `map`, `filter`: `function` (unbound for zip; for zip, `strict` in `flag`) and a tuple of iterators.
#[repr(C)]
pub struct ZipMapObject {
    pub header: Header,
    pub function: Value,
    pub iterators: Value,
    pub flag: u64,
}

/// `iter(callable, sentinel)`.
#[repr(C)]
pub struct CallIter {
    pub header: Header,
    pub callable: Value,
    pub sentinel: Value,
}

#[repr(C)]
pub struct ModuleObject {
    pub header: Header,
    pub dict: Value,
    pub name: Value,
}

#[repr(C)]
pub struct TracebackObject {
    pub header: Header,
    pub next: Value,
    pub code: Value,
    /// The variables of the module that the code ran in.
    pub globals: Value,
    /// The frame object; unbound: nobody has asked.
    pub frame: Value,
    /// Of a frame that is over and has no object: what was in its variables (an array), or its mapping. Unbound: not known.
    pub variables: Value,
    /// The entry of the frame that called it, if the exception went on there; else unbound.
    pub outer: Value,
    pub instruction: u32,
    pub line: i32,
    /// The exception has left the frame, from this instruction.
    pub is_over: bool,
    pub left_at: u32,
}

/// A class.
#[repr(C)]
pub struct TypeObject {
    pub header: Header,
    pub attributes: Value,
    pub name: Value,
    pub qualname: Value,
    pub bases: Value,
    pub mro: Value,
    pub dict: Value,
    /// What a metaclass made in Rust keeps of the class; unbound: nothing.
    pub detail: Value,
    /// Null: there was none yet.
    pub subclasses: *mut super::subclasses::Subclasses,
    /// Shape of a fresh instance.
    pub instance_shape: u32,
    /// Changes whenever a lookup on the class could give something else; 0: none assigned.
    pub version: u32,
    /// The built-in layout of instances.
    pub base_layout: super::types::BuiltinType,
    /// The class in the order of resolution, itself included, that added to the instances' memory last.
    pub solid: *mut TypeObject,
    /// Of the class made in Rust that it is or derives from: what its instances' memory begins with.
    pub spec: *const super::spec::TypeSpec,
    pub flags: u16,
    /// What patterns its instances may match.
    pub matched_as: super::spec::MatchedAs,
    /// Slots that ask Python code.
    pub python_slots: super::slots::SlotSet,
    /// Slots that the class's own dict has a say in.
    pub own_slots: super::slots::SlotSet,
    pub slots: super::slots::Slots,
}

impl TypeObject {
    /// Is it the class of the specification, none that derives from it?
    pub fn is_of(&self, spec: &'static super::spec::TypeSpec) -> bool {
        self.flags & TypeObject::HEAP == 0 && std::ptr::eq(self.spec, spec)
    }
}

impl TypeObject {
    /// Python code may not set attributes on it.
    pub const IMMUTABLE: u16 = 1;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u16 = 2;
    /// May not be a base.
    pub const FINAL: u16 = 4;
    pub const EXCEPTION: u16 = 8;
    /// Executors depend on it.
    pub const WATCHED: u16 = 16;
    /// Made by a class statement or `type(...)`.
    pub const HEAP: u16 = 32;
    /// `object.__getattribute__` and friends are overridden: nothing about attributes may be cached.
    pub const CUSTOM_GETATTRIBUTE: u16 = 64;
    /// There may be weak references to instances.
    pub const WEAKLY_REFERABLE: u16 = 128;
    /// Tier 1 may read or write slots of instances by shape alone somewhere.
    pub const SLOT_CACHED: u16 = 256;
}

/// A generator, coroutine or asynchronous generator: owns its frame, whose slots follow.
#[repr(C)]
pub struct GeneratorObject {
    pub header: Header,
    pub name: Value,
    pub qualname: Value,
    /// The exception being handled inside (unbound: none of its own).
    pub handled: Value,
    /// The exception being handled by whoever resumed it.
    pub caller_handled: Value,
    /// The frame object of its frame; unbound: nobody has asked.
    pub frame_object: Value,
    /// Of a coroutine, where it was made, a tuple; None: that was not kept. Of an asynchronous generator, the hook that closes it.
    pub origin: Value,
    pub state: GeneratorState,
    pub asynchronous: AsyncState,
    pub frame: Frame,
}

/// What an asynchronous generator knows of its steps.
#[derive(Clone, Copy, Default)]
#[repr(C, align(8))]
pub struct AsyncState {
    /// The hook for the first iteration was called.
    pub is_iterated: bool,
    /// A step is on its way.
    pub is_running: bool,
    /// `aclose` has begun, or the generator's end was seen.
    pub is_closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum GeneratorState {
    Created,
    Suspended,
    Running,
    Finished,
}

macro_rules! frees {
    ($($memory:ident: $($field:ident).+;)*) => {$(
        impl $memory {
            /// Frees what it has outside of the heap.
            ///
            /// # Safety
            /// It is a dead object of this memory that was registered to be freed, so that it has the box.
            pub unsafe fn free(object: *mut Header) {
                // SAFETY: the box is the object's alone.
                unsafe { drop(Box::from_raw((*object.cast::<$memory>()).$($field).+)) };
            }
        }
    )*};
}

frees! {
    IntObject: rest.big;
    TypeObject: subclasses;
    CodeObject: code;
}

impl ValueArray {
    pub fn elements(&self) -> &[Value] {
        // SAFETY: `capacity` elements follow the header, initialized when the array was made.
        unsafe { std::slice::from_raw_parts(self.elements.as_ptr(), self.capacity) }
    }
    pub fn elements_mut(&mut self) -> &mut [Value] {
        // SAFETY: as in `elements`.
        unsafe { std::slice::from_raw_parts_mut(self.elements.as_mut_ptr(), self.capacity) }
    }
}

impl TupleObject {
    pub fn items(&self) -> &[Value] {
        // SAFETY: `len` items follow the header, initialized when the tuple was made.
        unsafe { std::slice::from_raw_parts(self.items.as_ptr(), self.len) }
    }
}

impl ListObject {
    #[expect(clippy::mut_from_ref, reason = "the array is an object of its own")]
    pub fn array(&self) -> &mut ValueArray {
        // SAFETY: `items` is a value array from the list's birth on.
        unsafe { &mut *self.items.as_ptr() }
    }
    pub fn items(&self) -> &[Value] {
        &self.array().elements()[..self.len]
    }
    pub fn items_mut(&mut self) -> &mut [Value] {
        &mut self.array().elements_mut()[..self.len]
    }
}

impl BytesObject {
    #[inline]
    pub fn data(&self) -> &[u8] {
        // SAFETY: `len` bytes lie there.
        unsafe { std::slice::from_raw_parts(text_of(self), self.len) }
    }
}

/// A frame as Python code sees it: of one that runs or is a generator's, read anew each time; of one that is over, what it
/// was like in the end.
#[repr(C)]
pub struct FrameObject {
    pub header: Header,
    pub code: Value,
    pub globals: Value,
    pub builtins: Value,
    /// Unbound: of a function that runs. An array: what was in the variables of one that is over. Else a mapping.
    pub locals: Value,
    /// Unbound, or the generator whose frame it is.
    pub generator: Value,
    /// Of a frame that is over: its caller's, or the entry of that in a traceback.
    pub back: Value,
    /// What is called at its lines, or None.
    pub trace: Value,
    /// A dict of what was written through `f_locals` and is no variable of the code, or unbound.
    pub beside: Value,
    pub instruction: u32,
    pub line: i32,
    /// Is it called at each line, and at each instruction?
    pub traces_lines: bool,
    pub traces_instructions: bool,
    /// Python code may have it. (Else a traceback alone has.)
    pub is_shown: bool,
}

impl FrameObject {
    /// Of a frame of which only the code is known.
    pub fn of_code(header: Header, code: Value) -> FrameObject {
        FrameObject {
            header,
            code,
            globals: Value::UNBOUND,
            builtins: Value::UNBOUND,
            locals: Value::UNBOUND,
            generator: Value::UNBOUND,
            back: Value::NONE,
            trace: Value::NONE,
            beside: Value::UNBOUND,
            instruction: 0,
            line: -1,
            traces_lines: true,
            traces_instructions: false,
            is_shown: false,
        }
    }
}

/// A value that an asynchronous generator gives.
#[repr(C)]
pub struct AsyncValue {
    pub header: Header,
    pub value: Value,
}

/// One step of an asynchronous generator, to be awaited.
#[repr(C)]
pub struct AsyncStep {
    pub header: Header,
    pub generator: Value,
    /// What is sent first.
    pub argument: Value,
    pub state: StepState,
}

/// How far a step of an asynchronous generator has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum StepState {
    Created,
    Running,
    Closed,
}
