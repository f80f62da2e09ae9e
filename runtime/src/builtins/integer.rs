//! `int` and `bool`.

use super::bytes;
use crate::object::argument::{Class, ClassOf, Index, OrNone, Receiver, Str, This, ThisInt, method};
use crate::object::buffer::BytesLike;
use crate::object::convert::text::Text;
use crate::object::integer::{BigInt, IntView};
use crate::object::layout::{BytesObject, IntObject};
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{DIVMOD, Slots, operators, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::trace::{NativeCall, Traced};
use crate::uop::Op;
use crate::uop::sem::float_to_int;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_nz::integer::Integer;

pub static INT: TypeSpec = TypeSpec {
    shown_signature: Some(""),
    name: "int",
    is_atomic: true,
    is_matched_itself: true,
    doc: "A whole number of any size.",
    item_bytes: 4,
    exact: Some(|vm, value| Ok(vm.int_exact(value))),
    is_base: true,
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: ThisInt| {
            out.push_str(&vm.int_to_string(this.value())?);
            Ok(())
        }),
        hash: slot(|_: &mut Vm, this: ThisInt| Ok(this.view().hash())),
        compare: slot(|vm: &mut Vm, operation, this: ThisInt, other| match ThisInt::receive(vm, other) {
            Some(other) => Vm::ordered(operation, this.view().compare(other.view())),
            None => Ok(vm.not_implemented),
        }),
        truth: slot(|_: &mut Vm, this: ThisInt| Ok(!this.view().is_zero())),
        binary: operators(&[
            (op::ADD, binary::<{ op::ADD }>),
            (op::SUBTRACT, binary::<{ op::SUBTRACT }>),
            (op::MULTIPLY, binary::<{ op::MULTIPLY }>),
            (op::REMAINDER, binary::<{ op::REMAINDER }>),
            (op::POWER, binary::<{ op::POWER }>),
            (op::LEFT_SHIFT, binary::<{ op::LEFT_SHIFT }>),
            (op::RIGHT_SHIFT, binary::<{ op::RIGHT_SHIFT }>),
            (op::AND, binary::<{ op::AND }>),
            (op::XOR, binary::<{ op::XOR }>),
            (op::OR, binary::<{ op::OR }>),
            (op::FLOOR_DIVIDE, binary::<{ op::FLOOR_DIVIDE }>),
            (op::TRUE_DIVIDE, binary::<{ op::TRUE_DIVIDE }>),
            (DIVMOD as u32, |vm, lhs, rhs| {
                if vm.is_int_like(lhs) && vm.is_int_like(rhs) {
                    return vm.int_div_mod(lhs, rhs);
                }
                Ok(vm.not_implemented)
            }),
        ]),
        negative: slot(|vm: &mut Vm, this: ThisInt| Ok(vm.int_negative(this.value()))),
        positive: slot(|vm: &mut Vm, this: ThisInt| Ok(this.exact(vm))),
        absolute: slot(|vm: &mut Vm, this: ThisInt| Ok(vm.int_absolute(this.value()))),
        invert: slot(|vm: &mut Vm, this: ThisInt| Ok(vm.int_invert(this.value()))),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, x=0, /, base=10)", new)
            .traced(trace_new)
            .doc("The int of a number, or of the digits in a text.")
            .counted_first(),
    ),
    methods: METHODS,
    class_methods: &[method("from_bytes", "($self, bytes, byteorder='big', *, signed=False)", from_bytes)
        .doc("The int that bytes are the digits of, to the base 256.")],
    getters: GETTERS,
    ..TypeSpec::NEW
};

const BOOL_INVERT: &str = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.";

pub static BOOL: TypeSpec = TypeSpec {
    name: "bool",
    is_matched_itself: true,
    doc: "True or False.",
    base: Some(&INT),
    slots: Slots {
        repr: Some(|_, out, truth| {
            out.push_str(if truth.as_bool() { "True" } else { "False" });
            Ok(())
        }),
        binary: operators(&[
            (op::AND, logical::<{ op::AND }>),
            (op::XOR, logical::<{ op::XOR }>),
            (op::OR, logical::<{ op::OR }>),
        ]),
        invert: Some(|vm, truth| {
            vm.warn(vm.exceptions.DeprecationWarning, BOOL_INVERT)?;
            Ok(vm.int_invert(truth))
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, object=False, /)", |_: ClassOf<IntObject>, truth: Option<bool>| truth == Some(true))
            .doc("The truth of an object."),
    ),
    ..TypeSpec::NEW
};

fn binary<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    if vm.is_int_like(lhs) && vm.is_int_like(rhs) {
        return vm.int_binary(OPERATION, lhs, rhs);
    }
    Ok(vm.not_implemented)
}

