//! How a `StringIO` is pickled: its text, line ends, position and attributes.

use super::{ThisStringIo, call, check_open, init, str_of_view};
use stitch_runtime::object::argument::Str;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::{DictObject, TupleObject};
use stitch_runtime::{PyResult, Value, Vm};

pub fn get_state(vm: &mut Vm, this: ThisStringIo) -> PyResult {
    this.check(vm)?;
    check_open(vm, this.value())?;
    let text = str_of_view(vm, this.text.view());
    let newline = match this.line_end.text() {
        Some(newline) => vm.intern(newline),
        None => Value::NONE,
    };
    let position = vm.new_int_from_usize(this.position);
    let dict = vm.instance_dict(this.value())?;
    let attributes = if vm.is_true(dict)? { call(vm, dict, "copy", &[])? } else { Value::NONE };
    Ok(vm.new_tuple(&[text, newline, position, attributes]))
}

pub fn set_state(vm: &mut Vm, mut this: ThisStringIo, state: Value) -> PyResult<()> {
    let parts = if vm.is_a::<TupleObject>(state) { vm.tuple_items(state) } else { &[] };
    let &[text, newline, position, attributes] = parts else {
        let (own, given) = (vm.class_of(this.value()), vm.class_name(state));
        let own = vm.full_name_of_class(own);
        return Err(vm.raise_type(&format!("{own}.__setstate__ argument should be 4-tuple, got {given}")));
    };
    if this.is_closed {
        this.check(vm)?;
    }
    init(vm, this, Some(text), Some(newline))?;
    // The text is as it is to be: line ends were seen to as it was written.
    this.text = Text::new();
    if let Some(text) = Str::of(vm, text) {
        this.text.push_view(text.view());
    }
    if !vm.is_int_like(position) {
        let given = vm.class_name(position);
        return Err(vm.raise_type(&format!("third item of state must be an integer, got {given}")));
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
        return Err(vm.raise_type(&format!("fourth item of state should be a dict, got a {given}")));
    }
    let dict = vm.instance_dict(this.value())?;
    call(vm, dict, "update", &[attributes]).map(drop)
}
