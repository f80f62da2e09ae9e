//! Slots whose functions say by a type what their owner is, as natives do with their receivers.

use super::{
    Buffer, Call, Contains, DescriptorGet, GetAttribute, Hash, Len, Next, ReleaseBuffer, Repr, Store, Truth, Unary,
};
use crate::object::argument::{Receiver, instance_of};
use crate::object::buffer::{Export, Request};
use crate::object::convert::text::Text;
use crate::object::layout::TypeObject;
use crate::object::native::Arguments;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A function for a slot `S`; `P` is the type of its pointer.
pub trait SlotFunction<S, P>: Copy + 'static {
    const FUNCTION: S;
}

/// A slot's function with a checked owner: `len: slot(|_: &mut Vm, this: This<ListObject>| Ok(this.len))`.
pub const fn slot<S, F: SlotFunction<S, P>, P>(_function: F) -> Option<S>
where
    S: Copy,
{
    Some(F::FUNCTION)
}

/// The same for tables of slots: `operators(&[(op::OR, function(unite))])`.
pub const fn function<S, F: SlotFunction<S, P>, P>(_function: F) -> S {
    F::FUNCTION
}

/// Operations ask the slots of a value's own class.
#[inline]
fn owner<R: Receiver>(vm: &Vm, value: Value) -> R {
    R::receive(vm, value).expect("a slot is called with an object of its type")
}

macro_rules! slots {
    ($($slot:ty: ($($argument:ident: $ty:ty),*) -> $result:ty;)*) => {$(
        impl<F, R: Receiver> SlotFunction<$slot, fn(&mut Vm, R $(, $ty)*) -> $result> for F
        where
            F: Fn(&mut Vm, R $(, $ty)*) -> $result + Copy + 'static,
        {
            const FUNCTION: $slot = |vm, value $(, $argument)*| {
                let this = owner(vm, value);
                instance_of::<F>()(vm, this $(, $argument)*)
            };
        }
    )*};
}

slots! {
    Unary: () -> PyResult;
    Len: () -> PyResult<usize>;
    Truth: () -> PyResult<bool>;
    Hash: () -> PyResult<i64>;
    Next: () -> PyResult<Option<Value>>;
    super::Binary: (other: Value) -> PyResult;
    Contains: (item: Value) -> PyResult<bool>;
    GetAttribute: (name: Value) -> PyResult<Option<Value>>;
    DescriptorGet: (owner: Value, class: *mut TypeObject) -> PyResult;
    Store: (key: Value, value: Option<Value>) -> PyResult<()>;
    Buffer: (request: Request) -> PyResult<Export>;
    ReleaseBuffer: (view: Value) -> PyResult<()>;
}

impl<F, R: Receiver> SlotFunction<Repr, fn(&mut Vm, &mut Text, R) -> PyResult<()>> for F
where
    F: Fn(&mut Vm, &mut Text, R) -> PyResult<()> + Copy + 'static,
{
    const FUNCTION: Repr = |vm, out, value| {
        let this = owner(vm, value);
        instance_of::<F>()(vm, out, this)
    };
}

impl<F, R: Receiver> SlotFunction<Call, fn(&mut Vm, R, Arguments<'_>) -> PyResult> for F
where
    F: Fn(&mut Vm, R, Arguments<'_>) -> PyResult + Copy + 'static,
{
    const FUNCTION: Call = |vm, value, arguments| {
        let this = owner(vm, value);
        instance_of::<F>()(vm, this, arguments)
    };
}

impl<F, R: Receiver> SlotFunction<super::Compare, fn(&mut Vm, u32, R, Value) -> PyResult> for F
where
    F: Fn(&mut Vm, u32, R, Value) -> PyResult + Copy + 'static,
{
    const FUNCTION: super::Compare = |vm, operation, value, other| {
        let this = owner(vm, value);
        instance_of::<F>()(vm, operation, this, other)
    };
}
