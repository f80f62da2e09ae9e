//! `types.SimpleNamespace`: an object that is its attributes.

use crate::object::argument::{Keywords, OrNone, method};
use crate::object::compare::cmp;
use crate::object::convert::text::Text;
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static SIMPLE_NAMESPACE: TypeSpec = TypeSpec {
    name: "SimpleNamespace",
    module: "types",
    doc: "An object with the attributes that it is given.",
    is_base: true,
    is_solid: true,
    has_dict: true,
    is_unhashable: true,
    slots: Slots { repr: Some(write_repr), compare: Some(compare), ..Slots::NONE },
    methods: &[
        method("__init__", "($self, mapping_or_iterable=(), /, **kwargs)", init).doc("Sets the attributes."),
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: Value| {
            let (class, state) = (Value::object(vm.class_of(this)), vm.instance_dict(this)?);
            let empty = vm.empty_tuple;
            Ok::<Value, crate::Raised>(vm.new_tuple(&[class, empty, state]))
        })
        .doc("How to make it again."),
        method("__replace__", "($self, /, **changes)", replace).doc("A copy with some attributes changed."),
    ],
    ..TypeSpec::NEW
};

fn init(vm: &mut Vm, this: Value, attributes: OrNone<Value>, keywords: Keywords) -> PyResult<()> {
    let dict = vm.instance_dict(this)?;
    if let Some(attributes) = attributes.0 {
        let given = vm.new_dict();
        vm.dict_update(given, attributes)?;
        let mut at = 0;
        while let Some((index, entry)) = vm.table(given).next_entry(at) {
            at = index + 1;
            if !vm.is_str(entry.key) {
                return Err(vm.raise_type("keywords must be strings"));
            }
        }
        vm.dict_merge(dict, given)?;
    }
    vm.dict_merge(dict, keywords.value())
}

fn replace(vm: &mut Vm, this: Value, changes: Keywords) -> PyResult {
    let class = Value::object(vm.class_of(this));
    let copy = vm.call(class, &[])?;
    let (from, to) = (vm.instance_dict(this)?, vm.instance_dict(copy)?);
    vm.dict_merge(to, from)?;
    vm.dict_merge(to, changes.value())?;
    Ok(copy)
}

fn write_repr(vm: &mut Vm, out: &mut Text, namespace: Value) -> PyResult<()> {
    let own = vm.type_of_spec(&SIMPLE_NAMESPACE);
    let class = vm.class_of(namespace);
    let name = if class == own { "namespace".to_string() } else { vm.type_name(class) };
    vm.write_container(out, namespace, &format!("{name}(...)"), |vm, out| {
        let dict = vm.instance_dict(namespace)?;
        out.push_str(&format!("{name}("));
        let (mut at, mut is_first) = (0, true);
        while let Some((index, entry)) = vm.table(dict).next_entry(at) {
            at = index + 1;
            if !vm.is_str(entry.key) || vm.string_of(entry.key).is_empty() {
                continue;
            }
            if !std::mem::take(&mut is_first) {
                out.push_str(", ");
            }
            out.push_view(vm.str_of(entry.key).view());
            out.push('=' as u32);
            vm.write_repr(out, entry.value)?;
        }
        out.push(')' as u32);
        Ok(())
    })
}

fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    let own = vm.type_of_spec(&SIMPLE_NAMESPACE);
    if !matches!(operation, cmp::EQ | cmp::NE) || !vm.is_instance(rhs, own) {
        return Ok(vm.not_implemented);
    }
    let (lhs, rhs) = (vm.instance_dict(lhs)?, vm.instance_dict(rhs)?);
    vm.compare_op(operation, lhs, rhs)
}

impl Vm {
    /// A namespace with these attributes.
    pub fn new_namespace(&mut self, attributes: &[(&str, Value)]) -> PyResult {
        let class = self.type_of_spec(&SIMPLE_NAMESPACE);
        let namespace = self.new_instance(class)?;
        for &(name, value) in attributes {
            let name = self.intern(name);
            self.set_attr(namespace, name, value)?;
        }
        Ok(namespace)
    }
}
