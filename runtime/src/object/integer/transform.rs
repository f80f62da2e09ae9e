//! Products of very long numbers by transforms of their digits: modulo three primes, from whose results each sum of products of
//! digits is put together.
//!
//! ```text
//!   digits ─► modulo p: forward ─► product, place by place ─► back ─┐
//!          ─► modulo q: likewise                                   ─┼─► sums below pqr ─► carried: digits
//!          ─► modulo r: likewise                                   ─┘
//! ```
//!
//! A transform takes a polynomial modulo x^2n − w² to what it is modulo x^n − w and x^n + w, and so on down to numbers. The way
//! back undoes that. Between steps numbers are not reduced further than their word holds, which is four times the prime.

use super::leave::{Abandoned, Leave};

/// The highest power of two that divides each of the primes less one.
const ORDER_BITS: u32 = 36;
/// Parts of so many numbers are done breadth first, in the nearest cache.
const NEAR: usize = 1 << 12;

/// Integers modulo a prime.
struct Field {
    /// Below 2^62, so that four times it fits a word.
    modulus: u64,
    /// What it is to be multiplied by for −1, modulo 2^64.
    negative_inverse: u64,
    /// A root of one of order `2^ORDER_BITS`.
    root: u64,
}

/// A constant factor, with what makes multiplying by it fast: the factor times 2^64, divided by the modulus.
#[derive(Clone, Copy)]
struct Factor {
    word: u64,
    quotient: u64,
}

static FIELDS: [Field; 3] = [
    Field::new(0x3FFF_FFA0_0000_0001, 4_400_745_204_249_244_341),
    Field::new(0x3FFF_FF30_0000_0001, 4_028_557_980_647_827_127),
    Field::new(0x3FFF_FD20_0000_0001, 1_717_662_185_716_964_956),
];

impl Field {
    const fn new(modulus: u64, root: u64) -> Field {
        // Each step doubles the number of right digits.
        let mut inverse = 1u64;
        let mut step = 0;
        while step < 6 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(modulus.wrapping_mul(inverse)));
            step += 1;
        }
        Field { modulus, negative_inverse: inverse.wrapping_neg(), root }
    }

    fn multiply(&self, x: u64, y: u64) -> u64 {
        (u128::from(x) * u128::from(y) % u128::from(self.modulus)) as u64
    }

    fn power(&self, mut base: u64, mut exponent: u64) -> u64 {
        let mut result = 1;
        while exponent != 0 {
            if exponent & 1 != 0 {
                result = self.multiply(result, base);
            }
            base = self.multiply(base, base);
            exponent >>= 1;
        }
        result
    }

    fn inverse(&self, x: u64) -> u64 {
        self.power(x % self.modulus, self.modulus - 2)
    }

    fn factor(&self, word: u64) -> Factor {
        Factor { word, quotient: ((u128::from(word) << 64) / u128::from(self.modulus)) as u64 }
    }

    /// The same without a division: `beyond` is what 2^126, divided by the modulus, has beyond 2^64.
    fn quick_factor(&self, word: u64, beyond: u64) -> Factor {
        let near = (word << 2) + ((u128::from(word) * u128::from(beyond)) >> 62) as u64;
        let rest = 0u64.wrapping_sub(near.wrapping_mul(self.modulus));
        Factor { word, quotient: near + u64::from(rest >= self.modulus) }
    }

    /// Below twice the modulus, of any word.
    #[inline(always)]
    fn scale(&self, x: u64, by: Factor) -> u64 {
        let quotient = ((u128::from(x) * u128::from(by.quotient)) >> 64) as u64;
        x.wrapping_mul(by.word).wrapping_sub(quotient.wrapping_mul(self.modulus))
    }

    /// Below the modulus, of what is below twice it.
    #[inline(always)]
    fn reduced(&self, x: u64) -> u64 {
        if x >= self.modulus { x - self.modulus } else { x }
    }

    /// Below twice the modulus, of what is below four times it.
    #[inline(always)]
    fn halfway(&self, x: u64) -> u64 {
        if x >= 2 * self.modulus { x - 2 * self.modulus } else { x }
    }

    /// The product, divided by 2^64: below twice the modulus, of factors that are so.
    #[inline(always)]
    fn product(&self, x: u64, y: u64) -> u64 {
        let product = u128::from(x) * u128::from(y);
        let times = (product as u64).wrapping_mul(self.negative_inverse);
        ((product + u128::from(times) * u128::from(self.modulus)) >> 64) as u64
    }
}

/// The roots that transforms of a length need, in the order in which they need them.
struct Roots<'a> {
    field: &'a Field,
    factors: Vec<Factor>,
    leave: &'a Leave,
}

