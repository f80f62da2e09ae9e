//! `bytes`, and what it has in common with `bytearray`: methods that are generic over the two (`ByteString`).

mod case;
mod construct;
mod hex;
mod pad;
mod replace;
mod search;
mod split;

pub use construct::{as_exact, byte, byte_string_name, check_encoding, count, each_byte};
pub use hex::{digits, separated};
pub use search::holds;

use super::codec;
use crate::object::argument::{Str, This, method};
use crate::object::buffer::{BytesLike, Export, Lease, Request};
use crate::object::compare::cmp;
use crate::object::convert::push_bytes_repr;
use crate::object::convert::text::Text;
use crate::object::item::Sequence;
use crate::object::layout::BytesObject;
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{Object, TypeSpec, joined};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// More than this raises MemoryError instead of trying the machine's memory.
pub const MOST_BYTES: usize = 1 << 33;

/// `bytes` and `bytearray`.
pub trait ByteString: Object + Sized + 'static {
    /// Not to be held across what may run Python code, which can resize a bytearray.
    fn data(&self) -> &[u8];
    /// What keeps the bytes from being resized meanwhile, if they could be: who asks keeps the object alive.
    fn lease(&self) -> Option<Lease> {
        None
    }
    /// A new object of the type itself.
    fn make(vm: &mut Vm, data: &[u8]) -> PyResult;
    /// An object with the receiver's content: itself where it is of the type itself and cannot change.
    fn unchanged(vm: &mut Vm, this: This<Self>) -> PyResult;
    /// The receiver itself, whatever its class, where it cannot change.
    fn itself(vm: &mut Vm, this: This<Self>) -> PyResult;
    /// What `partition` gives for the separator.
    fn separator(vm: &mut Vm, separator: Value, data: &[u8]) -> PyResult;
}

// SAFETY: `#[repr(C)]` with the header first; bytes and what derives from them have this layout.
unsafe impl Object for BytesObject {
    const ROW: Option<BuiltinType> = Some(BuiltinType::Bytes);
    const SPEC: &'static TypeSpec = &BYTES;
}

impl ByteString for BytesObject {
    fn data(&self) -> &[u8] {
        BytesObject::data(self)
    }
    fn make(vm: &mut Vm, data: &[u8]) -> PyResult {
        vm.new_bytes(data)
    }
    fn unchanged(vm: &mut Vm, this: This<BytesObject>) -> PyResult {
        if vm.is_exactly::<BytesObject>(this.value()) { Ok(this.value()) } else { vm.new_bytes(this.data()) }
    }
    fn itself(_: &mut Vm, this: This<BytesObject>) -> PyResult {
        Ok(this.value())
    }
    fn separator(_: &mut Vm, separator: Value, _: &[u8]) -> PyResult {
        Ok(separator)
    }
}

/// A part of the receiver as an object of its type.
fn part<K: ByteString>(vm: &mut Vm, this: This<K>, start: usize, end: usize) -> PyResult {
    let data = this.data();
    if start == 0 && end == data.len() { K::unchanged(vm, this) } else { K::make(vm, &data[start..end]) }
}

/// ASCII white space as bytes have it.
fn is_space(byte: &u8) -> bool {
    matches!(byte, 9..=13 | 32)
}

pub const N_SHARED: usize = 40;

