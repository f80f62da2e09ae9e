//! `weakref.proxy`: what is done with a proxy is done with the object that it refers to.

use super::reference::{make, referent, write_description};
use std::ops::Deref;
use stitch_runtime::gc::WeakReference;
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Binary, DIVMOD, N_OPERATIONS, Slots, operators};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

const SLOTS: Slots = Slots {
    len: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.len(object))),
    get_item: Some(|vm, proxy, key| live(vm, proxy).and_then(|object| vm.get_item(object, key))),
    set_item: Some(|vm, proxy, key, value| {
        let object = live(vm, proxy)?;
        match value {
            Some(value) => vm.set_item(object, key, value),
            None => vm.del_item(object, key),
        }
    }),
    contains: Some(|vm, proxy, item| live(vm, proxy).and_then(|object| vm.contains(object, item))),
    iter: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.get_iter(object))),
    next: Some(next),
    repr: Some(write_repr),
    str: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.str(object))),
    compare: Some(|vm, operation, lhs, rhs| {
        let (lhs, rhs) = (live(vm, lhs)?, live(vm, rhs)?);
        vm.compare_op(operation, lhs, rhs)
    }),
    truth: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.is_true(object))),
    get_attribute: Some(|vm, proxy, name| live(vm, proxy).and_then(|object| vm.get_attr(object, name)).map(Some)),
    set_attribute: Some(|vm, proxy, name, value| {
        let object = live(vm, proxy)?;
        match value {
            Some(value) => vm.set_attr(object, name, value),
            None => vm.del_attr(object, name),
        }
    }),
    binary: operators(&BINARY),
    inplace: operators(&INPLACE),
    negative: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.unary_negative(object))),
    positive: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.unary_positive(object))),
    absolute: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.absolute(object))),
    invert: Some(|vm, proxy| live(vm, proxy).and_then(|object| vm.unary_invert(object))),
    ..Slots::NONE
};

const BINARY: [(u32, Binary); N_OPERATIONS + 1] = [
    (op::ADD, binary::<{ op::ADD }>),
    (op::AND, binary::<{ op::AND }>),
    (op::FLOOR_DIVIDE, binary::<{ op::FLOOR_DIVIDE }>),
    (op::LEFT_SHIFT, binary::<{ op::LEFT_SHIFT }>),
    (op::MATRIX_MULTIPLY, binary::<{ op::MATRIX_MULTIPLY }>),
    (op::MULTIPLY, binary::<{ op::MULTIPLY }>),
    (op::REMAINDER, binary::<{ op::REMAINDER }>),
    (op::OR, binary::<{ op::OR }>),
    (op::POWER, binary::<{ op::POWER }>),
    (op::RIGHT_SHIFT, binary::<{ op::RIGHT_SHIFT }>),
    (op::SUBTRACT, binary::<{ op::SUBTRACT }>),
    (op::TRUE_DIVIDE, binary::<{ op::TRUE_DIVIDE }>),
    (op::XOR, binary::<{ op::XOR }>),
    (DIVMOD as u32, |vm, lhs, rhs| {
        let (lhs, rhs) = (live(vm, lhs)?, live(vm, rhs)?);
        vm.divmod(lhs, rhs)
    }),
];

const INPLACE: [(u32, Binary); N_OPERATIONS] = [
    (op::ADD, inplace::<{ op::ADD }>),
    (op::AND, inplace::<{ op::AND }>),
    (op::FLOOR_DIVIDE, inplace::<{ op::FLOOR_DIVIDE }>),
    (op::LEFT_SHIFT, inplace::<{ op::LEFT_SHIFT }>),
    (op::MATRIX_MULTIPLY, inplace::<{ op::MATRIX_MULTIPLY }>),
    (op::MULTIPLY, inplace::<{ op::MULTIPLY }>),
    (op::REMAINDER, inplace::<{ op::REMAINDER }>),
    (op::OR, inplace::<{ op::OR }>),
    (op::POWER, inplace::<{ op::POWER }>),
    (op::RIGHT_SHIFT, inplace::<{ op::RIGHT_SHIFT }>),
    (op::SUBTRACT, inplace::<{ op::SUBTRACT }>),
    (op::TRUE_DIVIDE, inplace::<{ op::TRUE_DIVIDE }>),
    (op::XOR, inplace::<{ op::XOR }>),
];

