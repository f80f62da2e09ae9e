//! Arguments that several of the types take.

use super::civil::Civil;
use super::clock::Clock;
use super::tzinfo::TZINFO;
use stitch_runtime::object::argument::Str;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// A part of a date or time: an int as C has it.
pub fn part(vm: &mut Vm, value: Value) -> PyResult<i64> {
    let int = vm.index(value)?;
    let message = match vm.int_to_i64(int) {
        None => "Python int too large to convert to C long",
        Some(word) if word > i64::from(i32::MAX) => "signed integer is greater than maximum",
        Some(word) if word < i64::from(i32::MIN) => "signed integer is less than minimum",
        Some(word) => return Ok(word),
    };
    Err(vm.raise_overflow(message))
}

/// A part that need not be given.
pub fn part_or_zero(vm: &mut Vm, value: Option<Value>) -> PyResult<i64> {
    value.map_or(Ok(0), |value| part(vm, value))
}

pub fn civil(vm: &mut Vm, year: i64, month: i64, day: i64) -> PyResult<Civil> {
    Civil::new(year, month, day).map_err(|fault| vm.raise_value(&fault.message()))
}

pub fn clock(vm: &mut Vm, parts: [i64; 4]) -> PyResult<Clock> {
    let [hour, minute, second, microsecond] = parts;
    Clock::new(hour, minute, second, microsecond).map_err(|fault| vm.raise_value(&fault.message()))
}

pub fn fold(vm: &mut Vm, fold: i64) -> PyResult<bool> {
    match fold {
        0 | 1 => Ok(fold == 1),
        _ => Err(vm.raise_value(&format!("fold must be either 0 or 1, not {fold}"))),
    }
}

/// None, or a tzinfo.
pub fn zone(vm: &mut Vm, zone: Value) -> PyResult {
    if zone.is_none() || vm.is_of_spec(zone, &TZINFO) {
        return Ok(zone);
    }
    let given = vm.class_name(zone);
    Err(vm.raise_type(&format!("tzinfo argument must be None or of a tzinfo subclass, not type '{given}'")))
}

/// A zone that need not be given.
pub fn zone_or_none(vm: &mut Vm, given: Option<Value>) -> PyResult {
    given.map_or(Ok(Value::NONE), |given| zone(vm, given))
}

/// TypeError for what a constructor has to get and has not got.
pub fn raise_missing(vm: &mut Vm, name: &str, position: usize) -> Raised {
    vm.raise_type(&format!("function missing required argument '{name}' (pos {position})"))
}

/// A str as argument of a function, whose position messages tell where it takes several.
pub fn text(vm: &mut Vm, function: &str, position: usize, value: Value) -> PyResult<Str> {
    Str::of(vm, value).ok_or_else(|| {
        let given = if value.is_none() { "None".to_string() } else { vm.class_name(value) };
        vm.raise_type(&format!("{function}() argument {position} must be str, not {given}"))
    })
}
