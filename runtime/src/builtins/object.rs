//! `object`, and the special methods that built-in types have in common.

use super::reduce;
use crate::object::argument::{Class, ClassOf, Keywords, Rest, Str, This, method};
use crate::object::compare::{cmp, hash_identity};
use crate::object::header::Header;
use crate::object::layout::{ListObject, TypeObject};
use crate::object::native::NativeRow;
use crate::object::slots::Slots;
use crate::object::spec::{GetSetRow, TypeSpec, getter};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static OBJECT: TypeSpec = TypeSpec {
    name: "object",
    doc: "The base of all classes.",
    is_base: true,
    slots: Slots {
        repr: Some(|vm, out, value| {
            out.push_str(&vm.default_repr(value));
            Ok(())
        }),
        str: Some(|vm, value| vm.repr(value)),
        hash: Some(|_, value| Ok(hash_identity(value))),
        compare: Some(compare),
        get_attribute: Some(Vm::generic_get_attr),
        set_attribute: Some(Vm::generic_set_attr),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A new object of a class.")),
    methods: METHODS,
    class_methods: CLASS_METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

/// By identity; `!=` is what `==` is not.
fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    match operation {
        cmp::EQ if lhs == rhs => Ok(Value::TRUE),
        cmp::NE => {
            let Some(slot) = vm.slots_of(lhs).compare else { return Ok(vm.not_implemented) };
            let equal = slot(vm, cmp::EQ, lhs, rhs)?;
            if equal == vm.not_implemented {
                return Ok(equal);
            }
            Ok(Value::bool(!vm.is_true(equal)?))
        }
        _ => Ok(vm.not_implemented),
    }
}

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes no arguments; subclasses may."),
    method("__dir__", "($self, /)", super::attributes::names_of).doc("The names of the object's attributes."),
    method("__format__", "($self, format_spec, /)", format).doc("The object as str() shows it; takes no format."),
    method("__sizeof__", "($self, /)", sizeof).doc("How many bytes of memory the object takes."),
    reduce::REDUCE_EX,
    reduce::REDUCE,
    reduce::GETSTATE,
];

const CLASS_METHODS: &[NativeRow] = &[
    method("__init_subclass__", "($self, /, *args, **kwargs)", init_subclass)
        .doc("Called when a class is derived from this one; does nothing."),
    method("__subclasshook__", "($self, subclass, /)", |vm: &mut Vm, _: Value, _: Value| vm.not_implemented)
        .doc("What abstract base classes ask whether a class is to count as theirs; NotImplemented: as usual."),
];

const GETTERS: &[GetSetRow] = &[getter("__class__", |vm, value| Ok(Value::object(vm.class_of(value))))
    .settable(|vm, value, class| match class {
        Some(class) => {
            vm.audit_change(value, "__class__", class)?;
            vm.assign_class(value, class)
        }
        None => Err(vm.raise_type("can't delete __class__ attribute")),
    })
    .doc("The object's class.")];

/// `__format__` of types whose subclasses are shown like them.
pub fn format_exact(vm: &mut Vm, value: Value, format: Str) -> PyResult {
    let exact = vm.exact_alias(value)?;
    if format.object().len == 0 && exact != value {
        return vm.str(value);
    }
    vm.format(exact, format.value())
}

fn new(vm: &mut Vm, class: ClassOf<Header>, args: Rest, keywords: Keywords) -> PyResult {
    let class = class.class;
    if !args.items().is_empty() || !keywords.is_empty() {
        let names = vm.names;
        let overridden = |vm: &mut Vm, name: Value| {
            let object = vm.class(BuiltinType::Object);
            vm.class_lookup(class, name) != vm.class_lookup(object, name)
        };
        if overridden(vm, names.__new__) {
            return Err(vm.raise_type("object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if !overridden(vm, names.__init__) {
            let message = format!("{}() takes no arguments", vm.type_name(class));
            return Err(vm.raise_type(&message));
        }
    }
    vm.raise_if_abstract(class)?;
    vm.new_instance(class)
}

fn init(vm: &mut Vm, value: Value, args: Rest, keywords: Keywords) -> PyResult<()> {
    if args.items().is_empty() && keywords.is_empty() {
        return Ok(());
    }
    let names = vm.names;
    let (class, object) = (vm.class_of(value), vm.class(BuiltinType::Object));
    if vm.class_lookup(class, names.__init__) != vm.class_lookup(object, names.__init__) {
        return Err(vm.raise_type("object.__init__() takes exactly one argument (the instance to initialize)"));
    }
    if vm.class_lookup(class, names.__new__) == vm.class_lookup(object, names.__new__) {
        let message =
            format!("{}.__init__() takes exactly one argument (the instance to initialize)", vm.type_name(class));
        return Err(vm.raise_type(&message));
    }
    Ok(())
}

impl Vm {
    /// TypeError where a class has abstract methods left.
    pub fn raise_if_abstract(&mut self, class: *mut TypeObject) -> PyResult<()> {
        // SAFETY: a live class.
        if unsafe { (*class).flags } & TypeObject::HEAP == 0 {
            return Ok(());
        }
        // SAFETY: a live class with its dict.
        let dict = unsafe { (*class).dict };
        let name = self.names.__abstractmethods__;
        let Some(methods) = self.dict_get_name(dict, name) else { return Ok(()) };
        let list = self.collect(methods)?;
        super::sort::sort(self, list, None, false)?;
        let names: Vec<String> = This::<ListObject>::expect(self, list)
            .items()
            .iter()
            .filter(|&&n| self.is_str(n))
            .map(|&n| format!("'{}'", self.string_of(n)))
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        let plural = if names.len() == 1 { "" } else { "s" };
        let message = format!(
            "Can't instantiate abstract class {} without an implementation for abstract method{plural} {}",
            self.type_name(class),
            names.join(", ")
        );
        Err(self.raise_type(&message))
    }

    /// An exact int, str or other value of the built-in type that a subclass's instance has.
    pub fn exact_alias(&mut self, value: Value) -> PyResult {
        if self.is_plain(value) {
            return Ok(value);
        }
        match self.spec_of(value).inherited(|spec| spec.exact) {
            Some(exact) => exact(self, value),
            None => Ok(value),
        }
    }
}

fn format(vm: &mut Vm, value: Value, format: Str) -> PyResult {
    if format.object().len > 0 {
        let message = format!("unsupported format string passed to {}.__format__", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    vm.str(value)
}

fn sizeof(vm: &mut Vm, value: Value) -> usize {
    if value.is_object() { vm.heap.size_bytes(value.as_ptr()) } else { 24 }
}

fn init_subclass(vm: &mut Vm, class: Class, args: Rest, keywords: Keywords) -> PyResult<()> {
    if args.items().is_empty() && keywords.is_empty() {
        return Ok(());
    }
    let message = format!("{}.__init_subclass__() takes no keyword arguments", vm.shown_name(class.0));
    Err(vm.raise_type(&message))
}
