//! Hash objects: `_hashlib.HASH`, `HASHXOF`, `_blake2.blake2b` and `blake2s`.

use super::algorithm::{Algorithm, State};
use std::ops::Deref;
use stitch_runtime::object::argument::{Index, Parameter, Place, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Hash {
    header: Header,
    pub algorithm: &'static Algorithm,
    /// `None` in a dead object alone.
    state: Option<State>,
}

pub static HASH: TypeSpec = TypeSpec {
    name: "HASH",
    module: "_hashlib",
    doc: "A hash that is under way.",
    layout: Some(HASH_LAYOUT),
    slots: HASH_SLOTS,
    methods: &[
        UPDATE,
        COPY,
        method("digest", "($self, /)", |vm: &mut Vm, this: This<Hash>| vm.new_bytes(&this.digest(0)))
            .doc("The digest of the data so far, as bytes."),
        method("hexdigest", "($self, /)", |this: This<Hash>| hex(&this.digest(0)))
            .doc("The digest of the data so far, in hexadecimal digits."),
    ],
    getters: HASH_GETTERS,
    ..TypeSpec::NEW
};

pub static HASH_XOF: TypeSpec = TypeSpec {
    name: "HASHXOF",
    module: "_hashlib",
    doc: "A hash that is under way, whose digest is as long as one likes.",
    base: Some(&HASH),
    layout: Some(HASH_LAYOUT),
    slots: HASH_SLOTS,
    methods: &[
        method("digest", "($self, /, length)", |vm: &mut Vm, this: This<Hash>, length: Index| {
            let length = length_of(vm, length)?;
            vm.new_bytes(&this.digest(length))
        })
        .doc("So many bytes of the digest of the data so far."),
        method("hexdigest", "($self, /, length)", |vm: &mut Vm, this: This<Hash>, length: Index| {
            let length = length_of(vm, length)?;
            PyResult::Ok(hex(&this.digest(length)))
        })
        .doc("So many bytes of the digest of the data so far, in hexadecimal digits."),
    ],
    ..TypeSpec::NEW
};

pub const HASH_LAYOUT: Layout = Layout::of::<Hash>(0).finalized_by(|object| {
    // SAFETY: a dead hash, whose state nobody else has.
    unsafe { (*object.cast::<Hash>()).state = None };
});

pub const HASH_SLOTS: Slots = Slots { repr: Some(write_repr), ..Slots::NONE };

pub const UPDATE: NativeRow = method("update", "($self, data, /)", |vm: &mut Vm, mut this: This<Hash>, data: Data| {
    this.update(&data);
    vm.answer_interrupt()
})
.doc("Hashes more data.");

pub const COPY: NativeRow = method("copy", "($self, /)", |vm: &mut Vm, this: This<Hash>| {
    let (algorithm, state) = (this.algorithm, this.state.clone());
    let class = vm.class_of(this.value());
    vm.new_object(class, |header| Hash { header, algorithm, state })
})
.doc("A hash that has seen the same data.");

pub const HASH_GETTERS: &[GetSetRow] = &[
    field("name", |this: This<Hash>| this.algorithm.name).doc("The algorithm's name."),
    field("digest_size", |this: This<Hash>| this.digest_bytes()).doc("How many bytes the digest has."),
    field("block_size", |this: This<Hash>| this.algorithm.block_bytes)
        .doc("How many bytes the algorithm takes at a time."),
];

// SAFETY: `#[repr(C)]` with the header first; the other types have the same layout.
unsafe impl Object for Hash {
    const SPEC: &'static TypeSpec = &HASH;
    const ALSO: &'static [&'static TypeSpec] = &[&HASH_XOF, &super::keyed::BLAKE2B, &super::keyed::BLAKE2S];
}

impl Hash {
    pub fn update(&mut self, data: &[u8]) {
        if let Some(state) = &mut self.state {
            state.update(data);
        }
    }
    pub fn digest(&self, length: usize) -> Vec<u8> {
        self.state.clone().map(|state| state.digest(length)).unwrap_or_default()
    }
    fn digest_bytes(&self) -> usize {
        match &self.state {
            Some(State::Blake2b(hash)) => hash.digest_bytes(),
            Some(State::Blake2s(hash)) => hash.digest_bytes(),
            _ => self.algorithm.digest_bytes,
        }
    }
}

/// A hash of a type, begun with data.
pub fn new_hash(
    vm: &mut Vm,
    spec: &'static TypeSpec,
    algorithm: &'static Algorithm,
    mut state: State,
    data: Option<Data>,
) -> PyResult {
    if let Some(data) = data {
        state.update(&data);
    }
    let class = vm.type_of_spec(spec);
    vm.new_object(class, |header| Hash { header, algorithm, state: Some(state) })
}

/// Where a digest is of any length: how many bytes of it.
fn length_of(vm: &mut Vm, length: Index) -> PyResult<usize> {
    if length.0 < 0 {
        return Err(vm.raise_value("value must be positive"));
    }
    if length.0 >= 1 << 29 {
        return Err(vm.raise_value("length is too large"));
    }
    Ok(length.0 as usize)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[digit as usize]))
        .collect()
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let this = This::<Hash>::of(vm, value).expect("a hash's slot gets a hash");
    let (name, ty) = (this.algorithm.name, vm.full_name_of_class(vm.class_of(value)));
    out.push_str(&format!("<{name} {ty} object @ {:#x}>", value.bits()));
    Ok(())
}

/// Data to hash: bytes-like, and no text.
pub struct Data(BytesLike);

impl Parameter for Data {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Data> {
        Data::of(vm, argument)
    }
}

impl Data {
    pub fn of(vm: &mut Vm, value: Value) -> PyResult<Data> {
        if vm.is_str(value) {
            return Err(vm.raise_type("Strings must be encoded before hashing"));
        }
        if !vm.is_bytes_like(value) {
            return Err(vm.raise_type("object supporting the buffer API required"));
        }
        BytesLike::of(vm, value).map(Data)
    }
}

impl Deref for Data {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}
