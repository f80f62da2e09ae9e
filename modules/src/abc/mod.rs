//! `_abc`: what abstract base classes ask: who was registered with them, and who derives from them by their word.

use stitch_runtime::object::argument::{Class, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{DictObject, TypeObject};
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::spec::{Layout, MatchedAs, Object, TypeSpec};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_abc",
    doc: "The native part of `abc`.",
    functions: &[
        method("get_cache_token", "()", |vm: &mut Vm| n_registrations(vm))
            .doc("A number that changes whenever a class is registered with an abstract one."),
        method("_abc_init", "(self, /)", init).doc("Makes a new class an abstract one: finds its abstract methods."),
        method("_abc_register", "(self, subclass, /)", register)
            .doc("Has a class count as derived from an abstract one."),
        method("_abc_instancecheck", "(self, instance, /)", check_instance)
            .doc("Is it an instance by the class's word?"),
        method("_abc_subclasscheck", "(self, subclass, /)", check_subclass).doc("Does it derive by the class's word?"),
        method("_get_dump", "(self, /)", dump)
            .doc("What is known of a class: registered, derived, not derived, since when."),
        method("_reset_registry", "(self, /)", |vm: &mut Vm, class: Value| {
            let data = data_of(vm, class)?;
            forget(vm, data.registry);
            Ok::<(), stitch_runtime::Raised>(())
        })
        .doc("Forgets what was registered."),
        method("_reset_caches", "(self, /)", |vm: &mut Vm, class: Value| {
            let data = data_of(vm, class)?;
            forget(vm, data.derived);
            forget(vm, data.not_derived);
            Ok::<(), stitch_runtime::Raised>(())
        })
        .doc("Forgets what was found."),
    ],
    state: Some(|| Box::<State>::default()),
    ..ModuleSpec::NEW
};

#[derive(Default)]
struct State {
    n_registrations: i64,
}

impl ModuleState for State {}

fn n_registrations(vm: &mut Vm) -> i64 {
    vm.module_state::<State>(&MODULE).map_or(0, |state| state.n_registrations)
}

/// What is known of an abstract class. The dicts have classes for keys.
#[repr(C)]
struct Data {
    header: Header,
    registry: Value,
    derived: Value,
    not_derived: Value,
    /// How many registrations there were when `not_derived` was true.
    at_registration: i64,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for Data {
    const SPEC: &'static TypeSpec = &DATA;
}

static DATA: TypeSpec = TypeSpec {
    name: "_abc_data",
    module: "_abc",
    doc: "What is known of an abstract class.",
    layout: Some(Layout::of::<Data>(3)),
    ..TypeSpec::NEW
};

fn data_of(vm: &mut Vm, class: Value) -> PyResult<This<Data>> {
    let name = vm.intern("_abc_impl");
    let data = vm.get_attr(class, name)?;
    match This::of(vm, data) {
        Some(data) => Ok(data),
        None => Err(vm.raise_type("_abc_impl is set to a wrong type")),
    }
}

fn forget(vm: &mut Vm, table: Value) {
    vm.dict_clear(table);
}

fn attribute(vm: &mut Vm, owner: Value, name: &str) -> PyResult<Option<Value>> {
    let name = vm.intern(name);
    vm.get_attr_opt(owner, name)
}

fn is_abstract(vm: &mut Vm, value: Value) -> PyResult<bool> {
    match attribute(vm, value, "__isabstractmethod__")? {
        Some(flag) => vm.is_true(flag),
        None => Ok(false),
    }
}

fn init(vm: &mut Vm, class: Class) -> PyResult<()> {
    let class_value = Value::object(class.0);
    // Names that are abstract, as the keys of a dict.
    let names = vm.new_dict();
    // SAFETY: a live class with its dict; what runs meanwhile may change it, and each step looks anew.
    let own = unsafe { (*class.0).dict };
    let mut at = 0;
    while let Some((index, entry)) = vm.table(own).next_entry(at) {
        at = index + 1;
        if is_abstract(vm, entry.value)? {
            vm.dict_set(names, entry.key, Value::NONE)?;
        }
    }
    // SAFETY: as above.
    let bases = vm.collect(unsafe { (*class.0).bases })?;
    let bases = vm.get_iter(bases)?;
    while let Some(base) = vm.iter_next(bases)? {
        let Some(inherited) = attribute(vm, base, "__abstractmethods__")? else { continue };
        let inherited = vm.get_iter(inherited)?;
        while let Some(name) = vm.iter_next(inherited)? {
            if let Some(value) = vm.get_attr_opt(class_value, name)?
                && is_abstract(vm, value)?
            {
                vm.dict_set(names, name, Value::NONE)?;
            }
        }
    }
    take_flags(vm, class.0)?;
    let frozen = Value::object(vm.class(BuiltinType::FrozenSet));
    let names = vm.call(frozen, &[names])?;
    let name = vm.intern("__abstractmethods__");
    vm.set_attr(class_value, name, names)?;
    let (registry, derived, not_derived) = (vm.new_dict(), vm.new_dict(), vm.new_dict());
    let (data_class, at_registration) = (vm.type_of_spec(&DATA), n_registrations(vm));
    let data = vm.new_object(data_class, |header| Data { header, registry, derived, not_derived, at_registration })?;
    let name = vm.intern("_abc_impl");
    vm.set_attr(class_value, name, data)
}

/// What patterns the class's instances match, as `__abc_tpflags__` in its body says, which goes.
fn take_flags(vm: &mut Vm, class: *mut TypeObject) -> PyResult<()> {
    const SEQUENCE: i64 = 1 << 5;
    const MAPPING: i64 = 1 << 6;
    let name = vm.intern("__abc_tpflags__");
    // SAFETY: a live class with its dict.
    let Some(flags) = vm.dict_get(unsafe { (*class).dict }, name)? else { return Ok(()) };
    let matched_as = match vm.index_i64(flags)? & (SEQUENCE | MAPPING) {
        SEQUENCE => MatchedAs::Sequence,
        MAPPING => MatchedAs::Mapping,
        0 => MatchedAs::Neither,
        _ => return Err(vm.raise_type("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING")),
    };
    vm.set_matched_as(class, matched_as);
    vm.del_attr(Value::object(class), name)
}

fn is_class(vm: &Vm, value: Value) -> bool {
    vm.is_a::<TypeObject>(value)
}

fn register(vm: &mut Vm, class: Value, subclass: Value) -> PyResult {
    if !is_class(vm, subclass) {
        return Err(vm.raise_type("Can only register classes"));
    }
    if vm.is_subclass_of(subclass, class)? {
        return Ok(subclass);
    }
    if vm.is_subclass_of(class, subclass)? {
        return Err(vm.raise(vm.exceptions.RuntimeError, "Refusing to create an inheritance cycle"));
    }
    let data = data_of(vm, class)?;
    vm.dict_set(data.registry, subclass, Value::NONE)?;
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        state.n_registrations += 1;
    }
    // SAFETY: what has the data of an abstract class is a class.
    let matched_as = unsafe { (*class.as_ptr::<TypeObject>()).matched_as };
    if matched_as != MatchedAs::Neither {
        vm.set_matched_as(subclass.as_ptr(), matched_as);
    }
    Ok(subclass)
}

