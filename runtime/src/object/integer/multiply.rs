//! Products of long integers.
//!
//! The crate that does the arithmetic turns to transforms of floats above some hundred limbs, for which it needs instructions
//! that not every machine of ours has: without them they take thirty times as long as what they replace. So longer factors are
//! cut here, by Karatsuba's way, into parts that it multiplies by its other ways; and the longest are multiplied by transforms of
//! our own.

use super::leave::{Abandoned, Leave};
use super::transform::{self, Base};
use malachite_base::num::arithmetic::traits::{Pow, Square};
use malachite_base::num::basic::traits::One;
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;

/// Factors of fewer limbs than this are not cut.
const SHORT: usize = 380;
/// From here on transforms take less time than cutting.
const VERY_LONG: usize = 6000;
pub const LIMB_BITS: u64 = 64;
/// Of factors that have more limbs together, the product takes some milliseconds.
const LONG_LIMBS: u64 = 8000;

/// Does the product of factors of so many bits take long?
pub fn is_long_product(x_bits: u64, y_bits: u64) -> bool {
    x_bits + y_bits > LONG_LIMBS * LIMB_BITS
}

/// `x * y`.
pub fn product(x: &Integer, y: &Integer, leave: &Leave) -> Result<Integer, Abandoned> {
    let (x_abs, y_abs) = (x.unsigned_abs_ref(), y.unsigned_abs_ref());
    if is_direct(x_abs.limb_count() as usize, y_abs.limb_count() as usize) {
        return Ok(x * y);
    }
    Ok(Integer::from_sign_and_abs((*x < 0) == (*y < 0), magnitude(x_abs, y_abs, leave)?))
}

/// `base ** exponent`.
pub fn power(base: &Integer, exponent: u64, leave: &Leave) -> Result<Integer, Abandoned> {
    let n_bits = base.significant_bits().saturating_mul(exponent);
    // The last product is that of two numbers half as long.
    let n_limbs = (n_bits / LIMB_BITS / 2) as usize;
    if is_direct(n_limbs, n_limbs) {
        return Ok(base.pow(exponent));
    }
    let base_abs = base.unsigned_abs_ref();
    let mut result = Natural::ONE;
    for place in (0..exponent.significant_bits()).rev() {
        result = square(&result, leave)?;
        if exponent >> place & 1 != 0 {
            result = magnitude(&result, base_abs, leave)?;
        }
    }
    Ok(Integer::from_sign_and_abs(*base >= 0 || exponent.is_multiple_of(2), result))
}

/// The product `from · (from + 1) · … · to`, by halves so that the factors are of like size.
pub fn product_of_range(from: u64, to: u64, leave: &Leave) -> Result<Natural, Abandoned> {
    if from > to {
        return Ok(Natural::ONE);
    }
    if to - from < 8 {
        return Ok((from..=to).fold(Natural::ONE, |product, factor| product * Natural::from(factor)));
    }
    let middle = from + (to - from) / 2;
    magnitude(&product_of_range(from, middle, leave)?, &product_of_range(middle + 1, to, leave)?, leave)
}

/// Is a product of factors of so many limbs best left to the crate?
fn is_direct(m: usize, n: usize) -> bool {
    m.min(n) < SHORT / 3 || m + n < 2 * SHORT
}

pub fn square(x: &Natural, leave: &Leave) -> Result<Natural, Abandoned> {
    if (x.limb_count() as usize) < SHORT { Ok(x.square()) } else { magnitude(x, x, leave) }
}

/// `x * y`.
pub fn magnitude(x: &Natural, y: &Natural, leave: &Leave) -> Result<Natural, Abandoned> {
    let (m, n) = (x.limb_count() as usize, y.limb_count() as usize);
    leave.check()?;
    if is_direct(m, n) {
        return Ok(x * y);
    }
    let (x_limbs, y_limbs) = (x.as_limbs_asc(), y.as_limbs_asc());
    if m >= 2 * n || n >= 2 * m {
        let (long, short, width) = if m > n { (x_limbs, y, n) } else { (y_limbs, x, m) };
        return in_pieces(long, short, width, leave);
    }
    if m.min(n) >= VERY_LONG {
        return Ok(Natural::from_owned_limbs_asc(transform::product(x_limbs, y_limbs, Base::Binary, leave)?));
    }
    let half = m.max(n).div_ceil(2);
    let cut = |limbs: &[u64]| (Natural::from_limbs_asc(&limbs[..half]), Natural::from_limbs_asc(&limbs[half..]));
    let (x_low, x_high) = cut(x_limbs);
    let low_bits = LIMB_BITS * half as u64;
    if std::ptr::eq(x, y) {
        let (low, high) = (square(&x_low, leave)?, square(&x_high, leave)?);
        let middle = square(&(x_low + x_high), leave)? - &low - &high;
        return Ok(low + (middle << low_bits) + (high << (2 * low_bits)));
    }
    let (y_low, y_high) = cut(y_limbs);
    let low = magnitude(&x_low, &y_low, leave)?;
    let high = magnitude(&x_high, &y_high, leave)?;
    let middle = magnitude(&(x_low + x_high), &(y_low + y_high), leave)? - &low - &high;
    Ok(low + (middle << low_bits) + (high << (2 * low_bits)))
}

/// The product of a number with one that is much shorter: of each of its parts, which are as wide as that.
fn in_pieces(long: &[u64], short: &Natural, width: usize, leave: &Leave) -> Result<Natural, Abandoned> {
    let mut sum = vec![0u64; long.len() + width];
    for (nth, part) in long.chunks(width).enumerate() {
        let product = magnitude(&Natural::from_limbs_asc(part), short, leave)?;
        let mut carry = false;
        let (there, beyond) = sum[nth * width..].split_at_mut(product.limb_count() as usize);
        for (to, &limb) in there.iter_mut().zip(product.as_limbs_asc()) {
            (*to, carry) = to.carrying_add(limb, carry);
        }
        for to in beyond {
            if !carry {
                break;
            }
            (*to, carry) = to.overflowing_add(1);
        }
    }
    Ok(Natural::from_owned_limbs_asc(sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::integer::leave::finished;

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
        for (m, n) in [
            (1, 900),
            (379, 380),
            (380, 380),
            (800, 790),
            (500, 900),
            (1000, 400),
            (3000, 400),
            (2000, 1999),
            (20_000, 6500),
            (8000, 6001),
        ] {
            let (x, y) = (number(m, 1), -number(n, 2));
            assert!(finished(product(&x, &y, &Leave::FOREVER)) == &x * &y, "{m} and {n} limbs");
            assert!(finished(product(&y, &y, &Leave::FOREVER)) == &y * &y, "{n} limbs");
        }
    }

    #[test]
    fn powers_are_those_of_the_crate() {
        for (base, exponent) in [(3, 60_000), (-7, 20_001), (-7, 20_002), (1i64 << 40, 1500), (0, 0), (-1, 5)] {
            let base = Integer::from(base);
            assert_eq!(
                finished(power(&base, exponent, &Leave::FOREVER)),
                (&base).pow(exponent),
                "{base} ** {exponent}"
            );
        }
        let long = number(500, 3);
        assert_eq!(finished(power(&long, 5, &Leave::FOREVER)), (&long).pow(5));
    }
}
