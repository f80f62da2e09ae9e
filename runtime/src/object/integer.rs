//! Ints in their four forms: small (in the word), a heap object with an `i64`, with an `i128`, with a big integer.
//!
//! A result always takes the smallest form that holds it, so that two exact ints of different forms are different.

mod arithmetic;
mod digits;
pub(crate) mod divide;
mod float;
pub(crate) mod leave;
pub(crate) mod multiply;
mod text;
mod transform;

pub use float::{int_to_f64, word_eq_float};
pub use text::{DEFAULT_MAX_STR_DIGITS, ParseIntError, decimal_digit};

use super::header::Header;
use super::layout::{IntForm, IntObject, IntRest};
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;
use std::cmp::Ordering;

/// An integer of any size. Owned by one `IntObject`, freed by its finalizer.
pub struct BigInt(pub Integer);

/// An int's value. A big one is borrowed from its object: not to be used across an allocation unless the object is
/// held elsewhere.
#[derive(Clone, Copy)]
pub enum IntView<'a> {
    Word(i64),
    /// Beyond every word.
    Wide(i128),
    /// Beyond 128 bits.
    Big(&'a Integer),
}

/// Ints beyond so many bits are refused with MemoryError before they are computed.
const MAX_BITS: u64 = 1 << 33;
/// The Mersenne prime that hashes are reduced by.
const HASH_MODULUS: u64 = (1 << 61) - 1;

impl IntView<'_> {
    pub fn to_big(self) -> Integer {
        match self {
            IntView::Word(word) => Integer::from(word),
            IntView::Wide(wide) => Integer::from(wide),
            IntView::Big(big) => big.clone(),
        }
    }
    pub fn is_zero(self) -> bool {
        matches!(self, IntView::Word(0))
    }
    pub fn is_negative(self) -> bool {
        match self {
            IntView::Word(word) => word < 0,
            IntView::Wide(wide) => wide < 0,
            IntView::Big(big) => *big < 0,
        }
    }
    /// Bits of the magnitude.
    pub fn n_bits(self) -> u64 {
        match self {
            IntView::Word(word) => 64 - word.unsigned_abs().leading_zeros() as u64,
            IntView::Wide(wide) => 128 - wide.unsigned_abs().leading_zeros() as u64,
            IntView::Big(big) => big.significant_bits(),
        }
    }
    pub fn compare(self, other: IntView<'_>) -> Ordering {
        match (self, other) {
            (IntView::Big(a), IntView::Big(b)) => a.cmp(b),
            // A big integer lies beyond all others.
            (_, IntView::Big(b)) => 0.cmp(&b.sign_as_int()),
            (IntView::Big(a), _) => a.sign_as_int().cmp(&0),
            _ => self.to_wide().cmp(&other.to_wide()),
        }
    }
    /// Where 128 bits hold it.
    #[inline(always)]
    pub fn to_wide(self) -> Option<i128> {
        match self {
            IntView::Word(word) => Some(word as i128),
            IntView::Wide(wide) => Some(wide),
            IntView::Big(_) => None,
        }
    }
    /// Python's hash: the value modulo 2^61 − 1, with the value's sign.
    pub fn hash(self) -> i64 {
        let (magnitude, is_negative) = match self {
            IntView::Word(word) => (word.unsigned_abs() % HASH_MODULUS, word < 0),
            IntView::Wide(wide) => ((wide.unsigned_abs() % HASH_MODULUS as u128) as u64, wide < 0),
            IntView::Big(big) => {
                let limbs = big.unsigned_abs_ref().as_limbs_asc();
                let fold =
                    |rest: u64, &limb: &u64| (((rest as u128) << 64 | limb as u128) % HASH_MODULUS as u128) as u64;
                (limbs.iter().rev().fold(0, fold), *big < 0)
            }
        };
        match if is_negative { -(magnitude as i64) } else { magnitude as i64 } {
            -1 => -2,
            hash => hash,
        }
    }
}

trait SignAsInt {
    fn sign_as_int(&self) -> i32;
}

impl SignAsInt for Integer {
    fn sign_as_int(&self) -> i32 {
        if *self < 0 { -1 } else { (*self > 0) as i32 }
    }
}

