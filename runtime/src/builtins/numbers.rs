//! The built-in functions about numbers: `abs`, `round`, `sum`, `min` and the like.

use super::bytearray::ByteArray;
use super::bytes::ByteString;
use crate::interp::drain::Drain;
use crate::object::argument::{OrNone, Rest, method};
use crate::object::integer::BigInt;
use crate::object::layout::{BytesObject, ComplexObject, IntObject, RangeObject};
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::uop::Op;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("abs", "(x, /)", |vm: &mut Vm, x: Value| vm.absolute(x)).traced(trace_abs).doc("The magnitude."),
    method("divmod", "(x, y, /)", |vm: &mut Vm, x: Value, y: Value| vm.divmod(x, y))
        .doc("The quotient as `//` gives it, and the rest."),
    method("pow", "(base, exp, mod=None)", |vm: &mut Vm, base: Value, exp: Value, modulus: Option<Value>| {
        vm.power(base, exp, modulus.unwrap_or(Value::UNBOUND))
    })
    .doc("`base ** exp`, or `base ** exp % mod`."),
    method("round", "(number, ndigits=None)", |vm: &mut Vm, number: Value, digits: OrNone<Value>| {
        vm.round(number, digits.0)
    })
    .doc("The nearest int, or the nearest number of so many decimals; halves to even."),
    method("sum", "(iterable, /, start=0)", sum).doc("A start and all items, added up."),
    method("min", "(*args, key=None, default=<unrepresentable>)", extreme::<false>)
        .traced(|call| trace_extreme(call, false))
        .doc("The smallest argument, or the smallest item of the only one."),
    method("max", "(*args, key=None, default=<unrepresentable>)", extreme::<true>)
        .traced(|call| trace_extreme(call, true))
        .doc("The largest argument, or the largest item of the only one."),
    method("bin", "(number, /)", |vm: &mut Vm, number: Value| in_base(vm, number, 2, "0b"))
        .doc("The binary digits of an int, behind `0b`."),
    method("oct", "(number, /)", |vm: &mut Vm, number: Value| in_base(vm, number, 8, "0o"))
        .doc("The octal digits of an int, behind `0o`."),
    method("hex", "(number, /)", |vm: &mut Vm, number: Value| in_base(vm, number, 16, "0x"))
        .doc("The hexadecimal digits of an int, behind `0x`."),
];

impl Vm {
    /// `round(value, digits)`.
    pub(super) fn round(&mut self, value: Value, digits: Option<Value>) -> PyResult {
        if value.is_float() {
            let Some(digits) = digits else { return self.int_from_float(value.as_float().round_ties_even()) };
            let digits = self.index_clamped(digits)?;
            let rounded = round_float(value.as_float(), digits);
            if rounded.is_infinite() && value.as_float().is_finite() {
                return Err(self.raise_overflow("rounded value too large to represent"));
            }
            return Ok(Value::float(rounded));
        }
        if value.is_int() || value.is_bool() || self.is_exactly::<IntObject>(value) {
            let value = self.int_exact(value);
            return digits.map_or(Ok(value), |digits| round_int(self, value, digits));
        }
        let name = self.intern("__round__");
        let result = match digits {
            None => self.call_special(value, name, &[])?,
            Some(digits) => self.call_special(value, name, &[digits])?,
        };
        result.ok_or_else(|| {
            let message = format!("type {} doesn't define __round__ method", self.class_name(value));
            self.raise_type(&message)
        })
    }
}

/// To `digits` decimals, exactly, halves to even.
fn round_float(x: f64, digits: i64) -> f64 {
    if !x.is_finite() || digits > 323 {
        return x;
    }
    if digits < -308 {
        return 0.0 * x;
    }
    if digits >= 0 {
        // Formatting rounds the exact value half to even.
        return format!("{x:.*}", digits as usize).parse().unwrap_or(x);
    }
    round_to_tens(x, -digits as usize)
}

