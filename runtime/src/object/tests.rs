//! Operations on built-in values, checked against what CPython prints.

use super::compare::cmp;
use super::native::{Arguments, NativeBinding, NativeRow};
use super::operate::op;
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm, VmConfig};

/// Runs a check on a VM, and again on one that collects at every allocation.
fn each_vm(check: fn(&mut Vm)) {
    for stress in [false, true] {
        let mut config = VmConfig::default();
        config.heap.stress = stress;
        let mut vm = Vm::new(config);
        // The checks' frames lie below this one.
        vm.set_native_stack(crate::gc::native_stack_pointer() + 64, 1 << 20);
        check(&mut vm);
    }
}

/// The message of the pending exception, behind its class's name.
fn pending(vm: &mut Vm) -> String {
    let exception = vm.take_exception();
    let args = vm.exception_slot(exception, super::exception::ARGS);
    let text = vm.repr_string(args).unwrap();
    format!("{}{text}", vm.class_name(exception))
}

fn shown(vm: &mut Vm, result: PyResult) -> String {
    match result {
        Ok(value) => vm.repr_string(value).unwrap(),
        Err(_) => pending(vm),
    }
}

fn int(vm: &mut Vm, text: &str) -> Value {
    vm.parse_int(text, 0).unwrap()
}

/// An int, float or (quoted) str.
fn literal(vm: &mut Vm, text: &str) -> Value {
    if let Some(text) = text.strip_prefix('\'') {
        return vm.new_str(text.trim_end_matches('\''));
    }
    match vm.parse_int(text, 0) {
        Ok(value) => value,
        Err(_) => Value::float(super::convert::parse_float(text).unwrap()),
    }
}

#[test]
fn integers_of_all_forms() {
    each_vm(check_integers_of_all_forms);
}

fn check_integers_of_all_forms(vm: &mut Vm) {
    let cases: &[(u32, &str, &str, &str)] = &[
        (op::ADD, "281474976710655", "1", "281474976710656"),
        (op::ADD, "9223372036854775807", "1", "9223372036854775808"),
        (op::SUBTRACT, "9223372036854775808", "1", "9223372036854775807"),
        (op::SUBTRACT, "-9223372036854775808", "1", "-9223372036854775809"),
        (op::MULTIPLY, "281474976710655", "281474976710655", "79228162514263774643590529025"),
        (op::MULTIPLY, "-99999999999999999999", "99999999999999999999", "-9999999999999999999800000000000000000001"),
        (op::FLOOR_DIVIDE, "-7", "2", "-4"),
        (op::REMAINDER, "-7", "2", "1"),
        (op::REMAINDER, "7", "-2", "-1"),
        (op::FLOOR_DIVIDE, "-9223372036854775808", "-1", "9223372036854775808"),
        (op::REMAINDER, "-100000000000000000000", "7", "5"),
        (op::FLOOR_DIVIDE, "-100000000000000000000", "7", "-14285714285714285715"),
        (op::LEFT_SHIFT, "1", "100", "1267650600228229401496703205376"),
        (op::RIGHT_SHIFT, "-1267650600228229401496703205377", "100", "-2"),
        (op::RIGHT_SHIFT, "-5", "1000", "-1"),
        (op::LEFT_SHIFT, "1", "-1", "ValueError('negative shift count',)"),
        (op::LEFT_SHIFT, "1", "100000000000000000000", "OverflowError('too many digits in integer',)"),
        (op::POWER, "3", "50", "717897987691852588770249"),
        (op::POWER, "2", "-1", "0.5"),
        (op::POWER, "0", "-1", "ZeroDivisionError('zero to a negative power',)"),
        (op::POWER, "-1", "100000000000000000001", "-1"),
        (op::TRUE_DIVIDE, "1", "3", "0.3333333333333333"),
        (op::TRUE_DIVIDE, "100000000000000000000001", "100000000000000000000000", "1.0"),
        (op::TRUE_DIVIDE, "123456789012345678901234567890", "987654321", "1.249999988734375e+20"),
        (op::TRUE_DIVIDE, "1", "0", "ZeroDivisionError('division by zero',)"),
        (op::AND, "-1", "340282366920938463463374607431768211455", "340282366920938463463374607431768211455"),
        (op::XOR, "-18446744073709551616", "1", "-18446744073709551615"),
        (op::ADD, "1", "'a'", "TypeError(\"unsupported operand type(s) for +: 'int' and 'str'\",)"),
        (op::ADD + op::INPLACE, "1", "'a'", "TypeError(\"unsupported operand type(s) for +=: 'int' and 'str'\",)"),
        (op::ADD, "'a'", "1", "TypeError('can only concatenate str (not \"int\") to str',)"),
        (op::MULTIPLY, "'ab'", "3", "'ababab'"),
        (op::MULTIPLY, "-1", "'ab'", "''"),
        (op::FLOOR_DIVIDE, "-7.5", "2", "-4.0"),
        (op::REMAINDER, "-7.5", "2", "0.5"),
        (op::REMAINDER, "7.5", "-2.0", "-0.5"),
        (op::POWER, "2.0", "5000", "OverflowError(\"(34, 'Numerical result out of range')\",)"),
        (op::ADD, "0.1", "0.2", "0.30000000000000004"),
        (op::REMAINDER, "'%5.2f|%-4d|%x'", "1", "TypeError('not enough arguments for format string',)"),
        (op::REMAINDER, "'%05d'", "-42", "'-0042'"),
        (op::REMAINDER, "'%.3e'", "12345.678", "'1.235e+04'"),
        (op::REMAINDER, "'%#x'", "255", "'0xff'"),
    ];
    for &(operation, lhs, rhs, expected) in cases {
        let (a, b) = (literal(vm, lhs), literal(vm, rhs));
        let result = vm.binary_op(operation, a, b);
        let text = shown(vm, result);
        assert_eq!(text, expected, "{lhs} <{operation}> {rhs}");
    }
}

