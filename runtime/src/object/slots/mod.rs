//! Slots: what a type can do, as functions. Everything that differs by type is a slot of it.
//!
//! ```text
//!   built-in type: its `TypeSpec` fills slots ──► its dict gets a slot wrapper for each (`int.__add__`)
//!   Python class:  its dict has `__add__`     ──► its slot is the function that calls that (`python`)
//!
//!   an operation:  class_of(value).slots.<slot>(vm, value, …)          one way, whoever made the class
//! ```
//!
//! `table` says which special methods stand for which slot; `resolve` fills a class's slots from its resolution order;
//! `typed` makes slots of functions with checked owners;
//! `python` has the functions that call special methods; `wrap` those by which Python code calls slots.

pub(crate) mod python;
mod resolve;
pub(crate) mod table;
mod typed;
mod wrap;

use super::buffer::{Export, Request};
use super::convert::text::Text;
use super::layout::TypeObject;
use super::native::Arguments;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub use resolve::{SlotNames, unhashable};
pub use table::{SlotId, SlotSet};
pub use typed::{SlotFunction, function, slot};
pub(crate) use wrap::{Wrap, raise_misfit};

/// How many operations `BINARY_OP` has, and with `divmod`.
pub const N_OPERATIONS: usize = 13;
/// `divmod`, behind the operations of `BINARY_OP` in `Slots::binary`.
pub const DIVMOD: usize = N_OPERATIONS;

pub type Unary = fn(&mut Vm, Value) -> PyResult;
/// Gives `NotImplemented` where it does not know how. Of a binary operator either operand may be the slot's type.
pub type Binary = fn(&mut Vm, Value, Value) -> PyResult;
pub type Len = fn(&mut Vm, Value) -> PyResult<usize>;
pub type Truth = fn(&mut Vm, Value) -> PyResult<bool>;
pub type Contains = fn(&mut Vm, Value, Value) -> PyResult<bool>;
/// Deletes the item or attribute where it gets no value.
pub type Store = fn(&mut Vm, Value, Value, Option<Value>) -> PyResult<()>;
/// `None` at the end.
pub type Next = fn(&mut Vm, Value) -> PyResult<Option<Value>>;
pub type Repr = fn(&mut Vm, &mut Text, Value) -> PyResult<()>;
pub type Hash = fn(&mut Vm, Value) -> PyResult<i64>;
/// A comparison, by the argument of `COMPARE_OP`; `NotImplemented` where it does not know how.
pub type Compare = fn(&mut Vm, u32, Value, Value) -> PyResult;
pub type Call = fn(&mut Vm, Value, Arguments<'_>) -> PyResult;
/// `None`: there is no such attribute.
pub type GetAttribute = fn(&mut Vm, Value, Value) -> PyResult<Option<Value>>;
/// A class attribute, bound to an owner (unbound: looked up on the class itself) of a class.
pub type DescriptorGet = fn(&mut Vm, Value, Value, *mut TypeObject) -> PyResult;
/// Gives out the object's memory; BufferError where it cannot be had as wanted.
pub type Buffer = fn(&mut Vm, Value, Request) -> PyResult<Export>;
/// Gets back the memoryview that `__buffer__` gave.
pub type ReleaseBuffer = fn(&mut Vm, Value, Value) -> PyResult<()>;

pub type Finalize = fn(&mut Vm, Value) -> PyResult<()>;

/// The slots of a type. `None`: it cannot do that.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Slots {
    pub len: Option<Len>,
    pub get_item: Option<Binary>,
    pub set_item: Option<Store>,
    pub contains: Option<Contains>,
    pub iter: Option<Unary>,
    pub next: Option<Next>,
    pub repr: Option<Repr>,
    pub str: Option<Unary>,
    pub hash: Option<Hash>,
    pub compare: Option<Compare>,
    pub truth: Option<Truth>,
    pub call: Option<Call>,
    pub get_attribute: Option<GetAttribute>,
    pub set_attribute: Option<Store>,
    /// Has it as a class attribute a say in what is read through it?
    pub get: Option<DescriptorGet>,
    /// Likewise in writing and deleting: it is a data descriptor.
    pub set: Option<Store>,
    /// By the argument of `BINARY_OP`, and `DIVMOD`.
    pub binary: [Option<Binary>; N_OPERATIONS + 1],
    pub inplace: [Option<Binary>; N_OPERATIONS],
    pub negative: Option<Unary>,
    pub positive: Option<Unary>,
    pub absolute: Option<Unary>,
    pub invert: Option<Unary>,
    /// `+` and `*` of sequences, which are asked after the operators of both sides; of `repeat` the count comes second.
    pub concat: Option<Binary>,
    pub repeat: Option<Binary>,
    pub inplace_concat: Option<Binary>,
    pub inplace_repeat: Option<Binary>,
    pub buffer: Option<Buffer>,
    /// Exports need not be given back by it, but for the sake of Python classes.
    pub release_buffer: Option<ReleaseBuffer>,
    /// Runs once, when the object is dead, and may bring it back.
    pub finalize: Option<Finalize>,
}

impl Slots {
    pub const NONE: Slots = Slots {
        len: None,
        get_item: None,
        set_item: None,
        contains: None,
        iter: None,
        next: None,
        repr: None,
        str: None,
        hash: None,
        compare: None,
        truth: None,
        call: None,
        get_attribute: None,
        set_attribute: None,
        get: None,
        set: None,
        binary: [None; N_OPERATIONS + 1],
        inplace: [None; N_OPERATIONS],
        negative: None,
        positive: None,
        absolute: None,
        invert: None,
        concat: None,
        repeat: None,
        inplace_concat: None,
        inplace_repeat: None,
        buffer: None,
        release_buffer: None,
        finalize: None,
    };
}

/// Operators by their place, for `Slots::binary` and `Slots::inplace`.
pub const fn operators<const N: usize>(rows: &[(u32, Binary)]) -> [Option<Binary>; N] {
    let mut table = [None; N];
    let mut i = 0;
    while i < rows.len() {
        table[rows[i].0 as usize] = Some(rows[i].1);
        i += 1;
    }
    table
}

/// The slots of a value's class.
impl Vm {
    #[inline(always)]
    pub fn slots_of(&self, value: Value) -> &'static Slots {
        // SAFETY: classes are live objects that do not move; the reference is used before anything can free the class, which
        // the value keeps alive. A change of the class's slots replaces whole function pointers.
        unsafe { &(*self.class_of(value)).slots }
    }
}
