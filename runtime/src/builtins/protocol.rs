//! Special methods that built-in types have in common: what a subclass's `super()` reaches and `list.__len__(x)` calls.
//! They work by the receiver's layout and never ask its class.

use crate::object::native::{NativeFn, NativeRow, native};
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

fn raise_misfit(vm: &mut Vm, method: &str, value: Value) -> Raised {
    let message = format!("descriptor '{method}' does not apply to a '{}' object", vm.class_name(value));
    vm.raise_type(&message)
}

fn len(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.native_len(args[0]) {
        Some(len) => Ok(vm.new_int_from_usize(len)),
        None => Err(raise_misfit(vm, "__len__", args[0])),
    }
}

fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.native_iter(args[0]) {
        Some(iterator) => Ok(iterator),
        None => Err(raise_misfit(vm, "__iter__", args[0])),
    }
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.native_next(args[0])? {
        Some(Some(item)) => Ok(item),
        Some(None) => {
            let value = if vm.has_layout(args[0], BuiltinType::Generator) { vm.result } else { Value::NONE };
            Err(vm.raise_stop_iteration(value))
        }
        None => Err(raise_misfit(vm, "__next__", args[0])),
    }
}

fn contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.native_contains(args[0], args[1])? {
        Some(truth) => Ok(Value::bool(truth)),
        None => Err(raise_misfit(vm, "__contains__", args[0])),
    }
}

fn getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.native_get_item(args[0], args[1])? {
        Some(item) => Ok(item),
        None => Err(raise_misfit(vm, "__getitem__", args[0])),
    }
}

fn setitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.native_set_item(args[0], args[1], args[2])? {
        Ok(Value::NONE)
    } else {
        Err(raise_misfit(vm, "__setitem__", args[0]))
    }
}

fn delitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.native_del_item(args[0], args[1])? { Ok(Value::NONE) } else { Err(raise_misfit(vm, "__delitem__", args[0])) }
}

fn hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.native_hash(args[0])? {
        Some(hash) => Ok(vm.new_int(hash)),
        None => Err(vm.raise_unhashable(args[0])),
    }
}

const LEN: NativeRow = native("__len__", "($self, /)", len).reads();
const ITER: NativeRow = native("__iter__", "($self, /)", iter);
const NEXT: NativeRow = native("__next__", "($self, /)", next);
const CONTAINS: NativeRow = native("__contains__", "($self, key, /)", contains);
const GETITEM: NativeRow = native("__getitem__", "($self, key, /)", getitem);
const SETITEM: NativeRow = native("__setitem__", "($self, key, value, /)", setitem);
const DELITEM: NativeRow = native("__delitem__", "($self, key, /)", delitem);
const HASH: NativeRow = native("__hash__", "($self, /)", hash);

/// `__len__`, `__iter__`.
pub fn add_sized(vm: &mut Vm, ty: BuiltinType) {
    vm.add_methods(ty, &[LEN, ITER]);
}

pub fn add_contains(vm: &mut Vm, ty: BuiltinType) {
    vm.add_methods(ty, &[CONTAINS]);
}

/// `__len__`, `__iter__`, `__contains__`, `__getitem__`.
pub fn add_container(vm: &mut Vm, ty: BuiltinType) {
    vm.add_methods(ty, &[LEN, ITER, CONTAINS, GETITEM]);
}

/// `__setitem__`, `__delitem__`.
pub fn add_item_setters(vm: &mut Vm, ty: BuiltinType) {
    vm.add_methods(ty, &[SETITEM, DELITEM]);
}

/// `__iter__`, `__next__`.
pub fn add_iterator(vm: &mut Vm, ty: BuiltinType) {
    vm.add_methods(ty, &[ITER, NEXT]);
}

pub fn add_hash(vm: &mut Vm, ty: BuiltinType) {
    vm.add_methods(ty, &[HASH]);
}

