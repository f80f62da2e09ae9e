//! Functions of C's mathematical library that Rust's standard library lacks or computes less well.

unsafe extern "C" {
    #[link_name = "erf"]
    safe fn c_erf(x: f64) -> f64;
    #[link_name = "erfc"]
    safe fn c_erfc(x: f64) -> f64;
    #[link_name = "tgamma"]
    safe fn c_tgamma(x: f64) -> f64;
    #[link_name = "lgamma"]
    safe fn c_lgamma(x: f64) -> f64;
    #[link_name = "asinh"]
    safe fn c_asinh(x: f64) -> f64;
    #[link_name = "acosh"]
    safe fn c_acosh(x: f64) -> f64;
    #[link_name = "atanh"]
    safe fn c_atanh(x: f64) -> f64;
}

pub fn erf(x: f64) -> f64 {
    c_erf(x)
}

pub fn erfc(x: f64) -> f64 {
    c_erfc(x)
}

/// The gamma function.
pub fn gamma(x: f64) -> f64 {
    c_tgamma(x)
}

/// The logarithm of the gamma function's magnitude.
pub fn lgamma(x: f64) -> f64 {
    c_lgamma(x)
}

pub fn asinh(x: f64) -> f64 {
    c_asinh(x)
}

pub fn acosh(x: f64) -> f64 {
    c_acosh(x)
}

/// The poles are domain errors, as in CPython.
pub fn atanh(x: f64) -> f64 {
    if x.abs() >= 1.0 { f64::NAN } else { c_atanh(x) }
}