/// Of two bools a bool, else as of ints.
fn logical<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    if !lhs.is_bool() || !rhs.is_bool() {
        return binary::<OPERATION>(vm, lhs, rhs);
    }
    let (a, b) = (lhs.as_bool(), rhs.as_bool());
    Ok(Value::bool(match OPERATION {
        op::AND => a & b,
        op::OR => a | b,
        _ => a ^ b,
    }))
}

const METHODS: &[NativeRow] = &[
    method("__format__", "($self, format_spec, /)", |vm: &mut Vm, this: ThisInt, format: Str| {
        super::object::format_exact(vm, this.value(), format)
    })
    .doc("The value as text in a format."),
    method("bit_length", "($self, /)", bit_length).doc("How many bits the magnitude takes."),
    method("bit_count", "($self, /)", bit_count).doc("How many bits of the magnitude are set."),
    method("conjugate", "($self, /)", exact).doc("The int itself."),
    method("is_integer", "($self, /)", |_: ThisInt| true).doc("True, as for floats without a fraction."),
    method("as_integer_ratio", "($self, /)", |vm: &mut Vm, this: ThisInt| {
        let numerator = this.exact(vm);
        vm.new_tuple(&[numerator, Value::small_int(1)])
    })
    .doc("The int and 1."),
    method("to_bytes", "($self, /, length=1, byteorder='big', *, signed=False)", to_bytes)
        .doc("The digits to the base 256, as so many bytes."),
    method("__int__", "($self, /)", exact).doc("The int itself."),
    method("__index__", "($self, /)", exact).doc("The int itself."),
    method("__trunc__", "($self, /)", exact).doc("The int itself."),
    method("__floor__", "($self, /)", exact).doc("The int itself."),
    method("__ceil__", "($self, /)", exact).doc("The int itself."),
    method("__float__", "($self, /)", |vm: &mut Vm, this: ThisInt| {
        let exact = this.exact(vm);
        vm.to_float(exact)
    })
    .doc("The nearest float."),
    method("__round__", "($self, ndigits=None, /)", |vm: &mut Vm, this: ThisInt, digits: OrNone<Value>| {
        let exact = this.exact(vm);
        vm.round(exact, digits.0)
    })
    .doc("The int to a multiple of a power of 10, halves to even."),
    method("__getnewargs__", "($self, /)", |vm: &mut Vm, this: ThisInt| {
        let exact = this.exact(vm);
        vm.new_tuple(&[exact])
    })
    .doc("The arguments that make such an int anew."),
];

const GETTERS: &[GetSetRow] = &[
    field("real", exact).doc("The int itself."),
    field("imag", |_: ThisInt| 0i64).doc("0"),
    field("numerator", exact).doc("The int itself."),
    field("denominator", |_: ThisInt| 1i64).doc("1"),
];

/// The receiver as an int of the type itself.
fn exact(vm: &mut Vm, this: ThisInt) -> Value {
    this.exact(vm)
}

fn new(vm: &mut Vm, class: ClassOf<IntObject>, value: Option<Value>, base: Option<Value>) -> PyResult {
    let int = match (value, base) {
        (Some(value), Some(base)) => of_digits(vm, value, base)?,
        (None, Some(_)) => return Err(vm.raise_type("int() missing string argument")),
        (Some(value), None) => convert(vm, value)?,
        (None, None) => Value::small_int(0),
    };
    vm.derive(class.class, int)
}

/// `int(value, base)`.
fn of_digits(vm: &mut Vm, value: Value, base: Value) -> PyResult {
    let base = vm.index_clamped(base)?;
    if base != 0 && !(2..=36).contains(&base) {
        return Err(vm.raise_value("int() base must be >= 2 and <= 36, or 0"));
    }
    if vm.is_str(value) {
        return vm.int_from_str(value, base);
    }
    if bytes::byte_string_name(vm, value).is_none() {
        return Err(vm.raise_type("int() can't convert non-string with explicit base"));
    }
    let data = BytesLike::of(vm, value)?;
    let text = String::from_utf8_lossy(&data).into_owned();
    vm.int_from_shown(&text, base, value)
}

