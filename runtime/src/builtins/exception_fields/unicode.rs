//! The errors of text encodings: what could not be encoded, decoded or translated, where, and why.

use super::{init, refuse_keywords};
use crate::object::argument::This;
use crate::object::buffer::BytesLike;
use crate::object::exception::{Fields, kinds};
use crate::object::layout::BytesObject;
use crate::object::layout::MemberKind::{self, Field, Index};
use crate::object::slots::{Slots, slot};
use crate::object::spec::TypeSpec;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

const ENCODING: usize = 0;
const OBJECT: usize = 1;
const START: usize = 2;
const END: usize = 3;
const REASON: usize = 4;

const NAMES: &[(&str, MemberKind)] =
    &[("encoding", Field), ("object", Field), ("start", Index), ("end", Index), ("reason", Field)];

pub const UNICODE_ENCODE_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: NAMES,
        fill: |vm, exception, args, keywords| fill(vm, exception, args, keywords, ENCODING, false),
    }),
    slots: Slots { str: slot(encode_str), ..Slots::NONE },
    methods: &[init::<kinds::UnicodeEncodeError>()],
    ..TypeSpec::NEW
};

pub const UNICODE_DECODE_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: NAMES,
        fill: |vm, exception, args, keywords| fill(vm, exception, args, keywords, ENCODING, true),
    }),
    slots: Slots { str: slot(decode_str), ..Slots::NONE },
    methods: &[init::<kinds::UnicodeDecodeError>()],
    ..TypeSpec::NEW
};

pub const UNICODE_TRANSLATE_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: NAMES,
        fill: |vm, exception, args, keywords| fill(vm, exception, args, keywords, OBJECT, false),
    }),
    slots: Slots { str: slot(translate_str), ..Slots::NONE },
    methods: &[init::<kinds::UnicodeTranslateError>()],
    ..TypeSpec::NEW
};

fn check_str(vm: &mut Vm, args: &[Value], index: usize) -> PyResult {
    if vm.is_str(args[index]) {
        return Ok(args[index]);
    }
    let given = if args[index].is_none() { "None".to_string() } else { vm.class_name(args[index]) };
    Err(vm.raise_type(&format!("argument {} must be str, not {given}", index + 1)))
}

/// Sets the fields from `first` on: the encoding (but of translations), the object, start, end and reason.
fn fill(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value, first: usize, of_bytes: bool) -> PyResult<()> {
    refuse_keywords(vm, exception, keywords)?;
    let n = REASON + 1 - first;
    if args.len() != n {
        return Err(vm.raise_type(&format!("function takes exactly {n} arguments ({} given)", args.len())));
    }
    let at = |field: usize| field - first;
    let mut fields = [Value::UNBOUND; REASON + 1];
    if first == ENCODING {
        fields[ENCODING] = check_str(vm, args, at(ENCODING))?;
    }
    fields[OBJECT] = if of_bytes { args[at(OBJECT)] } else { check_str(vm, args, at(OBJECT))? };
    for field in [START, END] {
        let word = vm.index_i64(args[at(field)])?;
        fields[field] = vm.new_int(word);
    }
    fields[REASON] = check_str(vm, args, at(REASON))?;
    if of_bytes && !vm.is_a::<BytesObject>(fields[OBJECT]) {
        let data = BytesLike::of(vm, fields[OBJECT])?.to_vec();
        fields[OBJECT] = vm.new_bytes(&data)?;
    }
    for (field, &value) in fields.iter().enumerate() {
        vm.set_exception_field(exception, field, value);
    }
    Ok(())
}

/// What is said of an error: `None` of one whose fields were never set.
struct Said {
    object: Value,
    start: i64,
    end: i64,
    encoding: String,
    reason: String,
}

