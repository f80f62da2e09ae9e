//! `type`: attributes of classes.

use crate::object::class::class_ref;
use crate::object::layout::*;
use crate::object::native::{Arguments, NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators};
use crate::object::spec::{MatchedAs, TypeSpec};
use crate::object::string::str_of;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static TYPE: TypeSpec = TypeSpec {
    name: "type",
    doc: "The class of classes.",
    is_base: true,
    slots: Slots {
        repr: Some(|vm, out, class| {
            let name = vm.qualified_class_name(class.as_ptr());
            out.push_str(&format!("<class '{name}'>"));
            Ok(())
        }),
        call: Some(call),
        get_attribute: Some(|vm, class, name| vm.class_get_attr(class.as_ptr(), name)),
        set_attribute: Some(Vm::class_set_attr),
        binary: operators(&[(op::OR, |vm, lhs, rhs| Ok(vm.class_union(lhs, rhs)?.unwrap_or(vm.not_implemented)))]),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    native("mro", "($self, /)", |vm, args| {
        let class = class_value(vm, args[0])?;
        let order = vm.default_order(class)?;
        vm.new_list(super::tuple_of(order).items())
    }),
    native("__subclasses__", "($self, /)", |vm, args| {
        let class = class_value(vm, args[0])?;
        let subclasses = class_ref(class).subclasses;
        vm.collect(subclasses)
    }),
    native("__instancecheck__", "($self, instance, /)", |vm, args| {
        let class = class_value(vm, args[0])?;
        Ok(Value::bool(vm.is_or_claims_instance(args[1], class)?))
    }),
    native("__subclasscheck__", "($self, subclass, /)", |vm, args| {
        let class = class_value(vm, args[0])?;
        let subclass = class_value(vm, args[1])?;
        Ok(Value::bool(vm.is_subclass(subclass, class)))
    }),
    native("__init__", "($self, /, *args, **kwargs)", |_, _| Ok(Value::NONE)),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Type, METHODS);
    vm.add_static_methods(BuiltinType::Type, &[native("__prepare__", "(*args, **kwargs)", |vm, _| Ok(vm.new_dict()))]);
    let class = vm.class(BuiltinType::Type);
    vm.add_new(class, native("__new__", "($type, /, *args, **kwargs)", new));
    vm.add_getset(
        class,
        "__name__",
        |vm, value| class_value(vm, value).map(|class| class_ref(class).name),
        Some(set_name),
    );
    vm.add_getset(
        class,
        "__qualname__",
        |vm, value| class_value(vm, value).map(|class| class_ref(class).qualname),
        Some(set_qualname),
    );
    vm.add_getset(class, "__module__", module, Some(|vm, value, module| set_entry(vm, value, "__module__", module)));
    vm.add_getset(
        class,
        "__bases__",
        |vm, value| class_value(vm, value).map(|class| class_ref(class).bases),
        Some(|vm, value, bases| {
            let class = mutable_class(vm, value, "__bases__")?;
            let bases = undeletable(vm, class, "__bases__", bases)?;
            vm.set_bases(class, bases)
        }),
    );
    vm.add_getset(class, "__doc__", doc, Some(|vm, value, doc| set_entry(vm, value, "__doc__", doc)));
    vm.add_getset(class, "__abstractmethods__", abstract_methods, Some(set_abstract_methods));
    vm.add_getters(
        BuiltinType::Type,
        &[
            ("__mro__", |vm, value| class_value(vm, value).map(|class| class_ref(class).mro)),
            ("__dict__", Vm::class_dict_view),
        ],
    );
    vm.add_getset(class, "__annotations__", annotations, Some(set_annotations));
    vm.add_getset(
        class,
        "__type_params__",
        |vm, value| {
            let (class, name) = (class_value(vm, value)?, vm.intern("__type_params__"));
            Ok(own_entry(vm, class, name).unwrap_or(vm.empty_tuple))
        },
        Some(|vm, value, parameters| set_entry(vm, value, "__type_params__", parameters)),
    );
    let layout: [(&str, Getter); 6] = [
        ("__base__", base),
        ("__basicsize__", basic_size),
        ("__itemsize__", |vm, value| class_value(vm, value).map(|class| Value::small_int(item_size(class)))),
        ("__flags__", flags),
        ("__dictoffset__", |vm, value| {
            let class = class_value(vm, value)?;
            let has_dict = class_ref(class).flags & (TypeObject::HAS_DICT | TypeObject::HEAP)
                == TypeObject::HAS_DICT | TypeObject::HEAP;
            Ok(Value::small_int(if has_dict { -1 } else { 0 }))
        }),
        ("__weakrefoffset__", |vm, value| class_value(vm, value).map(|_| Value::small_int(0))),
    ];
    for (name, getter) in layout {
        vm.add_getset(class, name, getter, Some(read_only));
    }
}

