//! Message digests under the modules `hashlib` and `hmac`: `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`, `_hmac`.

mod blake2;
mod blake2_module;
mod hmac;
mod kind;

pub use blake2_module::MODULE as BLAKE2;
pub use hmac::MODULE as HMAC;
use kind::Kind;
use stitch_runtime::object::argument::{Class, Parameter, Place, This, method};
use stitch_runtime::object::buffer::{Export, Request};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

/// A digest in the making.
trait Algorithm {
    fn update(&mut self, data: &[u8]);
    /// The digest of what came so far; its length counts where it is for the caller to choose.
    fn digest(&self, len: usize) -> Vec<u8>;
    fn copy(&self) -> Box<dyn Algorithm>;
}

/// An object of any of the types.
#[repr(C)]
struct Hash {
    header: Header,
    kind: &'static Kind,
    digest_size: usize,
    /// `None` only where the object is dead.
    state: Option<Box<dyn Algorithm>>,
}

// SAFETY: `#[repr(C)]` with the header first; all these types have the layout of a hash.
unsafe impl Object for Hash {
    const SPEC: &'static TypeSpec = &MD5_TYPE;
    const ALSO: &'static [&'static TypeSpec] = &[
        &SHA1_TYPE,
        &SHA224_TYPE,
        &SHA256_TYPE,
        &SHA384_TYPE,
        &SHA512_TYPE,
        &SHA3_224_TYPE,
        &SHA3_256_TYPE,
        &SHA3_384_TYPE,
        &SHA3_512_TYPE,
        &SHAKE_128_TYPE,
        &SHAKE_256_TYPE,
        &blake2_module::BLAKE2B_TYPE,
        &blake2_module::BLAKE2S_TYPE,
    ];
}

const LAYOUT: Layout = Layout::of::<Hash>(0).finalized_by(|object| {
    // SAFETY: a dead hash, which has its state for itself.
    unsafe { (*object.cast::<Hash>()).state = None };
});

impl Hash {
    fn make(
        vm: &mut Vm,
        class: *mut TypeObject,
        kind: &'static Kind,
        digest_size: usize,
        state: Box<dyn Algorithm>,
    ) -> PyResult {
        vm.new_object(class, |header| Hash { header, kind, digest_size, state: Some(state) })
    }

    fn digest(&self, len: usize) -> Vec<u8> {
        self.state.as_ref().map_or_else(Vec::new, |state| state.digest(len))
    }
}

/// The bytes that are hashed.
struct Hashed(Vec<u8>, Option<Export>);

impl Hashed {
    fn of(vm: &mut Vm, value: Value) -> PyResult<Hashed> {
        if vm.is_str(value) {
            return Err(vm.raise_type("Strings must be encoded before hashing"));
        }
        if !vm.is_bytes_like(value) {
            return Err(vm.raise_type("object supporting the buffer API required"));
        }
        let export = vm.export(value, Request::SIMPLE)?;
        if export.dimensions.len() > 1 {
            return Err(vm.raise_buffer("Buffer must be single dimension"));
        }
        if export.is_c_contiguous() && export.dimensions.len() == 1 {
            return Ok(Hashed(Vec::new(), Some(export)));
        }
        let copy = export.to_vec();
        vm.release(export)?;
        Ok(Hashed(copy, None))
    }

    fn bytes(&self) -> &[u8] {
        match &self.1 {
            // SAFETY: contiguous memory of the export, which is held.
            Some(export) if export.len_bytes > 0 => unsafe {
                std::slice::from_raw_parts(export.data, export.len_bytes)
            },
            Some(_) => &[],
            None => &self.0,
        }
    }

    fn finish(self, vm: &mut Vm) -> PyResult<()> {
        match self.1 {
            Some(export) => vm.release(export),
            None => Ok(()),
        }
    }
}

impl Parameter for Hashed {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Hashed> {
        Hashed::of(vm, argument)
    }
}

