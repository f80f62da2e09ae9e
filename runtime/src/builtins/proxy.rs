//! `types.MappingProxyType`: a mapping seen through a read-only view, such as a class's `__dict__`.

use super::class::class_value;
use crate::object::argument::{OrNone, This, method};
use crate::object::class::class_ref;
use crate::object::header::Header;
use crate::object::native::native;
use crate::object::operate::op;
use crate::object::slots::{Slots, operators};
use crate::object::spec::{Layout, MatchedAs, Object, TypeSpec};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A mapping proxy.
#[repr(C)]
pub struct MappingProxy {
    header: Header,
    mapping: Value,
}

// SAFETY: a `#[repr(C)]` struct that begins with a header, and the layout of the specification; the type is no base.
unsafe impl Object for MappingProxy {
    const SPEC: &'static TypeSpec = &MAPPING_PROXY;
}

pub static MAPPING_PROXY: TypeSpec = TypeSpec {
    name: "mappingproxy",
    matched_as: MatchedAs::Mapping,
    doc: "A mapping that can be read through this object, and not be changed.",
    layout: Some(Layout::of::<MappingProxy>(1)),
    slots: Slots {
        len: Some(|vm, proxy| vm.len(mapping_of(proxy))),
        get_item: Some(|vm, proxy, key| vm.get_item(mapping_of(proxy), key)),
        contains: Some(|vm, proxy, key| vm.contains(mapping_of(proxy), key)),
        iter: Some(|vm, proxy| vm.get_iter(mapping_of(proxy))),
        repr: Some(|vm, out, proxy| vm.write_parts(out, "mappingproxy(", &[mapping_of(proxy)], ")")),
        str: Some(|vm, proxy| vm.str(mapping_of(proxy))),
        hash: Some(|vm, proxy| vm.hash(mapping_of(proxy))),
        compare: Some(|vm, operation, proxy, other| {
            let (lhs, rhs) = (mapping_of(proxy), seen_through(vm, other));
            vm.compare_op(operation, lhs, rhs)
        }),
        binary: operators(&[(op::OR, |vm, lhs, rhs| {
            let (lhs, rhs) = (seen_through(vm, lhs), seen_through(vm, rhs));
            vm.binary_op(op::OR, lhs, rhs)
        })]),
        inplace: operators(&[(op::OR, |vm, _, _| {
            Err(vm.raise_type("'|=' is not supported by mappingproxy; use '|' instead"))
        })]),
        ..Slots::NONE
    },
    new: Some(native("__new__", "($type, mapping)", new)),
    methods: &[
        method("get", "($self, key, default=None, /)", get).doc("The value for a key, or a default."),
        method("keys", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "keys")).doc("The mapping's keys."),
        method("values", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "values")).doc("The mapping's values."),
        method("items", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "items")).doc("The mapping's items, as pairs."),
        method("copy", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "copy")).doc("A shallow copy of the mapping."),
        method("__reversed__", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "__reversed__"))
            .doc("A reverse iterator over the mapping."),
    ],
    class_methods: &[native("__class_getitem__", "($self, item, /)", super::protocol::class_getitem)],
    ..TypeSpec::NEW
};

/// The mapping of a proxy.
fn mapping_of(proxy: Value) -> Value {
    // SAFETY: slots of the type get an object of it, which begins with the struct.
    unsafe { (*proxy.as_ptr::<MappingProxy>()).mapping }
}

/// The mapping behind a value that may be a proxy.
fn seen_through(vm: &Vm, value: Value) -> Value {
    match vm.cast::<MappingProxy>(value) {
        Some(_) => mapping_of(value),
        None => value,
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    class_value(vm, args[0])?;
    let mapping = args[1];
    let is_sequence = vm.has_layout(mapping, BuiltinType::List) || vm.has_layout(mapping, BuiltinType::Tuple);
    if is_sequence || vm.slots_of(mapping).get_item.is_none() {
        let message = format!("mappingproxy() argument must be a mapping, not {}", vm.class_name(mapping));
        return Err(vm.raise_type(&message));
    }
    vm.new_mapping_proxy(mapping)
}

fn get(vm: &mut Vm, this: This<MappingProxy>, key: Value, default: OrNone<Value>) -> PyResult {
    let (mapping, name) = (this.mapping, vm.intern("get"));
    vm.call_method(mapping, name, &[key, default.0.unwrap_or(Value::NONE)])
}

fn ask(vm: &mut Vm, this: This<MappingProxy>, name: &str) -> PyResult {
    let (mapping, name) = (this.mapping, vm.intern(name));
    vm.call_method(mapping, name, &[])
}

impl Vm {
    /// A read-only view of a mapping.
    pub fn new_mapping_proxy(&mut self, mapping: Value) -> PyResult {
        let class = self.type_of_spec(&MAPPING_PROXY);
        self.new_object(class, |header| MappingProxy { header, mapping })
    }

    /// A read-only view of a class's attributes, which shows what becomes of them.
    pub(super) fn class_dict_view(&mut self, class: Value) -> PyResult {
        let class = class_value(self, class)?;
        self.new_mapping_proxy(class_ref(class).dict)
    }
}
