//! Objects that tell how they are made: a function, its arguments, and what is to be done with the result.

use super::containers::{save_appended, save_set_items};
use super::note::noted;
use super::opcode::*;
use super::pickler::{Pickler, ThisPickler};
use super::save::save;
use super::{Kind, raise};
use stitch_runtime::object::layout::{TupleObject, TypeObject};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// What `__reduce__` gives; None where there is no such part.
pub struct Reduced {
    function: Value,
    arguments: Value,
    state: Value,
    items: Value,
    pairs: Value,
    setter: Value,
}

impl Reduced {
    pub fn call(function: Value, arguments: Value) -> Reduced {
        let none = Value::NONE;
        Reduced { function, arguments, state: none, items: none, pairs: none, setter: none }
    }

    /// PicklingError where the value is no such thing.
    pub fn of(vm: &mut Vm, value: Value) -> PyResult<Reduced> {
        if !vm.is_a::<TupleObject>(value) {
            let given = vm.full_class_name(value);
            let message = format!("__reduce__ must return a string or tuple, not {given}");
            return Err(raise(vm, Kind::Pickling, &message));
        }
        let parts = vm.tuple_items(value);
        if !(2..=6).contains(&parts.len()) {
            let message = "tuple returned by __reduce__ must contain 2 through 6 elements";
            return Err(raise(vm, Kind::Pickling, message));
        }
        let part = |index: usize| parts.get(index).copied().unwrap_or(Value::NONE);
        let reduced = Reduced {
            function: part(0),
            arguments: part(1),
            state: part(2),
            items: part(3),
            pairs: part(4),
            setter: part(5),
        };
        let wrong = |vm: &mut Vm, which: &str, wanted: &str, value: Value| -> Raised {
            let given = vm.full_class_name(value);
            let message = format!("{which} item of the tuple returned by __reduce__ must be {wanted}, not {given}");
            raise(vm, Kind::Pickling, &message)
        };
        if !is_callable(vm, reduced.function) {
            return Err(wrong(vm, "first", "callable", reduced.function));
        }
        if !vm.is_a::<TupleObject>(reduced.arguments) {
            return Err(wrong(vm, "second", "a tuple", reduced.arguments));
        }
        for (which, value) in [("fourth", reduced.items), ("fifth", reduced.pairs)] {
            if !value.is_none() && !vm.is_iterator(value) {
                return Err(wrong(vm, which, "an iterator", value));
            }
        }
        if !reduced.setter.is_none() && !is_callable(vm, reduced.setter) {
            return Err(wrong(vm, "sixth", "callable", reduced.setter));
        }
        Ok(reduced)
    }
}

pub fn is_callable(vm: &mut Vm, value: Value) -> bool {
    vm.slots_of(value).call.is_some()
}

fn noting<T>(vm: &mut Vm, result: PyResult<T>, object: Option<Value>, part: &str) -> PyResult<T> {
    match object {
        None => result,
        Some(object) => noted(vm, result, |vm| format!("when serializing {} {part}", vm.full_class_name(object))),
    }
}

/// Writes what makes an object; `object`: what is to be remembered for it.
pub fn save_reduce(vm: &mut Vm, mut this: ThisPickler, parts: &Reduced, object: Option<Value>) -> PyResult<()> {
    let name = vm.get_attr_opt(parts.function, vm.names.__name__)?.filter(|_| this.protocol >= 2);
    // Names are interned, those of functions too.
    let name = name.filter(|&name| vm.is_str(name)).map_or(Value::NONE, |name| vm.intern_value(name));
    match name {
        name if name == vm.names.__newobj_ex__ => save_new_with_names(vm, this, parts, object)?,
        name if name == vm.names.__newobj__ => save_new(vm, this, parts, object)?,
        _ => {
            let result = save(vm, this, parts.function, true);
            noting(vm, result, object, "reconstructor")?;
            let result = save(vm, this, parts.arguments, true);
            noting(vm, result, object, "reconstructor arguments")?;
            this.out.byte(REDUCE);
        }
    }
    if let Some(object) = object {
        // One that its arguments lead back to was written meanwhile.
        match this.memo.get(object) {
            Some(place) => {
                this.out.byte(POP);
                Pickler::refer(this, place);
            }
            None => Pickler::memoize(this, vm, object)?,
        }
    }
    let owner = object.unwrap_or(Value::NONE);
    if !parts.items.is_none() {
        save_appended(vm, this, parts.items, owner)?;
    }
    if !parts.pairs.is_none() {
        save_set_items(vm, this, parts.pairs, owner)?;
    }
    if parts.state.is_none() {
        return Ok(());
    }
    if parts.setter.is_none() {
        let result = save(vm, this, parts.state, true);
        noting(vm, result, object, "state")?;
        this.out.byte(BUILD);
        return Ok(());
    }
    let result = save(vm, this, parts.setter, true);
    noting(vm, result, object, "state setter")?;
    save(vm, this, owner, true)?;
    let result = save(vm, this, parts.state, true);
    noting(vm, result, object, "state")?;
    this.out.write(&[TUPLE2, REDUCE, POP]);
    Ok(())
}

