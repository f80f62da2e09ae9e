//! Numbers, truth and None.

use std::fmt;

use stitch_runtime::{Raised, Value, Vm};

use super::{FromPython, ToPython, misfit};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::object::Object;

/// An int of any size, by its decimal digits, with a `-` in front where it is negative.
///
/// ```
/// use stitch::BigInt;
///
/// let machine = stitch::Machine::new()?;
/// assert_eq!(machine.eval("2 ** 200")?.extract::<BigInt>()?.0, "1606938044258990275541962092341162602522202993782792835301376");
/// machine.set("n", BigInt("-100000000000000000000".into()))?;
/// assert_eq!(machine.eval("n // 10 ** 18")?.extract::<i64>()?, -100);
/// assert_eq!(machine.object(BigInt("ten".into())).unwrap_err().class(), "ValueError");
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BigInt(pub String);

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An int as text, however many digits it has.
fn digits(object: &Object) -> Result<String> {
    let is_index = object.context().run(|vm| Ok(vm.is_index(object.value())))?;
    if !is_index {
        return Err(misfit(object, "int"));
    }
    object.context().run(|vm| {
        let int = vm.index(object.value())?;
        let limit = std::mem::replace(&mut vm.max_str_digits, 0);
        let text = vm.int_to_string(int);
        vm.max_str_digits = limit;
        text
    })
}

/// The int of a text of decimal digits.
fn int_of(context: &Context, text: &str) -> Result<Object> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::value_error(format!("{text:?} is no decimal number")));
    }
    context.run_to_object(|vm| {
        let limit = std::mem::replace(&mut vm.max_str_digits, 0);
        let shown = vm.new_str(text);
        let int = vm.int_from_str(shown, 10);
        vm.max_str_digits = limit;
        int
    })
}

impl ToPython for BigInt {
    fn to_python(self, context: &Context) -> Result<Object> {
        int_of(context, &self.0)
    }
}

impl FromPython for BigInt {
    fn from_python(object: &Object) -> Result<BigInt> {
        digits(object).map(BigInt)
    }
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl ToPython for $ty {
            fn to_python(self, context: &Context) -> Result<Object> {
                match i128::try_from(self).ok() {
                    Some(wide) => context.run_to_object(|vm| Ok(vm.new_int_from_i128(wide))),
                    None => int_of(context, &self.to_string()),
                }
            }
        }

        impl FromPython for $ty {
            fn from_python(object: &Object) -> Result<$ty> {
                let wide = object.context().run(|vm| {
                    let value = object.value();
                    if !vm.is_index(value) {
                        return Ok(None);
                    }
                    let int = vm.index(value)?;
                    Ok(Some(vm.int_to_i128(int).and_then(|wide| <$ty>::try_from(wide).ok())))
                })?;
                match wide {
                    Some(Some(fitting)) => Ok(fitting),
                    None => Err(misfit(object, "int")),
                    Some(None) => {
                        let text = digits(object)?;
                        text.parse().map_err(|_| {
                            // One of thousands of digits would hide what is said of it.
                            let shown = if text.len() > 60 { "the int" } else { &text };
                            Error::new("OverflowError", format!("{shown} does not fit in {}", stringify!($ty)))
                        })
                    }
                }
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

macro_rules! floats {
    ($($ty:ty)*) => {$(
        impl ToPython for $ty {
            fn to_python(self, context: &Context) -> Result<Object> {
                context.run_to_object(|_| Ok(Value::float(self.into())))
            }
        }

        impl FromPython for $ty {
            fn from_python(object: &Object) -> Result<$ty> {
                let float = object.context().run(|vm| match vm.to_float(object.value()) {
                    Ok(float) => Ok(Some(float)),
                    // Not a number, as long as nothing of the object's own went wrong.
                    Err(Raised) if is_no_number(vm, object.value()) => {
                        vm.clear_exception();
                        Ok(None)
                    }
                    Err(raised) => Err(raised),
                })?;
                float.map(|float| float as $ty).ok_or_else(|| misfit(object, "float"))
            }
        }
    )*};
}

floats! { f32 f64 }

/// Has an object that raised TypeError as a float no way to be one?
fn is_no_number(vm: &mut Vm, value: Value) -> bool {
    let exception = vm.take_exception();
    let method = vm.names.__float__;
    let is_number = vm.is_index(value) || value.is_object() && vm.lookup_special(value, method).is_some();
    vm.exception = exception;
    !is_number
}

impl ToPython for bool {
    fn to_python(self, context: &Context) -> Result<Object> {
        context.run_to_object(|_| Ok(Value::bool(self)))
    }
}

impl FromPython for bool {
    fn from_python(object: &Object) -> Result<bool> {
        let truth = object.context().run(|_| {
            let value = object.value();
            Ok(value.is_bool().then(|| value.as_bool()))
        })?;
        truth.ok_or_else(|| misfit(object, "bool"))
    }
}

impl ToPython for () {
    fn to_python(self, context: &Context) -> Result<Object> {
        context.run_to_object(|_| Ok(Value::NONE))
    }
}

impl FromPython for () {
    fn from_python(object: &Object) -> Result<()> {
        if object.is_none() { Ok(()) } else { Err(misfit(object, "None")) }
    }
}
