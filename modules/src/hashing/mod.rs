//! Message digests: `_hashlib`, as where CPython is built with OpenSSL, and the modules that it falls back to without.

mod algorithm;
mod blake2;
mod derive;
mod keccak;
pub mod keyed;
mod mac;
mod object;

use algorithm::{ALGORITHMS, Algorithm};
use mac::Mac;
use object::{Data, HASH, HASH_XOF, new_hash};
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};

const HASH_SIGNATURE: &str = "(data=b'', *, usedforsecurity=True, string=None)";
const NEW_SIGNATURE: &str = "(name, data=b'', *, usedforsecurity=True, string=None)";

/// A function that begins a hash by one algorithm.
macro_rules! begins {
    ($name:literal, $algorithm:ident) => {
        method($name, HASH_SIGNATURE, |vm: &mut Vm, data: Option<Data>, _: Option<bool>, string: Option<Data>| {
            begin(vm, &algorithm::$algorithm, data, string)
        })
        .doc("A hash begun with data.")
    };
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_hashlib",
    doc: "Message digests, authentication and keys from passwords.",
    functions: &[
        method(
            "new",
            NEW_SIGNATURE,
            |vm: &mut Vm, name: Str, data: Option<Data>, _: Option<bool>, string: Option<Data>| {
                let algorithm = named(vm, &name.text())?;
                begin(vm, algorithm, data, string)
            },
        )
        .doc("A hash by the name of its algorithm, begun with data."),
        begins!("openssl_md5", MD5),
        begins!("openssl_sha1", SHA1),
        begins!("openssl_sha224", SHA224),
        begins!("openssl_sha256", SHA256),
        begins!("openssl_sha384", SHA384),
        begins!("openssl_sha512", SHA512),
        begins!("openssl_sha3_224", SHA3_224),
        begins!("openssl_sha3_256", SHA3_256),
        begins!("openssl_sha3_384", SHA3_384),
        begins!("openssl_sha3_512", SHA3_512),
        begins!("openssl_shake_128", SHAKE_128),
        begins!("openssl_shake_256", SHAKE_256),
        method("hmac_new", "(key, msg=b'', digestmod=None)", hmac_new).doc("A message to be authenticated with a key."),
        method("hmac_digest", "(key, msg, digest)", hmac_digest)
            .doc("The digest of a message that is authenticated with a key."),
        method("pbkdf2_hmac", "(hash_name, password, salt, iterations, dklen=None)", derive::pbkdf2)
            .doc("A key from a password, by hashing it over and over."),
        method("scrypt", "(password, *, salt, n, r, p, maxmem=0, dklen=64)", derive::scrypt)
            .doc("A key from a password, by much memory and time."),
        method("get_fips_mode", "()", || 0_i64).doc("0: nothing is forbidden."),
        crate::operator::COMPARE_DIGEST,
    ],
    types: &[&HASH, &HASH_XOF, &mac::HMAC, &UNSUPPORTED],
    exec: Some(|vm, module| {
        // Interned strings are never freed.
        let names: Vec<Value> = ALGORITHMS.iter().map(|algorithm| vm.intern(algorithm.name)).collect();
        let names = vm.new_list(&names)?;
        let frozenset = Value::object(vm.class(BuiltinType::FrozenSet));
        let names = vm.call(frozenset, &[names])?;
        vm.set_module_entry(module, "openssl_md_meth_names", names);
        add_constructors(vm, module)
    }),
    ..ModuleSpec::NEW
};

static UNSUPPORTED: TypeSpec = TypeSpec {
    name: "UnsupportedDigestmodError",
    module: "_hashlib",
    doc: "A hash that is not known.",
    base_class: Some(|vm| vm.exceptions.ValueError),
    ..TypeSpec::NEW
};

/// A module of plain hashes.
const fn plain(name: &'static str, doc: &'static str, functions: &'static [NativeRow]) -> ModuleSpec {
    ModuleSpec { name, doc, functions, ..ModuleSpec::NEW }
}

