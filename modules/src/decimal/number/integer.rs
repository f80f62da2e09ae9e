//! Long binary numbers to decimal limbs and back.

use super::limbs::{Limbs, add, from_wide, from_word, multiply_word};
use super::multiply::multiply;
use super::shift::cut;
use malachite_base::num::arithmetic::traits::Square;
use malachite_nz::natural::Natural;

/// Parts of fewer limbs than this are converted one limb after the other.
const SHORT: usize = 40;

/// Of binary limbs, the least first.
pub fn from_binary(binary: &[u64]) -> Limbs {
    // Powers of 2^(64 * SHORT * 2^k).
    let mut powers: Vec<Limbs> = Vec::new();
    let mut n = SHORT;
    while n < binary.len() {
        let power = match powers.last() {
            Some(last) => multiply(last, last),
            None => {
                let mut one = vec![0; SHORT];
                one.push(1);
                short_from_binary(&one)
            }
        };
        powers.push(power);
        n *= 2;
    }
    convert(binary, &powers)
}

fn convert(binary: &[u64], powers: &[Limbs]) -> Limbs {
    let Some((power, lesser)) = powers.split_last() else { return short_from_binary(binary) };
    let half = SHORT << lesser.len();
    if binary.len() <= half {
        return convert(binary, lesser);
    }
    let (low, high) = binary.split_at(half);
    add(&multiply(&convert(high, lesser), power), &convert(low, lesser))
}

fn short_from_binary(binary: &[u64]) -> Limbs {
    match *binary {
        [] => Limbs::new(),
        [word] => from_word(word),
        [low, high] => from_wide((high as u128) << 64 | low as u128),
        _ => {
            let mut limbs = Limbs::new();
            for &word in binary.iter().rev() {
                // Times 2^64 in two steps: each factor is below the radix.
                limbs = multiply_word(&limbs, 1 << 32, word >> 32);
                limbs = multiply_word(&limbs, 1 << 32, word & 0xFFFF_FFFF);
            }
            limbs
        }
    }
}

/// As a binary number.
pub fn to_binary(limbs: &[u64]) -> Natural {
    let mut powers: Vec<Natural> = Vec::new();
    let mut n = SHORT;
    while n < limbs.len() {
        let power = match powers.last() {
            Some(last) => last.square(),
            None => {
                let mut one = vec![0; SHORT];
                one.push(1);
                short_to_binary(&one)
            }
        };
        powers.push(power);
        n *= 2;
    }
    convert_back(limbs, &powers)
}

fn convert_back(limbs: &[u64], powers: &[Natural]) -> Natural {
    let Some((power, lesser)) = powers.split_last() else { return short_to_binary(limbs) };
    let half = SHORT << lesser.len();
    if limbs.len() <= half {
        return convert_back(limbs, lesser);
    }
    let (low, high) = cut(limbs, half);
    convert_back(high, lesser) * power + convert_back(low, lesser)
}

fn short_to_binary(limbs: &[u64]) -> Natural {
    let mut binary: Vec<u64> = Vec::with_capacity(limbs.len());
    for &limb in limbs.iter().rev() {
        let mut carry = limb;
        for word in &mut binary {
            let wide = *word as u128 * super::limbs::RADIX as u128 + carry as u128;
            (*word, carry) = (wide as u64, (wide >> 64) as u64);
        }
        if carry > 0 {
            binary.push(carry);
        }
    }
    Natural::from_owned_limbs_asc(binary)
}
