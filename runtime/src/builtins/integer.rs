//! `int` and `bool`.

use super::receiver::bytes_of;
use crate::object::buffer::BytesLike;
use crate::object::integer::{BigInt, int_of, int_to_big, int_to_i64};
use crate::object::native::{NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::{DIVMOD, Slots, operators};
use crate::object::spec::TypeSpec;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::uop::Op;
use crate::uop::sem::float_to_int;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;

pub static INT: TypeSpec = TypeSpec {
    name: "int",
    is_matched_itself: true,
    doc: "A whole number of any size.",
    is_base: true,
    slots: Slots {
        repr: Some(|vm, out, int| {
            out.push_str(&vm.int_to_string(int)?);
            Ok(())
        }),
        hash: Some(|_, int| Ok(int_of(int).hash())),
        compare: Some(|vm, operation, lhs, rhs| {
            if !vm.is_int_like(rhs) {
                return Ok(vm.not_implemented);
            }
            Vm::ordered(operation, int_of(lhs).compare(int_of(rhs)))
        }),
        truth: Some(|_, int| Ok(!int_of(int).is_zero())),
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
        negative: Some(|vm, int| Ok(vm.int_negative(int))),
        positive: Some(|vm, int| Ok(vm.int_exact(int))),
        absolute: Some(|vm, int| Ok(vm.int_absolute(int))),
        invert: Some(|vm, int| Ok(vm.int_invert(int))),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

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
        ..Slots::NONE
    },
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
    native("bit_length", "($self, /)", bit_length),
    native("bit_count", "($self, /)", bit_count),
    native("conjugate", "($self, /)", to_int),
    native("is_integer", "($self, /)", |_, _| Ok(Value::TRUE)),
    native("as_integer_ratio", "($self, /)", |vm, args| {
        let numerator = to_int(vm, args)?;
        Ok(vm.new_tuple(&[numerator, Value::small_int(1)]))
    }),
    native("to_bytes", "($self, length=1, byteorder='big', *, signed=False)", to_bytes),
    native("__int__", "($self, /)", to_int),
    native("__index__", "($self, /)", to_int),
    native("__trunc__", "($self, /)", to_int),
    native("__floor__", "($self, /)", to_int),
    native("__ceil__", "($self, /)", to_int),
    native("__float__", "($self, /)", to_float),
    native("__round__", "($self, ndigits=None, /)", |vm, args| {
        let value = to_int(vm, args)?;
        super::numbers::round(vm, &[value, args[1]])
    }),
    native("__getnewargs__", "($self, /)", |vm, args| {
        let value = to_int(vm, args)?;
        Ok(vm.new_tuple(&[value]))
    }),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Int, METHODS);
    vm.add_class_methods(
        BuiltinType::Int,
        &[native("from_bytes", "($self, bytes, byteorder='big', *, signed=False)", from_bytes)],
    );
    let int = vm.class(BuiltinType::Int);
    vm.add_new(int, native("__new__", "($type, x=0, /, base=10)", new).traced(trace_new));
    let bool = vm.class(BuiltinType::Bool);
    vm.add_new(bool, native("__new__", "($type, object=False, /)", new_bool));
    vm.add_getters(
        BuiltinType::Int,
        &[
            ("real", |vm, value| to_int(vm, &[value])),
            ("numerator", |vm, value| to_int(vm, &[value])),
            ("imag", |_, _| Ok(Value::small_int(0))),
            ("denominator", |_, _| Ok(Value::small_int(1))),
        ],
    );
}

/// The receiver as an exact int.
fn to_int(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = args[0];
    if value.is_int() {
        return Ok(value);
    }
    if value.is_bool() {
        return Ok(Value::small_int(value.as_bool() as i64));
    }
    vm.check_receiver(value, BuiltinType::Int)?;
    vm.exact_alias(value)
}

fn to_float(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = to_int(vm, args)?;
    Ok(Value::float(vm.to_float(value)?))
}

fn new_bool(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_unbound() {
        return Ok(Value::FALSE);
    }
    Ok(Value::bool(vm.is_true(args[1])?))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Int)?;
    let base = args.get(2).copied().unwrap_or(Value::UNBOUND);
    let value = args.get(1).copied().unwrap_or(Value::UNBOUND);
    let int = convert(vm, value, base)?;
    vm.derive(class, int)
}

