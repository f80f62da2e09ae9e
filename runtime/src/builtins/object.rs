//! `object`, and the special methods that built-in types have in common.

use super::receiver::{bytes_of, list_of, tuple_of};
use crate::object::argument::{Receiver, ThisFloat};
use crate::object::compare::{cmp, hash_identity};
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::string::{str_of, str_to_string};
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
    native("__init__", "($self, /, *args, **kwargs)", init),
    native("__dir__", "($self, /)", dir),
    native("__format__", "($self, format_spec, /)", format),
    native("__sizeof__", "($self, /)", sizeof),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Object, METHODS);
    let class = vm.class(BuiltinType::Object);
    vm.add_new(class, native("__new__", "($type, /, *args, **kwargs)", new));
    vm.add_class_methods(
        BuiltinType::Object,
        &[
            native("__init_subclass__", "($self, /, *args, **kwargs)", init_subclass),
            native("__subclasshook__", "($self, subclass, /)", not_implemented),
        ],
    );
    let class = vm.class(BuiltinType::Object);
    vm.add_getset(
        class,
        "__class__",
        |vm, value| Ok(Value::object(vm.class_of(value))),
        Some(|vm, value, class| match class {
            Some(class) => vm.assign_class(value, class),
            None => Err(vm.raise_type("can't delete __class__ attribute")),
        }),
    );
    vm.add_getset(class, "__dict__", |vm, value| vm.instance_dict(value), Some(Vm::set_instance_dict));
    add_representations(vm);
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Object)?;
    let excess = tuple_of(args[1]).len > 0 || !vm.keyword_dict_is_empty(args[2]);
    if excess {
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

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let excess = tuple_of(args[1]).len > 0 || !vm.keyword_dict_is_empty(args[2]);
    if excess {
        let names = vm.names;
        let (class, object) = (vm.class_of(args[0]), vm.class(BuiltinType::Object));
        if vm.class_lookup(class, names.__init__) != vm.class_lookup(object, names.__init__) {
            return Err(vm.raise_type("object.__init__() takes exactly one argument (the instance to initialize)"));
        }
        if vm.class_lookup(class, names.__new__) == vm.class_lookup(object, names.__new__) {
            let message =
                format!("{}.__init__() takes exactly one argument (the instance to initialize)", vm.type_name(class));
            return Err(vm.raise_type(&message));
        }
    }
    Ok(Value::NONE)
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
        let names: Vec<String> = list_of(list)
            .items()
            .iter()
            .filter(|&&n| self.is_str(n))
            .map(|&n| format!("'{}'", str_to_string(n)))
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
        Ok(match self.layout_of(value) {
            BuiltinType::Int => match crate::object::integer::int_to_i64(value) {
                Some(word) => self.new_int(word),
                None => {
                    let big = crate::object::integer::int_to_big(value);
                    self.new_big(big)
                }
            },
            BuiltinType::Float => ThisFloat::receive(self, value).map_or(value, |float| Value::float(float.get())),
            BuiltinType::Complex => {
                let (re, im) = self.complex_parts(value).unwrap_or_default();
                self.new_complex(re, im)
            }
            BuiltinType::Str => self.str_exact(value),
            BuiltinType::Bytes => {
                let data = bytes_of(value).to_vec();
                self.new_bytes(&data)?
            }
            BuiltinType::Tuple => self.new_tuple(tuple_of(value).items()),
            _ => value,
        })
    }
}

fn not_implemented(vm: &mut Vm, _args: &[Value]) -> PyResult {
    Ok(vm.not_implemented)
}

fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    super::attributes::names_of(vm, args[0])
}

/// TypeError where a format is no str.
fn check_format(vm: &mut Vm, format: Value) -> PyResult<()> {
    if vm.is_str(format) {
        return Ok(());
    }
    let given = if format.is_none() { "None".to_string() } else { vm.class_name(format) };
    Err(vm.raise_type(&format!("__format__() argument must be str, not {given}")))
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_format(vm, args[1])?;
    if str_of(args[1]).len > 0 {
        let message = format!("unsupported format string passed to {}.__format__", vm.class_name(args[0]));
        return Err(vm.raise_type(&message));
    }
    vm.str(args[0])
}

fn sizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bytes = if args[0].is_object() { vm.heap.size_bytes(args[0].as_ptr()) } else { 24 };
    Ok(Value::small_int(bytes as i64))
}

fn init_subclass(vm: &mut Vm, args: &[Value]) -> PyResult {
    if tuple_of(args[1]).len > 0 || !vm.keyword_dict_is_empty(args[2]) {
        let name = if vm.has_layout(args[0], BuiltinType::Type) {
            vm.full_name_of_class(args[0].as_ptr())
        } else {
            "object".into()
        };
        let message = format!("{name}.__init_subclass__() takes no keyword arguments");
        return Err(vm.raise_type(&message));
    }
    Ok(Value::NONE)
}

/// `__format__` of types whose subclasses are shown like them.
fn add_representations(vm: &mut Vm) {
    use BuiltinType::*;
    for ty in [Int, Float, Complex, Str] {
        vm.add_methods(
            ty,
            &[native("__format__", "($self, format_spec, /)", |vm, args| {
                check_format(vm, args[1])?;
                let exact = vm.exact_alias(args[0])?;
                vm.format(exact, args[1])
            })],
        );
    }
}
