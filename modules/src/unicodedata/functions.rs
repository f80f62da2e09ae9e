//! The functions, each also a method of the old database.

use super::Database;
use super::normal::{is_normalized, normalize};
use super::version::is_later;
use rustpython_unicode::data::{LookupResult, Ucd, character_name};
use rustpython_wtf8::CodePoint;
use stitch_runtime::object::argument::{Parameter, Place, Str, This, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

const MODERN: Ucd = Ucd::new(true);
const OLD: Ucd = Ucd::new(false);

macro_rules! functions {
    ($($name:ident ($($parameter:ident: $ty:ty),*) $function:literal $method:literal $doc:literal;)*) => {
        pub const FUNCTIONS: &[NativeRow] = &[$(
            method(stringify!($name), $function, |vm: &mut Vm, $($parameter: $ty),*| $name(vm, MODERN, $($parameter),*))
                .doc($doc),
        )*];
        pub const METHODS: &[NativeRow] = &[$(
            method(stringify!($name), $method, |vm: &mut Vm, _: This<Database>, $($parameter: $ty),*| {
                $name(vm, OLD, $($parameter),*)
            })
            .doc($doc),
        )*];
    };
}

functions! {
    decimal(chr: Character, default: Option<Value>) "(chr, default=None, /)" "($self, chr, default=None, /)"
        "The decimal digit that a character stands for; else the default, or ValueError.";
    digit(chr: Character, default: Option<Value>) "(chr, default=None, /)" "($self, chr, default=None, /)"
        "The digit that a character stands for; else the default, or ValueError.";
    numeric(chr: Character, default: Option<Value>) "(chr, default=None, /)" "($self, chr, default=None, /)"
        "The number that a character stands for, as a float; else the default, or ValueError.";
    category(chr: Character) "(chr, /)" "($self, chr, /)" "The general category.";
    bidirectional(chr: Character) "(chr, /)" "($self, chr, /)" "The bidirectional class.";
    combining(chr: Character) "(chr, /)" "($self, chr, /)" "The canonical combining class, 0 where there is none.";
    mirrored(chr: Character) "(chr, /)" "($self, chr, /)" "1 where it is mirrored in bidirectional text, else 0.";
    east_asian_width(chr: Character) "(chr, /)" "($self, chr, /)" "The East Asian width.";
    decomposition(chr: Character) "(chr, /)" "($self, chr, /)" "The decomposition, as code points in hexadecimal digits.";
    is_normalized(form: Str, unistr: Str) "(form, unistr, /)" "($self, form, unistr, /)"
        "Is a text in a normal form?";
    normalize(form: Str, unistr: Str) "(form, unistr, /)" "($self, form, unistr, /)" "A text in a normal form.";
    name(chr: Character, default: Option<Value>) "(chr, default=None, /)" "($self, chr, default=None, /)"
        "The name of a character; else the default, or ValueError.";
    lookup(name: Str) "(name, /)" "($self, name, /)" "The character or sequence of a name; else KeyError.";
}

const UNASSIGNED: &str = "Cn";
const SURROGATE: &str = "Cs";

/// A text of one code point.
struct Character(CodePoint);

impl Parameter for Character {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Character> {
        if !vm.is_str(argument) {
            return Err(place.raise_misfit(vm, "a unicode character", argument));
        }
        let text = vm.str_of(argument);
        if text.len != 1 {
            let place = place.describe().replace("() ", "(): ");
            let message = format!("{place} must be a unicode character, not a string of length {}", text.len);
            return Err(vm.raise_type(&message));
        }
        let point = CodePoint::from_u32(text.view().at(0));
        Ok(Character(point.expect("code points of a str are below 0x110000")))
    }
}

fn decimal(vm: &mut Vm, ucd: Ucd, chr: Character, default: Option<Value>) -> PyResult {
    match (ucd.decimal(chr.0).filter(|_| !is_later(chr.0)), default) {
        (Some(digit), _) => Ok(vm.new_int_from_u64(digit)),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(vm.raise_value("not a decimal")),
    }
}

fn digit(vm: &mut Vm, ucd: Ucd, chr: Character, default: Option<Value>) -> PyResult {
    match (ucd.digit(chr.0).filter(|_| !is_later(chr.0)), default) {
        (Some(digit), _) => Ok(vm.new_int_from_u64(digit)),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(vm.raise_value("not a digit")),
    }
}

fn numeric(vm: &mut Vm, ucd: Ucd, chr: Character, default: Option<Value>) -> PyResult {
    match (ucd.numeric(chr.0).filter(|_| !is_later(chr.0)), default) {
        (Some(number), _) => Ok(Value::float(number)),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(vm.raise_value("not a numeric character")),
    }
}

fn category(_: &mut Vm, ucd: Ucd, chr: Character) -> &'static str {
    if is_later(chr.0) { UNASSIGNED } else { ucd.category(chr.0) }
}

fn bidirectional(_: &mut Vm, ucd: Ucd, chr: Character) -> &'static str {
    match ucd.category(chr.0) {
        UNASSIGNED => "",
        _ if is_later(chr.0) => "",
        SURROGATE => "L",
        _ => ucd.bidirectional(chr.0),
    }
}

fn combining(_: &mut Vm, ucd: Ucd, chr: Character) -> i64 {
    if is_later(chr.0) { 0 } else { ucd.combining(chr.0) as i64 }
}

fn mirrored(_: &mut Vm, ucd: Ucd, chr: Character) -> i64 {
    if is_later(chr.0) { 0 } else { ucd.mirrored(chr.0) as i64 }
}

fn east_asian_width(_: &mut Vm, ucd: Ucd, chr: Character) -> &'static str {
    match chr.0.to_u32() {
        // What is not assigned yet there will be wide.
        0x20000..=0x2FFFD | 0x30000..=0x3FFFD => "W",
        _ if is_later(chr.0) => "N",
        _ => ucd.east_asian_width(chr.0),
    }
}

fn decomposition(_: &mut Vm, ucd: Ucd, chr: Character) -> String {
    // Those of syllables are computed, and not told.
    let is_syllable = (0xAC00..=0xD7A3).contains(&chr.0.to_u32());
    if is_syllable || is_later(chr.0) { String::new() } else { ucd.decomposition(chr.0) }
}

fn name(vm: &mut Vm, ucd: Ucd, chr: Character, default: Option<Value>) -> PyResult {
    let is_known = |&character: &char| ucd.membership(character) && !is_later(chr.0);
    let known = chr.0.to_char().filter(is_known).and_then(character_name);
    match (known, default) {
        (Some(name), _) => Ok(vm.new_str(&name)),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(vm.raise_value("no such name")),
    }
}

fn lookup(vm: &mut Vm, ucd: Ucd, name: Str) -> PyResult {
    let name = vm.string_of(name.value());
    match ucd.lookup(&name) {
        Some(LookupResult::Character(character))
            if !is_later(character.into()) && unicode_names2::character(&name) == Some(character) =>
        {
            Ok(vm.str_from_code_point(character as u32))
        }
        Some(LookupResult::Sequence(sequence)) => Ok(vm.new_str(sequence)),
        _ => {
            let message = vm.new_str(&format!("undefined character name '{name}'"));
            Err(vm.raise_key(message))
        }
    }
}