/// The methods that both types have.
pub const fn shared_methods<K: ByteString>() -> [NativeRow; N_SHARED] {
    const SEARCH: &str = "($self, sub[, start[, end]], /)";
    const NULLARY: &str = "($self, /)";
    const STRIP: &str = "($self, bytes=None, /)";
    const SPLIT: &str = "($self, /, sep=None, maxsplit=-1)";
    const PAD: &str = "($self, width, fillchar=b' ', /)";
    [
        method("capitalize", NULLARY, case::capitalize::<K>)
            .doc("A copy whose first letter is upper case, all others lower."),
        method("lower", NULLARY, case::lower::<K>).doc("A copy with ASCII letters in lower case."),
        method("upper", NULLARY, case::upper::<K>).doc("A copy with ASCII letters in upper case."),
        method("swapcase", NULLARY, case::swapcase::<K>).doc("A copy with the case of ASCII letters swapped."),
        method("title", NULLARY, case::title::<K>).doc("A copy in which words begin in upper case and go on in lower."),
        method("isalnum", NULLARY, case::isalnum::<K>).doc("Are there bytes, all of them ASCII letters or digits?"),
        method("isalpha", NULLARY, case::isalpha::<K>).doc("Are there bytes, all of them ASCII letters?"),
        method("isascii", NULLARY, case::isascii::<K>).doc("Are all bytes below 128?"),
        method("isdigit", NULLARY, case::isdigit::<K>).doc("Are there bytes, all of them ASCII digits?"),
        method("islower", NULLARY, case::islower::<K>).doc("Are there letters, none of them in upper case?"),
        method("isspace", NULLARY, case::isspace::<K>).doc("Are there bytes, all of them ASCII white space?"),
        method("istitle", NULLARY, case::istitle::<K>).doc("Are there words, all of them as `title` makes them?"),
        method("isupper", NULLARY, case::isupper::<K>).doc("Are there letters, none of them in lower case?"),
        method("find", SEARCH, search::find::<K>).doc("Where a part or byte is first; -1 where it is not."),
        method("rfind", SEARCH, search::rfind::<K>).doc("Where a part or byte is last; -1 where it is not."),
        method("index", SEARCH, search::index::<K>).doc("Where a part or byte is first; ValueError where it is not."),
        method("rindex", SEARCH, search::rindex::<K>).doc("Where a part or byte is last; ValueError where it is not."),
        method("count", SEARCH, search::count::<K>).doc("How often a part or byte is there without overlap."),
        method("startswith", "($self, prefix[, start[, end]], /)", search::startswith::<K>)
            .doc("Does it begin with the prefix, or with one of a tuple?"),
        method("endswith", "($self, suffix[, start[, end]], /)", search::endswith::<K>)
            .doc("Does it end with the suffix, or with one of a tuple?"),
        method("removeprefix", "($self, prefix, /)", search::removeprefix::<K>).doc("A copy without the prefix."),
        method("removesuffix", "($self, suffix, /)", search::removesuffix::<K>).doc("A copy without the suffix."),
        method("strip", STRIP, pad::strip::<K>).doc("A copy without white space, or the given bytes, at both ends."),
        method("lstrip", STRIP, pad::lstrip::<K>).doc("A copy without white space, or the given bytes, at its start."),
        method("rstrip", STRIP, pad::rstrip::<K>).doc("A copy without white space, or the given bytes, at its end."),
        method("center", PAD, pad::center::<K>).doc("A copy in the middle of so many bytes."),
        method("ljust", PAD, pad::ljust::<K>).doc("A copy at the left of so many bytes."),
        method("rjust", PAD, pad::rjust::<K>).doc("A copy at the right of so many bytes."),
        method("zfill", "($self, width, /)", pad::zfill::<K>)
            .doc("A copy with zeros before the digits, so many bytes long."),
        method("expandtabs", "($self, /, tabsize=8)", pad::expandtabs::<K>).doc("A copy with spaces instead of tabs."),
        method("split", SPLIT, split::split::<K>).doc("The parts between separators, or runs of white space."),
        method("rsplit", SPLIT, split::rsplit::<K>).doc("As `split`, splitting from the end."),
        method("splitlines", "($self, /, keepends=False)", split::splitlines::<K>).doc("The lines."),
        method("partition", "($self, sep, /)", split::partition::<K>)
            .doc("What is before the first separator, the separator, what is behind it."),
        method("rpartition", "($self, sep, /)", split::rpartition::<K>)
            .doc("What is before the last separator, the separator, what is behind it."),
        method("join", "($self, iterable_of_bytes, /)", split::join::<K>)
            .doc("The items, with the receiver between them."),
        method("replace", "($self, old, new, count=-1, /)", replace::replace::<K>)
            .doc("A copy with one part put for another, so often at most."),
        method("translate", "($self, table, /, delete=b'')", replace::translate::<K>)
            .doc("A copy without some bytes, the others as a table of 256 has them."),
        method("hex", "($self, sep=<unrepresentable>, bytes_per_sep=1)", hex::hex::<K>)
            .doc("Two hexadecimal digits a byte, with separators where wanted, counted from the right."),
        method("decode", "($self, /, encoding='utf-8', errors='strict')", decode::<K>).doc("The text that it encodes."),
    ]
}

