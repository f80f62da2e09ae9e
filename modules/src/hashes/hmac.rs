//! `_hmac`: authentication of messages by a key and any of the digests.

use super::kind::{KINDS, Kind};
use super::{Algorithm, Hashed, hex_of};
use stitch_runtime::object::argument::{OrNone, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

macro_rules! one_shot {
    ($($name:literal $digest:literal),+ $(,)?) => {
        &[
            method("new", "(key, msg=None, digestmod=None)", new).doc("A new code, which maybe has a message already."),
            method("compute_digest", "(key, msg, digest)", |vm: &mut Vm, key: Key, msg: Hashed, digest: Value| {
                let kind = kind_of(vm, digest)?;
                authenticate(vm, kind, key, msg)
            })
            .doc("The code of a message."),
            $(
                method($name, "(key, msg)", |vm: &mut Vm, key: Key, msg: Hashed| {
                    let name = vm.new_str($digest);
                    let kind = kind_of(vm, name)?;
                    authenticate(vm, kind, key, msg)
                })
                .doc("The code of a message."),
            )+
        ]
    };
}

static FUNCTIONS: &[NativeRow] = one_shot![
    "compute_md5" "md5",
    "compute_sha1" "sha1",
    "compute_sha224" "sha224",
    "compute_sha256" "sha256",
    "compute_sha384" "sha384",
    "compute_sha512" "sha512",
    "compute_sha3_224" "sha3_224",
    "compute_sha3_256" "sha3_256",
    "compute_sha3_384" "sha3_384",
    "compute_sha3_512" "sha3_512",
    "compute_blake2s_32" "blake2s",
    "compute_blake2b_32" "blake2b",
];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_hmac",
    doc: "Codes that authenticate messages.",
    functions: FUNCTIONS,
    constants: &[("_GIL_MINSIZE", Constant::Int(2048))],
    types: &[&HMAC, &UNKNOWN_HASH],
    ..ModuleSpec::NEW
};

static UNKNOWN_HASH: TypeSpec = TypeSpec {
    name: "UnknownHashError",
    module: "_hmac",
    doc: "There is no such digest.",
    base_class: Some(|vm| vm.exceptions.ValueError),
    ..TypeSpec::NEW
};

#[repr(C)]
struct Hmac {
    header: Header,
    kind: &'static Kind,
    state: Option<Box<State>>,
}

/// The two digests that make a code.
struct State {
    inner: Box<dyn Algorithm>,
    outer: Box<dyn Algorithm>,
}

