//! `typing.TypeAliasType`: what `type X = …` makes.

use super::{items_of, new_alias, parameter, raise_subclassed, union, write_type};
use crate::builtins::class::caller_module;
use crate::object::argument::{ClassOf, Str, This, method};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::TupleObject;
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
pub struct TypeAlias {
    header: Header,
    name: Value,
    module: Value,
    /// A tuple.
    parameters: Value,
    /// Unbound: not computed yet.
    value: Value,
    /// Computes the value; unbound where it was given.
    evaluate: Value,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for TypeAlias {
    const SPEC: &'static TypeSpec = &TYPE_ALIAS;
}

pub static TYPE_ALIAS: TypeSpec = TypeSpec {
    name: "TypeAliasType",
    module: "typing",
    doc: "A name for a type.",
    layout: Some(Layout::of::<TypeAlias>(5)),
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<TypeAlias>| {
            let name = vm.str(this.name)?;
            out.push_view(vm.str_of(name).view());
            Ok(())
        }),
        get_item: slot(|vm: &mut Vm, this: This<TypeAlias>, arguments: Value| {
            if items_of(vm, this.parameters).is_empty() {
                return Err(vm.raise_type("Only generic type aliases are subscriptable"));
            }
            new_alias(vm, this.value(), arguments)
        }),
        iter: slot(|vm: &mut Vm, this: This<TypeAlias>| {
            let unpacked = parameter::unpacked(vm, this.value())?;
            let one = vm.new_tuple(&[unpacked]);
            vm.get_iter(one)
        }),
        binary: operators(&[(op::OR, union::either_checked)]),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, name, value, *, type_params=())", new).doc("A name for a type.")),
    methods: &[
        method("__reduce__", "($self, /)", |this: This<TypeAlias>| this.name).doc("Its name in its module."),
        method("__mro_entries__", "($self, bases, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
            Err(raise_subclassed(vm, "TypeAliasType"))
        })
        .doc("Raises TypeError."),
    ],
    getters: &[
        field("__name__", |this: This<TypeAlias>| this.name).doc("Its name."),
        field("__module__", |this: This<TypeAlias>| this.module).doc("Where it was made."),
        field("__type_params__", |this: This<TypeAlias>| this.parameters).doc("Its type parameters."),
        field("__parameters__", |vm: &mut Vm, this: This<TypeAlias>| parameter::all_unpacked(vm, this.parameters))
            .doc("Its type parameters, with stars where they stand for many."),
        field("__value__", |vm: &mut Vm, mut this: This<TypeAlias>| {
            if this.value.is_unbound() {
                let value = vm.call(this.evaluate, &[Value::small_int(1)])?;
                this.value = value;
                vm.barrier(this.pointer());
            }
            Ok::<Value, crate::Raised>(this.value)
        })
        .doc("The type."),
        field("evaluate_value", |vm: &mut Vm, this: This<TypeAlias>| match this.evaluate {
            evaluate if evaluate.is_unbound() => constant_evaluator(vm, this.value),
            evaluate => Ok(evaluate),
        })
        .doc("Gives the type in a format of annotations."),
    ],
    ..TypeSpec::NEW
};

fn make(vm: &mut Vm, name: Value, parameters: Value, value: Value, evaluate: Value) -> PyResult {
    let (class, module) = (vm.type_of_spec(&TYPE_ALIAS), caller_module(vm).unwrap_or(Value::NONE));
    vm.new_object(class, |header| TypeAlias { header, name, module, parameters, value, evaluate })
}

fn new(vm: &mut Vm, _: ClassOf<TypeAlias>, name: Str, value: Value, parameters: Option<Value>) -> PyResult {
    let parameters = parameters.unwrap_or(vm.empty_tuple);
    if !vm.is_a::<TupleObject>(parameters) {
        return Err(vm.raise_type("type_params must be a tuple"));
    }
    check_parameters(vm, parameters)?;
    make(vm, name.value(), parameters, value, Value::UNBOUND)
}

/// TypeError for what are no type parameters, and for those without a default behind one with it.
fn check_parameters(vm: &mut Vm, parameters: Value) -> PyResult<()> {
    let mut has_default = false;
    for &parameter in items_of(vm, parameters) {
        let Some(own) = parameter::has_own_default(vm, parameter)? else {
            let mut message = "Expected a type param, got ".to_string();
            let shown = vm.repr(parameter)?;
            message.push_str(&vm.string_of(shown));
            return Err(vm.raise_type(&message));
        };
        if has_default && !own {
            let shown = vm.repr(parameter)?;
            let shown = vm.string_of(shown);
            let message = format!("non-default type parameter '{shown}' follows default type parameter");
            return Err(vm.raise_type(&message));
        }
        has_default |= own;
    }
    Ok(())
}

/// What a `type` statement makes of a name, type parameters (or None) and a function that gives the value.
pub fn declared(vm: &mut Vm, parts: Value) -> PyResult {
    let [name, parameters, evaluate] = *items_of(vm, parts) else {
        return Err(vm.raise_type("a type alias takes a name, its parameters and its value"));
    };
    let parameters = if parameters.is_none() { vm.empty_tuple } else { parameters };
    make(vm, name, parameters, Value::UNBOUND, evaluate)
}

/// Gives a value in a format of annotations: as text where that is asked for.
#[repr(C)]
struct ConstantEvaluator {
    header: Header,
    value: Value,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for ConstantEvaluator {
    const SPEC: &'static TypeSpec = &CONSTANT_EVALUATOR;
}

static CONSTANT_EVALUATOR: TypeSpec = TypeSpec {
    name: "_ConstEvaluator",
    module: "typing",
    doc: "Gives a value that needs no evaluation.",
    layout: Some(Layout::of::<ConstantEvaluator>(1)),
    slots: Slots {
        call: slot(evaluate_constant),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<ConstantEvaluator>| {
            vm.write_parts(out, "<constevaluator ", &[this.value], ">")
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub fn constant_evaluator(vm: &mut Vm, value: Value) -> PyResult {
    let class = vm.type_of_spec(&CONSTANT_EVALUATOR);
    vm.new_object(class, |header| ConstantEvaluator { header, value })
}

/// The format of annotations that is text.
const STRING: i64 = 4;

fn evaluate_constant(
    vm: &mut Vm,
    this: This<ConstantEvaluator>,
    arguments: crate::object::native::Arguments<'_>,
) -> PyResult {
    let [format] = *arguments.values else {
        let given = arguments.values.len();
        return Err(vm.raise_type(&format!("_typing._ConstEvaluator expected 1 argument, got {given}")));
    };
    if vm.index_i64(format)? != STRING {
        return Ok(this.value);
    }
    let mut out = Text::new();
    let members = items_of(vm, this.value);
    if !vm.is_a::<TupleObject>(this.value) {
        write_type(vm, &mut out, this.value)?;
        return Ok(out.finish(vm));
    }
    out.push('(' as u32);
    for (at, &member) in members.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_type(vm, &mut out, member)?;
    }
    out.push_str(if members.len() == 1 { ",)" } else { ")" });
    Ok(out.finish(vm))
}
