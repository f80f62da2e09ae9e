//! How a `BytesIO` is pickled: its bytes, position and attributes.

use super::bytes_io::BytesIo;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::{DictObject, TupleObject};
use stitch_runtime::{PyResult, Value, Vm};

pub fn get_state(vm: &mut Vm, this: This<BytesIo>) -> PyResult {
    this.check_open(vm)?;
    let data = vm.new_bytes(this.data())?;
    let position = vm.new_int_from_usize(this.position);
    let dict = vm.instance_dict(this.value())?;
    let attributes = if vm.is_true(dict)? { super::call(vm, dict, "copy", &[])? } else { Value::NONE };
    Ok(vm.new_tuple(&[data, position, attributes]))
}

pub fn set_state(vm: &mut Vm, mut this: This<BytesIo>, state: Value) -> PyResult<()> {
    let parts = if vm.is_a::<TupleObject>(state) { vm.tuple_items(state) } else { &[] };
    let &[data, position, attributes] = parts else {
        let (own, given) = (vm.class_of(this.value()), vm.class_name(state));
        let own = vm.full_name_of_class(own);
        return Err(vm.raise_type(&format!("{own}.__setstate__ argument should be 3-tuple, got {given}")));
    };
    this.check_open(vm)?;
    this.check_resizable(vm)?;
    BytesIo::start(this, vm, Some(data))?;
    if !vm.is_int_like(position) {
        let given = vm.class_name(position);
        return Err(vm.raise_type(&format!("second item of state must be an integer, not {given}")));
    }
    let position = vm.index_i64(position)?;
    if position < 0 {
        return Err(vm.raise_value("position value cannot be negative"));
    }
    this.position = position as usize;
    if attributes.is_none() {
        return Ok(());
    }
    if !vm.is_a::<DictObject>(attributes) {
        let given = vm.class_name(attributes);
        return Err(vm.raise_type(&format!("third item of state should be a dict, got a {given}")));
    }
    let dict = vm.instance_dict(this.value())?;
    super::call(vm, dict, "update", &[attributes]).map(drop)
}