impl<'a> Roots<'a> {
    /// For so many numbers, a power of two.
    fn new(field: &'a Field, len: usize, leave: &'a Leave) -> Roots<'a> {
        let beyond = ((1u128 << 126) / u128::from(field.modulus) - (1 << 64)) as u64;
        let mut factors = Vec::with_capacity(len / 2);
        factors.push(field.factor(1));
        let mut order_bits = 2;
        while factors.len() < len / 2 {
            let root = field.factor(field.power(field.root, 1 << (ORDER_BITS - order_bits)));
            for at in 0..factors.len() {
                let word = field.reduced(field.scale(factors[at].word, root));
                factors.push(field.quick_factor(word, beyond));
            }
            order_bits += 1;
        }
        Roots { field, factors, leave }
    }

    /// `part` is what lies at this place among its like.
    fn forward(&self, part: &mut [u64], place: usize) -> Result<(), Abandoned> {
        if part.len() > NEAR {
            let (low, high) = part.split_at_mut(part.len() / 2);
            self.split(low, high, self.factors[place]);
            self.forward(low, 2 * place)?;
            return self.forward(high, 2 * place + 1);
        }
        self.leave.check()?;
        let (mut len, mut first) = (part.len(), place);
        while len > 1 {
            for (nth, part) in part.chunks_exact_mut(len).enumerate() {
                let (low, high) = part.split_at_mut(len / 2);
                self.split(low, high, self.factors[first + nth]);
            }
            (len, first) = (len / 2, first * 2);
        }
        Ok(())
    }

    #[inline(always)]
    fn split(&self, low: &mut [u64], high: &mut [u64], root: Factor) {
        let twice = 2 * self.field.modulus;
        for (x, y) in low.iter_mut().zip(high) {
            let (sum, term) = (self.field.halfway(*x), self.field.scale(*y, root));
            (*x, *y) = (sum + term, sum + twice - term);
        }
    }

    fn back(&self, part: &mut [u64], place: usize) -> Result<(), Abandoned> {
        if part.len() > NEAR {
            let (low, high) = part.split_at_mut(part.len() / 2);
            self.back(low, 2 * place)?;
            self.back(high, 2 * place + 1)?;
            self.join(low, high, place);
            return Ok(());
        }
        self.leave.check()?;
        let mut len = 2;
        while len <= part.len() {
            let first = place * (part.len() / len);
            for (nth, part) in part.chunks_exact_mut(len).enumerate() {
                let (low, high) = part.split_at_mut(len / 2);
                self.join(low, high, first + nth);
            }
            len *= 2;
        }
        Ok(())
    }

    #[inline(always)]
    fn join(&self, low: &mut [u64], high: &mut [u64], place: usize) {
        let twice = 2 * self.field.modulus;
        // The inverse of a root is the opposite of another, which lies as far from the end of its octave as the root from the
        // beginning; that of one is one itself.
        let root = match place.checked_ilog2() {
            Some(octave) => self.factors[(3 << octave) - 1 - place],
            None => self.field.factor(self.field.modulus - 1),
        };
        for (x, y) in low.iter_mut().zip(high) {
            let difference = *y + twice - *x;
            (*x, *y) = (self.field.halfway(*x + *y), self.field.scale(difference, root));
        }
    }

    /// Digits, each below twice the modulus, and zeros behind them.
    fn load(&self, digits: &[u64], len: usize) -> Vec<u64> {
        let mut loaded = vec![0; len];
        for (to, &digit) in loaded.iter_mut().zip(digits) {
            *to = self.field.halfway(self.field.halfway(digit));
        }
        loaded
    }

    /// What the sums of products of digits are modulo the prime.
    fn convolve(&self, x: &[u64], y: &[u64], len: usize) -> Result<Vec<u64>, Abandoned> {
        let field = self.field;
        let mut result = self.load(x, len);
        self.forward(&mut result, 0)?;
        if std::ptr::eq(x, y) {
            for x in &mut result {
                let reduced = field.halfway(*x);
                *x = field.product(reduced, reduced);
            }
        } else {
            let mut other = self.load(y, len);
            self.forward(&mut other, 0)?;
            for (x, y) in result.iter_mut().zip(other) {
                *x = field.product(field.halfway(*x), field.halfway(y));
            }
        }
        self.back(&mut result, 0)?;
        // Undoes what the length and the products' divisions have brought in.
        let two_to_64 = ((1u128 << 64) % u128::from(field.modulus)) as u64;
        let scale = field.factor(field.multiply(field.inverse(len as u64), two_to_64));
        for x in &mut result {
            *x = field.reduced(field.scale(*x, scale));
        }
        Ok(result)
    }
}