fn hex_of(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|&byte| [byte >> 4, byte & 15]);
    digits.map(|digit| DIGITS[digit as usize] as char).collect()
}

/// The data of a constructor, under its old name or its new one.
fn data_of(vm: &mut Vm, data: Option<Value>, string: Option<Value>) -> PyResult<Option<Value>> {
    match (data, string) {
        (Some(_), Some(_)) => Err(vm.raise_type(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.",
        )),
        (data, string) => Ok(data.or(string)),
    }
}

/// A new hash that has the data.
fn start(vm: &mut Vm, class: *mut TypeObject, kind: &'static Kind, data: Option<Value>) -> PyResult {
    let mut state = (kind.start)();
    if let Some(data) = data {
        let data = Hashed::of(vm, data)?;
        state.update(data.bytes());
        data.finish(vm)?;
    }
    Hash::make(vm, class, kind, kind.digest_size, state)
}

const UPDATE: NativeRow = method("update", "($self, obj, /)", |vm: &mut Vm, mut this: This<Hash>, data: Hashed| {
    if let Some(state) = &mut this.state {
        state.update(data.bytes());
    }
    data.finish(vm)
})
.doc("Takes more bytes.");

const COPY: NativeRow = method("copy", "($self, /)", |vm: &mut Vm, this: This<Hash>| -> PyResult {
    let class = vm.class_of(this.value());
    match this.state.as_ref().map(|state| state.copy()) {
        Some(state) => Hash::make(vm, class, this.kind, this.digest_size, state),
        None => Err(vm.raise_memory()),
    }
})
.doc("Another one that goes on from here.");

static METHODS: &[NativeRow] = &[
    COPY,
    method("digest", "($self, /)", |vm: &mut Vm, this: This<Hash>| vm.new_bytes(&this.digest(0)))
        .doc("The digest of what it got so far."),
    method("hexdigest", "($self, /)", |this: This<Hash>| hex_of(&this.digest(0)))
        .doc("The digest of what it got so far, in hexadecimal digits."),
    UPDATE,
];

/// Those of digests whose length the caller chooses.
static SHAKE_METHODS: &[NativeRow] = &[
    COPY,
    method("digest", "($self, length)", |vm: &mut Vm, this: This<Hash>, length: Value| {
        let length = digest_length(vm, length)?;
        vm.new_bytes(&this.digest(length))
    })
    .doc("So many bytes of the digest of what it got so far."),
    method("hexdigest", "($self, length)", |vm: &mut Vm, this: This<Hash>, length: Value| -> PyResult<String> {
        let length = digest_length(vm, length)?;
        Ok(hex_of(&this.digest(length)))
    })
    .doc("So many bytes of the digest of what it got so far, in hexadecimal digits."),
    UPDATE,
];

/// The longest digest that may be asked for.
const MAX_DIGEST_BYTES: i64 = 1 << 29;

fn digest_length(vm: &mut Vm, length: Value) -> PyResult<usize> {
    let length = vm.index_i64(length)?;
    match length {
        ..0 => Err(vm.raise_value("value must be positive")),
        MAX_DIGEST_BYTES.. => Err(vm.raise_value("digest length is too large")),
        length => Ok(length as usize),
    }
}

static GETTERS: &[GetSetRow] = &[
    field("block_size", |this: This<Hash>| this.kind.block_size).doc("How many bytes the algorithm takes at once."),
    field("name", |this: This<Hash>| this.kind.name).doc("The name of the algorithm."),
    field("digest_size", |this: This<Hash>| this.digest_size).doc("How many bytes the digest has."),
];

static SHA3_GETTERS: &[GetSetRow] = &[
    GETTERS[0],
    GETTERS[1],
    GETTERS[2],
    field("_capacity_bits", |this: This<Hash>| 1600 - 8 * this.kind.block_size).doc("The bits that no input touches."),
    field("_rate_bits", |this: This<Hash>| 8 * this.kind.block_size).doc("The bits that take input."),
    field("_suffix", |vm: &mut Vm, this: This<Hash>| vm.new_bytes(&[this.kind.suffix])).doc("What ends the input."),
];

