//! Pickling of what holds no addresses.

use super::data::{self, CData};
use super::raw;
use stitch_runtime::object::argument::{Class, This};
use stitch_runtime::object::layout::{BytesObject, TupleObject};
use stitch_runtime::{PyResult, Value, Vm};

pub fn reduce(vm: &mut Vm, this: This<CData>) -> PyResult {
    let info = CData::info(vm, this);
    if info.has_pointer || info.is_pointer_like() {
        return Err(vm.raise_value("ctypes objects containing pointers cannot be pickled"));
    }
    let attributes = vm.instance_dict(this.value())?;
    let bytes = vm.new_bytes(raw::bytes(this.address, this.size))?;
    let state = vm.new_tuple(&[attributes, bytes]);
    let class = data::class_of(vm, this.value());
    let arguments = vm.new_tuple(&[class, state]);
    let module = vm.import_dotted("_ctypes")?;
    let name = vm.intern("_unpickle");
    let function = vm.get_attr(module, name)?;
    Ok(vm.new_tuple(&[function, arguments]))
}

pub fn set_state(vm: &mut Vm, this: This<CData>, attributes: Value, bytes: Value) -> PyResult<()> {
    let Some(bytes) = This::<BytesObject>::of(vm, bytes) else {
        let message = format!("__setstate__() argument 2 must be bytes, not {}", vm.class_name(bytes));
        return Err(vm.raise_type(&message));
    };
    raw::copy(this.address, bytes.data().as_ptr() as usize, bytes.data().len().min(this.size));
    let own = vm.instance_dict(this.value())?;
    vm.dict_update(own, attributes)
}

/// `_unpickle`: an object of a class with a state.
pub fn unpickle(vm: &mut Vm, class: Class, state: This<TupleObject>) -> PyResult {
    let class = Value::object(class.0);
    let name = vm.names.__new__;
    let made = vm.call_method(class, name, &[class])?;
    let name = vm.intern("__setstate__");
    vm.call_method(made, name, vm.tuple_items(state.value()))?;
    Ok(made)
}