impl State {
    fn new(kind: &Kind, key: &[u8]) -> State {
        let mut block = vec![0; kind.block_size];
        if key.len() > kind.block_size {
            let mut hash = (kind.start)();
            hash.update(key);
            let digest = hash.digest(0);
            block[..digest.len()].copy_from_slice(&digest);
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let padded = |pad: u8| {
            let mut hash = (kind.start)();
            hash.update(&block.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>());
            hash
        };
        State { inner: padded(0x36), outer: padded(0x5C) }
    }

    fn digest(&self) -> Vec<u8> {
        let mut outer = self.outer.copy();
        outer.update(&self.inner.digest(0));
        outer.digest(0)
    }
}

static HMAC: TypeSpec = TypeSpec {
    name: "HMAC",
    module: "_hmac",
    doc: "The code of a message in the making.",
    layout: Some(Layout::of::<Hmac>(0).finalized_by(|object| {
        // SAFETY: a dead code, which has its state for itself.
        unsafe { (*object.cast::<Hmac>()).state = None };
    })),
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    methods: &[
        method("copy", "($self, /)", |vm: &mut Vm, this: This<Hmac>| {
            let class = vm.class_of(this.value());
            let state = this.state.as_ref().map(|state| State { inner: state.inner.copy(), outer: state.outer.copy() });
            Hmac::make(vm, class, this.kind, state)
        })
        .doc("Another one that goes on from here."),
        method("update", "($self, msg)", |vm: &mut Vm, mut this: This<Hmac>, msg: Hashed| {
            if let Some(state) = &mut this.state {
                state.inner.update(msg.bytes());
            }
            msg.finish(vm)
        })
        .doc("Takes more of the message."),
        method("digest", "($self, /)", |vm: &mut Vm, this: This<Hmac>| vm.new_bytes(&this.digest()))
            .doc("The code of what it got so far."),
        method("hexdigest", "($self, /)", |this: This<Hmac>| hex_of(&this.digest()))
            .doc("The code of what it got so far, in hexadecimal digits."),
    ],
    getters: &[
        field("name", |this: This<Hmac>| format!("hmac-{}", this.kind.name)).doc("The name of the algorithm."),
        field("block_size", |this: This<Hmac>| this.kind.block_size).doc("How many bytes the digest takes at once."),
        field("digest_size", |this: This<Hmac>| this.kind.digest_size).doc("How many bytes the code has."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Hmac {
    const SPEC: &'static TypeSpec = &HMAC;
}

impl Hmac {
    fn make(vm: &mut Vm, class: *mut TypeObject, kind: &'static Kind, state: Option<State>) -> PyResult {
        vm.new_object(class, |header| Hmac { header, kind, state: state.map(Box::new) })
    }
    fn digest(&self) -> Vec<u8> {
        self.state.as_ref().map_or_else(Vec::new, |state| state.digest())
    }
}

/// A key, which must be bytes-like.
type Key = Hashed;

fn raise_unknown(vm: &mut Vm, digest: Value) -> Raised {
    let shown = match vm.repr_string(digest) {
        Ok(shown) => shown,
        Err(raised) => return raised,
    };
    let class = vm.type_of_spec(&UNKNOWN_HASH);
    vm.raise(class, &format!("unsupported hash type: {shown}"))
}

/// The algorithm of a name, or that a function or module of a digest stands for.
fn kind_of(vm: &mut Vm, digest: Value) -> PyResult<&'static Kind> {
    let named =
        |name: &str| KINDS.iter().copied().find(|kind| kind.name.eq_ignore_ascii_case(name) && kind.digest_size > 0);
    if let Some(name) = Str::of(vm, digest) {
        return named(&name.text().replace('-', "_")).ok_or_else(|| raise_unknown(vm, digest));
    }
    let name = vm.intern("__name__");
    if let Some(name) = vm.get_attr_opt(digest, name)?
        && let Some(name) = Str::of(vm, name)
        && let Some(kind) = named(name.text().trim_start_matches("openssl_"))
    {
        return Ok(kind);
    }
    Err(raise_unknown(vm, digest))
}

fn new(vm: &mut Vm, key: Key, msg: OrNone<Hashed>, digest: OrNone<Value>) -> PyResult {
    let Some(digest) = digest.0 else {
        return Err(vm.raise_type("new() missing 1 required argument 'digestmod'"));
    };
    let kind = kind_of(vm, digest)?;
    let mut state = State::new(kind, key.bytes());
    key.finish(vm)?;
    if let Some(msg) = msg.0 {
        state.inner.update(msg.bytes());
        msg.finish(vm)?;
    }
    let class = vm.type_of_spec(&HMAC);
    Hmac::make(vm, class, kind, Some(state))
}

fn authenticate(vm: &mut Vm, kind: &'static Kind, key: Key, msg: Hashed) -> PyResult {
    let mut state = State::new(kind, key.bytes());
    state.inner.update(msg.bytes());
    key.finish(vm)?;
    msg.finish(vm)?;
    vm.new_bytes(&state.digest())
}

fn write_repr(_: &mut Vm, out: &mut Text, this: This<Hmac>) -> PyResult<()> {
    out.push_str(&format!("<{} HMAC object @ {:#x}>", this.kind.name, this.pointer() as usize));
    Ok(())
}
