//! The metaclasses: what is done with a class of C data itself.

use super::array;
use super::data::CData;
use super::info::Info;
use super::parameter;
use std::ffi::CString;
use stitch_runtime::builtins::types::TYPE;
use stitch_runtime::host::library;
use stitch_runtime::object::argument::{Index, Str, This, method};
use stitch_runtime::object::buffer::{BytesLike, Request};
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

pub static CTYPE: TypeSpec = TypeSpec {
    name: "CType_Type",
    module: "_ctypes",
    doc: "The class of classes of C data.",
    base: Some(&TYPE),
    is_base: true,
    slots: Slots { repeat: Some(array::class_of_items), ..Slots::NONE },
    methods: &[method("__sizeof__", "($self, /)", |_: This<TypeObject>| size_of::<TypeObject>() + size_of::<Info>())
        .doc("How many bytes of memory the class takes.")],
    getters: &[field("__pointer_type__", pointer_type)
        .set_by(set_pointer_type)
        .doc("The class of pointers to instances.")],
    ..TypeSpec::NEW
};

/// What each of the metaclasses has.
pub const METHODS: [NativeRow; 5] = [
    method("from_param", "($self, value, /)", |vm: &mut Vm, class: This<TypeObject>, value: Value| {
        parameter::from_param(vm, class.value(), value)
    })
    .doc("What a function gets for a value where it takes the type."),
    method("from_address", "($self, value, /)", from_address).doc("The instance that lies at an address."),
    method("from_buffer", "($self, obj, offset=0, /)", from_buffer).doc("An instance in the memory of another object."),
    method("from_buffer_copy", "($self, buffer, offset=0, /)", from_buffer_copy)
        .doc("An instance with a copy of another object's bytes."),
    method("in_dll", "($self, dll, name, /)", in_dll).doc("The instance that a library has under a name."),
];

pub static SIMPLE_TYPE: TypeSpec =
    metaclass("PyCSimpleType", "The class of simple types.", super::simple::CLASS_METHODS);
pub static STRUCTURE_TYPE: TypeSpec = TypeSpec {
    slots: Slots { set_attribute: Some(super::structure::set_class_attribute), ..Slots::NONE },
    ..metaclass("PyCStructType", "The class of structures.", super::structure::CLASS_METHODS)
};
pub static UNION_TYPE: TypeSpec = TypeSpec {
    slots: Slots { set_attribute: Some(super::structure::set_class_attribute), ..Slots::NONE },
    ..metaclass("UnionType", "The class of unions.", super::structure::UNION_CLASS_METHODS)
};
pub static ARRAY_TYPE: TypeSpec = metaclass("PyCArrayType", "The class of arrays.", array::CLASS_METHODS);
pub static POINTER_TYPE: TypeSpec =
    metaclass("PyCPointerType", "The class of pointers.", super::pointer::CLASS_METHODS);
pub static FUNCTION_TYPE: TypeSpec =
    metaclass("PyCFuncPtrType", "The class of functions.", super::prototype::CLASS_METHODS);

const fn metaclass(name: &'static str, doc: &'static str, methods: &'static [NativeRow]) -> TypeSpec {
    TypeSpec { name, module: "_ctypes", doc, base: Some(&CTYPE), is_base: true, methods, ..TypeSpec::NEW }
}

fn pointer_type(vm: &mut Vm, class: This<TypeObject>) -> PyResult {
    let found = Info::of_class(vm, class.value()).map(|info| info.pointer_type).filter(|found| !found.is_unbound());
    found.ok_or_else(|| match vm.repr_string(class.value()) {
        Ok(shown) => vm.raise_attribute(&format!("{shown} has no attribute '__pointer_type__'")),
        Err(raised) => raised,
    })
}

fn set_pointer_type(vm: &mut Vm, class: This<TypeObject>, given: Option<Value>) -> PyResult<()> {
    let mut info = Info::expect_of(vm, class.value())?;
    info.pointer_type = given.unwrap_or(Value::UNBOUND);
    vm.barrier(info.pointer());
    Ok(())
}

fn from_address(vm: &mut Vm, class: This<TypeObject>, address: Value) -> PyResult {
    if !vm.is_int_like(address) {
        return Err(vm.raise_type("integer expected"));
    }
    let address = super::code::integer_bits(vm, address)?;
    Ok(CData::at_address(vm, class.value(), address as usize)?.value())
}