impl IntObject {
    /// Of a value within 128 bits.
    #[inline(always)]
    fn new(header: Header, value: i128) -> IntObject {
        let (word, high) = (value as i64, (value >> 64) as i64);
        let form = if high == word >> 63 { IntForm::Word } else { IntForm::Wide };
        IntObject { header, word, rest: IntRest { high }, form }
    }

    /// The value of a fresh object, which is to be finalized from now on.
    fn set_big(&mut self, integer: Integer) {
        self.rest.big = Box::into_raw(Box::new(BigInt(integer)));
        self.form = IntForm::Big;
    }

    /// Sets the value of a fresh object; true where it is to be finalized.
    pub(super) fn set(&mut self, value: IntView<'_>) -> bool {
        match value.to_wide() {
            Some(wide) => *self = IntObject::new(self.header, wide),
            None => self.set_big(value.to_big()),
        }
        self.form == IntForm::Big
    }
}

/// The value of an int or bool.
///
/// # Safety
/// It is an int, which stays alive.
#[inline]
pub unsafe fn known_int<'a>(value: Value) -> IntView<'a> {
    if value.is_int() {
        return IntView::Word(value.as_int());
    }
    if value.is_bool() {
        return IntView::Word(value.as_bool() as i64);
    }
    // SAFETY: the caller says what it is; the form says which half of the union is set. `big` is the object's own box.
    unsafe {
        let object = &*value.as_ptr::<IntObject>();
        match object.form {
            IntForm::Word => IntView::Word(object.word),
            IntForm::Wide => IntView::Wide((object.rest.high as i128) << 64 | object.word as u64 as i128),
            IntForm::Big => IntView::Big(&(*object.rest.big).0),
        }
    }
}

/// Python's `is`. Ints that fit a word have no identity beside their value, as if all were small: compiled code keeps them
/// unboxed, and boxes one anew wherever it needs the object.
#[inline(always)]
pub fn is_same(lhs: Value, rhs: Value) -> bool {
    lhs == rhs || lhs.is_object() && rhs.is_object() && are_one_word_int(lhs, rhs)
}

/// Whether two values are exact ints in the heap, of one value that fits a word.
#[inline(never)]
pub fn are_one_word_int(lhs: Value, rhs: Value) -> bool {
    match (heap_word(lhs), heap_word(rhs)) {
        (Some(lhs), Some(rhs)) => lhs == rhs,
        _ => false,
    }
}

/// The value of an exact int in the heap that fits a word.
fn heap_word(value: Value) -> Option<i64> {
    if !value.is_object() {
        return None;
    }
    // SAFETY: an object's header says what it is.
    unsafe {
        if !(*value.as_ptr::<Header>()).is_exactly::<IntObject>() {
            return None;
        }
        let int = &*value.as_ptr::<IntObject>();
        (int.form == IntForm::Word).then_some(int.word)
    }
}

/// The value of an exact int that fits a word.
#[inline]
pub fn exact_word(value: Value) -> Option<i64> {
    if value.is_int() { Some(value.as_int()) } else { heap_word(value) }
}

/// What `id` gives for a value: two that are the same have the same, no others.
pub fn identity_of(value: Value) -> i128 {
    match heap_word(value) {
        // Beyond all words of values.
        Some(word) => 1 << 64 | i128::from(word as u64),
        None => i128::from(value.bits()),
    }
}

impl Vm {
    /// Is it an int, a bool, or an instance of a subclass of int?
    #[inline(always)]
    pub fn is_int_like(&self, value: Value) -> bool {
        value.is_int() || value.is_bool() || self.is_a::<IntObject>(value)
    }

    /// The value of an int or bool; `None` for anything else.
    #[inline]
    pub fn int_view<'a>(&self, value: Value) -> Option<IntView<'a>> {
        // SAFETY: just found to be one.
        self.is_int_like(value).then(|| unsafe { known_int(value) })
    }

    /// The value of what is known to be an int or bool, which the caller keeps alive: a bug where it is none.
    #[inline]
    #[track_caller]
    pub fn int_of<'a>(&self, value: Value) -> IntView<'a> {
        match self.int_view(value) {
            Some(view) => view,
            None => panic!("{} where there can only be int", self.class_name(value)),
        }
    }

