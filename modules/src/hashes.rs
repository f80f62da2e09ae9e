//! `_stitch_hashes`: message digests under the frozen module `hashlib`.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Vm};

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

const FUNCTIONS: &[NativeRow] =
    &[method("digest", "(name, data, /)", digest).doc("The digest of bytes, by the name of its algorithm.")];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_stitch_hashes",
    doc: "Message digests under the module hashlib.",
    functions: FUNCTIONS,
    ..ModuleSpec::NEW
};

fn digest(vm: &mut Vm, name: Str, data: BytesLike) -> PyResult {
    let name = name.text();
    let Some((_, new_hash)) = HASHES.iter().find(|(known, _)| *known == name) else {
        return Err(vm.raise_value(&format!("unsupported hash type {name}")));
    };
    let mut hash = new_hash();
    hash.update(&data);
    vm.new_bytes(&hash.finalize())
}
