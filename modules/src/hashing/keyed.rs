//! `_blake2`: BLAKE2 with keys, salts, personalization and trees.

use super::algorithm::{BLAKE2B as B, BLAKE2S as S, State};
use super::blake2::{Blake2, Blake2b, Blake2s, Parameters, Word};
use super::object::{COPY, Data, HASH_GETTERS, HASH_LAYOUT, HASH_SLOTS, Hash, UPDATE, hex, new_hash};
use super::start;
use stitch_runtime::object::argument::{Class, Index, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_blake2",
    doc: "The hash BLAKE2.",
    types: &[&BLAKE2B, &BLAKE2S],
    constants: SIZES,
    ..ModuleSpec::NEW
};

const SIZES: &[(&str, Constant)] = &[
    ("BLAKE2B_MAX_DIGEST_SIZE", Constant::Int(Blake2b::MAX_DIGEST_BYTES as i64)),
    ("BLAKE2B_MAX_KEY_SIZE", Constant::Int(Blake2b::MAX_KEY_BYTES as i64)),
    ("BLAKE2B_SALT_SIZE", Constant::Int(Blake2b::SALT_BYTES as i64)),
    ("BLAKE2B_PERSON_SIZE", Constant::Int(Blake2b::SALT_BYTES as i64)),
    ("BLAKE2S_MAX_DIGEST_SIZE", Constant::Int(Blake2s::MAX_DIGEST_BYTES as i64)),
    ("BLAKE2S_MAX_KEY_SIZE", Constant::Int(Blake2s::MAX_KEY_BYTES as i64)),
    ("BLAKE2S_SALT_SIZE", Constant::Int(Blake2s::SALT_BYTES as i64)),
    ("BLAKE2S_PERSON_SIZE", Constant::Int(Blake2s::SALT_BYTES as i64)),
];

const SIGNATURE: &str = "($type, data=b'', *, digest_size=None, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, \
                         node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)";

const METHODS: &[NativeRow] = &[
    UPDATE,
    COPY,
    method("digest", "($self, /)", |vm: &mut Vm, this: This<Hash>| vm.new_bytes(&this.digest(0)))
        .doc("The digest of the data so far, as bytes."),
    method("hexdigest", "($self, /)", |this: This<Hash>| hex(&this.digest(0)))
        .doc("The digest of the data so far, in hexadecimal digits."),
];

macro_rules! blake2 {
    ($name:ident, $text:literal, $doc:literal, $word:ty, $algorithm:expr, $state:expr) => {
        pub static $name: TypeSpec = TypeSpec {
            name: $text,
            module: "_blake2",
            doc: $doc,
            layout: Some(HASH_LAYOUT),
            slots: HASH_SLOTS,
            new: Some(
                method(
                    "__new__",
                    SIGNATURE,
                    |vm: &mut Vm,
                     _: Class,
                     data: Option<Data>,
                     digest_size: Option<Index>,
                     key: Option<BytesLike>,
                     salt: Option<BytesLike>,
                     person: Option<BytesLike>,
                     fanout: Option<Index>,
                     depth: Option<Index>,
                     leaf_size: Option<Value>,
                     node_offset: Option<Value>,
                     node_depth: Option<Index>,
                     inner_size: Option<Index>,
                     last_node: Option<bool>,
                     _: Option<bool>,
                     string: Option<Data>| {
                        let data = start(vm, data, string)?;
                        let small = [digest_size, fanout, depth, node_depth, inner_size];
                        let wide = [leaf_size, node_offset];
                        let texts = [salt.as_deref(), person.as_deref(), key.as_deref()].map(Option::unwrap_or_default);
                        let parameters = parameters::<$word>(vm, small, wide, texts, last_node.unwrap_or(false))?;
                        let state = $state(Box::new(Blake2::new(&parameters, texts[2])));
                        new_hash(vm, &$name, $algorithm, state, data)
                    },
                )
                .doc("A hash begun with data."),
            ),
            constants: &[
                ("MAX_DIGEST_SIZE", Constant::Int(Blake2::<$word>::MAX_DIGEST_BYTES as i64)),
                ("MAX_KEY_SIZE", Constant::Int(Blake2::<$word>::MAX_KEY_BYTES as i64)),
                ("SALT_SIZE", Constant::Int(Blake2::<$word>::SALT_BYTES as i64)),
                ("PERSON_SIZE", Constant::Int(Blake2::<$word>::SALT_BYTES as i64)),
            ],
            methods: METHODS,
            getters: HASH_GETTERS,
            ..TypeSpec::NEW
        };
    };
}

