//! What traces do with operators of numbers inline; what else there is to operate on, the functions do.

use stitch_runtime::trace::{NativeCall, Traced};
use stitch_runtime::uop::Op;

/// Arithmetic of two ints whose result is a word now, or of numbers of which one is a float.
pub fn arithmetic(call: &mut NativeCall<'_>, int: Op, float: Op, now: fn(i64, i64) -> Option<i64>) -> Traced {
    let &[a, b] = call.arguments() else { return Ok(None) };
    let result = if a.now.is_int() && b.now.is_int() {
        if now(a.now.as_int(), b.now.as_int()).is_none() {
            return Ok(None);
        }
        let (Some(x), Some(y)) = (call.int(a)?, call.int(b)?) else { return Ok(None) };
        call.compute(int, &[x, y])?
    } else if a.now.is_float() || b.now.is_float() {
        let (Some(x), Some(y)) = (call.number(a)?, call.number(b)?) else { return Ok(None) };
        call.compute(float, &[x, y])?
    } else {
        return Ok(None);
    };
    Ok(Some(call.boxed(result)))
}

/// An operation on the bits of two ints.
pub fn bits(call: &mut NativeCall<'_>, int: Op) -> Traced {
    let &[a, b] = call.arguments() else { return Ok(None) };
    let (Some(x), Some(y)) = (call.int(a)?, call.int(b)?) else { return Ok(None) };
    let result = call.compute(int, &[x, y])?;
    Ok(Some(call.boxed(result)))
}

/// A comparison of two ints or two floats, maybe with the sides exchanged.
pub fn compare(call: &mut NativeCall<'_>, int: Op, float: Op, is_swapped: bool) -> Traced {
    let &[a, b] = call.arguments() else { return Ok(None) };
    let (a, b) = if is_swapped { (b, a) } else { (a, b) };
    let truth = if a.now.is_int() && b.now.is_int() {
        let (Some(x), Some(y)) = (call.int(a)?, call.int(b)?) else { return Ok(None) };
        call.compute(int, &[x, y])?
    } else if a.now.is_float() && b.now.is_float() {
        let (Some(x), Some(y)) = (call.float(a)?, call.float(b)?) else { return Ok(None) };
        call.compute(float, &[x, y])?
    } else {
        return Ok(None);
    };
    Ok(Some(call.boxed(truth)))
}
