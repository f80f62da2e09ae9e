//! `ZstdDict`, and how compressors and decompressors use one.

use super::error::raise;
use std::ffi::c_void;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{BytesObject, TupleObject};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};
use zstd_sys as z;

#[repr(C)]
pub struct ZstdDict {
    header: Header,
    /// Bytes.
    content: Value,
    id: u32,
}

type ThisDict = This<ZstdDict>;

/// How it is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    Digested,
    Undigested,
    Prefix,
}

pub static ZSTD_DICT: TypeSpec = TypeSpec {
    name: "ZstdDict",
    module: "compression.zstd",
    doc: "What data may have in common with other data.",
    layout: Some(Layout::of::<ZstdDict>(1)),
    slots: Slots {
        len: slot(|vm: &mut Vm, this: ThisDict| Ok(this.bytes(vm).len())),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: ThisDict| {
            out.push_str(&format!("<ZstdDict dict_id={} dict_size={}>", this.id, this.bytes(vm).len()));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, dict_content, /, *, is_raw=False)",
            |vm: &mut Vm, class: ClassOf<ZstdDict>, content: Value, is_raw: Option<bool>| -> PyResult {
                let data = BytesLike::of(vm, content)?;
                if data.len() < 8 {
                    let message = "Zstandard dictionary content too short (must have at least eight bytes)";
                    return Err(vm.raise_value(message));
                }
                // SAFETY: so many bytes.
                let id = unsafe { z::ZSTD_getDictID_fromDict(data.as_ptr().cast(), data.len()) };
                if !is_raw.unwrap_or(false) && id == 0 {
                    return Err(vm.raise_value("invalid Zstandard dictionary"));
                }
                let content = vm.new_bytes(&data)?;
                vm.new_object(class.class, |header| ZstdDict { header, content, id })
            },
        )
        .doc("A dictionary of bytes; is_raw: they need not be in zstd's form."),
    ),
    getters: &[
        field("dict_content", |this: ThisDict| this.content).doc("Its bytes."),
        field("dict_id", |this: ThisDict| i64::from(this.id)).doc("Its number; 0: it has none."),
        field("as_digested_dict", |vm: &mut Vm, this: ThisDict| used(vm, this, Use::Digested))
            .doc("To be used as it was made ready once, whatever the parameters are."),
        field("as_undigested_dict", |vm: &mut Vm, this: ThisDict| used(vm, this, Use::Undigested))
            .doc("To be made ready for the parameters each time."),
        field("as_prefix", |vm: &mut Vm, this: ThisDict| used(vm, this, Use::Prefix))
            .doc("To be used as what comes before the data, for one frame."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for ZstdDict {
    const SPEC: &'static TypeSpec = &ZSTD_DICT;
}

fn used(vm: &mut Vm, this: ThisDict, how: Use) -> Value {
    vm.new_tuple(&[this.value(), Value::small_int(how as i64)])
}

impl ZstdDict {
    /// Its bytes, which do not move while it is alive.
    pub fn bytes<'a>(&self, vm: &Vm) -> &'a [u8] {
        let bytes: *const BytesObject = This::<BytesObject>::expect(vm, self.content).pointer();
        // SAFETY: bytes do not change; the dictionary keeps them, and callers keep that.
        unsafe { (*bytes).data() }
    }
}

fn raise_wanted(vm: &mut Vm) -> Raised {
    vm.raise_type("zstd_dict argument should be a ZstdDict object.")
}

/// The dictionary that an argument is, and how it is to be used.
pub fn of_argument(vm: &mut Vm, argument: Value, default: Use) -> PyResult<(ThisDict, Use)> {
    if let Some(dictionary) = ThisDict::of(vm, argument) {
        return Ok((dictionary, default));
    }
    if !vm.is_a::<TupleObject>(argument) {
        return Err(raise_wanted(vm));
    }
    let &[dictionary, how] = vm.tuple_items(argument) else { return Err(raise_wanted(vm)) };
    let Some(dictionary) = ThisDict::of(vm, dictionary) else { return Err(raise_wanted(vm)) };
    if !vm.is_int_like(how) {
        return Err(raise_wanted(vm));
    }
    let how = match vm.c_int(how)? {
        0 => Use::Digested,
        1 => Use::Undigested,
        2 => Use::Prefix,
        _ => return Err(raise_wanted(vm)),
    };
    Ok((dictionary, how))
}

/// A dictionary made ready to compress at a level.
pub struct Digested(pub *mut z::ZSTD_CDict);

impl Digested {
    pub fn new(vm: &mut Vm, data: &[u8], level: i32) -> PyResult<Digested> {
        // SAFETY: so many bytes, which are copied.
        let made = unsafe { z::ZSTD_createCDict(data.as_ptr().cast::<c_void>(), data.len(), level) };
        if made.is_null() {
            let message = "Failed to create a ZSTD_CDict instance from Zstandard dictionary content.";
            return Err(raise(vm, message));
        }
        Ok(Digested(made))
    }
}

impl Drop for Digested {
    fn drop(&mut self) {
        // SAFETY: made once, and given back once, behind what used it.
        unsafe { z::ZSTD_freeCDict(self.0) };
    }
}

/// A dictionary made ready to decompress.
pub struct Ready(pub *mut z::ZSTD_DDict);

impl Ready {
    pub fn new(vm: &mut Vm, data: &[u8]) -> PyResult<Ready> {
        // SAFETY: so many bytes, which are copied.
        let made = unsafe { z::ZSTD_createDDict(data.as_ptr().cast::<c_void>(), data.len()) };
        if made.is_null() {
            let message = "Failed to create a ZSTD_DDict instance from Zstandard dictionary content.";
            return Err(raise(vm, message));
        }
        Ok(Ready(made))
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        // SAFETY: made once, and given back once, behind what used it.
        unsafe { z::ZSTD_freeDDict(self.0) };
    }
}