/// `int(value)`.
fn convert(vm: &mut Vm, value: Value) -> PyResult {
    if value.is_int() || vm.is_exactly::<IntObject>(value) {
        return Ok(value);
    }
    if value.is_bool() {
        return Ok(Value::small_int(value.as_bool() as i64));
    }
    if value.is_float() {
        return vm.int_from_float(value.as_float());
    }
    let names = vm.names;
    for name in [names.__int__, names.__index__] {
        if let Some(result) = vm.call_special(value, name, &[])? {
            if let Some(result) = ThisInt::receive(vm, result) {
                let name = vm.string_of(name);
                vm.warn_of_derived(result.value(), &name, "int")?;
                return Ok(result.exact(vm));
            }
            let message = format!("{} returned non-int (type {})", vm.string_of(name), vm.class_name(result));
            return Err(vm.raise_type(&message));
        }
    }
    if vm.is_str(value) {
        return vm.int_from_str(value, 10);
    }
    if vm.is_bytes_like(value) {
        let text = String::from_utf8_lossy(&BytesLike::of(vm, value)?).into_owned();
        return vm.int_from_shown(&text, 10, value);
    }
    let name = vm.class_name(value);
    let message = format!("int() argument must be a string, a bytes-like object or a real number, not '{name}'");
    Err(vm.raise_type(&message))
}

fn bit_length(this: ThisInt) -> i64 {
    this.view().n_bits() as i64
}

fn bit_count(this: ThisInt) -> i64 {
    match this.view() {
        IntView::Word(word) => word.unsigned_abs().count_ones() as i64,
        other => other.to_big().unsigned_abs_ref().to_limbs_asc().iter().map(|limb| limb.count_ones() as i64).sum(),
    }
}

fn is_big_endian(vm: &mut Vm, order: Option<Str>) -> PyResult<bool> {
    match order.map(Str::text).as_deref() {
        None | Some("big") => Ok(true),
        Some("little") => Ok(false),
        Some(_) => Err(vm.raise_value("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(vm: &mut Vm, this: ThisInt, length: Option<Index>, order: Option<Str>, signed: Option<bool>) -> PyResult {
    let length = length.map_or(1, |length| length.0);
    let (is_big_endian, signed) = (is_big_endian(vm, order)?, signed == Some(true));
    if length < 0 {
        return Err(vm.raise_value("length argument must be non-negative"));
    }
    let length = length as usize;
    let integer = vm.int_to_big(this.value()).0;
    let negative = integer < 0;
    if negative && !signed {
        return Err(vm.raise_overflow("can't convert negative int to unsigned"));
    }
    let filler = if negative { 0xFF } else { 0 };
    let data: Vec<u8> = integer.to_twos_complement_limbs_asc().iter().flat_map(|limb| limb.to_le_bytes()).collect();
    let byte_at = |at: usize| data.get(at).copied().unwrap_or(filler);
    let fits = (length..data.len()).all(|at| data[at] == filler)
        && (!signed || length == 0 && integer == 0 || length > 0 && (byte_at(length - 1) & 0x80 != 0) == negative);
    if !fits {
        return Err(vm.raise_overflow("int too big to convert"));
    }
    vm.new_bytes_with(length, |bytes| {
        let n = data.len().min(length);
        bytes[..n].copy_from_slice(&data[..n]);
        bytes[n..].fill(filler);
        if is_big_endian {
            bytes.reverse();
        }
    })
}

fn from_bytes(vm: &mut Vm, class: Class, bytes: Value, order: Option<Str>, signed: Option<bool>) -> PyResult {
    let is_big_endian = is_big_endian(vm, order)?;
    let bytes = bytes::as_exact(vm, bytes)?;
    let mut data = This::<BytesObject>::of(vm, bytes).map_or_else(Vec::new, |bytes| bytes.data().to_vec());
    if is_big_endian {
        data.reverse();
    }
    let negative = signed == Some(true) && data.last().is_some_and(|&byte| byte & 0x80 != 0);
    let filler = if negative { 0xFF } else { 0 };
    data.push(filler);
    data.resize(data.len().next_multiple_of(8), filler);
    let limbs: Vec<u64> = data
        .chunks_exact(8)
        .map(|chunk| {
            u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]])
        })
        .collect();
    let int = vm.new_big(BigInt(Integer::from_twos_complement_limbs_asc(&limbs)));
    if class.is_of(&INT) { Ok(int) } else { vm.call(Value::object(class.0), &[int]) }
}

/// `int(x)` of a small int, or of a float that has an integer part of 64 bits.
fn trace_new(call: &mut NativeCall<'_>) -> Traced {
    let &[class, x] = call.arguments() else { return Ok(None) };
    if !call.vm.is_class(class.now, &INT) {
        return Ok(None);
    }
    if let Some(integer) = call.int(x)? {
        return Ok(Some(call.boxed(integer)));
    }
    if !x.now.is_float() || float_to_int(x.now.as_float()).is_none() {
        return Ok(None);
    }
    let Some(float) = call.float(x)? else { return Ok(None) };
    let integer = call.compute(Op::FloatToInt {}, &[float])?;
    Ok(Some(call.boxed(integer)))
}