pub static MD5: ModuleSpec = plain("_md5", "The hash MD5.", &[begins!("md5", MD5)]);
pub static SHA1: ModuleSpec = plain("_sha1", "The hash SHA-1.", &[begins!("sha1", SHA1)]);
pub static SHA2: ModuleSpec = plain(
    "_sha2",
    "The hashes SHA-2.",
    &[begins!("sha224", SHA224), begins!("sha256", SHA256), begins!("sha384", SHA384), begins!("sha512", SHA512)],
);
pub static SHA3: ModuleSpec = plain(
    "_sha3",
    "The hashes SHA-3.",
    &[
        begins!("sha3_224", SHA3_224),
        begins!("sha3_256", SHA3_256),
        begins!("sha3_384", SHA3_384),
        begins!("sha3_512", SHA3_512),
        begins!("shake_128", SHAKE_128),
        begins!("shake_256", SHAKE_256),
    ],
);

fn begin(vm: &mut Vm, algorithm: &'static Algorithm, data: Option<Data>, string: Option<Data>) -> PyResult {
    let data = start(vm, data, string)?;
    let spec = if algorithm.is_extendable() { &HASH_XOF } else { &HASH };
    new_hash(vm, spec, algorithm, (algorithm.start)(), data)
}

/// What a hash begins with, by either of its names.
fn start(vm: &mut Vm, data: Option<Data>, string: Option<Data>) -> PyResult<Option<Data>> {
    if data.is_some() && string.is_some() {
        return Err(vm.raise_type(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a \
             future version.",
        ));
    }
    Ok(data.or(string))
}

/// `_constructors`: the names of the algorithms, by the functions that begin them.
fn add_constructors(vm: &mut Vm, module: Value) -> PyResult<()> {
    const PREFIX: &str = "openssl_";
    let constructors = vm.new_dict();
    vm.set_module_entry(module, "_constructors", constructors);
    for row in MODULE.functions.iter().filter(|row| row.name.starts_with(PREFIX)) {
        let name = vm.intern(row.name);
        let function = vm.get_attr(module, name)?;
        let name = vm.intern(&row.name[PREFIX.len()..]);
        vm.set_item(constructors, function, name)?;
    }
    let constructors = vm.new_mapping_proxy(constructors)?;
    vm.set_module_entry(module, "_constructors", constructors);
    Ok(())
}

fn named(vm: &mut Vm, name: &str) -> PyResult<&'static Algorithm> {
    algorithm::by_name(name).ok_or_else(|| unsupported(vm, &format!("unsupported hash type {name}")))
}

fn unsupported(vm: &mut Vm, message: &str) -> Raised {
    let class = vm.type_of_spec(&UNSUPPORTED);
    vm.raise(class, message)
}

/// The algorithm that a name stands for, or one of this module's functions.
fn digestmod(vm: &mut Vm, digest: Value) -> PyResult<&'static Algorithm> {
    let name = if vm.is_str(digest) {
        vm.string_of(digest)
    } else {
        let name = vm.intern("__name__");
        match vm.get_attr(digest, name) {
            Ok(name) if vm.is_str(name) => vm.string_of(name).strip_prefix("openssl_").unwrap_or_default().to_string(),
            _ => {
                vm.clear_exception();
                String::new()
            }
        }
    };
    match algorithm::by_name(&name) {
        Some(algorithm) if !algorithm.is_extendable() => Ok(algorithm),
        _ => {
            let shown = if vm.is_str(digest) { vm.string_of(digest) } else { vm.repr_or_unknown(digest) };
            Err(unsupported(vm, &format!("Unsupported digestmod {shown}")))
        }
    }
}

fn hmac_new(vm: &mut Vm, key: Data, msg: Option<Value>, digest: Option<Value>) -> PyResult {
    let Some(digest) = digest.filter(|digest| !digest.is_none()) else {
        return Err(vm.raise_type("Missing required parameter 'digestmod'."));
    };
    let algorithm = digestmod(vm, digest)?;
    let mut mac = Mac::new(algorithm, &key);
    if let Some(msg) = msg.filter(|msg| !msg.is_none()) {
        mac.update(&Data::of(vm, msg)?);
    }
    mac::new_hmac(vm, mac)
}

fn hmac_digest(vm: &mut Vm, key: Data, msg: Data, digest: Value) -> PyResult {
    let mut mac = Mac::new(digestmod(vm, digest)?, &key);
    mac.update(&msg);
    vm.new_bytes(&mac.digest())
}
