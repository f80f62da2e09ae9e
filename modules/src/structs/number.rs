//! Floats of two bytes.

/// The nearest one, ties to even; `None` where it is too large.
pub fn half_of(float: f64) -> Option<u16> {
    let sign = if float.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = float.abs();
    if magnitude.is_nan() {
        return Some(sign | 0x7E00);
    }
    if magnitude.is_infinite() {
        return Some(sign | 0x7C00);
    }
    // Halfway between the largest and what would be next.
    if magnitude >= 65520.0 {
        return None;
    }
    if magnitude < f64::from_bits(0x3F10_0000_0000_0000) {
        // Below 2⁻¹⁴ they are multiples of 2⁻²⁴.
        return Some(sign | (magnitude * 16_777_216.0).round_ties_even() as u16);
    }
    let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
    let significand = (magnitude * 2f64.powi(10 - exponent)).round_ties_even() as u16;
    // A significand that was rounded up to the next power of two carries into the exponent.
    Some(sign | ((((exponent + 15) as u16) << 10) + (significand - 1024)))
}

/// The float of the same value.
pub fn float_of_half(half: u16) -> f64 {
    let sign = if half & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(half >> 10 & 0x1F), f64::from(half & 0x3FF));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_comes_back() {
        for half in 0..=u16::MAX {
            let float = float_of_half(half);
            if !float.is_nan() {
                assert_eq!(half_of(float), Some(half));
            }
        }
    }

    #[test]
    fn ties_go_to_even() {
        assert_eq!(half_of(65519.99), Some(0x7BFF));
        assert_eq!(half_of(65520.0), None);
        assert_eq!(half_of(2f64.powi(-25)), Some(0));
        assert_eq!(half_of(1.5 * 2f64.powi(-24)), Some(2));
        assert_eq!(half_of(1.0 + 2f64.powi(-11)), Some(0x3C00));
        assert_eq!(half_of(1.0 + 3.0 * 2f64.powi(-11)), Some(0x3C02));
    }
}
