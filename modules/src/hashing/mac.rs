//! `_hashlib.HMAC`: message authentication by hashes (RFC 2104).

use super::algorithm::{Algorithm, State};
use super::object::{Data, hex};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

/// The two hashes of a key, the inner one maybe with data.
#[derive(Clone)]
pub struct Mac {
    pub algorithm: &'static Algorithm,
    inner: State,
    outer: State,
}

impl Mac {
    pub fn new(algorithm: &'static Algorithm, key: &[u8]) -> Mac {
        let mut block = if key.len() > algorithm.block_bytes {
            let mut state = (algorithm.start)();
            state.update(key);
            state.digest(0)
        } else {
            key.to_vec()
        };
        block.resize(algorithm.block_bytes, 0);
        let keyed = |pad: u8| {
            let mut state = (algorithm.start)();
            state.update(&block.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>());
            state
        };
        Mac { algorithm, inner: keyed(0x36), outer: keyed(0x5c) }
    }
    pub fn update(&mut self, data: &[u8]) {
        self.inner.update(data);
    }
    pub fn digest(&self) -> Vec<u8> {
        let mut outer = self.outer.clone();
        outer.update(&self.inner.clone().digest(0));
        outer.digest(0)
    }
}

#[repr(C)]
pub struct Hmac {
    header: Header,
    /// `None` in a dead object alone.
    mac: Option<Box<Mac>>,
}

pub static HMAC: TypeSpec = TypeSpec {
    name: "HMAC",
    module: "_hashlib",
    doc: "A message that is being authenticated.",
    layout: Some(Layout::of::<Hmac>(0).finalized_by(|object| {
        // SAFETY: a dead object, whose state nobody else has.
        unsafe { (*object.cast::<Hmac>()).mac = None };
    })),
    slots: Slots { repr: Some(write_repr), ..Slots::NONE },
    methods: &[
        method("update", "($self, /, msg)", |vm: &mut Vm, mut this: This<Hmac>, msg: Data| {
            if let Some(mac) = &mut this.mac {
                mac.update(&msg);
            }
            vm.answer_interrupt()
        })
        .doc("More of the message."),
        method("copy", "($self, /)", |vm: &mut Vm, this: This<Hmac>| {
            let mac = this.mac.clone();
            let class = vm.type_of_spec(&HMAC);
            vm.new_object(class, |header| Hmac { header, mac })
        })
        .doc("One that has seen the same."),
        method("digest", "($self, /)", |vm: &mut Vm, this: This<Hmac>| vm.new_bytes(&this.digest()))
            .doc("The digest of the message so far, as bytes."),
        method("hexdigest", "($self, /)", |this: This<Hmac>| hex(&this.digest()))
            .doc("The digest of the message so far, in hexadecimal digits."),
    ],
    getters: &[
        field("digest_size", |this: This<Hmac>| this.algorithm().digest_bytes).doc("How many bytes the digest has."),
        field("block_size", |this: This<Hmac>| this.algorithm().block_bytes)
            .doc("How many bytes the algorithm takes at a time."),
        field("name", |this: This<Hmac>| format!("hmac-{}", this.algorithm().name)).doc("The algorithm's name."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; no type derives from it.
unsafe impl Object for Hmac {
    const SPEC: &'static TypeSpec = &HMAC;
}

impl Hmac {
    fn algorithm(&self) -> &'static Algorithm {
        self.mac.as_ref().map_or(&super::algorithm::MD5, |mac| mac.algorithm)
    }
    fn digest(&self) -> Vec<u8> {
        self.mac.as_ref().map(|mac| mac.digest()).unwrap_or_default()
    }
}

pub fn new_hmac(vm: &mut Vm, mac: Mac) -> PyResult {
    let class = vm.type_of_spec(&HMAC);
    vm.new_object(class, |header| Hmac { header, mac: Some(Box::new(mac)) })
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let this = This::<Hmac>::of(vm, value).expect("an HMAC's slot gets an HMAC");
    out.push_str(&format!("<{} HMAC object @ {:#x}>", this.algorithm().name, value.bits()));
    Ok(())
}