    /// Its value as a word, if it fits.
    #[inline]
    #[track_caller]
    pub fn int_to_i64(&self, value: Value) -> Option<i64> {
        match self.int_of(value) {
            IntView::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Its value where it fits in 128 bits.
    #[track_caller]
    pub fn int_to_i128(&self, value: Value) -> Option<i128> {
        self.int_of(value).to_wide()
    }

    /// Its value as a big integer.
    #[track_caller]
    pub fn int_to_big(&self, value: Value) -> BigInt {
        BigInt(self.int_of(value).to_big())
    }

    #[inline]
    pub fn new_int(&mut self, word: i64) -> Value {
        match Value::try_small_int(word) {
            Some(small) => small,
            None => self.make(BuiltinType::Int, |header| IntObject::new(header, word as i128)),
        }
    }

    pub fn new_int_from_u64(&mut self, word: u64) -> Value {
        self.new_int_from_i128(word as i128)
    }

    pub fn new_int_from_usize(&mut self, word: usize) -> Value {
        self.new_int_from_u64(word as u64)
    }

    #[inline]
    pub fn new_int_from_i128(&mut self, wide: i128) -> Value {
        match i64::try_from(wide).ok().and_then(Value::try_small_int) {
            Some(small) => small,
            None => self.make(BuiltinType::Int, |header| IntObject::new(header, wide)),
        }
    }

    /// An int in the smallest form that holds it.
    pub fn new_big(&mut self, big: BigInt) -> Value {
        self.new_integer(big.0)
    }

    pub fn new_integer(&mut self, integer: Integer) -> Value {
        if let Ok(wide) = i128::try_from(&integer) {
            return self.new_int_from_i128(wide);
        }
        // The number's limbs lie outside the heap; they count as allocated all the same.
        self.heap.add_external_bytes(integer.significant_bits() as usize / 8);
        if self.heap.wants_collection() {
            self.collect_garbage(false);
        }
        let value = self.make(BuiltinType::Int, |header| IntObject::new(header, 0));
        // SAFETY: a fresh int object.
        unsafe { (*value.as_ptr::<IntObject>()).set_big(integer) };
        self.heap.register_finalizable(value.as_ptr());
        value
    }

    /// The int (of int layout) that a value stands for, through `__index__`.
    #[inline]
    pub fn index(&mut self, value: Value) -> PyResult {
        if value.is_int() {
            return Ok(value);
        }
        self.index_slow(value)
    }

    #[inline(never)]
    fn index_slow(&mut self, value: Value) -> PyResult {
        if value.is_bool() {
            return Ok(Value::small_int(value.as_bool() as i64));
        }
        if self.is_a::<IntObject>(value) {
            return Ok(value);
        }
        let name = self.names.__index__;
        let Some(result) = self.call_special(value, name, &[])? else {
            let message = format!("'{}' object cannot be interpreted as an integer", self.class_name(value));
            return Err(self.raise_type(&message));
        };
        if !self.is_int_like(result) {
            let message = format!("__index__ returned non-int (type {})", self.class_name(result));
            return Err(self.raise_type(&message));
        }
        self.warn_of_derived(result, "__index__", "int")?;
        Ok(result)
    }

    /// Has the value an `__index__`?
    pub fn is_index(&mut self, value: Value) -> bool {
        self.is_int_like(value) || value.is_object() && self.lookup_special(value, self.names.__index__).is_some()
    }

    /// Through `__index__` to a word; OverflowError where it does not fit.
    #[inline]
    pub fn index_i64(&mut self, value: Value) -> PyResult<i64> {
        if value.is_int() {
            return Ok(value.as_int());
        }
        let int = self.index(value)?;
        self.int_to_i64(int).ok_or_else(|| self.raise_overflow("Python int too large to convert to C ssize_t"))
    }

    /// Through `__index__` to a C `int`; OverflowError where it does not fit.
    pub fn c_int(&mut self, value: Value) -> PyResult<i32> {
        let int = self.index(value)?;
        match self.int_to_i64(int).map(i32::try_from) {
            Some(Ok(word)) => Ok(word),
            _ => Err(self.raise_overflow("Python int too large to convert to C int")),
        }
    }

    /// Through `__index__` to a word; a value that does not fit becomes the word nearest to it.
    pub fn index_clamped(&mut self, value: Value) -> PyResult<i64> {
        let int = self.index(value)?;
        Ok(match self.int_of(int) {
            IntView::Word(word) => word,
            large if large.is_negative() => i64::MIN,
            _ => i64::MAX,
        })
    }
}
