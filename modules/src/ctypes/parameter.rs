//! What a function gets for a value: `from_param` of each kind of class, and `CArgObject`, which `byref` gives, too.

use super::data::{self, CData};
use super::info::{self, Info, Kind};
use super::pointer::points_to;
use super::raw;
use stitch_runtime::object::argument::{Index, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

/// A value on its way to a function.
#[repr(C)]
pub struct Argument {
    header: Header,
    /// What it was made of; it is kept alive by this.
    pub object: Value,
    /// What is kept alive besides.
    kept: Value,
    /// The class that it is a value of; unbound: it is an address.
    pub class: Value,
    pub words: [u64; 4],
}

pub static ARGUMENT: TypeSpec = TypeSpec {
    name: "CArgObject",
    module: "_ctypes",
    doc: "A value as a function gets it.",
    layout: Some(Layout::of::<Argument>(3)),
    slots: Slots { repr: Some(write_repr), ..Slots::NONE },
    getters: &[field("_obj", |this: This<Argument>| this.object).doc("What it was made of.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Argument {
    const SPEC: &'static TypeSpec = &ARGUMENT;
}

impl Argument {
    /// An address in an object.
    fn address(vm: &mut Vm, object: Value, kept: Value, address: usize) -> PyResult {
        let class = vm.type_of_spec(&ARGUMENT);
        let words = [address as u64, 0, 0, 0];
        vm.new_object(class, |header| Argument { header, object, kept, class: Value::UNBOUND, words })
    }

    /// A value of a simple class.
    fn simple(vm: &mut Vm, class: Value, info: This<Info>, object: Value) -> PyResult {
        let mut words = [0u64; 4];
        let kept = info::store(vm, info, words.as_mut_ptr() as usize, object)?;
        let own = vm.type_of_spec(&ARGUMENT);
        vm.new_object(own, |header| Argument { header, object, kept, class, words })
    }
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let this = This::<Argument>::expect(vm, value);
    let code = Info::of_class(vm, this.class).and_then(|info| info.code);
    let (letter, shown) = match code {
        Some(code) if code.letter == 'c' => {
            let byte = this.words[0] as u8;
            let plain = (b' '..0x7F).contains(&byte) && byte != b'\'' && byte != b'\\';
            ('c', if plain { format!("'{}'", char::from(byte)) } else { format!("'\\x{byte:02x}'") })
        }
        Some(code) if code.is_shown_as_number() => {
            let value = code.load(vm, this.words.as_ptr() as usize, false)?;
            (code.letter, vm.repr_string(value)?)
        }
        Some(code) if !code.is_pointer() || code.letter == 'O' => {
            out.push_str(&format!("<cparam '{}' at {:#x}>", code.letter, value.0));
            return Ok(());
        }
        Some(code) => (code.letter, format!("{:#x}", this.words[0])),
        None => ('P', format!("{:#x}", this.words[0])),
    };
    out.push_str(&format!("<cparam '{letter}' ({shown})>"));
    Ok(())
}

pub const BYREF: NativeRow =
    method("byref", "(obj, offset=0, /)", |vm: &mut Vm, object: Value, offset: Option<Index>| match This::<CData>::of(
        vm, object,
    ) {
        Some(data) => byref(vm, data, offset.map_or(0, |offset| offset.0)),
        None => {
            let message = format!("byref() argument 1 must be _ctypes._CData, not {}", vm.class_name(object));
            Err(vm.raise_type(&message))
        }
    })
    .doc("The address of an object's memory, for a function.");

fn byref(vm: &mut Vm, data: This<CData>, offset: i64) -> PyResult {
    Argument::address(vm, data.value(), Value::UNBOUND, data.address.wrapping_add(offset as usize))
}

/// `class.from_param(value)`, where the class has no such method of its own.
pub fn from_param(vm: &mut Vm, class: Value, value: Value) -> PyResult {
    let info = Info::expect_of(vm, class)?;
    if vm.is_instance(value, class.as_ptr()) {
        return Ok(value);
    }
    match info.kind {
        Kind::Simple => match info.code.map_or(' ', |code| code.letter) {
            'z' => string(vm, class, value, false),
            'Z' => string(vm, class, value, true),
            'P' => void_pointer(vm, class, value),
            _ => number(vm, class, info, value),
        },
        Kind::Pointer => pointer(vm, class, info, value),
        _ => instance(vm, class, value),
    }
}

/// The `_as_parameter_` of a value.
pub fn as_parameter(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    vm.check_native_stack()?;
    let name = vm.intern("_as_parameter_");
    vm.get_attr_opt(value, name)
}

fn number(vm: &mut Vm, class: Value, info: This<Info>, value: Value) -> PyResult {
    if let Ok(argument) = Argument::simple(vm, class, info, value) {
        return Ok(argument);
    }
    let exception = vm.take_exception();
    match as_parameter(vm, value)? {
        Some(inner) => from_param(vm, class, inner),
        None => Err(vm.raise_value_object(exception)),
    }
}

/// TypeError where a value is nothing that a class takes, and has no `_as_parameter_`.
fn by_attribute(vm: &mut Vm, class: Value, value: Value) -> PyResult {
    if let Some(inner) = as_parameter(vm, value)? {
        return from_param(vm, class, inner);
    }
    let (given, wanted) = (vm.class_name(value), data::name_of(vm, class));
    Err(vm.raise_type(&format!("'{given}' object cannot be interpreted as ctypes.{wanted}")))
}

fn string(vm: &mut Vm, class: Value, value: Value, is_wide: bool) -> PyResult {
    if value.is_none() {
        return Ok(value);
    }
    let is_text = if is_wide { vm.is_str(value) } else { vm.is_a::<BytesObject>(value) };
    if is_text {
        let info = Info::expect_of(vm, class)?;
        return Argument::simple(vm, class, info, value);
    }
    let letter = if is_wide { 'u' } else { 'c' };
    let is_of_characters = |vm: &Vm, data: This<CData>, is_referred_to: bool| {
        let info = CData::info(vm, data);
        if is_referred_to && info.is_simple(letter) {
            return true;
        }
        let is_address = matches!(info.kind, Kind::Array | Kind::Pointer);
        is_address && Info::of_class(vm, info.item).is_some_and(|item| item.is_simple(letter))
    };
    if let Some(data) = This::<CData>::of(vm, value)
        && is_of_characters(vm, data, false)
    {
        return Ok(value);
    }
    if let Some(argument) = This::<Argument>::of(vm, value)
        && let Some(data) = This::<CData>::of(vm, argument.object)
        && is_of_characters(vm, data, true)
    {
        return Ok(value);
    }
    by_attribute(vm, class, value)
}

fn void_pointer(vm: &mut Vm, class: Value, value: Value) -> PyResult {
    if value.is_none() || This::<Argument>::of(vm, value).is_some_and(|argument| is_address(vm, argument)) {
        return Ok(value);
    }
    if vm.is_int_like(value) {
        let info = Info::expect_of(vm, class)?;
        return Argument::simple(vm, class, info, value);
    }
    if let Some(bytes) = This::<BytesObject>::of(vm, value) {
        let (address, kept) = raw::terminated(vm, bytes)?;
        return Argument::address(vm, value, kept, address);
    }
    if let Some(text) = Str::of(vm, value) {
        let (address, kept) = raw::terminated_wide(vm, text)?;
        return Argument::address(vm, value, kept, address);
    }
    if let Some(data) = This::<CData>::of(vm, value) {
        let info = CData::info(vm, data);
        match info.kind {
            Kind::Array | Kind::Pointer => return Ok(value),
            Kind::Function => return Argument::address(vm, value, Value::UNBOUND, data.pointer_in()),
            Kind::Simple if info.is_simple('z') || info.is_simple('Z') => {
                return Argument::address(vm, value, Value::UNBOUND, data.pointer_in());
            }
            _ => {}
        }
    }
    by_attribute(vm, class, value)
}

fn is_address(vm: &Vm, argument: This<Argument>) -> bool {
    argument.class.is_unbound()
        || Info::of_class(vm, argument.class).and_then(|info| info.code).is_some_and(super::code::Code::is_pointer)
}

fn pointer(vm: &mut Vm, class: Value, info: This<Info>, value: Value) -> PyResult {
    if value.is_none() {
        return Ok(value);
    }
    let target = info.item;
    if target.is_unbound() {
        return Err(vm.raise_type("abstract class"));
    }
    if let Some(data) = This::<CData>::of(vm, value) {
        if vm.is_instance(value, target.as_ptr()) {
            return byref(vm, data, 0);
        }
        let given = CData::info(vm, data);
        if points_to(vm, given, target) {
            return Ok(value);
        }
    }
    if let Some(argument) = This::<Argument>::of(vm, value)
        && argument.object.is_object()
        && vm.is_instance(argument.object, target.as_ptr())
    {
        return Ok(value);
    }
    instance(vm, class, value)
}

fn instance(vm: &mut Vm, class: Value, value: Value) -> PyResult {
    let wanted = data::name_of(vm, class);
    if let Some(argument) = This::<Argument>::of(vm, value) {
        if vm.is_instance(argument.object, class.as_ptr()) {
            return Ok(value);
        }
        let given = vm.class_name(argument.object);
        return Err(vm.raise_type(&format!("expected {wanted} instance instead of pointer to {given}")));
    }
    if let Some(inner) = as_parameter(vm, value)? {
        return from_param(vm, class, inner);
    }
    let given = vm.class_name(value);
    Err(vm.raise_type(&format!("expected {wanted} instance instead of {given}")))
}
