//! `cmath`: functions of complex numbers, to the bit as CPython has them.

use num_complex::Complex64;
use stitch_runtime::object::argument::{Parameter, Place, method};
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "cmath",
    doc: "Functions of complex numbers.",
    functions: FUNCTIONS,
    constants: &[
        ("e", Constant::Float(std::f64::consts::E)),
        ("pi", Constant::Float(std::f64::consts::PI)),
        ("tau", Constant::Float(std::f64::consts::TAU)),
        ("inf", Constant::Float(f64::INFINITY)),
        ("nan", Constant::Float(f64::NAN)),
    ],
    exec: Some(|vm, module| {
        for (name, imaginary) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
            let value = vm.new_complex(0.0, imaginary);
            vm.set_module_entry(module, name, value);
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// A number as a complex one.
struct Number(Complex64);

impl Parameter for Number {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Number> {
        let (real, imaginary) = vm.to_complex(argument)?;
        Ok(Number(Complex64::new(real, imaginary)))
    }
}

fn fail(vm: &mut Vm, error: &pymath::Error) -> Raised {
    match error {
        pymath::Error::EDOM => vm.raise_value("math domain error"),
        pymath::Error::ERANGE => vm.raise_overflow("math range error"),
    }
}

fn outcome(vm: &mut Vm, result: Result<Complex64, pymath::Error>) -> PyResult {
    match result {
        Ok(number) => Ok(vm.new_complex(number.re, number.im)),
        Err(error) => Err(fail(vm, &error)),
    }
}

macro_rules! functions {
    ($($name:ident $doc:literal;)+) => {
        static FUNCTIONS: &[NativeRow] = &[
            $(
                method(stringify!($name), "(z, /)", |vm: &mut Vm, z: Number| outcome(vm, pymath::cmath::$name(z.0)))
                    .doc($doc),
            )+
            method("log", "(z, base=<unrepresentable>, /)", |vm: &mut Vm, z: Number, base: Option<Number>| {
                outcome(vm, pymath::cmath::log(z.0, base.map(|base| base.0)))
            })
            .doc("The logarithm, natural or to a base."),
            method("phase", "(z, /)", |vm: &mut Vm, z: Number| -> PyResult<f64> {
                pymath::cmath::phase(z.0).map_err(|error| fail(vm, &error))
            })
            .doc("The angle, from -pi to pi."),
            method("polar", "(z, /)", |vm: &mut Vm, z: Number| -> PyResult {
                match pymath::cmath::polar(z.0) {
                    Ok((distance, angle)) => Ok(vm.new_tuple(&[Value::float(distance), Value::float(angle)])),
                    Err(error) => Err(fail(vm, &error)),
                }
            })
            .doc("Distance from zero, and angle."),
            method("rect", "(r, phi, /)", |vm: &mut Vm, r: f64, phi: f64| outcome(vm, pymath::cmath::rect(r, phi)))
                .doc("The number at a distance and an angle."),
            method("isfinite", "(z, /)", |z: Number| pymath::cmath::isfinite(z.0)).doc("Are both parts finite?"),
            method("isnan", "(z, /)", |z: Number| pymath::cmath::isnan(z.0)).doc("Is a part not a number?"),
            method("isinf", "(z, /)", |z: Number| pymath::cmath::isinf(z.0)).doc("Is a part infinite?"),
            method(
                "isclose",
                "(a, b, *, rel_tol=1e-09, abs_tol=0.0)",
                |vm: &mut Vm, a: Number, b: Number, relative: Option<f64>, absolute: Option<f64>| -> PyResult<bool> {
                    pymath::cmath::isclose(a.0, b.0, relative, absolute)
                        .map_err(|_| vm.raise_value("tolerances must be non-negative"))
                },
            )
            .doc("Is the distance of two numbers small, in itself or beside them?"),
        ];
    };
}

functions! {
    acos "The arc cosine.";
    acosh "The inverse hyperbolic cosine.";
    asin "The arc sine.";
    asinh "The inverse hyperbolic sine.";
    atan "The arc tangent.";
    atanh "The inverse hyperbolic tangent.";
    cos "The cosine.";
    cosh "The hyperbolic cosine.";
    exp "The exponential.";
    log10 "The logarithm to base ten.";
    sin "The sine.";
    sinh "The hyperbolic sine.";
    sqrt "The square root.";
    tan "The tangent.";
    tanh "The hyperbolic tangent.";
}
