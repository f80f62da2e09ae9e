//! Between UTF-8 and the widths in which strings hold their code points.

use super::string::View;

/// So many code points at once are looked at for being all ASCII.
const STRIDE: usize = 8;
/// So many code points are encoded before they are appended.
const BATCH: usize = 64;

/// How many code points a text has, and the bytes a code point of the narrowest string that holds them.
pub(super) fn measure(text: &str) -> (usize, u8) {
    // A first byte says how great its code point is, and is above all bytes that follow a first one.
    let width = match text.bytes().max().unwrap_or(0) {
        0..=0xC3 => 1,
        0xC4..=0xEF => 2,
        _ => 4,
    };
    (text.chars().count(), width)
}

/// Writes the code points of a text, each as `narrow` has it.
///
/// # Safety
/// `to` has room for `n_points`, and the text has as many.
pub(super) unsafe fn write_points<T>(text: &str, to: *mut T, n_points: usize, narrow: impl Fn(u32) -> T) {
    const HIGH_BITS: u64 = u64::MAX / 0xFF * 0x80;
    let (bytes, mut at, mut n_written) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        if let Some(stride) = bytes[at..].first_chunk::<STRIDE>()
            && n_written + STRIDE <= n_points
        {
            // What of it is not ASCII is written over.
            // SAFETY: there is room for so many more.
            unsafe { to.add(n_written).cast::<[T; STRIDE]>().write(stride.map(|byte| narrow(byte.into()))) };
            let n_plain = ((u64::from_le_bytes(*stride) & HIGH_BITS).trailing_zeros() / u8::BITS) as usize;
            (at, n_written) = (at + n_plain, n_written + n_plain);
            if n_plain == STRIDE {
                continue;
            }
        }
        // What is not ASCII comes in runs, too.
        let mut points = text[at..].chars();
        for point in points.by_ref() {
            // SAFETY: the caller's promise: no more are written than the text has.
            unsafe { to.add(n_written).write(narrow(point.into())) };
            n_written += 1;
            if point.is_ascii() {
                break;
            }
        }
        at = bytes.len() - points.as_str().len();
    }
}

/// Appends the code points of a text, each as `narrow` has it.
pub(super) fn push_points<T>(text: &str, to: &mut Vec<T>, narrow: impl Fn(u32) -> T) {
    let n_points = text.chars().count();
    to.reserve(n_points);
    // SAFETY: there is room for as many, and they are written before they count.
    unsafe {
        write_points(text, to.as_mut_ptr().add(to.len()), n_points, narrow);
        to.set_len(to.len() + n_points);
    }
}

/// Appends the UTF-8 of the code points from `start` on, up to the first surrogate; gives where that is, or the end.
pub fn push_utf8(view: View<'_>, start: usize, data: &mut Vec<u8>) -> usize {
    match view {
        View::One(points) => push(points, start, data),
        View::Two(points) => push(points, start, data),
        View::Four(points) => push(points, start, data),
    }
}

fn push<T: Copy + Into<u32>>(points: &[T], start: usize, data: &mut Vec<u8>) -> usize {
    let mut at = start;
    while at < points.len() {
        let end = points.len().min(at + BATCH);
        let (mut encoded, mut n_bytes) = ([0; BATCH * 4], 0);
        while at < end {
            if let Some(chunk) = points[at..end].first_chunk::<STRIDE>()
                && chunk.iter().fold(0, |all, &point| all | point.into()) < 0x80
            {
                encoded[n_bytes..][..STRIDE].copy_from_slice(&chunk.map(|point| point.into() as u8));
                (at, n_bytes) = (at + STRIDE, n_bytes + STRIDE);
                continue;
            }
            let Some(point) = char::from_u32(points[at].into()) else {
                data.extend_from_slice(&encoded[..n_bytes]);
                return at;
            };
            n_bytes += point.encode_utf8(&mut encoded[n_bytes..]).len();
            at += 1;
        }
        data.extend_from_slice(&encoded[..n_bytes]);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    #[test]
    fn texts_are_measured_and_come_back() {
        let long = "plain text é ".repeat(20);
        for (text, width) in
            [("", 1), ("a", 1), ("ÿ", 1), ("Ā", 2), ("\u{FFFF}", 2), ("a\u{10000}", 4), (&long, 1), ("中 and plain", 2)]
        {
            let expected = points(text);
            assert_eq!(measure(text), (expected.len(), width), "{text}");
            let mut written = vec![0; expected.len()];
            // SAFETY: as many as the text has.
            unsafe { write_points(text, written.as_mut_ptr(), expected.len(), |point| point) };
            assert_eq!(written, expected);
            let mut data = Vec::new();
            assert_eq!(push_utf8(View::Four(&expected), 0, &mut data), expected.len());
            assert_eq!(data, text.as_bytes());
        }
    }

    #[test]
    fn a_surrogate_stops_it() {
        let mut data = Vec::new();
        assert_eq!(push_utf8(View::Two(&[0x61, 0xE9, 0xD800, 0x62]), 0, &mut data), 2);
        assert_eq!(push_utf8(View::Two(&[0x61, 0xE9, 0xD800, 0x62]), 3, &mut data), 4);
        assert_eq!(data, "aéb".as_bytes());
    }
}
