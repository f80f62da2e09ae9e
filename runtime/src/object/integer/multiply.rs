//! Products of long integers.
//!
//! The crate that does the arithmetic turns to transforms of floats above some hundred limbs, for which it needs instructions
//! that not every machine of ours has: without them they take thirty times as long as what they replace. So longer factors are
//! cut here, by Karatsuba's way, into parts that it multiplies by its other ways.

use malachite_base::num::arithmetic::traits::{Pow, Square};
use malachite_base::num::basic::traits::{One, Zero};
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;

/// Factors of fewer limbs than this are not cut.
const SHORT: usize = 380;
/// From here on transforms are worth it all the same.
const VERY_LONG: usize = 400_000;
const LIMB_BITS: u64 = 64;

/// `x * y`.
pub fn product(x: &Integer, y: &Integer) -> Integer {
    let (x_abs, y_abs) = (x.unsigned_abs_ref(), y.unsigned_abs_ref());
    if is_direct(x_abs.limb_count() as usize, y_abs.limb_count() as usize) {
        return x * y;
    }
    Integer::from_sign_and_abs((*x < 0) == (*y < 0), magnitude(x_abs, y_abs))
}

/// `base ** exponent`.
pub fn power(base: &Integer, exponent: u64) -> Integer {
    let n_bits = base.significant_bits().saturating_mul(exponent);
    // The last product is that of two numbers half as long.
    let n_limbs = (n_bits / LIMB_BITS / 2) as usize;
    if is_direct(n_limbs, n_limbs) {
        return base.pow(exponent);
    }
    let base_abs = base.unsigned_abs_ref();
    let mut result = Natural::ONE;
    for place in (0..exponent.significant_bits()).rev() {
        result = square(&result);
        if exponent >> place & 1 != 0 {
            result = magnitude(&result, base_abs);
        }
    }
    Integer::from_sign_and_abs(*base >= 0 || exponent.is_multiple_of(2), result)
}

/// Is a product of factors of so many limbs best left to the crate?
fn is_direct(m: usize, n: usize) -> bool {
    m.min(n) < SHORT / 3 || m + n < 2 * SHORT || m.min(n) > VERY_LONG
}

fn square(x: &Natural) -> Natural {
    if (x.limb_count() as usize) < SHORT { x.square() } else { magnitude(x, x) }
}

fn magnitude(x: &Natural, y: &Natural) -> Natural {
    let (m, n) = (x.limb_count() as usize, y.limb_count() as usize);
    if is_direct(m, n) {
        return x * y;
    }
    let (x_limbs, y_limbs) = (x.to_limbs_asc(), y.to_limbs_asc());
    if m >= 2 * n || n >= 2 * m {
        let (long, short, width) = if m > n { (x_limbs, y, n) } else { (y_limbs, x, m) };
        let mut sum = Natural::ZERO;
        for (nth, part) in long.chunks(width).enumerate() {
            sum += magnitude(&Natural::from_limbs_asc(part), short) << (LIMB_BITS * (width * nth) as u64);
        }
        return sum;
    }
    let half = m.max(n).div_ceil(2);
    let cut = |limbs: &[u64]| (Natural::from_limbs_asc(&limbs[..half]), Natural::from_limbs_asc(&limbs[half..]));
    let (x_low, x_high) = cut(&x_limbs);
    let low_bits = LIMB_BITS * half as u64;
    if std::ptr::eq(x, y) {
        let (low, high) = (square(&x_low), square(&x_high));
        let middle = square(&(x_low + x_high)) - &low - &high;
        return low + (middle << low_bits) + (high << (2 * low_bits));
    }
    let (y_low, y_high) = cut(&y_limbs);
    let low = magnitude(&x_low, &y_low);
    let high = magnitude(&x_high, &y_high);
    let middle = magnitude(&(x_low + x_high), &(y_low + y_high)) - &low - &high;
    low + (middle << low_bits) + (high << (2 * low_bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of so many limbs.
    fn number(n_limbs: usize, seed: u64) -> Integer {
        let mut state = seed;
        let mut limb = || {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            state ^ state >> 31 | 1
        };
        Integer::from(Natural::from_owned_limbs_asc((0..n_limbs).map(|_| limb()).collect()))
    }

    #[test]
    fn long_products_are_those_of_the_crate() {
        for (m, n) in [(1, 900), (379, 380), (380, 380), (800, 790), (500, 900), (1000, 400), (3000, 400), (2000, 1999)]
        {
            let (x, y) = (number(m, 1), -number(n, 2));
            assert_eq!(product(&x, &y), &x * &y, "{m} and {n} limbs");
            assert_eq!(product(&y, &y), &y * &y, "{n} limbs");
        }
    }

    #[test]
    fn powers_are_those_of_the_crate() {
        for (base, exponent) in [(3, 60_000), (-7, 20_001), (-7, 20_002), (1i64 << 40, 1500), (0, 0), (-1, 5)] {
            let base = Integer::from(base);
            assert_eq!(power(&base, exponent), (&base).pow(exponent), "{base} ** {exponent}");
        }
        let long = number(500, 3);
        assert_eq!(power(&long, 5), (&long).pow(5));
    }
}
