//! Functions of integers.

use super::{AnyInt, any_int};
use crate::object::argument::{OrNone, Rest};
use crate::object::integer::BigInt;
use crate::vm::{PyResult, Vm};
use malachite_base::num::arithmetic::traits::{Abs, FloorSqrt, Gcd, Lcm, UnsignedAbs};
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;

pub fn gcd(vm: &mut Vm, integers: Rest) -> PyResult {
    if let [a, b] = integers.items()
        && a.is_int()
        && b.is_int()
    {
        let (mut a, mut b) = (a.as_int().unsigned_abs(), b.as_int().unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        return Ok(vm.new_int_from_u64(a));
    }
    let mut result = Natural::from(0u32);
    for &integer in integers.items() {
        result = result.gcd(any_int(vm, integer)?.unsigned_abs());
    }
    Ok(vm.new_big(BigInt(Integer::from(result))))
}

pub fn lcm(vm: &mut Vm, integers: Rest) -> PyResult<BigInt> {
    let mut result = Natural::from(1u32);
    for &integer in integers.items() {
        result = result.lcm(any_int(vm, integer)?.unsigned_abs());
    }
    Ok(BigInt(Integer::from(result)))
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

pub fn factorial(vm: &mut Vm, n: AnyInt) -> PyResult<BigInt> {
    if n.0 < 0 {
        return Err(vm.raise_value("factorial() not defined for negative values"));
    }
    match u64::try_from(&n.0) {
        Ok(n) if n <= 10_000_000 => Ok(BigInt(product(2, n))),
        _ => Err(vm.raise_overflow("factorial() argument should not exceed 9223372036854775807")),
    }
}

fn check_not_negative(vm: &mut Vm, n: &Integer, k: &Integer) -> PyResult<()> {
    for (value, name) in [(n, "n"), (k, "k")] {
        if *value < 0 {
            let message = format!("{name} must be a non-negative integer");
            return Err(vm.raise_value(&message));
        }
    }
    Ok(())
}

pub fn comb(vm: &mut Vm, AnyInt(n): AnyInt, AnyInt(k): AnyInt) -> PyResult<BigInt> {
    check_not_negative(vm, &n, &k)?;
    if k > n {
        return Ok(BigInt(Integer::from(0)));
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
    Ok(BigInt(result))
}

pub fn perm(vm: &mut Vm, n: AnyInt, k: OrNone<AnyInt>) -> PyResult<BigInt> {
    let Some(AnyInt(k)) = k.0 else { return factorial(vm, n) };
    let n = n.0;
    check_not_negative(vm, &n, &k)?;
    if k > n {
        return Ok(BigInt(Integer::from(0)));
    }
    let Ok(k) = u64::try_from(&k) else {
        return Err(vm.raise_overflow("k must not exceed 18446744073709551615"));
    };
    Ok(BigInt((0..k).fold(Integer::from(1), |product, i| product * (&n - Integer::from(i)))))
}

pub fn isqrt(vm: &mut Vm, AnyInt(n): AnyInt) -> PyResult<BigInt> {
    if n < 0 {
        return Err(vm.raise_value("isqrt() argument must be nonnegative"));
    }
    Ok(BigInt(Integer::from(n.abs().unsigned_abs().floor_sqrt())))
}
