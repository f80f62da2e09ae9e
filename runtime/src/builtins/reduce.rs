//! How objects that say nothing of it are copied and pickled: `object.__reduce_ex__` and what goes with it.

pub mod iterator;

use crate::object::argument::{Index, This, method};
use crate::object::class::class_ref;
use crate::object::header::Header;
use crate::object::layout::Instance;
use crate::object::layout::{DictObject, ListObject, RangeObject, SliceObject, TupleObject};
use crate::object::native::NativeRow;
use crate::object::typed::AnySet;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The doc text of `__reduce__`.
const REDUCED: &str = "What makes it anew.";

pub const REDUCE_EX: NativeRow = method("__reduce_ex__", "($self, protocol, /)", reduce_ex)
    .doc("How to make the object again, by a version of pickle's protocol.");
pub const REDUCE: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: Value| reduce_by(vm, this, 0))
    .doc("How to make the object again.");
pub const GETSTATE: NativeRow =
    method("__getstate__", "($self, /)", |vm: &mut Vm, this: Value| default_state(vm, this, false))
        .doc("What the object's attributes and slots are.");

/// Of sets: the class, a list of the elements, and the attributes.
pub const OF_SET: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<AnySet>| -> PyResult {
    let (class, elements) = (Value::object(vm.class_of(this.value())), vm.collect(this.value())?);
    let arguments = vm.new_tuple(&[elements]);
    let state = vm.get_attr(this.value(), vm.names.__getstate__)?;
    let state = vm.call(state, &[])?;
    Ok(vm.new_tuple(&[class, arguments, state]))
})
.doc("How to make the set again.");

pub const OF_RANGE: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<RangeObject>| {
    let class = Value::object(vm.class(BuiltinType::Range));
    let arguments = vm.new_tuple(&[this.start, this.stop, this.step]);
    vm.new_tuple(&[class, arguments])
})
.doc("How to make the range again.");

pub const OF_SLICE: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<SliceObject>| {
    let class = Value::object(vm.class(BuiltinType::Slice));
    let arguments = vm.new_tuple(&[this.start, this.stop, this.step]);
    vm.new_tuple(&[class, arguments])
})
.doc("How to make the slice again.");

/// Has the object's class the attribute that `object` has under the name?
fn is_default(vm: &mut Vm, this: Value, name: Value) -> bool {
    let (own, object) = (vm.class_of(this), vm.class(BuiltinType::Object));
    vm.class_lookup(own, name) == vm.class_lookup(object, name)
}

fn copyreg(vm: &mut Vm, name: Value) -> PyResult {
    let module = match vm.dict_get_name(vm.modules, vm.names.copyreg).filter(|module| !module.is_none()) {
        Some(module) => module,
        None => vm.import_dotted("copyreg")?,
    };
    vm.get_attr(module, name)
}

fn reduce_ex(vm: &mut Vm, this: Value, protocol: Index) -> PyResult {
    if !is_default(vm, this, vm.names.__reduce__) {
        return vm.call_method(this, vm.names.__reduce__, &[]);
    }
    reduce_by(vm, this, protocol.0)
}

fn reduce_by(vm: &mut Vm, this: Value, protocol: i64) -> PyResult {
    if protocol >= 2 {
        return reduce_to_new(vm, this);
    }
    let reduce = copyreg(vm, vm.names._reduce_ex)?;
    let protocol = vm.new_int(protocol);
    vm.call(reduce, &[this, protocol])
}

/// The arguments of `__new__`, as a tuple and a dict (or None); nothing where the object names none.
fn new_arguments(vm: &mut Vm, this: Value) -> PyResult<Option<(Value, Value)>> {
    if let Some(pair) = vm.call_special(this, vm.names.__getnewargs_ex__, &[])? {
        let Some(pair) = This::<TupleObject>::of(vm, pair) else {
            let given = vm.class_name(pair);
            return Err(vm.raise_type(&format!("__getnewargs_ex__ should return a tuple, not '{given}'")));
        };
        let [arguments, keywords] = *pair.items() else {
            let n = pair.len;
            return Err(vm.raise_value(&format!("__getnewargs_ex__ should return a tuple of length 2, not {n}")));
        };
        if This::<TupleObject>::of(vm, arguments).is_none() {
            let given = vm.class_name(arguments);
            let message =
                format!("first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{given}'");
            return Err(vm.raise_type(&message));
        }
        if This::<DictObject>::of(vm, keywords).is_none() {
            let given = vm.class_name(keywords);
            let message =
                format!("second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{given}'");
            return Err(vm.raise_type(&message));
        }
        return Ok(Some((arguments, keywords)));
    }
    let Some(arguments) = vm.call_special(this, vm.names.__getnewargs__, &[])? else { return Ok(None) };
    if This::<TupleObject>::of(vm, arguments).is_none() {
        let given = vm.class_name(arguments);
        return Err(vm.raise_type(&format!("__getnewargs__ should return a tuple, not '{given}'")));
    }
    Ok(Some((arguments, Value::NONE)))
}

