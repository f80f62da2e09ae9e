//! `str`.

mod case;
mod classify;
mod layout;
mod letters;
mod search;
mod split;
mod translate;

use super::codec;
use crate::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use crate::object::buffer::BytesLike;
use crate::object::compare::compare_strings;
use crate::object::convert::push_str_repr;
use crate::object::convert::text::Text;
pub use crate::object::convert::text::Text as StrBuilder;
use crate::object::item::Sequence;
use crate::object::layout::StrObject;
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::operate::sequence::view_contains;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
pub use classify::is_identifier;

/// The receiver of the methods.
type ThisStr = This<StrObject>;

pub(crate) static STR_ITEMS: Sequence = Sequence {
    spec: &STR,
    out_of_range: "string index out of range",
    wrong_key: |name| format!("string indices must be integers, not '{name}'"),
    slice: |vm, owner, range| Ok(vm.slice_of_str(This::expect(vm, owner), range)),
    is_mutable: false,
};

pub static STR: TypeSpec = TypeSpec {
    shown_signature: Some(""),
    name: "str",
    is_atomic: true,
    is_matched_itself: true,
    doc: "An immutable sequence of code points.",
    exact: Some(|vm, value| Ok(vm.str_exact(value))),
    is_base: true,
    slots: Slots {
        len: slot(|_: &mut Vm, this: ThisStr| Ok(this.len)),
        get_item: slot(|vm: &mut Vm, this: ThisStr, key: Value| {
            vm.sequence_get_item(&STR_ITEMS, this.value(), key, this.len, |vm, at| vm.str_item(this.value(), at))
        }),
        contains: slot(|vm: &mut Vm, this: ThisStr, item: Value| {
            let Some(part) = Str::of(vm, item) else {
                let message = format!("'in <string>' requires string as left operand, not {}", vm.class_name(item));
                return Err(vm.raise_type(&message));
            };
            Ok(view_contains(this.view(), part.view()))
        }),
        iter: slot(|vm: &mut Vm, this: ThisStr| Ok(vm.new_seq_iter(BuiltinType::StrIter, this.value(), 0))),
        repr: slot(|_: &mut Vm, out: &mut Text, this: ThisStr| {
            push_str_repr(out, this.view());
            Ok(())
        }),
        str: slot(|vm: &mut Vm, this: ThisStr| Ok(vm.str_exact(this.value()))),
        hash: slot(|vm: &mut Vm, this: ThisStr| Ok(vm.str_hash(this.value()))),
        compare: slot(compare),
        binary: operators(&[(op::REMAINDER, |vm, lhs, rhs| match Str::of(vm, lhs) {
            Some(template) => vm.str_percent(template.value(), rhs),
            None => Ok(vm.not_implemented),
        })]),
        concat: slot(|vm: &mut Vm, this: ThisStr, other: Value| match Str::of(vm, other) {
            Some(other) => vm.str_concat(this.value(), other.value()),
            None => Err(vm.raise_concat("str", other)),
        }),
        repeat: slot(|vm: &mut Vm, this: ThisStr, count: Value| {
            let count = vm.repeat_count(count)?;
            vm.str_repeat(this.value(), count)
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, object='', encoding='utf-8', errors='strict')", new)
            .doc("A value as text, or bytes decoded.")
            .counted_first(),
    ),
    methods: METHODS,
    static_methods: &[method("maketrans", "(x, y=<unrepresentable>, z=<unrepresentable>, /)", translate::maketrans)
        .doc("A table for `translate`: a dict by code points, or two texts of a length and what is to be left out.")],
    ..TypeSpec::NEW
};

fn compare(vm: &mut Vm, operation: u32, this: ThisStr, other: Value) -> PyResult {
    let Some(other) = Str::of(vm, other) else { return Ok(vm.not_implemented) };
    if Vm::is_equality(operation) {
        return Ok(Vm::equality(operation, this.view() == other.view()));
    }
    Vm::ordered(operation, compare_strings(this.view(), other.view()))
}

const NULLARY: &str = "($self, /)";
const SEARCH: &str = "($self, sub[, start[, end]], /)";
const STRIP: &str = "($self, chars=None, /)";
const SPLIT: &str = "($self, /, sep=None, maxsplit=-1)";
const PAD: &str = "($self, width, fillchar=' ', /)";

const METHODS: &[NativeRow] = &[
    method("__format__", "($self, format_spec, /)", |vm: &mut Vm, this: ThisStr, format: Str| {
        super::object::format_exact(vm, this.value(), format)
    })
    .doc("The value as text in a format."),
    method("__getnewargs__", NULLARY, |vm: &mut Vm, this: ThisStr| -> PyResult {
        let exact = vm.exact_alias(this.value())?;
        Ok(vm.new_tuple(&[exact]))
    })
    .doc("The arguments that make such a str anew."),
    method("format", "($self, /, *args, **kwargs)", |vm: &mut Vm, this: ThisStr, args: Rest, names: Keywords| {
        vm.format_template(this.value(), args.value(), names.value())
    })
    .doc("The text with arguments put for its fields in braces."),
    method("format_map", "($self, mapping, /)", |vm: &mut Vm, this: ThisStr, mapping: Value| {
        vm.format_template(this.value(), Value::UNBOUND, mapping)
    })
    .doc("The text with a mapping's values put for its fields in braces."),
    method("join", "($self, iterable, /)", split::join).doc("The texts of an iterable, with this one between them."),
    method("split", SPLIT, split::split).doc("The parts between separators, or runs of white space."),
    method("rsplit", SPLIT, split::rsplit).doc("As `split`, splitting from the end."),
    method("splitlines", "($self, /, keepends=False)", split::splitlines).doc("The lines."),
    method("partition", "($self, sep, /)", split::partition)
        .doc("What is before the first separator, the separator, what is behind it."),
    method("rpartition", "($self, sep, /)", split::rpartition)
        .doc("What is before the last separator, the separator, what is behind it."),
    method("find", SEARCH, search::find).doc("Where a part is first; -1 where it is not."),
    method("rfind", SEARCH, search::rfind).doc("Where a part is last; -1 where it is not."),
    method("index", SEARCH, search::index).doc("Where a part is first; ValueError where it is not."),
    method("rindex", SEARCH, search::rindex).doc("Where a part is last; ValueError where it is not."),
    method("count", SEARCH, search::count).doc("How often a part is there without overlap."),
    method("replace", "($self, old, new, /, count=-1)", search::replace)
        .doc("The text with one part put for another, so often at most."),
    method("startswith", "($self, prefix[, start[, end]], /)", search::startswith)
        .doc("Does it begin with the prefix, or with one of a tuple?"),
    method("endswith", "($self, suffix[, start[, end]], /)", search::endswith)
        .doc("Does it end with the suffix, or with one of a tuple?"),
    method("removeprefix", "($self, prefix, /)", search::removeprefix).doc("The text without the prefix."),
    method("removesuffix", "($self, suffix, /)", search::removesuffix).doc("The text without the suffix."),
    method("strip", STRIP, layout::strip).doc("The text without white space, or the given characters, at both ends."),
    method("lstrip", STRIP, layout::lstrip).doc("The text without white space, or the given characters, at its start."),
    method("rstrip", STRIP, layout::rstrip).doc("The text without white space, or the given characters, at its end."),
    method("center", PAD, layout::center).doc("The text in the middle of so many characters."),
    method("ljust", PAD, layout::ljust).doc("The text at the left of so many characters."),
    method("rjust", PAD, layout::rjust).doc("The text at the right of so many characters."),
    method("zfill", "($self, width, /)", layout::zfill)
        .doc("The text with zeros before the digits, so many characters long."),
    method("expandtabs", "($self, /, tabsize=8)", layout::expandtabs).doc("The text with spaces instead of tabs."),
    method("upper", NULLARY, case::upper).doc("The text in upper case."),
    method("lower", NULLARY, case::lower).doc("The text in lower case."),
    method("casefold", NULLARY, case::casefold).doc("The text as it is compared where case does not matter."),
    method("title", NULLARY, case::title).doc("The text with words that begin in title case and go on in lower case."),
    method("capitalize", NULLARY, case::capitalize)
        .doc("The text with its first character in title case, all others in lower case."),
    method("swapcase", NULLARY, case::swapcase).doc("The text with upper case put for lower case and the reverse."),
    method("isalpha", NULLARY, classify::isalpha).doc("Are there characters, all of them letters?"),
    method("isdigit", NULLARY, classify::isdigit).doc("Are there characters, all of them digits, raised ones too?"),
    method("isdecimal", NULLARY, classify::isdecimal)
        .doc("Are there characters, all of them digits of decimal numbers?"),
    method("isnumeric", NULLARY, classify::isnumeric)
        .doc("Are there characters, all of which stand for numbers, fractions too?"),
    method("isalnum", NULLARY, classify::isalnum)
        .doc("Are there characters, all of which are letters or stand for numbers?"),
    method("isspace", NULLARY, classify::isspace).doc("Are there characters, all of them white space?"),
    method("isupper", NULLARY, classify::isupper).doc("Is there upper case, and neither lower nor title case?"),
    method("islower", NULLARY, classify::islower).doc("Is there lower case, and neither upper nor title case?"),
    method("istitle", NULLARY, classify::istitle).doc("Are there words, all of them as `title` makes them?"),
    method("isascii", NULLARY, classify::isascii).doc("Are all characters below 128?"),
    method("isidentifier", NULLARY, |this: ThisStr| is_identifier(this.view())).doc("Could it be a name?"),
    method("isprintable", NULLARY, classify::isprintable).doc("Does `repr` show all characters as they are?"),
    method(
        "encode",
        "($self, /, encoding='utf-8', errors='strict')",
        |vm: &mut Vm, this: ThisStr, encoding: Value, errors: Value| codec::encode(vm, this.value(), encoding, errors),
    )
    .doc("The text as bytes of an encoding."),
    method("translate", "($self, table, /)", translate::translate)
        .doc("The text with each character replaced as a table by code points has it; None leaves it out."),
];

fn new(
    vm: &mut Vm,
    class: ClassOf<StrObject>,
    object: Option<Value>,
    encoding: Option<Str>,
    errors: Option<Str>,
) -> PyResult {
    let Some(object) = object else {
        let text = vm.str_from_latin1(b"");
        return vm.derive(class.class, text);
    };
    let text =
        if encoding.is_none() && errors.is_none() { vm.str(object)? } else { decoded(vm, object, encoding, errors)? };
    let exact = vm.str_exact(text);
    vm.derive(class.class, exact)
}

fn decoded(vm: &mut Vm, object: Value, encoding: Option<Str>, errors: Option<Str>) -> PyResult {
    if Str::of(vm, object).is_some() {
        return Err(vm.raise_type("decoding str is not supported"));
    }
    if !vm.is_bytes_like(object) {
        let message = format!("decoding to str: need a bytes-like object, {} found", vm.class_name(object));
        return Err(vm.raise_type(&message));
    }
    let data = BytesLike::of(vm, object)?;
    codec::decode(vm, &data, Str::or_unbound(encoding), Str::or_unbound(errors))
}
