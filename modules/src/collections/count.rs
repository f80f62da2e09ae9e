//! `_count_elements`, the loop of `Counter`.

use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::value::SMALL_INT_MAX;
use stitch_runtime::{PyResult, Value, Vm};

/// Are its items got and set as those of a dict?
fn acts_as_dict(vm: &mut Vm, mapping: Value) -> bool {
    if !vm.is_a::<DictObject>(mapping) {
        return false;
    }
    let (class, dict) = (vm.class_of(mapping), vm.class(BuiltinType::Dict));
    ["get", "__setitem__"].into_iter().all(|name| {
        let name = vm.intern(name);
        vm.class_lookup(class, name) == vm.class_lookup(dict, name)
    })
}

pub fn count_elements(vm: &mut Vm, mapping: Value, iterable: Value) -> PyResult<()> {
    let iterator = vm.get_iter(iterable)?;
    let one = Value::small_int(1);
    if acts_as_dict(vm, mapping) {
        while let Some(key) = vm.iter_next(iterator)? {
            let Some(entry) = vm.dict_entry(mapping, key)? else {
                vm.dict_set(mapping, key, one)?;
                continue;
            };
            let known = vm.table(mapping).value_at(entry);
            if known.is_int() && known.as_int() < SMALL_INT_MAX {
                vm.dict_set_entry(mapping, entry, Value::small_int(known.as_int() + 1));
                continue;
            }
            // To add may be Python code, which may change the mapping.
            let count = vm.binary_op(op::ADD, known, one)?;
            vm.dict_set(mapping, key, count)?;
        }
        return Ok(());
    }
    let name = vm.intern("get");
    let get = vm.get_attr(mapping, name)?;
    while let Some(key) = vm.iter_next(iterator)? {
        let known = vm.call(get, &[key, Value::small_int(0)])?;
        let count = vm.binary_op(op::ADD, known, one)?;
        vm.set_item(mapping, key, count)?;
    }
    Ok(())
}
