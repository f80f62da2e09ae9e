//! `type`: attributes of classes.

use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::class::class_ref;
use crate::object::layout::{GetSetObject, ListObject, TypeObject};
use crate::object::native::{Arguments, NativeRow};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators};
use crate::object::spec::{GetSetRow, MatchedAs, TypeSpec, field};
use crate::object::subclasses::next_subclass;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static TYPE: TypeSpec = TypeSpec {
    name: "type",
    doc: "The class of classes.",
    item_bytes: 8,
    namespace: Some(|_, _| Value::UNBOUND),
    missing_attribute: Some(|vm, class, name| {
        format!(
            "type object '{}' has no attribute '{name}'",
            vm.shown_name(This::<TypeObject>::expect(vm, class).pointer())
        )
    }),
    is_weakly_referable: true,
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
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", new).doc("A new class of a name, bases and attributes."),
    ),
    methods: METHODS,
    static_methods: &[method("__prepare__", "(*args, **kwargs)", |vm: &mut Vm, _: Rest, _: Keywords| vm.new_dict())
        .doc("The mapping in which the body of a class is run.")],
    getters: GETTERS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("mro", "($self, /)", |vm: &mut Vm, class: This<TypeObject>| {
        let order = vm.default_order(class.pointer())?;
        vm.new_list(vm.tuple_items(order))
    })
    .doc("The order in which the class and its bases are searched for attributes."),
    method("__subclasses__", "($self, /)", subclasses).doc("The classes that derive directly from this one."),
    method("__instancecheck__", "($self, instance, /)", |vm: &mut Vm, class: This<TypeObject>, instance: Value| {
        vm.is_or_claims_instance(instance, class.pointer())
    })
    .doc("Is an object an instance of the class?"),
    method("__subclasscheck__", "($self, subclass, /)", |vm: &mut Vm, class: This<TypeObject>, subclass: Value| {
        super::attributes::check_subclass(vm, subclass, class.pointer())
    })
    .doc("Does a class derive from this one?"),
    method("__dir__", "($self, /)", |vm: &mut Vm, class: This<TypeObject>| {
        super::attributes::names_of(vm, class.value())
    })
    .doc("The names of the attributes of the class and its bases."),
    method("__sizeof__", "($self, /)", |vm: &mut Vm, class: This<TypeObject>| {
        vm.heap.size_bytes(class.value().as_ptr())
    })
    .doc("How many bytes of memory the class takes."),
    method("__init__", "($self, /, *args, **kwargs)", |_: This<TypeObject>, _: Rest, _: Keywords| ())
        .doc("Does nothing: the class is made already."),
];