/// The class methods that both types have.
pub const CLASS_METHODS: &[NativeRow] = &[method("fromhex", "($self, string, /)", hex::fromhex)
    .doc("What pairs of hexadecimal digits say, with white space between them.")];

pub const STATIC_METHODS: &[NativeRow] = &[method("maketrans", "(frm, to, /)", replace::maketrans)
    .doc("A table for `translate` that has each byte of one stand for its like in the other.")];

static METHODS: [NativeRow; N_SHARED + 2] = joined(
    shared_methods::<BytesObject>(),
    [
        method("__bytes__", "($self, /)", |vm: &mut Vm, this: This<BytesObject>| BytesObject::unchanged(vm, this))
            .doc("The bytes themselves."),
        method("__getnewargs__", "($self, /)", |vm: &mut Vm, this: This<BytesObject>| -> PyResult {
            let exact = vm.new_bytes(this.data())?;
            Ok(vm.new_tuple(&[exact]))
        })
        .doc("The arguments that make such bytes anew."),
    ],
);

pub(crate) static BYTES_ITEMS: Sequence = Sequence {
    spec: &BYTES,
    out_of_range: "index out of range",
    wrong_key: |name| format!("byte indices must be integers or slices, not {name}"),
    slice: |vm, owner, range| vm.slice_of_bytes(This::expect(vm, owner), range),
    is_mutable: false,
};

pub static BYTES: TypeSpec = TypeSpec {
    shown_signature: Some(""),
    name: "bytes",
    is_atomic: true,
    is_matched_itself: true,
    doc: "An immutable sequence of bytes: of an iterable of ints, a str and its encoding, a bytes-like object, a number of zeros.",
    item_bytes: 1,
    exact: Some(|vm, value| {
        let data = This::<BytesObject>::expect(vm, value).data().to_vec();
        vm.new_bytes(&data)
    }),
    is_base: true,
    slots: Slots {
        len: slot(|_: &mut Vm, this: This<BytesObject>| Ok(this.len)),
        get_item: slot(|vm: &mut Vm, this: This<BytesObject>, key: Value| {
            let item = |_: &mut Vm, at: usize| Value::small_int(this.data()[at] as i64);
            vm.sequence_get_item(&BYTES_ITEMS, this.value(), key, this.len, item)
        }),
        contains: slot(|vm: &mut Vm, this: This<BytesObject>, item: Value| holds(vm, item, this)),
        iter: slot(|vm: &mut Vm, this: This<BytesObject>| Ok(vm.new_seq_iter(BuiltinType::BytesIter, this.value(), 0))),
        repr: slot(|_: &mut Vm, out: &mut Text, this: This<BytesObject>| {
            push_bytes_repr(out, this.data());
            Ok(())
        }),
        str: slot(|vm: &mut Vm, this: This<BytesObject>| {
            vm.warn_of_bytes("str() on a bytes instance")?;
            vm.repr(this.value())
        }),
        hash: slot(|vm: &mut Vm, this: This<BytesObject>| Ok(vm.hash_bytes(this))),
        compare: slot(
            |vm: &mut Vm, operation: u32, this: This<BytesObject>, other: Value| match This::<BytesObject>::of(
                vm, other,
            ) {
                Some(other) => Vm::ordered(operation, this.data().cmp(other.data())),
                None => {
                    if operation == cmp::EQ || operation == cmp::NE {
                        vm.warn_of_comparison("bytes", other)?;
                    }
                    Ok(vm.not_implemented)
                }
            },
        ),
        binary: operators(&[(op::REMAINDER, |vm, lhs, rhs| match This::<BytesObject>::of(vm, lhs) {
            Some(this) => percent(vm, this, rhs),
            None => Ok(vm.not_implemented),
        })]),
        concat: slot(|vm: &mut Vm, this: This<BytesObject>, other: Value| {
            let added = concatenated(vm, this.value(), other)?;
            vm.bytes_concat(this, other, &added)
        }),
        repeat: slot(|vm: &mut Vm, this: This<BytesObject>, count: Value| match vm.repeat_count(count)? {
            1 => BytesObject::unchanged(vm, this),
            count => vm.bytes_repeat(this.data(), count),
        }),
        buffer: slot(|vm: &mut Vm, this: This<BytesObject>, request: Request| {
            if request.wants_writable() {
                return Err(vm.raise_buffer("Object is not writable."));
            }
            Ok(Export::bytes(this.value(), this.data()))
        }),
        ..Slots::NONE
    },
    new: Some(construct::NEW),
    methods: &METHODS,
    class_methods: CLASS_METHODS,
    static_methods: STATIC_METHODS,
    ..TypeSpec::NEW
};

