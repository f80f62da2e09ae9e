//! `OSError`: its fields, the subclass for an error number, its text.

use super::super::receiver::tuple_of;
use super::{check_instance, refuse_keywords};
use crate::object::class::class_ref;
use crate::object::exception::ARGS;
use crate::object::integer::int_to_i64;
use crate::object::layout::TypeObject;
use crate::object::native::native;
use crate::object::slots::Slots;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const FILENAME2: usize = 3;
const WRITTEN: usize = 4;

pub(super) fn install(vm: &mut Vm) {
    let class = vm.exceptions.OSError;
    vm.add_new(class, native("__new__", "($type, /, *args, **kwargs)", new));
    vm.add_method(class, native("__init__", super::INIT, init));
    vm.add_method(class, native("__reduce__", "($self, /)", reduce));
    vm.add_getset(class, "characters_written", written, Some(set_written));
    vm.fill_slots(class, Slots { str: Some(str), ..Slots::NONE });
}

/// Are the fields set by `__init__`? Else `__new__` has set them: where a class has its own `__new__`, or no `__init__`.
fn is_set_by_init(vm: &mut Vm, class: *mut TypeObject) -> bool {
    let (os, names) = (vm.exceptions.OSError, vm.names);
    let mut is_own = |name: Value| vm.class_lookup(class, name) == vm.dict_get_name(class_ref(os).dict, name);
    !is_own(names.__init__) && is_own(names.__new__)
}

/// `OSError(2, …)` is a FileNotFoundError, and so on.
fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut class = super::super::exception::class_argument(vm, args[0], vm.exceptions.OSError)?;
    if is_set_by_init(vm, class) {
        return vm.new_bare_exception(class, &[]);
    }
    let items = tuple_of(args[1]).items();
    if !vm.keyword_dict_is_empty(args[2]) {
        let message = format!("{}() takes no keyword arguments", vm.type_name(class));
        return Err(vm.raise_type(&message));
    }
    if class == vm.exceptions.OSError
        && let [code, _, ..] = items
        && items.len() <= 5
        && vm.is_int_like(*code)
    {
        class = class_of_errno(vm, int_to_i64(*code).unwrap_or(0));
    }
    let exception = vm.new_bare_exception(class, items)?;
    fill_os(vm, exception, items, Value::UNBOUND)?;
    Ok(exception)
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_instance(vm, args[0], vm.exceptions.OSError)?;
    let class = vm.class_of(args[0]);
    if is_set_by_init(vm, class) {
        vm.set_exception_slot(args[0], ARGS, args[1]);
        fill_os(vm, args[0], tuple_of(args[1]).items(), args[2])?;
    }
    Ok(Value::NONE)
}

/// Two to five arguments are error number, text, file, an error number of another system, and a second file; files are no `args`.
pub fn fill_os(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    refuse_keywords(vm, exception, keywords)?;
    if !(2..=5).contains(&args.len()) {
        return Ok(());
    }
    vm.set_exception_field(exception, ERRNO, args[0]);
    vm.set_exception_field(exception, STRERROR, args[1]);
    let Some(&filename) = args.get(2).filter(|filename| !filename.is_none()) else { return Ok(()) };
    if vm.class_of(exception) == vm.exceptions.BlockingIOError && vm.is_int_like(filename) {
        vm.set_exception_field(exception, WRITTEN, filename);
        return Ok(());
    }
    vm.set_exception_field(exception, FILENAME, filename);
    if let Some(&second) = args.get(4).filter(|second| !second.is_none()) {
        vm.set_exception_field(exception, FILENAME2, second);
    }
    let args = vm.new_tuple(&args[..2]);
    vm.set_exception_slot(exception, ARGS, args);
    Ok(())
}

/// The subclass of OSError for a Linux error number.
fn class_of_errno(vm: &Vm, errno: i64) -> *mut TypeObject {
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
        103 => classes.ConnectionAbortedError,
        104 => classes.ConnectionResetError,
        111 => classes.ConnectionRefusedError,
        110 => classes.TimeoutError,
        _ => classes.OSError,
    }
}

fn written(vm: &mut Vm, exception: Value) -> PyResult {
    check_instance(vm, exception, vm.exceptions.OSError)?;
    match vm.exception_field(exception, WRITTEN) {
        Some(written) => Ok(written),
        None => Err(vm.raise_attribute("characters_written")),
    }
}

fn set_written(vm: &mut Vm, exception: Value, written: Option<Value>) -> Result<(), Raised> {
    check_instance(vm, exception, vm.exceptions.OSError)?;
    let written = match written {
        Some(written) => {
            let word = vm.index_i64(written)?;
            vm.new_int(word)
        }
        None if vm.exception_field(exception, WRITTEN).is_none() => {
            return Err(vm.raise_attribute("characters_written"));
        }
        None => Value::UNBOUND,
    };
    vm.set_exception_field(exception, WRITTEN, written);
    Ok(())
}

fn str(vm: &mut Vm, exception: Value) -> PyResult {
    let [errno, strerror, filename, second] =
        [ERRNO, STRERROR, FILENAME, FILENAME2].map(|field| vm.exception_field(exception, field));
    if filename.is_none() && (errno.is_none() || strerror.is_none()) {
        return super::super::exception::str(vm, exception);
    }
    let errno = vm.str_string(errno.unwrap_or(Value::NONE))?;
    let strerror = vm.str_string(strerror.unwrap_or(Value::NONE))?;
    let mut text = format!("[Errno {errno}] {strerror}");
    if let Some(filename) = filename {
        let filename = vm.repr(filename)?;
        text.push_str(&format!(": {}", str_to_string(filename)));
        if let Some(second) = second {
            let second = vm.repr(second)?;
            text.push_str(&format!(" -> {}", str_to_string(second)));
        }
    }
    Ok(vm.new_str(&text))
}

/// The files are arguments again.
fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let exception = args[0];
    check_instance(vm, exception, vm.exceptions.OSError)?;
    let mut arguments = vm.exception_slot(exception, ARGS);
    if vm.is_exact(arguments, BuiltinType::Tuple)
        && let &[errno, strerror] = tuple_of(arguments).items()
        && let Some(filename) = vm.exception_field(exception, FILENAME)
    {
        arguments = match vm.exception_field(exception, FILENAME2) {
            Some(second) => vm.new_tuple(&[errno, strerror, filename, Value::NONE, second]),
            None => vm.new_tuple(&[errno, strerror, filename]),
        };
    }
    super::super::exception::reduced(vm, exception, arguments)
}

impl Vm {
    /// OSError (or its fitting subclass) for a failed call into the operating system.
    pub fn raise_host(&mut self, error: &crate::host::HostError, path: Option<&str>) -> Raised {
        let class = class_of_errno(self, error.errno as i64);
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
