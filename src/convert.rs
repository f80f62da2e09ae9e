//! Rust values as Python objects, and back.

mod collections;
mod numbers;
mod text;

pub use numbers::BigInt;
pub use text::Bytes;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::object::Object;

/// What can be made a Python object.
///
/// | Rust | Python |
/// |---|---|
/// | integers of all widths, [`BigInt`] | int |
/// | `f32`, `f64` | float |
/// | `bool` | bool |
/// | `&str`, `String`, `char` | str |
/// | [`Bytes`] | bytes |
/// | `()`, `None` | None |
/// | `Some(value)` | as the value |
/// | `Vec`, array, slice | list |
/// | tuple of up to eight | tuple |
/// | `HashMap`, `BTreeMap` | dict |
/// | `HashSet`, `BTreeSet` | set |
/// | [`Object`], `&Object` | itself |
///
/// ```
/// use stitch::{Context, Machine, Object, Result, ToPython};
///
/// struct Point(f64, f64);
///
/// impl ToPython for Point {
///     fn to_python(self, context: &Context) -> Result<Object> {
///         context.builtin("complex")?.call((self.0, self.1))
///     }
/// }
///
/// let machine = Machine::new()?;
/// machine.set("point", Point(3.0, 4.0))?;
/// assert_eq!(machine.eval("abs(point)")?.extract::<f64>()?, 5.0);
/// # Ok::<(), stitch::Error>(())
/// ```
pub trait ToPython {
    /// As an object of the machine. `Err`: it cannot be had, as for want of memory.
    fn to_python(self, context: &Context) -> Result<Object>;
}

/// What a Python object can be made.
///
/// | Rust | Python |
/// |---|---|
/// | integers of all widths, [`BigInt`] | int, or what has `__index__`; OverflowError where it does not fit |
/// | `f32`, `f64` | float, int, or what has `__float__` or `__index__` |
/// | `bool` | bool |
/// | `String`, `char` | str; ValueError where it has surrogates, or is not one character |
/// | [`Bytes`] | bytes, bytearray, and what else gives out its bytes |
/// | `()` | None |
/// | `Option` | None, or as what is in it |
/// | `Vec` | what can be iterated over, but for str and bytes |
/// | array, tuple of up to eight | likewise; ValueError where the number is another |
/// | `HashMap`, `BTreeMap` | dict |
/// | `HashSet`, `BTreeSet` | set, frozenset |
/// | [`Object`] | anything |
///
/// Anything else is TypeError.
///
/// ```
/// let machine = stitch::Machine::new()?;
/// let rows: Vec<(String, Option<i32>)> = machine.eval("[('a', 1), ('b', None)]")?.extract()?;
/// assert_eq!(rows, [("a".to_owned(), Some(1)), ("b".to_owned(), None)]);
/// let error = machine.eval("[1, 300]")?.extract::<Vec<u8>>().unwrap_err();
/// assert_eq!(error.to_string(), "OverflowError: 300 does not fit in u8");
/// # Ok::<(), stitch::Error>(())
/// ```
pub trait FromPython: Sized {
    /// Converts an object.
    fn from_python(object: &Object) -> Result<Self>;

    /// What a parameter of a closure is that was not given an argument; `None`: it has to be given.
    fn missing() -> Option<Self> {
        None
    }
}

/// TypeError: an object is not what is wanted.
pub(crate) fn misfit(object: &Object, wanted: &str) -> Error {
    match object.class_name() {
        Ok(given) => {
            Error::type_error(format!("expected {wanted}, not {}", if given == "NoneType" { "None" } else { &given }))
        }
        Err(error) => error,
    }
}

impl ToPython for Object {
    fn to_python(self, _: &Context) -> Result<Object> {
        Ok(self)
    }
}

impl ToPython for &Object {
    fn to_python(self, _: &Context) -> Result<Object> {
        Ok(self.clone())
    }
}

impl FromPython for Object {
    fn from_python(object: &Object) -> Result<Object> {
        Ok(object.clone())
    }
}

impl<T: ToPython> ToPython for Option<T> {
    fn to_python(self, context: &Context) -> Result<Object> {
        match self {
            Some(value) => value.to_python(context),
            None => ().to_python(context),
        }
    }
}

impl<T: FromPython> FromPython for Option<T> {
    fn from_python(object: &Object) -> Result<Option<T>> {
        // A machine that is gone has no values left.
        if object.is_none() { Ok(None) } else { T::from_python(object).map(Some) }
    }

    fn missing() -> Option<Option<T>> {
        Some(None)
    }
}