const GETTERS: &[GetSetRow] = &[
    field("__name__", |class: This<TypeObject>| class.name).set_by(set_name).doc("The class's name."),
    field("__qualname__", |class: This<TypeObject>| class.qualname)
        .set_by(set_qualname)
        .doc("The class's name, with those of what it stands in."),
    field("__module__", module)
        .set_by(|vm: &mut Vm, class: This<TypeObject>, module| set_entry(vm, class, "__module__", module))
        .doc("The name of the module in which the class was made."),
    field("__bases__", |class: This<TypeObject>| class.bases).set_by(set_bases).doc("What it derives from directly."),
    field("__doc__", doc)
        .set_by(|vm: &mut Vm, class: This<TypeObject>, doc| set_entry(vm, class, "__doc__", doc))
        .doc("What the class is for."),
    field("__abstractmethods__", abstract_methods)
        .set_by(set_abstract_methods)
        .doc("The names of the methods that subclasses have to define."),
    field("__mro__", |vm: &mut Vm, class: This<TypeObject>| {
        // While the metaclass's `mro` runs there is none yet.
        if vm.tuple_items(class.mro).is_empty() { Value::NONE } else { class.mro }
    })
    .doc("The class and its bases in the order of search."),
    field("__dict__", |vm: &mut Vm, class: This<TypeObject>| vm.new_mapping_proxy(class.dict))
        .doc("The class's own attributes, to be read."),
    field("__annotate__", annotate).set_by(set_annotate).doc("The function that computes the annotations, or None."),
    field("__text_signature__", text_signature).doc("The parameters that make an instance, or None."),
    field("__annotations__", annotations).set_by(set_annotations).doc("The annotations of its variables."),
    field("__type_params__", |vm: &mut Vm, class: This<TypeObject>| {
        let name = vm.intern("__type_params__");
        // `type` itself has there what reads the parameters of others.
        let own = own_entry(vm, class.pointer(), name).filter(|_| class.flags & TypeObject::IMMUTABLE == 0);
        own.unwrap_or(vm.empty_tuple)
    })
    .set_by(|vm: &mut Vm, class: This<TypeObject>, parameters| set_entry(vm, class, "__type_params__", parameters))
    .doc("Its type parameters."),
    field("__base__", base).set_by(read_only).doc("The base whose memory its instances have."),
    field("__basicsize__", basic_size).set_by(read_only).doc("The bytes of an instance without items."),
    field("__itemsize__", |class: This<TypeObject>| item_size(class))
        .set_by(read_only)
        .doc("The bytes of each item behind an instance."),
    field("__flags__", flags).set_by(read_only).doc("Bits that say what the class is like."),
    field("__dictoffset__", |class: This<TypeObject>| {
        const OWN_DICT: u16 = TypeObject::HAS_DICT | TypeObject::HEAP;
        if class.flags & OWN_DICT == OWN_DICT { -1_i64 } else { 0 }
    })
    .set_by(read_only)
    .doc("Not 0: its instances have a dict that their base has not."),
    field(
        "__weakrefoffset__",
        |class: This<TypeObject>| {
            if class.flags & TypeObject::WEAKLY_REFERABLE == 0 { 0 } else { -1_i64 }
        },
    )
    .set_by(read_only)
    .doc("Not 0: there may be weak references to its instances."),
];

/// The base whose instances' memory those of the class have.
fn base(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    let bases = vm.tuple_items(class.bases);
    if bases.is_empty() { Ok(Value::NONE) } else { vm.best_base(bases).map(|base| Value::object(base)) }
}

/// The bytes of an instance without items; the words that a Python class adds are among them.
fn basic_size(vm: &mut Vm, class: This<TypeObject>) -> usize {
    // SAFETY: specifications are static.
    let layout = unsafe { (*class.spec).layout };
    let fixed = layout.map_or(class.base_layout.size_bytes(), |layout| layout.size_bytes);
    let inline = vm.shapes.get(class.instance_shape).inline_slots as usize;
    let has_word = class.flags & TypeObject::HEAP != 0 && !class.base_layout.has_attributes();
    fixed + 8 * (inline + has_word as usize)
}

/// The bytes of each item behind an instance.
fn item_size(class: This<TypeObject>) -> i64 {
    i64::from(class.base_layout.spec().item_bytes)
}

/// The flags of CPython that say something of any implementation.
fn flags(vm: &mut Vm, class: This<TypeObject>) -> PyResult<i64> {
    const SEQUENCE: i64 = 1 << 5;
    const MAPPING: i64 = 1 << 6;
    const IMMUTABLE: i64 = 1 << 8;
    const HEAP: i64 = 1 << 9;
    const BASE: i64 = 1 << 10;
    const READY: i64 = 1 << 12;
    const ABSTRACT: i64 = 1 << 20;
    let mut flags = READY;
    // SAFETY: specifications are static. Types of modules are heap types, though they do not change.
    flags |= if unsafe { (*class.spec).module } == "builtins" { 0 } else { HEAP };
    for (own, theirs) in [(TypeObject::IMMUTABLE, IMMUTABLE), (TypeObject::HEAP, HEAP)] {
        flags |= if class.flags & own != 0 { theirs } else { 0 };
    }
    flags |= if class.flags & TypeObject::FINAL == 0 { BASE } else { 0 };
    flags |= match class.matched_as {
        MatchedAs::Neither => 0,
        MatchedAs::Sequence => SEQUENCE,
        MatchedAs::Mapping => MAPPING,
    };
    let abstract_methods = own_entry(vm, class.pointer(), vm.names.__abstractmethods__);
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
        flags |= if vm.is_subclass(class.pointer(), vm.class(base)) { 1 << bit } else { 0 };
    }
    Ok(flags)
}