blake2!(BLAKE2B, "blake2b", "The hash BLAKE2b, for 64-bit machines.", u64, &B, State::Blake2b);
blake2!(BLAKE2S, "blake2s", "The hash BLAKE2s, for smaller machines.", u32, &S, State::Blake2s);

/// The parameter block that the arguments ask for. `small`: digest size, fanout, depth, node depth, inner size; `wide`: leaf size,
/// node offset; `texts`: salt, person, key.
fn parameters<W: Word>(
    vm: &mut Vm,
    small: [Option<Index>; 5],
    wide: [Option<Value>; 2],
    texts: [&[u8]; 3],
    is_last_node: bool,
) -> PyResult<Parameters> {
    let max = 8 * W::BYTES as i64;
    let or = |place: usize, default: i64| small[place].map_or(default, |index: Index| index.0);
    let (digest, fanout, depth, node_depth, inner) = (or(0, max), or(1, 1), or(2, 1), or(3, 0), or(4, 0));
    let [salt, person, key] = texts;
    let text_bytes = Blake2::<W>::SALT_BYTES;
    if !(1..=max).contains(&digest) {
        return Err(vm.raise_value(&format!(
            "digest_size for {} must be between 1 and {max} bytes, here it is {digest}",
            title::<W>()
        )));
    }
    for (word, text) in [("salt", salt), ("person", person)] {
        if text.len() > text_bytes {
            return Err(vm.raise_value(&format!("maximum {word} length is {text_bytes} bytes")));
        }
    }
    for (word, number, lowest) in [("fanout", fanout, 0), ("depth", depth, 1)] {
        if !(lowest..=255).contains(&number) {
            return Err(vm.raise_value(&format!("{word} must be between {lowest} and 255")));
        }
    }
    let leaf_size = unsigned(vm, wide[0], u32::MAX.into(), "leaf_size")? as u32;
    let max_offset = if W::BYTES == 8 { u64::MAX } else { (1 << 48) - 1 };
    let node_offset = unsigned(vm, wide[1], max_offset, "node_offset")?;
    if !(0..=255).contains(&node_depth) {
        return Err(vm.raise_value("node_depth must be between 0 and 255"));
    }
    if !(0..=max).contains(&inner) {
        return Err(vm.raise_value(&format!("inner_size must be between 0 and is {max}")));
    }
    if key.len() > Blake2::<W>::MAX_KEY_BYTES {
        return Err(vm.raise_value(&format!("maximum key length is {max} bytes")));
    }
    let padded = |text: &[u8]| std::array::from_fn(|place| text.get(place).copied().unwrap_or(0));
    Ok(Parameters {
        digest_bytes: digest as u8,
        fanout: fanout as u8,
        depth: depth as u8,
        leaf_size,
        node_offset,
        node_depth: node_depth as u8,
        inner_size: inner as u8,
        salt: padded(salt),
        person: padded(person),
        is_last_node,
    })
}

/// The name as messages have it.
fn title<W: Word>() -> &'static str {
    if W::BYTES == 8 { "Blake2b" } else { "Blake2s" }
}

/// An int from 0 to a bound; 0 where none is given.
fn unsigned(vm: &mut Vm, value: Option<Value>, max: u64, name: &str) -> PyResult<u64> {
    let Some(value) = value else { return Ok(0) };
    let int = vm.index(value)?;
    let wide = vm.int_view(int).and_then(|view| view.to_wide());
    match wide {
        Some(wide) if wide < 0 => Err(vm.raise_overflow(&format!("{name} must be non-negative"))),
        Some(wide) if wide <= i128::from(max) => Ok(wide as u64),
        _ => Err(vm.raise_overflow(&format!("{name} is too large"))),
    }
}