pub static PROXY: TypeSpec = TypeSpec {
    name: "ProxyType",
    module: "weakref",
    doc: "Stands for an object without keeping it alive.",
    layout: Some(Layout::of::<WeakReference>(1)),
    is_unhashable: true,
    slots: SLOTS,
    methods: &[
        method("__bytes__", "($self, /)", |vm: &mut Vm, proxy: Value| call_method(vm, proxy, "__bytes__"))
            .doc("The object as bytes."),
        method("__index__", "($self, /)", |vm: &mut Vm, proxy: Value| call_method(vm, proxy, "__index__"))
            .doc("The object as an int."),
        method("__reversed__", "($self, /)", |vm: &mut Vm, proxy: Value| call_method(vm, proxy, "__reversed__"))
            .doc("An iterator over the object from its end."),
    ],
    ..TypeSpec::NEW
};

pub static CALLABLE_PROXY: TypeSpec = TypeSpec {
    name: "CallableProxyType",
    module: "weakref",
    doc: "Stands for an object that can be called, without keeping it alive.",
    layout: Some(Layout::of::<WeakReference>(1)),
    is_unhashable: true,
    slots: Slots { call: Some(call), ..SLOTS },
    methods: PROXY.methods,
    ..TypeSpec::NEW
};

/// A `weakref.proxy`.
#[repr(transparent)]
pub struct Proxy(WeakReference);

// SAFETY: as `WeakReference`, which begins with the header; the types cannot be subclassed.
unsafe impl Object for Proxy {
    const SPEC: &'static TypeSpec = &PROXY;
    const ALSO: &'static [&'static TypeSpec] = &[&CALLABLE_PROXY];
}

impl Deref for Proxy {
    type Target = WeakReference;
    fn deref(&self) -> &WeakReference {
        &self.0
    }
}

#[repr(transparent)]
struct CallableProxy(WeakReference);

// SAFETY: as of `Proxy`.
unsafe impl Object for CallableProxy {
    const SPEC: &'static TypeSpec = &CALLABLE_PROXY;
}

pub fn new(vm: &mut Vm, object: Value, callback: Option<Value>) -> PyResult {
    if object.is_object() && vm.slots_of(object).call.is_some() {
        let class = vm.type_of_spec(&CALLABLE_PROXY);
        return make(vm, class, object, callback, CallableProxy);
    }
    let class = vm.type_of_spec(&PROXY);
    make(vm, class, object, callback, Proxy)
}

/// What a proxy stands for, or another value itself.
fn live(vm: &mut Vm, value: Value) -> PyResult {
    let Some(proxy) = This::<Proxy>::of(vm, value) else { return Ok(value) };
    referent(&proxy).ok_or_else(|| vm.raise(vm.exceptions.ReferenceError, "weakly-referenced object no longer exists"))
}

fn binary<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let (lhs, rhs) = (live(vm, lhs)?, live(vm, rhs)?);
    vm.binary_op(OPERATION, lhs, rhs)
}

fn inplace<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let (lhs, rhs) = (live(vm, lhs)?, live(vm, rhs)?);
    vm.binary_op(OPERATION + op::INPLACE, lhs, rhs)
}

fn next(vm: &mut Vm, proxy: Value) -> PyResult<Option<Value>> {
    let object = live(vm, proxy)?;
    if vm.is_iterator(object) {
        return vm.iter_next(object);
    }
    let message = format!("Weakref proxy referenced a non-iterator '{}' object", vm.class_name(object));
    Err(vm.raise_type(&message))
}

fn call(vm: &mut Vm, proxy: Value, arguments: Arguments<'_>) -> PyResult {
    let object = live(vm, proxy)?;
    vm.call_with(object, arguments)
}

fn call_method(vm: &mut Vm, proxy: Value, name: &str) -> PyResult {
    let object = live(vm, proxy)?;
    let name = vm.intern(name);
    vm.call_method(object, name, &[])
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let object = This::<Proxy>::of(vm, value).and_then(|proxy| referent(&proxy));
    write_description(vm, out, "weakproxy", value, object, false)
}