fn compare(vm: &mut Vm, op: u32, args: &[Value]) -> PyResult {
    Ok(match vm.native_compare(op, args[0], args[1])? {
        Some(truth) => Value::bool(truth),
        None => vm.not_implemented,
    })
}

const COMPARISONS: &[NativeRow] = &[
    native("__lt__", "($self, value, /)", |vm, args| compare(vm, 0, args)),
    native("__le__", "($self, value, /)", |vm, args| compare(vm, 1, args)),
    native("__eq__", "($self, value, /)", |vm, args| compare(vm, 2, args)),
    native("__ne__", "($self, value, /)", |vm, args| compare(vm, 3, args)),
    native("__gt__", "($self, value, /)", |vm, args| compare(vm, 4, args)),
    native("__ge__", "($self, value, /)", |vm, args| compare(vm, 5, args)),
];

/// `__eq__` and the like of a built-in type.
pub fn add_comparisons(vm: &mut Vm, ty: BuiltinType) {
    vm.add_methods(ty, COMPARISONS);
}

fn binary(vm: &mut Vm, op: u32, lhs: Value, rhs: Value) -> PyResult {
    Ok(vm.native_binary(op, lhs, rhs)?.unwrap_or(vm.not_implemented))
}

fn inplace(vm: &mut Vm, op: u32, args: &[Value]) -> PyResult {
    Ok(vm.native_inplace(op, args[0], args[1])?.unwrap_or(vm.not_implemented))
}

/// An operator's name, its methods' names and their functions.
struct Operator {
    name: &'static str,
    method: &'static str,
    reflected: &'static str,
    in_place: &'static str,
    functions: [NativeFn; 3],
}

macro_rules! operators {
    ($($op:ident $name:literal;)*) => {
        const OPERATORS: &[Operator] = &[$(Operator {
            name: $name,
            method: concat!("__", $name, "__"),
            reflected: concat!("__r", $name, "__"),
            in_place: concat!("__i", $name, "__"),
            functions: [
                |vm, args| binary(vm, op::$op, args[0], args[1]),
                |vm, args| binary(vm, op::$op, args[1], args[0]),
                |vm, args| inplace(vm, op::$op, args),
            ],
        },)*];
    };
}

operators! {
    ADD "add"; AND "and"; FLOOR_DIVIDE "floordiv"; LEFT_SHIFT "lshift"; MULTIPLY "mul"; REMAINDER "mod"; OR "or"; POWER "pow";
    RIGHT_SHIFT "rshift"; SUBTRACT "sub"; TRUE_DIVIDE "truediv"; XOR "xor";
}

/// Operators of a built-in type: `add` for `__add__`, `radd` for `__radd__`, `iadd` for `__iadd__`.
pub fn add_binary(vm: &mut Vm, ty: BuiltinType, names: &[&str]) {
    const SIGNATURE: &str = "($self, value, /)";
    for operator in OPERATORS {
        let [direct, reflected, in_place] = operator.functions;
        for &name in names {
            if name == operator.name {
                vm.add_methods(ty, &[native(operator.method, SIGNATURE, direct)]);
            } else if name.strip_prefix('r') == Some(operator.name) {
                vm.add_methods(ty, &[native(operator.reflected, SIGNATURE, reflected)]);
            } else if name.strip_prefix('i') == Some(operator.name) {
                vm.add_methods(ty, &[native(operator.in_place, SIGNATURE, in_place)]);
            }
        }
    }
}

/// `list[int]` and the like: a parameterized class stands for itself, since nothing looks at its parameters.
pub fn add_class_getitem(vm: &mut Vm, ty: BuiltinType) {
    vm.add_class_methods(
        ty,
        &[native("__class_getitem__", "($self, item, /)", |vm, args| {
            let module = vm.import_dotted("_generic")?;
            let name = vm.intern("GenericAlias");
            let class = vm.get_attr(module, name)?;
            vm.call(class, args)
        })],
    );
}