fn new(vm: &mut Vm, metaclass: ClassOf<TypeObject>, args: Rest, keywords: Keywords) -> PyResult {
    let mut metaclass = metaclass.class;
    let positional = args.items();
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
    let base_items = vm.tuple_items(bases);
    let winner = vm.most_derived_metaclass(Value::object(metaclass), base_items)?.as_ptr::<TypeObject>();
    if winner != metaclass {
        let (theirs, ours) = (vm.names.__new__, vm.class(BuiltinType::Type));
        if vm.class_lookup(winner, theirs) != vm.class_lookup(ours, theirs) {
            // Its `__new__` is the one to be asked.
            let winner = Value::object(winner);
            let function = vm.get_attr(winner, theirs)?;
            let all = vm.new_tuple(&[winner, name, bases, namespace]);
            return vm.call_expanded(function, all, keywords.value());
        }
        metaclass = winner;
    }
    check_no_null(vm, name)?;
    let name = vm.exact_alias(name)?;
    let class = vm.new_class(metaclass, name, base_items, namespace)?;
    if let Some(doc) = vm.dict_get_name(class_ref(class).dict, vm.names.__doc__).filter(|&doc| vm.is_str(doc)) {
        check_text(vm, doc)?;
    }
    if let Some(module) = caller_module(vm) {
        let names = vm.names;
        let dict = class_ref(class).dict;
        if vm.dict_get_name(dict, names.__module__).is_none() {
            vm.dict_set_name(dict, names.__module__, module);
        }
    }
    let (keywords, names) = keyword_arguments(vm, keywords.value())?;
    vm.finish_class(class, Arguments { values: vm.tuple_items(keywords), names })?;
    Ok(Value::object(class))
}

/// `type(value)` is the value's class; every other call makes an instance.
fn call(vm: &mut Vm, class: Value, arguments: Arguments<'_>) -> PyResult {
    if vm.is_class(class, &TYPE) {
        match arguments.n_positional() {
            1 if arguments.keyword_names().is_empty() => return Ok(Value::object(vm.class_of(arguments.values[0]))),
            3 => {}
            _ => return Err(vm.raise_type("type() takes 1 or 3 arguments")),
        }
    }
    vm.construct(class.as_ptr(), arguments)
}

fn check_no_null(vm: &mut Vm, name: Value) -> Result<(), Raised> {
    check_text(vm, name)?;
    if vm.str_of(name).view().code_points().any(|point| point == 0) {
        return Err(vm.raise_value("type name must not contain null characters"));
    }
    Ok(())
}

/// UnicodeEncodeError for lone surrogates, which C could not have.
fn check_text(vm: &mut Vm, text: Value) -> Result<(), Raised> {
    if vm.str_of(text).view().code_points().any(|point| (0xD800..0xE000).contains(&point)) {
        let (encode, encoding) = (vm.intern("encode"), vm.intern("utf-8"));
        vm.call_method(text, encode, &[encoding])?;
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
    while let Some((index, entry)) = vm.table(keywords).next_entry(at) {
        if !vm.is_str(entry.key) {
            return Err(vm.raise_type("keywords must be strings"));
        }
        vm.list_push(This::<ListObject>::expect(vm, values).pointer(), entry.value)?;
        vm.list_push(This::<ListObject>::expect(vm, names).pointer(), entry.key)?;
        at = index + 1;
    }
    let values = vm.new_tuple(This::<ListObject>::expect(vm, values).items());
    let names = vm.new_tuple(This::<ListObject>::expect(vm, names).items());
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
            return call(self, Arguments::positional(self.tuple_items(positional)));
        }
        let all = self.new_list(self.tuple_items(positional))?;
        self.list_extend(all, values)?;
        let all = self.new_tuple(This::<ListObject>::expect(self, all).items());
        call(self, Arguments { values: self.tuple_items(all), names })
    }
}

fn set_bases(vm: &mut Vm, class: This<TypeObject>, bases: Option<Value>) -> PyResult<()> {
    let class = mutable_class(vm, class, "__bases__")?;
    let bases = undeletable(vm, class, "__bases__", bases)?;
    vm.audit_change(Value::object(class), "__bases__", bases)?;
    vm.set_bases(class, bases)
}

