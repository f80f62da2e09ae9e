//! Parameter flags: arguments that are given by name or default, and those that a function fills and its call gives.

use super::info::{Info, Kind};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::{PyResult, Value, Vm};

const IN: i64 = 1;
const OUT: i64 = 2;
const LCID: i64 = 4;
const IN_OUT: i64 = IN | OUT;
const IN_LCID: i64 = IN | LCID;

/// One parameter: its flag, its name or unbound, its default or unbound.
struct Parameter {
    flag: i64,
    name: Value,
    default: Value,
}

impl Parameter {
    /// `None`: it is none.
    fn of(vm: &Vm, item: Value) -> Option<Parameter> {
        let items = This::<TupleObject>::of(vm, item)?.kept_items();
        let at = |i: usize| items.get(i).copied().unwrap_or(Value::UNBOUND);
        let (flag, name) = (vm.int_to_i64(*items.first()?)?, at(1));
        let name = if name.is_none() { Value::UNBOUND } else { name };
        (items.len() <= 3 && (name.is_unbound() || vm.is_str(name))).then(|| Parameter { flag, name, default: at(2) })
    }
}

/// TypeError where flags are none, or do not fit the types.
pub fn check(vm: &mut Vm, flags: Value, argtypes: Value) -> PyResult<()> {
    if argtypes.is_unbound() {
        return Ok(());
    }
    let Some(items) = This::<TupleObject>::of(vm, flags).map(This::kept_items) else {
        return Err(vm.raise_type("paramflags must be a tuple or None"));
    };
    let types = vm.tuple_items(argtypes);
    if items.len() != types.len() {
        return Err(vm.raise_value("paramflags must have the same length as argtypes"));
    }
    for (i, (&item, &ty)) in items.iter().zip(types).enumerate() {
        let Some(parameter) = Parameter::of(vm, item) else {
            return Err(vm.raise_type("paramflags must be a sequence of (int [,string [,value]]) tuples"));
        };
        match parameter.flag & (IN | OUT | LCID) {
            0 | IN | IN_LCID | IN_OUT => {}
            OUT if takes_address(vm, ty) => {}
            OUT => {
                let name = vm.repr_string(ty)?;
                let name = if Info::of_class(vm, ty).is_some() { super::data::name_of(vm, ty) } else { name };
                let message = format!("'out' parameter {} must be a pointer type, not {name}", i + 1);
                return Err(vm.raise_type(&message));
            }
            _ => return Err(vm.raise_type(&format!("paramflag value {} not supported", parameter.flag))),
        }
    }
    Ok(())
}

fn takes_address(vm: &Vm, ty: Value) -> bool {
    let Some(info) = Info::of_class(vm, ty) else { return false };
    matches!(info.kind, Kind::Pointer | Kind::Array) || ['P', 'z', 'Z'].iter().any(|&letter| info.is_simple(letter))
}

/// The arguments of a call, and which of them it gives.
pub struct Built {
    /// A list.
    pub arguments: Value,
    out: u64,
    in_out: u64,
}

/// Puts what a call was given in order.
pub fn build(vm: &mut Vm, flags: Value, argtypes: Value, given: Arguments<'_>) -> PyResult<Built> {
    let list = vm.new_list(&[])?;
    let mut built = Built { arguments: list, out: 0, in_out: 0 };
    let (items, types) = (vm.tuple_items(flags), vm.tuple_items(argtypes));
    let mut n_used = 0;
    for (i, (&item, &ty)) in items.iter().zip(types).enumerate() {
        let Some(parameter) = Parameter::of(vm, item) else {
            return Err(vm.raise_type("paramflags must be a sequence of (int [,string [,value]]) tuples"));
        };
        let bit = 1u64.checked_shl(i as u32).unwrap_or(0);
        let value = match parameter.flag & (IN | OUT | LCID) {
            IN_LCID if parameter.default.is_unbound() => Value::small_int(0),
            IN_LCID => parameter.default,
            0 | IN => argument(vm, given, &parameter, &mut n_used)?,
            IN_OUT => {
                built.in_out |= bit;
                argument(vm, given, &parameter, &mut n_used)?
            }
            OUT => {
                built.out |= bit;
                if parameter.default.is_unbound() { fresh(vm, ty)? } else { parameter.default }
            }
            flag => return Err(vm.raise_value(&format!("paramflag value {flag} not supported"))),
        };
        vm.list_push(list.as_ptr(), value)?;
    }
    if n_used != given.values.len() {
        let n_given = given.values.len();
        return Err(vm.raise_type(&format!("call takes exactly {n_used} arguments ({n_given} given)")));
    }
    Ok(built)
}

fn argument(vm: &mut Vm, given: Arguments<'_>, parameter: &Parameter, n_used: &mut usize) -> PyResult {
    if *n_used < given.n_positional() {
        *n_used += 1;
        return Ok(given.values[*n_used - 1]);
    }
    if !parameter.name.is_unbound() {
        let wanted = vm.string_of(parameter.name);
        let at = given.keyword_names().iter().position(|&name| vm.string_of(name) == wanted);
        if let Some(at) = at {
            *n_used += 1;
            return Ok(given.values[given.n_positional() + at]);
        }
    }
    if !parameter.default.is_unbound() {
        return Ok(parameter.default);
    }
    if parameter.name.is_unbound() {
        return Err(vm.raise_type("not enough arguments"));
    }
    let name = vm.string_of(parameter.name);
    Err(vm.raise_type(&format!("required argument '{name}' missing")))
}

/// What a function is to fill.
fn fresh(vm: &mut Vm, ty: Value) -> PyResult {
    let info = Info::expect_of(vm, ty)?;
    match info.kind {
        Kind::Array => vm.call(ty, &[]),
        Kind::Pointer if !info.item.is_unbound() => vm.call(info.item, &[]),
        _ => {
            let name = super::data::name_of(vm, ty);
            Err(vm.raise_type(&format!("{name} 'out' parameter must be passed as default value")))
        }
    }
}

impl Built {
    /// What a call gives in the end.
    pub fn result(&self, vm: &mut Vm, result: Value) -> PyResult {
        if self.out | self.in_out == 0 {
            return Ok(result);
        }
        let found = vm.new_list_object()?;
        let arguments = vm.collect_tuple(self.arguments)?;
        for (i, &argument) in vm.tuple_items(arguments).iter().enumerate().take(64) {
            let value = if self.in_out >> i & 1 != 0 {
                argument
            } else if self.out >> i & 1 != 0 {
                let name = vm.intern("__ctypes_from_outparam__");
                vm.call_method(argument, name, &[])?
            } else {
                continue;
            };
            vm.list_push(found.pointer(), value)?;
        }
        match found.items() {
            [only] => Ok(*only),
            _ => vm.collect_tuple(found.value()),
        }
    }
}
