//! Quotients of long integers, by Burnikel's and Ziegler's way: a division of two digits by one is two of three halves by two,
//! each of which is a division half as long and a product.

use super::leave::{Abandoned, Leave};
use super::multiply::{LIMB_BITS, magnitude};
use malachite_base::num::arithmetic::traits::DivRem;
use malachite_base::num::basic::traits::{One, Zero};
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;

/// Divisors and quotients of fewer limbs than this are left to the crate.
const SHORT: usize = 200;
/// From so many products of limbs on a division by the crate takes some milliseconds, and so does one of so many limbs.
const LONG_PRODUCTS: u64 = 4_000_000;
const LONG_LIMBS: u64 = 200_000;

/// Does a division of numbers of so many bits take long?
pub fn is_long_division(x_bits: u64, y_bits: u64) -> bool {
    let (quotient, divisor) = (x_bits.saturating_sub(y_bits) / LIMB_BITS, y_bits / LIMB_BITS);
    quotient > 0 && (quotient.saturating_mul(divisor) > LONG_PRODUCTS || quotient > LONG_LIMBS)
}

/// Floor quotient and remainder; the divisor is not zero.
pub fn div_mod(x: &Integer, y: &Integer, leave: &Leave) -> Result<(Integer, Integer), Abandoned> {
    let (mut quotient, mut rest) = div_rem(x.unsigned_abs_ref(), y.unsigned_abs_ref(), leave)?;
    let is_negative = (*x < 0) != (*y < 0);
    if is_negative && rest != Natural::ZERO {
        quotient += Natural::ONE;
        rest = y.unsigned_abs_ref() - rest;
    }
    Ok((Integer::from_sign_and_abs(!is_negative, quotient), Integer::from_sign_and_abs(*y >= 0, rest)))
}

/// Quotient and remainder; the divisor is not zero.
pub fn div_rem(x: &Natural, y: &Natural, leave: &Leave) -> Result<(Natural, Natural), Abandoned> {
    let (m, n) = (x.limb_count() as usize, y.limb_count() as usize);
    if n < SHORT || m < n + SHORT {
        leave.check()?;
        return Ok(x.div_rem(y));
    }
    // Digits can be halved until they are short, and the divisor's highest bit is set.
    let (mut width, mut n_halvings) = (n, 0);
    while width > SHORT {
        (width, n_halvings) = (width.div_ceil(2), n_halvings + 1);
    }
    let width = width << n_halvings;
    let shift = LIMB_BITS * width as u64 - y.significant_bits();
    let (x, y) = (x << shift, y << shift);
    let limbs = x.as_limbs_asc();
    let mut quotient = vec![0; limbs.len().next_multiple_of(width)];
    let mut rest = Natural::ZERO;
    for (nth, digit) in limbs.chunks(width).enumerate().rev() {
        let (part, left) = two_by_one(rest, Natural::from_limbs_asc(digit), &y, width, leave)?;
        let part = part.as_limbs_asc();
        quotient[nth * width..][..part.len()].copy_from_slice(part);
        rest = left;
    }
    Ok((Natural::from_owned_limbs_asc(quotient), rest >> shift))
}

/// The limbs from `width` on, and those below.
fn cut(x: &Natural, width: usize) -> (Natural, Natural) {
    let limbs = x.as_limbs_asc();
    let (low, high) = limbs.split_at(width.min(limbs.len()));
    (Natural::from_limbs_asc(high), Natural::from_limbs_asc(low))
}

fn join(high: Natural, low: Natural, width: usize) -> Natural {
    (high << (LIMB_BITS * width as u64)) + low
}

/// Divides `high`, which is less than the divisor, and `low` behind it; the divisor has `width` limbs, and its highest bit is set.
fn two_by_one(
    high: Natural,
    low: Natural,
    y: &Natural,
    width: usize,
    leave: &Leave,
) -> Result<(Natural, Natural), Abandoned> {
    if width <= SHORT || !width.is_multiple_of(2) {
        leave.check()?;
        return Ok(join(high, low, width).div_rem(y));
    }
    let half = width / 2;
    let (y_high, y_low) = cut(y, half);
    let (third, fourth) = cut(&low, half);
    let (first, rest) = three_by_two(&high, third, [&y_high, &y_low, y], half, leave)?;
    let (second, rest) = three_by_two(&rest, fourth, [&y_high, &y_low, y], half, leave)?;
    Ok((join(first, second, half), rest))
}