fn set_name(vm: &mut Vm, class: This<TypeObject>, name: Option<Value>) -> PyResult<()> {
    let (class, name) = new_name(vm, class, name, "__name__")?;
    vm.audit_change(Value::object(class), "__name__", name)?;
    check_no_null(vm, name)?;
    class_ref(class).name = name;
    vm.barrier(class);
    Ok(())
}

fn set_qualname(vm: &mut Vm, class: This<TypeObject>, name: Option<Value>) -> PyResult<()> {
    let (class, name) = new_name(vm, class, name, "__qualname__")?;
    vm.audit_change(Value::object(class), "__qualname__", name)?;
    class_ref(class).qualname = name;
    vm.barrier(class);
    Ok(())
}

/// A class that may be changed, and the str that its `attribute` is to be.
fn new_name(
    vm: &mut Vm,
    class: This<TypeObject>,
    name: Option<Value>,
    attribute: &str,
) -> PyResult<(*mut TypeObject, Value)> {
    let class = mutable_class(vm, class, attribute)?;
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
        let message = format!("cannot delete '{attribute}' attribute of immutable type '{}'", vm.shown_name(class));
        vm.raise_type(&message)
    })
}

/// What is read of every class and cannot be set.
fn read_only(vm: &mut Vm, _: This<TypeObject>, _: Option<Value>) -> PyResult<()> {
    Err(vm.raise_attribute("readonly attribute"))
}

fn mutable_class(vm: &mut Vm, class: This<TypeObject>, name: &str) -> PyResult<*mut TypeObject> {
    let class = class.pointer();
    if class_ref(class).flags & TypeObject::IMMUTABLE != 0 {
        let message = format!("cannot set '{name}' attribute of immutable type '{}'", vm.shown_name(class));
        return Err(vm.raise_type(&message));
    }
    Ok(class)
}

/// Sets what a class's dict has under a name; it cannot be deleted.
fn set_entry(vm: &mut Vm, class: This<TypeObject>, name: &str, entry: Option<Value>) -> PyResult<()> {
    let class = mutable_class(vm, class, name)?;
    let entry = undeletable(vm, class, name, entry)?;
    let key = vm.intern(name);
    vm.dict_set_name(class_ref(class).dict, key, entry);
    Ok(())
}

