//! Functions that the library's Python part calls by their address: `cast`, `string_at` and the like.

use super::data::CData;
use super::info::{Info, Kind};
use super::raw;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::buffer::Export;
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::{PyResult, Value, Vm};

/// Their names and addresses.
pub fn all() -> [(&'static str, usize); 6] {
    [
        ("_memmove_addr", libc::memmove as *const () as usize),
        ("_memset_addr", libc::memset as *const () as usize),
        ("_string_at_addr", string_at as *const () as usize),
        ("_wstring_at_addr", wide_string_at as *const () as usize),
        ("_memoryview_at_addr", memoryview_at as *const () as usize),
        ("_cast_addr", cast as *const () as usize),
    ]
}

/// Does something in the VM whose call led here; unbound: it has raised, or nobody called.
fn inside(work: impl FnOnce(&mut Vm) -> PyResult) -> Value {
    let Some(vm) = Vm::outside() else { return Value::UNBOUND };
    match Vm::come_back(vm, work) {
        Some(Ok(value)) => value,
        _ => Value::UNBOUND,
    }
}

extern "C" fn string_at(address: usize, size: i32) -> Value {
    inside(|vm| {
        vm.audit("ctypes.string_at", |vm| address_and_size(vm, address, size.into()))?;
        let len = match usize::try_from(size) {
            Ok(len) => len,
            Err(_) if size == -1 => raw::len_of_string(address),
            Err(_) => return Err(negative_size(vm, "PyBytes_FromStringAndSize")),
        };
        vm.new_bytes(raw::bytes(address, len))
    })
}

extern "C" fn wide_string_at(address: usize, size: i32) -> Value {
    inside(|vm| {
        vm.audit("ctypes.wstring_at", |vm| address_and_size(vm, address, size.into()))?;
        let len = match usize::try_from(size) {
            Ok(len) => len,
            Err(_) if size == -1 => raw::len_of_wide(address),
            Err(_) => return Err(negative_size(vm, "PyUnicode_FromWideChar")),
        };
        raw::wide_string(vm, address, len)
    })
}

fn address_and_size(vm: &mut Vm, address: usize, size: i64) -> Value {
    let (address, size) = (vm.new_int_from_usize(address), vm.new_int(size));
    vm.new_tuple(&[address, size])
}

fn negative_size(vm: &mut Vm, function: &str) -> stitch_runtime::Raised {
    vm.raise(vm.exceptions.SystemError, &format!("Negative size passed to {function}"))
}

extern "C" fn memoryview_at(address: usize, size: i64, is_readonly: i32) -> Value {
    inside(|vm| {
        vm.audit("ctypes.memoryview_at", |vm| {
            let (address, size) = (vm.new_int_from_usize(address), vm.new_int(size));
            vm.new_tuple(&[address, size, Value::bool(is_readonly != 0)])
        })?;
        let Ok(size) = usize::try_from(size) else {
            return Err(vm.raise_value(&format!("memoryview_at: size is negative (or overflowed): {size}")));
        };
        let mut export = Export::items(Value::NONE, address as *mut u8, size, "B", 1);
        export.is_readonly = is_readonly != 0;
        vm.memory_view_of(export)
    })
}

extern "C" fn cast(address: usize, source: Value, class: Value) -> Value {
    inside(|vm| {
        if !is_pointer_class(vm, class) {
            let name = if vm.is_a::<stitch_runtime::object::layout::TypeObject>(class) {
                super::data::name_of(vm, class)
            } else {
                vm.class_name(class)
            };
            return Err(vm.raise_type(&format!("cast() argument 2 must be a pointer type, not {name}")));
        }
        let result = vm.call(class, &[])?;
        let Some(data) = This::<CData>::of(vm, result) else {
            return Err(vm.raise_type("cast() argument 2 must be a pointer"));
        };
        if let Some(source_data) = This::<CData>::of(vm, source) {
            // The two have what is kept alive in common; the source is of it.
            let objects = CData::kept(vm, source_data);
            CData::set_objects(vm, data, objects);
            if vm.is_exactly::<DictObject>(objects) {
                let key = vm.new_int_from_u64(source.0);
                vm.dict_set(objects, key, source)?;
            }
        }
        raw::write(data.address, address);
        Ok(result)
    })
}

fn is_pointer_class(vm: &mut Vm, class: Value) -> bool {
    let Some(info) = Info::of_class(vm, class) else { return false };
    match info.kind {
        Kind::Pointer | Kind::Function => true,
        Kind::Simple => info.code.is_some_and(|code| code.is_pointer()),
        _ => false,
    }
}

/// The object whose address a number is.
pub fn object_at(vm: &mut Vm, address: Value) -> PyResult {
    if !vm.is_int_like(address) {
        return Err(vm.raise_type("an integer is required"));
    }
    let address = super::code::integer_bits(vm, address)?;
    vm.audit("ctypes.PyObj_FromPtr", |vm| {
        let address = vm.new_int_from_u64(address);
        vm.new_tuple(&[address])
    })?;
    Ok(Value(address))
}
