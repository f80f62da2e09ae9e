//! The table of functions.

use super::call::call;
use super::sequence::{concat, count_of, index_of, inplace_concat, length_hint};
use super::trace;
use stitch_runtime::object::argument::{Keywords, Rest, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::integer::is_same;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::string::View;
use stitch_runtime::uop::Op;
use stitch_runtime::{PyResult, Value, Vm};

const UNARY: &str = "(a, /)";
const BINARY: &str = "(a, b, /)";

/// A comparison.
const fn compares<const OPERATION: u32>(name: &'static str, doc: &'static str) -> NativeRow {
    method(name, BINARY, |vm: &mut Vm, a: Value, b: Value| vm.compare_op(OPERATION, a, b)).doc(doc)
}

/// An operation, maybe in place.
const fn operates<const OPERATION: u32>(name: &'static str, doc: &'static str) -> NativeRow {
    method(name, BINARY, |vm: &mut Vm, a: Value, b: Value| vm.binary_op(OPERATION, a, b)).doc(doc)
}

pub const FUNCTIONS: &[NativeRow] = &[
    compares::<{ cmp::LT }>("lt", "Same as a < b.")
        .traced(|call| trace::compare(call, Op::IntLt {}, Op::FloatLt {}, false)),
    compares::<{ cmp::LE }>("le", "Same as a <= b.")
        .traced(|call| trace::compare(call, Op::IntLe {}, Op::FloatLe {}, false)),
    compares::<{ cmp::EQ }>("eq", "Same as a == b.")
        .traced(|call| trace::compare(call, Op::IntEq {}, Op::FloatEq {}, false)),
    compares::<{ cmp::NE }>("ne", "Same as a != b.")
        .traced(|call| trace::compare(call, Op::IntNe {}, Op::FloatNe {}, false)),
    compares::<{ cmp::GE }>("ge", "Same as a >= b.")
        .traced(|call| trace::compare(call, Op::IntLe {}, Op::FloatLe {}, true)),
    compares::<{ cmp::GT }>("gt", "Same as a > b.")
        .traced(|call| trace::compare(call, Op::IntLt {}, Op::FloatLt {}, true)),
    method("not_", UNARY, |vm: &mut Vm, a: Value| vm.is_true(a).map(|truth| !truth)).doc("Same as not a."),
    method("truth", UNARY, |vm: &mut Vm, a: Value| vm.is_true(a)).doc("True if a is true, False otherwise."),
    method("is_", BINARY, |a: Value, b: Value| is_same(a, b)).doc("Same as a is b."),
    method("is_not", BINARY, |a: Value, b: Value| !is_same(a, b)).doc("Same as a is not b."),
    method("is_none", UNARY, |a: Value| a.is_none()).doc("Same as a is None."),
    method("is_not_none", UNARY, |a: Value| !a.is_none()).doc("Same as a is not None."),
    method("abs", UNARY, |vm: &mut Vm, a: Value| vm.absolute(a)).doc("Same as abs(a)."),
    method("index", UNARY, |vm: &mut Vm, a: Value| vm.index(a).map(|int| vm.int_exact(int)))
        .doc("Same as a.__index__()."),
    method("neg", UNARY, |vm: &mut Vm, a: Value| vm.unary_negative(a)).doc("Same as -a."),
    method("pos", UNARY, |vm: &mut Vm, a: Value| vm.unary_positive(a)).doc("Same as +a."),
    method("inv", UNARY, |vm: &mut Vm, a: Value| vm.unary_invert(a)).doc("Same as ~a."),
    method("invert", UNARY, |vm: &mut Vm, a: Value| vm.unary_invert(a)).doc("Same as ~a."),
    operates::<{ op::ADD }>("add", "Same as a + b.")
        .traced(|call| trace::arithmetic(call, Op::IntAdd {}, Op::FloatAdd {}, i64::checked_add)),
    operates::<{ op::AND }>("and_", "Same as a & b.").traced(|call| trace::bits(call, Op::IntAnd {})),
    operates::<{ op::FLOOR_DIVIDE }>("floordiv", "Same as a // b."),
    operates::<{ op::LEFT_SHIFT }>("lshift", "Same as a << b."),
    operates::<{ op::MATRIX_MULTIPLY }>("matmul", "Same as a @ b."),
    operates::<{ op::MULTIPLY }>("mul", "Same as a * b.")
        .traced(|call| trace::arithmetic(call, Op::IntMul {}, Op::FloatMul {}, i64::checked_mul)),
    operates::<{ op::REMAINDER }>("mod", "Same as a % b."),
    operates::<{ op::OR }>("or_", "Same as a | b.").traced(|call| trace::bits(call, Op::IntOr {})),
    operates::<{ op::POWER }>("pow", "Same as a ** b."),
    operates::<{ op::RIGHT_SHIFT }>("rshift", "Same as a >> b."),
    operates::<{ op::SUBTRACT }>("sub", "Same as a - b.")
        .traced(|call| trace::arithmetic(call, Op::IntSub {}, Op::FloatSub {}, i64::checked_sub)),
    operates::<{ op::TRUE_DIVIDE }>("truediv", "Same as a / b."),
    operates::<{ op::XOR }>("xor", "Same as a ^ b.").traced(|call| trace::bits(call, Op::IntXor {})),
    operates::<{ op::INPLACE + op::ADD }>("iadd", "Same as a += b."),
    operates::<{ op::INPLACE + op::AND }>("iand", "Same as a &= b."),
    operates::<{ op::INPLACE + op::FLOOR_DIVIDE }>("ifloordiv", "Same as a //= b."),
    operates::<{ op::INPLACE + op::LEFT_SHIFT }>("ilshift", "Same as a <<= b."),
    operates::<{ op::INPLACE + op::MATRIX_MULTIPLY }>("imatmul", "Same as a @= b."),
    operates::<{ op::INPLACE + op::MULTIPLY }>("imul", "Same as a *= b."),
    operates::<{ op::INPLACE + op::REMAINDER }>("imod", "Same as a %= b."),
    operates::<{ op::INPLACE + op::OR }>("ior", "Same as a |= b."),
    operates::<{ op::INPLACE + op::POWER }>("ipow", "Same as a **= b."),
    operates::<{ op::INPLACE + op::RIGHT_SHIFT }>("irshift", "Same as a >>= b."),
    operates::<{ op::INPLACE + op::SUBTRACT }>("isub", "Same as a -= b."),
    operates::<{ op::INPLACE + op::TRUE_DIVIDE }>("itruediv", "Same as a /= b."),
    operates::<{ op::INPLACE + op::XOR }>("ixor", "Same as a ^= b."),
    method("getitem", BINARY, |vm: &mut Vm, a: Value, b: Value| vm.get_item(a, b)).doc("Same as a[b]."),
    method("setitem", "(a, b, c, /)", |vm: &mut Vm, a: Value, b: Value, c: Value| vm.set_item(a, b, c))
        .doc("Same as a[b] = c."),
    method("delitem", BINARY, |vm: &mut Vm, a: Value, b: Value| vm.del_item(a, b)).doc("Same as del a[b]."),
    method("contains", BINARY, |vm: &mut Vm, a: Value, b: Value| vm.contains(a, b)).doc("Same as b in a."),
    method("concat", BINARY, concat).doc("Same as a + b, for sequences."),
    method("iconcat", BINARY, inplace_concat).doc("Same as a += b, for sequences."),
    method("countOf", BINARY, count_of).doc("How many items of a equal b."),
    method("indexOf", BINARY, index_of).doc("The index of the first item of a that equals b."),
    method("length_hint", "(obj, default=0, /)", length_hint)
        .doc("An estimate of how many items an object has, for reserving room."),
    method("call", "(obj, /, *args, **kwargs)", |vm: &mut Vm, callee: Value, args: Rest, keywords: Keywords| {
        call(vm, callee, args, keywords)
    })
    .doc("Same as obj(*args, **kwargs)."),
    NativeRow { name: "_compare_digest", ..COMPARE_DIGEST },
];

/// In `_hashlib`, too.
pub const COMPARE_DIGEST: NativeRow = method("compare_digest", BINARY, compare_digest)
    .doc("Same as a == b of ASCII text or bytes, in a time that does not depend on where they differ.");

fn compare_digest(vm: &mut Vm, a: Value, b: Value) -> PyResult<bool> {
    if vm.is_str(a) && vm.is_str(b) {
        return match (vm.str_of(a).view(), vm.str_of(b).view()) {
            (View::One(a), View::One(b)) if a.is_ascii() && b.is_ascii() => Ok(is_equal(a, b)),
            _ => Err(vm.raise_type("comparing strings with non-ASCII characters is not supported")),
        };
    }
    let (a, b) = (BytesLike::of(vm, a)?, BytesLike::of(vm, b)?);
    Ok(is_equal(&a, &b))
}

/// Looks at all of them, whatever it sees.
fn is_equal(a: &[u8], b: &[u8]) -> bool {
    let difference = a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    std::hint::black_box(difference) == 0 && a.len() == b.len()
}