/// The class that a `__newobj__` or `__newobj_ex__` is of.
fn check_class(vm: &mut Vm, function: &str, class: Value, object: Option<Value>) -> PyResult<()> {
    if !vm.is_a::<TypeObject>(class) {
        let given = vm.full_class_name(class);
        let message = format!("first argument to {function}() must be a class, not {given}");
        return Err(raise(vm, Kind::Pickling, &message));
    }
    if let Some(object) = object {
        let own = vm.get_attr(object, vm.names.__class__)?;
        if own != class {
            let (own, class) = (vm.repr_string(own)?, vm.repr_string(class)?);
            let message = format!("first argument to {function}() must be {own}, not {class}");
            return Err(raise(vm, Kind::Pickling, &message));
        }
    }
    Ok(())
}

fn save_new(vm: &mut Vm, mut this: ThisPickler, parts: &Reduced, object: Option<Value>) -> PyResult<()> {
    let items = vm.tuple_items(parts.arguments);
    let [class, rest @ ..] = items else {
        return Err(raise(vm, Kind::Pickling, "__newobj__ expected at least 1 argument, got 0"));
    };
    check_class(vm, "__newobj__", *class, object)?;
    let result = save(vm, this, *class, true);
    noting(vm, result, object, "class")?;
    let rest = vm.new_tuple(rest);
    let result = save(vm, this, rest, true);
    noting(vm, result, object, "__new__ arguments")?;
    this.out.byte(NEWOBJ);
    Ok(())
}

fn save_new_with_names(vm: &mut Vm, mut this: ThisPickler, parts: &Reduced, object: Option<Value>) -> PyResult<()> {
    let &[class, arguments, keywords] = vm.tuple_items(parts.arguments) else {
        let n = vm.tuple_items(parts.arguments).len();
        let message = format!("__newobj_ex__ expected 3 arguments, got {n}");
        return Err(raise(vm, Kind::Pickling, &message));
    };
    check_class(vm, "__newobj_ex__", class, object)?;
    for (which, value, wanted, ty) in
        [("second", arguments, "a tuple", BuiltinType::Tuple), ("third", keywords, "a dict", BuiltinType::Dict)]
    {
        if !vm.has_layout(value, ty) {
            let given = vm.full_class_name(value);
            let message = format!("{which} argument to __newobj_ex__() must be {wanted}, not {given}");
            return Err(raise(vm, Kind::Pickling, &message));
        }
    }
    if this.protocol >= 4 {
        let result = save(vm, this, class, true);
        noting(vm, result, object, "class")?;
        let result = save(vm, this, arguments, true).and_then(|()| save(vm, this, keywords, true));
        noting(vm, result, object, "__new__ arguments")?;
        this.out.byte(NEWOBJ_EX);
        return Ok(());
    }
    let module = vm.import_dotted("functools")?;
    let name = vm.intern("partial");
    let partial = vm.get_attr(module, name)?;
    let new = vm.get_attr(class, vm.names.__new__)?;
    let list = vm.new_list(&[new, class])?;
    vm.list_extend(list, arguments)?;
    let positional = vm.list_to_tuple(list)?;
    let made = vm.call_expanded(partial, positional, keywords)?;
    let result = save(vm, this, made, true);
    noting(vm, result, object, "reconstructor")?;
    save(vm, this, vm.empty_tuple, true)?;
    this.out.byte(REDUCE);
    Ok(())
}
