//! Quotients and remainders: limb by limb, and in halves (Burnikel and Ziegler) where the divisor is long.

use super::limbs::{
    Divisor, Limbs, RADIX, add, add_into, compare, divide_word, multiply_word, split, subtract, subtract_from, trim,
    trimmed,
};
use super::multiply::multiply;
use super::shift::{add_limbs, cut};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Divisors of fewer limbs than this are divided by limb by limb.
const SHORT: usize = 80;

/// Quotient and remainder by a divisor that is not zero.
pub fn divide(a: &[u64], b: &[u64]) -> (Limbs, Limbs) {
    if compare(a, b) == Ordering::Less {
        return (Limbs::new(), Limbs::from_slice(a));
    }
    if let [word] = *b {
        let mut quotient = Limbs::from_slice(a);
        let rest = divide_word(&mut quotient, word);
        return (quotient, if rest == 0 { Limbs::new() } else { Limbs::from_slice(&[rest]) });
    }
    let (quotient, mut rest, factor) = divide_scaled(a, b);
    divide_word(&mut rest, factor);
    (quotient, rest)
}

/// The quotient, and whether it is exact.
pub fn divide_only(a: &[u64], b: &[u64]) -> (Limbs, bool) {
    if b.len() < 2 || a.len() < b.len() {
        let (quotient, rest) = divide(a, b);
        return (quotient, rest.is_empty());
    }
    let (quotient, rest, _) = divide_scaled(a, b);
    (quotient, rest.is_empty())
}

/// By a divisor of several limbs; the remainder is too great by the factor that is given.
fn divide_scaled(a: &[u64], b: &[u64]) -> (Limbs, Limbs, u64) {
    // With a top limb of half the radix or more, the first guess of a limb of the quotient is two off at the most.
    let factor = RADIX / (b[b.len() - 1] + 1);
    let (b, a) = (multiply_word(b, factor, 0), multiply_word(a, factor, 0));
    let (quotient, rest) =
        if b.len() < SHORT || a.len() - b.len() < SHORT { by_limbs(&a, &b) } else { by_blocks(&a, &b) };
    (quotient, rest, factor)
}

/// Knuth's algorithm D.
fn by_limbs(a: &[u64], b: &[u64]) -> (Limbs, Limbs) {
    let n = b.len();
    if a.len() < n {
        return (Limbs::new(), Limbs::from_slice(a));
    }
    let (top, second) = (b[n - 1], b[n - 2]);
    let by_top = Divisor::new(top);
    // Room for most divisions without memory of their own.
    let mut rest: SmallVec<[u64; 8]> = SmallVec::from_slice(a);
    rest.push(0);
    let n_quotient = rest.len() - n;
    let mut quotient = Limbs::from_elem(0, n_quotient);
    for place in (0..n_quotient).rev() {
        let window = &mut rest[place..=place + n];
        let mut limb = guess(window[n], window[n - 1], window[n - 2], top, second, &by_top);
        if limb > 0 && subtract_product(window, b, limb) {
            limb -= 1;
            add_into(window, b);
            // The carry out of the window takes the borrow back.
        }
        quotient[place] = limb;
    }
    trim(&mut quotient);
    (quotient, Limbs::from_slice(trimmed(&rest[..n])))
}

/// A limb of the quotient, or one more, by the two highest limbs of the divisor.
#[inline]
fn guess(high: u64, middle: u64, low: u64, top: u64, second: u64, by_top: &Divisor) -> u64 {
    let (mut limb, mut rest) = if high >= top {
        (RADIX - 1, middle as u128 + top as u128)
    } else {
        let (limb, rest) = by_top.divide(high, middle);
        (limb, rest as u128)
    };
    while rest < RADIX as u128 && limb as u128 * second as u128 > rest * RADIX as u128 + low as u128 {
        limb -= 1;
        rest += top as u128;
    }
    limb
}

/// Takes `b * limb` from a window that is one limb longer; is more taken than there was?
fn subtract_product(window: &mut [u64], b: &[u64], limb: u64) -> bool {
    let mut carry = 0u64;
    let n = b.len();
    for (rest, &other) in window.iter_mut().zip(b) {
        let (high, low) = split(other as u128 * limb as u128 + carry as u128);
        let is_below = *rest < low;
        *rest = rest.wrapping_sub(low).wrapping_add(if is_below { RADIX } else { 0 });
        carry = high + is_below as u64;
    }
    let is_below = window[n] < carry;
    window[n] = window[n].wrapping_sub(carry).wrapping_add(if is_below { RADIX } else { 0 });
    is_below
}