/// To a multiple of a power of ten, exactly: in the decimal digits of the whole part.
fn round_to_tens(x: f64, n_zeros: usize) -> f64 {
    let (whole, has_fraction) = (format!("{:.0}", x.abs().trunc()), x.fract() != 0.0);
    let split = whole.len().saturating_sub(n_zeros);
    let (head, tail) = whole.split_at(split);
    let is_far = whole.len() < n_zeros;
    let first = tail.bytes().next().filter(|_| !is_far).unwrap_or(b'0');
    let is_above_half = tail.bytes().skip(1).any(|digit| digit != b'0') || has_fraction;
    let is_odd = head.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let is_up = first > b'5' || first == b'5' && (is_above_half || is_odd);
    let mut digits: Vec<u8> = std::iter::once(b'0').chain(head.bytes()).collect();
    let mut at = digits.len();
    let mut carry = is_up;
    while carry {
        at -= 1;
        carry = digits[at] == b'9';
        digits[at] = if carry { b'0' } else { digits[at] + 1 };
    }
    let text = format!("{}e{n_zeros}", String::from_utf8_lossy(&digits));
    text.parse::<f64>().unwrap_or(x).copysign(x)
}

/// To a multiple of `10 ** -digits`, halves to even.
fn round_int(vm: &mut Vm, value: Value, digits: Value) -> PyResult {
    let digits = vm.index_clamped(digits)?;
    if digits >= 0 {
        return Ok(value);
    }
    if digits < -20_000 {
        return Ok(Value::small_int(0));
    }
    let ten = Value::small_int(10);
    let unit = vm.binary_op(op::POWER, ten, Value::small_int(-digits))?;
    let quotient = vm.binary_op(op::FLOOR_DIVIDE, value, unit)?;
    let rest = vm.binary_op(op::REMAINDER, value, unit)?;
    let twice = vm.binary_op(op::ADD, rest, rest)?;
    let is_odd = vm.binary_op(op::AND, quotient, Value::small_int(1))? == Value::small_int(1);
    let up = vm.less_than(unit, twice)? || is_odd && vm.equal(unit, twice)?;
    let quotient = if up { vm.binary_op(op::ADD, quotient, Value::small_int(1))? } else { quotient };
    vm.binary_op(op::MULTIPLY, quotient, unit)
}

/// A float sum with its running compensation (Neumaier).
struct FloatSum {
    high: f64,
    low: f64,
}

