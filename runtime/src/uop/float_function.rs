//! Float functions that compiled code calls: one row is a name, its arity and its meaning, which is CPython's.

/// What the C form of a float function returns where Python raises or gives something else than a float: a
/// signalling NaN, which no arithmetic ever gives and no `Value` ever holds.
pub const FAILED: u64 = 0x7FF0_0000_0000_0001;

macro_rules! float_functions {
    ($($(#[$doc:meta])* $text:ident = $name:ident ($($argument:ident),+) $meaning:expr;)*) => {
        /// A row of the table of float functions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FloatFunction { $($(#[$doc])* $name,)* }

        impl FloatFunction {
            pub const ALL: &'static [FloatFunction] = &[$(FloatFunction::$name,)*];

            /// Name in dumps; that of `math`'s function where it has one.
            pub fn name(self) -> &'static str {
                match self { $(FloatFunction::$name => stringify!($text),)* }
            }

            /// 1 or 2.
            pub fn arity(self) -> usize {
                match self { $(FloatFunction::$name => [$(stringify!($argument)),+].len(),)* }
            }

            /// The result; `None` where Python raises or gives no float. `rhs` is ignored where the arity is 1.
            pub fn call(self, lhs: f64, rhs: f64) -> Option<f64> {
                match self { $(FloatFunction::$name => $text(lhs, rhs),)* }
            }

            /// Address of the C form: `extern "C" fn(f64, f64) -> f64`, which gives `FAILED` for `None`. Functions of
            /// one float ignore their second argument, which need not be passed.
            pub fn address(self) -> usize {
                $(extern "C" fn $text(lhs: f64, rhs: f64) -> f64 {
                    FloatFunction::$name.call(lhs, rhs).unwrap_or(f64::from_bits(FAILED))
                })*
                match self { $(FloatFunction::$name => $text as *const () as usize,)* }
            }
        }

        $(fn $text(lhs: f64, rhs: f64) -> Option<f64> {
            let meaning: fn($(float_functions!(@type $argument)),+) -> Option<f64> = $meaning;
            float_functions!(@call meaning lhs rhs $($argument)+)
        })*
    };
    (@type $argument:ident) => { f64 };
    (@call $meaning:ident $lhs:ident $rhs:ident $a:ident) => {{ let _ = $rhs; $meaning($lhs) }};
    (@call $meaning:ident $lhs:ident $rhs:ident $a:ident $b:ident) => { $meaning($lhs, $rhs) };
}

float_functions! {
    sin = Sin(x) |x| finite(x, x.sin());
    cos = Cos(x) |x| finite(x, x.cos());
    tan = Tan(x) |x| finite(x, x.tan());
    asin = Asin(x) |x| no_new_nan(x, x.asin());
    acos = Acos(x) |x| no_new_nan(x, x.acos());
    atan = Atan(x) |x| Some(x.atan());
    sinh = Sinh(x) |x| no_overflow(x, x.sinh());
    cosh = Cosh(x) |x| no_overflow(x, x.cosh());
    tanh = Tanh(x) |x| Some(x.tanh());
    exp = Exp(x) |x| no_overflow(x, x.exp());
    /// Of one argument.
    log = Log(x) |x| positive(x, x.ln());
    log2 = Log2(x) |x| positive(x, x.log2());
    log10 = Log10(x) |x| positive(x, x.log10());
    fabs = Fabs(x) |x| Some(x.abs());
    atan2 = Atan2(y, x) |y, x| Some(y.atan2(x));
    copysign = Copysign(x, y) |x, y| Some(x.copysign(y));
    fmod = Fmod(x, y) |x, y| no_new_nan(x + y, x % y);
    /// The operator `**`.
    power = Power(base, exponent) float_power;
    /// The operator `%`.
    float_mod = FloatMod(lhs, rhs) |lhs, rhs| Some(float_div_mod(lhs, rhs)?.1);
    /// The operator `//`.
    float_floor_div = FloatFloorDiv(lhs, rhs) |lhs, rhs| Some(float_div_mod(lhs, rhs)?.0);
}

impl FloatFunction {
    pub fn from_name(name: &str) -> Option<FloatFunction> {
        FloatFunction::ALL.iter().copied().find(|function| function.name() == name)
    }
}

/// Infinities are a domain error; NaN passes.
fn finite(x: f64, result: f64) -> Option<f64> {
    (!x.is_infinite()).then_some(result)
}

/// A NaN that no argument brought in is a domain error (`x` stands for the arguments: NaN if one of them is).
fn no_new_nan(x: f64, result: f64) -> Option<f64> {
    (!result.is_nan() || x.is_nan()).then_some(result)
}

/// An infinity out of a finite argument is an OverflowError.
fn no_overflow(x: f64, result: f64) -> Option<f64> {
    (!result.is_infinite() || x.is_infinite()).then_some(result)
}

/// Logarithms: zero and below are a domain error; NaN passes.
fn positive(x: f64, result: f64) -> Option<f64> {
    (x > 0.0 || x.is_nan()).then_some(result)
}

#[inline]
fn float_power(base: f64, exponent: f64) -> Option<f64> {
    if base > 0.0 {
        let result = base.powf(exponent);
        if result.is_finite() {
            return Some(result);
        }
    }
    float_power_of_others(base, exponent)
}

#[cold]
#[inline(never)]
fn float_power_of_others(base: f64, exponent: f64) -> Option<f64> {
    if base == 0.0 && exponent < 0.0 {
        return None; // ZeroDivisionError
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent.floor() != exponent {
        return None; // complex
    }
    let result = base.powf(exponent);
    (!result.is_infinite() || base.is_infinite() || exponent.is_infinite()).then_some(result)
}

/// Floored quotient and the remainder with the sign of `rhs`; `None` where `rhs` is zero.
fn float_div_mod(lhs: f64, rhs: f64) -> Option<(f64, f64)> {
    if rhs == 0.0 {
        return None;
    }
    let mut remainder = lhs % rhs;
    let mut quotient = (lhs - remainder) / rhs;
    if remainder == 0.0 {
        remainder = 0.0f64.copysign(rhs);
    } else if (rhs < 0.0) != (remainder < 0.0) {
        remainder += rhs;
        quotient -= 1.0;
    }
    let floored = if quotient == 0.0 {
        0.0f64.copysign(lhs / rhs)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    };
    Some((floored, remainder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_floors_as_cpython_does() {
        assert_eq!(FloatFunction::FloatMod.call(-7.0, 3.0), Some(2.0));
        assert_eq!(FloatFunction::FloatFloorDiv.call(-7.0, 3.0), Some(-3.0));
        assert_eq!(FloatFunction::FloatMod.call(5.0, f64::NEG_INFINITY), Some(f64::NEG_INFINITY));
        assert_eq!(FloatFunction::FloatMod.call(1.0, 0.0), None);
        assert!(FloatFunction::FloatMod.call(-0.0, 3.0).unwrap().is_sign_positive());
    }

    #[test]
    fn power_leaves_where_python_gives_no_float() {
        assert_eq!(FloatFunction::Power.call(-8.0, 1.0 / 3.0), None);
        assert_eq!(FloatFunction::Power.call(0.0, -1.0), None);
        assert_eq!(FloatFunction::Power.call(10.0, 400.0), None);
        assert_eq!(FloatFunction::Power.call(f64::NAN, 0.0), Some(1.0));
        assert_eq!(FloatFunction::Power.call(-2.0, 3.0), Some(-8.0));
        assert_eq!(FloatFunction::Power.call(f64::NEG_INFINITY, 0.5), Some(f64::INFINITY));
    }

    #[test]
    fn domain_errors_fail() {
        assert_eq!(FloatFunction::Sin.call(f64::INFINITY, 0.0), None);
        assert_eq!(FloatFunction::Log.call(0.0, 0.0), None);
        assert_eq!(FloatFunction::Exp.call(1e3, 0.0), None);
        assert_eq!(FloatFunction::Exp.call(f64::INFINITY, 0.0), Some(f64::INFINITY));
        assert_eq!(FloatFunction::Fmod.call(1.0, 0.0), None);
        assert_eq!(FloatFunction::Fmod.call(f64::INFINITY, 1.0), None);
        assert_eq!(FloatFunction::Fmod.call(1.0, f64::INFINITY), Some(1.0));
    }
}
