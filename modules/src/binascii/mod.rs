//! `binascii`: bytes as text and back.

mod base64;
mod checksum;
mod hex;
mod quoted;
mod uu;

pub use checksum::low_word;
use std::ops::Deref;
use stitch_runtime::object::argument::Str;
use stitch_runtime::object::argument::{Parameter, Place, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "binascii",
    doc: "Bytes as text and back.",
    functions: &[
        method("a2b_uu", "(data, /)", uu::decode).doc("Decodes a line of uuencoded data."),
        method("b2a_uu", "(data, /, *, backtick=False)", uu::encode).doc("Encodes a line of up to 45 bytes."),
        method("a2b_base64", "(data, /, *, strict_mode=False)", base64::decode).doc("Decodes base64."),
        method("b2a_base64", "(data, /, *, newline=True)", base64::encode).doc("Encodes in base64, as one line."),
        method("a2b_qp", "(data, header=False)", quoted::decode).doc("Decodes quoted-printable data."),
        method("b2a_qp", "(data, quotetabs=False, istext=True, header=False)", quoted::encode)
            .doc("Encodes as quoted-printable data."),
        method("hexlify", HEX, hex::encode).doc("Two hexadecimal digits for each byte."),
        method("b2a_hex", HEX, hex::encode).doc("Two hexadecimal digits for each byte."),
        method("unhexlify", "(hexstr, /)", hex::decode).doc("The bytes of hexadecimal digits."),
        method("a2b_hex", "(hexstr, /)", hex::decode).doc("The bytes of hexadecimal digits."),
        method("crc32", "(data, crc=0, /)", checksum::crc32).doc("The CRC-32 checksum, maybe gone on with."),
        method("crc_hqx", "(data, crc, /)", checksum::crc_hqx).doc("The CRC-CCITT checksum, gone on with."),
    ],
    types: &[&ERROR, &INCOMPLETE],
    ..ModuleSpec::NEW
};

const HEX: &str = "(data, sep=None, bytes_per_sep=1)";

static ERROR: TypeSpec = TypeSpec {
    name: "Error",
    module: "binascii",
    doc: "Text that stands for no bytes.",
    base_class: Some(|vm| vm.exceptions.ValueError),
    ..TypeSpec::NEW
};

static INCOMPLETE: TypeSpec = TypeSpec {
    name: "Incomplete",
    module: "binascii",
    doc: "Text that ends too soon.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

/// Raises `binascii.Error`.
fn raise(vm: &mut Vm, message: &str) -> Raised {
    let class = vm.type_of_spec(&ERROR);
    vm.raise(class, message)
}

/// Bytes, or text of ASCII characters alone.
enum Ascii {
    Text(Str),
    Bytes(BytesLike),
}

impl Parameter for Ascii {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Ascii> {
        if let Some(text) = Str::of(vm, argument) {
            return match text.view() {
                View::One(data) if data.is_ascii() => Ok(Ascii::Text(text)),
                _ => Err(vm.raise_value("string argument should contain only ASCII characters")),
            };
        }
        if !vm.is_bytes_like(argument) {
            let given = vm.class_name(argument);
            return Err(vm.raise_type(&format!("argument should be bytes, buffer or ASCII string, not '{given}'")));
        }
        BytesLike::of(vm, argument).map(Ascii::Bytes)
    }
}

impl Deref for Ascii {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Ascii::Text(text) => match text.view() {
                View::One(data) => data,
                _ => &[],
            },
            Ascii::Bytes(bytes) => bytes,
        }
    }
}