/// `int(value, base)`.
fn convert(vm: &mut Vm, value: Value, base: Value) -> PyResult {
    if !base.is_unbound() {
        if value.is_unbound() {
            return Err(vm.raise_type("int() missing string argument"));
        }
        let base = vm.index_i64(base)?;
        if base != 0 && !(2..=36).contains(&base) {
            return Err(vm.raise_value("int() base must be >= 2 and <= 36, or 0"));
        }
        if vm.is_str(value) {
            return vm.int_from_str(value, base);
        }
        if super::bytes::byte_string_name(vm, value).is_none() {
            return Err(vm.raise_type("int() can't convert non-string with explicit base"));
        }
        let data = BytesLike::of(vm, value)?;
        let text = vm.str_from_latin1(&data);
        return vm.int_from_str(text, base);
    }
    if value.is_unbound() {
        return Ok(Value::small_int(0));
    }
    if value.is_int() || vm.is_exact(value, BuiltinType::Int) {
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
            if vm.has_layout(result, BuiltinType::Int) || result.is_int() || result.is_bool() {
                return to_int(vm, &[result]);
            }
            let message = format!("{} returned non-int (type {})", str_to_string(name), vm.class_name(result));
            return Err(vm.raise_type(&message));
        }
    }
    if vm.is_str(value) {
        return vm.int_from_str(value, 10);
    }
    if vm.is_bytes_like(value) {
        let data = BytesLike::of(vm, value)?;
        let text = vm.str_from_latin1(&data);
        return vm.int_from_str(text, 10);
    }
    let name = vm.class_name(value);
    let message = format!("int() argument must be a string, a bytes-like object or a real number, not '{name}'");
    Err(vm.raise_type(&message))
}

fn bit_length(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = to_int(vm, args)?;
    let bits = match int_to_i64(value) {
        Some(word) => 64 - word.unsigned_abs().leading_zeros() as i64,
        None => int_to_big(value).0.significant_bits() as i64,
    };
    Ok(Value::small_int(bits))
}

fn bit_count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = to_int(vm, args)?;
    let ones = match int_to_i64(value) {
        Some(word) => word.unsigned_abs().count_ones() as i64,
        None => int_to_big(value).0.unsigned_abs_ref().to_limbs_asc().iter().map(|limb| limb.count_ones() as i64).sum(),
    };
    Ok(Value::small_int(ones))
}

fn is_big_endian(vm: &mut Vm, order: Value) -> PyResult<bool> {
    if order.is_unbound() {
        return Ok(true);
    }
    let text = if vm.is_str(order) { str_to_string(order) } else { String::new() };
    match text.as_str() {
        "big" => Ok(true),
        "little" => Ok(false),
        _ => Err(vm.raise_value("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = to_int(vm, args)?;
    let length = if args[1].is_unbound() { 1 } else { vm.index_i64(args[1])? };
    let big_endian = is_big_endian(vm, args[2])?;
    let signed = !args[3].is_unbound() && vm.is_true(args[3])?;
    if length < 0 {
        return Err(vm.raise_value("length argument must be non-negative"));
    }
    let length = length as usize;
    let integer = int_to_big(value).0;
    let negative = integer < 0;
    if negative && !signed {
        return Err(vm.raise_overflow("can't convert negative int to unsigned"));
    }
    let filler = if negative { 0xFF } else { 0 };
    let mut data: Vec<u8> = integer.to_twos_complement_limbs_asc().iter().flat_map(|limb| limb.to_le_bytes()).collect();
    data.resize(data.len().max(length), filler);
    let fits = data[length..].iter().all(|&byte| byte == filler)
        && (!signed || length == 0 && integer == 0 || length > 0 && (data[length - 1] & 0x80 != 0) == negative);
    if !fits {
        return Err(vm.raise_overflow("int too big to convert"));
    }
    data.truncate(length);
    if big_endian {
        data.reverse();
    }
    vm.new_bytes(&data)
}

fn from_bytes(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bytes = super::bytes::as_exact(vm, args[1])?;
    let mut data = bytes_of(bytes).to_vec();
    if is_big_endian(vm, args[2])? {
        data.reverse();
    }
    let signed = !args[3].is_unbound() && vm.is_true(args[3])?;
    let negative = signed && data.last().is_some_and(|&byte| byte & 0x80 != 0);
    data.push(if negative { 0xFF } else { 0 });
    let filler = if negative { 0xFF } else { 0 };
    data.resize(data.len().next_multiple_of(8), filler);
    let limbs: Vec<u64> = data
        .chunks_exact(8)
        .map(|chunk| {
            u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]])
        })
        .collect();
    let int = vm.new_big(BigInt(Integer::from_twos_complement_limbs_asc(&limbs)));
    if args[0] == Value::object(vm.class(BuiltinType::Int)) { Ok(int) } else { vm.call(args[0], &[int]) }
}

/// `int(x)` of a small int, or of a float that has an integer part of 64 bits.
fn trace_new(call: &mut NativeCall<'_>) -> Traced {
    let &[class, x] = call.arguments() else { return Ok(None) };
    if class.now != Value::object(call.vm.class(BuiltinType::Int)) {
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
