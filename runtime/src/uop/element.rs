//! Kinds of machine numbers that arrays are made of, and how one stands in memory.

use crate::value::without_identity;

macro_rules! elements {
    ($($(#[$doc:meta])* $text:ident = $name:ident: $type:ty, $word:ident;)*) => {
        /// The machine number that an element of a raw array is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum ElementKind { $($(#[$doc])* $name,)* }

        impl ElementKind {
            pub const ALL: &'static [ElementKind] = &[$(ElementKind::$name,)*];

            /// Name in dumps.
            pub const fn name(self) -> &'static str {
                match self { $(ElementKind::$name => stringify!($text),)* }
            }
            pub const fn size_bytes(self) -> usize {
                match self { $(ElementKind::$name => size_of::<$type>(),)* }
            }
            pub const fn is_float(self) -> bool {
                match self { $(ElementKind::$name => elements!(@is_float $word),)* }
            }
            /// The element that `bytes` are, as a word in a register: an i64, or the bits of an f64.
            #[inline]
            pub fn load(self, bytes: &[u8]) -> u64 {
                match self { $(ElementKind::$name => {
                    elements!(@load $word <$type>::from_ne_bytes(bytes.try_into().expect("as many bytes as it has")))
                })* }
            }
            /// Writes an element that stands in a register; of a NaN, what other machines see of it.
            #[inline]
            pub fn store(self, bytes: &mut [u8], word: u64) {
                match self { $(ElementKind::$name => {
                    bytes.copy_from_slice(&elements!(@store $word $type, word).to_ne_bytes());
                })* }
            }
        }
    };
    (@is_float float) => { true };
    (@is_float int) => { false };
    (@load int $element:expr) => { $element as i64 as u64 };
    (@load float $element:expr) => { f64::from($element).to_bits() };
    (@store int $type:ty, $word:expr) => { $word as $type };
    (@store float $type:ty, $word:expr) => { without_identity(f64::from_bits($word)) as $type };
}

elements! {
    i8 = I8: i8, int;
    u8 = U8: u8, int;
    i16 = I16: i16, int;
    u16 = U16: u16, int;
    i32 = I32: i32, int;
    u32 = U32: u32, int;
    i64 = I64: i64, int;
    /// In a register it is the i64 of the same bits.
    u64 = U64: u64, int;
    f32 = F32: f32, float;
    f64 = F64: f64, float;
}

impl ElementKind {
    pub fn from_name(name: &str) -> Option<ElementKind> {
        ElementKind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind of this number.
    pub fn from_word(word: u64) -> Option<ElementKind> {
        ElementKind::ALL.get(usize::try_from(word).ok()?).copied()
    }

    /// The least and the greatest integer of the kind; `None` where an i64 does not tell, or it is a float.
    pub const fn bounds(self) -> Option<(i64, i64)> {
        Some(match self {
            ElementKind::I8 => (i8::MIN as i64, i8::MAX as i64),
            ElementKind::U8 => (0, u8::MAX as i64),
            ElementKind::I16 => (i16::MIN as i64, i16::MAX as i64),
            ElementKind::U16 => (0, u16::MAX as i64),
            ElementKind::I32 => (i32::MIN as i64, i32::MAX as i64),
            ElementKind::U32 => (0, u32::MAX as i64),
            ElementKind::I64 => (i64::MIN, i64::MAX),
            ElementKind::U64 | ElementKind::F32 | ElementKind::F64 => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_back_as_they_were_stored() {
        for &kind in ElementKind::ALL {
            let mut bytes = vec![0; kind.size_bytes()];
            let words = if kind.is_float() {
                vec![0.0f64, -0.5, 1e10, f64::INFINITY].into_iter().map(f64::to_bits).collect::<Vec<u64>>()
            } else {
                let (low, high) = kind.bounds().unwrap_or((i64::MIN, i64::MAX));
                vec![low as u64, high as u64, 1]
            };
            for word in words {
                kind.store(&mut bytes, word);
                assert_eq!(kind.load(&bytes), word, "{kind:?}");
            }
        }
    }
}
