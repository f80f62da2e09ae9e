//! `_struct`: numbers and bytes in the memory layouts of C, under the module `struct`.

mod format;
mod iterator;
mod number;
mod pack;

use format::Format;
use std::collections::HashMap;
use std::rc::Rc;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::buffer::{BytesLike, WritableBytes};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, getter};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_struct",
    doc: "Python values to and from the bytes that C programs have for them.\n\nA format has a code for each value, behind a sign that tells byte order, sizes and alignment: @ native (where there\nis none), = < > ! standard.",
    functions: &[
        method("calcsize", "(format, /)", calc_size).doc("How many bytes a format has."),
        method("pack", "(format, /, *values)", |vm: &mut Vm, format: Value, values: Rest| {
            let format = format_of(vm, format)?;
            pack_values(vm, &format, values)
        })
        .doc("The bytes of values."),
        method("pack_into", "(*args)", |vm: &mut Vm, args: Rest| match args.items() {
            [] => Err(vm.raise_type("missing format argument")),
            [format, rest @ ..] => {
                let format = format_of(vm, *format)?;
                pack_into(vm, &format, rest)
            }
        })
        .doc("Writes the bytes of values into a buffer at an offset."),
        method("unpack", "(format, buffer, /)", |vm: &mut Vm, format: Value, buffer: BytesLike| {
            let format = format_of(vm, format)?;
            unpack(vm, &format, &buffer)
        })
        .doc("The values that bytes are."),
        method(
            "unpack_from",
            "(format, /, buffer, offset=0)",
            |vm: &mut Vm, format: Value, buffer: BytesLike, offset: Option<Value>| {
                let format = format_of(vm, format)?;
                unpack_from(vm, &format, &buffer, offset)
            },
        )
        .doc("The values that the bytes from an offset on are."),
        method("iter_unpack", "(format, buffer, /)", |vm: &mut Vm, format: Value, buffer: Value| {
            let format = format_of(vm, format)?;
            iterator::over(vm, format, buffer)
        })
        .doc("An iterator over the values that pieces of the bytes are."),
        method("_clearcache", "()", |vm: &mut Vm| {
            if let Some(cache) = vm.module_state::<Cache>(&MODULE) {
                cache.formats.clear();
            }
        })
        .doc("Forgets the formats that were parsed."),
    ],
    types: &[&STRUCT, &ERROR],
    state: Some(|| Box::new(Cache::default())),
    ..ModuleSpec::NEW
};

/// Formats that were parsed, by their text.
#[derive(Default)]
struct Cache {
    formats: HashMap<Vec<u8>, Rc<Format>>,
}

/// How many are kept at the most.
const MAX_CACHED: usize = 100;

impl ModuleState for Cache {}

