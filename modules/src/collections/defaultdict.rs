//! `defaultdict`: a dict that makes the values of new keys.

use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::builtins::types::DICT;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Slots, operators};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct DefaultDict {
    dict: DictObject,
    /// Unbound and None: none.
    factory: Value,
}

pub static DEFAULT_DICT: TypeSpec = TypeSpec {
    name: "defaultdict",
    module: "collections",
    doc: "A dict that calls a factory for the value of a key that is not there.",
    base: Some(&DICT),
    layout: Some(Layout::of::<DefaultDict>(3).and_last()),
    is_base: true,
    slots: Slots { repr: Some(write_repr), binary: operators(&[(op::OR, union)]), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A new one, empty.")),
    methods: &[
        method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes the factory, then what a dict takes."),
        method("__missing__", "($self, key, /)", missing).doc("Makes, keeps and gives the value of a new key."),
        method("copy", "($self, /)", copy).doc("A shallow copy."),
        method("__copy__", "($self, /)", copy).doc("A shallow copy."),
        method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
    ],
    class_methods: &[CLASS_GETITEM],
    getters: &[getter("default_factory", |vm, value| Ok(DefaultDict::at(vm, value).factory_or_none()))
        .settable(|vm, value, factory| {
            DefaultDict::at(vm, value).set_factory(vm, factory.unwrap_or(Value::NONE));
            Ok(())
        })
        .doc("What makes the values of new keys, or None.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]`, a dict in front, which begins with the header; all that derive from the type begin with it.
unsafe impl Object for DefaultDict {
    const SPEC: &'static TypeSpec = &DEFAULT_DICT;
}

trait Factory {
    fn factory_or_none(&self) -> Value;
    fn set_factory(self, vm: &mut Vm, factory: Value);
}

impl DefaultDict {
    fn at(vm: &Vm, value: Value) -> This<DefaultDict> {
        This::of(vm, value).expect("the slot of a defaultdict gets one")
    }
}

impl Factory for This<DefaultDict> {
    fn factory_or_none(&self) -> Value {
        if self.factory.is_unbound() { Value::NONE } else { self.factory }
    }
    fn set_factory(mut self, vm: &mut Vm, factory: Value) {
        self.factory = factory;
        vm.barrier(self.pointer());
    }
}

fn new(vm: &mut Vm, class: ClassOf<DefaultDict>, _: Rest, _: Keywords) -> PyResult<Value> {
    let empty = vm.empty_array;
    vm.new_object(class.class, |header| DefaultDict { dict: DictObject::new(header, empty), factory: Value::UNBOUND })
}

fn init(vm: &mut Vm, this: This<DefaultDict>, args: Rest, keywords: Keywords) -> PyResult<()> {
    let (factory, rest) = match args.items() {
        [] => (Value::NONE, &[][..]),
        [factory, rest @ ..] => (*factory, rest),
    };
    if !factory.is_none() && vm.slots_of(factory).call.is_none() {
        return Err(vm.raise_type("first argument must be callable or None"));
    }
    if rest.len() > 1 {
        let message = format!("dict expected at most 1 argument, got {}", rest.len());
        return Err(vm.raise_type(&message));
    }
    this.set_factory(vm, factory);
    if let Some(&other) = rest.first() {
        vm.dict_update(this.value(), other)?;
    }
    vm.dict_merge(this.value(), keywords.value())
}

fn missing(vm: &mut Vm, this: This<DefaultDict>, key: Value) -> PyResult<Value> {
    let factory = this.factory_or_none();
    if factory.is_none() {
        return Err(vm.raise_key(key));
    }
    let value = vm.call(factory, &[])?;
    vm.set_item(this.value(), key, value)?;
    Ok(value)
}

fn copy(vm: &mut Vm, this: This<DefaultDict>) -> PyResult<Value> {
    let class = Value::object(vm.class_of(this.value()));
    vm.call(class, &[this.factory_or_none(), this.value()])
}

fn union(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let Some(this) = This::<DefaultDict>::of(vm, lhs).or_else(|| This::of(vm, rhs)) else {
        return Ok(vm.not_implemented);
    };
    if !vm.is_a::<DictObject>(lhs) || !vm.is_a::<DictObject>(rhs) {
        return Ok(vm.not_implemented);
    }
    let class = Value::object(vm.class_of(this.value()));
    let result = vm.call(class, &[this.factory_or_none(), lhs])?;
    if !vm.is_a::<DictObject>(result) {
        let message = format!("unsupported operand type(s) for |: '{}'", vm.class_name(result));
        return Err(vm.raise_type(&message));
    }
    vm.dict_merge(result, rhs)?;
    Ok(result)
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let factory = DefaultDict::at(vm, value).factory_or_none();
    out.push_str(&format!("{}(", vm.type_name(vm.class_of(value))));
    // A bound method of the dict shows the dict.
    vm.write_container(out, factory, "...", |vm, out| vm.write_repr(out, factory))?;
    out.push_str(", ");
    let dict_repr = DICT.slots.repr.expect("dicts have a repr");
    dict_repr(vm, out, value)?;
    out.push(')' as u32);
    Ok(())
}

fn reduce(vm: &mut Vm, this: This<DefaultDict>) -> PyResult<Value> {
    let factory = this.factory_or_none();
    let arguments = if factory.is_none() { vm.empty_tuple } else { vm.new_tuple(&[factory]) };
    let name = vm.intern("items");
    let items = vm.call_method(this.value(), name, &[])?;
    let items = vm.get_iter(items)?;
    let class = Value::object(vm.class_of(this.value()));
    Ok(vm.new_tuple(&[class, arguments, Value::NONE, Value::NONE, items]))
}
