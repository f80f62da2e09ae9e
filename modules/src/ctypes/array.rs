//! `Array`: so many items of one class.

use super::class::{self, METHODS};
use super::data::{self, CDATA, CData};
use super::field::{load_text, load_wide_text};
use super::info::{Info, Kind};
use super::raw;
use super::simple::new_data;
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{Keywords, Rest, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::item::slice::SliceRange;
use stitch_runtime::object::layout::{BytesObject, SliceObject, TypeObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{MatchedAs, TypeSpec, getter, joined};
use stitch_runtime::{PyResult, Value, Vm};

pub static ARRAY: TypeSpec = TypeSpec {
    name: "Array",
    module: "_ctypes",
    doc: "So many items of one type.",
    base: Some(&CDATA),
    metaclass: Some(&class::ARRAY_TYPE),
    matched_as: MatchedAs::Sequence,
    is_base: true,
    is_iterated_by_index: true,
    is_weakly_referable: true,
    slots: Slots {
        len: Some(|vm, value| Ok(CData::info(vm, CData::at(vm, value)).length)),
        get_item: Some(get_item),
        set_item: Some(set_item),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new_data).doc("A new array of zeros.")),
    methods: &[method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes the first items.")],
    class_methods: &[CLASS_GETITEM],
    ..TypeSpec::NEW
};

pub const CLASS_METHODS: &[NativeRow] = &{
    const INIT: [NativeRow; 1] = [method("__init__", "($self, /, *args, **kwargs)", init_class)
        .doc("Makes the class one of so many items of a type.")];
    joined::<NativeRow, 5, 1, 6>(METHODS, INIT)
};

fn init_class(vm: &mut Vm, class: This<TypeObject>, _: Rest, _: Keywords) -> PyResult<()> {
    let class = class.value();
    let length = match class::attribute(vm, class, "_length_")? {
        Some(length) if !length.is_none() => length,
        _ => return Err(vm.raise_attribute("class must define a '_length_' attribute")),
    };
    if !vm.is_int_like(length) {
        return Err(vm.raise_type("The '_length_' attribute must be an integer"));
    }
    if vm.less_than(length, Value::small_int(0))? {
        return Err(vm.raise_value("The '_length_' attribute must not be negative"));
    }
    let Some(length) = vm.int_to_i64(length) else {
        return Err(vm.raise_overflow("The '_length_' attribute is too large"));
    };
    let Some(item_class) = class::attribute(vm, class, "_type_")? else {
        return Err(vm.raise_attribute("class must define a '_type_' attribute"));
    };
    let Some(item) = Info::of_class(vm, item_class) else {
        return Err(vm.raise_type("_type_ must have storage info"));
    };
    let Some(size) = item.size.checked_mul(length as usize).filter(|&size| size <= isize::MAX as usize) else {
        return Err(vm.raise_overflow("array too large"));
    };
    let mut info = Info::new(vm, class, Kind::Array)?;
    (info.item, info.format) = (item_class, item.format);
    (info.size, info.align, info.length) = (size, item.align, length as usize);
    info.has_pointer = item.has_pointer || item.is_pointer_like();
    if item.size > 0 {
        (0..info.length.min(16)).for_each(|i| info.note_inner(&item, i.saturating_mul(item.size)));
    }
    vm.barrier(info.pointer());
    let class = class.as_ptr();
    if item.is_simple('c') {
        vm.add_getset(class, getter("value", value).settable(set_value));
        vm.add_getset(class, getter("raw", raw_bytes).settable(set_raw_bytes));
        vm.class_changed(class);
    } else if item.is_simple('u') {
        vm.add_getset(class, getter("value", wide_value).settable(set_wide_value));
        vm.class_changed(class);
    }
    Ok(())
}

/// The class of arrays of so many instances of a class.
pub fn class_of_items(vm: &mut Vm, class: Value, count: Value) -> PyResult {
    let length = vm.index_i64(count)?;
    if length < 0 {
        return Err(vm.raise_value(&format!("Array length must be >= 0, not {length}")));
    }
    array_class(vm, class, length)
}

/// Made once for each class and length.
fn array_class(vm: &mut Vm, class: Value, length: i64) -> PyResult {
    let Some(mut info) = Info::of_class(vm, class) else {
        return Err(vm.raise_type("_type_ must have storage info"));
    };
    if info.arrays.is_unbound() {
        info.arrays = vm.new_dict();
        vm.barrier(info.pointer());
    }
    let key = vm.new_int(length);
    if let Some(found) = vm.dict_get(info.arrays, key)? {
        return Ok(found);
    }
    let name = format!("{}_Array_{length}", data::name_of(vm, class));
    let name = vm.new_str(&name);
    let base = vm.type_of_spec(&ARRAY);
    let bases = vm.new_tuple(&[Value::object(base)]);
    let namespace = vm.new_dict();
    for (entry, value) in [("_length_", key), ("_type_", class)] {
        let entry = vm.intern(entry);
        vm.dict_set_name(namespace, entry, value);
    }
    let metaclass = vm.type_of_spec(&class::ARRAY_TYPE);
    let made = vm.call(Value::object(metaclass), &[name, bases, namespace])?;
    vm.dict_set(info.arrays, key, made)?;
    Ok(made)
}

fn init(vm: &mut Vm, this: This<CData>, args: Rest, _: Keywords) -> PyResult<()> {
    for (i, &item) in args.items().iter().enumerate() {
        set_at(vm, this, i as i64, item)?;
    }
    Ok(())
}

struct Items {
    class: Value,
    info: This<Info>,
    length: usize,
}

impl Items {
    fn of(vm: &mut Vm, this: This<CData>) -> PyResult<Items> {
        let info = CData::info(vm, this);
        let class = info.item;
        Ok(Items { class, info: Info::expect_of(vm, class)?, length: info.length })
    }
}

fn get_at(vm: &mut Vm, this: This<CData>, index: i64) -> PyResult {
    let items = Items::of(vm, this)?;
    if index < 0 || index as usize >= items.length {
        return Err(vm.raise_index("invalid index"));
    }
    let index = index as usize;
    data::get(vm, items.class, this, index, this.address.wrapping_add(index * items.info.size))
}

fn set_at(vm: &mut Vm, this: This<CData>, index: i64, value: Value) -> PyResult<()> {
    let items = Items::of(vm, this)?;
    if index < 0 || index as usize >= items.length {
        return Err(vm.raise_index("invalid index"));
    }
    let index = index as usize;
    data::set(vm, items.class, this, index, this.address.wrapping_add(index * items.info.size), value)
}

/// An index counted from the end where it is negative.
fn place(vm: &mut Vm, this: This<CData>, key: Value) -> PyResult<i64> {
    if !vm.is_index(key) {
        return Err(vm.raise_type("indices must be integers"));
    }
    let key = vm.index(key)?;
    let Some(index) = vm.int_to_i64(key) else {
        return Err(vm.raise_index(&format!("cannot fit '{}' into an index-sized integer", vm.class_name(key))));
    };
    Ok(if index < 0 { index + CData::info(vm, this).length as i64 } else { index })
}

fn get_item(vm: &mut Vm, value: Value, key: Value) -> PyResult {
    let this = CData::at(vm, value);
    if let Some(slice) = This::<SliceObject>::of(vm, key) {
        let length = CData::info(vm, this).length;
        let range = vm.slice_indices(slice, length)?;
        return get_range(vm, this, this.address, range);
    }
    let index = place(vm, this, key)?;
    get_at(vm, this, index)
}

/// A list of items from an address on; bytes or a str where they are characters.
pub fn get_range(vm: &mut Vm, this: This<CData>, address: usize, range: SliceRange) -> PyResult {
    let items = Items::of(vm, this)?;
    let size = items.info.size as isize;
    let at = |i: isize| address.wrapping_add_signed(i.wrapping_mul(size));
    if items.info.is_simple('c') {
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(range.count).is_err() {
            return Err(vm.raise_memory());
        }
        bytes.extend(indices(&range).map(|i| raw::read::<u8>(at(i))));
        return vm.new_bytes(&bytes);
    }
    if items.info.is_simple('u') {
        let copy = vm.new_raw_storage(range.count.saturating_mul(4))?;
        let to = This::<BytesObject>::expect(vm, copy).data().as_ptr() as usize;
        for (n, i) in indices(&range).enumerate() {
            raw::write(to + 4 * n, raw::read::<u32>(at(i)));
        }
        return raw::wide_string(vm, to, range.count);
    }
    let list = vm.new_list_object_with_capacity(range.count)?;
    for i in indices(&range) {
        let item = data::get(vm, items.class, this, i as usize, at(i))?;
        vm.list_push(list.pointer(), item)?;
    }
    Ok(list.value())
}

fn indices(range: &SliceRange) -> impl Iterator<Item = isize> {
    let (start, step) = (range.start as isize, range.step as isize);
    (0..range.count as isize).map(move |n| start.wrapping_add(n.wrapping_mul(step)))
}

fn set_item(vm: &mut Vm, value: Value, key: Value, item: Option<Value>) -> PyResult<()> {
    let this = CData::at(vm, value);
    let Some(item) = item else { return Err(vm.raise_type("Array does not support item deletion")) };
    let Some(slice) = This::<SliceObject>::of(vm, key) else {
        let index = place(vm, this, key)?;
        return set_at(vm, this, index, item);
    };
    let length = CData::info(vm, this).length;
    let range = vm.slice_indices(slice, length)?;
    let n_given = vm.len(item)?;
    if n_given != range.count {
        return Err(vm.raise_value("Can only assign sequence of same size"));
    }
    for (n, i) in indices(&range).enumerate() {
        let given = vm.get_item(item, Value::small_int(n as i64))?;
        set_at(vm, this, i as i64, given)?;
    }
    Ok(())
}

fn value(vm: &mut Vm, array: Value) -> PyResult {
    let this = CData::at(vm, array);
    load_text(vm, this.address, this.size)
}

fn set_value(vm: &mut Vm, array: Value, value: Option<Value>) -> PyResult<()> {
    let this = CData::at(vm, array);
    let Some(value) = value else { return Err(vm.raise_type("can't delete attribute")) };
    let Some(bytes) = This::<BytesObject>::of(vm, value) else {
        let message = format!("bytes expected instead of {} instance", vm.class_name(value));
        return Err(vm.raise_type(&message));
    };
    let len = bytes.data().len();
    if len > this.size {
        return Err(vm.raise_value("byte string too long"));
    }
    raw::copy(this.address, bytes.data().as_ptr() as usize, len);
    if len < this.size {
        raw::write(this.address + len, 0u8);
    }
    Ok(())
}

fn raw_bytes(vm: &mut Vm, array: Value) -> PyResult {
    let this = CData::at(vm, array);
    vm.new_bytes(raw::bytes(this.address, this.size))
}

fn set_raw_bytes(vm: &mut Vm, array: Value, value: Option<Value>) -> PyResult<()> {
    let this = CData::at(vm, array);
    let Some(value) = value else { return Err(vm.raise_attribute("cannot delete attribute")) };
    let bytes = BytesLike::of(vm, value)?;
    if bytes.len() > this.size {
        return Err(vm.raise_value("byte string too long"));
    }
    raw::copy(this.address, bytes.as_ptr() as usize, bytes.len());
    Ok(())
}

fn wide_value(vm: &mut Vm, array: Value) -> PyResult {
    let this = CData::at(vm, array);
    load_wide_text(vm, this.address, this.size / 4)
}

fn set_wide_value(vm: &mut Vm, array: Value, value: Option<Value>) -> PyResult<()> {
    let this = CData::at(vm, array);
    let Some(value) = value else { return Err(vm.raise_type("can't delete attribute")) };
    let Some(text) = Str::of(vm, value) else {
        let message = format!("unicode string expected instead of {} instance", vm.class_name(value));
        return Err(vm.raise_type(&message));
    };
    let (len, room) = (text.view().len(), this.size / 4);
    if len > room {
        return Err(vm.raise_value("string too long"));
    }
    for (i, point) in text.view().code_points().enumerate() {
        raw::write(this.address + 4 * i, point);
    }
    if len < room {
        raw::write(this.address + 4 * len, 0u32);
    }
    Ok(())
}