fn set_abstract_methods(vm: &mut Vm, class: This<TypeObject>, methods: Option<Value>) -> PyResult<()> {
    let class = mutable_class(vm, class, "__abstractmethods__")?;
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

/// AttributeError for what classes made in Rust have not.
fn check_has(vm: &mut Vm, class: This<TypeObject>, attribute: &str) -> PyResult<()> {
    if class.flags & TypeObject::IMMUTABLE == 0 {
        return Ok(());
    }
    let name = vm.type_name(class.pointer());
    Err(vm.raise_attribute(&format!("type object '{name}' has no attribute '{attribute}'")))
}

fn annotate(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    check_has(vm, class, "__annotate__")?;
    let names = vm.names;
    let found = own_entry(vm, class.pointer(), names.__annotate__)
        .or_else(|| own_entry(vm, class.pointer(), names.__annotate_func__));
    vm.bind(found.unwrap_or(Value::NONE), Value::UNBOUND, class.pointer())
}

fn set_annotate(vm: &mut Vm, class: This<TypeObject>, function: Option<Value>) -> PyResult<()> {
    let class = mutable_class(vm, class, "__annotate__")?;
    let Some(function) = function else {
        return Err(vm.raise_type("cannot delete __annotate__ attribute"));
    };
    super::function::check_annotate(vm, function)?;
    let (dict, names) = (class_ref(class).dict, vm.names);
    vm.dict_set_name(dict, names.__annotate_func__, function);
    let stale = [names.__annotate__, names.__annotations__];
    for &name in &stale[..if function.is_none() { 1 } else { 2 }] {
        if vm.dict_get_name(dict, name).is_some() {
            vm.dict_remove(dict, name)?;
        }
    }
    Ok(())
}

/// That of `__new__` without the class, of a class made in Rust; those that take any arguments say nothing.
fn text_signature(vm: &mut Vm, class: This<TypeObject>) -> Value {
    if class.flags & TypeObject::IMMUTABLE == 0 {
        return Value::NONE;
    }
    // SAFETY: specifications are static.
    let spec = unsafe { &*class.spec };
    if let Some(shown) = spec.shown_signature {
        return if shown.is_empty() { Value::NONE } else { vm.new_str(shown) };
    }
    let new = spec.new.map_or("", |new| new.signature);
    let init = spec.methods.iter().find(|row| row.name == "__init__").map_or("", |init| init.signature);
    // A constructor that takes everything leaves it to what sets the instance up.
    let signature = if new.contains("**kwargs") && init.starts_with("($self") { init } else { new };
    let rest = signature.strip_prefix("($type").or_else(|| signature.strip_prefix("($self"));
    let Some(rest) = rest else { return Value::NONE };
    let rest = rest.strip_prefix(", /, ").or_else(|| rest.strip_prefix(", ")).unwrap_or(rest);
    let signature = if class.is_of(&super::object::OBJECT) { ")" } else { rest };
    if signature.contains("**kwargs") { Value::NONE } else { vm.new_str(&format!("({signature}")) }
}

/// What annotations are set to goes before what `__annotate__` would compute.
fn set_annotations(vm: &mut Vm, class: This<TypeObject>, annotations: Option<Value>) -> PyResult<()> {
    let class = mutable_class(vm, class, "__annotations__")?;
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

fn module(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    let class = class.pointer();
    let (name, flags) = (vm.names.__module__, class_ref(class).flags);
    // In the dict of a type made in Rust it may be the descriptor of an attribute that its objects have.
    let own = own_entry(vm, class, name).filter(|&own| flags & TypeObject::IMMUTABLE == 0 || vm.is_str(own));
    let made_in = match flags & TypeObject::IMMUTABLE {
        0 => "builtins",
        // SAFETY: specifications are static; of a class made in Rust it is its own.
        _ => unsafe { (*class_ref(class).spec).module },
    };
    Ok(own.unwrap_or_else(|| vm.intern(made_in)))
}

fn doc(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    if class.flags & TypeObject::IMMUTABLE != 0 {
        // SAFETY: specifications are static. Of a class made in Rust it is its own.
        return Ok(vm.new_str(unsafe { (*class.spec).doc }));
    }
    let name = vm.names.__doc__;
    let found = own_entry(vm, class.pointer(), name).unwrap_or(Value::NONE);
    vm.bind(found, Value::UNBOUND, class.pointer())
}

fn abstract_methods(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    let class = class.pointer();
    let name = vm.names.__abstractmethods__;
    // What `type` has under the name is this attribute.
    match own_entry(vm, class, name) {
        Some(names) if !vm.is_a::<GetSetObject>(names) => Ok(names),
        _ => Err(vm.raise_attribute("__abstractmethods__")),
    }
}

/// `__annotations__`, computed by `__annotate__` at the first use.
fn annotations(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    check_has(vm, class, "__annotations__")?;
    let class = class.pointer();
    let names = vm.names;
    if let Some(found) = own_entry(vm, class, names.__annotations__) {
        return vm.bind(found, Value::UNBOUND, class);
    }
    let mut annotate = own_entry(vm, class, names.__annotate__);
    if annotate.is_none() {
        annotate = own_entry(vm, class, names.__annotate_func__);
    }
    let computed = match annotate {
        Some(function) if !function.is_none() => super::function::computed_annotations(vm, function)?,
        _ => vm.new_dict(),
    };
    if class_ref(class).flags & TypeObject::IMMUTABLE == 0 {
        let dict = class_ref(class).dict;
        vm.dict_set_name(dict, names.__annotations__, computed);
    }
    Ok(computed)
}

fn subclasses(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    let list = vm.new_list(&[])?;
    let mut place = 0;
    while let Some(subclass) = next_subclass(class.pointer(), &mut place) {
        vm.list_push(list.as_ptr(), Value::object(subclass))?;
    }
    Ok(list)
}