static ERROR: TypeSpec = TypeSpec {
    name: "error",
    module: "struct",
    doc: "A format or value that does not do.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

/// Raises `struct.error`.
fn raise(vm: &mut Vm, message: &str) -> Raised {
    let class = vm.type_of_spec(&ERROR);
    vm.raise(class, message)
}

static STRUCT: TypeSpec = TypeSpec {
    name: "Struct",
    module: "_struct",
    doc: "A format that is parsed once.",
    layout: Some(Layout::of::<Struct>(1).finalized_by(|object| {
        // SAFETY: a dead struct, which has its share of the format for itself.
        unsafe { (*object.cast::<Struct>()).parsed = None };
    })),
    is_base: true,
    slots: Slots { repr: Some(write_repr), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("One without a format yet.")),
    methods: &[
        method("__init__", "($self, /, format)", init).doc("Parses the format."),
        method("pack", "($self, /, *values)", |vm: &mut Vm, this: This<Struct>, values: Rest| {
            let format = this.format(vm)?;
            pack_values(vm, &format, values)
        })
        .doc("The bytes of values."),
        method("pack_into", "($self, /, *args)", |vm: &mut Vm, this: This<Struct>, args: Rest| {
            let format = this.format(vm)?;
            pack_into(vm, &format, args.items())
        })
        .doc("Writes the bytes of values into a buffer at an offset."),
        method("unpack", "($self, buffer, /)", |vm: &mut Vm, this: This<Struct>, buffer: BytesLike| {
            let format = this.format(vm)?;
            unpack(vm, &format, &buffer)
        })
        .doc("The values that bytes are."),
        method(
            "unpack_from",
            "($self, /, buffer, offset=0)",
            |vm: &mut Vm, this: This<Struct>, buffer: BytesLike, offset: Option<Value>| {
                let format = this.format(vm)?;
                unpack_from(vm, &format, &buffer, offset)
            },
        )
        .doc("The values that the bytes from an offset on are."),
        method("iter_unpack", "($self, buffer, /)", |vm: &mut Vm, this: This<Struct>, buffer: Value| {
            let format = this.format(vm)?;
            iterator::over(vm, format, buffer)
        })
        .doc("An iterator over the values that pieces of the bytes are."),
    ],
    getters: &[
        getter("format", |vm, value| Ok(Struct::at(vm, value).text)).doc("The format."),
        getter("size", |vm, value| {
            let format = Struct::at(vm, value).format(vm)?;
            Ok(vm.new_int_from_usize(format.size))
        })
        .doc("How many bytes the format has."),
    ],
    ..TypeSpec::NEW
};

#[repr(C)]
pub struct Struct {
    header: Header,
    /// The format as a str; None before `__init__`.
    text: Value,
    parsed: Option<Rc<Format>>,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Struct {
    const SPEC: &'static TypeSpec = &STRUCT;
}

impl Struct {
    fn at(vm: &Vm, value: Value) -> This<Struct> {
        This::of(vm, value).expect("a struct's slot gets a struct")
    }
    fn format(&self, vm: &mut Vm) -> PyResult<Rc<Format>> {
        self.parsed.clone().ok_or_else(|| vm.raise_runtime("Struct object is not initialized"))
    }
}

/// The text of a format argument.
fn text_of(vm: &mut Vm, format: Value) -> PyResult<Vec<u8>> {
    if let Some(bytes) = This::<BytesObject>::of(vm, format) {
        return Ok(bytes.data().to_vec());
    }
    let Some(text) = Str::of(vm, format) else {
        let message = format!("Struct() argument 1 must be a str or bytes object, not {}", vm.class_name(format));
        return Err(vm.raise_type(&message));
    };
    if text.view().code_points().all(|point| point < 128) {
        return Ok(text.view().code_points().map(|point| point as u8).collect());
    }
    // The encoder says what it is that is not ASCII.
    let (encode, ascii) = (vm.intern("encode"), vm.intern("ascii"));
    let encoded = vm.call_method(format, encode, &[ascii])?;
    Ok(BytesLike::of(vm, encoded)?.to_vec())
}

fn parse(vm: &mut Vm, text: &[u8]) -> PyResult<Rc<Format>> {
    if text.contains(&0) {
        return Err(raise(vm, "embedded null character"));
    }
    Format::parse(text).map(Rc::new).map_err(|fault| raise(vm, fault))
}

/// The format of a function's argument, parsed or known.
fn format_of(vm: &mut Vm, format: Value) -> PyResult<Rc<Format>> {
    if let Some(this) = This::<Struct>::of(vm, format) {
        return this.format(vm);
    }
    if let Some(View::One(text)) = Str::of(vm, format).map(Str::view)
        && let Some(cache) = vm.module_state::<Cache>(&MODULE)
        && let Some(known) = cache.formats.get(text)
    {
        return Ok(known.clone());
    }
    let text = text_of(vm, format)?;
    let parsed = parse(vm, &text)?;
    if let Some(cache) = vm.module_state::<Cache>(&MODULE) {
        if cache.formats.len() >= MAX_CACHED {
            cache.formats.clear();
        }
        cache.formats.insert(text, parsed.clone());
    }
    Ok(parsed)
}

fn calc_size(vm: &mut Vm, format: Value) -> PyResult<usize> {
    Ok(format_of(vm, format)?.size)
}

fn new(vm: &mut Vm, class: ClassOf<Struct>, _: Rest, _: Keywords) -> PyResult<Value> {
    vm.new_object(class.class, |header| Struct { header, text: Value::NONE, parsed: None })
}

fn init(vm: &mut Vm, mut this: This<Struct>, format: Value) -> PyResult<()> {
    let text = text_of(vm, format)?;
    this.parsed = Some(parse(vm, &text)?);
    this.text = vm.new_str(&String::from_utf8_lossy(&text));
    vm.barrier(this.pointer());
    Ok(())
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let this = Struct::at(vm, value);
    let shown = vm.repr(this.text)?;
    out.push_str(&format!("{}({})", vm.type_name(vm.class_of(value)), vm.string_of(shown)));
    Ok(())
}

fn pack_values(vm: &mut Vm, format: &Format, values: Rest) -> PyResult<Value> {
    let data = pack::pack(vm, format, values.items(), "pack")?;
    vm.new_bytes(&data)
}

/// Into a buffer, at an offset: the first two arguments; the rest are the values.
fn pack_into(vm: &mut Vm, format: &Format, args: &[Value]) -> PyResult<()> {
    let (buffer, offset, values) = match *args {
        [] => return Err(raise(vm, "pack_into expected buffer argument")),
        [_] => return Err(raise(vm, "pack_into expected offset argument")),
        [buffer, offset, ref values @ ..] => (buffer, offset, values),
    };
    if values.len() != format.n_values {
        let message = format!("pack_into expected {} items for packing (got {})", format.n_values, values.len());
        return Err(raise(vm, &message));
    }
    let offset = offset_of(vm, offset)?;
    let Some(mut room) = WritableBytes::of(vm, buffer)? else {
        let message = format!("argument must be read-write bytes-like object, not {}", vm.class_name(buffer));
        return Err(vm.raise_type(&message));
    };
    let packed = place(vm, format, room.len(), offset, true)
        .and_then(|at| pack::pack(vm, format, values, "pack_into").map(|data| (at, data)));
    if let Ok((at, data)) = &packed {
        room[*at..][..data.len()].copy_from_slice(data);
    }
    room.finish(vm)?;
    packed.map(|_| ())
}

fn offset_of(vm: &mut Vm, offset: Value) -> PyResult<i64> {
    let int = vm.index(offset)?;
    vm.int_to_i64(int).ok_or_else(|| {
        let message = format!("cannot fit '{}' into an index-sized integer", vm.class_name(offset));
        vm.raise_index(&message)
    })
}

/// Where in a buffer an offset is; `struct.error` where there is no room behind it.
fn place(vm: &mut Vm, format: &Format, len: usize, offset: i64, is_packing: bool) -> PyResult<usize> {
    let size = format.size;
    if offset < 0 {
        if offset.saturating_add(size as i64) > 0 {
            let message = if is_packing {
                format!("no space to pack {size} bytes at offset {offset}")
            } else {
                format!("not enough data to unpack {size} bytes at offset {offset}")
            };
            return Err(raise(vm, &message));
        }
        if offset.saturating_add(len as i64) < 0 {
            return Err(raise(vm, &format!("offset {offset} out of range for {len}-byte buffer")));
        }
        return Ok((offset + len as i64) as usize);
    }
    let at = offset as usize;
    if len.checked_sub(at).is_none_or(|rest| rest < size) {
        let (function, verb) = if is_packing { ("pack_into", "packing") } else { ("unpack_from", "unpacking") };
        let message = format!(
            "{function} requires a buffer of at least {} bytes for {verb} {size} bytes at offset {at} (actual buffer size is {len})",
            at as u128 + size as u128
        );
        return Err(raise(vm, &message));
    }
    Ok(at)
}

fn unpack(vm: &mut Vm, format: &Format, buffer: &[u8]) -> PyResult<Value> {
    if buffer.len() != format.size {
        return Err(raise(vm, &format!("unpack requires a buffer of {} bytes", format.size)));
    }
    pack::unpack(vm, format, buffer)
}

fn unpack_from(vm: &mut Vm, format: &Format, buffer: &[u8], offset: Option<Value>) -> PyResult<Value> {
    let offset = match offset {
        Some(offset) => offset_of(vm, offset)?,
        None => 0,
    };
    let at = place(vm, format, buffer.len(), offset, false)?;
    pack::unpack(vm, format, &buffer[at..][..format.size])
}