fn reduce_to_new(vm: &mut Vm, this: Value) -> PyResult {
    let class = Value::object(vm.class_of(this));
    let given = new_arguments(vm, this)?;
    let one = vm.new_tuple(&[class]);
    let keywords = match given {
        Some((_, keywords)) if !keywords.is_none() && vm.len(keywords)? > 0 => Some(keywords),
        _ => None,
    };
    let (maker, arguments) = match (given, keywords) {
        (Some((arguments, _)), Some(keywords)) => {
            let maker = copyreg(vm, vm.names.__newobj_ex__)?;
            (maker, vm.new_tuple(&[class, arguments, keywords]))
        }
        (Some((arguments, _)), None) => {
            let (one, arguments) = (This::expect(vm, one), This::expect(vm, arguments));
            (copyreg(vm, vm.names.__newobj__)?, vm.tuple_concat(one, arguments)?)
        }
        (None, _) => (copyreg(vm, vm.names.__newobj__)?, one),
    };
    let (is_list, is_dict) = (This::<ListObject>::of(vm, this).is_some(), This::<DictObject>::of(vm, this).is_some());
    let is_state_all = given.is_none() && !is_list && !is_dict;
    let state = if is_default(vm, this, vm.names.__getstate__) {
        default_state(vm, this, is_state_all)?
    } else {
        vm.call_method(this, vm.names.__getstate__, &[])?
    };
    let items = if is_list { vm.get_iter(this)? } else { Value::NONE };
    let entries = if is_dict {
        let entries = vm.call_method(this, vm.names.items, &[])?;
        vm.get_iter(entries)?
    } else {
        Value::NONE
    };
    Ok(vm.new_tuple(&[maker, arguments, state, items, entries]))
}

/// The attributes, and the slots that are set beside them. `is_all`: nothing else says what the object is, so that it may
/// have nothing more to it.
fn default_state(vm: &mut Vm, this: Value, is_all: bool) -> PyResult {
    let class = vm.class_of(this);
    let layout = class_ref(class).base_layout;
    // What has memory of its own has more to say than attributes.
    let layout_of_spec = vm.spec_of(this).inherited(|spec| spec.layout);
    let has_memory = layout.size_bytes() > size_of::<Instance>()
        || layout_of_spec.is_some_and(|layout| layout.size_bytes > size_of::<Header>());
    if is_all && !layout.has_inline_slots() && has_memory {
        let name = vm.full_name_of_class(class);
        let message = match &name[..] {
            // In CPython their objects are of different sizes.
            "memoryview" | "code" => format!("cannot pickle {name} objects"),
            _ => format!("cannot pickle '{name}' object"),
        };
        return Err(vm.raise_type(&message));
    }
    let mut state = vm.get_attr_opt(this, vm.names.__dict__)?.unwrap_or(Value::NONE);
    if vm.exactly::<DictObject>(state).is_some_and(|dict| dict.len == 0) {
        state = Value::NONE;
    }
    let slot_names = slot_names(vm, this)?;
    if slot_names.is_none() || This::<ListObject>::of(vm, slot_names).is_some_and(|names| names.len == 0) {
        return Ok(state);
    }
    let slots = vm.new_dict();
    let iterator = vm.get_iter(slot_names)?;
    while let Some(name) = vm.iter_next(iterator)? {
        if let Some(value) = vm.get_attr_opt(this, name)? {
            vm.dict_set(slots, name, value)?;
        }
    }
    if vm.len(slots)? > 0 {
        state = vm.new_tuple(&[state, slots]);
    }
    Ok(state)
}

/// The names of the slots that an instance of the class has: a list, or None. `copyreg` writes it down in the class.
fn slot_names(vm: &mut Vm, this: Value) -> PyResult {
    let class = vm.class_of(this);
    if let Some(known) = vm.dict_get_name(class_ref(class).dict, vm.names.__slotnames__) {
        return match known.is_none() || This::<ListObject>::of(vm, known).is_some() {
            true => Ok(known),
            false => {
                let (name, given) = (vm.class_name(this), vm.class_name(known));
                Err(vm.raise_type(&format!("{name}.__slotnames__ should be a list or None, not {given}")))
            }
        };
    }
    let function = copyreg(vm, vm.names._slotnames)?;
    let names = vm.call(function, &[Value::object(class)])?;
    if !names.is_none() && This::<ListObject>::of(vm, names).is_none() {
        return Err(vm.raise_type("copyreg._slotnames didn't return a list or None"));
    }
    Ok(names)
}
