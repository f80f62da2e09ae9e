//! The formats of items: the native ones of one character, with or without `@` before it.

use super::MemoryView;
use crate::object::argument::This;
use crate::object::integer::IntView;
use crate::object::layout::BytesObject;
use crate::value::{Value, without_identity};
use crate::vm::{PyResult, Raised, Vm};

/// The character of a format, if it is one of them.
pub fn code_of(format: &str) -> Option<u8> {
    match *format.strip_prefix('@').unwrap_or(format).as_bytes() {
        [code] if size_of_code(code).is_some() => Some(code),
        _ => None,
    }
}

/// The bytes of an item.
pub fn size_of_code(code: u8) -> Option<usize> {
    Some(match code {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'P' | b'd' => 8,
        _ => return None,
    })
}

/// Are items bytes?
pub fn is_byte_code(code: u8) -> bool {
    matches!(code, b'b' | b'B' | b'c')
}

/// The character of a view's format; NotImplementedError where it is none of them.
pub fn supported_code(vm: &mut Vm, this: This<MemoryView>) -> PyResult<u8> {
    if this.code != 0 {
        return Ok(this.code);
    }
    let message = format!("memoryview: format {} not supported", vm.string_of(this.format));
    Err(vm.raise_not_implemented(&message))
}

/// The item at an address.
///
/// # Safety
/// There are as many bytes there as the format's items have.
pub unsafe fn unpack(vm: &mut Vm, code: u8, at: *const u8) -> PyResult {
    // SAFETY: the caller's promise; reads need no alignment.
    unsafe {
        let read_i64 = |code: u8| match code {
            b'b' => at.cast::<i8>().read() as i64,
            b'h' => at.cast::<i16>().read_unaligned() as i64,
            b'i' => at.cast::<i32>().read_unaligned() as i64,
            b'H' => at.cast::<u16>().read_unaligned() as i64,
            b'I' => at.cast::<u32>().read_unaligned() as i64,
            _ => at.cast::<i64>().read_unaligned(),
        };
        Ok(match code {
            b'B' => Value::small_int(at.read() as i64),
            b'c' => return vm.new_bytes(&[at.read()]),
            b'?' => Value::bool(at.read() != 0),
            b'L' | b'Q' | b'N' | b'P' => vm.new_int_from_u64(at.cast::<u64>().read_unaligned()),
            b'd' => Value::float(at.cast::<f64>().read_unaligned()),
            b'f' => Value::float(at.cast::<f32>().read_unaligned() as f64),
            b'e' => Value::float(float_of_half(at.cast::<u16>().read_unaligned())),
            _ => {
                let word = read_i64(code);
                vm.new_int(word)
            }
        })
    }
}

/// The bytes of an item; more than its size are not looked at.
pub fn pack(vm: &mut Vm, code: u8, value: Value) -> PyResult<[u8; 8]> {
    let mut bytes = [0; 8];
    match code {
        b'?' => bytes[0] = vm.is_true(value)? as u8,
        b'c' => {
            if !vm.is_a::<BytesObject>(value) {
                return Err(raise_type(vm, code));
            }
            match *This::<BytesObject>::expect(vm, value).data() {
                [byte] => bytes[0] = byte,
                _ => return Err(raise_value(vm, code)),
            }
        }
        b'd' | b'f' | b'e' => {
            let float = without_identity(vm.to_float(value).map_err(|_| reword(vm, code))?);
            match code {
                b'd' => bytes = float.to_ne_bytes(),
                b'f' => bytes[..4].copy_from_slice(&(float as f32).to_ne_bytes()),
                _ => {
                    let Some(half) = half_of_float(float) else {
                        return Err(raise_value(vm, code));
                    };
                    bytes[..2].copy_from_slice(&half.to_ne_bytes());
                }
            }
        }
        _ => {
            let int = vm.index(value).map_err(|_| reword(vm, code))?;
            bytes = pack_int(code, vm.int_of(int)).ok_or_else(|| raise_value(vm, code))?;
        }
    }
    Ok(bytes)
}

/// `None`: out of the format's range.
fn pack_int(code: u8, int: IntView<'_>) -> Option<[u8; 8]> {
    let is_unsigned_word = matches!(code, b'L' | b'Q' | b'N' | b'P');
    let word = match int {
        IntView::Word(word) => word,
        IntView::Wide(wide) if is_unsigned_word => return u64::try_from(wide).ok().map(u64::to_le_bytes),
        IntView::Wide(_) | IntView::Big(_) => return None,
    };
    let range = match code {
        b'b' => i8::MIN as i64..=i8::MAX as i64,
        b'B' => 0..=u8::MAX as i64,
        b'h' => i16::MIN as i64..=i16::MAX as i64,
        b'H' => 0..=u16::MAX as i64,
        b'i' => i32::MIN as i64..=i32::MAX as i64,
        b'I' => 0..=u32::MAX as i64,
        _ if is_unsigned_word => 0..=i64::MAX,
        _ => i64::MIN..=i64::MAX,
    };
    // The least significant bytes come first on the machines that there is code for.
    range.contains(&word).then(|| word.to_le_bytes())
}

/// A float of half precision, by its bits: one of sign, five of exponent, ten of fraction.
fn float_of_half(bits: u16) -> f64 {
    let (exponent, fraction) = ((bits >> 10 & 0x1F) as i32, (bits & 0x3FF) as f64);
    let magnitude = match exponent {
        0 => fraction * 2f64.powi(-24),
        0x1F if fraction == 0.0 => f64::INFINITY,
        0x1F => f64::NAN,
        _ => (fraction + 1024.0) * 2f64.powi(exponent - 25),
    };
    if bits & 0x8000 != 0 { -magnitude } else { magnitude }
}

/// The bits of the nearest float of half precision, of two the even one; `None`: it is too large.
fn half_of_float(float: f64) -> Option<u16> {
    let sign = if float.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = float.abs();
    let bits = if float.is_nan() {
        0x7E00
    } else if float.is_infinite() {
        0x7C00
    } else if magnitude >= 65520.0 {
        return None;
    } else if magnitude < 2f64.powi(-14) {
        (magnitude * 2f64.powi(24)).round_ties_even() as u16
    } else {
        let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
        // A fraction that is rounded up to the next power of two carries into the exponent.
        let fraction = (magnitude * 2f64.powi(10 - exponent)).round_ties_even() as u16 - 1024;
        ((exponent + 15) as u16) * 1024 + fraction
    };
    Some(sign | bits)
}

/// What conversion has raised, in the words of views.
fn reword(vm: &mut Vm, code: u8) -> Raised {
    let exceptions = vm.exceptions;
    if vm.exception_matches(exceptions.TypeError) {
        vm.clear_exception();
        raise_type(vm, code)
    } else if vm.exception_matches(exceptions.OverflowError) || vm.exception_matches(exceptions.ValueError) {
        vm.clear_exception();
        raise_value(vm, code)
    } else {
        Raised
    }
}

fn raise_type(vm: &mut Vm, code: u8) -> Raised {
    vm.raise_type(&format!("memoryview: invalid type for format '{}'", code as char))
}

fn raise_value(vm: &mut Vm, code: u8) -> Raised {
    vm.raise_value(&format!("memoryview: invalid value for format '{}'", code as char))
}
