//! Hashes, the same as CPython's.

use crate::object::argument::This;
use crate::object::integer::IntView;
use crate::object::layout::*;
use crate::object::typed::FrozenSetObject;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

const HASH_BITS: u32 = 61;
const HASH_MODULUS: u64 = (1 << HASH_BITS) - 1;
/// The same in each run, so that what has None in it has, too.
const HASH_NONE: i64 = 0xFCA8_6420;
const HASH_INFINITY: i64 = 314_159;
pub(crate) const HASH_IMAGINARY: u64 = 1_000_003;

/// A float's hash: equal to that of the int of the same value.
pub fn hash_float(float: f64) -> i64 {
    if float.is_nan() {
        return 0;
    }
    if float.is_infinite() {
        return if float > 0.0 { HASH_INFINITY } else { -HASH_INFINITY };
    }
    let bits = float.abs().to_bits();
    let (raw_exponent, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    // |float| = significand * 2^exponent; rotating by the exponent modulo 61 multiplies by the power of two.
    let (significand, exponent) =
        if raw_exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, raw_exponent - 1075) };
    let shift = exponent.rem_euclid(HASH_BITS as i64) as u32;
    let reduced = (((significand as u128) << shift) % HASH_MODULUS as u128) as i64;
    match if float < 0.0 { -reduced } else { reduced } {
        -1 => -2,
        hash => hash,
    }
}

pub(crate) fn avoid_minus_one(hash: u64) -> i64 {
    if hash == u64::MAX { -2 } else { hash as i64 }
}

/// The hash of an object by its identity.
pub fn hash_identity(value: Value) -> i64 {
    if value.is_none() {
        return HASH_NONE;
    }
    avoid_minus_one(value.0.rotate_right(4))
}

/// Mixes the hashes of a tuple's items as xxHash does.
struct TupleHasher {
    state: u64,
    len: u64,
}

impl TupleHasher {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;

    fn new() -> TupleHasher {
        TupleHasher { state: Self::PRIME_5, len: 0 }
    }
    fn add(&mut self, hash: i64) {
        self.state = self.state.wrapping_add((hash as u64).wrapping_mul(Self::PRIME_2));
        self.state = self.state.rotate_left(31).wrapping_mul(Self::PRIME_1);
        self.len += 1;
    }
    fn finish(self) -> i64 {
        let hash = self.state.wrapping_add(self.len ^ (Self::PRIME_5 ^ 3_527_539));
        if hash == u64::MAX { 1_546_275_796 } else { hash as i64 }
    }
}

impl Vm {
    /// The hash of a value; TypeError where it has none.
    #[inline]
    pub fn hash(&mut self, value: Value) -> PyResult<i64> {
        if value.is_int() {
            // Below the modulus.
            return Ok(if value.as_int() == -1 { -2 } else { value.as_int() });
        }
        match self.slots_of(value).hash {
            Some(slot) => slot(self, value),
            None => Err(self.raise_unhashable(value)),
        }
    }

    /// The hash that a `__hash__` has given.
    pub(crate) fn hash_answered(&mut self, answer: Value) -> PyResult<i64> {
        if !self.is_int_like(answer) {
            return Err(self.raise_type("__hash__ method should return an integer"));
        }
        Ok(match self.int_of(answer) {
            IntView::Word(word) => avoid_minus_one(word as u64),
            big => big.hash(),
        })
    }

    pub fn raise_unhashable(&mut self, value: Value) -> crate::Raised {
        let message = format!("unhashable type: '{}'", self.class_name(value));
        self.raise_type(&message)
    }

    /// The hash of a tuple of small ints.
    pub fn hash_ints(&self, ints: &[i32]) -> i64 {
        let mut hasher = TupleHasher::new();
        for &int in ints {
            hasher.add(if int == -1 { -2 } else { int.into() });
        }
        hasher.finish()
    }

    pub(crate) fn hash_tuple(&mut self, tuple: This<TupleObject>) -> PyResult<i64> {
        self.check_native_stack()?;
        let mut hasher = TupleHasher::new();
        for &item in tuple.items() {
            hasher.add(self.hash(item)?);
        }
        Ok(hasher.finish())
    }

    pub(crate) fn hash_frozenset(&mut self, mut set: This<FrozenSetObject>) -> PyResult<i64> {
        if set.hash != 0 {
            return Ok(set.hash);
        }
        let mut mixed = 0u64;
        let mut at = 0;
        while let Some((index, entry)) = set.next_entry(at) {
            at = index + 1;
            let hash = self.hash(entry.key)? as u64;
            mixed ^= ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
        }
        mixed ^= (set.len as u64 + 1).wrapping_mul(1_927_868_237);
        mixed ^= (mixed >> 11) ^ (mixed >> 25);
        let hash = mixed.wrapping_mul(69_069).wrapping_add(907_133_923);
        let hash = if hash == u64::MAX { 590_923_713 } else { hash as i64 };
        set.hash = hash;
        Ok(hash)
    }

    pub(crate) fn hash_bytes(&mut self, mut bytes: This<BytesObject>) -> i64 {
        if bytes.hash == 0 && bytes.len > 0 {
            bytes.hash = self.hash_data(bytes.data());
        }
        bytes.hash
    }

    /// A hash that nobody who does not know the VM's seed can foresee.
    pub fn hash_data(&self, data: &[u8]) -> i64 {
        if data.is_empty() {
            return 0;
        }
        let mut hasher = SipHasher13::new_with_keys(self.hash_seed.0, self.hash_seed.1);
        hasher.write(data);
        avoid_minus_one(hasher.finish())
    }
}
