//! `types.GenericAlias`: a class with arguments, such as `list[int]`.

use super::{items_of, substitute, union, write_type};
use crate::builtins::specs::TUPLE;
use crate::object::argument::{ClassOf, This, method};
use crate::object::compare::cmp;
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::{TupleObject, TypeObject};
use crate::object::native::Arguments;
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
pub struct GenericAlias {
    header: Header,
    pub origin: Value,
    pub arguments: Value,
    /// The type parameters in the arguments; unbound: nobody has asked.
    parameters: Value,
    /// Of `*tuple[int, ...]`.
    is_unpacked: bool,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for GenericAlias {
    const SPEC: &'static TypeSpec = &GENERIC_ALIAS;
}

pub static GENERIC_ALIAS: TypeSpec = TypeSpec {
    name: "GenericAlias",
    module: "types",
    is_weakly_referable: true,
    doc: "A class with type arguments.",
    layout: Some(Layout::of::<GenericAlias>(3)),
    is_base: true,
    slots: Slots {
        repr: slot(write_repr),
        hash: slot(|vm: &mut Vm, this: This<GenericAlias>| Ok(vm.hash(this.origin)? ^ vm.hash(this.arguments)?)),
        compare: slot(compare),
        call: slot(call),
        get_attribute: Some(get_attribute),
        get_item: slot(|vm: &mut Vm, this: This<GenericAlias>, item: Value| {
            let parameters = parameters(vm, this)?;
            let arguments = substitute::substituted(vm, this.value(), this.arguments, parameters, item)?;
            make(vm, None, this.origin, arguments, this.is_unpacked)
        }),
        iter: slot(|vm: &mut Vm, this: This<GenericAlias>| {
            let class = vm.type_of_spec(&STAR_ITERATOR);
            vm.new_object(class, |header| StarIterator { header, alias: this.value() })
        }),
        binary: operators(&[(op::OR, union::either)]),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, origin, args, /)",
            |vm: &mut Vm, class: ClassOf<GenericAlias>, origin, arguments| {
                make(vm, Some(class.class), origin, arguments, false)
            },
        )
        .doc("A class with type arguments."),
    ),
    methods: &[
        method("__mro_entries__", "($self, bases, /)", |vm: &mut Vm, this: This<GenericAlias>, _: Value| {
            vm.new_tuple(&[this.origin])
        })
        .doc("What a class that names it as a base derives from."),
        method("__instancecheck__", "($self, instance, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
            Err(vm.raise_type("isinstance() argument 2 cannot be a parameterized generic"))
        })
        .doc("Raises TypeError."),
        method("__subclasscheck__", "($self, subclass, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
            Err(vm.raise_type("issubclass() argument 2 cannot be a parameterized generic"))
        })
        .doc("Raises TypeError."),
        method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
    ],
    getters: &[
        field("__origin__", |this: This<GenericAlias>| this.origin).doc("The class without arguments."),
        field("__args__", |this: This<GenericAlias>| this.arguments).doc("The arguments."),
        field("__unpacked__", |this: This<GenericAlias>| this.is_unpacked).doc("Is there a star before it?"),
        field("__parameters__", parameters).doc("The type parameters in its arguments."),
        field("__typing_unpacked_tuple_args__", |vm: &mut Vm, this: This<GenericAlias>| {
            let is_tuple = this.is_unpacked && vm.is_class(this.origin, &TUPLE);
            is_tuple.then_some(this.arguments)
        })
        .doc("Of a tuple with a star before it: the arguments."),
    ],
    ..TypeSpec::NEW
};

/// Gives an alias once, with a star before it.
#[repr(C)]
struct StarIterator {
    header: Header,
    /// Unbound: it was given.
    alias: Value,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for StarIterator {
    const SPEC: &'static TypeSpec = &STAR_ITERATOR;
}

static STAR_ITERATOR: TypeSpec = TypeSpec {
    name: "generic_alias_iterator",
    doc: "Gives a class with type arguments once, with a star before it.",
    layout: Some(Layout::of::<StarIterator>(1)),
    slots: Slots {
        iter: Some(|_, iterator| Ok(iterator)),
        next: slot(|vm: &mut Vm, mut this: This<StarIterator>| {
            let alias = std::mem::replace(&mut this.alias, Value::UNBOUND);
            if alias.is_unbound() {
                return Ok(None);
            }
            let alias = This::<GenericAlias>::expect(vm, alias);
            make(vm, None, alias.origin, alias.arguments, true).map(Some)
        }),
        ..Slots::NONE
    },
    methods: &[method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<StarIterator>| -> PyResult {
        let (builtins, name) = (vm.import_dotted("builtins")?, vm.intern("iter"));
        let iter = vm.get_attr(builtins, name)?;
        let left = if this.alias.is_unbound() { vm.empty_tuple } else { this.alias };
        let arguments = vm.new_tuple(&[left]);
        Ok(vm.new_tuple(&[iter, arguments]))
    })
    .doc("How to make it again.")],
    ..TypeSpec::NEW
};

