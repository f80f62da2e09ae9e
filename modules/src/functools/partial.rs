//! `partial`: a function with some of its arguments.

use super::placeholder::is_placeholder;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{DictObject, TupleObject, TypeObject};
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{DICT_GETTER, GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Partial {
    header: Header,
    function: Value,
    /// A tuple.
    args: Value,
    /// A dict.
    keywords: Value,
    /// How many of the arguments are placeholders.
    n_placeholders: usize,
}

pub static PARTIAL: TypeSpec = TypeSpec {
    name: "partial",
    module: "functools",
    doc: "A function with some of its arguments: calls it with them and those that it gets. Placeholder stands for one to come.",
    layout: Some(Layout::of::<Partial>(3)),
    is_weakly_referable: true,
    is_base: true,
    has_dict: true,
    slots: Slots { call: slot(call), repr: slot(write_repr), get: Some(get), ..Slots::NONE },
    shown_signature: Some("(func, /, *args, **keywords)"),
    new: Some(method("__new__", "($type, /, *args, **keywords)", new).doc("Takes the function and the arguments.")),
    methods: &[
        method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
        method("__setstate__", "($self, state, /)", set_state).doc("Becomes what __reduce__ told of."),
    ],
    class_methods: &[CLASS_GETITEM],
    getters: &[
        read_only(field("func", |this: This<Partial>| this.function)).doc("The function that is called."),
        read_only(field("args", |this: This<Partial>| this.args)).doc("Its first arguments."),
        read_only(field("keywords", |this: This<Partial>| this.keywords)).doc("Its named arguments."),
        DICT_GETTER,
    ],
    ..TypeSpec::NEW
};

const fn read_only(row: GetSetRow) -> GetSetRow {
    row.settable(|vm, _, _| Err(vm.raise_attribute("readonly attribute")))
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Partial {
    const SPEC: &'static TypeSpec = &PARTIAL;
}

fn count_placeholders(vm: &Vm, args: &[Value]) -> usize {
    args.iter().filter(|&&argument| is_placeholder(vm, argument)).count()
}

fn new(vm: &mut Vm, class: ClassOf<Partial>, args: Rest, keywords: Keywords) -> PyResult {
    let [function, args @ ..] = args.items() else {
        return Err(vm.raise_type("type 'partial' takes at least one argument"));
    };
    let mut function = *function;
    if vm.slots_of(function).call.is_none() {
        return Err(vm.raise_type("the first argument must be callable"));
    }
    if args.last().is_some_and(|&last| is_placeholder(vm, last)) {
        return Err(vm.raise_type("trailing Placeholders are not allowed"));
    }
    if vm.table(keywords.value()).iter().any(|entry| is_placeholder(vm, entry.value)) {
        return Err(vm.raise_type("Placeholder cannot be passed as a keyword argument"));
    }
    let mut named = vm.dict_copy(keywords.value(), BuiltinType::Dict)?;
    let mut all = vm.new_tuple(args);
    // One of a partial takes the function's arguments together; but not one that has attributes.
    if let Some(inner) = This::<Partial>::of(vm, function)
        && !has_attributes(vm, function)?
    {
        all = fill(vm, inner, args)?;
        if vm.table(inner.keywords).len > 0 {
            named = vm.dict_copy(inner.keywords, BuiltinType::Dict)?;
            vm.dict_merge(named, keywords.value())?;
        }
        function = inner.function;
    }
    let n_placeholders = count_placeholders(vm, vm.tuple_items(all));
    vm.new_object(class.class, |header| Partial { header, function, args: all, keywords: named, n_placeholders })
}

/// Has an object attributes of its own?
fn has_attributes(vm: &mut Vm, value: Value) -> PyResult<bool> {
    let names = vm.own_names(value)?;
    Ok(vm.len(names)? > 0)
}

/// The arguments of a partial with those given in the places of its placeholders and behind.
fn fill(vm: &mut Vm, this: This<Partial>, given: &[Value]) -> PyResult {
    let own = vm.tuple_items(this.args);
    let n_behind = given.len().saturating_sub(this.n_placeholders);
    let all = vm.new_tuple_of_len(own.len() + n_behind)?;
    let mut next = given.iter();
    for (at, &argument) in own.iter().enumerate() {
        let argument = if this.n_placeholders > 0 && is_placeholder(vm, argument) {
            *next.next().unwrap_or(&argument)
        } else {
            argument
        };
        vm.tuple_init(all, at, argument);
    }
    for (at, &argument) in next.enumerate() {
        vm.tuple_init(all, own.len() + at, argument);
    }
    Ok(all)
}

/// So many arguments are put together on the native stack.
const FEW: usize = 8;

fn call(vm: &mut Vm, this: This<Partial>, arguments: Arguments<'_>) -> PyResult {
    let n_given = arguments.n_positional();
    if n_given < this.n_placeholders {
        let message = format!(
            "missing positional arguments in 'partial' call; expected at least {}, got {n_given}",
            this.n_placeholders
        );
        return Err(vm.raise_type(&message));
    }
    if vm.table(this.keywords).len > 0 {
        return call_named(vm, this, arguments);
    }
    let own = vm.tuple_items(this.args);
    let n = own.len() + arguments.values.len();
    if n <= FEW && this.n_placeholders == 0 {
        let mut values = [Value::UNBOUND; FEW];
        values[..own.len()].copy_from_slice(own);
        values[own.len()..n].copy_from_slice(arguments.values);
        return vm.call_with(this.function, Arguments { values: &values[..n], names: arguments.names });
    }
    // The values of names stand last, so that placeholders get positional ones.
    let all = fill(vm, this, arguments.values)?;
    vm.call_with(this.function, Arguments { values: vm.tuple_items(all), names: arguments.names })
}

fn call_named(vm: &mut Vm, this: This<Partial>, arguments: Arguments<'_>) -> PyResult {
    let function = this.function;
    let n_given = arguments.n_positional();
    let all = fill(vm, this, &arguments.values[..n_given])?;
    let mut named = this.keywords;
    if n_given < arguments.values.len() {
        named = vm.dict_copy(named, BuiltinType::Dict)?;
        for (&name, &value) in arguments.keyword_names().iter().zip(&arguments.values[n_given..]) {
            vm.dict_set(named, name, value)?;
        }
    }
    vm.call_expanded(function, all, named)
}

fn get(vm: &mut Vm, partial: Value, instance: Value, _: *mut TypeObject) -> PyResult {
    Ok(if instance.is_unbound() { partial } else { vm.new_bound_method(partial, instance) })
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Partial>) -> PyResult<()> {
    vm.write_container(out, this.value(), "...", |vm, out| {
        let name = vm.qualified_class_name(vm.class_of(this.value()));
        out.push_str(&format!("{name}("));
        vm.write_repr(out, this.function)?;
        for &argument in vm.tuple_items(this.args) {
            out.push_str(", ");
            vm.write_repr(out, argument)?;
        }
        let mut at = 0;
        while let Some((index, entry)) = vm.table(this.keywords).next_entry(at) {
            at = index + 1;
            out.push_str(", ");
            let name = vm.str(entry.key)?;
            out.push_view(vm.str_of(name).view());
            out.push('=' as u32);
            vm.write_repr(out, entry.value)?;
        }
        out.push(')' as u32);
        Ok(())
    })
}

fn reduce(vm: &mut Vm, this: This<Partial>) -> PyResult {
    let class = Value::object(vm.class_of(this.value()));
    let attributes = if has_attributes(vm, this.value())? { vm.instance_dict(this.value())? } else { Value::NONE };
    let function = vm.new_tuple(&[this.function]);
    let state = vm.new_tuple(&[this.function, this.args, this.keywords, attributes]);
    Ok(vm.new_tuple(&[class, function, state]))
}

fn set_state(vm: &mut Vm, mut this: This<Partial>, state: Value) -> PyResult<()> {
    let items = if vm.is_a::<TupleObject>(state) { vm.tuple_items(state) } else { &[] };
    let [function, args, keywords, attributes] = *items else {
        return Err(vm.raise_type("invalid partial state"));
    };
    let is_sound = vm.slots_of(function).call.is_some()
        && vm.is_a::<TupleObject>(args)
        && (keywords.is_none() || vm.is_a::<DictObject>(keywords));
    if !is_sound {
        return Err(vm.raise_type("invalid partial state"));
    }
    let args = vm.new_tuple(vm.tuple_items(args));
    if vm.tuple_items(args).last().is_some_and(|&last| is_placeholder(vm, last)) {
        return Err(vm.raise_type("trailing Placeholders are not allowed"));
    }
    let keywords = match keywords {
        none if none.is_none() => vm.new_dict(),
        exact if vm.is_exactly::<DictObject>(exact) => exact,
        other => {
            let copy = vm.new_dict();
            vm.dict_update(copy, other)?;
            copy
        }
    };
    let attributes = if attributes.is_none() { vm.new_dict() } else { attributes };
    vm.set_instance_dict(this.value(), Some(attributes))?;
    this.n_placeholders = count_placeholders(vm, vm.tuple_items(args));
    (this.function, this.args, this.keywords) = (function, args, keywords);
    vm.barrier(this.pointer());
    Ok(())
}