/// The base whose instances' memory those of the class have.
fn base(vm: &mut Vm, value: Value) -> PyResult {
    let class = class_value(vm, value)?;
    let bases = super::tuple_of(class_ref(class).bases).items();
    if bases.is_empty() { Ok(Value::NONE) } else { vm.best_base(bases).map(|base| Value::object(base)) }
}

/// The bytes of an instance without items; the words that a Python class adds are among them.
fn basic_size(vm: &mut Vm, value: Value) -> PyResult {
    let class = class_value(vm, value)?;
    let object = class_ref(class);
    // SAFETY: specifications are static.
    let layout = unsafe { (*object.spec).layout };
    let fixed = layout.map_or(object.base_layout.size_bytes(), |layout| layout.size_bytes);
    let inline = vm.shapes.get(object.instance_shape).inline_slots as usize;
    let has_word = object.flags & TypeObject::HEAP != 0 && !object.base_layout.has_attributes();
    Ok(vm.new_int_from_usize(fixed + 8 * (inline + has_word as usize)))
}

/// The bytes of each item behind an instance.
fn item_size(class: *mut TypeObject) -> i64 {
    match class_ref(class).base_layout {
        BuiltinType::Tuple | BuiltinType::Type => 8,
        BuiltinType::Bytes => 1,
        BuiltinType::Int => 4,
        _ => 0,
    }
}

/// The flags of CPython that say something of any implementation.
fn flags(vm: &mut Vm, value: Value) -> PyResult {
    const SEQUENCE: i64 = 1 << 5;
    const MAPPING: i64 = 1 << 6;
    const IMMUTABLE: i64 = 1 << 8;
    const HEAP: i64 = 1 << 9;
    const BASE: i64 = 1 << 10;
    const READY: i64 = 1 << 12;
    const ABSTRACT: i64 = 1 << 20;
    let class = class_value(vm, value)?;
    let object = class_ref(class);
    let mut flags = READY;
    for (own, theirs) in [(TypeObject::IMMUTABLE, IMMUTABLE), (TypeObject::HEAP, HEAP)] {
        flags |= if object.flags & own != 0 { theirs } else { 0 };
    }
    flags |= if object.flags & TypeObject::FINAL == 0 { BASE } else { 0 };
    flags |= match object.matched_as {
        MatchedAs::Neither => 0,
        MatchedAs::Sequence => SEQUENCE,
        MatchedAs::Mapping => MAPPING,
    };
    let abstract_methods = own_entry(vm, class, vm.names.__abstractmethods__);
    if let Some(methods) = abstract_methods
        && vm.is_true(methods)?
    {
        flags |= ABSTRACT;
    }
    let bases = [
        (BuiltinType::Int, 24),
        (BuiltinType::List, 25),
        (BuiltinType::Tuple, 26),
        (BuiltinType::Bytes, 27),
        (BuiltinType::Str, 28),
        (BuiltinType::Dict, 29),
        (BuiltinType::BaseException, 30),
        (BuiltinType::Type, 31),
    ];
    for (base, bit) in bases {
        flags |= if vm.is_subclass(class, vm.class(base)) { 1 << bit } else { 0 };
    }
    Ok(vm.new_int(flags))
}

