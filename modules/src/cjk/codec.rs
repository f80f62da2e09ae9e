//! `MultibyteCodec`: a codec as `getcodec` gives it.

use super::engine::{Decoding, Encoding, Errors, Named, start};
use stitch_runtime::object::argument::{OrNone, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct MultibyteCodec {
    header: Header,
    pub named: Named,
}

pub static CODEC: TypeSpec = TypeSpec {
    name: "MultibyteCodec",
    module: "_multibytecodec",
    doc: "A codec whose characters are of one or more bytes.",
    layout: Some(Layout::of::<MultibyteCodec>(0)),
    methods: &[
        method(
            "encode",
            "($self, input, errors=None)",
            |vm: &mut Vm, this: This<MultibyteCodec>, input: Value, errors: OrNone<Str>| -> PyResult {
                let text = vm.str(input)?;
                let text = Str::of(vm, text).expect("str gives one");
                let errors = Errors::of(vm, errors.0.map_or(Value::NONE, Str::value));
                let named = this.named;
                let mut state = start(named.codec, false);
                let mut encoding = Encoding { named, state: &mut state, is_final: true };
                let (bytes, _) = encoding.run(vm, text, &errors)?;
                let bytes = vm.new_bytes(&bytes)?;
                let len = vm.new_int_from_usize(text.view().len());
                Ok(vm.new_tuple(&[bytes, len]))
            },
        )
        .doc("Text as bytes, and how many characters that are."),
        method(
            "decode",
            "($self, input, errors=None)",
            |vm: &mut Vm, this: This<MultibyteCodec>, data: BytesLike, errors: OrNone<Str>| -> PyResult {
                let errors = Errors::of(vm, errors.0.map_or(Value::NONE, Str::value));
                let named = this.named;
                let mut state = start(named.codec, true);
                let mut out = Text::new();
                Decoding { named, state: &mut state, is_final: true }.run(vm, &data, &errors, &mut out)?;
                let text = out.finish(vm);
                let len = vm.new_int_from_usize(data.len());
                Ok(vm.new_tuple(&[text, len]))
            },
        )
        .doc("Bytes as text, and how many bytes that are."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for MultibyteCodec {
    const SPEC: &'static TypeSpec = &CODEC;
}

pub fn make(vm: &mut Vm, named: Named) -> PyResult {
    let class = vm.type_of_spec(&CODEC);
    vm.new_object(class, |header| MultibyteCodec { header, named })
}

/// The codec that a class says, by its attribute.
pub fn of_class(vm: &mut Vm, class: Value) -> PyResult<Named> {
    let name = vm.intern("codec");
    let codec = vm.get_attr(class, name)?;
    match This::<MultibyteCodec>::of(vm, codec) {
        Some(codec) => Ok(codec.named),
        None => Err(vm.raise_type("codec is unexpected type")),
    }
}
