//! Long integers and their decimal digits: halves are put together by products, in the base that they come to.

use super::leave::{Abandoned, Leave};
use super::multiply::{LIMB_BITS, magnitude, square};
use super::transform::{self, Base, DECIMAL};
use malachite_base::num::basic::traits::Zero;
use malachite_base::num::conversion::traits::FromStringBase;
use malachite_nz::natural::Natural;
use std::fmt::Write as _;

/// Decimal digits in one of ours.
const DIGITS: usize = 19;
/// Parts of so many limbs are left to the crate. They have a little less than 256 of our digits, and twice as many twice of it.
const PART_LIMBS: usize = 240;
/// Of numbers of so many limbs it takes some milliseconds.
const LONG_LIMBS: u64 = 6 * PART_LIMBS as u64;

/// Does it take long to have the digits of a number of so many bits, or the number of so many digits?
pub fn is_long_text(n_bits: u64) -> bool {
    n_bits > LONG_LIMBS * LIMB_BITS
}

/// In decimal.
pub fn to_decimal(x: &Natural, leave: &Leave) -> Result<String, Abandoned> {
    let limbs = x.as_limbs_asc();
    if limbs.len() <= PART_LIMBS {
        return Ok(x.to_string());
    }
    let mut parts = Vec::with_capacity(limbs.len() / PART_LIMBS + 1);
    for part in limbs.chunks(PART_LIMBS) {
        leave.check()?;
        parts.push(digits_of(&Natural::from_limbs_asc(part).to_string()));
    }
    let mut power = digits_of(&(Natural::from(1u32) << (LIMB_BITS * PART_LIMBS as u64)).to_string());
    while parts.len() > 1 {
        let mut joined = Vec::with_capacity(parts.len().div_ceil(2));
        for pair in parts.chunks(2) {
            joined.push(match pair {
                [low, high] => {
                    let mut sum = transform::product(high, &power, Base::Decimal, leave)?;
                    add(&mut sum, low);
                    sum
                }
                rest => rest.concat(),
            });
        }
        parts = joined;
        if parts.len() > 1 {
            power = transform::product(&power, &power, Base::Decimal, leave)?;
            strip(&mut power);
        }
    }
    let mut digits = parts.pop().unwrap_or_default();
    strip(&mut digits);
    let mut text = String::with_capacity(digits.len() * DIGITS);
    let mut highest_first = digits.iter().rev();
    // Writing to a string does not fail.
    _ = write!(text, "{}", highest_first.next().unwrap_or(&0));
    for digit in highest_first {
        _ = write!(text, "{digit:019}");
    }
    Ok(text)
}

/// Of text, the lowest first.
fn digits_of(text: &str) -> Vec<u64> {
    let value = |part: &[u8]| part.iter().fold(0, |sum, &digit| 10 * sum + u64::from(digit - b'0'));
    text.as_bytes().rchunks(DIGITS).map(value).collect()
}

fn strip(digits: &mut Vec<u64>) {
    while digits.last() == Some(&0) {
        digits.pop();
    }
}

/// Adds digits to others, which are enough for the sum.
fn add(sum: &mut [u64], digits: &[u64]) {
    let mut carry = 0;
    for (at, to) in sum.iter_mut().enumerate() {
        let all = u128::from(*to) + u128::from(digits.get(at).copied().unwrap_or(0)) + carry;
        carry = all / u128::from(DECIMAL);
        *to = (all % u128::from(DECIMAL)) as u64;
        if carry == 0 && at >= digits.len() {
            return;
        }
    }
}

/// The number that digits in a base of 2 to 36 are; `None`: one of them is none.
pub fn from_digits(digits: &str, base: u32, leave: &Leave) -> Result<Option<Natural>, Abandoned> {
    let bits_per_digit = f64::from(base).log2();
    let width = ((PART_LIMBS as u64 * LIMB_BITS) as f64 / bits_per_digit) as usize;
    if digits.len() <= width || base.is_power_of_two() {
        return Ok(Natural::from_string_base(base as u8, digits));
    }
    let mut parts = Vec::with_capacity(digits.len() / width + 1);
    for part in digits.as_bytes().rchunks(width) {
        leave.check()?;
        let part = std::str::from_utf8(part).ok().and_then(|part| Natural::from_string_base(base as u8, part));
        let Some(part) = part else { return Ok(None) };
        parts.push(part);
    }
    let mut power = {
        use malachite_base::num::arithmetic::traits::Pow;
        Natural::from(base).pow(width as u64)
    };
    while parts.len() > 1 {
        let mut joined = Vec::with_capacity(parts.len().div_ceil(2));
        for pair in parts.chunks(2) {
            joined.push(match pair {
                [low, high] => magnitude(high, &power, leave)? + low,
                rest => rest.iter().sum(),
            });
        }
        parts = joined;
        if parts.len() > 1 {
            power = square(&power, leave)?;
        }
    }
    Ok(Some(parts.pop().unwrap_or(Natural::ZERO)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::integer::leave::finished;
    use malachite_base::num::arithmetic::traits::Pow;

    #[test]
    fn digits_come_back() {
        for exponent in [1, 3000, 4000, 12_345, 20_000] {
            let number = Natural::from(3u32).pow(7 * exponent) + Natural::from(5u32);
            let text = finished(to_decimal(&number, &Leave::FOREVER));
            assert!(text == number.to_string(), "{exponent}");
            assert!(finished(from_digits(&text, 10, &Leave::FOREVER)) == Some(number), "{exponent}");
        }
        let power = Natural::from(10u32).pow(20_000);
        let text = finished(to_decimal(&power, &Leave::FOREVER));
        assert!(text.len() == 20_001 && text.trim_end_matches('0') == "1");
        let text = "z".repeat(10_000);
        assert!(
            finished(from_digits(&text, 36, &Leave::FOREVER))
                == Some(Natural::from(36u32).pow(10_000) - Natural::from(1u32))
        );
        assert!(finished(from_digits(&"12x".repeat(5000), 10, &Leave::FOREVER)).is_none());
    }
}
