//! `tuple`.

use super::receiver::tuple_of;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static TUPLE: TypeSpec = TypeSpec {
    name: "tuple",
    doc: "An immutable sequence.",
    is_base: true,
    slots: Slots {
        len: Some(|_, tuple| Ok(tuple_of(tuple).len)),
        get_item: Some(|vm, tuple, key| {
            let len = tuple_of(tuple).len;
            vm.sequence_get_item(BuiltinType::Tuple, tuple, key, len, |_, at| tuple_of(tuple).items()[at])
        }),
        contains: Some(|vm, tuple, item| vm.sequence_contains(tuple, item)),
        iter: Some(|vm, tuple| Ok(vm.new_seq_iter(BuiltinType::TupleIter, tuple, 0))),
        repr: Some(|vm, out, tuple| {
            vm.write_container(out, tuple, "(...)", |vm, out| {
                let items = tuple_of(tuple).items();
                vm.write_parts(out, "(", items, if items.len() == 1 { ",)" } else { ")" })
            })
        }),
        hash: Some(|vm, tuple| vm.hash_tuple(tuple)),
        compare: Some(|vm, operation, lhs, rhs| {
            if !vm.has_layout(rhs, BuiltinType::Tuple) {
                return Ok(vm.not_implemented);
            }
            vm.compare_sequences(operation, lhs, rhs).map(Value::bool)
        }),
        concat: Some(|vm, tuple, other| {
            if !vm.has_layout(other, BuiltinType::Tuple) {
                return Err(vm.raise_concat("tuple", other));
            }
            vm.tuple_concat(tuple, other)
        }),
        repeat: Some(|vm, tuple, count| vm.tuple_repeat(tuple, count)),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    native("count", "($self, value, /)", count),
    native("index", "($self, value, start=0, stop=sys.maxsize, /)", index),
    native("__getnewargs__", "($self, /)", getnewargs),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Tuple, METHODS);
    let class = vm.class(BuiltinType::Tuple);
    vm.add_new(class, native("__new__", "($type, iterable=(), /)", new));
    super::protocol::add_class_getitem(vm, BuiltinType::Tuple);
}

/// A tuple of everything that `iterable` gives.
pub fn from_iterable(vm: &mut Vm, iterable: Value) -> PyResult {
    if vm.is_exact(iterable, BuiltinType::Tuple) {
        return Ok(iterable);
    }
    vm.collect_tuple(iterable)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Tuple)?;
    let exact = if args[1].is_unbound() { vm.empty_tuple } else { from_iterable(vm, args[1])? };
    vm.derive(class, exact)
}

/// A tuple of exact type with the same items.
fn exact(vm: &mut Vm, tuple: Value) -> Value {
    if vm.is_exact(tuple, BuiltinType::Tuple) { tuple } else { vm.new_tuple(tuple_of(tuple).items()) }
}

fn position(vm: &mut Vm, tuple: Value, value: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    for at in start..stop.min(tuple_of(tuple).len) {
        if vm.equal(tuple_of(tuple).items()[at], value)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn count(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Tuple)?;
    let (mut n, mut at) = (0, 0);
    while let Some(found) = position(vm, args[0], args[1], at, usize::MAX)? {
        n += 1;
        at = found + 1;
    }
    Ok(Value::small_int(n))
}

fn index(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Tuple)?;
    let (start, stop) = vm.search_bounds(args[2], args[3], tuple_of(args[0]).len)?;
    match position(vm, args[0], args[1], start, stop)? {
        Some(at) => Ok(Value::small_int(at as i64)),
        None => Err(vm.raise_value("tuple.index(x): x not in tuple")),
    }
}

fn getnewargs(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Tuple)?;
    let exact = exact(vm, args[0]);
    Ok(vm.new_tuple(&[exact]))
}
