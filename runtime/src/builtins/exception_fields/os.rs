//! `OSError`: its fields, the subclass for an error number, its text.

use super::{ThisException, refuse_keywords};
use crate::host::{HostError, HostResult};
use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::class::class_ref;
use crate::object::exception::{ARGS, Fields, kinds};
use crate::object::layout::MemberKind::Field;
use crate::object::layout::TypeObject;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use smallvec::SmallVec;

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const FILENAME2: usize = 3;
const WRITTEN: usize = 4;

pub const OS_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: &[("errno", Field), ("strerror", Field), ("filename", Field), ("filename2", Field), ("", Field)],
        fill: fill_os,
    }),
    slots: Slots { str: slot(str), ..Slots::NONE },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", new)
            .doc("An exception with these arguments, of the subclass for the error number."),
    ),
    methods: &[
        method("__init__", "($self, /, *args, **kwargs)", init).doc("Sets the arguments."),
        method("__reduce__", "($self, /)", reduce).doc("What makes such an exception anew."),
    ],
    getters: &[field("characters_written", written)
        .set_by(set_written)
        .doc("How much was written before the operation would have had to wait.")],
    ..TypeSpec::NEW
};

type ThisOsError = This<kinds::OSError>;

/// Are the fields set by `__init__`? Else `__new__` has set them: where a class has its own `__new__`, or no `__init__`.
fn is_set_by_init(vm: &mut Vm, class: *mut TypeObject) -> bool {
    let (os, names) = (vm.exceptions.OSError, vm.names);
    let mut is_own = |name: Value| vm.class_lookup(class, name) == vm.dict_get_name(class_ref(os).dict, name);
    !is_own(names.__init__) && is_own(names.__new__)
}

/// `OSError(2, …)` is a FileNotFoundError, and so on.
fn new(vm: &mut Vm, class: ClassOf<kinds::OSError>, args: Rest, keywords: Keywords) -> PyResult {
    let mut class = class.class;
    if is_set_by_init(vm, class) {
        return vm.new_bare_exception(class, &[]);
    }
    let items = args.items();
    if !keywords.is_empty() {
        let message = format!("{}() takes no keyword arguments", vm.type_name(class));
        return Err(vm.raise_type(&message));
    }
    if class == vm.exceptions.OSError
        && let [code, _, ..] = items
        && items.len() <= 5
        && vm.is_int_like(*code)
    {
        class = class_of_errno(vm, vm.int_to_i64(*code).unwrap_or(0));
    }
    let exception = vm.new_bare_exception(class, items)?;
    fill_os(vm, exception, items, Value::UNBOUND)?;
    Ok(exception)
}

fn init(vm: &mut Vm, this: ThisOsError, args: Rest, keywords: Keywords) -> PyResult<()> {
    let class = vm.class_of(this.value());
    if is_set_by_init(vm, class) {
        vm.set_exception_slot(this.value(), ARGS, args.value());
        fill_os(vm, this.value(), args.items(), keywords.value())?;
    }
    Ok(())
}

/// Two to five arguments are error number, text, file, an error number of another system, and a second file; files are no `args`.
fn fill_os(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
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

fn written(vm: &mut Vm, this: ThisOsError) -> PyResult {
    match vm.exception_field(this.value(), WRITTEN) {
        Some(written) => Ok(written),
        None => Err(vm.raise_attribute("characters_written")),
    }
}

fn set_written(vm: &mut Vm, this: ThisOsError, written: Option<Value>) -> PyResult<()> {
    let exception = this.value();
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

fn str(vm: &mut Vm, this: ThisException) -> PyResult {
    let [errno, strerror, filename, second] =
        [ERRNO, STRERROR, FILENAME, FILENAME2].map(|field| vm.exception_field(this.value(), field));
    if filename.is_none() && (errno.is_none() || strerror.is_none()) {
        return super::super::exception::str(vm, this);
    }
    let errno = vm.str_string(errno.unwrap_or(Value::NONE))?;
    let strerror = vm.str_string(strerror.unwrap_or(Value::NONE))?;
    let mut text = format!("[Errno {errno}] {strerror}");
    if let Some(filename) = filename {
        let filename = vm.repr(filename)?;
        text.push_str(&format!(": {}", vm.string_of(filename)));
        if let Some(second) = second {
            let second = vm.repr(second)?;
            text.push_str(&format!(" -> {}", vm.string_of(second)));
        }
    }
    Ok(vm.new_str(&text))
}

/// The files are arguments again.
fn reduce(vm: &mut Vm, this: ThisOsError) -> PyResult {
    let exception = this.value();
    let mut arguments = vm.exception_slot(exception, ARGS);
    if let Some(&[errno, strerror]) = vm.exact_items(arguments)
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
    pub fn raise_host(&mut self, error: &HostError, path: Option<&str>) -> Raised {
        let path = path.map(|path| self.new_str(path));
        self.raise_os(error, path)
    }

    /// OSError (or its fitting subclass) for a failed call, about the file of this name.
    pub fn raise_os(&mut self, error: &HostError, filename: Option<Value>) -> Raised {
        self.raise_os_with(error, filename.as_slice())
    }

    /// As `raise_os`, about two files.
    pub fn raise_os_of_two(&mut self, error: &HostError, first: Value, second: Value) -> Raised {
        self.raise_os_with(error, &[first, Value::NONE, second])
    }

    fn raise_os_with(&mut self, error: &HostError, files: &[Value]) -> Raised {
        let class = class_of_errno(self, error.errno.into());
        let (errno, message) = (Value::small_int(error.errno.into()), self.new_str(&error.message));
        let arguments: SmallVec<[Value; 5]> = [errno, message].into_iter().chain(files.iter().copied()).collect();
        self.raise_with(class, &arguments)
    }

    /// A call into the system that may wait, while other threads run: it must not touch the VM, nor of its heap anything but
    /// memory that the caller has exported. One that a signal cuts short is made anew, unless the signal's handler raises.
    pub fn wait_for<T>(&mut self, mut call: impl FnMut() -> HostResult<T>) -> PyResult<HostResult<T>> {
        loop {
            // One that is there already cuts nothing short.
            if self.signals.have_arrived() {
                self.answer_signals()?;
            }
            match self.allow_threads(&mut call) {
                Err(error) if error.errno == INTERRUPTED => {}
                outcome => return Ok(outcome),
            }
        }
    }
}

/// `EINTR`.
const INTERRUPTED: i32 = 4;