/// Blocks as long as the divisor, from the top.
fn by_blocks(a: &[u64], b: &[u64]) -> (Limbs, Limbs) {
    // So long that it can be halved down to what is short.
    let n_halvings = (b.len() / SHORT).ilog2() + 1;
    let n = b.len().next_multiple_of(1 << n_halvings);
    let pad = n - b.len();
    let (a, b) = (add_limbs(a, pad), add_limbs(b, pad));
    let n_blocks = a.len().div_ceil(n);
    let mut quotient = Limbs::from_elem(0, n * n_blocks);
    let mut rest = Limbs::new();
    for nth in (0..n_blocks).rev() {
        let block = &a[nth * n..a.len().min((nth + 1) * n)];
        let (part, new_rest) = two_by_one(&joined(&rest, block, n), &b, n);
        quotient[nth * n..][..part.len()].copy_from_slice(&part);
        rest = new_rest;
    }
    trim(&mut quotient);
    (quotient, Limbs::from_slice(super::shift::drop_limbs(&rest, pad)))
}

/// `high * RADIX^n + low`.
fn joined(high: &[u64], low: &[u64], n: usize) -> Limbs {
    let mut whole = Limbs::with_capacity(high.len() + n);
    whole.extend_from_slice(low);
    whole.resize(n, 0);
    whole.extend_from_slice(high);
    trim(&mut whole);
    whole
}

/// A number below `b * RADIX^n` by `b`, of `n` limbs.
fn two_by_one(a: &[u64], b: &[u64], n: usize) -> (Limbs, Limbs) {
    if !n.is_multiple_of(2) || n < SHORT {
        return by_limbs(a, b);
    }
    let half = n / 2;
    let (low, high) = cut(a, half);
    let (high_quotient, rest) = three_by_two(high, b, half);
    let (low_quotient, rest) = three_by_two(&joined(&rest, low, half), b, half);
    (joined(&high_quotient, &low_quotient, half), rest)
}

/// A number below `b * RADIX^half` by `b`, of `2 * half` limbs.
fn three_by_two(a: &[u64], b: &[u64], half: usize) -> (Limbs, Limbs) {
    let (b_low, b_high) = cut(b, half);
    let (a_low, a_high) = cut(a, half);
    let (_, a_top) = cut(a_high, half);
    let (mut quotient, rest) = if compare(a_top, b_high) == Ordering::Less {
        two_by_one(a_high, b_high, half)
    } else {
        let all = Limbs::from_elem(RADIX - 1, half);
        let taken = subtract(&add_limbs(b_high, half), b_high);
        (all, subtract(a_high, &taken))
    };
    let product = multiply(&quotient, b_low);
    let mut rest = joined(&rest, a_low, half);
    while compare(&rest, &product) == Ordering::Less {
        subtract_from(&mut quotient, &[1]);
        rest = add(&rest, b);
    }
    trim(&mut quotient);
    let rest = subtract(&rest, &product);
    debug_assert!(compare(trimmed(&rest), b) == Ordering::Less);
    (quotient, rest)
}

/// The square root, rounded down, and whether it is exact.
pub fn square_root(a: &[u64]) -> (Limbs, bool) {
    let root = root_of(a);
    let is_exact = compare(&multiply(&root, &root), a) == Ordering::Equal;
    (root, is_exact)
}

fn root_of(a: &[u64]) -> Limbs {
    if a.len() <= 2 {
        let wide = a.iter().rev().fold(0u128, |sum, &limb| sum * RADIX as u128 + limb as u128);
        return super::limbs::from_wide(wide.isqrt());
    }
    // From above: the root of the upper half, and one. Newton's steps go down until they are there.
    let n_low = (a.len() - 1) / 4;
    let n_low = n_low.max(1);
    let upper = super::shift::drop_limbs(a, 2 * n_low);
    let mut root = add_limbs(&add(&root_of(upper), &[1]), n_low);
    loop {
        let (quotient, _) = divide(a, &root);
        if compare(&quotient, &root) != Ordering::Less {
            return root;
        }
        root = add(&root, &quotient);
        divide_word(&mut root, 2);
    }
}
