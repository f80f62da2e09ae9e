//! `_stitch_hashes`: message digests under the frozen module `hashlib`.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use stitch_runtime::builtins::str_arg;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::native::{NativeRow, native};
use stitch_runtime::object::string::str_to_string;
use stitch_runtime::{PyResult, Value, Vm};

/// Starts a hash.
type NewHash = fn() -> Box<dyn DynDigest>;

/// The algorithms by name.
const HASHES: &[(&str, NewHash)] = &[
    ("md5", || Box::new(Md5::default())),
    ("sha1", || Box::new(Sha1::default())),
    ("sha224", || Box::new(Sha224::default())),
    ("sha256", || Box::new(Sha256::default())),
    ("sha384", || Box::new(Sha384::default())),
    ("sha512", || Box::new(Sha512::default())),
];

const FUNCTIONS: &[NativeRow] = &[native("digest", "(name, data, /)", digest)];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_stitch_hashes",
    doc: "Message digests under the module hashlib.",
    functions: FUNCTIONS,
    ..ModuleSpec::NEW
};

fn digest(vm: &mut Vm, args: &[Value]) -> PyResult {
    str_arg(vm, args[0], "name")?;
    let name = str_to_string(args[0]);
    let Some((_, new_hash)) = HASHES.iter().find(|(known, _)| *known == name) else {
        return Err(vm.raise_value(&format!("unsupported hash type {name}")));
    };
    let mut hash = new_hash();
    let data = BytesLike::of(vm, args[1])?;
    hash.update(&data);
    vm.new_bytes(&hash.finalize())
}