/// The class that a value is; TypeError where it is none.
pub fn class_value(vm: &mut Vm, value: Value) -> PyResult<*mut TypeObject> {
    vm.check_receiver(value, BuiltinType::Type)?;
    Ok(value.as_ptr())
}

/// The first argument of a `__new__`: a class whose instances have the layout.
pub fn class_argument(vm: &mut Vm, value: Value, ty: BuiltinType) -> PyResult<*mut TypeObject> {
    vm.class_argument_of(value, ty.spec())
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut metaclass = class_argument(vm, args[0], BuiltinType::Type)?;
    let positional = super::tuple_of(args[1]).items();
    let &[name, bases, namespace] = positional else {
        let message = format!("type.__new__() takes exactly 3 arguments ({} given)", positional.len());
        return Err(vm.raise_type(&message));
    };
    let wanted = [(name, BuiltinType::Str), (bases, BuiltinType::Tuple), (namespace, BuiltinType::Dict)];
    for (i, (value, ty)) in wanted.into_iter().enumerate() {
        if !vm.has_layout(value, ty) {
            let (n, ty, given) = (i + 1, ty.name(), vm.class_name(value));
            return Err(vm.raise_type(&format!("type.__new__() argument {n} must be {ty}, not {given}")));
        }
    }
    let base_items = super::tuple_of(bases).items();
    let winner = vm.most_derived_metaclass(args[0], base_items)?.as_ptr::<TypeObject>();
    if winner != metaclass {
        let (theirs, ours) = (vm.names.__new__, vm.class(BuiltinType::Type));
        if vm.class_lookup(winner, theirs) != vm.class_lookup(ours, theirs) {
            // Its `__new__` is the one to be asked.
            let winner = Value::object(winner);
            let function = vm.get_attr(winner, theirs)?;
            let all = vm.new_tuple(&[winner, name, bases, namespace]);
            return vm.call_expanded(function, all, args[2]);
        }
        metaclass = winner;
    }
    check_no_null(vm, name)?;
    let name = vm.exact_alias(name)?;
    let class = vm.new_class(metaclass, name, base_items, namespace)?;
    if let Some(module) = caller_module(vm) {
        let names = vm.names;
        let dict = class_ref(class).dict;
        if vm.dict_get_name(dict, names.__module__).is_none() {
            vm.dict_set_name(dict, names.__module__, module);
        }
    }
    let (keywords, names) = keyword_arguments(vm, args[2])?;
    vm.finish_class(class, Arguments { values: super::tuple_of(keywords).items(), names })?;
    Ok(Value::object(class))
}

/// `type(value)` is the value's class; every other call makes an instance.
fn call(vm: &mut Vm, class: Value, arguments: Arguments<'_>) -> PyResult {
    if class == Value::object(vm.class(BuiltinType::Type)) {
        match arguments.n_positional() {
            1 if arguments.keyword_names().is_empty() => return Ok(Value::object(vm.class_of(arguments.values[0]))),
            3 => {}
            _ => return Err(vm.raise_type("type() takes 1 or 3 arguments")),
        }
    }
    vm.construct(class.as_ptr(), arguments)
}

fn check_no_null(vm: &mut Vm, name: Value) -> Result<(), Raised> {
    if str_of(name).view().code_points().any(|point| point == 0) {
        return Err(vm.raise_value("type name must not contain null characters"));
    }
    Ok(())
}

pub(super) fn caller_module(vm: &mut Vm) -> Option<Value> {
    let globals = vm.running_frame()?.globals();
    let name = vm.names.__name__;
    vm.dict_get_name(globals, name)
}

