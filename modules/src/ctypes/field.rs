//! `CField`: a structure's field, as a descriptor.

use super::class;
use super::code::Bits;
use super::data::{self, CData};
use super::info::{Info, Kind};
use super::raw;
use stitch_runtime::object::argument::{ClassOf, Index, OrNone, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{BytesObject, TypeObject};
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Field {
    header: Header,
    pub name: Value,
    pub class: Value,
    pub offset: usize,
    pub size: usize,
    pub index: usize,
    pub bits: Option<Bits>,
    pub is_anonymous: bool,
    /// An array of characters or wide characters: it is read and written as a string.
    text: Option<char>,
}

pub static FIELD: TypeSpec = TypeSpec {
    name: "CField",
    module: "ctypes",
    doc: "A field of a structure or union.",
    layout: Some(Layout::of::<Field>(2)),
    slots: Slots { repr: Some(write_repr), get: Some(get), set: Some(set), ..Slots::NONE },
    new: Some(
        method(
            "__new__",
            "($type, /, *, name, type, byte_size, byte_offset, index, _internal_use, bit_size=None, bit_offset=None)",
            new,
        )
        .doc("A new field."),
    ),
    getters: &[
        field("name", |this: This<Field>| this.name).doc("The name."),
        field("type", |this: This<Field>| this.class).doc("The type."),
        field("size", size).doc("The bytes that it takes; of a bit field, its bits and where they begin."),
        field("offset", |this: This<Field>| this.offset).doc("How many bytes from the beginning it is."),
        field("byte_size", |this: This<Field>| this.size)
            .doc("The bytes that it takes, those of its unit if it is a bit field."),
        field("byte_offset", |this: This<Field>| this.offset).doc("How many bytes from the beginning it is."),
        field("bit_size", |vm: &mut Vm, this: This<Field>| {
            vm.new_int_from_i128(this.bits.map_or(this.size as i128 * 8, |bits| bits.count as i128))
        })
        .doc("The bits that it takes."),
        field("bit_offset", |this: This<Field>| this.bits.map_or(0, |bits| bits.shift))
            .doc("How many bits from the beginning of its unit it is."),
        field("is_bitfield", |this: This<Field>| Value::bool(this.bits.is_some())).doc("Is it a bit field?"),
        field("is_anonymous", |this: This<Field>| Value::bool(this.is_anonymous))
            .doc("Are its fields the structure's, too?"),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Field {
    const SPEC: &'static TypeSpec = &FIELD;
}

impl Field {
    /// A copy that lies in an outer structure.
    pub fn moved(vm: &mut Vm, this: This<Field>, offset: usize, index: usize) -> PyResult<Value> {
        let class = vm.type_of_spec(&FIELD);
        vm.new_object(class, |header| Field {
            header,
            name: this.name,
            class: this.class,
            offset: this.offset + offset,
            size: this.size,
            index: this.index + index,
            bits: this.bits,
            is_anonymous: this.is_anonymous,
            text: this.text,
        })
    }
}

#[expect(clippy::too_many_arguments, reason = "they are named where it is called")]
fn new(
    vm: &mut Vm,
    class: ClassOf<Field>,
    name: Str,
    ty: Value,
    size: Index,
    offset: Index,
    index: Index,
    is_internal: bool,
    n_bits: OrNone<Index>,
    first_bit: OrNone<Index>,
) -> PyResult {
    if !is_internal {
        return Err(vm.raise_type("CField is not intended to be used directly; use _fields_ instead"));
    }
    if size.0 < 0 {
        return Err(vm.raise_value(&format!(
            "byte size of field '{}' must not be negative, got {}",
            name.text(),
            size.0
        )));
    }
    let Some(info) = Info::of_class(vm, ty) else {
        let shown = vm.repr_string(ty)?;
        return Err(vm.raise_type(&format!("type of field '{}' must be a C type, not {shown}", name.text())));
    };
    if info.size != size.0 as usize {
        let message =
            format!("byte size of field '{}' ({}) does not match type size ({})", name.text(), size.0, info.size);
        return Err(vm.raise_value(&message));
    }
    let bits = match n_bits.0 {
        None => None,
        Some(n_bits) => Some(bits_of(vm, name, ty, info, n_bits.0, first_bit.0.map_or(0, |bit| bit.0))?),
    };
    let text = match info.kind {
        Kind::Array if bits.is_none() => Info::of_class(vm, info.item)
            .and_then(|item| item.code)
            .map(|code| code.letter)
            .filter(|letter| "cu".contains(*letter)),
        _ => None,
    };
    let name = vm.intern_value(name.value());
    vm.new_object(class.class, |header| Field {
        header,
        name,
        class: ty,
        offset: offset.0 as usize,
        size: size.0 as usize,
        index: index.0 as usize,
        bits,
        is_anonymous: false,
        text,
    })
}

fn bits_of(vm: &mut Vm, name: Str, ty: Value, info: This<Info>, count: i64, shift: i64) -> PyResult<Bits> {
    if !info.code.is_some_and(super::code::Code::can_have_bits) {
        let shown = vm.type_name(ty.as_ptr());
        return Err(vm.raise_type(&format!("bit fields not allowed for type {shown}")));
    }
    let n_all = info.size as i64 * 8;
    if count <= 0 || count > n_all {
        return Err(vm.raise_value(&format!("number of bits invalid for bit field '{}'", name.text())));
    }
    if shift < 0 || shift + count > n_all {
        let message = format!("bit field '{}' overflows its type ({shift} + {count} > {n_all})", name.text());
        return Err(vm.raise_value(&message));
    }
    Ok(Bits { shift: shift as usize, count: count as usize })
}

/// Of a bit field the number that has both its bits and its shift, as ever.
fn size(this: This<Field>) -> i64 {
    this.bits.map_or(this.size as i64, |bits| (bits.count << 16 | bits.shift) as i64)
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let this = This::<Field>::expect(vm, value);
    let (name, class) = (vm.repr_string(this.name)?, data::name_of(vm, this.class));
    let place = match this.bits {
        Some(bits) => format!("ofs={}, bit_size={}, bit_offset={}", this.offset, bits.count, bits.shift),
        None => format!("ofs={}, size={}", this.offset, this.size),
    };
    let anonymous = if this.is_anonymous { ", anonymous" } else { "" };
    out.push_str(&format!("<ctypes.CField {name} type={class}, {place}{anonymous}>"));
    Ok(())
}

/// The data that a field is read from or written to.
fn owner_of(vm: &mut Vm, owner: Value) -> PyResult<This<CData>> {
    This::of(vm, owner).ok_or_else(|| vm.raise_type("not a ctype instance"))
}

fn get(vm: &mut Vm, field: Value, owner: Value, _: *mut TypeObject) -> PyResult {
    if owner.is_unbound() || owner.is_none() {
        return Ok(field);
    }
    let this = This::<Field>::expect(vm, field);
    let data = owner_of(vm, owner)?;
    let address = data.address.wrapping_add(this.offset);
    if let Some(bits) = this.bits {
        let info = Info::expect_of(vm, this.class)?;
        let code = info.code.expect("bit fields are of simple types");
        return Ok(code.load_bits(vm, address, info.is_swapped, bits));
    }
    match this.text {
        Some('c') => load_text(vm, address, this.size),
        Some(_) => load_wide_text(vm, address, this.size / 4),
        None => data::get(vm, this.class, data, this.index, address),
    }
}

fn set(vm: &mut Vm, field: Value, owner: Value, value: Option<Value>) -> PyResult<()> {
    let this = This::<Field>::expect(vm, field);
    let data = owner_of(vm, owner)?;
    let Some(value) = value else { return Err(vm.raise_type("can't delete attribute")) };
    let address = data.address.wrapping_add(this.offset);
    if let Some(bits) = this.bits {
        let info = Info::expect_of(vm, this.class)?;
        let code = info.code.expect("bit fields are of simple types");
        return code.store_bits(vm, address, value, info.is_swapped, bits);
    }
    match this.text {
        Some('c') if This::<CData>::of(vm, value).is_none() => store_text(vm, address, this.size, value),
        Some('u') if This::<CData>::of(vm, value).is_none() => store_wide_text(vm, address, this.size / 4, value),
        _ => data::set(vm, this.class, data, this.index, address, value),
    }
}

/// The bytes up to a NUL.
pub fn load_text(vm: &mut Vm, address: usize, len: usize) -> PyResult {
    let bytes = raw::bytes(address, len);
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(len);
    vm.new_bytes(&bytes[..end])
}

/// The wide characters up to a NUL.
pub fn load_wide_text(vm: &mut Vm, address: usize, len: usize) -> PyResult {
    let end = (0..len).find(|i| raw::read::<u32>(address + 4 * i) == 0).unwrap_or(len);
    raw::wide_string(vm, address, end)
}

fn store_text(vm: &mut Vm, address: usize, room: usize, value: Value) -> PyResult<()> {
    let Some(bytes) = This::<BytesObject>::of(vm, value) else {
        let message = format!("expected bytes, {} found", vm.class_name(value));
        return Err(vm.raise_type(&message));
    };
    let data = bytes.data();
    let len = data.iter().position(|&byte| byte == 0).unwrap_or(data.len());
    if len > room {
        return Err(vm.raise_value(&format!("bytes too long ({len}, maximum length {room})")));
    }
    raw::copy(address, bytes.data().as_ptr() as usize, len);
    if len < room {
        raw::write(address + len, 0u8);
    }
    Ok(())
}

/// Writes a str into room for so many wide characters.
fn store_wide_text(vm: &mut Vm, address: usize, room: usize, value: Value) -> PyResult<()> {
    let Some(text) = Str::of(vm, value) else {
        let message = format!("unicode string expected instead of {} instance", vm.class_name(value));
        return Err(vm.raise_type(&message));
    };
    let len = text.view().len();
    if len > room {
        return Err(vm.raise_value(&format!("string too long ({len}, maximum length {room})")));
    }
    for (i, point) in text.view().code_points().enumerate() {
        raw::write(address + 4 * i, point);
    }
    if len < room {
        raw::write(address + 4 * len, 0u32);
    }
    Ok(())
}

/// Has every field of the inner structure be one of the outer class, too.
pub fn add_inner(vm: &mut Vm, outer: Value, inner: This<Field>, index: usize, offset: usize) -> PyResult<()> {
    vm.check_native_stack()?;
    let Some(fields) = class::attribute(vm, inner.class, "_fields_")? else {
        return Err(vm.raise_attribute("_fields_"));
    };
    let fields = vm.collect(fields)?;
    let mut i = 0;
    while let Some(&pair) = This::<stitch_runtime::object::layout::ListObject>::expect(vm, fields).items().get(i) {
        i += 1;
        let name = vm.get_item(pair, Value::small_int(0))?;
        let found = vm.get_attr(inner.class, name)?;
        let Some(found) = This::<Field>::of(vm, found) else {
            return Err(vm.raise_type("unexpected type"));
        };
        if found.is_anonymous {
            add_inner(vm, outer, found, index + found.index, offset + found.offset)?;
            continue;
        }
        let copy = Field::moved(vm, found, offset, index)?;
        let name = vm.intern_value(name);
        vm.set_attr(outer, name, copy)?;
    }
    Ok(())
}
