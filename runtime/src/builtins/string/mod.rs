//! `str`.

mod builder;
mod case;
mod classify;
pub mod codec;
mod layout;
mod search;
mod split;

use super::receiver::{str_arg, tuple_of};
use crate::object::argument::{Str, This, method};
use crate::object::buffer::BytesLike;
use crate::object::compare::compare_strings;
use crate::object::convert::push_str_repr;
use crate::object::dict::dict_of;
use crate::object::layout::StrObject;
use crate::object::native::{NativeRow, native};
use crate::object::operate::op;
use crate::object::operate::sequence::view_contains;
use crate::object::slots::{Slots, operators};
use crate::object::spec::TypeSpec;
use crate::object::string::{View, str_of, str_to_string};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
pub use builder::StrBuilder;
pub use classify::is_identifier;

pub static STR: TypeSpec = TypeSpec {
    name: "str",
    is_matched_itself: true,
    doc: "An immutable sequence of code points.",
    is_base: true,
    slots: Slots {
        len: Some(|_, string| Ok(str_of(string).len)),
        get_item: Some(|vm, string, key| {
            let len = str_of(string).len;
            vm.sequence_get_item(BuiltinType::Str, string, key, len, |vm, at| vm.str_item(string, at))
        }),
        contains: Some(|vm, string, item| {
            if !vm.is_str(item) {
                let message = format!("'in <string>' requires string as left operand, not {}", vm.class_name(item));
                return Err(vm.raise_type(&message));
            }
            Ok(view_contains(str_of(string).view(), str_of(item).view()))
        }),
        iter: Some(|vm, string| Ok(vm.new_seq_iter(BuiltinType::StrIter, string, 0))),
        repr: Some(|_, out, string| {
            push_str_repr(out, str_of(string).view());
            Ok(())
        }),
        str: Some(|vm, string| Ok(vm.str_exact(string))),
        hash: Some(|vm, string| Ok(vm.str_hash(string))),
        compare: Some(compare),
        binary: operators(&[(op::REMAINDER, |vm, lhs, rhs| {
            if vm.is_str(lhs) { vm.str_percent(lhs, rhs) } else { Ok(vm.not_implemented) }
        })]),
        concat: Some(|vm, string, other| {
            if !vm.is_str(other) {
                return Err(vm.raise_concat("str", other));
            }
            vm.str_concat(string, other)
        }),
        repeat: Some(|vm, string, count| {
            let count = vm.repeat_count(count)?;
            vm.str_repeat(string, count)
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    if !vm.is_str(rhs) {
        return Ok(vm.not_implemented);
    }
    if Vm::is_equality(operation) {
        return Ok(Vm::equality(operation, str_of(lhs).view() == str_of(rhs).view()));
    }
    Vm::ordered(operation, compare_strings(lhs, rhs))
}

const METHODS: &[NativeRow] = &[
    method("__format__", "($self, format_spec, /)", |vm: &mut Vm, this: This<StrObject>, format: Str| {
        super::object::format_exact(vm, this.value(), format)
    })
    .doc("The value as text in a format."),
    native("format", "($self, /, *args, **kwargs)", format),
    native("format_map", "($self, mapping, /)", format_map),
    native("join", "($self, iterable, /)", split::join),
    native("split", "($self, /, sep=None, maxsplit=-1)", split::split),
    native("rsplit", "($self, /, sep=None, maxsplit=-1)", split::rsplit),
    native("splitlines", "($self, /, keepends=False)", split::splitlines),
    native("partition", "($self, sep, /)", split::partition),
    native("rpartition", "($self, sep, /)", split::rpartition),
    native("find", "($self, sub, start=None, end=None, /)", search::find),
    native("rfind", "($self, sub, start=None, end=None, /)", search::rfind),
    native("index", "($self, sub, start=None, end=None, /)", search::index),
    native("rindex", "($self, sub, start=None, end=None, /)", search::rindex),
    native("count", "($self, sub, start=None, end=None, /)", search::count),
    native("replace", "($self, old, new, /, count=-1)", search::replace),
    native("startswith", "($self, prefix, start=None, end=None, /)", search::startswith),
    native("endswith", "($self, suffix, start=None, end=None, /)", search::endswith),
    native("removeprefix", "($self, prefix, /)", search::removeprefix),
    native("removesuffix", "($self, suffix, /)", search::removesuffix),
    native("strip", "($self, chars=None, /)", layout::strip),
    native("lstrip", "($self, chars=None, /)", layout::lstrip),
    native("rstrip", "($self, chars=None, /)", layout::rstrip),
    native("center", "($self, width, fillchar=' ', /)", layout::center),
    native("ljust", "($self, width, fillchar=' ', /)", layout::ljust),
    native("rjust", "($self, width, fillchar=' ', /)", layout::rjust),
    native("zfill", "($self, width, /)", layout::zfill),
    native("expandtabs", "($self, /, tabsize=8)", layout::expandtabs),
    native("upper", "($self, /)", case::upper),
    native("lower", "($self, /)", case::lower),
    native("casefold", "($self, /)", case::casefold),
    native("title", "($self, /)", case::title),
    native("capitalize", "($self, /)", case::capitalize),
    native("swapcase", "($self, /)", case::swapcase),
    native("isalpha", "($self, /)", classify::isalpha),
    native("isdigit", "($self, /)", classify::isdigit),
    native("isdecimal", "($self, /)", classify::isdecimal),
    native("isnumeric", "($self, /)", classify::isnumeric),
    native("isalnum", "($self, /)", classify::isalnum),
    native("isspace", "($self, /)", classify::isspace),
    native("isupper", "($self, /)", classify::isupper),
    native("islower", "($self, /)", classify::islower),
    native("istitle", "($self, /)", classify::istitle),
    native("isascii", "($self, /)", classify::isascii),
    native("isidentifier", "($self, /)", classify::isidentifier),
    native("isprintable", "($self, /)", classify::isprintable),
    native("encode", "($self, /, encoding='utf-8', errors='strict')", codec::encode),
    native("translate", "($self, table, /)", translate),
    native("__getnewargs__", "($self, /)", |vm, args| {
        let exact = vm.exact_alias(args[0])?;
        Ok(vm.new_tuple(&[exact]))
    }),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Str, METHODS);
    vm.add_static_methods(BuiltinType::Str, &[native("maketrans", "(x, y=None, z=None, /)", maketrans)]);
    let class = vm.class(BuiltinType::Str);
    vm.add_new(class, native("__new__", "($type, object='', encoding='utf-8', errors='strict')", new).counted_first());
}

/// The view of a method's receiver.
pub(super) fn receiver<'a>(vm: &mut Vm, args: &[Value]) -> PyResult<View<'a>> {
    vm.check_receiver(args[0], BuiltinType::Str)?;
    Ok(str_of(args[0]).view())
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Str)?;
    let value = args.get(1).copied().unwrap_or(Value::UNBOUND);
    let (encoding, errors) =
        (args.get(2).copied().unwrap_or(Value::UNBOUND), args.get(3).copied().unwrap_or(Value::UNBOUND));
    let text = if value.is_unbound() {
        vm.str_from_latin1(b"")
    } else if encoding.is_unbound() && errors.is_unbound() {
        vm.str(value)?
    } else {
        if vm.is_str(value) {
            return Err(vm.raise_type("decoding str is not supported"));
        }
        if !vm.is_bytes_like(value) {
            let message = format!("decoding to str: need a bytes-like object, {} found", vm.class_name(value));
            return Err(vm.raise_type(&message));
        }
        let data = BytesLike::of(vm, value)?;
        codec::decode(vm, &data, encoding, errors)?
    };
    let exact = vm.str_exact(text);
    vm.derive(class, exact)
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    receiver(vm, args)?;
    vm.format_template(args[0], args[1], args[2])
}

fn format_map(vm: &mut Vm, args: &[Value]) -> PyResult {
    receiver(vm, args)?;
    let none = vm.empty_tuple;
    vm.format_template(args[0], none, args[1])
}

fn translate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let view = receiver(vm, args)?;
    let mut result = StrBuilder::new();
    for point in view.code_points() {
        let key = Value::small_int(point as i64);
        let found = if vm.is_exact(args[1], BuiltinType::Dict) {
            vm.dict_get(args[1], key)?
        } else {
            match vm.get_item(args[1], key) {
                Ok(value) => Some(value),
                Err(_) if vm.exception_matches(vm.exceptions.LookupError) => {
                    vm.clear_exception();
                    None
                }
                Err(raised) => return Err(raised),
            }
        };
        match found {
            None => result.push(point),
            Some(value) if value.is_none() => {}
            Some(value) if value.is_int() => match u32::try_from(value.as_int()) {
                Ok(point) if point <= 0x10_FFFF => result.push(point),
                _ => return Err(vm.raise_value("character mapping must be in range(0x110000)")),
            },
            Some(value) if vm.is_str(value) => result.push_view(str_of(value).view()),
            Some(_) => return Err(vm.raise_type("character mapping must return integer, None or str")),
        }
    }
    Ok(result.finish(vm))
}

