//! The characters of a text, in the width that the text has: what walks over texts is compiled for each width.

use memchr::{memchr, memrchr};
use stitch_runtime::object::string::View;

pub trait Unit: Copy + 'static {
    fn point(self) -> u32;
    /// The unit of a code point, where it is one.
    fn of(point: u32) -> Option<Self>;
    fn find(text: &[Self], unit: Self) -> Option<usize>;
    fn rfind(text: &[Self], unit: Self) -> Option<usize>;
    fn view(text: &[Self]) -> View<'_>;
    /// The text as bytes, if these are its units.
    fn bytes(_text: &[Self]) -> Option<&[u8]> {
        None
    }
}

impl Unit for u8 {
    #[inline(always)]
    fn point(self) -> u32 {
        self.into()
    }
    #[inline(always)]
    fn of(point: u32) -> Option<u8> {
        point.try_into().ok()
    }
    #[inline]
    fn find(text: &[u8], unit: u8) -> Option<usize> {
        memchr(unit, text)
    }
    #[inline]
    fn rfind(text: &[u8], unit: u8) -> Option<usize> {
        memrchr(unit, text)
    }
    fn view(text: &[u8]) -> View<'_> {
        View::One(text)
    }
    fn bytes(text: &[u8]) -> Option<&[u8]> {
        Some(text)
    }
}

macro_rules! wide {
    ($($unit:ty = $view:ident;)*) => {$(
        impl Unit for $unit {
            #[inline(always)]
            fn point(self) -> u32 {
                self.into()
            }
            #[inline(always)]
            fn of(point: u32) -> Option<$unit> {
                point.try_into().ok()
            }
            #[inline]
            fn find(text: &[$unit], unit: $unit) -> Option<usize> {
                text.iter().position(|&other| other == unit)
            }
            fn view(text: &[$unit]) -> View<'_> {
                View::$view(text)
            }
            #[inline]
            fn rfind(text: &[$unit], unit: $unit) -> Option<usize> {
                text.iter().rposition(|&other| other == unit)
            }
        }
    )*};
}

wide! { u16 = Two; u32 = Four; }
