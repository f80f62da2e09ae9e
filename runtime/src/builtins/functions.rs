//! The module `builtins`: its functions, classes and constants.

use super::receiver::{object_of, tuple_of};
use super::{attributes, numbers, print};
use crate::interp::drain::Drain;
use crate::object::buffer::BytesLike;
use crate::object::integer::identity_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::slots::SlotId;
use crate::object::string::{str_of, str_to_string};
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Recorder, Traced};
use crate::uop::Op;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const FUNCTIONS: &[NativeRow] = &[
    native("len", "(obj, /)", |vm, args| {
        let len = vm.len(args[0])?;
        Ok(vm.new_int_from_usize(len))
    })
    .asks(SlotId::Len)
    .traced(trace_len),
    native("print", "(*args, sep=' ', end='\\n', file=None, flush=False)", print::print),
    native("input", "(prompt='', /)", input),
    native("repr", "(obj, /)", |vm, args| vm.repr(args[0])),
    native("ascii", "(obj, /)", |vm, args| vm.ascii(args[0])),
    native("format", "(value, format_spec='', /)", format),
    native("hash", "(obj, /)", |vm, args| {
        let hash = vm.hash(args[0])?;
        Ok(vm.new_int(hash))
    }),
    native("id", "(obj, /)", |vm, args| Ok(vm.new_int_from_i128(identity_of(args[0])))),
    native("chr", "(i, /)", chr),
    native("ord", "(c, /)", ord),
    native("iter", "(object, sentinel=<unrepresentable>, /)", iter),
    native("next", "(iterator, default=<unrepresentable>, /)", next),
    native("all", "(iterable, /)", |vm, args| every(vm, args[0], true)),
    native("any", "(iterable, /)", |vm, args| every(vm, args[0], false)),
    native("sorted", "(iterable, /, *, key=None, reverse=False)", sorted),
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
    for (name, class) in vm.exceptions.all() {
        let name = vm.intern(name);
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

fn input(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[0].is_unbound() {
        let prompt = vm.str(args[0])?;
        vm.write_output(prompt);
    }
    vm.out.flush();
    match crate::host::read_stdin_line() {
        Ok(line) if line.is_empty() => Err(vm.raise(vm.exceptions.EOFError, "EOF when reading a line")),
        Ok(line) => Ok(vm.new_str(line.strip_suffix('\n').unwrap_or(&line))),
        Err(error) => Err(vm.raise_host(&error, None)),
    }
}

fn format(vm: &mut Vm, args: &[Value]) -> PyResult {
    let spec = args.get(1).copied().filter(|spec| !spec.is_unbound());
    let spec = match spec {
        Some(spec) if !vm.is_str(spec) => {
            let message = format!("format() argument 2 must be str, not {}", vm.class_name(spec));
            return Err(vm.raise_type(&message));
        }
        Some(spec) => spec,
        None => vm.str_from_latin1(b""),
    };
    vm.format(args[0], spec)
}

fn chr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let index = vm.index_clamped(args[0])?;
    match u32::try_from(index) {
        Ok(point) if point <= 0x10_FFFF => Ok(vm.str_from_code_point(point)),
        _ => Err(vm.raise_value("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, args: &[Value]) -> PyResult {
    let len = if vm.is_str(args[0]) {
        let text = str_of(args[0]);
        if text.len == 1 {
            return Ok(Value::small_int(text.view().at(0) as i64));
        }
        text.len
    } else if super::bytes::byte_string_name(vm, args[0]).is_some() {
        let data = BytesLike::of(vm, args[0])?;
        if let [byte] = *data {
            return Ok(Value::small_int(byte as i64));
        }
        data.len()
    } else {
        let message = format!("ord() expected string of length 1, but {} found", vm.class_name(args[0]));
        return Err(vm.raise_type(&message));
    };
    let kind = super::bytes::byte_string_name(vm, args[0]).unwrap_or("string");
    let message = format!("ord() expected a character, but {kind} of length {len} found");
    Err(vm.raise_type(&message))
}

fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let sentinel = args.get(1).copied().unwrap_or(Value::UNBOUND);
    if sentinel.is_unbound() {
        return vm.get_iter(args[0]);
    }
    let callable = args[0];
    Ok(vm.make(BuiltinType::CallIter, |header| CallIter { header, callable, sentinel }))
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let iterator = args[0];
    if !vm.is_iterator(iterator) {
        let message = format!("'{}' object is not an iterator", vm.class_name(iterator));
        return Err(vm.raise_type(&message));
    }
    let default = args.get(1).copied().filter(|default| !default.is_unbound());
    let is_generator = vm.has_layout(iterator, BuiltinType::Generator);
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
            let value = if is_generator { vm.result } else { Value::NONE };
            Err(vm.raise_stop_iteration(value))
        }
    }
}

/// `all` (`until` true) and `any`: do all items have that truth?
fn every(vm: &mut Vm, iterable: Value, until: bool) -> PyResult {
    if let Some(answer) = vm.drain(if until { Drain::AllTrue } else { Drain::AnyTrue }, iterable, None)? {
        return Ok(answer);
    }
    let iterator = vm.get_iter(iterable)?;
    while let Some(item) = vm.iter_next(iterator)? {
        if vm.is_true(item)? != until {
            return Ok(Value::bool(!until));
        }
    }
    Ok(Value::bool(until))
}

fn sorted(vm: &mut Vm, args: &[Value]) -> PyResult {
    let list = vm.collect(args[0])?;
    let key = vm.optional(args[1]);
    let reverse = !args[2].is_unbound() && vm.is_true(args[2])?;
    super::sort::sort(vm, list, key, reverse)?;
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
        let names = tuple_of(code_object.localsplus_names).items();
        let class_name = self.names.__class__;
        let Some(slot) = names.iter().position(|&name| name == class_name) else {
            return Err(self.raise_runtime("super(): __class__ cell not found"));
        };
        let slots = self.running_slots(frame);
        let (cell, mut owner) = (slots[slot], slots[0]);
        if self.is_exact(owner, BuiltinType::Cell) {
            owner = object_of::<CellObject>(owner).content;
        }
        if !self.is_exact(cell, BuiltinType::Cell) || object_of::<CellObject>(cell).content.is_unbound() {
            return Err(self.raise_runtime("super(): empty __class__ cell"));
        }
        if owner.is_unbound() {
            return Err(self.raise_runtime("super(): arg[0] deleted"));
        }
        let class = object_of::<CellObject>(cell).content;
        let super_class = Value::object(self.class(BuiltinType::Super));
        self.call(super_class, &[class, owner])
    }
}

/// The text of a str argument with a name, for natives that take paths and the like.
pub fn text_argument(vm: &mut Vm, value: Value, what: &str) -> PyResult<String> {
    if vm.is_str(value) {
        return Ok(str_to_string(value));
    }
    let message = format!("{what} must be str, not {}", vm.class_name(value));
    Err(vm.raise_type(&message))
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
