//! The module's functions.

use super::call::Outgoing;
use super::class::find_symbol;
use super::code::integer_bits;
use super::data::{self, CData};
use super::info::Info;
use super::parameter::BYREF;
use super::{errno, internals, pickle};
use std::ffi::CString;
use stitch_runtime::host::library;
use stitch_runtime::object::argument::{Index, Str, This, Word, method};
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("sizeof", "(obj, /)", |vm: &mut Vm, object: Value| match This::<CData>::of(vm, object) {
        Some(data) => Ok(data.size),
        None => match Info::of_class(vm, object) {
            Some(info) => Ok(info.size),
            None => Err(vm.raise_type("this type has no size")),
        },
    })
    .doc("How many bytes an object takes, or an instance of a class."),
    method("alignment", "(obj, /)", |vm: &mut Vm, object: Value| match info_of(vm, object) {
        Some(info) => Ok(info.align),
        None => Err(vm.raise_type("no alignment info")),
    })
    .doc("The alignment of an object, or of the instances of a class."),
    method("addressof", "(obj, /)", |vm: &mut Vm, object: Value| {
        let Some(data) = This::<CData>::of(vm, object) else {
            let message = format!("addressof() argument must be _ctypes._CData, not {}", vm.class_name(object));
            return Err(vm.raise_type(&message));
        };
        vm.audit("ctypes.addressof", |vm| vm.new_tuple(&[object]))?;
        Ok(vm.new_int_from_usize(data.address))
    })
    .doc("The address of an object's memory."),
    BYREF,
    method("resize", "(obj, size, /)", resize).doc("Gives an object memory of another size."),
    method("get_errno", "()", errno::get).doc("The error number that belongs to the program."),
    method("set_errno", "(value, /)", |vm: &mut Vm, value: Word<i32>| {
        vm.audit("ctypes.set_errno", |vm| {
            let value = vm.new_int(value.0.into());
            vm.new_tuple(&[value])
        })?;
        Ok::<i32, Raised>(errno::set(value.0))
    })
    .doc("Sets the error number that belongs to the program; gives what it was."),
    method("dlopen", "(name, flag=RTLD_NOW, /)", open).doc("Loads a library; gives its handle."),
    method("dlclose", "(handle, /)", |vm: &mut Vm, handle: Value| {
        let handle = address_of(vm, handle)?;
        // SAFETY: the program says that the handle is one, and that nothing of the library is in use.
        unsafe { library::close(handle) }.map_err(|message| raise_loader(vm, &message))
    })
    .doc("Gives a library back."),
    method("dlsym", "(handle, name, /)", |vm: &mut Vm, handle: Value, name: Str| {
        vm.audit("ctypes.dlsym/handle", |vm| vm.new_tuple(&[handle, name.value()]))?;
        let handle = address_of(vm, handle)?;
        match find_symbol(vm, handle, name)? {
            Ok(address) => Ok(vm.new_int_from_usize(address)),
            Err(message) if message.is_empty() => {
                let message = format!("symbol '{}' not found", name.text());
                Err(vm.raise(vm.exceptions.OSError, &message))
            }
            Err(message) => Err(raise_loader(vm, &message)),
        }
    })
    .doc("The address of what a library has under a name."),
    method("call_function", "(func, arguments, /)", |vm: &mut Vm, function: Value, arguments: Value| {
        call_address(vm, function, arguments)
    })
    .doc("Calls the function at an address."),
    method("call_cdeclfunction", "(func, arguments, /)", |vm: &mut Vm, function: Value, arguments: Value| {
        call_address(vm, function, arguments)
    })
    .doc("Calls the function at an address."),
    method("buffer_info", "(obj, /)", |vm: &mut Vm, object: Value| {
        let Some(info) = info_of(vm, object) else {
            return Err(vm.raise_type("not a ctypes type or object"));
        };
        let (shape, format) = data::shape_and_format(vm, info);
        let lens = vm.new_list(&[])?;
        for &len in &shape {
            let len = vm.new_int_from_usize(len);
            vm.list_push(lens.as_ptr(), len)?;
        }
        let (lens, format) = (vm.collect_tuple(lens)?, vm.new_str(&format));
        Ok(vm.new_tuple(&[format, Value::small_int(shape.len() as i64), lens]))
    })
    .doc("The format, the number of dimensions and the shape of a class's instances as buffers."),
    method("PyObj_FromPtr", "(address, /)", internals::object_at).doc("The object that is at an address."),
    method("Py_INCREF", "(obj, /)", |object: Value| object).doc("Nothing here: objects are not counted."),
    method("Py_DECREF", "(obj, /)", |object: Value| object).doc("Nothing here: objects are not counted."),
    method("_unpickle", "(type, state, /)", pickle::unpickle).doc("An object of a type with a state."),
];

/// That of an object, or of a class.
fn info_of(vm: &Vm, object: Value) -> Option<This<Info>> {
    match This::<CData>::of(vm, object) {
        Some(data) => Some(CData::info(vm, data)),
        None => Info::of_class(vm, object),
    }
}

fn resize(vm: &mut Vm, object: Value, size: Index) -> PyResult<()> {
    let Some(data) = This::<CData>::of(vm, object) else {
        let message = format!("resize() argument 1 must be _ctypes._CData, not {}", vm.class_name(object));
        return Err(vm.raise_type(&message));
    };
    let least = CData::info(vm, data).size;
    if size.0 < least as i64 {
        return Err(vm.raise_value(&format!("minimum size is {least}")));
    }
    if !data.owns_memory() {
        return Err(vm.raise_value("Memory cannot be resized because this object doesn't own it"));
    }
    CData::resize(vm, data, size.0 as usize)
}

fn address_of(vm: &mut Vm, value: Value) -> PyResult<usize> {
    if !vm.is_int_like(value) {
        return Err(vm.raise_type("an integer is required"));
    }
    integer_bits(vm, value).map(|bits| bits as usize)
}

/// OSError in the loader's words.
fn raise_loader(vm: &mut Vm, message: &[u8]) -> Raised {
    let text = String::from_utf8_lossy(message);
    vm.raise(vm.exceptions.OSError, &text)
}

fn open(vm: &mut Vm, name: Value, mode: Option<i32>) -> PyResult {
    let path: Option<CString> = if name.is_none() { None } else { Some(vm.fs_c_string(name)?) };
    vm.audit("ctypes.dlopen", |vm| vm.new_tuple(&[name]))?;
    let mode = mode.unwrap_or(libc::RTLD_NOW) | libc::RTLD_NOW;
    match vm.go_outside(false, || library::open(path.as_deref(), mode)) {
        Ok(handle) => Ok(vm.new_int_from_usize(handle)),
        Err(message) => Err(raise_loader(vm, &message)),
    }
}

fn call_address(vm: &mut Vm, function: Value, arguments: Value) -> PyResult {
    let function = address_of(vm, function)?;
    let Some(items) = This::<TupleObject>::of(vm, arguments).map(This::kept_items) else {
        let message = format!("argument 2 must be tuple, not {}", vm.class_name(arguments));
        return Err(vm.raise_type(&message));
    };
    vm.audit("ctypes.call_function", |vm| {
        let function = vm.new_int_from_usize(function);
        vm.new_tuple(&[function, arguments])
    })?;
    let mut outgoing = Outgoing::new();
    for (index, &item) in items.iter().enumerate() {
        outgoing.push_argument(vm, None, item, index)?;
    }
    outgoing.make(vm, function, 0, Value::UNBOUND)
}