#[test]
fn comparisons_between_numbers_are_exact() {
    each_vm(check_comparisons_between_numbers_are_exact);
}

fn check_comparisons_between_numbers_are_exact(vm: &mut Vm) {
    let cases: &[(u32, &str, &str, bool)] = &[
        (cmp::EQ, "9007199254740993", "9007199254740992.0", false),
        (cmp::GT, "9007199254740993", "9007199254740992.0", true),
        (cmp::LT, "1e300", "10000000000000000000000000000000000000000", false),
        (cmp::EQ, "18446744073709551616", "18446744073709551616.0", true),
        (cmp::LT, "-18446744073709551617", "-18446744073709551616.0", true),
        (cmp::LT, "1", "nan", false),
        (cmp::NE, "1", "nan", true),
        (cmp::LT, "3", "inf", true),
        (cmp::LE, "9223372036854775807", "9223372036854775808.0", true),
        (cmp::GE, "9223372036854775807", "9223372036854775808.0", false),
    ];
    for &(operation, lhs, rhs, expected) in cases {
        let (a, b) = (literal(vm, lhs), literal(vm, rhs));
        assert_eq!(vm.compare_op(operation, a, b), Ok(Value::bool(expected)), "{lhs} <{operation}> {rhs}");
    }
}

#[test]
fn floats_look_as_in_python() {
    let cases = [
        (0.1, "0.1"),
        (1e16, "1e+16"),
        (1e15, "1000000000000000.0"),
        (123456789.123, "123456789.123"),
        (9999999999999998.0, "9999999999999998.0"),
        (1e-4, "0.0001"),
        (1e-5, "1e-05"),
        (1.5e-7, "1.5e-07"),
        (-0.0, "-0.0"),
        (1e308, "1e+308"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (123456789012345680.0, "1.2345678901234568e+17"),
        (f64::NEG_INFINITY, "-inf"),
        (100.0, "100.0"),
        (0.001234, "0.001234"),
    ];
    for (float, expected) in cases {
        assert_eq!(super::convert::float_repr(float), expected);
    }
    for (text, expected) in [
        (" 1_0.5 ", Some(10.5)),
        ("1__0", None),
        ("_1", None),
        ("infinity", Some(f64::INFINITY)),
        ("1e5", Some(1e5)),
        ("", None),
        ("0x1", None),
        ("+-1", None),
        ("1_e5", None),
    ] {
        assert_eq!(super::convert::parse_float(text), expected, "{text}");
    }
}

#[test]
fn hashes_equal_cpythons() {
    each_vm(check_hashes_equal_cpythons);
}

fn check_hashes_equal_cpythons(vm: &mut Vm) {
    let cases = [
        ("-1", -2),
        ("2305843009213693951", 0),
        ("2305843009213693952", 1),
        ("123456789012345678901234567890", 248789772095949448),
        ("-18446744073709551616", -8),
        ("0.5", 1_152_921_504_606_846_976),
        ("1.1", 230_584_300_921_369_601),
        ("1e100", 1822893315824342674),
        ("inf", 314_159),
    ];
    for (text, expected) in cases {
        let value = literal(vm, text);
        let hash = vm.hash(value).unwrap();
        assert_eq!(hash, expected, "{text}");
    }
    let tuple = vm.new_tuple(&[Value::small_int(1), Value::small_int(2), Value::small_int(3)]);
    assert_eq!(vm.hash(tuple), Ok(529_344_067_295_497_451));
    let list = vm.new_list(&[]).unwrap();
    assert!(vm.hash(list).is_err());
    assert_eq!(pending(vm), "TypeError(\"unhashable type: 'list'\",)");
}

#[test]
fn formats() {
    each_vm(check_formats);
}

fn check_formats(vm: &mut Vm) {
    let cases = [
        ("1234567", ",", "1,234,567"),
        ("1234", "010,", "00,001,234"),
        ("1234", "09,", "0,001,234"),
        ("1234", "08,", "0,001,234"),
        ("255", "#x", "0xff"),
        ("255", "#010b", "0b11111111"),
        ("255", "_b", "1111_1111"),
        ("-42", "+d", "-42"),
        ("42", "+d", "+42"),
        ("42", " d", " 42"),
        ("42", "*^10", "****42****"),
        ("42", "=+10", "+       42"),
        ("42", "e", "4.200000e+01"),
        ("97", "c", "a"),
        ("3.14159", ".2f", "3.14"),
        ("2.5", ".0f", "2"),
        ("0.5", ".0f", "0"),
        ("1.5", ".0f", "2"),
        ("1e10", "g", "1e+10"),
        ("123456", "g", "123456"),
        ("1234567", "g", "1.23457e+06"),
        ("0.0001", "g", "0.0001"),
        ("0.00001", "g", "1e-05"),
        ("12.0", ".2", "1.2e+01"),
        ("1.0", ".2", "1.0"),
        ("1234.5", ",.2f", "1,234.50"),
        ("-0.0001", "z.1f", "0.0"),
        ("0.25", "%", "25.000000%"),
        ("1e16", "", "1e+16"),
        ("inf", "010", "0000000inf"),
        ("3.0", "08.3f", "0003.000"),
        ("1.0", "#.0f", "1."),
        ("'abc'", ">6", "   abc"),
        ("'abc'", ".2", "ab"),
        ("'abc'", "x<6.1", "axxxxx"),
        ("'abc'", "05", "abc00"),
        ("'a'", "=5", "ValueError(\"'=' alignment not allowed in string format specifier\",)"),
        ("1", ".3d", "ValueError('Precision not allowed in integer format specifier',)"),
        ("1", ",x", "ValueError(\"Cannot specify ',' with 'x'.\",)"),
        ("1", "x.3", "ValueError(\"Invalid format specifier 'x.3' for object of type 'int'\",)"),
        ("1", "q", "ValueError(\"Unknown format code 'q' for object of type 'int'\",)"),
        ("1.5", "d", "ValueError(\"Unknown format code 'd' for object of type 'float'\",)"),
        ("55296", "c", "\u{FFFD}"),
    ];
    for (value, spec, expected) in cases {
        let value = literal(vm, value);
        let shown_spec = spec;
        let spec = vm.new_str(spec);
        let text = match vm.format(value, spec) {
            Ok(text) => vm.string_of(text),
            Err(_) => pending(vm),
        };
        assert_eq!(text, expected, "{shown_spec}");
    }
}

#[test]
fn containers() {
    each_vm(check_containers);
}

fn check_containers(vm: &mut Vm) {
    let numbers: Vec<Value> = (0..10).map(Value::small_int).collect();
    let list = vm.new_list(&numbers).unwrap();
    let (none, three) = (Value::NONE, Value::small_int(3));
    let slice = vm.new_slice(three, none, Value::small_int(-1));
    let result = vm.get_item(list, slice);
    assert_eq!(shown(vm, result), "[3, 2, 1, 0]");
    let reversed = vm.get_item(list, slice).unwrap();
    let front = vm.new_slice(none, Value::small_int(4), none);
    vm.set_item(list, front, reversed).unwrap();
    assert_eq!(shown(vm, Ok(list)), "[3, 2, 1, 0, 4, 5, 6, 7, 8, 9]");
    let every_third = vm.new_slice(none, none, Value::small_int(-3));
    vm.del_item(list, every_third).unwrap();
    assert_eq!(shown(vm, Ok(list)), "[2, 1, 4, 5, 7, 8]");
    vm.list_push(list.as_ptr(), list).unwrap();
    assert_eq!(shown(vm, Ok(list)), "[2, 1, 4, 5, 7, 8, [...]]");
    let dict = vm.new_dict();
    for i in 0..20 {
        let value = vm.new_int(i * i);
        vm.set_item(dict, Value::small_int(i % 7), value).unwrap();
    }
    assert_eq!(shown(vm, Ok(dict)), "{0: 196, 1: 225, 2: 256, 3: 289, 4: 324, 5: 361, 6: 169}");
    let result = vm.get_item(dict, list);
    assert_eq!(shown(vm, result), "TypeError(\"cannot use 'list' as a dict key (unhashable type: 'list')\",)");
    let result = vm.unpack(list, 2);
    assert_eq!(shown(vm, result), "ValueError('too many values to unpack (expected 2, got 7)',)");
    let range = vm.new_range(Value::small_int(10), Value::small_int(0), Value::small_int(-3)).unwrap();
    let result = vm.collect(range);
    assert_eq!(shown(vm, result), "[10, 7, 4, 1]");
    let huge = int(vm, "100000000000000000000");
    let long_range = vm.new_range(huge, three, Value::small_int(-1)).unwrap();
    assert_eq!(vm.contains(long_range, three), Ok(false));
    let iterator = vm.get_iter(long_range).unwrap();
    let result = vm.iter_next(iterator).map(|item| item.unwrap());
    assert_eq!(shown(vm, result), "100000000000000000000");
    let (left, right) =
        (vm.new_set(super::types::BuiltinType::Set).unwrap(), vm.new_set(super::types::BuiltinType::Set).unwrap());
    for i in 0..12 {
        vm.set_add(left, Value::small_int(i)).unwrap();
        vm.set_add(right, Value::small_int(i * 2)).unwrap();
    }
    for (operation, expected) in [(op::AND, "{0, 2, 4, 6, 8, 10}"), (op::SUBTRACT, "{1, 3, 5, 7, 9, 11}")] {
        let result = vm.binary_op(operation, left, right);
        assert_eq!(shown(vm, result), expected);
    }
    let template = vm.new_str("{0:>{1}}|{0!r}|{x[a]}|{{}}");
    let inner = vm.new_dict();
    let (a, x, text) = (vm.new_str("a"), vm.new_str("x"), vm.new_str("hé"));
    vm.set_item(inner, a, text).unwrap();
    let keywords = vm.new_dict();
    vm.set_item(keywords, x, inner).unwrap();
    let positional = vm.new_tuple(&[text, Value::small_int(5)]);
    let result = vm.format_template(template, positional, keywords);
    assert_eq!(shown(vm, result), "\"   hé|'hé'|hé|{}\"");
}

#[test]
fn natives_of_many_parameters() {
    each_vm(check_natives_of_many_parameters);
}

/// Gives back its arguments as a list of what was given.
fn given(vm: &mut Vm, _: &NativeBinding, args: &[Value]) -> PyResult {
    // A collection finds what only the bound arguments hold.
    vm.collect_garbage(false);
    let given: Vec<Value> = args.iter().copied().filter(|value| !value.is_unbound()).collect();
    vm.new_list(&given)
}

fn check_natives_of_many_parameters(vm: &mut Vm) {
    for n_optional in [5, 14, 15, 40] {
        let optional: Vec<String> = (0..n_optional).map(|i| format!("p{i}=None")).collect();
        let signature = format!("(first, {}, *rest, last, **others)", optional.join(", "));
        let row = NativeRow::checked("given", signature.leak(), given);
        let native = vm.new_native(row, "", BuiltinType::NativeFunction, Value::UNBOUND, Value::NONE);
        let keywords = ["last", "other"].map(|name| vm.intern(name));
        let names = vm.new_tuple(&keywords);
        let few = [1, 2, 3].map(Value::small_int);
        let result = vm.call_native_object(native, Arguments { values: &few, names });
        assert_eq!(shown(vm, result), "[1, (), 2, {'other': 3}]");
        let many: Vec<Value> = (0..n_optional + 4).map(Value::small_int).collect();
        let result = vm.call_native_object(native, Arguments { values: &many, names });
        let passed: Vec<String> = (0..n_optional + 1).map(|i| i.to_string()).collect();
        let n = n_optional;
        let expected = format!("[{}, ({},), {}, {{'other': {}}}]", passed.join(", "), n + 1, n + 2, n + 3);
        assert_eq!(shown(vm, result), expected);
        let result = vm.call_native_object(native, Arguments::positional(&few));
        let message = format!("given() missing required argument 'last' (pos {})", n_optional + 3);
        assert_eq!(shown(vm, result), format!("TypeError(\"{message}\",)"));
    }
}
