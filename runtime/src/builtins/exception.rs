//! Exceptions' methods and the attributes that some of them compute from their arguments.

use super::receiver::{list_of, tuple_of};
use crate::object::convert::text::Text;
use crate::object::exception::{ARGS, CAUSE, CONTEXT, SUPPRESS_CONTEXT, TRACEBACK};
use crate::object::integer::int_to_i64;
use crate::object::layout::TypeObject;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static BASE_EXCEPTION: TypeSpec = TypeSpec {
    name: "BaseException",
    doc: "The base of all exceptions.",
    is_base: true,
    slots: Slots { str: Some(|vm, e| str(vm, &[e])), repr: Some(write_repr), ..Slots::NONE },
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    native("__init__", "($self, /, *args, **kwargs)", init),
    native("with_traceback", "($self, tb, /)", with_traceback),
    native("add_note", "($self, note, /)", add_note),
];

pub fn install(vm: &mut Vm) {
    let classes = vm.exceptions;
    let base = classes.BaseException;
    for &row in METHODS {
        vm.add_method(base, row);
    }
    vm.add_new(base, native("__new__", "($type, /, *args, **kwargs)", new));
    vm.add_getset(base, "args", |vm, e| slot(vm, e, ARGS), Some(set_args));
    vm.add_getset(base, "__traceback__", |vm, e| slot(vm, e, TRACEBACK), Some(set_traceback));
    vm.add_getset(base, "__context__", |vm, e| slot(vm, e, CONTEXT), Some(set_context));
    vm.add_getset(base, "__cause__", |vm, e| slot(vm, e, CAUSE), Some(set_cause));
    vm.add_getset(base, "__suppress_context__", |vm, e| slot(vm, e, SUPPRESS_CONTEXT), Some(set_suppress_context));
    vm.fill_slots(classes.KeyError, Slots { str: Some(|vm, e| key_str(vm, &[e])), ..Slots::NONE });
    vm.fill_slots(classes.OSError, Slots { str: Some(|vm, e| os_str(vm, &[e])), ..Slots::NONE });
    vm.add_new(classes.OSError, native("__new__", "($type, /, *args, **kwargs)", new_os));
    vm.add_getset(classes.OSError, "errno", |vm, value| argument(vm, value, 0, 2), None);
    vm.add_getset(classes.OSError, "strerror", |vm, value| argument(vm, value, 1, 2), None);
    vm.add_getset(classes.OSError, "filename", |vm, value| argument(vm, value, 2, 2), None);
    vm.add_getset(classes.StopIteration, "value", |vm, value| argument(vm, value, 0, 1), None);
    vm.add_getset(classes.StopAsyncIteration, "value", |vm, value| argument(vm, value, 0, 1), None);
    vm.add_getset(classes.SystemExit, "code", exit_code, None);
    vm.fill_slots(classes.SyntaxError, Slots { str: Some(|vm, e| syntax_str(vm, &[e])), ..Slots::NONE });
    for name in ["name", "path", "obj"] {
        for class in [classes.ImportError, classes.AttributeError, classes.NameError] {
            vm.set_class_entry(class, name, Value::NONE);
        }
    }
    vm.add_getset(classes.ImportError, "msg", |vm, value| argument(vm, value, 0, 1), None);
}

/// A slot that all exceptions have.
fn slot(vm: &mut Vm, exception: Value, slot: usize) -> PyResult {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    Ok(vm.exception_slot(exception, slot))
}

fn set_args(vm: &mut Vm, exception: Value, args: Option<Value>) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    let Some(args) = args else { return Err(vm.raise_type("args may not be deleted")) };
    let args = vm.collect_tuple(args)?;
    vm.set_exception_slot(exception, ARGS, args);
    Ok(())
}

fn set_traceback(vm: &mut Vm, exception: Value, traceback: Option<Value>) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    let Some(traceback) = traceback else { return Err(vm.raise_type("__traceback__ may not be deleted")) };
    if !traceback.is_none() && !vm.has_layout(traceback, BuiltinType::Traceback) {
        return Err(vm.raise_type("__traceback__ must be a traceback or None"));
    }
    vm.set_exception_slot(exception, TRACEBACK, traceback);
    Ok(())
}

fn set_context(vm: &mut Vm, exception: Value, context: Option<Value>) -> Result<(), Raised> {
    set_chained(vm, exception, context, CONTEXT, "context")
}

fn set_cause(vm: &mut Vm, exception: Value, cause: Option<Value>) -> Result<(), Raised> {
    set_chained(vm, exception, cause, CAUSE, "cause")?;
    vm.set_exception_slot(exception, SUPPRESS_CONTEXT, Value::TRUE);
    Ok(())
}