/// Divides two halves, less than the divisor, and a third behind them; the divisor is given by its halves and as a whole.
fn three_by_two(
    high: &Natural,
    low: Natural,
    [y_high, y_low, y]: [&Natural; 3],
    half: usize,
    leave: &Leave,
) -> Result<(Natural, Natural), Abandoned> {
    let (first, second) = cut(high, half);
    let (mut quotient, rest) = if first == *y_high {
        // As large as one half can be.
        let bits = LIMB_BITS * half as u64;
        ((Natural::ONE << bits) - Natural::ONE, high - (y_high << bits) + y_high)
    } else {
        two_by_one(first, second, y_high, half, leave)?
    };
    let taken = magnitude(&quotient, y_low, leave)?;
    let mut rest = join(rest, low, half);
    while rest < taken {
        quotient -= Natural::ONE;
        rest += y;
    }
    Ok((quotient, rest - taken))
}

/// The root, rounded down, and what is left over: that of the higher half gives half the digits, and a division the others.
fn root_and_rest(x: &Natural, leave: &Leave) -> Result<(Natural, Natural), Abandoned> {
    use malachite_base::num::arithmetic::traits::SqrtRem;
    let n_bits = x.significant_bits();
    if n_bits < 2 * SHORT as u64 * LIMB_BITS {
        leave.check()?;
        return Ok(x.sqrt_rem());
    }
    // Of four parts, the highest of which has one of its two highest bits set.
    let quarter = n_bits.div_ceil(4);
    let shift = (4 * quarter - n_bits) / 2 * 2;
    let shifted = x << shift;
    let low_bits = |number: &Natural, bits: u64| number - (number >> bits << bits);
    let third = low_bits(&(&shifted >> quarter), quarter);
    let fourth = low_bits(&shifted, quarter);
    let (high, rest) = root_and_rest(&(&shifted >> (2 * quarter)), leave)?;
    let (low, left) = div_rem(&((rest << quarter) + third), &(&high << 1u64), leave)?;
    let square = magnitude(&low, &low, leave)?;
    let mut root = (high << quarter) + low;
    let mut rest = (left << quarter) + fourth;
    while rest < square {
        rest += (&root << 1u64) - Natural::ONE;
        root -= Natural::ONE;
    }
    rest -= square;
    if shift == 0 {
        return Ok((root, rest));
    }
    let root = root >> (shift / 2);
    let rest = x - magnitude(&root, &root, leave)?;
    Ok((root, rest))
}

/// The square root, rounded down.
pub fn floor_root(x: &Natural, leave: &Leave) -> Result<Natural, Abandoned> {
    Ok(root_and_rest(x, leave)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::integer::leave::finished;

    /// A number of so many limbs, most of whose bits are as they may be.
    fn number(n_limbs: usize, seed: u64) -> Natural {
        let mut state = seed;
        let mut limb = || {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            match state >> 61 {
                0 => 0,
                1 => u64::MAX,
                _ => state ^ state >> 31,
            }
        };
        let mut limbs: Vec<u64> = (0..n_limbs).map(|_| limb()).collect();
        limbs[n_limbs - 1] |= 1;
        Natural::from_owned_limbs_asc(limbs)
    }

    #[test]
    fn quotients_times_divisors_are_what_was_divided() {
        for (m, n) in [(401, 200), (900, 300), (1601, 801), (3000, 400), (5000, 2600), (2100, 1000)] {
            for seed in 0..4 {
                let (x, y) = (number(m, seed), number(n, seed + 10));
                let (quotient, rest) = finished(div_rem(&x, &y, &Leave::FOREVER));
                assert!(rest < y && quotient * y + rest == x, "{m} by {n} limbs");
            }
        }
        // The quotient's digits are as large as can be.
        let y = (Natural::ONE << (64u64 * 800)) - Natural::ONE;
        let x = (&y << (64u64 * 800)) - Natural::ONE;
        let (quotient, rest) = finished(div_rem(&x, &y, &Leave::FOREVER));
        assert!(rest < y && quotient * y + rest == x);
    }

    #[test]
    fn roots_are_rounded_down() {
        for n in [100, 401, 999, 1000, 2501] {
            for x in [number(n, 1), number(n, 2) >> 5u64, (Natural::ONE << (64 * n as u64)) - Natural::ONE] {
                let root = finished(floor_root(&x, &Leave::FOREVER));
                let next = &root + Natural::ONE;
                assert!(&root * &root <= x && &next * &next > x, "{n} limbs");
            }
        }
    }
}
