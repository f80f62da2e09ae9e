//! `marshal`: values and code as bytes, in CPython 3.14's format.

mod read;
mod write;

use crate::object::argument::{Index, method};
use crate::object::buffer::BytesLike;
use crate::object::module::{Constant, ModuleSpec};
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The newest version of the format.
pub const VERSION: i64 = 5;
/// How deep values may lie in each other.
const MAX_DEPTH: usize = 2000;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "marshal",
    doc: "Values and code as bytes, in a format that belongs to this version of Python.",
    functions: FUNCTIONS,
    constants: &[("version", Constant::Int(VERSION))],
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("dump", "(value, file, version=5, /, *, allow_code=True)", dump).doc("Writes a value to a file."),
    method("load", "(file, /, *, allow_code=True)", load).doc("Reads a value from a file."),
    method("dumps", "(value, version=5, /, *, allow_code=True)", dumps).doc("The bytes of a value."),
    method("loads", "(bytes, /, *, allow_code=True)", loads)
        .doc("The value that bytes are of; what follows is ignored."),
];

/// The codes of the format; `REF` is a bit beside them: the value gets a number, by which it can be referred to.
mod code {
    pub const REF: u8 = 0x80;
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOP_ITERATION: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    pub const INT64: u8 = b'I';
    pub const LONG: u8 = b'l';
    pub const FLOAT_TEXT: u8 = b'f';
    pub const FLOAT: u8 = b'g';
    pub const COMPLEX_TEXT: u8 = b'x';
    pub const COMPLEX: u8 = b'y';
    pub const BYTES: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const REFERENCE: u8 = b'r';
    pub const TUPLE: u8 = b'(';
    pub const SMALL_TUPLE: u8 = b')';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const CODE: u8 = b'c';
    pub const UNICODE: u8 = b'u';
    pub const SET: u8 = b'<';
    pub const FROZEN_SET: u8 = b'>';
    pub const SLICE: u8 = b':';
    pub const ASCII: u8 = b'a';
    pub const ASCII_INTERNED: u8 = b'A';
    pub const SHORT_ASCII: u8 = b'z';
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
}

/// The bits of a digit of an int.
const DIGIT_BITS: u64 = 15;

fn allows(vm: &mut Vm, allow_code: Option<Value>) -> PyResult<bool> {
    allow_code.map_or(Ok(true), |allow| vm.is_true(allow))
}

fn version_of(version: Option<Index>) -> i64 {
    version.map_or(VERSION, |version| version.0)
}

fn dump(vm: &mut Vm, value: Value, file: Value, version: Option<Index>, allow_code: Option<Value>) -> PyResult {
    let allow_code = allows(vm, allow_code)?;
    audit_dump(vm, value, version)?;
    let data = vm.marshal(value, version_of(version), allow_code)?;
    let data = vm.new_bytes(&data)?;
    let write = vm.intern("write");
    let write = vm.get_attr(file, write)?;
    vm.call(write, &[data])
}

fn audit_dump(vm: &mut Vm, value: Value, version: Option<Index>) -> PyResult<()> {
    vm.audit("marshal.dumps", |vm| {
        let version = vm.new_int(version.map_or(VERSION.into(), |version| version.0));
        vm.new_tuple(&[value, version])
    })
}

fn dumps(vm: &mut Vm, value: Value, version: Option<Index>, allow_code: Option<Value>) -> PyResult {
    let allow_code = allows(vm, allow_code)?;
    audit_dump(vm, value, version)?;
    let data = vm.marshal(value, version_of(version), allow_code)?;
    vm.new_bytes(&data)
}

fn loads(vm: &mut Vm, data: BytesLike, allow_code: Option<Value>) -> PyResult {
    let allow_code = allows(vm, allow_code)?;
    vm.audit("marshal.loads", |vm| {
        let data = vm.new_bytes(&data).unwrap_or(Value::NONE);
        vm.new_tuple(&[data])
    })?;
    vm.unmarshal(&data, allow_code)
}

fn load(vm: &mut Vm, file: Value, allow_code: Option<Value>) -> PyResult {
    let allow_code = allows(vm, allow_code)?;
    vm.audit("marshal.load", |vm| vm.empty_tuple)?;
    vm.unmarshal_file(file, allow_code)
}