/// Sets a slot that is an exception or None.
fn set_chained(vm: &mut Vm, exception: Value, other: Option<Value>, slot: usize, what: &str) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    let Some(other) = other else { return Err(vm.raise_type(&format!("__{what}__ may not be deleted"))) };
    if !other.is_none() && !vm.is_exception(other) {
        return Err(vm.raise_type(&format!("exception {what} must be None or derive from BaseException")));
    }
    vm.set_exception_slot(exception, slot, other);
    Ok(())
}

fn set_suppress_context(vm: &mut Vm, exception: Value, flag: Option<Value>) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    match flag {
        Some(flag) if flag.is_bool() => {
            vm.set_exception_slot(exception, SUPPRESS_CONTEXT, flag);
            Ok(())
        }
        Some(_) => Err(vm.raise_type("attribute value type must be bool")),
        None => Err(vm.raise_type("can't delete numeric/char attribute")),
    }
}

/// The arguments of an exception: its `args`, or nothing where a program replaced them by something else.
fn arguments<'a>(vm: &mut Vm, exception: Value) -> PyResult<&'a [Value]> {
    if !vm.is_exception(exception) {
        let message =
            format!("descriptor requires a 'BaseException' object but received a '{}'", vm.class_name(exception));
        return Err(vm.raise_type(&message));
    }
    let args = vm.exception_slot(exception, ARGS);
    Ok(if vm.has_layout(args, BuiltinType::Tuple) { tuple_of(args).items() } else { &[] })
}

/// Argument `index`, or None; also None where there are fewer than `least`.
fn argument(vm: &mut Vm, exception: Value, index: usize, least: usize) -> PyResult {
    let args = arguments(vm, exception)?;
    Ok(if args.len() < least { Value::NONE } else { args.get(index).copied().unwrap_or(Value::NONE) })
}

fn exit_code(vm: &mut Vm, exception: Value) -> PyResult {
    let args = arguments(vm, exception)?;
    Ok(match args {
        [] => Value::NONE,
        [one] => *one,
        many => vm.new_tuple(many),
    })
}

fn exception_class(vm: &mut Vm, value: Value) -> PyResult<*mut TypeObject> {
    if vm.is_exception_class(value) {
        return Ok(value.as_ptr());
    }
    Err(vm.raise_type("BaseException.__new__(X): X is not an exception class"))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = exception_class(vm, args[0])?;
    vm.new_exception(class, tuple_of(args[1]).items())
}

/// `OSError(2, …)` is a FileNotFoundError, and so on.
fn new_os(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = exception_class(vm, args[0])?;
    let items = tuple_of(args[1]).items();
    let code = match items {
        [code, _, ..] if vm.is_int_like(*code) => int_to_i64(*code),
        _ => None,
    };
    let class = if class == vm.exceptions.OSError { os_class(vm, code.unwrap_or(0)) } else { class };
    vm.new_exception(class, items)
}

/// The subclass of OSError for a Linux error number.
fn os_class(vm: &Vm, errno: i64) -> *mut TypeObject {
    let classes = &vm.exceptions;
    match errno {
        1 | 13 => classes.PermissionError,
        2 => classes.FileNotFoundError,
        3 => classes.ProcessLookupError,
        4 => classes.InterruptedError,
        10 => classes.ChildProcessError,
        11 | 114 | 115 => classes.BlockingIOError,
        17 => classes.FileExistsError,
        20 => classes.NotADirectoryError,
        21 => classes.IsADirectoryError,
        32 | 108 => classes.BrokenPipeError,
        110 => classes.TimeoutError,
        _ => classes.OSError,
    }
}

impl Vm {
    /// OSError (or its fitting subclass) for a failed call into the operating system.
    pub fn raise_host(&mut self, error: &crate::host::HostError, path: Option<&str>) -> Raised {
        let class = os_class(self, error.errno as i64);
        let message = self.new_str(&error.message);
        let errno = Value::small_int(error.errno as i64);
        match path {
            Some(path) => {
                let path = self.new_str(path);
                self.raise_with(class, &[errno, message, path])
            }
            None => self.raise_with(class, &[errno, message]),
        }
    }
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    arguments(vm, args[0])?;
    vm.set_exception_slot(args[0], ARGS, args[1]);
    if !vm.keyword_dict_is_empty(args[2]) {
        set_keywords(vm, args[0], args[2])?;
    }
    Ok(Value::NONE)
}

