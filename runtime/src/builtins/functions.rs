//! The module `builtins`: its functions, classes and constants.

use super::{attributes, numbers, print};
use crate::interp::drain::Drain;
use crate::object::argument::{ClampedIndex, OrNone, Str, This, method};
use crate::object::buffer::BytesLike;
use crate::object::integer::identity_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, Resumes};
use crate::object::slots::SlotId;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Recorder, Traced};
use crate::uop::{Helper, Op};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const FUNCTIONS: &[NativeRow] = &[
    method("len", "(obj, /)", |vm: &mut Vm, object: Value| vm.len(object))
        .asks(SlotId::Len)
        .traced(trace_len)
        .doc("How many items there are."),
    method("print", "(*args, sep=' ', end='\\n', file=None, flush=False)", print::print)
        .doc("Writes values as text, separated and ended as is said, to a file or to sys.stdout."),
    method("input", "(prompt='', /)", print::input)
        .doc("Writes a prompt, and reads a line; EOFError where there is none."),
    method("repr", "(obj, /)", |vm: &mut Vm, object: Value| vm.repr(object))
        .doc("A text of the object for programmers."),
    method("ascii", "(obj, /)", |vm: &mut Vm, object: Value| vm.ascii(object))
        .doc("As `repr`, with escapes for all that is not ASCII."),
    method("format", "(value, format_spec='', /)", format).doc("The value as text, as the specification says."),
    method("hash", "(obj, /)", |vm: &mut Vm, object: Value| vm.hash(object))
        .doc("An int that is the same for values that are equal."),
    method("id", "(obj, /)", |vm: &mut Vm, object: Value| vm.new_int_from_i128(identity_of(object)))
        .traced(trace_id)
        .doc("An int that no other object has as long as this one lives."),
    method("chr", "(i, /)", chr).doc("The character of a code point."),
    method("ord", "(character, /)", ord).doc("The code point of a character."),
    method("iter", "(object, sentinel=<unrepresentable>, /)", iter)
        .doc("An iterator over an object's items, or over what a callable gives up to the sentinel."),
    method("next", "(iterator, default=<unrepresentable>, /)", next)
        .resuming(Resumes::Next)
        .doc("The next item; where there is none the default, or StopIteration."),
    method("breakpoint", "(*args, **kws)", super::sys::breakpoint).doc("Calls sys.breakpointhook."),
    method("aiter", "(async_iterable, /)", super::async_generator::aiter)
        .doc("An asynchronous iterator over an object's items."),
    method("anext", "(async_iterator, default=<unrepresentable>, /)", super::async_generator::anext)
        .doc("What is to be awaited for the next item, or for a default where there is none."),
    method("all", "(iterable, /)", every::<true>).doc("Are all items true?"),
    method("any", "(iterable, /)", every::<false>).doc("Is any item true?"),
    method("sorted", "(iterable, /, *, key=None, reverse=False)", sorted)
        .doc("A new list of all items, in order.")
        .counted_first(),
];

/// Classes that `builtins` has under their own name.
const CLASSES: &[BuiltinType] = &[
    BuiltinType::Object,
    BuiltinType::Type,
    BuiltinType::Bool,
    BuiltinType::Int,
    BuiltinType::Float,
    BuiltinType::Complex,
    BuiltinType::Str,
    BuiltinType::Bytes,
    BuiltinType::Tuple,
    BuiltinType::List,
    BuiltinType::Dict,
    BuiltinType::Set,
    BuiltinType::FrozenSet,
    BuiltinType::Range,
    BuiltinType::Slice,
    BuiltinType::Enumerate,
    BuiltinType::Zip,
    BuiltinType::Map,
    BuiltinType::Filter,
    BuiltinType::SequenceReverseIter,
    BuiltinType::Property,
    BuiltinType::StaticMethod,
    BuiltinType::ClassMethod,
    BuiltinType::Super,
];

pub fn install(vm: &mut Vm) {
    let dict = vm.builtins;
    vm.add_functions(dict, "builtins", FUNCTIONS);
    vm.add_functions(dict, "builtins", numbers::FUNCTIONS);
    vm.add_functions(dict, "builtins", attributes::FUNCTIONS);
    for &ty in CLASSES {
        let (name, class) = (vm.intern(ty.name()), Value::object(vm.class(ty)));
        vm.dict_set_name(dict, name, class);
    }
    for spec in super::NAMED_TYPES {
        let (name, class) = (vm.intern(spec.name), Value::object(vm.type_of_spec(spec)));
        vm.dict_set_name(dict, name, class);
    }
    for (spec, class) in vm.exceptions.all() {
        let name = vm.intern(spec.name);
        vm.dict_set_name(dict, name, Value::object(class));
    }
    for (name, class) in [("IOError", vm.exceptions.OSError), ("EnvironmentError", vm.exceptions.OSError)] {
        let name = vm.intern(name);
        vm.dict_set_name(dict, name, Value::object(class));
    }
    let module = vm.intern("builtins");
    let constants = [
        ("None", Value::NONE),
        ("True", Value::TRUE),
        ("False", Value::FALSE),
        ("Ellipsis", vm.ellipsis),
        ("NotImplemented", vm.not_implemented),
        ("__debug__", Value::TRUE),
        ("__name__", module),
        ("__doc__", Value::NONE),
    ];
    for (name, value) in constants {
        let name = vm.intern(name);
        vm.dict_set_name(dict, name, value);
    }
}

fn format(vm: &mut Vm, value: Value, spec: Option<Str>) -> PyResult {
    let spec = spec.map_or_else(|| vm.str_from_latin1(b""), Str::value);
    vm.format(value, spec)
}

