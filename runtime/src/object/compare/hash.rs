//! Hashes, the same as CPython's.

use crate::object::dict::dict_of;
use crate::object::integer::{IntView, int_of};
use crate::object::layout::*;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

const HASH_BITS: u32 = 61;
const HASH_MODULUS: u64 = (1 << HASH_BITS) - 1;
const HASH_INFINITY: i64 = 314_159;
const HASH_IMAGINARY: u64 = 1_000_003;

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

fn avoid_minus_one(hash: u64) -> i64 {
    if hash == u64::MAX { -2 } else { hash as i64 }
}

/// The hash of an object by its identity.
pub fn hash_identity(value: Value) -> i64 {
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
        if self.is_plain(value) {
            return match self.native_hash(value)? {
                Some(hash) => Ok(hash),
                None => Err(self.raise_unhashable(value)),
            };
        }
        self.hash_protocol(value)
    }

    #[inline(never)]
    fn hash_protocol(&mut self, value: Value) -> PyResult<i64> {
        let name = self.names.__hash__;
        if self.is_inherited(value, name)
            && let Some(hash) = self.native_hash(value)?
        {
            return Ok(hash);
        }
        self.check_native_stack()?;
        match self.lookup_special(value, name) {
            Some(method) if method.is_none() => return Err(self.raise_unhashable(value)),
            Some(_) => {}
            None => {
                return match self.native_hash(value)? {
                    Some(hash) => Ok(hash),
                    None => Err(self.raise_unhashable(value)),
                };
            }
        }
        let result = self.call_special(value, name, &[])?.unwrap_or(Value::NONE);
        if !self.is_int_like(result) {
            return Err(self.raise_type("__hash__ method should return an integer"));
        }
        Ok(match int_of(result) {
            IntView::Word(word) => avoid_minus_one(word as u64),
            big => big.hash(),
        })
    }

    pub fn raise_unhashable(&mut self, value: Value) -> crate::Raised {
        let message = format!("unhashable type: '{}'", self.class_name(value));
        self.raise_type(&message)
    }

    /// The hash by built-in layout; `None` where it has none.
    pub fn native_hash(&mut self, value: Value) -> PyResult<Option<i64>> {
        if value.is_int() {
            return Ok(Some(IntView::Word(value.as_int()).hash()));
        }
        let hash = match self.layout_of(value) {
            BuiltinType::Str => self.str_hash(value),
            BuiltinType::Int | BuiltinType::Bool => int_of(value).hash(),
            BuiltinType::Float if value.as_float().is_nan() => hash_identity(value),
            BuiltinType::Float => hash_float(value.as_float()),
            BuiltinType::Complex => {
                let (re, im) = self.complex_parts(value).unwrap_or_default();
                avoid_minus_one(
                    (hash_float(re) as u64).wrapping_add(HASH_IMAGINARY.wrapping_mul(hash_float(im) as u64)),
                )
            }
            BuiltinType::Tuple => self.hash_tuple(value)?,
            BuiltinType::FrozenSet => self.hash_frozenset(value)?,
            BuiltinType::Bytes => self.hash_bytes(value),
            BuiltinType::Range => {
                // SAFETY: the layout was checked; ranges do not change.
                let range = unsafe { &*value.as_ptr::<RangeObject>() };
                let is_empty = range.len == Value::small_int(0);
                let is_short = is_empty || range.len == Value::small_int(1);
                let start = if is_empty { Value::NONE } else { range.start };
                let step = if is_short { Value::NONE } else { range.step };
                let key = self.new_tuple(&[range.len, start, step]);
                self.hash_tuple(key)?
            }
            BuiltinType::Slice => {
                // SAFETY: the layout was checked; slices do not change.
                let slice = unsafe { &*value.as_ptr::<SliceObject>() };
                let key = self.new_tuple(&[slice.start, slice.stop, slice.step]);
                self.hash_tuple(key)?
            }
            BuiltinType::BoundMethod => {
                // SAFETY: the layout was checked.
                let method = unsafe { &*value.as_ptr::<BoundMethod>() };
                avoid_minus_one((hash_identity(method.owner) ^ self.hash(method.function)?) as u64)
            }
            BuiltinType::NativeFunction => {
                // SAFETY: the layout was checked.
                let native = unsafe { &*value.as_ptr::<NativeFunction>() };
                avoid_minus_one((hash_identity(native.owner) ^ hash_identity(Value(native.binding as u64))) as u64)
            }
            BuiltinType::List | BuiltinType::Dict | BuiltinType::Set => return Ok(None),
            BuiltinType::DictKeys | BuiltinType::DictItems => return Ok(None),
            _ => hash_identity(value),
        };
        Ok(Some(hash))
    }

    fn hash_tuple(&mut self, tuple: Value) -> PyResult<i64> {
        self.check_native_stack()?;
        let mut hasher = TupleHasher::new();
        // SAFETY: the caller has checked the layout; tuples do not change.
        for &item in unsafe { (*tuple.as_ptr::<TupleObject>()).items() } {
            hasher.add(self.hash(item)?);
        }
        Ok(hasher.finish())
    }

    fn hash_frozenset(&mut self, set: Value) -> PyResult<i64> {
        if dict_of(set).hash != 0 {
            return Ok(dict_of(set).hash);
        }
        let mut mixed = 0u64;
        let mut at = 0;
        while let Some((index, entry)) = dict_of(set).next_entry(at) {
            at = index + 1;
            let hash = self.hash(entry.key)? as u64;
            mixed ^= ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
        }
        mixed ^= (dict_of(set).len as u64 + 1).wrapping_mul(1_927_868_237);
        mixed ^= (mixed >> 11) ^ (mixed >> 25);
        let hash = mixed.wrapping_mul(69_069).wrapping_add(907_133_923);
        let hash = if hash == u64::MAX { 590_923_713 } else { hash as i64 };
        dict_of(set).hash = hash;
        Ok(hash)
    }

    fn hash_bytes(&mut self, value: Value) -> i64 {
        // SAFETY: the caller has checked the layout.
        let bytes = unsafe { &mut *value.as_ptr::<BytesObject>() };
        if bytes.hash == 0 && bytes.len > 0 {
            let mut hasher = SipHasher13::new_with_keys(self.hash_seed.0, self.hash_seed.1);
            hasher.write(bytes.data());
            bytes.hash = avoid_minus_one(hasher.finish());
        }
        bytes.hash
    }
}
