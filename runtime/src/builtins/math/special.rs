//! Special functions that the standard library of Rust lacks.

use std::f64::consts::PI;

pub fn acosh(x: f64) -> f64 {
    if x < 1.0 { f64::NAN } else { x.acosh() }
}

/// The poles are domain errors, as in CPython.
pub fn atanh(x: f64) -> f64 {
    if x.abs() >= 1.0 { f64::NAN } else { x.atanh() }
}

/// Lanczos coefficients for g = 7, n = 9.
const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];
const LANCZOS_G: f64 = 7.0;

fn lanczos_sum(x: f64) -> f64 {
    LANCZOS[1..].iter().enumerate().fold(LANCZOS[0], |sum, (i, c)| sum + c / (x + i as f64 + 1.0))
}

/// The gamma function: exact for integers up to 23, else by Lanczos's approximation.
pub fn gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x.fract() == 0.0 && (1.0..=23.0).contains(&x) {
        return (2..x as u64).fold(1.0, |product, i| product * i as f64);
    }
    if x < 0.5 {
        return PI / ((PI * x).sin() * gamma(1.0 - x));
    }
    if x > 171.7 {
        return f64::INFINITY;
    }
    let x = x - 1.0;
    let t = x + LANCZOS_G + 0.5;
    // The power in two halves, which overflow later.
    let half = t.powf((x + 0.5) / 2.0);
    (2.0 * PI).sqrt() * half * (-t).exp() * half * lanczos_sum(x)
}

/// The logarithm of the gamma function's magnitude.
pub fn lgamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() {
        return f64::INFINITY;
    }
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    if x < 0.5 {
        return (PI / (PI * x).sin().abs()).ln() - lgamma(1.0 - x);
    }
    let x = x - 1.0;
    let t = x + LANCZOS_G + 0.5;
    0.5 * (2.0 * PI).ln() + (x + 0.5) * t.ln() - t + lanczos_sum(x).ln()
}

/// Up to here the series converges quickly, from here on the continued fraction does.
const ERF_SERIES_LIMIT: f64 = 1.5;

fn erf_series(x: f64) -> f64 {
    let square = x * x;
    let mut sum = 0.0;
    for k in (1..=25).rev() {
        sum = 2.0 + square * sum / (k as f64 + 0.5);
    }
    sum * x * (-square).exp() / PI.sqrt()
}

/// `erfc` of `x` ≥ the limit.
fn erfc_fraction(x: f64) -> f64 {
    if x >= 30.0 {
        return 0.0;
    }
    let square = x * x;
    let (mut a, mut da, mut p, mut p_last, mut q, mut q_last) = (0.0, 0.5, 1.0, 0.0, da_start(square), 1.0);
    for _ in 0..50 {
        a += da;
        da += 2.0;
        let b = da + square;
        (p, p_last) = (b * p - a * p_last, p);
        (q, q_last) = (b * q - a * q_last, q);
    }
    p / q * x * (-square).exp() / PI.sqrt()
}

fn da_start(square: f64) -> f64 {
    0.5 + square
}

pub fn erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let magnitude = x.abs();
    if magnitude < ERF_SERIES_LIMIT {
        return erf_series(x);
    }
    (1.0 - erfc_fraction(magnitude)).copysign(x)
}

pub fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let magnitude = x.abs();
    if magnitude < ERF_SERIES_LIMIT {
        return 1.0 - erf_series(x);
    }
    let tail = erfc_fraction(magnitude);
    if x > 0.0 { tail } else { 2.0 - tail }
}