/// The types, the functions that make their objects, and how those types are called in the module.
macro_rules! fixed {
    ($module:literal, $MODULE:ident, $doc:literal: $( $TYPE:ident $type_name:literal $exported:literal $function:literal $kind:ident; )+) => {
        $(
            static $TYPE: TypeSpec = TypeSpec {
                name: $type_name,
                module: $module,
                doc: "A message digest in the making.",
                layout: Some(LAYOUT),
                methods: METHODS,
                getters: GETTERS,
                ..TypeSpec::NEW
            };
        )+
        pub static $MODULE: ModuleSpec = ModuleSpec {
            name: $module,
            doc: $doc,
            functions: &[$(
                method(
                    $function,
                    "(data=b'', *, usedforsecurity=True, string=None)",
                    |vm: &mut Vm, data: Option<Value>, _: Option<bool>, string: Option<Value>| {
                        let data = data_of(vm, data, string)?;
                        let class = vm.type_of_spec(&$TYPE);
                        start(vm, class, &kind::$kind, data)
                    },
                )
                .doc("A new hash, which maybe has data already."),
            )+],
            constants: &[("_GIL_MINSIZE", Constant::Int(2048))],
            exec: Some(|vm, module| {
                $(
                    let class = vm.type_of_spec(&$TYPE);
                    vm.set_module_entry(module, $exported, Value::object(class));
                )+
                Ok(())
            }),
            ..ModuleSpec::NEW
        };
    };
}

fixed! { "_md5", MD5, "MD5.": MD5_TYPE "md5" "MD5Type" "md5" MD5; }
fixed! { "_sha1", SHA1, "SHA-1.": SHA1_TYPE "sha1" "SHA1Type" "sha1" SHA1; }
fixed! { "_sha2", SHA2, "SHA-2.":
    SHA224_TYPE "SHA224Type" "SHA224Type" "sha224" SHA224;
    SHA256_TYPE "SHA256Type" "SHA256Type" "sha256" SHA256;
    SHA384_TYPE "SHA384Type" "SHA384Type" "sha384" SHA384;
    SHA512_TYPE "SHA512Type" "SHA512Type" "sha512" SHA512;
}

macro_rules! sha3 {
    ($( $TYPE:ident $name:literal $kind:ident $methods:ident; )+) => {
        $(
            static $TYPE: TypeSpec = TypeSpec {
                name: $name,
                module: "_sha3",
                doc: "A message digest in the making.",
                layout: Some(LAYOUT),
                new: Some(
                    method(
                        "__new__",
                        "($type, data=b'', /, *, usedforsecurity=True, string=None)",
                        |vm: &mut Vm, class: Class, data: Option<Value>, _: Option<bool>, string: Option<Value>| {
                            let data = data_of(vm, data, string)?;
                            start(vm, class.0, &kind::$kind, data)
                        },
                    )
                    .doc("A new hash, which maybe has data already."),
                ),
                methods: $methods,
                getters: SHA3_GETTERS,
                ..TypeSpec::NEW
            };
        )+
        pub static SHA3: ModuleSpec = ModuleSpec {
            name: "_sha3",
            doc: "SHA-3.",
            constants: &[("implementation", Constant::Str("RustCrypto")), ("_GIL_MINSIZE", Constant::Int(2048))],
            types: &[$(&$TYPE),+],
            ..ModuleSpec::NEW
        };
    };
}

sha3! {
    SHA3_224_TYPE "sha3_224" SHA3_224 METHODS;
    SHA3_256_TYPE "sha3_256" SHA3_256 METHODS;
    SHA3_384_TYPE "sha3_384" SHA3_384 METHODS;
    SHA3_512_TYPE "sha3_512" SHA3_512 METHODS;
    SHAKE_128_TYPE "shake_128" SHAKE_128 SHAKE_METHODS;
    SHAKE_256_TYPE "shake_256" SHAKE_256 SHAKE_METHODS;
}