fn is_in(vm: &mut Vm, table: Value, class: Value) -> PyResult<bool> {
    // SAFETY: the tables are dicts.
    let is_empty = unsafe { (*table.as_ptr::<DictObject>()).len == 0 };
    if is_empty { Ok(false) } else { vm.dict_contains(table, class) }
}

fn check_instance(vm: &mut Vm, class: Value, instance: Value) -> PyResult {
    let data = data_of(vm, class)?;
    let claimed = vm.get_attr(instance, vm.names.__class__)?;
    if is_in(vm, data.derived, claimed)? {
        return Ok(Value::TRUE);
    }
    let actual = Value::object(vm.class_of(instance));
    if actual == claimed && data.at_registration == n_registrations(vm) && is_in(vm, data.not_derived, claimed)? {
        return Ok(Value::FALSE);
    }
    let name = vm.names.__subclasscheck__;
    let verdict = vm.call_method(class, name, &[claimed])?;
    if actual == claimed || vm.is_true(verdict)? {
        return Ok(verdict);
    }
    vm.call_method(class, name, &[actual])
}

fn check_subclass(vm: &mut Vm, class: Value, subclass: Value) -> PyResult<bool> {
    if !is_class(vm, subclass) {
        return Err(vm.raise_type("issubclass() arg 1 must be a class"));
    }
    let mut data = data_of(vm, class)?;
    if is_in(vm, data.derived, subclass)? {
        return Ok(true);
    }
    let now = n_registrations(vm);
    if data.at_registration < now {
        forget(vm, data.not_derived);
        data.at_registration = now;
    } else if is_in(vm, data.not_derived, subclass)? {
        return Ok(false);
    }
    let verdict = derives(vm, class, subclass, data)?;
    vm.dict_set(if verdict { data.derived } else { data.not_derived }, subclass, Value::NONE)?;
    Ok(verdict)
}

fn derives(vm: &mut Vm, class: Value, subclass: Value, data: This<Data>) -> PyResult<bool> {
    let hook = vm.intern("__subclasshook__");
    let verdict = vm.call_method(class, hook, &[subclass])?;
    if verdict != vm.not_implemented {
        return vm.is_true(verdict);
    }
    // SAFETY: both are classes.
    let is_below = vm.is_subclass(subclass.as_ptr::<TypeObject>(), class.as_ptr::<TypeObject>());
    if is_below {
        return Ok(true);
    }
    // A copy: the answers of those asked may register more.
    let registered = vm.collect(data.registry)?;
    let registered = vm.get_iter(registered)?;
    while let Some(one) = vm.iter_next(registered)? {
        if vm.is_subclass_of(subclass, one)? {
            return Ok(true);
        }
    }
    let name = vm.intern("__subclasses__");
    let below = vm.call_method(class, name, &[])?;
    let below = vm.get_iter(below)?;
    while let Some(one) = vm.iter_next(below)? {
        if vm.is_subclass_of(subclass, one)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn dump(vm: &mut Vm, class: Value) -> PyResult {
    let data = data_of(vm, class)?;
    let set = Value::object(vm.class(BuiltinType::Set));
    let registry = vm.call(set, &[data.registry])?;
    let derived = vm.call(set, &[data.derived])?;
    let not_derived = vm.call(set, &[data.not_derived])?;
    let since = vm.new_int(data.at_registration);
    Ok(vm.new_tuple(&[registry, derived, not_derived, since]))
}