/// ImportError, AttributeError and NameError take attributes by keyword.
fn set_keywords(vm: &mut Vm, exception: Value, keywords: Value) -> PyResult<()> {
    let classes = vm.exceptions;
    let names = vm.names;
    let allowed: &[Value] = if vm.is_instance(exception, classes.ImportError) {
        &[names.name, names.path]
    } else if vm.is_instance(exception, classes.AttributeError) {
        &[names.name, names.obj]
    } else if vm.is_instance(exception, classes.NameError) {
        &[names.name]
    } else {
        let message = format!("{}() takes no keyword arguments", vm.class_name(exception));
        return Err(vm.raise_type(&message));
    };
    let mut at = 0;
    while let Some((index, entry)) = crate::object::dict::dict_of(keywords).next_entry(at) {
        at = index + 1;
        let name = vm.intern_value(entry.key);
        if !allowed.contains(&name) {
            let class = vm.class_name(exception);
            let message = format!("{class}() got an unexpected keyword argument '{}'", str_to_string(name));
            return Err(vm.raise_type(&message));
        }
        vm.set_own_attribute(exception, name, entry.value)?;
    }
    Ok(())
}

fn str(vm: &mut Vm, args: &[Value]) -> PyResult {
    match arguments(vm, args[0])? {
        [] => Ok(vm.str_from_latin1(b"")),
        [one] => vm.str(*one),
        many => {
            let tuple = vm.new_tuple(many);
            vm.repr(tuple)
        }
    }
}

fn key_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    match arguments(vm, args[0])? {
        [one] => vm.repr(*one),
        _ => str(vm, args),
    }
}

fn os_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = arguments(vm, args[0])?;
    if items.len() < 2 {
        return str(vm, args);
    }
    let (code, message) = (vm.str(items[0])?, vm.str(items[1])?);
    let mut text = format!("[Errno {}] {}", str_to_string(code), str_to_string(message));
    if let Some(&file) = items.get(2)
        && !file.is_none()
    {
        let file = vm.repr(file)?;
        text.push_str(": ");
        text.push_str(&str_to_string(file));
    }
    Ok(vm.new_str(&text))
}

/// `message (file, line n)`, as much of it as is known.
fn syntax_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let message = match arguments(vm, args[0])? {
        [message, ..] => *message,
        [] => Value::NONE,
    };
    let mut text = vm.str_string(message)?;
    let (filename, lineno) = (vm.intern("filename"), vm.intern("lineno"));
    let file = vm.own_attribute(args[0], filename).filter(|&file| vm.is_str(file));
    let file = file.map(|file| str_to_string(file).rsplit('/').next().unwrap_or_default().to_string());
    let line = vm.own_attribute(args[0], lineno).filter(|line| line.is_int()).map(Value::as_int);
    match (file, line) {
        (Some(file), Some(line)) => text.push_str(&format!(" ({file}, line {line})")),
        (Some(file), None) => text.push_str(&format!(" ({file})")),
        (None, Some(line)) => text.push_str(&format!(" (line {line})")),
        (None, None) => {}
    }
    Ok(vm.new_str(&text))
}

fn write_repr(vm: &mut Vm, out: &mut Text, exception: Value) -> PyResult<()> {
    out.push_str(&vm.class_name(exception));
    let items = arguments(vm, exception)?;
    if let [one] = items {
        return vm.write_parts(out, "(", &[*one], ")");
    }
    let tuple = vm.new_tuple(items);
    vm.write_repr(out, tuple)
}

fn with_traceback(vm: &mut Vm, args: &[Value]) -> PyResult {
    arguments(vm, args[0])?;
    if !args[1].is_none() && !vm.has_layout(args[1], BuiltinType::Traceback) {
        return Err(vm.raise_type("__traceback__ must be a traceback or None"));
    }
    vm.set_exception_slot(args[0], TRACEBACK, args[1]);
    Ok(args[0])
}

fn add_note(vm: &mut Vm, args: &[Value]) -> PyResult {
    arguments(vm, args[0])?;
    if !vm.is_str(args[1]) {
        let message = format!("note must be a str, not '{}'", vm.class_name(args[1]));
        return Err(vm.raise_type(&message));
    }
    let name = vm.names.__notes__;
    let notes = match vm.own_attribute(args[0], name) {
        Some(notes) if vm.has_layout(notes, BuiltinType::List) => notes,
        _ => {
            let notes = vm.new_list(&[])?;
            vm.set_own_attribute(args[0], name, notes)?;
            notes
        }
    };
    vm.list_push(list_of(notes), args[1])?;
    Ok(Value::NONE)
}
