//! Floats with a number of digits behind the point.

/// More digits than these, and a double word does not hold the float times their power of ten.
const MAX_DIGITS: usize = 22;

/// `float` (not negative, finite) with so many digits behind the point, rounded half to even; `None` where words are too
/// narrow to tell.
pub fn fixed_by_words(float: f64, precision: usize) -> Option<String> {
    let (mantissa, exponent) = parts(float);
    if precision > MAX_DIGITS {
        return None;
    }
    // The mantissa has 53 bits, the power of ten 74 at the most.
    let scaled = u128::from(mantissa) * 10u128.pow(precision as u32);
    let rounded = if exponent >= 0 {
        if exponent as u32 > scaled.leading_zeros() {
            return None;
        }
        scaled << exponent
    } else if exponent <= -128 {
        // Less than a half.
        0
    } else {
        let shift = -exponent as u32;
        let (quotient, rest) = (scaled >> shift, scaled & ((1 << shift) - 1));
        let half = 1 << (shift - 1);
        quotient + u128::from(rest > half || rest == half && quotient & 1 != 0)
    };
    Some(with_point(u64::try_from(rounded).ok()?, precision))
}

/// The integers of which a float is `mantissa * 2 ** exponent`.
fn parts(float: f64) -> (u64, i32) {
    let bits = float.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7FF) as i32, bits & ((1 << 52) - 1));
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// The digits of a number, at least one of them before the point.
fn with_point(mut number: u64, precision: usize) -> String {
    // Twenty digits, or as many as are asked for behind the point and one, and the point.
    let mut text = [b'0'; 24];
    let mut at = text.len();
    let mut n_digits = 0;
    while number > 0 || n_digits <= precision {
        if n_digits == precision && precision > 0 {
            at -= 1;
            text[at] = b'.';
        }
        at -= 1;
        text[at] = b'0' + (number % 10) as u8;
        number /= 10;
        n_digits += 1;
    }
    String::from_utf8(text[at..].to_vec()).expect("digits and a point")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_give_what_long_arithmetic_gives() {
        let mut floats =
            vec![0.0, 0.5, 1.5, 2.5, 0.125, 0.375, 1e15, 1e16, 1e17, 1e22, 5e-324, 1e-300, 1e-30, 0.05, 0.995, 1e-39];
        let mut state = 1u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            let scale = 10f64.powi((state >> 8 & 31) as i32 - 14);
            floats.push((state >> 20) as f64 / 1e6 * scale);
            floats.push((state >> 40) as f64 / 8.0);
        }
        let mut n_done = 0;
        for float in floats {
            for precision in [0, 1, 2, 3, 6, 10, 15, 17, 22] {
                if let Some(text) = fixed_by_words(float, precision) {
                    assert_eq!(text, format!("{float:.precision$}"), "{float:e} with {precision}");
                    n_done += 1;
                }
            }
        }
        assert!(n_done > 200_000, "{n_done}");
    }
}