impl FloatSum {
    fn add(&mut self, x: f64) {
        let total = self.high + x;
        self.low += if self.high.abs() >= x.abs() { (self.high - total) + x } else { (x - total) + self.high };
        self.high = total;
    }
    fn total(&self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

fn sum(vm: &mut Vm, iterable: Value, start: Option<Value>) -> PyResult {
    let start = start.unwrap_or(Value::small_int(0));
    for (ty, instead) in [
        (BuiltinType::Str, "strings [use ''.join(seq) instead]"),
        (BuiltinType::Bytes, "bytes [use b''.join(seq) instead]"),
    ] {
        if vm.has_layout(start, ty) {
            let message = format!("sum() can't sum {instead}");
            return Err(vm.raise_type(&message));
        }
    }
    if vm.is_of_spec(start, &super::bytearray::BYTEARRAY) {
        return Err(vm.raise_type("sum() can't sum bytearray [use b''.join(seq) instead]"));
    }
    if start.is_int()
        && let Some(total) = total_of_known(vm, iterable)
        && let Some(sum) = start.as_int().checked_add(total)
    {
        return Ok(vm.new_int(sum));
    }
    if start.is_int()
        && let Some(total) = vm.drain(Drain::AddUp, iterable, Some(start))?
    {
        return Ok(total);
    }
    let iterator = vm.get_iter(iterable)?;
    vm.add_up(iterator, start)
}

/// `max` or `min`.
fn extreme<const LARGEST: bool>(vm: &mut Vm, arguments: Rest, key: OrNone<Value>, default: Option<Value>) -> PyResult {
    let name = if LARGEST { "max" } else { "min" };
    let key = key.0;
    let iterable = match arguments.items() {
        [] => {
            let message = format!("{name} expected at least 1 argument, got 0");
            return Err(vm.raise_type(&message));
        }
        [one] => *one,
        _ if default.is_some() => {
            let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(vm.raise_type(&message));
        }
        _ => arguments.value(),
    };
    if key.is_none()
        && vm.is_plain(iterable)
        && iterable.is_object()
        && let Some(best) = vm.simple_extreme(iterable, LARGEST)
    {
        return Ok(best);
    }
    let empty = |vm: &mut Vm| default.ok_or_else(|| vm.raise_value(&format!("{name}() iterable argument is empty")));
    let drain = if LARGEST { Drain::Largest } else { Drain::Smallest };
    // The arguments' own tuple stands for nothing: no item can be it.
    if key.is_none()
        && let Some(best) = vm.drain(drain, iterable, Some(arguments.value()))?
    {
        return if best == arguments.value() { empty(vm) } else { Ok(best) };
    }
    let iterator = vm.get_iter(iterable)?;
    let Some(mut best) = vm.iter_next(iterator)? else { return empty(vm) };
    let mut best_key = match key {
        Some(key) => vm.call(key, &[best])?,
        None => best,
    };
    while let Some(item) = vm.iter_next(iterator)? {
        let item_key = match key {
            Some(key) => vm.call(key, &[item])?,
            None => item,
        };
        let is_better = if LARGEST { vm.greater_than(item_key, best_key)? } else { vm.less_than(item_key, best_key)? };
        if is_better {
            (best, best_key) = (item, item_key);
        }
    }
    Ok(best)
}

/// The sum of the bytes of exact `bytes` and `bytearray`, and of the numbers of a range, where it is a word.
fn total_of_known(vm: &Vm, iterable: Value) -> Option<i64> {
    let total_of_bytes = |data: &[u8]| data.iter().map(|&byte| i64::from(byte)).sum();
    if let Some(bytes) = vm.exactly::<BytesObject>(iterable) {
        return Some(total_of_bytes(bytes.data()));
    }
    if let Some(bytes) = vm.exactly::<ByteArray>(iterable) {
        return Some(total_of_bytes(bytes.data()));
    }
    let range = vm.exactly::<RangeObject>(iterable)?;
    if !(range.start.is_int() && range.step.is_int() && range.len.is_int()) {
        return None;
    }
    let [start, step, len] = [range.start, range.step, range.len].map(|number| i128::from(number.as_int()));
    // Halved before it is multiplied, so that it fits: one of the two numbers is even.
    let twice_the_mean = 2 * start + step.checked_mul(len - 1)?;
    i64::try_from(if len % 2 == 0 {
        (len / 2).checked_mul(twice_the_mean)?
    } else {
        len.checked_mul(twice_the_mean / 2)?
    })
    .ok()
}

impl Vm {
    /// `total` and all items of an iterator; floats are added up more precisely than one by one.
    pub(crate) fn add_up(&mut self, iterator: Value, mut total: Value) -> PyResult {
        loop {
            if total.is_int() {
                let mut word = total.as_int();
                loop {
                    let Some(item) = self.iter_next(iterator)? else { return Ok(self.new_int(word)) };
                    let number = match item {
                        _ if item.is_int() => Some(item.as_int()),
                        Value::TRUE => Some(1),
                        Value::FALSE => Some(0),
                        _ => None,
                    };
                    if let Some(next) = number.and_then(|number| word.checked_add(number)) {
                        word = next;
                        continue;
                    }
                    let so_far = self.new_int(word);
                    total = self.binary_op(op::ADD, so_far, item)?;
                    break;
                }
            } else if total.is_float() {
                let mut float = FloatSum { high: total.as_float(), low: 0.0 };
                loop {
                    let Some(item) = self.iter_next(iterator)? else { return Ok(Value::float(float.total())) };
                    if item.is_float() {
                        float.add(item.as_float());
                    } else if self.is_int_like(item) {
                        let item = self.to_float(item)?;
                        float.add(item);
                    } else {
                        total = self.binary_op(op::ADD, Value::float(float.total()), item)?;
                        break;
                    }
                }
            } else if self.is_exactly::<ComplexObject>(total) {
                let (re, im) = self.complex_parts(total).unwrap_or_default();
                let (mut re, mut im) = (FloatSum { high: re, low: 0.0 }, FloatSum { high: im, low: 0.0 });
                loop {
                    let Some(item) = self.iter_next(iterator)? else {
                        return Ok(self.new_complex(re.total(), im.total()));
                    };
                    if let Some((real, imaginary)) = self.complex_parts(item) {
                        re.add(real);
                        im.add(imaginary);
                    } else if item.is_float() || self.is_int_like(item) {
                        let item = self.to_float(item)?;
                        re.add(item);
                    } else {
                        let so_far = self.new_complex(re.total(), im.total());
                        total = self.binary_op(op::ADD, so_far, item)?;
                        break;
                    }
                }
            } else {
                let Some(item) = self.iter_next(iterator)? else { return Ok(total) };
                total = self.binary_op(op::ADD, total, item)?;
            }
        }
    }

    /// `lhs > rhs`.
    pub fn greater_than(&mut self, lhs: Value, rhs: Value) -> PyResult<bool> {
        if lhs.is_int() && rhs.is_int() {
            return Ok(lhs.as_int() > rhs.as_int());
        }
        if lhs.is_float() && rhs.is_float() {
            return Ok(lhs.as_float() > rhs.as_float());
        }
        const GREATER: u32 = 4;
        let result = self.compare_op(GREATER, lhs, rhs)?;
        self.is_true(result)
    }
}

fn in_base(vm: &mut Vm, value: Value, base: u32, prefix: &str) -> PyResult<String> {
    let int = vm.index(value)?;
    let Some(word) = vm.int_to_i64(int) else {
        let BigInt(big) = vm.int_to_big(int);
        let digits = vm.int_magnitude_digits(int, base)?;
        return Ok(format!("{}{prefix}{digits}", if big < 0 { "-" } else { "" }));
    };
    let (sign, word) = (if word < 0 { "-" } else { "" }, word.unsigned_abs());
    Ok(match base {
        2 => format!("{sign}{prefix}{word:b}"),
        8 => format!("{sign}{prefix}{word:o}"),
        _ => format!("{sign}{prefix}{word:x}"),
    })
}

fn trace_abs(call: &mut NativeCall<'_>) -> Traced {
    let &[argument] = call.arguments() else { return Ok(None) };
    let result = if let Some(float) = call.float(argument)? {
        call.compute(Op::FloatAbs {}, &[float])?
    } else if let Some(integer) = call.int(argument)? {
        // -1 where it is negative, else 0.
        let last_bit = call.const_int(63);
        let sign = call.compute(Op::IntShr {}, &[integer, last_bit])?;
        let flipped = call.compute(Op::IntXor {}, &[integer, sign])?;
        call.compute(Op::IntSub {}, &[flipped, sign])?
    } else {
        return Ok(None);
    };
    Ok(Some(call.boxed(result)))
}

fn trace_extreme(call: &mut NativeCall<'_>, largest: bool) -> Traced {
    match *call.arguments() {
        [container] if container.now.is_object() => {
            call.recorder.extreme(call.vm, container.now, container.uop, largest)
        }
        // The first one, unless the other goes before it.
        [first, second] => {
            let (less, greater) = if largest { (first, second) } else { (second, first) };
            let (is_less, is_less_now) = if first.now.is_int() && second.now.is_int() {
                let (Some(low), Some(high)) = (call.int(less)?, call.int(greater)?) else { return Ok(None) };
                (call.compute(Op::IntLt {}, &[low, high])?, less.now.as_int() < greater.now.as_int())
            } else if first.now.is_float() && second.now.is_float() {
                let (Some(low), Some(high)) = (call.float(less)?, call.float(greater)?) else { return Ok(None) };
                (call.compute(Op::FloatLt {}, &[low, high])?, less.now.as_float() < greater.now.as_float())
            } else {
                return Ok(None);
            };
            call.guard_truth(is_less, is_less_now)?;
            Ok(Some(if is_less_now { second.uop } else { first.uop }))
        }
        _ => Ok(None),
    }
}