fn maketrans(vm: &mut Vm, args: &[Value]) -> PyResult {
    let table = vm.new_dict();
    if args[1].is_unbound() {
        if !vm.has_layout(args[0], BuiltinType::Dict) {
            return Err(vm.raise_type("if you give only one argument to maketrans it must be a dict"));
        }
        let mut at = 0;
        while let Some((index, entry)) = dict_of(args[0]).next_entry(at) {
            at = index + 1;
            let key = if vm.is_str(entry.key) {
                let view = str_of(entry.key).view();
                if view.len() != 1 {
                    return Err(vm.raise_value("string keys in translate table must be of length 1"));
                }
                Value::small_int(view.at(0) as i64)
            } else if vm.is_int_like(entry.key) {
                entry.key
            } else {
                return Err(vm.raise_type("keys in translate table must be strings or integers"));
            };
            vm.dict_set(table, key, entry.value)?;
        }
        return Ok(table);
    }
    let from = str_arg(vm, args[0], "first maketrans argument")?.view();
    let to = str_arg(vm, args[1], "maketrans() argument 2")?.view();
    if from.len() != to.len() {
        return Err(vm.raise_value("the first two maketrans arguments must have equal length"));
    }
    for (a, b) in from.code_points().zip(to.code_points()) {
        vm.dict_set(table, Value::small_int(a as i64), Value::small_int(b as i64))?;
    }
    if !args[2].is_unbound() {
        let removed = str_arg(vm, args[2], "maketrans() argument 3")?.view();
        for point in removed.code_points() {
            vm.dict_set(table, Value::small_int(point as i64), Value::NONE)?;
        }
    }
    Ok(table)
}

