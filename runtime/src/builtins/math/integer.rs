//! Functions of integers.

use super::{AnyInt, any_int};
use crate::object::argument::{OrNone, Rest};
use crate::object::integer::BigInt;
use crate::object::integer::divide::{div_rem, floor_root};
use crate::object::integer::leave::{Leave, finished};
use crate::object::integer::multiply::product_of_range;
use crate::vm::{PyResult, Vm};
use malachite_base::num::arithmetic::traits::{Gcd, Lcm, UnsignedAbs};
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;

/// Of longer numbers a divisor takes some milliseconds, and so does a root.
const LONG_GCD_LIMBS: u64 = 1000;
const LONG_ROOT_LIMBS: u64 = 10_000;

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
        let other = any_int(vm, integer)?.unsigned_abs();
        // The crate goes on by itself where nobody waits any more.
        result = if result.limb_count().min(other.limb_count()) > LONG_GCD_LIMBS {
            vm.work_aside(move |_| Ok(result.gcd(other)))?
        } else {
            result.gcd(other)
        };
    }
    Ok(vm.new_big(BigInt(Integer::from(result))))
}

pub fn lcm(vm: &mut Vm, integers: Rest) -> PyResult<BigInt> {
    let mut result = Natural::from(1u32);
    for &integer in integers.items() {
        let other = any_int(vm, integer)?.unsigned_abs();
        result = if result.limb_count().min(other.limb_count()) > LONG_GCD_LIMBS {
            vm.work_aside(move |_| Ok(result.lcm(other)))?
        } else {
            result.lcm(other)
        };
    }
    Ok(BigInt(Integer::from(result)))
}

/// The factors from which on a product of so many of them takes some milliseconds.
const MANY_FACTORS: u64 = 2000;

/// `from · (from + 1) · … · to`
fn range_product(vm: &mut Vm, from: u64, to: u64) -> PyResult<Natural> {
    if to.saturating_sub(from) > MANY_FACTORS {
        return vm.work_aside(move |leave| product_of_range(from, to, leave));
    }
    Ok(finished(product_of_range(from, to, &Leave::FOREVER)))
}

pub fn factorial(vm: &mut Vm, n: AnyInt) -> PyResult<BigInt> {
    if n.0 < 0 {
        return Err(vm.raise_value("factorial() not defined for negative values"));
    }
    match u64::try_from(&n.0) {
        Ok(n) if n <= 10_000_000 => Ok(BigInt(Integer::from(range_product(vm, 2, n)?))),
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
    if k > MANY_FACTORS / 4
        && let Ok(n) = u64::try_from(&n)
    {
        let quotient = vm.work_aside(move |leave| {
            let above = product_of_range(n - k + 1, n, leave)?;
            Ok(div_rem(&above, &product_of_range(2, k, leave)?, leave)?.0)
        })?;
        return Ok(BigInt(Integer::from(quotient)));
    }
    let mut result = Integer::from(1);
    for i in 0..k {
        vm.answer_interrupt()?;
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
    if let Ok(n) = u64::try_from(&n)
        && let Some(from) = (n - k).checked_add(1)
    {
        return Ok(BigInt(Integer::from(range_product(vm, from, n)?)));
    }
    let mut product = Integer::from(1);
    for i in 0..k {
        vm.answer_interrupt()?;
        product *= &n - Integer::from(i);
    }
    Ok(BigInt(product))
}

pub fn isqrt(vm: &mut Vm, AnyInt(n): AnyInt) -> PyResult<BigInt> {
    if n < 0 {
        return Err(vm.raise_value("isqrt() argument must be nonnegative"));
    }
    let n = n.unsigned_abs();
    let root = if n.limb_count() > LONG_ROOT_LIMBS {
        vm.work_aside(move |leave| floor_root(&n, leave))?
    } else {
        finished(floor_root(&n, &Leave::FOREVER))
    };
    Ok(BigInt(Integer::from(root)))
}