/// A dict of keyword arguments as `Arguments` wants them: a tuple of values and one of names (unbound where empty).
pub fn keyword_arguments(vm: &mut Vm, keywords: Value) -> PyResult<(Value, Value)> {
    if keywords.is_unbound() || vm.keyword_dict_is_empty(keywords) {
        return Ok((vm.empty_tuple, Value::UNBOUND));
    }
    let values = vm.new_list(&[])?;
    let names = vm.new_list(&[])?;
    let mut at = 0;
    while let Some((index, entry)) = crate::object::dict::dict_of(keywords).next_entry(at) {
        vm.list_push(super::list_of(values), entry.value)?;
        vm.list_push(super::list_of(names), entry.key)?;
        at = index + 1;
    }
    let values = vm.new_tuple(super::list_of(values).items());
    let names = vm.new_tuple(super::list_of(names).items());
    Ok((values, names))
}

impl Vm {
    /// Calls with positional arguments from a tuple and keyword arguments from a dict (unbound: none).
    pub fn call_expanded(&mut self, callee: Value, positional: Value, keywords: Value) -> PyResult {
        self.with_expanded(positional, keywords, |vm, arguments| vm.call_with(callee, arguments))
    }

    /// Hands on positional arguments from a tuple and keyword arguments from a dict (unbound: none).
    pub(crate) fn with_expanded(
        &mut self,
        positional: Value,
        keywords: Value,
        call: impl FnOnce(&mut Vm, Arguments<'_>) -> PyResult,
    ) -> PyResult {
        let (values, names) = keyword_arguments(self, keywords)?;
        if names.is_unbound() {
            return call(self, Arguments::positional(super::tuple_of(positional).items()));
        }
        let all = self.new_list(super::tuple_of(positional).items())?;
        self.list_extend(all, values)?;
        let all = self.new_tuple(super::list_of(all).items());
        call(self, Arguments { values: super::tuple_of(all).items(), names })
    }
}

fn set_name(vm: &mut Vm, value: Value, name: Option<Value>) -> Result<(), Raised> {
    let (class, name) = new_name(vm, value, name, "__name__")?;
    check_no_null(vm, name)?;
    class_ref(class).name = name;
    vm.barrier(class);
    Ok(())
}

fn set_qualname(vm: &mut Vm, value: Value, name: Option<Value>) -> Result<(), Raised> {
    let (class, name) = new_name(vm, value, name, "__qualname__")?;
    class_ref(class).qualname = name;
    vm.barrier(class);
    Ok(())
}

/// A class that may be changed, and the str that its `attribute` is to be.
fn new_name(vm: &mut Vm, value: Value, name: Option<Value>, attribute: &str) -> PyResult<(*mut TypeObject, Value)> {
    let class = mutable_class(vm, value, attribute)?;
    let name = undeletable(vm, class, attribute, name)?;
    if vm.is_str(name) {
        return Ok((class, vm.exact_alias(name)?));
    }
    let (own, given) = (vm.type_name(class), vm.class_name(name));
    Err(vm.raise_type(&format!("can only assign string to {own}.{attribute}, not '{given}'")))
}

/// TypeError where an attribute that every class has is deleted.
fn undeletable(vm: &mut Vm, class: *mut TypeObject, attribute: &str, value: Option<Value>) -> PyResult {
    value.ok_or_else(|| {
        let message = format!("cannot delete '{attribute}' attribute of immutable type '{}'", vm.type_name(class));
        vm.raise_type(&message)
    })
}

/// What is read of every class and cannot be set.
fn read_only(vm: &mut Vm, _: Value, _: Option<Value>) -> Result<(), Raised> {
    Err(vm.raise_attribute("readonly attribute"))
}

fn mutable_class(vm: &mut Vm, value: Value, name: &str) -> PyResult<*mut TypeObject> {
    let class = class_value(vm, value)?;
    if class_ref(class).flags & TypeObject::IMMUTABLE != 0 {
        let message = format!("cannot set '{name}' attribute of immutable type '{}'", vm.type_name(class));
        return Err(vm.raise_type(&message));
    }
    Ok(class)
}

/// Sets what a class's dict has under a name; it cannot be deleted.
fn set_entry(vm: &mut Vm, value: Value, name: &str, entry: Option<Value>) -> Result<(), Raised> {
    let class = mutable_class(vm, value, name)?;
    let entry = undeletable(vm, class, name, entry)?;
    let key = vm.intern(name);
    vm.dict_set_name(class_ref(class).dict, key, entry);
    Ok(())
}

fn set_abstract_methods(vm: &mut Vm, value: Value, methods: Option<Value>) -> Result<(), Raised> {
    let class = mutable_class(vm, value, "__abstractmethods__")?;
    let (dict, key) = (class_ref(class).dict, vm.names.__abstractmethods__);
    match methods {
        Some(methods) => vm.dict_set_name(dict, key, methods),
        None if vm.dict_get_name(dict, key).is_none() => return Err(vm.raise_attribute("__abstractmethods__")),
        None => {
            vm.dict_remove(dict, key)?;
        }
    }
    Ok(())
}

/// What annotations are set to goes before what `__annotate__` would compute.
fn set_annotations(vm: &mut Vm, value: Value, annotations: Option<Value>) -> Result<(), Raised> {
    let class = mutable_class(vm, value, "__annotations__")?;
    let (dict, names) = (class_ref(class).dict, vm.names);
    match annotations {
        Some(annotations) => vm.dict_set_name(dict, names.__annotations__, annotations),
        None if vm.dict_get_name(dict, names.__annotations__).is_none() => {
            return Err(vm.raise_attribute("__annotations__"));
        }
        None => {
            vm.dict_remove(dict, names.__annotations__)?;
        }
    }
    for name in [names.__annotate__, names.__annotate_func__] {
        if vm.dict_get_name(dict, name).is_some() {
            vm.dict_remove(dict, name)?;
        }
    }
    Ok(())
}

fn own_entry(vm: &mut Vm, class: *mut TypeObject, name: Value) -> Option<Value> {
    vm.dict_get_name(class_ref(class).dict, name)
}

fn module(vm: &mut Vm, value: Value) -> PyResult {
    let class = class_value(vm, value)?;
    let name = vm.names.__module__;
    Ok(match own_entry(vm, class, name) {
        Some(module) => module,
        None => vm.intern("builtins"),
    })
}

fn doc(vm: &mut Vm, value: Value) -> PyResult {
    let class = class_value(vm, value)?;
    if class_ref(class).flags & (TypeObject::IMMUTABLE | TypeObject::EXCEPTION) == TypeObject::IMMUTABLE {
        // SAFETY: specifications are static. Of a class made in Rust it is its own.
        return Ok(vm.new_str(unsafe { (*class_ref(class).spec).doc }));
    }
    let name = vm.names.__doc__;
    Ok(own_entry(vm, class, name).unwrap_or(Value::NONE))
}

fn abstract_methods(vm: &mut Vm, value: Value) -> PyResult {
    let class = class_value(vm, value)?;
    let name = vm.names.__abstractmethods__;
    match own_entry(vm, class, name) {
        Some(names) => Ok(names),
        None => Err(vm.raise_attribute("type object has no attribute '__abstractmethods__'")),
    }
}

/// `__annotations__`, computed by `__annotate__` at the first use.
fn annotations(vm: &mut Vm, value: Value) -> PyResult {
    let class = class_value(vm, value)?;
    let names = vm.names;
    if let Some(found) = own_entry(vm, class, names.__annotations__) {
        return Ok(found);
    }
    let mut annotate = own_entry(vm, class, names.__annotate__);
    if annotate.is_none() {
        annotate = own_entry(vm, class, names.__annotate_func__);
    }
    let computed = match annotate {
        Some(function) if !function.is_none() => vm.call(function, &[Value::small_int(1)])?,
        _ => vm.new_dict(),
    };
    if class_ref(class).flags & TypeObject::IMMUTABLE == 0 {
        let dict = class_ref(class).dict;
        vm.dict_set_name(dict, names.__annotations__, computed);
    }
    Ok(computed)
}