/// A one-character fill argument.
pub(super) fn fill_character(vm: &mut Vm, value: Value) -> PyResult<u32> {
    if value.is_unbound() {
        return Ok(b' ' as u32);
    }
    if vm.is_str(value) && str_of(value).len == 1 {
        return Ok(str_of(value).view().at(0));
    }
    if vm.is_str(value) {
        return Err(vm.raise_type("The fill character must be exactly one character long"));
    }
    let message = format!("The fill character must be a unicode character, not {}", vm.class_name(value));
    Err(vm.raise_type(&message))
}

/// Members of a tuple of strings, or the one string.
pub(super) fn each_affix<'a>(vm: &mut Vm, value: Value, method: &str) -> PyResult<Vec<View<'a>>> {
    if vm.is_str(value) {
        return Ok(vec![str_of(value).view()]);
    }
    if !vm.has_layout(value, BuiltinType::Tuple) {
        let message = format!("{method} first arg must be str or a tuple of str, not {}", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    let mut views = Vec::new();
    for &item in tuple_of(value).items() {
        if !vm.is_str(item) {
            let message = format!("tuple for {method} must only contain str, not {}", vm.class_name(item));
            return Err(vm.raise_type(&message));
        }
        views.push(str_of(item).view());
    }
    Ok(views)
}

/// A string method over UTF-8 text.
pub(super) fn through_utf8(vm: &mut Vm, value: Value, change: impl FnOnce(&str) -> String) -> PyResult {
    let text = change(&str_to_string(value));
    Ok(vm.new_str(&text))
}