fn chr(vm: &mut Vm, index: ClampedIndex) -> PyResult {
    match u32::try_from(index.0) {
        Ok(point) if point <= 0x10_FFFF => Ok(vm.str_from_code_point(point)),
        _ => Err(vm.raise_value("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, character: Value) -> PyResult<i64> {
    let len = if let Some(text) = Str::of(vm, character) {
        if text.object().len == 1 {
            return Ok(text.view().at(0) as i64);
        }
        text.object().len
    } else if super::bytes::byte_string_name(vm, character).is_some() {
        let data = BytesLike::of(vm, character)?;
        if let [byte] = *data {
            return Ok(byte as i64);
        }
        data.len()
    } else {
        let message = format!("ord() expected string of length 1, but {} found", vm.class_name(character));
        return Err(vm.raise_type(&message));
    };
    let message = format!("ord() expected a character, but string of length {len} found");
    Err(vm.raise_type(&message))
}

fn iter(vm: &mut Vm, object: Value, sentinel: Option<Value>) -> PyResult {
    let Some(sentinel) = sentinel else { return vm.get_iter(object) };
    if vm.slots_of(object).call.is_none() {
        return Err(vm.raise_type("iter(v, w): v must be callable"));
    }
    Ok(vm.make(BuiltinType::CallIter, |header| CallIter { header, callable: object, sentinel }))
}

fn next(vm: &mut Vm, iterator: Value, default: Option<Value>) -> PyResult {
    if !vm.is_iterator(iterator) {
        let message = format!("'{}' object is not an iterator", vm.class_name(iterator));
        return Err(vm.raise_type(&message));
    }
    // Without a default, a Python iterator's StopIteration passes as it is, with its value.
    if default.is_none() && !vm.is_plain(iterator) {
        let name = vm.names.__next__;
        if let Some(item) = vm.call_special(iterator, name, &[])? {
            return Ok(item);
        }
    }
    match (vm.iter_next(iterator)?, default) {
        (Some(item), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => {
            let result = std::mem::replace(&mut vm.result, Value::NONE);
            let value = if super::async_generator::ends_with_value(vm, iterator) { result } else { Value::NONE };
            Err(vm.raise_stop_iteration(value))
        }
    }
}

/// `all` (`TRUTH` true) and `any`: do all items have that truth?
fn every<const TRUTH: bool>(vm: &mut Vm, iterable: Value) -> PyResult {
    if let Some(answer) = vm.drain(if TRUTH { Drain::AllTrue } else { Drain::AnyTrue }, iterable, None)? {
        return Ok(answer);
    }
    let iterator = vm.get_iter(iterable)?;
    while let Some(item) = vm.iter_next(iterator)? {
        if vm.is_true(item)? != TRUTH {
            return Ok(Value::bool(!TRUTH));
        }
    }
    Ok(Value::bool(TRUTH))
}

fn sorted(vm: &mut Vm, iterable: Value, key: OrNone<Value>, reverse: Option<bool>) -> PyResult {
    let list = vm.collect(iterable)?;
    super::sort::sort(vm, list, key.0, reverse == Some(true))?;
    Ok(list)
}

impl Vm {
    /// `super()` without arguments: the class that the running method was defined in, and its first argument.
    pub fn super_of_frame(&mut self) -> PyResult {
        let Some(frame) = self.running_frame() else {
            return Err(self.raise_runtime("super(): no current frame"));
        };
        // SAFETY: a running frame's code is live.
        let (code, code_object) = unsafe { (&*(*frame.code_object()).code, &*frame.code_object()) };
        if code.arg_count == 0 {
            return Err(self.raise_runtime("super(): no arguments"));
        }
        // SAFETY: the names of a code object's variables are a tuple.
        let names = unsafe { (*code_object.localsplus_names.as_ptr::<TupleObject>()).items() };
        let class_name = self.names.__class__;
        let Some(slot) = names.iter().position(|&name| name == class_name) else {
            return Err(self.raise_runtime("super(): __class__ cell not found"));
        };
        let slots = self.running_slots(frame);
        let (cell, mut owner) = (This::<CellObject>::of(self, slots[slot]), slots[0]);
        if let Some(cell) = This::<CellObject>::of(self, owner) {
            owner = cell.content;
        }
        let Some(class) = cell.map(|cell| cell.content).filter(|class| !class.is_unbound()) else {
            return Err(self.raise_runtime("super(): empty __class__ cell"));
        };
        if owner.is_unbound() {
            return Err(self.raise_runtime("super(): arg[0] deleted"));
        }
        let super_class = Value::object(self.class(BuiltinType::Super));
        self.call(super_class, &[class, owner])
    }
}

fn trace_id(call: &mut NativeCall<'_>) -> Traced {
    let &[value] = call.arguments() else { return Ok(None) };
    call.recorder.reading(Helper::Identity, &[value.uop]).map(Some)
}

fn trace_len(call: &mut NativeCall<'_>) -> Traced {
    let &[value] = call.arguments() else { return Ok(None) };
    if !value.now.is_object() {
        return Ok(None);
    }
    let Some(field) = Recorder::len_field(call.vm.layout_of(value.now)) else {
        if let Some(len) = call.raw_len(value)? {
            return Ok(Some(len));
        }
        let len = call.recorder.slot_rule(call.vm, |rules| rules.len, &[value])?;
        return Ok(len.map(|len| call.boxed(len)));
    };
    if !call.recorder.inherits(call.vm, value.now, call.vm.names.__len__) {
        return Ok(None);
    }
    call.guard_shape(value)?;
    let len = call.recorder.emit(Op::LoadWord { field }, &[value.uop], None)?;
    Ok(Some(call.boxed(len)))
}