/// What digits are digits of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// 2^64.
    Binary,
    /// 10^19.
    Decimal,
}

/// 10^19: as many decimal digits as a word holds.
pub const DECIMAL: u64 = 10_000_000_000_000_000_000;

/// The sum so far, of three words, the lowest first.
#[derive(Clone, Copy, Default)]
struct Carry([u64; 3]);

impl Carry {
    fn add(&mut self, [low, middle, high]: [u64; 3]) {
        let sum = u128::from(self.0[0]) + u128::from(low);
        self.0[0] = sum as u64;
        let sum = u128::from(self.0[1]) + u128::from(middle) + (sum >> 64);
        self.0[1] = sum as u64;
        self.0[2] += high + (sum >> 64) as u64;
    }

    /// Takes the lowest digit out.
    fn take(&mut self, base: Base) -> u64 {
        let [low, middle, high] = self.0;
        match base {
            Base::Binary => {
                self.0 = [middle, high, 0];
                low
            }
            Base::Decimal => {
                let mut rest = 0;
                for word in self.0.iter_mut().rev() {
                    let all = u128::from(rest) << 64 | u128::from(*word);
                    *word = (all / u128::from(DECIMAL)) as u64;
                    rest = (all % u128::from(DECIMAL)) as u64;
                }
                rest
            }
        }
    }
}

/// The product of two numbers, each by its digits, the lowest first. There may be zeros behind the result's.
pub fn product(x: &[u64], y: &[u64], base: Base, leave: &Leave) -> Result<Vec<u64>, Abandoned> {
    let n_digits = x.len() + y.len();
    let len = n_digits.next_power_of_two().max(2);
    let mut parts = Vec::with_capacity(FIELDS.len());
    for field in &FIELDS {
        parts.push(Roots::new(field, len, leave).convolve(x, y, len)?);
    }
    let [p, q, r] = &FIELDS;
    let p_in_q = q.factor(q.inverse(p.modulus));
    let pq = u128::from(p.modulus) * u128::from(q.modulus);
    let p_in_r = r.factor(p.modulus % r.modulus);
    let pq_in_r = r.factor(r.inverse((pq % u128::from(r.modulus)) as u64));
    let (pq_low, pq_high) = (pq as u64, (pq >> 64) as u64);
    let mut carry = Carry::default();
    let mut digits = Vec::with_capacity(n_digits);
    let [first, second, third] = &parts[..] else { unreachable!("one for each field") };
    for ((&a, &b), &c) in first.iter().zip(second).zip(third).take(n_digits) {
        // a + p·(v + q·w) is a, b and c modulo the three.
        let v = q.reduced(q.scale(b + 2 * q.modulus - a, p_in_q));
        let known = r.halfway(a + r.scale(v, p_in_r));
        let w = r.reduced(r.scale(c + 2 * r.modulus - known, pq_in_r));
        let lowest = u128::from(a) + u128::from(p.modulus) * u128::from(v);
        let low = u128::from(pq_low) * u128::from(w);
        let high = u128::from(pq_high) * u128::from(w) + (low >> 64);
        carry.add([lowest as u64, (lowest >> 64) as u64, 0]);
        carry.add([low as u64, high as u64, (high >> 64) as u64]);
        digits.push(carry.take(base));
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::integer::leave::finished;

    #[test]
    fn the_roots_are_of_their_order() {
        for field in &FIELDS {
            assert_eq!(field.power(field.root, 1 << (ORDER_BITS - 1)), field.modulus - 1);
            assert_eq!(field.modulus.wrapping_mul(field.negative_inverse), u64::MAX);
        }
    }

    #[test]
    fn the_largest_digits_are_carried() {
        for len in [1, 2, 3, 64, 5000] {
            let ones = vec![u64::MAX; len];
            // (b^n − 1)² = b^2n − 2·b^n + 1
            let mut expected = vec![0; 2 * len];
            expected[0] = 1;
            expected[len..].fill(u64::MAX);
            expected[len] -= 1;
            assert!(finished(product(&ones, &ones, Base::Binary, &Leave::FOREVER)) == expected, "{len}");
            assert!(finished(product(&ones, &ones.clone(), Base::Binary, &Leave::FOREVER)) == expected, "{len}");
            let nines = vec![DECIMAL - 1; len];
            let mut expected = vec![0; 2 * len];
            expected[0] = 1;
            expected[len..].fill(DECIMAL - 1);
            expected[len] -= 1;
            assert!(finished(product(&nines, &nines, Base::Decimal, &Leave::FOREVER)) == expected, "{len}");
        }
    }
}