/// Checks that so many bytes hold an instance that begins at the offset.
fn check_room(vm: &mut Vm, info: This<Info>, len: usize, offset: i64) -> PyResult<usize> {
    let Ok(offset) = usize::try_from(offset) else {
        return Err(vm.raise_value("offset cannot be negative"));
    };
    if offset > len || info.size > len - offset {
        let wanted = offset.saturating_add(info.size);
        return Err(vm.raise_value(&format!("Buffer size too small ({len} instead of at least {wanted} bytes)")));
    }
    Ok(offset)
}

fn from_buffer(vm: &mut Vm, class: This<TypeObject>, object: Value, offset: Option<Index>) -> PyResult {
    let info = Info::expect_of(vm, class.value())?;
    if !vm.is_bytes_like(object) {
        let message = format!("memoryview: a bytes-like object is required, not '{}'", vm.class_name(object));
        return Err(vm.raise_type(&message));
    }
    let view = vm.new_memory_view(object)?;
    let export = vm.export(view, Request::FULL)?;
    let (is_readonly, is_contiguous) = (export.is_readonly, export.is_c_contiguous());
    let (data, len) = (export.data as usize, export.len_bytes);
    drop(export);
    if is_readonly {
        return Err(vm.raise_type("underlying buffer is not writable"));
    }
    if !is_contiguous {
        return Err(vm.raise_type("underlying buffer is not C contiguous"));
    }
    let offset = check_room(vm, info, len, offset.map_or(0, |offset| offset.0))?;
    vm.audit("ctypes.cdata/buffer", |vm| {
        let (len, offset) = (vm.new_int_from_usize(len), vm.new_int_from_usize(offset));
        {
            let data = vm.new_int_from_usize(data);
            vm.new_tuple(&[data, len, offset])
        }
    })?;
    let this = CData::at_address(vm, class.value(), data + offset)?;
    CData::keep_whole(vm, this, view)?;
    Ok(this.value())
}

fn from_buffer_copy(vm: &mut Vm, class: This<TypeObject>, bytes: BytesLike, offset: Option<Index>) -> PyResult {
    let info = Info::expect_of(vm, class.value())?;
    let offset = check_room(vm, info, bytes.len(), offset.map_or(0, |offset| offset.0))?;
    Ok(CData::copy_of(vm, class.value(), bytes.as_ptr() as usize + offset)?.value())
}

/// The handle of a library object.
pub fn handle_of(vm: &mut Vm, dll: Value) -> PyResult<usize> {
    let name = vm.intern("_handle");
    let handle = vm.get_attr(dll, name)?;
    if !vm.is_int_like(handle) {
        return Err(vm.raise_type("the _handle attribute of the second argument must be an integer"));
    }
    super::code::integer_bits(vm, handle).map(|handle| handle as usize)
}

/// The address of what a library has under a name, or what the loader says.
pub fn find_symbol(vm: &mut Vm, handle: usize, name: Str) -> PyResult<Result<usize, Vec<u8>>> {
    let Ok(name) = CString::new(name.view().to_wtf8()) else {
        return Err(vm.raise_value("embedded null character"));
    };
    // SAFETY: the program says that the handle is one.
    Ok(unsafe { library::symbol(handle, &name) })
}

fn in_dll(vm: &mut Vm, class: This<TypeObject>, dll: Value, name: Str) -> PyResult {
    vm.audit("ctypes.dlsym", |vm| vm.new_tuple(&[dll, name.value()]))?;
    let handle = handle_of(vm, dll)?;
    match find_symbol(vm, handle, name)? {
        Ok(address) => Ok(CData::at_address(vm, class.value(), address)?.value()),
        Err(message) => {
            let message = if message.is_empty() {
                format!("symbol '{}' not found", name.text())
            } else {
                String::from_utf8_lossy(&message).into_owned()
            };
            Err(vm.raise_value(&message))
        }
    }
}

/// An attribute that stands in the class itself.
pub fn own_attribute(vm: &mut Vm, class: Value, name: &str) -> Option<Value> {
    let name = vm.intern(name);
    let dict = stitch_runtime::object::class::class_ref(class.as_ptr()).dict;
    vm.dict_get_name(dict, name)
}

/// An attribute of a class, looked for in its bases as well.
pub fn attribute(vm: &mut Vm, class: Value, name: &str) -> PyResult<Option<Value>> {
    let name = vm.intern(name);
    vm.get_attr_opt(class, name)
}
