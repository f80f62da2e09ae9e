//! Products: by columns, and by Karatsuba's way where the factors are long.

use super::limbs::{Limbs, RADIX, add, add_into, multiply_word, split, subtract_from, trim};
use super::shift::cut;

/// Factors of fewer limbs than this are multiplied by columns.
const SHORT: usize = 48;

pub fn multiply(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if let ([a_low, a_high], [b_low, b_high]) = (long, short) {
        return two_by_two([*a_low, *a_high], [*b_low, *b_high]);
    }
    match *short {
        [] => Limbs::new(),
        [word] => multiply_word(long, word, 0),
        _ if short.len() < SHORT => by_columns(long, short),
        _ if long.len() >= 2 * short.len() => by_pieces(long, short),
        _ => by_thirds_saved(long, short),
    }
}

fn two_by_two(a: [u64; 2], b: [u64; 2]) -> Limbs {
    let mut product = Limbs::from_buf(four_limbs(a, b));
    trim(&mut product);
    product
}

/// The product of two numbers of two limbs, with zeros at its top where it is shorter.
#[inline(always)]
pub fn four_limbs(a: [u64; 2], b: [u64; 2]) -> [u64; 4] {
    let wide = |x: u64, y: u64| x as u128 * y as u128;
    let (carry, lowest) = split(wide(a[0], b[0]));
    let (first_carry, second) = split(wide(a[0], b[1]) + carry as u128);
    let (second_carry, second) = split(wide(a[1], b[0]) + second as u128);
    let (highest, third) = split(wide(a[1], b[1]) + first_carry as u128 + second_carry as u128);
    [lowest, second, third, highest]
}

/// Sums the products of each column in three words, so that there is one division by the radix for a column.
fn by_columns(long: &[u64], short: &[u64]) -> Limbs {
    let (m, n) = (long.len(), short.len());
    let mut product = Limbs::with_capacity(m + n);
    let (mut low, mut high) = (0u128, 0u64);
    for column in 0..m + n - 1 {
        let first = column.saturating_sub(m - 1);
        let last = column.min(n - 1);
        let factors = &long[column - last..=column - first];
        for (&x, &y) in factors.iter().rev().zip(&short[first..=last]) {
            let (sum, carries) = low.overflowing_add(x as u128 * y as u128);
            low = sum;
            high += carries as u64;
        }
        // `high` is a count of carries, far below the radix.
        let (top, rest) = split((high as u128) << 64 | low >> 64);
        let (bottom, limb) = split((rest as u128) << 64 | low as u64 as u128);
        product.push(limb);
        (low, high) = ((top as u128) << 64 | bottom as u128, 0);
    }
    // What is left is below the radix: the product has no more limbs.
    debug_assert!(low < RADIX as u128);
    product.push(low as u64);
    trim(&mut product);
    product
}

/// The long factor in pieces as long as the short one.
fn by_pieces(long: &[u64], short: &[u64]) -> Limbs {
    let mut product = Limbs::from_elem(0, long.len() + short.len());
    for (nth, piece) in long.chunks(short.len()).enumerate() {
        let piece = super::limbs::trimmed(piece);
        add_into(&mut product[nth * short.len()..], &multiply(piece, short));
    }
    trim(&mut product);
    product
}

/// Three products of halves in place of four.
fn by_thirds_saved(a: &[u64], b: &[u64]) -> Limbs {
    let half = a.len().div_ceil(2);
    let ((a_low, a_high), (b_low, b_high)) = (cut(a, half), cut(b, half));
    let (low, high) = (multiply(a_low, b_low), multiply(a_high, b_high));
    let mut middle = multiply(&add(a_low, a_high), &add(b_low, b_high));
    subtract_from(&mut middle, &low);
    subtract_from(&mut middle, &high);
    trim(&mut middle);
    let mut product = Limbs::from_elem(0, a.len() + b.len());
    product[..low.len()].copy_from_slice(&low);
    product[2 * half..][..high.len()].copy_from_slice(&high);
    add_into(&mut product[half..], &middle);
    trim(&mut product);
    product
}
