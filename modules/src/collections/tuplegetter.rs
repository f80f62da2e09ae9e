//! `_tuplegetter`: the descriptor of a named tuple's field.

use stitch_runtime::object::argument::{Class, Index, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{TupleObject, TypeObject};
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct TupleGetter {
    header: Header,
    doc: Value,
    index: i64,
}

pub static TUPLE_GETTER: TypeSpec = TypeSpec {
    name: "_tuplegetter",
    module: "collections",
    layout: Some(Layout::of::<TupleGetter>(1)),
    tuple_index: Some(|vm, value| TupleGetter::at(vm, value).index),
    slots: Slots {
        get: Some(get),
        set: Some(|vm, _, _, value| {
            Err(vm.raise_attribute(if value.is_some() { "can't set attribute" } else { "can't delete attribute" }))
        }),
        repr: Some(write_repr),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, index, doc, /)", new).doc("The getter of an item of tuples.")),
    methods: &[method("__reduce__", "($self, /)", reduce).doc("How to make it again.")],
    getters: &[getter("__doc__", |vm, value| Ok(TupleGetter::at(vm, value).doc))
        .settable(|vm, value, doc| {
            let mut this = TupleGetter::at(vm, value);
            this.doc = doc.unwrap_or(Value::NONE);
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("The field's doc text.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for TupleGetter {
    const SPEC: &'static TypeSpec = &TUPLE_GETTER;
}

impl TupleGetter {
    fn at(vm: &Vm, value: Value) -> This<TupleGetter> {
        This::of(vm, value).expect("a getter's slot gets one")
    }
}

fn new(vm: &mut Vm, class: Class, index: Index, doc: Value) -> PyResult<Value> {
    vm.new_object(class.0, |header| TupleGetter { header, doc, index: index.0 })
}

fn get(vm: &mut Vm, getter: Value, instance: Value, _: *mut TypeObject) -> PyResult {
    if instance.is_unbound() {
        return Ok(getter);
    }
    let index = TupleGetter::at(vm, getter).index;
    let Some(tuple) = This::<TupleObject>::of(vm, instance) else {
        let message = format!(
            "descriptor for index '{index}' for tuple subclasses doesn't apply to '{}' object",
            vm.class_name(instance)
        );
        return Err(vm.raise_type(&message));
    };
    let item = usize::try_from(index).ok().and_then(|index| tuple.items().get(index).copied());
    item.ok_or_else(|| vm.raise_index("tuple index out of range"))
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let this = TupleGetter::at(vm, value);
    out.push_str(&format!("_tuplegetter({}, ", this.index));
    vm.write_repr(out, this.doc)?;
    out.push(')' as u32);
    Ok(())
}

fn reduce(vm: &mut Vm, this: This<TupleGetter>) -> Value {
    let class = Value::object(vm.class_of(this.value()));
    let index = vm.new_int(this.index);
    let arguments = vm.new_tuple(&[index, this.doc]);
    vm.new_tuple(&[class, arguments])
}