fn make(vm: &mut Vm, class: Option<*mut TypeObject>, origin: Value, arguments: Value, is_unpacked: bool) -> PyResult {
    let class = class.unwrap_or_else(|| vm.type_of_spec(&GENERIC_ALIAS));
    let is_tuple = vm.is_a::<TupleObject>(arguments);
    let arguments = if is_tuple { arguments } else { vm.new_tuple(&[arguments]) };
    vm.new_object(class, |header| GenericAlias { header, origin, arguments, parameters: Value::UNBOUND, is_unpacked })
}

/// `origin[arguments]`.
pub fn new_alias(vm: &mut Vm, origin: Value, arguments: Value) -> PyResult {
    make(vm, None, origin, arguments, false)
}

fn parameters(vm: &mut Vm, mut this: This<GenericAlias>) -> PyResult {
    if this.parameters.is_unbound() {
        let found = substitute::parameters_in(vm, this.arguments)?;
        this.parameters = found;
        vm.barrier(this.pointer());
    }
    Ok(this.parameters)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<GenericAlias>) -> PyResult<()> {
    vm.check_native_stack()?;
    if this.is_unpacked {
        out.push('*' as u32);
    }
    write_type(vm, out, this.origin)?;
    out.push('[' as u32);
    let arguments = items_of(vm, this.arguments);
    if arguments.is_empty() {
        out.push_str("()");
    }
    for (at, &argument) in arguments.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_type(vm, out, argument)?;
    }
    out.push(']' as u32);
    Ok(())
}

fn compare(vm: &mut Vm, operation: u32, this: This<GenericAlias>, other: Value) -> PyResult {
    let is_equality = matches!(operation, cmp::EQ | cmp::NE);
    let Some(other) = This::<GenericAlias>::of(vm, other).filter(|_| is_equality) else {
        return Ok(vm.not_implemented);
    };
    let is_equal = this.is_unpacked == other.is_unpacked
        && vm.equal(this.origin, other.origin)?
        && vm.equal(this.arguments, other.arguments)?;
    Ok(Value::bool(is_equal == (operation == cmp::EQ)))
}

/// Makes an instance of the class, and tells it the alias where it can be told.
fn call(vm: &mut Vm, this: This<GenericAlias>, arguments: Arguments<'_>) -> PyResult {
    let instance = vm.call_with(this.origin, arguments)?;
    let name = vm.intern("__orig_class__");
    if vm.set_attr(instance, name, this.value()).is_err() {
        let is_refusal =
            vm.exception_matches(vm.exceptions.AttributeError) || vm.exception_matches(vm.exceptions.TypeError);
        if !is_refusal {
            return Err(crate::Raised);
        }
        vm.clear_exception();
    }
    Ok(instance)
}

/// All but a few attributes are the class's.
fn get_attribute(vm: &mut Vm, alias: Value, name: Value) -> PyResult<Option<Value>> {
    let Some(this) = This::<GenericAlias>::of(vm, alias) else { return Ok(None) };
    match vm.string_of(name).as_str() {
        "__class__"
        | "__origin__"
        | "__args__"
        | "__unpacked__"
        | "__parameters__"
        | "__mro_entries__"
        | "__typing_unpacked_tuple_args__"
        | "__reduce_ex__"
        | "__reduce__"
        | "__bases__"
        | "__copy__"
        | "__deepcopy__"
        | "__instancecheck__"
        | "__subclasscheck__" => vm.generic_get_attr(alias, name),
        _ => vm.get_attr(this.origin, name).map(Some),
    }
}

fn reduce(vm: &mut Vm, this: This<GenericAlias>) -> PyResult {
    if !this.is_unpacked {
        let class = Value::object(vm.class_of(this.value()));
        let arguments = vm.new_tuple(&[this.origin, this.arguments]);
        return Ok(vm.new_tuple(&[class, arguments]));
    }
    let plain = make(vm, None, this.origin, this.arguments, false)?;
    let iterator = vm.get_iter(plain)?;
    let (builtins, name) = (vm.import_dotted("builtins")?, vm.intern("next"));
    let next = vm.get_attr(builtins, name)?;
    let arguments = vm.new_tuple(&[iterator]);
    Ok(vm.new_tuple(&[next, arguments]))
}
