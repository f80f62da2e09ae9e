//! Shifts by decimal digits, and what is shifted out.

use super::limbs::{LIMB_DIGITS, Limbs, POWERS, split, trim, trimmed};

/// What was shifted out, against half of the last place that was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    Zero,
    Below,
    Half,
    Above,
}

impl Rest {
    pub fn is_zero(self) -> bool {
        self == Rest::Zero
    }
}

/// `limbs * 10^n`.
pub fn shift_left(limbs: &[u64], n: i64) -> Limbs {
    if limbs.is_empty() || n == 0 {
        return Limbs::from_slice(limbs);
    }
    let (whole, part) = ((n / LIMB_DIGITS) as usize, (n % LIMB_DIGITS) as usize);
    if part == 0 {
        return add_limbs(limbs, whole);
    }
    let mut shifted = Limbs::from_elem(0, limbs.len() + whole + 1);
    let power = POWERS[part];
    let mut carry = 0;
    for (to, &limb) in shifted[whole..].iter_mut().zip(limbs) {
        let (high, low) = split(limb as u128 * power as u128);
        *to = low + carry;
        carry = high;
    }
    shifted[limbs.len() + whole] = carry;
    trim(&mut shifted);
    shifted
}

/// Quotient and remainder of a word by a power of ten below the radix: each a constant, by which the compiler divides without a
/// division.
#[inline]
pub fn divide_by_power(word: u64, exponent: usize) -> (u64, u64) {
    macro_rules! by_power {
        ($($n:literal)*) => {
            match exponent {
                $($n => (word / const { 10u64.pow($n) }, word % const { 10u64.pow($n) }),)*
                _ => (word, 0),
            }
        };
    }
    by_power!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18)
}

/// `limbs / 10^n`, rounded down, and what is left.
pub fn shift_right(limbs: &[u64], n: i64) -> (Limbs, Rest) {
    if n <= 0 {
        return (Limbs::from_slice(limbs), Rest::Zero);
    }
    let (whole, part) = ((n / LIMB_DIGITS) as usize, (n % LIMB_DIGITS) as usize);
    if whole >= limbs.len() {
        let is_close = whole == limbs.len() && part == 0;
        let rest = match limbs.last() {
            None => Rest::Zero,
            Some(&top) if is_close => against_half(top, POWERS[19] / 2, &limbs[..limbs.len() - 1]),
            Some(_) => Rest::Below,
        };
        return (Limbs::new(), rest);
    }
    if part == 0 {
        let rest = against_half(limbs[whole - 1], POWERS[19] / 2, &limbs[..whole - 1]);
        return (Limbs::from_slice(&limbs[whole..]), rest);
    }
    let mut shifted = Limbs::from_elem(0, limbs.len() - whole);
    let (mut low, first_out) = divide_by_power(limbs[whole], part);
    let scale = POWERS[19 - part];
    for (to, &limb) in shifted.iter_mut().zip(&limbs[whole + 1..]) {
        let (quotient, out) = divide_by_power(limb, part);
        *to = low + out * scale;
        low = quotient;
    }
    shifted[limbs.len() - whole - 1] = low;
    trim(&mut shifted);
    (shifted, against_half(first_out, POWERS[part] / 2, &limbs[..whole]))
}

pub fn against_half(top: u64, half: u64, lower: &[u64]) -> Rest {
    if top > half {
        return Rest::Above;
    }
    match (top == half, lower.iter().any(|&limb| limb != 0)) {
        (true, true) => Rest::Above,
        (true, false) => Rest::Half,
        (false, false) if top == 0 => Rest::Zero,
        (false, _) => Rest::Below,
    }
}

/// The last `n` digits.
pub fn low_digits(limbs: &[u64], n: i64) -> Limbs {
    let (whole, part) = ((n / LIMB_DIGITS) as usize, (n % LIMB_DIGITS) as usize);
    if whole >= limbs.len() {
        return Limbs::from_slice(limbs);
    }
    let mut low = Limbs::from_slice(&limbs[..whole]);
    low.push(limbs[whole] % POWERS[part]);
    trim(&mut low);
    low
}

/// Without its last `n` limbs.
pub fn drop_limbs(limbs: &[u64], n: usize) -> &[u64] {
    limbs.get(n..).unwrap_or(&[])
}

/// With `n` zero limbs more at the low end.
pub fn add_limbs(limbs: &[u64], n: usize) -> Limbs {
    if limbs.is_empty() {
        return Limbs::new();
    }
    let mut wider = Limbs::with_capacity(limbs.len() + n);
    wider.resize(n, 0);
    wider.extend_from_slice(limbs);
    wider
}

/// The low `n` limbs and those above, trimmed.
pub fn cut(limbs: &[u64], n: usize) -> (&[u64], &[u64]) {
    let (low, high) = limbs.split_at(n.min(limbs.len()));
    (trimmed(low), high)
}
