//! Looking for code points and copying them, a block at a time: loops that become wide instructions.

use super::string::View;

/// A code point in one of the widths in which strings keep them.
pub trait Unit: Copy + Eq + Ord + Into<u32> {
    /// None where the width has not got it.
    fn of(point: u32) -> Option<Self>;
}

impl Unit for u8 {
    fn of(point: u32) -> Option<u8> {
        u8::try_from(point).ok()
    }
}
impl Unit for u16 {
    fn of(point: u32) -> Option<u16> {
        u16::try_from(point).ok()
    }
}
impl Unit for u32 {
    fn of(point: u32) -> Option<u32> {
        Some(point)
    }
}

/// So many are looked at before it is asked whether one was found.
const BLOCK: usize = 32;

fn has<T: Unit>(block: &[T], unit: T) -> bool {
    block.iter().fold(false, |found, &other| found | (other == unit))
}

/// The first place of a code point.
pub fn position_of<T: Unit>(data: &[T], unit: T) -> Option<usize> {
    let blocks = data.chunks_exact(BLOCK);
    let n_whole = data.len() - blocks.remainder().len();
    let start = blocks.map(|block| has(block, unit)).position(|found| found).map_or(n_whole, |at| at * BLOCK);
    data[start..].iter().position(|&other| other == unit).map(|at| start + at)
}

/// The last place of a code point.
pub fn rposition_of<T: Unit>(data: &[T], unit: T) -> Option<usize> {
    let mut blocks = data.rchunks_exact(BLOCK);
    let n_rest = blocks.remainder().len();
    let end = match blocks.position(|block| has(block, unit)) {
        Some(at) => data.len() - at * BLOCK,
        None => n_rest,
    };
    data[..end].iter().rposition(|&other| other == unit)
}

/// The memory of code points.
pub fn as_bytes<T: Unit>(points: &[T]) -> &[u8] {
    // SAFETY: units are plain integers.
    unsafe { std::slice::from_raw_parts(points.as_ptr().cast(), size_of_val(points)) }
}

/// Bits that are above all code points but not above the greatest: how wide a string of them is.
pub fn all_bits<T: Unit>(data: &[T]) -> u32 {
    data.iter().fold(0, |bits, &point| bits | point.into())
}

/// The width of the narrowest string of code points that have these bits.
pub fn width_of(bits: u32) -> u8 {
    match bits {
        0..=0xFF => 1,
        0x100..=0xFFFF => 2,
        _ => 4,
    }
}

/// Writes code points in another width.
///
/// # Safety
/// `to` has room for them, and `narrow` holds each of them.
pub unsafe fn copy_as<T: Unit, U>(from: &[T], to: *mut U, narrow: impl Fn(u32) -> U) {
    for (at, &point) in from.iter().enumerate() {
        // SAFETY: the caller's promise.
        unsafe { to.add(at).write_unaligned(narrow(point.into())) };
    }
}

/// Writes the code points of a view.
///
/// # Safety
/// `to` has room for them in `width` bytes each, and all of them are below what that many bytes hold.
pub unsafe fn copy_points(from: View<'_>, to: *mut u8, width: u8) {
    // SAFETY: the caller's promise.
    unsafe {
        match (from, width) {
            (View::One(data), 1) => std::ptr::copy_nonoverlapping(data.as_ptr(), to, data.len()),
            (View::Two(data), 1) => copy_as(data, to, |point| point as u8),
            (View::Four(data), 1) => copy_as(data, to, |point| point as u8),
            (View::One(data), 2) => copy_as(data, to.cast::<u16>(), |point| point as u16),
            (View::Two(data), 2) => std::ptr::copy_nonoverlapping(data.as_ptr().cast(), to, data.len() * 2),
            (View::Four(data), 2) => copy_as(data, to.cast::<u16>(), |point| point as u16),
            (View::One(data), _) => copy_as(data, to.cast::<u32>(), |point| point),
            (View::Two(data), _) => copy_as(data, to.cast::<u32>(), |point| point),
            (View::Four(data), _) => std::ptr::copy_nonoverlapping(data.as_ptr().cast(), to, data.len() * 4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_first_and_the_last() {
        for len in [0, 1, 31, 32, 33, 64, 100] {
            for (first, last) in [(0, 0), (0, 99), (31, 32), (33, 63), (5, 40)] {
                let mut data = vec![7_u16; len];
                let places: Vec<usize> = [first, last].into_iter().filter(|&at| at < len).collect();
                places.iter().for_each(|&at| data[at] = 0x401);
                assert_eq!(position_of(&data, 0x401), places.first().copied());
                assert_eq!(rposition_of(&data, 0x401), places.last().copied());
                let wide: Vec<u32> = data.iter().map(|&unit| unit.into()).collect();
                assert_eq!(position_of(&wide, 0x401), places.first().copied());
                assert_eq!(rposition_of(&wide, 0x401), places.last().copied());
            }
        }
    }
}
