//! What `sys` tells of the memory, and the limits that it sets.

use crate::object::argument::{Str, Word, method};
use crate::object::integer::DEFAULT_MAX_STR_DIGITS;
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The smallest limit of an int's digits that can be set.
pub const LEAST_MAX_STR_DIGITS: usize = 640;
/// What `getrefcount` gives for what never dies.
const IMMORTAL: i64 = 0xC000_0000;

pub const FUNCTIONS: &[NativeRow] = &[
    method("getsizeof", "(object, default=<unrepresentable>)", getsizeof).doc("The bytes that an object takes."),
    method("getrefcount", "(object, /)", |value: Value| if value.is_object() { 2 } else { IMMORTAL })
        .doc("How many references there are at the least: the caller's, and the argument. The collector counts none."),
    method("getallocatedblocks", "()", |vm: &mut Vm| vm.heap.objects().len()).doc("How many objects there are."),
    method("getunicodeinternedsize", "(*, _only_immortal=False)", |vm: &mut Vm, _: Option<bool>| {
        vm.interner.values().count()
    })
    .doc("How many strs are interned; all of them stay."),
    method("_is_interned", "(string, /)", |vm: &mut Vm, text: Str| vm.is_interned(text.value()))
        .doc("Is a str interned?"),
    method("_is_immortal", "(op, /)", |value: Value| !value.is_object()).doc("Does an object never die?"),
    method("_clear_type_cache", "()", || ()).doc("Nothing: caches of lookups hold only what is true."),
    method("_clear_internal_caches", "()", || ()).doc("Nothing: what was compiled is dropped when it is wrong."),
    method("getrecursionlimit", "()", |vm: &mut Vm| i64::from(vm.recursion_limit)).doc("How deep calls may go."),
    method("setrecursionlimit", "(limit, /)", setrecursionlimit).doc("Sets how deep calls may go."),
    method("get_int_max_str_digits", "()", |vm: &mut Vm| vm.max_str_digits)
        .doc("How many digits an int may have as text."),
    method("set_int_max_str_digits", "(maxdigits)", set_max_str_digits)
        .doc("Sets how many digits an int may have as text; 0: any number."),
];

fn getsizeof(vm: &mut Vm, object: Value, default: Option<Value>) -> PyResult {
    let name = vm.names.__sizeof__;
    match vm.call_special(object, name, &[])? {
        Some(size) => Ok(size),
        None => default.ok_or_else(|| vm.raise_type("object has no __sizeof__")),
    }
}

fn setrecursionlimit(vm: &mut Vm, limit: Word<i32>) -> PyResult<()> {
    let limit = i64::from(limit.0);
    if limit < 1 {
        return Err(vm.raise_value("recursion limit must be greater or equal than 1"));
    }
    if limit <= vm.depth as i64 {
        let message = format!(
            "cannot set the recursion limit to {limit} at the recursion depth {}: the limit is too low",
            vm.depth
        );
        return Err(vm.raise(vm.exceptions.RecursionError, &message));
    }
    vm.recursion_limit = limit.min(u32::MAX as i64) as u32;
    Ok(())
}

fn set_max_str_digits(vm: &mut Vm, limit: i32) -> PyResult<()> {
    match usize::try_from(limit) {
        Ok(limit) if limit == 0 || limit >= LEAST_MAX_STR_DIGITS => {
            vm.max_str_digits = limit;
            Ok(())
        }
        _ => Err(vm.raise_value(&format!("maxdigits must be >= {LEAST_MAX_STR_DIGITS} or 0 for unlimited"))),
    }
}

impl Vm {
    /// `sys.int_info`'s part of the limits.
    pub(super) const INT_LIMITS: [i64; 2] = [DEFAULT_MAX_STR_DIGITS as i64, LEAST_MAX_STR_DIGITS as i64];
}
