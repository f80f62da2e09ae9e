//! Functions of integers.

use super::big_argument;
use crate::builtins::tuple_of;
use crate::object::integer::{BigInt, int_to_i64};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::arithmetic::traits::{Abs, FloorSqrt, Gcd, Lcm, UnsignedAbs};
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;

pub fn gcd(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = tuple_of(args[0]).items();
    if let [a, b] = items
        && a.is_int()
        && b.is_int()
    {
        let (mut a, mut b) = (a.as_int().unsigned_abs(), b.as_int().unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        return Ok(vm.new_int(a as i64));
    }
    let mut result = Natural::from(0u32);
    for &item in items {
        result = result.gcd(big_argument(vm, item)?.unsigned_abs());
    }
    Ok(vm.new_big(BigInt(Integer::from(result))))
}

pub fn lcm(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut result = Natural::from(1u32);
    for &item in tuple_of(args[0]).items() {
        result = result.lcm(big_argument(vm, item)?.unsigned_abs());
    }
    Ok(vm.new_big(BigInt(Integer::from(result))))
}

/// The product `from · (from + 1) · … · to`, by halves so that the factors are of like size.
fn product(from: u64, to: u64) -> Integer {
    if from > to {
        return Integer::from(1);
    }
    if to - from < 8 {
        return (from..=to).fold(Integer::from(1), |product, factor| product * Integer::from(factor));
    }
    let middle = from + (to - from) / 2;
    product(from, middle) * product(middle + 1, to)
}

pub fn factorial(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.index(args[0])?;
    match int_to_i64(n) {
        Some(n) if n < 0 => Err(vm.raise_value("factorial() not defined for negative values")),
        Some(n) if n <= 10_000_000 => Ok(vm.new_big(BigInt(product(2, n as u64)))),
        _ => Err(vm.raise_overflow("factorial() argument should not exceed 9223372036854775807")),
    }
}

/// Two arguments that may not be negative.
fn pair(vm: &mut Vm, n: Value, k: Value) -> PyResult<(Integer, Integer)> {
    let (n, k) = (big_argument(vm, n)?, big_argument(vm, k)?);
    for (value, name) in [(&n, "n"), (&k, "k")] {
        if *value < 0 {
            let message = format!("{name} must be a non-negative integer");
            return Err(vm.raise_value(&message));
        }
    }
    Ok((n, k))
}

pub fn comb(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (n, k) = pair(vm, args[0], args[1])?;
    if k > n {
        return Ok(Value::small_int(0));
    }
    let other = &n - &k;
    let k = if other < k { other } else { k };
    let Ok(k) = u64::try_from(&k) else {
        return Err(vm.raise_overflow("min(n - k, k) must not exceed 18446744073709551615"));
    };
    let mut result = Integer::from(1);
    for i in 0..k {
        result = result * (&n - Integer::from(i)) / Integer::from(i + 1);
    }
    Ok(vm.new_big(BigInt(result)))
}

pub fn perm(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(k) = vm.optional(args[1]) else { return factorial(vm, &args[..1]) };
    let (n, k) = pair(vm, args[0], k)?;
    if k > n {
        return Ok(Value::small_int(0));
    }
    let Ok(k) = u64::try_from(&k) else {
        return Err(vm.raise_overflow("k must not exceed 18446744073709551615"));
    };
    let result = (0..k).fold(Integer::from(1), |product, i| product * (&n - Integer::from(i)));
    Ok(vm.new_big(BigInt(result)))
}

pub fn isqrt(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = big_argument(vm, args[0])?;
    if n < 0 {
        return Err(vm.raise_value("isqrt() argument must be nonnegative"));
    }
    Ok(vm.new_big(BigInt(Integer::from(n.abs().unsigned_abs().floor_sqrt()))))
}
