//! `type`: attributes of classes.

use crate::object::class::{class_ref, mro_of};
use crate::object::layout::*;
use crate::object::native::{Arguments, NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators};
use crate::object::spec::TypeSpec;
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
        call: Some(|vm, class, arguments| vm.construct(class.as_ptr(), arguments)),
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
        vm.new_list(mro_of(class))
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
    vm.add_new(class, native("__new__", "($type, name, bases=(), dict={}, /, **kwargs)", new));
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
            match bases {
                Some(bases) => vm.set_bases(class, bases),
                None => Err(vm.raise_type("cannot delete '__bases__' attribute of a class")),
            }
        }),
    );
    vm.add_getset(class, "__doc__", doc, Some(|vm, value, doc| set_entry(vm, value, "__doc__", doc)));
    vm.add_getset(
        class,
        "__abstractmethods__",
        abstract_methods,
        Some(|vm, value, names| set_entry(vm, value, "__abstractmethods__", names)),
    );
    vm.add_getters(
        BuiltinType::Type,
        &[
            ("__mro__", |vm, value| class_value(vm, value).map(|class| class_ref(class).mro)),
            ("__base__", |vm, value| Ok(mro_of(class_value(vm, value)?).get(1).copied().unwrap_or(Value::NONE))),
            ("__dict__", dict),
            ("__annotations__", annotations),
        ],
    );
}

/// The class that a value is; TypeError where it is none.
pub fn class_value(vm: &mut Vm, value: Value) -> PyResult<*mut TypeObject> {
    vm.check_receiver(value, BuiltinType::Type)?;
    Ok(value.as_ptr())
}

/// The first argument of a `__new__`: a class whose instances have the layout.
/// The class that `__new__` of a type from a specification makes an instance of.
pub fn class_argument_of(
    vm: &mut Vm,
    class: crate::object::argument::Class,
    spec: &'static crate::object::spec::TypeSpec,
) -> PyResult<crate::object::argument::Class> {
    let base = vm.type_of_spec(spec);
    let (full, name) = (spec.full_name(), vm.type_name(class.0));
    if !vm.is_subclass(class.0, base) {
        return Err(vm.raise_type(&format!("{full}.__new__({name}): {name} is not a subtype of {full}")));
    }
    if !std::ptr::eq(class_ref(class.0).spec, spec) {
        return Err(vm.raise_type(&format!("{full}.__new__({name}) is not safe, use {name}.__new__()")));
    }
    Ok(class)
}

pub fn class_argument(vm: &mut Vm, value: Value, ty: BuiltinType) -> PyResult<*mut TypeObject> {
    if !vm.has_layout(value, BuiltinType::Type) {
        let message = format!("{}.__new__(X): X is not a type object ({})", ty.name(), vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    let class = value.as_ptr::<TypeObject>();
    if !vm.is_subclass(class, vm.class(ty)) {
        let name = vm.type_name(class);
        let message = format!("{0}.__new__({name}): {name} is not a subtype of {0}", ty.name());
        return Err(vm.raise_type(&message));
    }
    if class_ref(class).base_layout != ty || !std::ptr::eq(class_ref(class).spec, ty.spec()) {
        let message = format!("{}.__new__({1}) is not safe, use {1}.__new__()", ty.name(), vm.type_name(class));
        return Err(vm.raise_type(&message));
    }
    Ok(class)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let metaclass = class_value(vm, args[0])?;
    if args[2].is_unbound() {
        return Ok(Value::object(vm.class_of(args[1])));
    }
    if args[3].is_unbound() {
        return Err(vm.raise_type("type() takes 1 or 3 arguments"));
    }
    if !vm.is_str(args[1]) || !vm.has_layout(args[2], BuiltinType::Tuple) || !vm.has_layout(args[3], BuiltinType::Dict)
    {
        return Err(vm.raise_type("type.__new__() argument 1 must be str, argument 2 tuple and argument 3 dict"));
    }
    let bases = super::tuple_of(args[2]).items();
    let name = vm.exact_alias(args[1])?;
    let class = vm.new_class(metaclass, name, bases, args[3])?;
    if let Some(module) = caller_module(vm) {
        let names = vm.names;
        let dict = class_ref(class).dict;
        if vm.dict_get_name(dict, names.__module__).is_none() {
            vm.dict_set_name(dict, names.__module__, module);
        }
    }
    let (keywords, names) = keyword_arguments(vm, args[4])?;
    vm.finish_class(class, Arguments { values: super::tuple_of(keywords).items(), names })?;
    Ok(Value::object(class))
}

fn caller_module(vm: &mut Vm) -> Option<Value> {
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

impl Vm {
    /// `int | str`; `None` where a side is neither a class nor None.
    pub fn class_union(&mut self, lhs: Value, rhs: Value) -> PyResult<Option<Value>> {
        if ![lhs, rhs].iter().all(|&side| side.is_none() || self.has_layout(side, BuiltinType::Type)) {
            return Ok(None);
        }
        let sides = self.new_tuple(&[lhs, rhs]);
        let module = self.import_dotted("_generic")?;
        let name = self.intern("Union");
        let class = self.get_attr(module, name)?;
        self.call(class, &[sides]).map(Some)
    }
}

fn set_name(vm: &mut Vm, value: Value, name: Option<Value>) -> Result<(), Raised> {
    let class = mutable_class(vm, value, "__name__")?;
    match name {
        Some(name) if vm.is_str(name) => {
            class_ref(class).name = name;
            vm.barrier(class);
            Ok(())
        }
        _ => Err(vm.raise_type("can only assign string to __name__")),
    }
}

fn set_qualname(vm: &mut Vm, value: Value, name: Option<Value>) -> Result<(), Raised> {
    let class = mutable_class(vm, value, "__qualname__")?;
    match name {
        Some(name) if vm.is_str(name) => {
            class_ref(class).qualname = name;
            vm.barrier(class);
            Ok(())
        }
        _ => Err(vm.raise_type("can only assign string to __qualname__")),
    }
}

fn mutable_class(vm: &mut Vm, value: Value, name: &str) -> PyResult<*mut TypeObject> {
    let class = class_value(vm, value)?;
    if class_ref(class).flags & TypeObject::IMMUTABLE != 0 {
        let message = format!("cannot set '{name}' attribute of immutable type '{}'", vm.type_name(class));
        return Err(vm.raise_type(&message));
    }
    Ok(class)
}

fn set_entry(vm: &mut Vm, value: Value, name: &str, entry: Option<Value>) -> Result<(), Raised> {
    let class = mutable_class(vm, value, name)?;
    let key = vm.intern(name);
    let dict = class_ref(class).dict;
    match entry {
        Some(entry) => vm.dict_set_name(dict, key, entry),
        None => {
            vm.dict_remove(dict, key)?;
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

/// A copy: whoever changed the class's own dict would change lookups behind the caches' back.
fn dict(vm: &mut Vm, value: Value) -> PyResult {
    let class = class_value(vm, value)?;
    vm.dict_copy(class_ref(class).dict, BuiltinType::Dict)
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
