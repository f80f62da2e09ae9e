//! `_Pointer`: the address of an instance of a class.

use super::array::get_range;
use super::class::{self, METHODS};
use super::data::{self, CDATA, CData};
use super::info::{Info, Kind};
use super::raw;
use stitch_runtime::foreign::Class;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::item::slice::SliceRange;
use stitch_runtime::object::layout::{SliceObject, TypeObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{TypeSpec, field, joined};
use stitch_runtime::{PyResult, Value, Vm};

pub static POINTER: TypeSpec = TypeSpec {
    name: "_Pointer",
    module: "_ctypes",
    doc: "The address of an object of a type.",
    base: Some(&CDATA),
    metaclass: Some(&class::POINTER_TYPE),
    is_base: true,
    is_iterated_by_index: true,
    is_weakly_referable: true,
    slots: Slots {
        get_item: Some(get_item),
        set_item: Some(set_item),
        truth: Some(|vm, value| Ok(CData::at(vm, value).pointer_in() != 0)),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A new pointer, to nothing.")),
    methods: &[method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes what it is to point to.")],
    getters: &[field("contents", contents).set_by(set_contents).doc("The object that it points to.")],
    ..TypeSpec::NEW
};

pub const CLASS_METHODS: &[NativeRow] = &{
    const OWN: [NativeRow; 2] = [
        method("__init__", "($self, /, *args, **kwargs)", init_class).doc("Makes the class one of pointers to a type."),
        method("set_type", "($self, type, /)", |vm: &mut Vm, class: This<TypeObject>, ty: Value| {
            set_type(vm, class.value(), ty)?;
            let name = vm.intern("_type_");
            vm.class_set_attr(class.value(), name, Some(ty))
        })
        .doc("Says what the pointers point to."),
    ];
    joined::<NativeRow, 5, 2, 7>(METHODS, OWN)
};

fn init_class(vm: &mut Vm, class: This<TypeObject>, _: Rest, _: Keywords) -> PyResult<()> {
    let class = class.value();
    let mut info = Info::new(vm, class, Kind::Pointer)?;
    (info.size, info.align, info.length, info.has_pointer) = (8, 8, 1, true);
    info.note(Class::General, 0, 8);
    Info::set_format(vm, info, "X{}");
    let Some(target) = class::own_attribute(vm, class, "_type_") else { return Ok(()) };
    set_type(vm, class, target)
}

fn set_type(vm: &mut Vm, class: Value, target: Value) -> PyResult<()> {
    let mut info = Info::expect_of(vm, class)?;
    let Some(mut target_info) = Info::of_class(vm, target) else {
        let shown = vm.repr_string(target)?;
        return Err(vm.raise_type(&format!("{shown} must have storage info")));
    };
    info.item = target;
    vm.barrier(info.pointer());
    // The first class of pointers to a type is that which everybody gets.
    if target_info.pointer_type.is_unbound() {
        target_info.pointer_type = class;
        vm.barrier(target_info.pointer());
    }
    let (shape, format) = data::shape_and_format(vm, target_info);
    let format = match &shape[..] {
        [] => format!("&{format}"),
        shape => {
            let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
            format!("&({}){format}", shape.join(","))
        }
    };
    Info::set_format(vm, info, &format);
    Ok(())
}

fn new(vm: &mut Vm, class: ClassOf<CData>, _: Rest, _: Keywords) -> PyResult {
    let class = Value::object(class.class);
    match Info::of_class(vm, class) {
        Some(info) if !info.item.is_unbound() => Ok(CData::new(vm, class, info)?.value()),
        _ => Err(vm.raise_type("Cannot create instance: has no _type_")),
    }
}

fn init(vm: &mut Vm, this: This<CData>, args: Rest, _: Keywords) -> PyResult<()> {
    match *args.items() {
        [] => Ok(()),
        [target] => set_contents(vm, this, Some(target)),
        ref many => {
            let message = format!("POINTER expected at most 1 argument, got {}", many.len());
            Err(vm.raise_type(&message))
        }
    }
}

/// The class of what it points to.
fn target(vm: &mut Vm, this: This<CData>) -> PyResult<(Value, This<Info>)> {
    let class = CData::info(vm, this).item;
    Ok((class, Info::expect_of(vm, class)?))
}

fn check_not_null(vm: &mut Vm, this: This<CData>) -> PyResult<usize> {
    match this.pointer_in() {
        0 => Err(vm.raise_value("NULL pointer access")),
        address => Ok(address),
    }
}

fn contents(vm: &mut Vm, this: This<CData>) -> PyResult {
    let address = check_not_null(vm, this)?;
    let (class, _) = target(vm, this)?;
    Ok(CData::within(vm, class, this, 0, address)?.value())
}

fn set_contents(vm: &mut Vm, this: This<CData>, value: Option<Value>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.raise_type("Pointer does not support item deletion")) };
    let (class, target) = target(vm, this)?;
    let data = This::<CData>::of(vm, value).filter(|&data| {
        let given = CData::info(vm, data);
        let is_array_of = given.kind == Kind::Array && given.item == class && target.kind != Kind::Array;
        vm.is_instance(value, class.as_ptr()) || is_array_of
    });
    let Some(data) = data else {
        let (wanted, given) = (data::name_of(vm, class), vm.class_name(value));
        return Err(vm.raise_type(&format!("expected {wanted} instead of {given}")));
    };
    raw::write(this.address, data.address);
    CData::keep(vm, this, 1, value)?;
    let kept = CData::kept(vm, data);
    CData::keep(vm, this, 0, kept)
}

fn index_of(vm: &mut Vm, key: Value) -> PyResult<i64> {
    if !vm.is_index(key) {
        return Err(vm.raise_type("Pointer indices must be integer"));
    }
    vm.index_i64(key)
}

fn get_item(vm: &mut Vm, value: Value, key: Value) -> PyResult {
    let this = CData::at(vm, value);
    if let Some(slice) = This::<SliceObject>::of(vm, key) {
        let range = range_of(vm, slice)?;
        let address = if range.count == 0 { 0 } else { check_not_null(vm, this)? };
        return get_range(vm, this, address, range);
    }
    let index = index_of(vm, key)?;
    let address = check_not_null(vm, this)?;
    let (class, info) = target(vm, this)?;
    data::get(vm, class, this, index as usize, address.wrapping_add((info.size as i64).wrapping_mul(index) as usize))
}

/// What a slice selects of memory whose end nobody knows.
fn range_of(vm: &mut Vm, slice: This<SliceObject>) -> PyResult<SliceRange> {
    let step = if slice.step.is_none() { 1 } else { vm.index_i64(slice.step)? };
    if step == 0 {
        return Err(vm.raise_value("slice step cannot be zero"));
    }
    let start = match slice.start.is_none() {
        true if step < 0 => return Err(vm.raise_value("slice start is required for step < 0")),
        true => 0,
        false => vm.index_i64(slice.start)?,
    };
    if slice.stop.is_none() {
        return Err(vm.raise_value("slice stop is required"));
    }
    let stop = vm.index_i64(slice.stop)?;
    let distance = if step > 0 { stop.saturating_sub(start) } else { start.saturating_sub(stop) };
    let count = if distance <= 0 { 0 } else { (distance as u64 - 1) / step.unsigned_abs() + 1 };
    Ok(SliceRange { start, stop, step, count: count as usize })
}

fn set_item(vm: &mut Vm, value: Value, key: Value, item: Option<Value>) -> PyResult<()> {
    let this = CData::at(vm, value);
    let Some(item) = item else { return Err(vm.raise_type("Pointer does not support item deletion")) };
    let index = index_of(vm, key)?;
    let address = check_not_null(vm, this)?;
    let (class, info) = target(vm, this)?;
    let address = address.wrapping_add((info.size as i64).wrapping_mul(index) as usize);
    data::set(vm, class, this, index as usize, address, item)
}

/// Does the class stand for pointers to instances of a class?
pub fn points_to(vm: &Vm, given: This<Info>, class: Value) -> bool {
    let is_address = matches!(given.kind, Kind::Pointer | Kind::Array) && !given.item.is_unbound();
    is_address && vm.is_subclass(given.item.as_ptr(), class.as_ptr())
}