/// What is to be appended to a byte string; TypeError where its bytes cannot be had.
pub fn concatenated(vm: &mut Vm, owner: Value, other: Value) -> PyResult<BytesLike> {
    BytesLike::of(vm, other).map_err(|_| {
        vm.clear_exception();
        let message = format!("can't concat {} to {}", vm.class_name(other), vm.class_name(owner));
        vm.raise_type(&message)
    })
}

fn decode<K: ByteString>(vm: &mut Vm, this: This<K>, encoding: Value, errors: Value) -> PyResult {
    let _lease = this.lease();
    codec::decode(vm, this.data(), encoding, errors)
}

/// `this % values`.
pub fn percent<K: ByteString>(vm: &mut Vm, this: This<K>, values: Value) -> PyResult {
    // What is formatted may run Python code, which can change a bytearray.
    let (template, _lease) = (this.data().to_vec(), this.lease());
    let data = vm.bytes_percent(&template, values)?;
    K::make(vm, &data)
}

impl Vm {
    /// `bytes` of this length, which are zero before `fill` gets them.
    pub fn new_bytes_with(&mut self, len: usize, fill: impl FnOnce(&mut [u8])) -> PyResult {
        if len > MOST_BYTES {
            return Err(self.raise_memory());
        }
        let size_bytes = size_of::<BytesObject>() + len;
        let object = self.allocate_or_raise(BuiltinType::Bytes.shape(), 0, size_bytes)?.cast::<BytesObject>();
        // SAFETY: fresh zeroed memory with room for the struct and the data, which nobody else has seen.
        unsafe {
            (*object).len = len;
            fill(std::slice::from_raw_parts_mut(object.add(1).cast(), len));
        }
        Ok(Value::object(object))
    }
}

/// The text of a bytes or str path.
pub fn path_text(vm: &mut Vm, value: Value) -> PyResult<String> {
    if let Some(text) = Str::of(vm, value) {
        return Ok(text.text());
    }
    if let Some(bytes) = This::<BytesObject>::of(vm, value) {
        return Ok(String::from_utf8_lossy(bytes.data()).into_owned());
    }
    let name = vm.intern("__fspath__");
    match vm.call_special(value, name, &[])?.and_then(|path| Str::of(vm, path)) {
        Some(path) => Ok(path.text()),
        None => {
            let message = format!("expected str, bytes or os.PathLike object, not {}", vm.class_name(value));
            Err(vm.raise_type(&message))
        }
    }
}
