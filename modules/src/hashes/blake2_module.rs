//! `_blake2`.

use super::blake2::{Blake2b, Blake2s, Parameters};
use super::kind::{self, Kind};
use super::{Algorithm, GETTERS, Hash, Hashed, LAYOUT, METHODS, data_of};
use stitch_runtime::object::argument::{Class, Keywords, Rest, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::dict::dict_of;
use stitch_runtime::object::integer::int_of;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::object::string::str_to_string;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_blake2",
    doc: "BLAKE2.",
    constants: &[
        ("BLAKE2B_SALT_SIZE", Constant::Int(16)),
        ("BLAKE2B_PERSON_SIZE", Constant::Int(16)),
        ("BLAKE2B_MAX_KEY_SIZE", Constant::Int(64)),
        ("BLAKE2B_MAX_DIGEST_SIZE", Constant::Int(64)),
        ("BLAKE2S_SALT_SIZE", Constant::Int(8)),
        ("BLAKE2S_PERSON_SIZE", Constant::Int(8)),
        ("BLAKE2S_MAX_KEY_SIZE", Constant::Int(32)),
        ("BLAKE2S_MAX_DIGEST_SIZE", Constant::Int(32)),
        ("_GIL_MINSIZE", Constant::Int(2048)),
    ],
    types: &[&BLAKE2B_TYPE, &BLAKE2S_TYPE],
    exec: Some(|vm, _| {
        for (spec, unit) in [(&BLAKE2B_TYPE, 16), (&BLAKE2S_TYPE, 8)] {
            let class = vm.type_of_spec(spec);
            for (name, size) in
                [("SALT_SIZE", unit), ("PERSON_SIZE", unit), ("MAX_KEY_SIZE", 4 * unit), ("MAX_DIGEST_SIZE", 4 * unit)]
            {
                vm.set_class_entry(class, name, Value::small_int(size));
            }
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

const SIGNATURE: &str = "($type, /, *args, **kwargs)";

pub static BLAKE2B_TYPE: TypeSpec = TypeSpec {
    name: "blake2b",
    module: "_blake2",
    doc: "A BLAKE2b digest in the making: blake2b(data=b'', *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1,\nleaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True).",
    layout: Some(LAYOUT),
    is_base: true,
    new: Some(
        method("__new__", SIGNATURE, |vm: &mut Vm, class: Class, args: Rest, keywords: Keywords| {
            new(vm, class, &kind::BLAKE2B, args, keywords)
        })
        .doc("A new hash, which maybe has data already."),
    ),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

pub static BLAKE2S_TYPE: TypeSpec = TypeSpec {
    name: "blake2s",
    module: "_blake2",
    doc: "A BLAKE2s digest in the making: blake2s(data=b'', *, digest_size=32, key=b'', salt=b'', person=b'', fanout=1, depth=1,\nleaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True).",
    layout: Some(LAYOUT),
    is_base: true,
    new: Some(
        method("__new__", SIGNATURE, |vm: &mut Vm, class: Class, args: Rest, keywords: Keywords| {
            new(vm, class, &kind::BLAKE2S, args, keywords)
        })
        .doc("A new hash, which maybe has data already."),
    ),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

const fn plain(digest_size: usize) -> Parameters {
    Parameters {
        digest_size,
        key: Vec::new(),
        salt: Vec::new(),
        person: Vec::new(),
        fanout: 1,
        depth: 1,
        leaf_size: 0,
        node_offset: 0,
        node_depth: 0,
        inner_size: 0,
        is_last_node: false,
    }
}

pub fn plain_blake2b() -> Blake2b {
    Blake2b::new(&plain(64))
}
pub fn plain_blake2s() -> Blake2s {
    Blake2s::new(&plain(32))
}

fn new(vm: &mut Vm, class: Class, kind: &'static Kind, args: Rest, keywords: Keywords) -> PyResult {
    let is_large = kind.digest_size == 64;
    let (max_size, part_size) = (kind.digest_size, kind.digest_size / 4);
    let mut parameters = plain(max_size);
    let mut data = match *args.items() {
        [] => None,
        [data] => Some(data),
        ref many => {
            let message = format!("{}() takes at most 1 positional argument ({} given)", kind.name, many.len());
            return Err(vm.raise_type(&message));
        }
    };
    let mut string = None;
    let mut at = 0;
    while let Some((index, entry)) = dict_of(keywords.value()).next_entry(at) {
        at = index + 1;
        let value = entry.value;
        match str_to_string(entry.key).as_str() {
            "data" if data.is_none() => data = Some(value),
            "data" => {
                let message = format!("argument for {}() given by name ('data') and position (1)", kind.name);
                return Err(vm.raise_type(&message));
            }
            "string" => string = Some(value).filter(|value| !value.is_none()),
            "digest_size" => {
                let size = word_of(vm, value)?;
                if !(1..=max_size as i64).contains(&size) {
                    let message = format!(
                        "digest_size for {} must be between 1 and {max_size} bytes, here it is {size}",
                        title(is_large)
                    );
                    return Err(vm.raise_value(&message));
                }
                parameters.digest_size = size as usize;
            }
            "key" => parameters.key = part_of(vm, value, max_size, "key")?,
            "salt" => parameters.salt = part_of(vm, value, part_size, "salt")?,
            "person" => parameters.person = part_of(vm, value, part_size, "person")?,
            "fanout" => parameters.fanout = in_range(vm, value, 0, 255, "fanout must be between 0 and 255")? as u8,
            "depth" => parameters.depth = in_range(vm, value, 1, 255, "depth must be between 1 and 255")? as u8,
            "leaf_size" => {
                let size = unsigned(vm, value)?;
                parameters.leaf_size = u32::try_from(size).map_err(|_| vm.raise_overflow("leaf_size is too large"))?;
            }
            "node_offset" => {
                let offset = unsigned(vm, value)?;
                if !is_large && offset > 0xFFFF_FFFF_FFFF {
                    return Err(vm.raise_overflow("node_offset is too large"));
                }
                parameters.node_offset = offset;
            }
            "node_depth" => {
                parameters.node_depth = in_range(vm, value, 0, 255, "node_depth must be between 0 and 255")? as u8;
            }
            "inner_size" => {
                let message = format!("inner_size must be between 0 and is {max_size}");
                parameters.inner_size = in_range(vm, value, 0, max_size as i64, &message)? as u8;
            }
            "last_node" => parameters.is_last_node = vm.is_true(value)?,
            "usedforsecurity" => {
                vm.is_true(value)?;
            }
            other => {
                let message = format!("{}() got an unexpected keyword argument '{other}'", kind.name);
                return Err(vm.raise_type(&message));
            }
        }
    }
    let data = data_of(vm, data, string)?;
    let digest_size = parameters.digest_size;
    let mut state: Box<dyn Algorithm> =
        if is_large { Box::new(Blake2b::new(&parameters)) } else { Box::new(Blake2s::new(&parameters)) };
    if let Some(data) = data {
        let data = Hashed::of(vm, data)?;
        state.update(data.bytes());
        data.finish(vm)?;
    }
    Hash::make(vm, class.0, kind, digest_size, state)
}

fn title(is_large: bool) -> &'static str {
    if is_large { "Blake2b" } else { "Blake2s" }
}

/// The bytes of a part of the parameters.
fn part_of(vm: &mut Vm, value: Value, max_size: usize, what: &str) -> PyResult<Vec<u8>> {
    let bytes = BytesLike::of(vm, value)?;
    if bytes.len() > max_size {
        return Err(vm.raise_value(&format!("maximum {what} length is {max_size} bytes")));
    }
    Ok(bytes.to_vec())
}

/// An int as C has it.
fn word_of(vm: &mut Vm, value: Value) -> PyResult<i64> {
    let word = vm.index_i64(value)?;
    match i32::try_from(word) {
        Ok(_) => Ok(word),
        Err(_) => {
            let end = if word < 0 { "less than minimum" } else { "greater than maximum" };
            Err(vm.raise_overflow(&format!("signed integer is {end}")))
        }
    }
}

fn in_range(vm: &mut Vm, value: Value, from: i64, to: i64, message: &str) -> PyResult<i64> {
    let word = word_of(vm, value)?;
    if (from..=to).contains(&word) { Ok(word) } else { Err(vm.raise_value(message)) }
}

fn unsigned(vm: &mut Vm, value: Value) -> PyResult<u64> {
    let int = vm.index(value)?;
    if int_of(int).is_negative() {
        return Err(vm.raise_value("value must be positive"));
    }
    match int_of(int).to_wide().and_then(|wide| u64::try_from(wide).ok()) {
        Some(word) => Ok(word),
        None => Err(vm.raise_overflow("Python int too large for C unsigned long")),
    }
}
