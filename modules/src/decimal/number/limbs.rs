//! Natural numbers in limbs of nineteen decimal digits, the least first, none at the top that is zero: zero has no limbs.
//!
//! ```text
//!   [ 7890123456789012345, 123456 ]  ──  1234567890123456789012345
//! ```

use smallvec::SmallVec;
use std::cmp::Ordering;

/// What a limb is less than.
pub const RADIX: u64 = 10_000_000_000_000_000_000;
pub const LIMB_DIGITS: i64 = 19;

/// Four limbs hold the product of two numbers of 38 digits: what most programs compute with needs no other memory.
pub type Limbs = SmallVec<[u64; 4]>;

/// Powers of ten.
pub static POWERS: [u64; 20] = {
    let mut powers = [1u64; 20];
    let mut i = 1;
    while i < 20 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// `floor((2^128 - 1) / RADIX) - 2^64`, by which a division by the radix is two products.
const RECIPROCAL: u64 = (u128::MAX / RADIX as u128 - (1 << 64)) as u64;

/// Quotient and remainder of `high * 2^64 + low` by a divisor whose highest bit is set and that is above `high`, by its reciprocal
/// (Möller and Granlund).
#[inline(always)]
fn divide_by(high: u64, low: u64, divisor: u64, reciprocal: u64) -> (u64, u64) {
    let estimate = (reciprocal as u128 * high as u128).wrapping_add((high as u128) << 64 | low as u128);
    let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
    let mut rest = low.wrapping_sub(quotient.wrapping_mul(divisor));
    if rest > estimate as u64 {
        quotient = quotient.wrapping_sub(1);
        rest = rest.wrapping_add(divisor);
    }
    if rest >= divisor {
        quotient = quotient.wrapping_add(1);
        rest -= divisor;
    }
    (quotient, rest)
}

/// A number below `RADIX * 2^64` as its quotient and remainder by the radix.
#[inline(always)]
pub fn split(wide: u128) -> (u64, u64) {
    divide_by((wide >> 64) as u64, wide as u64, RADIX, RECIPROCAL)
}

/// A divisor of one limb, made ready.
pub struct Divisor {
    shifted: u64,
    reciprocal: u64,
    shift: u32,
}

impl Divisor {
    pub fn new(divisor: u64) -> Divisor {
        let shift = divisor.leading_zeros();
        let shifted = divisor << shift;
        Divisor { shifted, reciprocal: (u128::MAX / shifted as u128 - (1 << 64)) as u64, shift }
    }

    /// Quotient and remainder of `high * RADIX + low`, where `high` is below the divisor.
    #[inline(always)]
    pub fn divide(&self, high: u64, low: u64) -> (u64, u64) {
        let wide = (high as u128 * RADIX as u128 + low as u128) << self.shift;
        let (quotient, rest) = divide_by((wide >> 64) as u64, wide as u64, self.shifted, self.reciprocal);
        (quotient, rest >> self.shift)
    }
}

/// How many digits a word has; zero has one.
#[inline]
pub fn word_digits(word: u64) -> i64 {
    // log10(2) is 1233/4096 and a bit.
    let guess = ((64 - (word | 1).leading_zeros()) * 1233) >> 12;
    guess as i64 + (word >= POWERS[guess as usize]) as i64 + (word == 0) as i64
}

/// How many digits a number has; zero has one.
#[inline]
pub fn digits(limbs: &[u64]) -> i64 {
    match limbs.last() {
        Some(&top) => (limbs.len() as i64 - 1) * LIMB_DIGITS + word_digits(top),
        None => 1,
    }
}

/// Drops zeros at the top.
pub fn trimmed(limbs: &[u64]) -> &[u64] {
    let mut len = limbs.len();
    while len > 0 && limbs[len - 1] == 0 {
        len -= 1;
    }
    &limbs[..len]
}

pub fn trim(limbs: &mut Limbs) {
    let len = trimmed(limbs).len();
    limbs.truncate(len);
}

pub fn from_word(word: u64) -> Limbs {
    let mut limbs = Limbs::new();
    if word >= RADIX {
        limbs.extend_from_slice(&[word - RADIX, 1]);
    } else if word > 0 {
        limbs.push(word);
    }
    limbs
}

pub fn from_wide(wide: u128) -> Limbs {
    let (high, low) = (wide / (RADIX as u128), (wide % RADIX as u128) as u64);
    let mut limbs = Limbs::from_slice(&[low, (high % RADIX as u128) as u64, (high / RADIX as u128) as u64]);
    trim(&mut limbs);
    limbs
}

/// The number where it is below 2^64.
pub fn to_word(limbs: &[u64]) -> Option<u64> {
    match *limbs {
        [] => Some(0),
        [word] => Some(word),
        [low, high] => high.checked_mul(RADIX)?.checked_add(low),
        _ => None,
    }
}

pub fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// Adds `addend * RADIX^at` in place; the sum fits. Gives the carry beyond the end.
pub fn add_into(sum: &mut [u64], addend: &[u64]) -> bool {
    let mut carry = false;
    for (limb, &other) in sum.iter_mut().zip(addend) {
        // Below 2 * RADIX, which is beyond a word: what is left to the radix tells.
        let room = RADIX - 1 - other;
        let is_beyond = *limb > room || carry && *limb == room;
        *limb = limb.wrapping_add(other).wrapping_add(carry as u64).wrapping_sub(if is_beyond { RADIX } else { 0 });
        carry = is_beyond;
    }
    for limb in sum.iter_mut().skip(addend.len()) {
        if !carry {
            return false;
        }
        carry = *limb == RADIX - 1;
        *limb = if carry { 0 } else { *limb + 1 };
    }
    carry
}

/// Subtracts in place; gives the borrow beyond the end.
pub fn subtract_from(rest: &mut [u64], subtrahend: &[u64]) -> bool {
    let mut borrow = false;
    for (limb, &other) in rest.iter_mut().zip(subtrahend) {
        let is_below = *limb < other || borrow && *limb == other;
        *limb = limb.wrapping_sub(other).wrapping_sub(borrow as u64).wrapping_add(if is_below { RADIX } else { 0 });
        borrow = is_below;
    }
    for limb in rest.iter_mut().skip(subtrahend.len()) {
        if !borrow {
            return false;
        }
        borrow = *limb == 0;
        *limb = if borrow { RADIX - 1 } else { *limb - 1 };
    }
    borrow
}

pub fn add(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut sum = Limbs::from_slice(long);
    if add_into(&mut sum, short) {
        sum.push(1);
    }
    sum
}

/// `a - b`, where `a` is not below `b`.
pub fn subtract(a: &[u64], b: &[u64]) -> Limbs {
    let mut rest = Limbs::from_slice(a);
    subtract_from(&mut rest, b);
    trim(&mut rest);
    rest
}

/// Which of two numbers is greater, and their difference.
pub fn difference(a: &[u64], b: &[u64]) -> (Ordering, Limbs) {
    match compare(a, b) {
        Ordering::Less => (Ordering::Less, subtract(b, a)),
        order => (order, subtract(a, b)),
    }
}

/// `a * word + addend`.
pub fn multiply_word(a: &[u64], word: u64, addend: u64) -> Limbs {
    let mut product = Limbs::from_elem(0, a.len() + 1);
    let mut carry = addend;
    for (to, &limb) in product.iter_mut().zip(a) {
        (carry, *to) = split(limb as u128 * word as u128 + carry as u128);
    }
    product[a.len()] = carry;
    trim(&mut product);
    product
}

/// Divides in place by a word that is not zero; gives the remainder.
pub fn divide_word(a: &mut Limbs, word: u64) -> u64 {
    let divisor = Divisor::new(word);
    let mut rest = 0;
    for limb in a.iter_mut().rev() {
        (*limb, rest) = divisor.divide(rest, *limb);
    }
    trim(a);
    rest
}

/// So many nines.
pub fn nines(n_digits: i64) -> Limbs {
    let mut limbs = Limbs::from_elem(RADIX - 1, (n_digits / LIMB_DIGITS) as usize);
    if n_digits % LIMB_DIGITS > 0 {
        limbs.push(POWERS[(n_digits % LIMB_DIGITS) as usize] - 1);
    }
    limbs
}

pub fn is_odd(limbs: &[u64]) -> bool {
    limbs.first().is_some_and(|low| low & 1 != 0)
}

/// The digit at a place, counted from the right.
pub fn digit_at(limbs: &[u64], place: i64) -> u64 {
    let limb = limbs.get((place / LIMB_DIGITS) as usize).copied().unwrap_or(0);
    limb / POWERS[(place % LIMB_DIGITS) as usize] % 10
}

/// How many zeros a number that is not zero ends with.
pub fn trailing_zeros(limbs: &[u64]) -> i64 {
    let n_zero = limbs.iter().take_while(|&&limb| limb == 0).count();
    let Some(&limb) = limbs.get(n_zero) else { return 0 };
    let mut count = n_zero as i64 * LIMB_DIGITS;
    let mut rest = limb;
    for step in [16, 8, 4, 2, 1] {
        if rest.is_multiple_of(POWERS[step]) {
            rest /= POWERS[step];
            count += step as i64;
        }
    }
    count
}

/// The digits as text, without zeros in front; zero is "0".
pub fn write_digits(limbs: &[u64], out: &mut Vec<u8>) {
    let Some((&top, lower)) = limbs.split_last() else { return out.push(b'0') };
    let start = out.len();
    out.resize(start + digits(limbs) as usize, b'0');
    let mut end = start + word_digits(top) as usize;
    write_word(&mut out[start..end], top);
    for &limb in lower.iter().rev() {
        write_word(&mut out[end..end + LIMB_DIGITS as usize], limb);
        end += LIMB_DIGITS as usize;
    }
}

/// Two digits at a time, from the right; the text is zeros already.
fn write_word(text: &mut [u8], mut word: u64) {
    let mut at = text.len();
    while at >= 2 {
        let pair = (word % 100) as u8;
        word /= 100;
        at -= 2;
        text[at] = b'0' + pair / 10;
        text[at + 1] = b'0' + pair % 10;
    }
    if at == 1 {
        text[0] = b'0' + word as u8;
    }
}

/// Of digits, which may begin with zeros.
pub fn from_digits(text: &[u8]) -> Limbs {
    let mut limbs = Limbs::with_capacity(text.len() / LIMB_DIGITS as usize + 1);
    for chunk in text.rchunks(LIMB_DIGITS as usize) {
        limbs.push(chunk.iter().fold(0, |word, &digit| word * 10 + (digit - b'0') as u64));
    }
    trim(&mut limbs);
    limbs
}
