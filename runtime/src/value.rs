//! The value word.
//!
//! ```text
//!   0000:0000:0000:0000             unbound (also: "an exception is pending" as a helper's result)
//!   0000:0000:0000:0002             None
//!   0000:0000:0000:0006 / 0007      False / True
//!   0000:pppp:pppp:ppp0             pointer to a heap object: the raw address
//!   0002:…  to  FFFD:…              float: its bits + 2^49; a NaN's payload is its identity, beyond that it is canonical
//!   FFFE:…  to  FFFF:…              small int: 49-bit two's complement payload
//! ```

/// Added to a float's bits.
pub const FLOAT_OFFSET: u64 = 1 << 49;
/// The lowest word that is a small int.
pub const INT_TAG: u64 = 0xFFFE_0000_0000_0000;
/// Smallest and largest small int.
pub const SMALL_INT_MIN: i64 = -(1 << 48);
pub const SMALL_INT_MAX: i64 = (1 << 48) - 1;
/// The NaN that is not told from others.
pub const CANONICAL_NAN: u64 = 0x7FF8_0000_0000_0000;
/// Of the NaNs of `float('nan')`, each of which is an object of its own: the upper bits. The others are its number.
pub const FRESH_NAN: u64 = 0x7FF9_0000_0000_0000;
/// The bits by which those are told.
pub const NAN_TAG: u64 = 0x7FFF_0000_0000_0000;
/// Bits of a float from here on are NaNs that have no word. No arithmetic makes them of those that have one.
pub const NAN_LIMIT: u64 = INT_TAG - FLOAT_OFFSET;

/// A Python value in one word. Its liveness is the holder's business: locals, heap objects and `Roots` alone are seen
/// by the collector.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(pub u64);

impl Value {
    pub const UNBOUND: Value = Value(0);
    pub const NONE: Value = Value(2);
    pub const FALSE: Value = Value(6);
    pub const TRUE: Value = Value(7);

    #[inline]
    pub const fn bits(self) -> u64 {
        self.0
    }
    /// None for the unbound word.
    #[inline]
    pub const fn or_none(self) -> Value {
        if self.is_unbound() { Value::NONE } else { self }
    }
    #[inline]
    pub const fn is_unbound(self) -> bool {
        self.0 == 0
    }
    #[inline]
    pub const fn is_none(self) -> bool {
        self.0 == Self::NONE.0
    }
    #[inline]
    pub const fn is_bool(self) -> bool {
        self.0 | 1 == Self::TRUE.0
    }
    #[inline]
    pub const fn is_int(self) -> bool {
        self.0 >= INT_TAG
    }
    #[inline]
    pub const fn is_float(self) -> bool {
        self.0.wrapping_sub(FLOAT_OFFSET) < INT_TAG - FLOAT_OFFSET
    }
    /// A pointer to a heap object.
    #[inline(always)]
    pub const fn is_object(self) -> bool {
        self.0 > 0xFFFF && self.0 < FLOAT_OFFSET
    }

    #[inline]
    pub const fn bool(truth: bool) -> Value {
        Value(Self::FALSE.0 | truth as u64)
    }
    /// `None` where 49 bits do not hold it.
    #[inline]
    pub const fn try_small_int(integer: i64) -> Option<Value> {
        if (integer << 15) >> 15 == integer { Some(Value(INT_TAG | integer as u64)) } else { None }
    }
    /// An int that is known to be small.
    #[inline]
    pub const fn small_int(integer: i64) -> Value {
        debug_assert!(integer >= SMALL_INT_MIN && integer <= SMALL_INT_MAX);
        Value(INT_TAG | integer as u64)
    }
    /// The payload; meaningful only where `is_int`, which whoever asks has seen: a wider int is a heap object.
    #[inline]
    pub const fn as_int(self) -> i64 {
        debug_assert!(self.is_int());
        ((self.0 << 15) as i64) >> 15
    }
    /// The small int that it is; `None` for wider ones too.
    #[inline]
    pub const fn to_small_int(self) -> Option<i64> {
        if self.is_int() { Some(self.as_int()) } else { None }
    }
    /// NaNs keep their sign and payload, but for the few whose words would be something else.
    #[inline]
    pub const fn float(float: f64) -> Value {
        let bits = float.to_bits();
        Value(if bits >= NAN_LIMIT { CANONICAL_NAN } else { bits } + FLOAT_OFFSET)
    }
    /// A NaN that is none of the others: by number.
    #[inline]
    pub const fn fresh_nan(number: u64, is_negative: bool) -> Value {
        let sign = (is_negative as u64) << 63;
        Value((sign | FRESH_NAN | number & !NAN_TAG) + FLOAT_OFFSET)
    }
    /// The float; meaningful only where `is_float`.
    #[inline]
    pub const fn as_float(self) -> f64 {
        f64::from_bits(self.0.wrapping_sub(FLOAT_OFFSET))
    }
    #[inline]
    pub const fn as_bool(self) -> bool {
        self.0 == Self::TRUE.0
    }
    /// The address; meaningful only where `is_object`.
    #[inline]
    pub const fn as_ptr<T>(self) -> *mut T {
        self.0 as *mut T
    }
    #[inline]
    pub fn object<T>(pointer: *const T) -> Value {
        Value(pointer as u64)
    }
}

/// The float as other machines see it: a NaN without what tells it from others here.
pub fn without_identity(float: f64) -> f64 {
    match float.to_bits() {
        bits if bits & NAN_TAG == FRESH_NAN => f64::from_bits(CANONICAL_NAN | bits & 1 << 63),
        _ => float,
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Value::UNBOUND => f.write_str("unbound"),
            Value::NONE => f.write_str("None"),
            v if v.is_bool() => write!(f, "{}", v.as_bool()),
            v if v.is_int() => write!(f, "{}", v.as_int()),
            v if v.is_float() => write!(f, "{:?}", v.as_float()),
            v => write!(f, "object@{:x}", v.0),
        }
    }
}
