//! Adapters and converters: between objects of any class and what a database holds.

use super::error::state;
use super::{Kind, raise};
use stitch_runtime::builtins::types::BYTEARRAY;
use stitch_runtime::object::argument::{Class, Str};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

fn protocol(vm: &mut Vm) -> Value {
    Value::object(vm.type_of_spec(&super::PREPARE_PROTOCOL))
}

/// What stands for a value in a database; `default`: where nobody knows.
pub fn adapt(vm: &mut Vm, value: Value, wanted: Option<Value>, default: Option<Value>) -> PyResult {
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => protocol(vm),
    };
    let class = Value::object(vm.class_of(value));
    let key = vm.new_tuple(&[class, wanted]);
    let adapters = state(vm).adapters;
    if let Some(adapter) = vm.dict_get(adapters, key)? {
        return vm.call(adapter, &[value]);
    }
    for (owner, name, argument) in [(wanted, "__adapt__", value), (value, "__conform__", wanted)] {
        let name = vm.intern(name);
        let Some(method) = vm.get_attr_opt(owner, name)? else { continue };
        match vm.call(method, &[argument]) {
            Ok(adapted) if !adapted.is_none() => return Ok(adapted),
            Ok(_) => {}
            Err(_) if vm.exception_matches(vm.exceptions.TypeError) => vm.clear_exception(),
            Err(raised) => return Err(raised),
        }
    }
    default.ok_or_else(|| raise(vm, Kind::ProgrammingError, "can't adapt"))
}

pub fn register_adapter(vm: &mut Vm, class: Value, adapter: Value) -> PyResult<()> {
    if Class::of(vm, class).is_none() {
        let given = vm.class_name(class);
        return Err(vm.raise_type(&format!("register_adapter() argument 1 must be type, not {given}")));
    }
    let plain = [BuiltinType::Int, BuiltinType::Float, BuiltinType::Str].map(|ty| Value::object(vm.class(ty)));
    if plain.contains(&class) || class == Value::object(vm.type_of_spec(&BYTEARRAY)) {
        state(vm).adapts_plain = true;
    }
    let protocol = protocol(vm);
    let key = vm.new_tuple(&[class, protocol]);
    let adapters = state(vm).adapters;
    vm.dict_set(adapters, key, adapter)
}

fn upper(vm: &mut Vm, name: Value) -> PyResult {
    let upper = vm.intern("upper");
    vm.call_method(name, upper, &[])
}

pub fn register_converter(vm: &mut Vm, name: Str, converter: Value) -> PyResult<()> {
    let name = upper(vm, name.value())?;
    let converters = state(vm).converters;
    vm.dict_set(converters, name, converter)
}

/// The converter of a type's name, or None.
pub fn converter(vm: &mut Vm, name: &str) -> PyResult {
    let name = vm.new_str(name);
    let name = upper(vm, name)?;
    let converters = state(vm).converters;
    Ok(vm.dict_get(converters, name)?.unwrap_or(Value::NONE))
}