/// `is_wanted`: is an object of the kind that the error is about?
fn said(vm: &mut Vm, exception: Value, wanted: &str, is_wanted: fn(&Vm, Value) -> bool) -> PyResult<Option<Said>> {
    if vm.exception_field(exception, OBJECT).is_none() {
        return Ok(None);
    }
    let text = |vm: &mut Vm, field: usize| match vm.exception_field(exception, field) {
        Some(value) => vm.str_string(value),
        None => Ok("<NULL>".to_string()),
    };
    let (encoding, reason) = (text(vm, ENCODING)?, text(vm, REASON)?);
    // The texts may be of classes whose `__str__` has changed the exception.
    let Some(object) = vm.exception_field(exception, OBJECT) else {
        return Err(vm.raise_type("UnicodeError 'object' attribute is not set"));
    };
    if !is_wanted(vm, object) {
        return Err(raise_object(vm, wanted, object));
    }
    let [start, end] = [START, END].map(|field| {
        let place = vm.exception_field(exception, field).unwrap_or(Value::small_int(0));
        vm.int_to_i64(place).unwrap_or(0)
    });
    Ok(Some(Said { object, start, end, encoding, reason }))
}

impl Said {
    /// The index of the one item that it is about, where it is about one.
    fn one(&self) -> Option<usize> {
        usize::try_from(self.start).ok().filter(|_| self.end.wrapping_sub(self.start) == 1)
    }
}

fn said_of_text(vm: &mut Vm, exception: Value) -> PyResult<Option<(Said, Option<u32>)>> {
    let Some(said) = said(vm, exception, "str", |vm, object| vm.is_str(object))? else { return Ok(None) };
    let one = said.one().and_then(|index| vm.str_of(said.object).view().code_points().nth(index));
    Ok(Some((said, one)))
}

fn raise_object(vm: &mut Vm, wanted: &str, object: Value) -> Raised {
    let message = format!("UnicodeError 'object' attribute must be a {wanted}, not {}", vm.class_name(object));
    vm.raise_type(&message)
}

/// `character '\xe9' in position 3`, or `characters in position 3-5`.
fn characters(said: &Said, one: Option<u32>) -> String {
    match one {
        Some(point @ ..=0xFF) => format!("character '\\x{point:02x}' in position {}", said.start),
        Some(point @ ..=0xFFFF) => format!("character '\\u{point:04x}' in position {}", said.start),
        Some(point) => format!("character '\\U{point:08x}' in position {}", said.start),
        None => format!("characters in position {}-{}", said.start, said.end.wrapping_sub(1)),
    }
}

fn encode_str(vm: &mut Vm, this: This<kinds::UnicodeEncodeError>) -> PyResult {
    let exception = this.value();
    let Some((said, one)) = said_of_text(vm, exception)? else { return Ok(vm.str_from_latin1(b"")) };
    Ok(vm.new_str(&format!("'{}' codec can't encode {}: {}", said.encoding, characters(&said, one), said.reason)))
}

fn translate_str(vm: &mut Vm, this: This<kinds::UnicodeTranslateError>) -> PyResult {
    let exception = this.value();
    let Some((said, one)) = said_of_text(vm, exception)? else { return Ok(vm.str_from_latin1(b"")) };
    Ok(vm.new_str(&format!("can't translate {}: {}", characters(&said, one), said.reason)))
}

fn decode_str(vm: &mut Vm, this: This<kinds::UnicodeDecodeError>) -> PyResult {
    let exception = this.value();
    let Some(said) = said(vm, exception, "bytes", |vm, object| vm.is_a::<BytesObject>(object))? else {
        return Ok(vm.str_from_latin1(b""));
    };
    let place =
        match said.one().and_then(|index| This::<BytesObject>::expect(vm, said.object).data().get(index).copied()) {
            Some(byte) => format!("byte 0x{byte:02x} in position {}", said.start),
            None => format!("bytes in position {}-{}", said.start, said.end.wrapping_sub(1)),
        };
    Ok(vm.new_str(&format!("'{}' codec can't decode {place}: {}", said.encoding, said.reason)))
}
